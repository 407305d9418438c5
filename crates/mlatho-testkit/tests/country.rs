//! The demo country as its readers see it: files, values, mappings and the list of what was planted.
#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use mlatho_model::{Decimal, Period, PeriodType, Rational, Uid};
use mlatho_testkit::country::{Cause, Country, Server, Sources, Spec};

fn spec(facilities: usize) -> Spec {
    Spec { facilities, products: 40, months: 24, seed: 7, first_month: "202401".parse().unwrap() }
}

/// A line of a requisition.
struct Line {
    cells: HashMap<String, String>,
}

impl Line {
    fn text(&self, column: &str) -> &str {
        &self.cells[column]
    }

    fn number(&self, column: &str) -> Option<Decimal> {
        let text = self.text(column);
        (!text.is_empty()).then(|| text.parse().unwrap())
    }

    fn period(&self) -> Period {
        self.text("period").parse().unwrap()
    }
}

/// All lines that count, of each report the newest version.
fn lines(country: &Country) -> Vec<Line> {
    let mut newest: BTreeMap<(String, u32), (u32, Line)> = BTreeMap::new();
    for bytes in country.requisition_files().values() {
        for cells in csv::Reader::from_reader(bytes.as_slice()).deserialize() {
            let line = Line { cells: cells.unwrap() };
            if line.text("status") == "INITIATED" {
                continue;
            }
            let version = line.text("version").parse().unwrap();
            let key = (line.text("report_id").to_owned(), line.text("line").parse().unwrap());
            if newest.get(&key).is_none_or(|(known, _)| *known < version) {
                newest.insert(key, (version, line));
            }
        }
    }
    newest.into_values().map(|(_, line)| line).collect()
}

/// Facility by its code on the LMIS side.
fn by_code(country: &Country) -> HashMap<&str, usize> {
    let mut codes = HashMap::new();
    for (at, facility) in country.facilities.iter().enumerate() {
        codes.insert(facility.lmis_code.as_str(), at);
        codes.extend(facility.renamed.as_ref().map(|renamed| (renamed.lmis_code.as_str(), at)));
    }
    codes
}

#[test]
fn the_same_seed_makes_the_same_bytes() {
    let files = |spec: &Spec| {
        let country = Country::generate(spec);
        let server = Server { url: "http://127.0.0.1:8080", token: "t" };
        (
            country.project_files(&server, Sources::Files),
            country.planted_csv(),
            format!("{:?}", country.service_values()),
        )
    };
    assert_eq!(files(&spec(30)), files(&spec(30)));
    assert_ne!(files(&spec(30)).1, files(&Spec { seed: 8, ..spec(30) }).1);
}

#[test]
fn balances_hold_where_nothing_was_planted() {
    let country = Country::generate(&spec(60));
    let codes = by_code(&country);
    let wrong: HashSet<(Uid, &str, Period)> = country
        .planted()
        .iter()
        .filter(|planted| planted.cause == Cause::DataEntry)
        .map(|planted| (planted.org_unit, planted.item.unwrap(), planted.from))
        .collect();
    assert!(!wrong.is_empty());
    let (mut checked, mut broken) = (0, 0);
    for line in lines(&country) {
        let facility = &country.facilities[codes[line.text("facility_code")]];
        let item = country.products.iter().find(|one| one.lmis_code == line.text("product_code")).unwrap().item;
        let number = |column| line.number(column);
        let balance =
            || Some(number("opening_balance")? + number("received")? - number("consumed")? - number("losses")?);
        let (Some(balance), Some(adjustments), Some(closing)) =
            (balance(), number("adjustments"), number("closing_balance"))
        else {
            continue;
        };
        checked += 1;
        let holds = balance + adjustments == closing;
        broken += usize::from(!holds);
        assert_eq!(holds, !wrong.contains(&(facility.uid, item, line.period())), "{:?}", line.cells);
    }
    assert!(checked > 20_000, "{checked}");
    assert_eq!(broken, wrong.len());
}

