//! `mlatho publish` into requisitions that were begun at an eLMIS server.

use mlatho_model::Period;
use mlatho_testkit::elmis::{Account, Config, Data, Line, Server};
use serde_json::{Value as Json, json};

use crate::world::{Ran, World};

const PASSWORD: &str = "password-for-this-test";

/// Three facilities with requisitions of one product and one regimen for January, of which the last is authorized.
fn data() -> Data {
    let mut data = Data::new();
    let program = data.program("HIV", "HIV");
    let january = Period::month(2026, 1).unwrap();
    for (number, status) in [(1, "INITIATED"), (2, "INITIATED"), (3, "AUTHORIZED")] {
        let facility = data.facility(&format!("F{number}"), &format!("Facility {number}"), "North");
        // N = P = 100, H = 300, I = 260; each new patient adds one to N, and a third of one to P.
        let numbers = json!({
            "quantityDispensed": 100, "stockOutDays": 0, "reportingDays": 30, "stockInHand": 40, "maxMonthsOfStock": 3,
            "previousNormalizedConsumptions": [100, 100], "newPatientCount": null, "quantityRequested": null,
        });
        data.requisition(facility, program, january, 1_770_000_000_000, vec![Line::new("ABC120", numbers)]);
        let own = data.requisitions.last_mut().unwrap();
        own.status = status.into();
        own.regimens.push(("1S3".into(), json!({"patientsOnTreatment": null})));
    }
    data
}

/// A project whose HMIS counts new patients of a regimen, and those on it, at three facilities.
fn project(world: &World, writing: &str) -> Server {
    let server = Server::start(Config::new(vec![Account::new("mlatho", PASSWORD)]), data()).unwrap();
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

[targets.elmis]
source = "lmis"
{writing}

[targets.elmis.server]
url = "{}"
user = "mlatho"
password_file = "secrets/password"
retry_wait_ms = 1
"#,
        server.url()
    );
    world.write("p/mlatho.toml", config);
    world.write("p/secrets/password", PASSWORD);
    let hmis = (1..=3).map(|unit| format!("hmis,ouabcdefgh{unit},ouabcdefgh{unit}\n"));
    let lmis = (1..=3).map(|unit| format!("lmis,F{unit},ouabcdefgh{unit}\n"));
    let org_units = std::iter::once("source,source_id,org_unit\n".to_owned()).chain(hmis).chain(lmis);
    world.write("p/mappings/org_units.csv", org_units.collect::<String>());
    let items = "source,source_id,item,factor,unit\n\
                 hmis,newabcdefgh,abc-3tc,1,case\nhmis,onnabcdefgh,abc-3tc,1,case\n";
    world.write("p/mappings/items.csv", items);
    let lines = "item,measure,program,product,column\n\
                 abc-3tc,newabcdefgh,HIV,ABC120,newPatientCount\n\
                 abc-3tc,onnabcdefgh,HIV,1S3,patientsOnTreatment\n";
    world.write("p/mappings/requisition_lines.csv", lines);
    report(world, "a", [6, 12, 9]);
    server
}

