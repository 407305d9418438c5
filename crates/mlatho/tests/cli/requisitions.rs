//! `mlatho publish` into draft requisitions of OpenLMIS and eLMIS.

use jiff::civil::date;
use mlatho_testkit::openlmis::{Account, Config, Data, Fault, Server, Trouble};
use serde_json::{Value as Json, json};

use crate::world::{Ran, World};

const KEY: &str = "key-for-this-test";

/// Three facilities with requisitions of one product for January, of which the last is authorized.
fn data() -> Data {
    let mut data = Data::new();
    let program = data.program(1, "HIV", "HIV");
    let period = data.period(1, "Jan2026", date(2026, 1, 1), date(2026, 1, 31));
    let product = data.orderable(1, 1, "ABC120", 60);
    let computed = ["adjustedConsumption", "averageConsumption", "maximumStockQuantity", "calculatedOrderQuantity"];
    let mut columns: Vec<(&str, u8)> = computed.map(|name| (name, 1)).into();
    columns.extend([("numberOfNewPatientsAdded", 0), ("additionalQuantityRequired", 0)]);
    let form = data.form(1, &columns);
    for (number, status) in [(1, "INITIATED"), (2, "SUBMITTED"), (3, "AUTHORIZED")] {
        let facility = data.facility(number, &format!("F{number}"), &format!("Facility {number}"), &[&program]);
        // N = 100, P = 100, H = 300, I = 260; each unit of Z adds one to N and P, and three to I.
        let numbers = json!({
            "totalConsumedQuantity": 100, "totalStockoutDays": 0, "stockOnHand": 40, "maxPeriodsOfStock": 3,
            "adjustedConsumption": 100, "averageConsumption": 100, "maximumStockQuantity": 300,
            "calculatedOrderQuantity": 260, "additionalQuantityRequired": null,
        });
        let lines = [(product.as_str(), 1, numbers)];
        data.requisition(number, &facility, &program, &period, status, "2026-02-01T10:00:00Z", &lines);
        let body = &mut data.requisitions[number - 1].body;
        body["template"] = json!({"id": form});
        body["numberOfMonthsInPeriod"] = json!(1);
    }
    data
}

/// A project whose HMIS counts new patients of a regimen, split by sex, at four facilities.
fn project(world: &World, writing: &str) -> Server {
    let server = Server::start(Config::new(vec![Account::new("mlatho", "x").with_api_key(KEY)]), data()).unwrap();
    let config = format!(
        r#"
version = 1
name = "Test"

[mappings]
elements = []

[[sources]]
name = "hmis"
side = "hmis"
format = "dhis2-json"
files = ["inbox/*.json"]

[[targets]]
name = "lmis"

[targets.openlmis]
source = "lmis"
{writing}

[targets.openlmis.server]
url = "{}"
api_key_file = "secrets/key"
retry_wait_ms = 1
"#,
        server.url()
    );
    world.write("p/mlatho.toml", config);
    world.write("p/secrets/key", KEY);
    let hmis = (1..=4).map(|unit| format!("hmis,ouabcdefgh{unit},ouabcdefgh{unit}\n"));
    let lmis = (1..=3).map(|unit| format!("lmis,F{unit},ouabcdefgh{unit}\n"));
    let org_units = std::iter::once("source,source_id,org_unit\n".to_owned()).chain(hmis).chain(lmis);
    let org_units = org_units.collect::<String>();
    world.write("p/mappings/org_units.csv", org_units);
    world.write("p/mappings/items.csv", "source,source_id,item,factor,unit\nhmis,newabcdefgh,abc-3tc,1,case\n");
    let lines = "item,measure,disaggregation,program,product,column,factor,valid_from,valid_to\n\
                 abc-3tc,newabcdefgh,,HIV,ABC120,numberOfNewPatientsAdded,,,\n\
                 abc-3tc,newabcdefgh,,HIV,ABC120,additionalQuantityRequired,2,,\n";
    world.write("p/mappings/requisition_lines.csv", lines);
    report(world, "a", [3, 4, 5, 6]);
    server
}