#[test]
fn every_cause_is_planted_within_the_months() {
    let country = Country::generate(&spec(600));
    let planted = country.planted();
    for cause in Cause::ALL {
        let places: BTreeSet<Uid> = planted.iter().filter(|one| one.cause == cause).map(|one| one.org_unit).collect();
        assert!(places.len() >= 12, "{} {}", cause.name(), places.len());
    }
    let (first, last) = (country.months[0], country.months[23]);
    assert!(planted.iter().all(|one| one.from <= one.to && one.from >= first && one.to.end() <= last.end()));
    let csv = String::from_utf8(country.planted_csv()).unwrap();
    assert!(csv.starts_with("org_unit,item,period_from,period_to,cause\n"));
    assert_eq!(csv.lines().count(), planted.len() + 1);
}

#[test]
fn troubles_show_in_the_numbers() {
    let country = Country::generate(&spec(600));
    let services: HashMap<&str, Uid> = country.service_elements().map(|(uid, one)| (one.code, uid)).collect();
    let mut values: HashMap<(Uid, Uid), BTreeMap<Period, i32>> = HashMap::new();
    for value in country.service_values() {
        values.entry((value.org_unit, value.data_element)).or_default().insert(value.period, value.value);
    }
    for planted in country.planted() {
        let Some(item) = planted.item else { continue };
        let facility = country.facilities.iter().position(|one| one.uid == planted.org_unit).unwrap();
        let product = country.products.iter().position(|one| one.item == item).unwrap();
        let truth = country.truth(facility, product).unwrap();
        let at = |period: Period| country.months.iter().position(|month| *month == period);
        let (Some(from), Some(to)) = (at(planted.from), at(planted.to)) else { continue }; // quarterly reporters
        let product = &country.products[product];
        let treated: i32 = truth[from..=to].iter().map(|month| month.consumed / product.units_per_case).sum();
        let reported = values.get(&(planted.org_unit, services[product.service]));
        let reported: i32 =
            reported.map_or(0, |series| series.range(planted.from..=planted.to).map(|(_, value)| value).sum());
        match planted.cause {
            Cause::UnderReportedCases | Cause::PresumptiveTreatment | Cause::Leakage => {
                assert!(treated * 10 > reported * 12 || treated < 60, "{planted:?} {treated} {reported}");
            }
            Cause::StockOut => assert!(truth[from..=to].iter().all(|month| month.stockout_days > 0), "{planted:?}"),
            _ => {}
        }
    }
}

#[test]
fn a_unit_error_stands_in_units_and_a_duplicate_stands_twice() {
    let country = Country::generate(&spec(200));
    let codes = by_code(&country);
    let mut reports: HashMap<(usize, Period), BTreeSet<String>> = HashMap::new();
    let mut closing: HashMap<(usize, String, Period), Option<Decimal>> = HashMap::new();
    let mut reported_at: HashMap<(usize, Period), jiff::civil::Date> = HashMap::new();
    for line in lines(&country) {
        let key = (codes[line.text("facility_code")], line.period());
        reports.entry(key).or_default().insert(line.text("report_id").to_owned());
        closing.insert((key.0, line.text("product_code").to_owned(), key.1), line.number("closing_balance"));
        reported_at.insert(key, line.text("reported_at").parse().unwrap());
    }
    for planted in country.planted() {
        let facility = country.facilities.iter().position(|one| one.uid == planted.org_unit).unwrap();
        let key = (facility, planted.from);
        let month = country.months.iter().position(|month| *month == planted.from);
        match (planted.cause, planted.item, month) {
            (Cause::UnitError, Some(item), Some(month)) => {
                let at = country.products.iter().position(|one| one.item == item).unwrap();
                let found = closing[&(facility, country.products[at].lmis_code.to_owned(), planted.from)].unwrap();
                assert_eq!(found, Decimal::from(country.truth(facility, at).unwrap()[month].closing));
            }
            (Cause::DuplicateReport, None, _) => assert_eq!(reports[&key].len(), 2),
            (Cause::LateReport, None, _) => {
                let days = reported_at[&key].since((jiff::Unit::Day, planted.from.end())).unwrap().get_days();
                assert!(days > 10, "{planted:?} {days}");
            }
            _ => {}
        }
    }
    let twice = reports.values().filter(|ids| ids.len() > 1).count();
    assert_eq!(twice, country.planted().iter().filter(|one| one.cause == Cause::DuplicateReport).count());
}

