//! The mapping of LMIS sites to HMIS districts: complete, and every link that is not obvious holds to its reason.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use mlatho_harmonize::{Crosswalk, Kind, Lookup, Share};
use mlatho_model::Uid;
use mlatho_pipeline::Project;

use super::raw::{self, Link, METHODS};
use super::world::{World, table};

/// One row of `mappings/elements.csv`.
#[derive(serde::Deserialize)]
pub(crate) struct ElementRow {
    pub(crate) item: String,
    pub(crate) measure: String,
    pub(crate) data_element: String,
}

#[derive(serde::Deserialize)]
struct Site {
    #[serde(rename = "site_code")]
    code: String,
    #[serde(rename = "site_district")]
    district: String,
    #[serde(rename = "site_latitude")]
    latitude: f64,
    #[serde(rename = "site_longitude")]
    longitude: f64,
}

/// Towns after which HMIS districts are named that the LMIS does not have: latitude and longitude to 0.01°, from maps.
const TOWNS: [(&str, f64, f64); 15] = [
    ("ARRAH", 6.67, -3.97),
    ("BUYO", 6.27, -7.00),
    ("DIKODOUGOU", 9.07, -5.77),
    ("KANI", 8.48, -6.60),
    ("KOUN-FAO", 7.49, -3.25),
    ("KOUTO", 9.89, -6.41),
    ("M'BATTO", 6.47, -4.36),
    ("M'BENGUE", 10.00, -5.90),
    ("MADINANI", 9.61, -6.94),
    ("MEAGUI", 5.40, -6.56),
    ("SINEMATIALI", 9.58, -5.38),
    ("TIAPOUM", 5.13, -3.02),
    ("TRANSUA", 7.55, -3.01),
    ("YAKASSE-ATTOBROU", 6.18, -3.65),
    ("ZOUKOUGBEU", 6.76, -6.86),
];

/// Where a code leads on a day, with the share of each.
fn targets(crosswalk: &Crosswalk, source: &str, code: &str, day: Date) -> Vec<(String, String)> {
    match crosswalk.look_up(Kind::OrgUnit, &source.parse().unwrap(), code, day) {
        Lookup::Mapped(shares) => {
            shares.iter().map(|Share { target, share, .. }| (target.into(), share.to_string())).collect()
        }
        other => panic!("{code} on {day}: {other:?}"),
    }
}

#[test]
fn every_district_of_both_sides_is_mapped() {
    let Some(world) = World::new() else { return };
    let mappings = Project::load(&world.path("")).unwrap().mappings().unwrap();
    assert_eq!(mappings.findings, []);
    let crosswalk = &mappings.crosswalk;

    let mut seen = BTreeSet::new();
    for report in raw::annual_reports(&world.data).iter().chain(&raw::monthly_reports(&world.data)) {
        let day = date(report.year.try_into().unwrap(), report.month.max(1).try_into().unwrap(), 1);
        let found = targets(crosswalk, "hmis", &report.district, day);
        assert_eq!((found.len(), &*found[0].1), (1, "1"), "{}", report.district);
        seen.insert(found[0].0.clone());
    }
    assert_eq!(seen.len(), 113, "one id for each district, whichever of two spellings a table has");
    assert!(seen.iter().all(|id| id.parse::<Uid>().is_ok()));

    for site in table::<Site>(&world.data.join("sites.csv")) {
        let found = targets(crosswalk, "lmis", &site.code, date(2016, 1, 1));
        assert_eq!(found, targets(crosswalk, "lmis", &site.code, date(2019, 6, 1)), "links have no dates");
        assert!(found.iter().all(|(target, _)| seen.contains(target)));
    }
}

#[test]
fn ids_are_numbers_in_the_order_of_names() {
    let Some(world) = World::new() else { return };
    let names: BTreeSet<String> = raw::monthly_reports(&world.data).into_iter().map(|report| report.district).collect();
    let ids = raw::ids_of_districts(&world);
    for (name, number) in names.iter().zip(1..) {
        assert_eq!(ids[name], format!("ciDistr{number:04}"), "{name}");
    }
    for link in world.mapping::<Link>("org_units.csv") {
        assert_eq!(ids[&link.org_unit_name], link.org_unit, "{}", link.source_id);
    }
}