/// New patients at each facility, and as many women again.
fn report(world: &World, file: &str, patients: [u32; 4]) {
    let mut values = Vec::new();
    for (unit, number) in (1..).zip(patients) {
        for split in ["cocabcdefg1", "cocabcdefg2"] {
            values.push(json!({
                "dataElement": "newabcdefgh", "period": "202601", "orgUnit": format!("ouabcdefgh{unit}"),
                "categoryOptionCombo": split, "attributeOptionCombo": "aocabcdefgh", "value": number.to_string(),
            }));
        }
    }
    world.write(format!("p/inbox/{file}.json"), json!({ "dataValues": values }).to_string());
    let ran = world.run(["run", "--project", "p", "-q"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
}

fn publish<const N: usize>(world: &World, extra: [&str; N]) -> Ran {
    let mut command = world.mlatho();
    crate::world::ran(command.args(["publish", "lmis", "--project", "p", "--format", "json"]).args(extra))
}

fn told(ran: &Ran) -> Json {
    serde_json::from_str(&ran.out).unwrap()
}

/// The name of the plan as it is now.
fn plan(world: &World) -> String {
    told(&publish(world, []))["plan"].as_str().unwrap().to_owned()
}

fn line(server: &Server, requisition: usize, name: &str) -> Json {
    server.look(|data| data.requisitions[requisition - 1].body["requisitionLineItems"][0][name].clone())
}

fn writes(server: &Server) -> usize {
    server.requests().iter().filter(|request| request.method != "GET").count()
}

#[test]
fn the_difference_shows_the_order_before_and_after_and_writes_nothing() {
    let world = World::new();
    let server = project(&world, "write = true");
    let ran = world.run(["publish", "lmis", "--project", "p", "--format", "csv", "--out", "shown"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    // 3 and 3, 4 and 4 patients, with two units for each; 12 units more are 36 in the order, 16 are 48.
    let expected = "\
kind,reason,program,period,facility,product,column,old,new,order_before,order_after
new,,HIV,202601,F1,ABC120,numberOfNewPatientsAdded,,6,260,296
new,,HIV,202601,F1,ABC120,additionalQuantityRequired,,12,260,296
new,,HIV,202601,F2,ABC120,numberOfNewPatientsAdded,,8,260,308
new,,HIV,202601,F2,ABC120,additionalQuantityRequired,,16,260,308
refused,openlmis-write-no-draft,HIV,202601,F3,ABC120,numberOfNewPatientsAdded,,10,,
refused,openlmis-write-no-draft,HIV,202601,F3,ABC120,additionalQuantityRequired,,20,,
";
    assert_eq!((ran.out.as_str(), world.read("shown/difference.csv").as_str()), (expected, expected));
    for part in ["[openlmis-write-no-draft]", "[requisition-without-facility]", "ouabcdefgh4", "second person"] {
        assert!(ran.messages.contains(part), "{part}: {}", ran.messages);
    }
    let counts = told(&publish(&world, ["--dry-run"]))["counts"].clone();
    let expected = json!({
        "new": 4, "changed": 0, "unchanged": 0, "refused": 2, "incomplete": 0, "without-facility": 2, "ideal-stock": 0,
    });
    assert_eq!((counts, writes(&server)), (expected, 0));
}

#[test]
fn nothing_is_written_unless_it_is_turned_on_and_this_plan_was_approved() {
    let world = World::new();
    let server = project(&world, "");
    let name = plan(&world);
    let off = publish(&world, ["--confirm", "--plan", &name]);
    assert!(off.code == 1 && off.messages.contains("[requisition-write-off]"), "{}", off.messages);

    world.write(
        "p/mlatho.toml",
        world.read("p/mlatho.toml").replace("source = \"lmis\"", "source = \"lmis\"\nwrite = true"),
    );
    let unapproved = publish(&world, ["--confirm"]);
    assert!(
        unapproved.code == 1 && unapproved.messages.contains("[requisition-not-approved]"),
        "{}",
        unapproved.messages
    );
    report(&world, "b", [9, 4, 5, 6]); // the HMIS corrects a number after the approval
    let other = publish(&world, ["--confirm", "--plan", &name]);
    assert!(other.code == 1 && other.messages.contains("[requisition-other-plan]"), "{}", other.messages);
    assert_eq!(writes(&server), 0);
    assert_eq!(publish(&world, ["--plan", &name]).code, 64); // an approval without a confirmation says nothing
}

#[test]
fn an_approved_plan_is_written_once_corrected_and_never_over_a_person() {
    let world = World::new();
    let server = project(&world, "write = true");
    let written = publish(&world, ["--confirm", "--plan", &plan(&world)]);
    assert_eq!(written.code, 0, "{}", written.messages);
    assert_eq!(told(&written)["delivered"], json!({"sent": 4, "confirmed": 4}));
    assert_eq!(
        (line(&server, 1, "numberOfNewPatientsAdded"), line(&server, 1, "calculatedOrderQuantity")),
        (json!(6), json!(296))
    );
    assert_eq!(line(&server, 3, "numberOfNewPatientsAdded"), Json::Null);
    assert_eq!(server.look(|data| data.unguarded_writes), 0);
    let again = publish(&world, []);
    assert_eq!((&told(&again)["counts"]["unchanged"], &told(&again)["counts"]["new"]), (&json!(4), &json!(0)));
    let status = world.run(["status", "--project", "p", "--format", "json"]).json();
    let target = status["targets"].as_array().unwrap().iter().find(|target| target["name"] == "lmis").unwrap();
    assert_eq!((&target["unsettled"], target["last_delivery"].is_string()), (&json!(0), true));

    // The HMIS corrects both; at the second facility a person has typed another number meanwhile.
    server.change(|data| {
        let requisition = &mut data.requisitions[1];
        requisition.body["requisitionLineItems"][0]["numberOfNewPatientsAdded"] = json!(7);
        requisition.version += 1;
    });
    report(&world, "b", [9, 9, 5, 6]);
    let corrected = publish(&world, ["--confirm", "--plan", &plan(&world)]);
    assert_eq!(corrected.code, 0, "{}", corrected.messages);
    assert!(corrected.messages.contains("[openlmis-write-typed]"), "{}", corrected.messages);
    let patients = [1, 2].map(|number| line(&server, number, "numberOfNewPatientsAdded"));
    assert_eq!((patients, line(&server, 2, "additionalQuantityRequired")), ([json!(18), json!(7)], json!(36)));
}

#[test]
fn what_is_lost_on_the_way_is_found_again() {
    let world = World::new();
    let server = project(&world, "write = true");
    // The first write arrives and its answer is lost, and so is every answer afterwards.
    server.script(Fault::on("PUT", "/api/v2/requisitions/", Trouble::Reset { applied: true }));
    let lost = Fault::on("GET", "/api/v2/requisitions/", Trouble::Reset { applied: false });
    let name = plan(&world); // two drafts are read for it, and two for the confirmation
    server.script(lost.after(2).times(6));
    let broken = publish(&world, ["--confirm", "--plan", &name]);
    assert!(broken.code == 1 && broken.messages.contains("[server-unreachable]"), "{}", broken.messages);
    let status = world.run(["status", "--project", "p", "--format", "json"]).json();
    assert_eq!(status["targets"][0]["unsettled"], 1);

    assert_eq!(line(&server, 1, "numberOfNewPatientsAdded"), 6); // it had arrived
    server.forget_requests();
    let next = publish(&world, ["--confirm", "--plan", &plan(&world)]);
    assert_eq!((next.code, &told(&next)["delivered"]), (0, &json!({"sent": 2, "confirmed": 2})), "{}", next.messages);
    assert_eq!(writes(&server), 1); // the second requisition; the first is not written again
    let status = world.run(["status", "--project", "p", "--format", "json"]).json();
    assert_eq!(status["targets"][0]["unsettled"], 0);
    report(&world, "b", [9, 4, 5, 6]); // what had arrived counts as ours, and may be corrected
    assert_eq!(publish(&world, ["--confirm", "--plan", &plan(&world)]).code, 0);
    assert_eq!(line(&server, 1, "numberOfNewPatientsAdded"), 18);
}

#[test]
fn a_part_that_is_missing_is_not_a_smaller_number() {
    let world = World::new();
    let server = project(&world, "write = true");
    let lines = "item,measure,disaggregation,program,product,column\n\
                 abc-3tc,newabcdefgh,,HIV,ABC120,numberOfNewPatientsAdded\n\
                 abc-3tc,othabcdefgh,,HIV,ABC120,numberOfNewPatientsAdded\n"; // never received
    world.write("p/mappings/requisition_lines.csv", lines);
    let ran = publish(&world, []);
    assert_eq!((&told(&ran)["counts"]["new"], &told(&ran)["counts"]["incomplete"]), (&json!(0), &json!(4)));
    assert!(ran.messages.contains("[requisition-incomplete]"), "{}", ran.messages);

    world.write(
        "p/mappings/requisition_lines.csv",
        format!("{lines}abc-3tc,newabcdefgh,,HIV,ABC120,approvedQuantity\n"),
    );
    let bad = publish(&world, []);
    assert!(bad.code == 1 && bad.messages.contains("[requisition-line-row]"), "{}", bad.messages);
    let check = world.run(["check", "--project", "p"]);
    assert!(check.code == 1 && check.messages.contains("[requisition-line-row]"), "{}", check.messages);
    assert!(check.out.contains("OpenLMIS at"), "{}", check.out);
    assert_eq!(writes(&server), 0);
}

#[test]
fn ideal_stock_amounts_become_the_vendors_file() {
    let world = World::new();
    let server = project(&world, "");
    let lines = "item,measure,program,product,column,factor,schedule\n\
                 abc-3tc,newabcdefgh,,UNSPSC|51201647,idealStockAmount,90,SCH001\n\
                 abc-3tc,newabcdefgh,,UNSPSC|51201648,idealStockAmount,,SCH002\n"; // a schedule that is not there
    world.write("p/mappings/requisition_lines.csv", lines);
    let ran = publish(&world, ["--out", "shown"]);
    assert_eq!((ran.code, &told(&ran)["counts"]["ideal-stock"]), (0, &json!(3)), "{}", ran.messages);
    let expected = "Facility Code,Commodity Type,Period,Ideal Stock Amount\n\
                    F1,UNSPSC|51201647,SCH001|Jan2026,540\n\
                    F2,UNSPSC|51201647,SCH001|Jan2026,720\n\
                    F3,UNSPSC|51201647,SCH001|Jan2026,900\n";
    assert_eq!(world.read("shown/ideal_stock_amounts.csv"), expected);
    assert!(ran.messages.contains("[ideal-stock-left-out]") && ran.messages.contains("SCH002"), "{}", ran.messages);
    world.write("p/mappings/requisition_lines.csv", lines.replace(",SCH002", ","));
    assert!(publish(&world, []).messages.contains("[requisition-line-row]"));
    assert_eq!(writes(&server), 0);
}