#[test]
fn the_two_sides_never_share_a_name_or_code() {
    let country = Country::generate(&spec(300));
    let hmis: HashSet<&str> = country.facilities.iter().flat_map(|one| [one.uid.as_str(), one.name.as_str()]).collect();
    let lmis: HashSet<&str> =
        country.facilities.iter().flat_map(|one| [one.lmis_code.as_str(), one.lmis_name.as_str()]).collect();
    assert_eq!((hmis.len(), lmis.len()), (600, 600));
    assert!(hmis.is_disjoint(&lmis));
    assert!(country.products.iter().all(|one| one.name != one.lmis_name && one.item != one.lmis_code));
}

#[test]
fn quarterly_reporters_report_by_quarter_and_closed_facilities_stop() {
    let country = Country::generate(&spec(200));
    let codes = by_code(&country);
    let (mut quarterly, mut renamed) = (0, 0);
    for line in lines(&country) {
        let facility = &country.facilities[codes[line.text("facility_code")]];
        let period = line.period();
        let expected = if facility.quarterly { PeriodType::Quarterly } else { PeriodType::Monthly };
        assert_eq!(period.period_type(), expected);
        quarterly += usize::from(facility.quarterly);
        if let Some(closed) = facility.closed {
            assert!(period < country.months[closed]);
        }
        if let Some(new) = &facility.renamed {
            renamed += 1;
            assert_eq!(line.text("facility_code") == new.lmis_code, period >= country.months[new.month]);
        }
    }
    assert!(quarterly > 0 && renamed > 0);
    assert!(country.facilities.iter().any(|one| one.closed.is_some()));
}

#[test]
fn blank_is_not_zero_and_silence_is_neither() {
    let country = Country::generate(&spec(100));
    let lines = lines(&country);
    let share = |wanted: &str| {
        let cells = lines.iter().filter(|line| line.text("losses") == wanted).count();
        (cells * 1000).div_ceil(lines.len())
    };
    assert!((1..20).contains(&share("")), "blank per thousand: {}", share(""));
    assert!(share("0") > 900, "zero per thousand: {}", share("0"));
    let reports: HashSet<(&str, Period)> =
        lines.iter().map(|line| (line.text("facility_code"), line.period())).collect();
    let monthly = country.facilities.iter().filter(|one| one.is_open(23) && !one.quarterly && one.renamed.is_none());
    let monthly: Vec<&str> = monthly.map(|one| one.lmis_code.as_str()).collect();
    let expected = monthly.len() * country.months.len();
    let received = reports.iter().filter(|(code, _)| monthly.contains(code)).count();
    assert!(received < expected && received * 100 > expected * 94, "{received} of {expected}");
    let values = country.service_values();
    assert!(values.iter().any(|value| value.value == 0));
}

#[test]
fn mappings_cover_every_code_but_the_new_facilities() {
    let country = Country::generate(&spec(100));
    let server = Server { url: "http://127.0.0.1:8080", token: "t" };
    let files = country.project_files(&server, Sources::Files);
    let table = |name: &str| -> Vec<HashMap<String, String>> {
        csv::Reader::from_reader(files[name].as_slice()).deserialize().map(Result::unwrap).collect()
    };
    let links = country.lmis_links();
    let linked = |code: &str| links.iter().any(|link| link.code == code);
    let codes = by_code(&country);
    for code in lines(&country).iter().map(|line| line.text("facility_code")).collect::<BTreeSet<_>>() {
        assert_eq!(linked(code), country.facilities[codes[code]].mapped, "{code}");
    }
    assert!(country.facilities.iter().any(|one| !one.mapped));
    assert!(country.products.iter().all(|one| linked(one.lmis_code)));
    let known = |rows: &[HashMap<String, String>], code: &str| rows.iter().any(|row| row["source_id"] == code);
    let (org_units, items) = (table("mappings/org_units.csv"), table("mappings/items.csv"));
    assert!(country.service_values().iter().all(|value| known(&org_units, value.org_unit.as_str())));
    assert!(country.service_elements().all(|(uid, _)| known(&items, uid.as_str())));
    // Every code and every target of a link is in the register of its side.
    let ids = |name: &str| -> HashSet<String> {
        table(&format!("registers/{name}.csv")).into_iter().map(|row| row["id"].clone()).collect()
    };
    let products = [ids("lmis_items"), ids("items")];
    let places = [ids("lmis"), ids("org_units")];
    for link in &links {
        let [codes, targets] = if link.product { &products } else { &places };
        assert!(codes.contains(link.code) && targets.contains(link.target), "{link:?}");
    }
    // The split district: one link before, two shares after.
    let split: Vec<_> = links.iter().filter(|link| link.code == "D01").collect();
    let day = |day: Option<jiff::civil::Date>| day.unwrap().to_string();
    assert_eq!(
        (day(split[0].to), day(split[1].from), split[0].share),
        ("2024-12-31".into(), "2025-01-01".into(), None)
    );
    let parts: Vec<Rational> = split[1..].iter().map(|link| link.share.unwrap().into()).collect();
    assert_eq!((parts.len(), parts[0].checked_add(parts[1])), (2, Some(Rational::from(1))));
}

