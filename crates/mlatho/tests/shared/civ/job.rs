//! The whole job through the program: run, publish, publish again, correct, publish what has changed.

use std::collections::BTreeMap;
use std::fs;

use mlatho_model::{Decimal, Period, PeriodType, Uid};
use mlatho_testkit::dhis2::{Config, Metadata, Server, User};

use super::comparing;
use super::mapping::ElementRow;
use super::raw::{self, Line};
use super::world::{World, table};

const TOKEN: &str = "d2pat_civ";
const DATA_SET: &str = "ciStockSet1";
const COUNTRY: &str = "ciCountry01";

/// A DHIS2 that knows the districts and the data elements of the mapping files, and holds no value.
fn server(world: &World) -> Server {
    let country: Uid = COUNTRY.parse().unwrap();
    let mut metadata = Metadata::new();
    metadata.org_unit(country, "Côte d'Ivoire", None);
    let districts: BTreeMap<String, String> =
        raw::ids_of_districts(world).into_iter().map(|(name, id)| (id, name)).collect();
    let ids: Vec<Uid> = districts.keys().map(|id| id.parse().unwrap()).collect();
    districts.iter().zip(&ids).for_each(|((_, name), id)| metadata.org_unit(*id, name, Some(country)));
    let mut elements = Vec::new();
    for ElementRow { item, measure, data_element } in world.mapping("elements.csv") {
        let id = data_element.parse().unwrap();
        let value_type = if measure == "adjustments" { "INTEGER" } else { "INTEGER_ZERO_OR_POSITIVE" };
        metadata.data_element(id, &format!("{item} {measure}"), value_type);
        elements.push(id);
    }
    metadata.data_set(DATA_SET.parse().unwrap(), "Contraceptive stock", PeriodType::Monthly, &elements, &ids);
    let authorities = ["F_DATAVALUE_ADD", "F_DATAVALUE_DELETE"];
    let user = User::new("ciUserName1".parse().unwrap(), "mlatho", "", &authorities, &[country]);
    let config = Config::new("2.43.1".parse().unwrap(), vec![user.with_token(TOKEN, None)]);
    Server::start(config, metadata).unwrap()
}

/// Data element, org unit, month.
type Key = (Uid, Uid, Period);

/// What DHIS2 should hold for these ledgers.
fn wanted(world: &World, ledger: &[Line]) -> BTreeMap<Key, String> {
    let rows = world.mapping::<ElementRow>("elements.csv").into_iter();
    let elements: BTreeMap<(String, String), Uid> =
        rows.map(|row| ((row.item, row.measure), row.data_element.parse().unwrap())).collect();
    let cells = raw::cells(world, ledger).into_iter();
    let value = |((district, item, measure, month), number): (raw::Cell, i64)| {
        let element = elements[&(item.to_owned(), measure.to_owned())];
        ((element, district.parse().unwrap(), month.parse().unwrap()), number.to_string())
    };
    cells.map(value).collect()
}

/// What DHIS2 holds, with how often each value was written.
fn held(server: &Server) -> BTreeMap<Key, (String, u32)> {
    let values = server.values().into_iter().filter(|value| !value.deleted);
    values.map(|v| ((v.data_element, v.org_unit, v.period), (v.value, v.writes))).collect()
}

/// How many values were sent since the requests were last forgotten.
fn sent(server: &Server) -> usize {
    let requests = server.requests().into_iter();
    let imports = requests.filter(|request| request.method == "POST" && request.path == "/api/dataValueSets");
    let values = |body: &[u8]| {
        let body: serde_json::Value = serde_json::from_slice(body).unwrap();
        body["dataValues"].as_array().map_or(0, Vec::len)
    };
    imports.map(|request| values(&request.body)).sum()
}

/// Ten lines as a district would correct them: three more were given out, which the count had already shown and an
/// adjustment had hidden. The balance still holds. Two of them are of sites that are divided over districts.
fn corrected(ledger: &mut [Line]) -> Vec<Line> {
    let step = ledger.len() / 8;
    let spread =
        (0..8).map(|part| part * step + ledger[part * step..].iter().position(|l| l.method().is_some()).unwrap());
    let divided = ["C2006", "C1015"]
        .map(|site| ledger.iter().rposition(|line| line.site_code == site && line.method() == Some("pill")).unwrap());
    let places: Vec<usize> = spread.chain(divided).collect();
    let correct = |at: usize| {
        ledger[at].stock_distributed += 3;
        ledger[at].stock_adjustment += 3;
        ledger[at].clone()
    };
    places.into_iter().map(correct).collect()
}

