//! `mlatho pull` and `mlatho check` with servers of LMIS.

use mlatho_model::Period;
use mlatho_testkit::country::{Country, Spec};
use mlatho_testkit::openlmis::{Fault, Server, Trouble, uuid};
use serde_json::json;

use crate::world::World;

const KEY: &str = "key-for-this-test";

fn served(world: &World) -> Server {
    let first_month: Period = "202601".parse().unwrap();
    let country = Country::generate(&Spec { facilities: 20, products: 3, months: 6, seed: 1, first_month });
    let server = country.serve_lmis(KEY).unwrap();
    let config = format!(
        r#"
version = 1
name = "Test"

[mappings]
org_units = ["mappings/org_units.csv"]
items = []
elements = []

[[sources]]
name = "lmis"
side = "lmis"
format = "openlmis-requisitions"

[sources.openlmis]
programs = ["em"]

[sources.openlmis.server]
url = "{}"
api_key_file = "secrets/key"
retry_wait_ms = 1
document_size = 10

[[sources]]
name = "files"
side = "lmis"
format = "csv"
files = ["inbox/*.csv"]
"#,
        server.url()
    );
    world.write("p/mlatho.toml", config);
    world.write("p/secrets/key", KEY);
    let code = server.look(|data| data.list("facilities")[0]["code"].as_str().unwrap().to_owned());
    let org_units = format!("source,source_id,org_unit,relation,share\nlmis,{code},U1,,\nlmis,NOT-SEEN,U2,,\n");
    world.write("p/mappings/org_units.csv", org_units);
    world.write("p/inbox/a.csv", "facility,product\n");
    server
}

/// Receipts and new ones of a source.
fn counts(csv: &str, source: &str) -> (usize, usize) {
    let line = csv.lines().find(|line| line.starts_with(&format!("{source},"))).unwrap();
    let numbers: Vec<usize> = line.split(',').skip(1).map(|cell| cell.parse().unwrap()).collect();
    (numbers[0], numbers[1])
}

#[test]
fn what_changed_is_pulled_once() {
    let world = World::new();
    let server = served(&world);
    let first = world.run(["pull", "--project", "p", "--format", "csv"]);
    assert_eq!(first.code, 0, "{}", first.messages);
    let (receipts, new) = counts(&first.out, "lmis");
    assert!(receipts == new && new >= 1, "{}", first.out);
    assert_eq!(counts(&first.out, "files"), (1, 1));
    assert!(
        first.messages.contains("[openlmis-not-visible]") && first.messages.contains("NOT-SEEN"),
        "{}",
        first.messages
    );

    let again = world.run(["pull", "--project", "p", "--format", "csv"]);
    assert_eq!((counts(&again.out, "lmis"), counts(&again.out, "files")), ((receipts, 0), (1, 0)));

    server.change(|data| data.requisitions[0].body["modifiedDate"] = "2027-01-01T00:00:00Z".into());
    let third = world.run(["pull", "lmis", "--project", "p", "--format", "csv"]);
    assert_eq!(counts(&third.out, "lmis"), (receipts + 1, 1));
    assert!(!third.out.contains("files"), "{}", third.out); // not asked for
    let unknown = world.run(["pull", "other", "--project", "p"]);
    assert!(unknown.code == 1 && unknown.messages.contains("[source-unknown]"), "{}", unknown.messages);
}

#[test]
fn a_server_that_cannot_be_had_costs_itself_and_no_secret_shows() {
    let world = World::new();
    let server = served(&world);
    server.script(Fault::on("GET", "/api/v2/requisitions/", Trouble::Refused { status: 409 }).after(25));
    let ran = world.run(["pull", "--project", "p", "--format", "csv"]);
    assert_eq!((ran.code, counts(&ran.out, "files")), (1, (1, 1)));
    let (kept, _) = counts(&ran.out, "lmis");
    assert!(ran.messages.contains("[server-status]") && !ran.messages.contains(KEY), "{}", ran.messages);
    let next = world.run(["pull", "--project", "p", "--format", "csv"]);
    let (receipts, new) = counts(&next.out, "lmis");
    assert_eq!((next.code, receipts - new), (0, kept), "{}", next.messages); // it went on, and kept what was there
    assert!(kept > 0 && new > 0);
}