/// New patients at each facility, and ten times as many on treatment.
fn report(world: &World, file: &str, patients: [u32; 3]) {
    let mut values = Vec::new();
    for (unit, number) in (1..).zip(patients) {
        for (element, value) in [("newabcdefgh", number), ("onnabcdefgh", number * 10)] {
            values.push(json!({
                "dataElement": element, "period": "202601", "orgUnit": format!("ouabcdefgh{unit}"),
                "categoryOptionCombo": "cocabcdefg1", "attributeOptionCombo": "aocabcdefgh", "value": value.to_string(),
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

fn patients(server: &Server, requisition: usize) -> (Json, Json) {
    server.look(|data| {
        let own = &data.requisitions[requisition - 1];
        (own.lines[0].numbers["newPatientCount"].clone(), own.regimens[0].1["patientsOnTreatment"].clone())
    })
}

fn writes(server: &Server) -> usize {
    server.requests().iter().filter(|request| request.method == "PUT").count()
}

#[test]
fn the_difference_shows_the_order_before_and_after_and_writes_nothing() {
    let world = World::new();
    let server = project(&world, "write = true");
    let ran = world.run(["publish", "lmis", "--project", "p", "--format", "csv", "--out", "shown"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    // Six new patients: P = 306 / 3 = 102, H = 306; twelve: P = 104, H = 312.
    let expected = "\
kind,reason,program,period,facility,product,column,old,new,order_before,order_after
new,,HIV,202601,F1,1S3,patientsOnTreatment,,60,,
new,,HIV,202601,F1,ABC120,newPatientCount,,6,260,266
new,,HIV,202601,F2,1S3,patientsOnTreatment,,120,,
new,,HIV,202601,F2,ABC120,newPatientCount,,12,260,272
refused,openlmis-write-no-draft,HIV,202601,F3,1S3,patientsOnTreatment,,90,,
refused,openlmis-write-no-draft,HIV,202601,F3,ABC120,newPatientCount,,9,,
";
    assert_eq!((ran.out.as_str(), world.read("shown/difference.csv").as_str()), (expected, expected));
    assert_eq!(writes(&server), 0);
    let check = world.run(["check", "--project", "p"]);
    assert!(check.out.contains("eLMIS at"), "{}", check.out);
}

#[test]
fn nothing_is_written_unless_it_is_turned_on_and_this_plan_was_approved() {
    let world = World::new();
    let server = project(&world, "");
    let name = plan(&world);
    let off = publish(&world, ["--confirm", "--plan", &name]);
    assert!(off.code == 1 && off.messages.contains("[requisition-write-off]"), "{}", off.messages);
    let on = world.read("p/mlatho.toml").replace("source = \"lmis\"", "source = \"lmis\"\nwrite = true");
    world.write("p/mlatho.toml", on);
    let unapproved = publish(&world, ["--confirm"]);
    assert!(unapproved.messages.contains("[requisition-not-approved]"), "{}", unapproved.messages);
    report(&world, "b", [9, 12, 9]); // the HMIS corrects a number after the approval
    let other = publish(&world, ["--confirm", "--plan", &name]);
    assert!(other.code == 1 && other.messages.contains("[requisition-other-plan]"), "{}", other.messages);
    assert_eq!(writes(&server), 0);
}

#[test]
fn an_approved_plan_is_written_once_corrected_and_never_over_a_person() {
    let world = World::new();
    let server = project(&world, "write = true");
    let written = publish(&world, ["--confirm", "--plan", &plan(&world)]);
    assert_eq!(written.code, 0, "{}", written.messages);
    assert_eq!(told(&written)["delivered"], json!({"sent": 4, "confirmed": 4}));
    assert_eq!((patients(&server, 1), patients(&server, 2)), ((json!(6), json!(60)), (json!(12), json!(120))));
    assert_eq!((patients(&server, 3), writes(&server)), ((Json::Null, Json::Null), 2));
    let again = publish(&world, []);
    assert_eq!((&told(&again)["counts"]["unchanged"], &told(&again)["counts"]["new"]), (&json!(4), &json!(0)));

    // The HMIS corrects both; at the second facility a person has typed another number meanwhile.
    server.change(|data| data.requisitions[1].lines[0].numbers["newPatientCount"] = json!(7));
    report(&world, "b", [9, 9, 9]);
    let corrected = publish(&world, ["--confirm", "--plan", &plan(&world)]);
    assert_eq!(corrected.code, 0, "{}", corrected.messages);
    assert!(corrected.messages.contains("[openlmis-write-typed]"), "{}", corrected.messages);
    assert_eq!((patients(&server, 1), patients(&server, 2)), ((json!(9), json!(90)), (json!(7), json!(90))));
    assert!(!corrected.messages.contains(PASSWORD));
}

#[test]
fn columns_of_another_version_and_two_servers_are_told() {
    let world = World::new();
    let server = project(&world, "");
    let lines = world.read("p/mappings/requisition_lines.csv");
    for column in ["numberOfNewPatientsAdded", "idealStockAmount"] {
        world.write("p/mappings/requisition_lines.csv", lines.replace("newPatientCount", column));
        let bad = publish(&world, []);
        assert!(bad.code == 1 && bad.messages.contains("[requisition-line-row]"), "{}", bad.messages);
        assert!(bad.messages.contains("newPatientCount, patientsOnTreatment"), "{}", bad.messages);
    }
    let two = world.read("p/mlatho.toml")
        + "\n[targets.dhis2]\nurl = \"http://127.0.0.1:1\"\ntoken_file = \"secrets/password\"\n";
    world.write("p/mlatho.toml", two);
    let two = publish(&world, []);
    assert!(two.code == 1 && two.messages.contains("[target-two-servers]"), "{}", two.messages);
    assert_eq!(writes(&server), 0);
}