#[test]
fn links_that_are_not_obvious_hold_to_their_reasons() {
    let Some(world) = World::new() else { return };
    let hmis: BTreeSet<String> = raw::monthly_reports(&world.data).into_iter().map(|report| report.district).collect();
    let sites = table::<Site>(&world.data.join("sites.csv"));
    let lmis: BTreeSet<&str> = sites.iter().map(|site| &*site.district).collect();
    assert_eq!((lmis.len(), lmis.iter().filter(|name| hmis.contains(**name)).count()), (81, 71));

    let links = raw::districts_of_sites(&world);
    let (mut by_town, mut respelt) = (BTreeSet::new(), BTreeSet::new());
    for site in &sites {
        let linked = &links[&site.code];
        for link in linked {
            let (from, to) = (site.district.as_str(), link.org_unit_name.as_str());
            assert_eq!(link.source_name, from);
            assert_eq!(link.reason.starts_with("same name"), from == to, "{}", site.code);
            if from == to || linked.len() > 1 {
                continue;
            }
            if let Some((_, latitude, longitude)) = TOWNS.iter().find(|(town, ..)| *town == to) {
                assert!(!lmis.contains(to), "{to} is a district of the LMIS too");
                // A degree is 111 km; so near the equator a degree of longitude lacks at most 2 % of that.
                let away = 111.0 * (site.latitude - latitude).hypot(site.longitude - longitude);
                assert!(away < 2.5, "{} is {away:.1} km from {to}", site.code);
                assert!(link.reason.contains(&format!("stands in the town of {to}")), "{}", link.reason);
                by_town.insert(to);
            } else {
                respelt.insert((from, to));
            }
        }
    }
    assert_eq!(by_town.len(), TOWNS.len());
    let spellings = [
        ("ABOBO-EST", "ABOBO EST"),
        ("COCODY-BINGERVILLE", "COCODY BINGERVILLE"),
        ("M'BAHIAKRO", "MBAHIAKRO"),
        ("OUANGOLO", "OUANGOLODOUGOU"),
        ("SAN PEDRO", "SAN-PEDRO"),
        ("TOULEPLEU", "TOULEUPLEU"),
        ("YOPOUGON-OUEST-SONGON", "YOPOUGON-OUEST SONGON"),
    ];
    assert_eq!(respelt.into_iter().collect::<Vec<_>>(), spellings);
}

/// The stated rule of one-to-many: shares by the women who came for any method in 2016 to 2018, in whole percent.
#[test]
fn shares_follow_the_women_served() {
    let Some(world) = World::new() else { return };
    let mut women: BTreeMap<String, i64> = BTreeMap::new();
    for report in raw::annual_reports(&world.data) {
        for (method, what) in METHODS.iter().flat_map(|method| [(method, "women_old"), (method, "women_new")]) {
            *women.entry(report.district.clone()).or_default() += report.cell(method, what).unwrap_or_default();
        }
    }
    let mut divided = BTreeMap::new();
    for links in raw::districts_of_sites(&world).values().filter(|links| links.len() > 1) {
        let all: i64 = links.iter().map(|link| women[&link.org_unit_name]).sum();
        for link in links {
            let nearest = (200 * women[&link.org_unit_name] + all) / (2 * all);
            assert_eq!(link.percent(), nearest, "{}", link.org_unit_name);
        }
        assert_eq!(links.iter().map(Link::percent).sum::<i64>(), 100);
        *divided.entry(links[0].source_name.clone()).or_insert(0) += 1;
    }
    let districts = [("GAGNOA", 4), ("KORHOGO", 2), ("KOUMASSI-PORT BOUET-VRIDI", 9)];
    assert!(divided.iter().map(|(name, sites)| (&**name, *sites)).eq(districts), "{divided:?}");
}