fn run(world: &World) -> serde_json::Value {
    serde_json::from_slice(&world.mlatho(&["run", "--format", "json"]).stdout).unwrap()
}

/// One row of `results/<rule>.csv`.
#[derive(serde::Deserialize)]
struct ResultRow {
    org_unit: String,
    period: String,
    consumption: Option<Decimal>,
    services: Option<Decimal>,
    verdict: String,
}

/// The results of the run are those by hand.
fn compared(world: &World) {
    let whole = |number: Decimal| i64::try_from(number).unwrap();
    for method in raw::METHODS {
        let numbers = comparing::by_hand(world, method);
        for name in comparing::RULES {
            let rows = table::<ResultRow>(&world.path(&format!("data/results/{name}-{method}.csv"))).into_iter();
            let found: Vec<comparing::Shown> = rows
                .map(|row| {
                    let place = (row.org_unit, row.period);
                    (place, row.consumption.map(whole), row.services.map(whole), row.verdict)
                })
                .collect();
            assert!(found == comparing::expected(name, method, &numbers), "{name} {method}");
        }
    }
}

#[test]
fn ten_corrections_are_published_and_nothing_else() {
    let Some(world) = World::new() else { return };
    let server = server(&world);
    let project = fs::read_to_string(world.path("mlatho.toml")).unwrap();
    fs::write(world.path("mlatho.toml"), project.replace("http://127.0.0.1:1", server.url())).unwrap();
    fs::create_dir_all(world.path("secrets")).unwrap();
    fs::write(world.path("secrets/dhis2-token"), TOKEN).unwrap();

    let mut ledger = raw::ledger(&world.data);
    let first = wanted(&world, &ledger);
    let report = run(&world);
    let without = ledger.iter().filter(|line| line.method().is_none()).count();
    let hmis = 678 * raw::METHODS.len() * 3; // women known before, women new, and the stock of each method
    assert_eq!(report["records"]["records"], ledger.len() + hmis);
    assert_eq!(report["records"]["no_counterpart"], without);
    assert_eq!(report["records"]["unmapped_org_unit"], 0);
    assert_eq!(report["records"]["unmapped_item"], 0);
    assert_eq!(report["checks"].get("stock-balance"), None, "every line of the source balances");
    assert_eq!(report["values"].get("held"), None);
    compared(&world);

    world.mlatho(&["publish", "dhis2", "--dry-run"]);
    assert_eq!(server.value_count(), 0, "a dry run writes nothing");
    world.mlatho(&["publish", "dhis2", "--confirm"]);
    let there: BTreeMap<Key, String> = held(&server).into_iter().map(|(key, (value, _))| (key, value)).collect();
    assert!(there == first, "{} values instead of {}", there.len(), first.len());

    server.forget_requests();
    assert_eq!(run(&world)["run"], serde_json::Value::Null, "nothing is new");
    world.mlatho(&["publish", "dhis2", "--confirm"]);
    assert_eq!(sent(&server), 0, "nothing has changed");

    let corrections = corrected(&mut ledger);
    let mut file = csv::Writer::from_path(world.path("inbox/lmis/zz_corrections.csv")).unwrap();
    corrections.iter().for_each(|line| file.serialize(line).unwrap());
    file.flush().unwrap();
    assert_eq!(corrections.len(), 10);
    let second = wanted(&world, &ledger);
    let changed: BTreeMap<&Key, &String> = second.iter().filter(|(key, value)| first[*key] != **value).collect();
    // Consumption and adjustments of ten lines; three units of a divided site go to one district or to both.
    assert!((20..=24).contains(&changed.len()), "{changed:?}");
    run(&world);
    world.mlatho(&["publish", "dhis2", "--confirm"]);
    assert_eq!(sent(&server), changed.len());
    for (key, (value, writes)) in held(&server) {
        assert_eq!((&value, writes), (&second[&key], if changed.contains_key(&key) { 2 } else { 1 }), "{key:?}");
    }
    assert_eq!(server.value_count(), second.len());
}