#[test]
fn what_was_pulled_is_read_and_kept() {
    let world = World::new();
    let server = served(&world);
    let ran = world.run(["run", "--project", "p", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let lines = server.look(|data| {
        let counts = |body: &serde_json::Value| body["status"] != "INITIATED";
        let lines = |body: &serde_json::Value| body["requisitionLineItems"].as_array().map_or(0, Vec::len);
        data.requisitions.iter().map(|one| &one.body).filter(|body| counts(body)).map(lines).sum::<usize>()
    });
    assert!(lines > 0);
    assert_eq!(report["records"]["records"], lines);
    let again = world.run(["run", "--project", "p", "--format", "json"]);
    assert!(again.out.contains("\"run\": null"), "{}", again.out);
}

/// An order of the first facility and product for the first month, of 3 packs, not yet delivered.
fn order(server: &Server) {
    server.change(|data| {
        let first = |list: &str| data.list(list)[0]["id"].clone();
        let product = json!({"id": first("orderables"), "versionNumber": 1});
        let order = json!({
            "id": uuid("order", 1), "status": "SHIPPED", "createdDate": "2026-02-05T08:00:00Z", "createdBy": {"username": "a person"},
            "lastUpdatedDate": "2026-02-06T08:00:00Z", "requestingFacility": {"id": first("facilities")},
            "program": {"id": first("programs")}, "processingPeriod": {"id": first("processingPeriods")},
            "orderLineItems": [{"orderable": product, "orderedQuantity": 3}],
        });
        data.add("orders", order);
        data.add("shipments", json!({"id": uuid("shipment", 1), "order": {"id": uuid("order", 1)},
                                     "lineItems": [{"orderable": product, "quantityShipped": 2}]}));
        let line = json!({"orderable": product, "quantityAccepted": 2, "quantityRejected": 0});
        data.add("proofsOfDelivery", json!({"id": uuid("proof", 1), "shipment": {"id": uuid("shipment", 1)},
                                            "status": "INITIATED", "receivedBy": "a person", "lineItems": [line]}));
    });
}

#[test]
fn orders_come_beside_requisitions_and_are_never_added_to_them() {
    let world = World::new();
    let server = served(&world);
    // What is asked of reports is not asked of orders.
    let format = "format = \"openlmis-requisitions\"";
    let strict = format!("{format}\naccept_status = [\"AUTHORIZED\"]\nrequired_measures = [\"closing_balance\"]");
    world.write("p/mlatho.toml", world.read("p/mlatho.toml").replace(format, &strict));
    let before = world.run(["pull", "lmis", "--project", "p", "--format", "csv"]);
    let (receipts, _) = counts(&before.out, "lmis");
    order(&server);
    let first = world.run(["pull", "lmis", "--project", "p", "--format", "csv"]);
    assert_eq!((first.code, counts(&first.out, "lmis")), (0, (receipts + 1, 1)), "{}", first.messages);
    let again = world.run(["pull", "lmis", "--project", "p", "--format", "csv"]);
    assert_eq!(counts(&again.out, "lmis"), (receipts + 1, 0));

    let net = server.look(|data| data.list("orderables")[0]["netContent"].as_u64().unwrap());
    let query = "SELECT measure, value, state FROM observations WHERE disaggregation = 'order' AND measure IN \
                 ('ordered', 'shipped', 'accepted') ORDER BY measure";
    assert_eq!(world.run(["run", "--project", "p", "-q"]).code, 0);
    let rows = world.run(["sql", query, "--project", "p", "--format", "csv"]).well();
    let (ordered, shipped) = (3 * net, 2 * net);
    let expected = format!(
        "measure,value,state\naccepted,,suppressed:status\nordered,{ordered}.0,reported\nshipped,{shipped}.0,reported\n"
    );
    assert_eq!(rows, expected);

    // The delivery is confirmed, which changes the order too.
    server.change(|data| {
        data.alter("proofsOfDelivery", &uuid("proof", 1), |proof| proof["status"] = "CONFIRMED".into());
        data.alter("orders", &uuid("order", 1), |order| order["lastUpdatedDate"] = "2026-02-09T08:00:00Z".into());
    });
    assert_eq!(world.run(["run", "--project", "p", "-q"]).code, 0);
    let rows = world.run(["sql", query, "--project", "p", "--format", "csv"]).well();
    assert_eq!(rows, expected.replace("accepted,,suppressed:status", &format!("accepted,{shipped}.0,reported")));
    server.script(Fault::on("GET", "/api/orders", Trouble::Refused { status: 403 }));
    let refused = world.run(["pull", "lmis", "--project", "p", "--format", "csv"]);
    assert!(refused.code == 0 && refused.messages.contains("[openlmis-no-orders]"), "{}", refused.messages);
}

#[test]
fn checking_signs_in_and_looks_for_the_programs() {
    let world = World::new();
    let server = served(&world);
    let line = |out: &str| out.lines().find(|line| line.starts_with("server,lmis,")).unwrap().to_owned();
    let well = world.run(["check", "--project", "p", "--format", "csv"]);
    assert!(line(&well.out).starts_with("server,lmis,ok,") && line(&well.out).contains(server.url()), "{}", well.out);
    world.write("p/mlatho.toml", world.read("p/mlatho.toml").replace("[\"em\"]", "[\"TB\"]"));
    let wrong = world.run(["check", "--project", "p", "--format", "csv"]);
    assert!(wrong.code == 1 && wrong.messages.contains("[openlmis-program]"), "{}", wrong.messages);
    world.write("p/secrets/key", "key-guessed");
    let refused = world.run(["check", "--project", "p", "--format", "csv"]);
    assert!(refused.messages.contains("[server-unauthorized]") && !refused.messages.contains("guessed"));
    assert!(server.requests().iter().all(|request| request.method == "GET"), "checking changes nothing");
}

/// A project of one source that pulls from this server.
fn other_system(world: &World, format: &str, table: &str, settings: &str, url: &str) {
    let config = format!(
        r#"
version = 1
name = "Test"

[mappings]
org_units = ["mappings/org_units.csv"]
items = []
elements = []

[[sources]]
name = "lmis"
side = "lmis"
format = "{format}"

[sources.{table}]
{settings}

[sources.{table}.server]
url = "{url}"
user = "mlatho"
password_file = "secrets/key"
retry_wait_ms = 1
"#
    );
    world.write("p/mlatho.toml", config);
    world.write("p/secrets/key", KEY);
    world.write("p/mappings/org_units.csv", "source,source_id,org_unit,relation,share\nlmis,NOT-SEEN,U2,,\n");
}

fn country() -> Country {
    let first_month: Period = "202601".parse().unwrap();
    Country::generate(&Spec { facilities: 20, products: 3, months: 6, seed: 1, first_month })
}

/// Records of a run, and what checking said before it.
fn checked_and_run(world: &World) -> (String, u64) {
    let checked = world.run(["check", "--project", "p", "--format", "csv"]);
    let line = checked.out.lines().find(|line| line.starts_with("server,lmis,")).unwrap().to_owned();
    let ran = world.run(["run", "--project", "p", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    assert!(ran.messages.contains("[server-not-listed]") && ran.messages.contains("NOT-SEEN"), "{}", ran.messages);
    assert!(!ran.messages.contains(KEY));
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    (line, report["records"]["records"].as_u64().unwrap())
}

#[test]
fn elmis_requisitions_are_pulled_once_read_and_kept() {
    let world = World::new();
    let server = country().serve_elmis(KEY).unwrap();
    let dates = "programs = [\"em\"]\nstart_date = \"2026-01-01\"\nend_date = \"2026-06-30\"";
    other_system(&world, "elmis-json", "elmis", dates, server.url());
    let (line, records) = checked_and_run(&world);
    assert!(line.starts_with("server,lmis,ok,") && line.contains("eLMIS") && line.contains(server.url()), "{line}");
    let lines = server.look(|data| {
        let read = data.requisitions.iter().filter(|own| own.status != "INITIATED");
        read.map(|own| own.lines.len()).sum::<usize>()
    });
    assert!(lines > 0);
    assert_eq!(records, lines as u64);
    let again = world.run(["pull", "--project", "p", "--format", "csv"]);
    assert_eq!(counts(&again.out, "lmis").1, 0);
    server.change(|data| data.requisitions[0].modified = 1_800_000_000_000);
    let third = world.run(["pull", "--project", "p", "--format", "csv"]);
    assert_eq!(counts(&third.out, "lmis").1, 1);
}

#[test]
fn elmis_stock_status_is_asked_for_again_and_kept_where_it_changed() {
    let world = World::new();
    let server = country().serve_elmis(KEY).unwrap();
    let dates = "read = \"stock-status\"\nstart_date = \"2026-01-01\"\nend_date = \"2026-03-31\"";
    other_system(&world, "elmis-json", "elmis", dates, server.url());
    let first = world.run(["pull", "--project", "p", "--format", "csv"]);
    assert_eq!((first.code, counts(&first.out, "lmis")), (0, (3, 3)), "{}", first.messages);
    server.change(|data| {
        let own = data.requisitions.iter_mut().find(|own| own.period.to_string() == "202602").unwrap();
        own.lines[0].numbers["stockInHand"] = 123_456.into();
    });
    let again = world.run(["pull", "--project", "p", "--format", "csv"]);
    assert_eq!(counts(&again.out, "lmis"), (3, 1), "{}", again.messages);
    let ran = world.run(["run", "--project", "p", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
}

#[test]
fn logistimo_transactions_come_by_month_and_months_that_are_over_once() {
    let world = World::new();
    let server = country().serve_logistimo(KEY).unwrap();
    other_system(&world, "logistimo-csv", "logistimo", "start_date = \"2026-01-15\"", server.url());
    let (line, records) = checked_and_run(&world);
    assert!(line.starts_with("server,lmis,ok,") && line.contains("Logistimo") && line.contains(server.url()), "{line}");
    let transactions = server.look(|data| data.transactions.len());
    assert!(records > transactions as u64, "{records} of {transactions}"); // and the stock of each month
    let begun = server.exports_begun();
    let again = world.run(["pull", "--project", "p", "--format", "csv"]);
    let months = counts(&again.out, "lmis");
    assert_eq!((months.0, months.1), (begun, 0), "{}", again.messages);
    assert!(server.exports_begun() - begun <= 2, "months that are over are asked for once");
}

#[test]
fn logistimo_inventory_is_pulled_whole() {
    let world = World::new();
    let server = country().serve_logistimo(KEY).unwrap();
    other_system(&world, "logistimo-json", "logistimo", "", server.url());
    let (_, records) = checked_and_run(&world);
    assert_eq!(records, server.look(|data| data.stocks.len()) as u64);
    other_system(&world, "csv", "logistimo", "", server.url());
    let wrong = world.run(["check", "--project", "p"]);
    assert!(wrong.code == 1 && wrong.messages.contains("[logistimo-format]"), "{}", wrong.messages);
}
