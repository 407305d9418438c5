//! A project of a stock source with a DHIS2 double as its target.

use jiff::civil::date;
use mlatho_model::{PeriodType, Uid};
use mlatho_testkit::dhis2::{Config, Metadata, Server, User};

use crate::world::{Ran, World};

const TOKEN: &str = "d2pat_for_this_test";

pub(crate) fn uid(kind: &str, number: u32) -> Uid {
    format!("{kind}{number:09}").parse().unwrap()
}

/// Org unit of a number.
pub(crate) fn unit(number: u32) -> String {
    uid("ou", number).to_string()
}

/// Four clinics and a monthly data set of two data elements.
fn server() -> Server {
    let mut metadata = Metadata::new();
    let country = uid("ou", 999);
    metadata.org_unit(country, "Country", None);
    let clinics: Vec<Uid> = (1..=4).map(|number| uid("ou", number)).collect();
    clinics.iter().for_each(|id| metadata.org_unit(*id, "Clinic", Some(country)));
    let elements = [uid("de", 1), uid("de", 2)];
    elements.iter().for_each(|id| metadata.data_element(*id, &format!("Stock {id}"), "INTEGER_ZERO_OR_POSITIVE"));
    metadata.data_set(uid("ds", 1), "Stock", PeriodType::Monthly, &elements, &clinics);
    let user = User::new(uid("us", 1), "mlatho", "", &["F_DATAVALUE_ADD"], &[country]).with_token(TOKEN, None);
    let mut config = Config::new("2.42.1".parse().unwrap(), vec![user]);
    config.now = date(2026, 8, 1).at(12, 0, 0, 0);
    Server::start(config, metadata).unwrap()
}

const PROJECT: &str = r#"
version = 1
name = "Test"

[[sources]]
name = "lmis"
side = "lmis"
format = "csv"
files = ["inbox/*.csv"]
layout = "layout.toml"

[[targets]]
name = "dhis2"

[targets.dhis2]
url = "{url}"
token_file = "secrets/token"
retry_wait_ms = 1
"#;

const LAYOUT: &str = r#"
shape = "long"
[columns]
org_unit = "site"
item = "product"
period = "month"
[period]
type = "monthly"
format = "yyyyMM"
[[measures]]
column = "used"
measure = "consumed"
"#;

/// The site S1 reports 10, 20 and 30 packs in the first months of 2026, S2 7 packs in the first. S2 is clinic 2, the
/// product is P1 in packs of 30 and has the first data element.
pub(crate) fn project(world: &World) -> Server {
    let server = server();
    world.write("p/mlatho.toml", PROJECT.replace("{url}", server.url()));
    world.write("p/secrets/token", TOKEN);
    world.write("p/layout.toml", LAYOUT);
    world.write("p/mappings/org_units.csv", format!("source,source_id,org_unit\nlmis,S2,{}\n", unit(2)));
    world.write("p/mappings/items.csv", "source,source_id,item,factor\nlmis,D7,P1,30\n");
    let element = format!("dhis2,P1,consumed,{},{}\n", uid("ds", 1), uid("de", 1));
    world.write("p/mappings/elements.csv", format!("target,item,measure,data_set,data_element\n{element}"));
    let rows = "site,product,month,used\nS1,D7,202601,10\nS1,D7,202602,20\nS1,D7,202603,30\nS2,D7,202601,7\n";
    world.write("p/inbox/a.csv", rows);
    server
}

pub(crate) fn run<const N: usize>(world: &World, args: [&str; N]) -> Ran {
    crate::world::ran(world.mlatho().env("USER", "Data manager").args(["--project", "p"]).args(args))
}

/// Runs a command that ends well, whatever it has to say.
#[track_caller]
pub(crate) fn done<const N: usize>(world: &World, args: [&str; N]) -> String {
    let ran = run(world, args);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    ran.out
}

/// Says that the site S1 is this clinic.
#[track_caller]
pub(crate) fn link(world: &World, clinic: u32, options: &[&str]) {
    let target = unit(clinic);
    let args = ["--project", "p", "review", "accept", "org-unit", "lmis", "S1", &target, "--reason", "seen on the map"];
    let ran = crate::world::ran(world.mlatho().env("USER", "Data manager").args(args).args(options));
    assert_eq!(ran.code, 0, "{}", ran.messages);
}

/// The data values that the server holds: `org_unit period value`, sorted.
pub(crate) fn held(server: &Server) -> Vec<String> {
    let present = server.values().into_iter().filter(|value| !value.deleted);
    let mut held: Vec<String> =
        present.map(|value| format!("{} {} {}", value.org_unit, value.period, value.value)).collect();
    held.sort();
    held
}