#[test]
fn metadata_fits_the_values_and_the_mapping() {
    let country = Country::generate(&spec(100));
    let metadata: serde_json::Value = serde_json::from_slice(&country.dhis2_metadata()).unwrap();
    let objects = |kind: &str| metadata[kind].as_array().unwrap();
    let ids = |list: &serde_json::Value, inner: &str| -> HashSet<String> {
        let list = list.as_array().unwrap().iter();
        list.map(|one| one.pointer(inner).unwrap().as_str().unwrap().to_owned()).collect()
    };
    let mut sets_of: HashMap<String, Vec<&serde_json::Value>> = HashMap::new();
    for set in objects("dataSets") {
        for element in ids(&set["dataSetElements"], "/dataElement/id") {
            sets_of.entry(element).or_default().push(set);
        }
    }
    assert!(sets_of.values().all(|sets| sets.len() == 1), "a data element belongs to one data set");
    assert_eq!(sets_of.len(), objects("dataElements").len());
    for value in country.service_values().iter().step_by(50) {
        let set = sets_of[value.data_element.as_str()][0];
        assert!(ids(&set["organisationUnits"], "/id").contains(value.org_unit.as_str()));
        assert_eq!(set["periodType"], value.period.period_type().name());
    }
    for element in objects("dataElements") {
        assert_eq!(element["zeroIsSignificant"], true);
        assert!(element["shortName"].as_str().unwrap().len() <= 50);
    }
    for unit in objects("organisationUnits").iter().filter(|unit| unit["level"] == 4) {
        let path: Vec<&str> = unit["path"].as_str().unwrap().split('/').collect();
        assert_eq!((path[1], path[3]), (country.uid.as_str(), unit["parent"]["id"].as_str().unwrap()));
    }
    assert!(objects("dataElements").iter().any(|one| one["code"] == "AL6X1_CONSUMED"));
}

#[test]
fn openlmis_holds_the_last_version_of_every_report_in_dispensing_units() {
    let country = Country::generate(&spec(40));
    let data = country.openlmis_data().unwrap();
    let counting = data.requisitions.iter().filter(|own| own.body["status"] != "INITIATED");
    let found: Vec<_> = counting.flat_map(|own| own.body["requisitionLineItems"].as_array().unwrap()).collect();
    let expected = lines(&country);
    assert_eq!(found.len(), expected.len());
    let blank = |line: &&Line| line.number("consumed").is_none();
    let blanks = expected.iter().filter(blank).count();
    assert_eq!(found.iter().filter(|line| line["totalConsumedQuantity"].is_null()).count(), blanks);
    assert!(blanks > 0);
    let packs = country.products.iter().map(|product| (product.lmis_code, product.pack));
    let packs: HashMap<&str, i32> = packs.collect();
    let units = |line: &Line| {
        let consumed = line.number("consumed")? * Decimal::from(packs[line.text("product_code")]);
        Some(consumed.round())
    };
    let total: Decimal = expected.iter().filter_map(units).sum();
    let served: i64 = found.iter().filter_map(|line| line["totalConsumedQuantity"].as_i64()).sum();
    assert_eq!(Decimal::from(served), total);
}
