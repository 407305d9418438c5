//! From OpenLMIS to DHIS2 as a whole: what the official service gets wrong, each as a test of ours. `docs/weaknesses.md`
//! names the others.

use jiff::civil::date;
use mlatho_model::{PeriodType, Uid};
use mlatho_testkit::dhis2;
use mlatho_testkit::openlmis::{Account, Config, Data, Server};
use serde_json::json;

use crate::world::World;

/// More than the fifty of a default page.
const FACILITIES: usize = 60;
const MEASURES: [(&str, &str); 4] =
    [("closing_balance", "stk"), ("consumed", "con"), ("amc_reported", "amc"), ("stockout_days", "out")];
const TOKEN: &str = "d2pat_weaknesses";

fn uid(text: &str) -> Uid {
    text.parse().unwrap()
}

fn unit(number: usize) -> String {
    format!("ouUnit{number:05}")
}

fn element(product: usize, short: &str) -> String {
    format!("dePrd{product}{short}00")
}

/// Requisitions of two products of one name. That of the last facility was only begun, that of the one before submitted.
fn lmis() -> Server {
    let mut data = Data::new();
    let program = data.program(1, "EM", "Essential medicines");
    let period = data.period(1, "Jan2026", date(2026, 1, 1), date(2026, 1, 31));
    let products = [1, 2].map(|number| data.orderable(number, 1, &format!("P{number}"), 10));
    for id in &products {
        data.alter("orderables", id, |product| product["fullProductName"] = json!("Paracetamol 500 mg"));
    }
    for number in 1..=FACILITIES {
        let facility = data.facility(number, &format!("F{number}"), &format!("Facility {number}"), &[&program]);
        let numbers =
            json!({"stockOnHand": number, "totalConsumedQuantity": 2, "averageConsumption": 3, "totalStockoutDays": 4});
        let blank =
            json!({"stockOnHand": null, "totalConsumedQuantity": 5, "averageConsumption": 6, "totalStockoutDays": 7});
        let lines = [(products[0].as_str(), 1, numbers), (products[1].as_str(), 1, blank)];
        let status = match FACILITIES - number {
            0 => "INITIATED",
            1 => "SUBMITTED",
            _ => "AUTHORIZED",
        };
        data.requisition(number, &facility, &program, &period, status, "2026-02-01T10:00:00Z", &lines);
    }
    Server::start(Config::new(vec![Account::new("mlatho", "password-of-lmis")]), data).unwrap()
}

fn hmis(kind: PeriodType, elements: &[Uid], units: &[Uid]) -> dhis2::Server {
    let mut metadata = dhis2::Metadata::new();
    let country = uid("ouCountry01");
    metadata.org_unit(country, "Country", None);
    units.iter().for_each(|unit| metadata.org_unit(*unit, unit.as_str(), Some(country)));
    elements.iter().for_each(|element| metadata.data_element(*element, element.as_str(), "INTEGER_ZERO_OR_POSITIVE"));
    metadata.data_set(uid("dsStockSet1"), "Stock", kind, elements, units);
    let user = dhis2::User::new(uid("usUserName1"), "mlatho", "", &["F_DATAVALUE_ADD"], &[country]);
    let config = dhis2::Config::new("2.43.1".parse().unwrap(), vec![user.with_token(TOKEN, None)]);
    dhis2::Server::start(config, metadata).unwrap()
}

/// The target of a project, and its mapping of elements.
fn target(world: &World, hmis: &dhis2::Server, elements: &str) -> String {
    world.write("p/secrets/dhis2", TOKEN);
    world.write(
        "p/mappings/elements.csv",
        format!("target,item,measure,disaggregation,data_set,data_element,category_option_combo,attribute_option_combo,valid_from,valid_to,reason\n{elements}"),
    );
    format!(
        "\n[[targets]]\nname = \"hmis\"\n[targets.dhis2]\nurl = \"{}\"\ntoken_file = \"secrets/dhis2\"\n",
        hmis.url()
    )
}

#[test]
fn all_facilities_all_measures_no_draft_no_zero_in_few_requests() {
    let world = World::new();
    let (lmis, numbers) = (lmis(), 1..=FACILITIES);
    let units: Vec<Uid> = numbers.clone().map(|number| uid(&unit(number))).collect();
    let of = |product: usize| MEASURES.map(|(_, short)| uid(&element(product, short)));
    let hmis = hmis(PeriodType::Monthly, &[of(1), of(2)].concat(), &units);
    let elements: String = [1, 2]
        .into_iter()
        .flat_map(|product| {
            MEASURES.map(|(measure, short)| {
                format!("hmis,item-{product},{measure},,dsStockSet1,{},,,,,\n", element(product, short))
            })
        })
        .collect();
    let target = target(&world, &hmis, &elements);
    world.write("p/secrets/lmis", "password-of-lmis");
    world.write("p/secrets/client", "changeme");
    world.write(
        "p/mlatho.toml",
        format!(
            r#"
version = 1
name = "Test"

[[sources]]
name = "lmis"
side = "lmis"
format = "openlmis-requisitions"

[sources.openlmis.server]
url = "{}"
user = "mlatho"
password_file = "secrets/lmis"
client_secret_file = "secrets/client"
{target}"#,
            lmis.url()
        ),
    );
    let org_units: Vec<String> = numbers.map(|number| format!("lmis,F{number},{}\n", unit(number))).collect();
    world.write("p/mappings/org_units.csv", format!("source,source_id,org_unit\n{}", org_units.concat()));
    let items = "source,source_id,item,factor,unit\nlmis,P1,item-1,1,tablet\nlmis,P2,item-2,1,tablet\n";
    world.write("p/mappings/items.csv", items);
    let ran = world.run(["run", "--project", "p"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    let published = world.run(["publish", "hmis", "--project", "p", "--confirm"]);
    assert_eq!(published.code, 0, "{}", published.messages);

    let values = hmis.values();
    let authorized = FACILITIES - 2;
    let of_element = |product, short| {
        let own = values.iter().filter(|value| value.data_element == uid(&element(product, short)));
        own.map(|value| value.value.clone()).collect::<Vec<String>>()
    };
    // Each facility has its own stock; neither the draft nor the submitted requisition counts.
    let mut stock: Vec<usize> = of_element(1, "stk").iter().map(|value| value.parse().unwrap()).collect();
    stock.sort_unstable();
    assert_eq!(stock, (1..=authorized).collect::<Vec<usize>>());
    // The product of the same name is another one, and its blank stock is no zero.
    assert_eq!(of_element(2, "stk"), Vec::<String>::new());
    for (product, short, value) in
        [(1, "con", "2"), (1, "amc", "3"), (1, "out", "4"), (2, "con", "5"), (2, "amc", "6"), (2, "out", "7")]
    {
        assert_eq!(of_element(product, short), vec![value; authorized], "{product} {short}");
    }
    let imports = hmis.requests().iter().filter(|request| request.method == "POST").count();
    assert!(imports <= 4, "{imports} imports for {} values", values.len());
    assert_eq!(lmis.tokens_given(), 1, "one for the whole pull, and not one for each call");
    for ran in [ran, published] {
        let all = ran.out + &ran.messages;
        assert!(!all.contains("password-of-lmis") && !all.contains(TOKEN) && !all.contains("token-0"), "{all}");
    }
}

#[test]
fn weekly_values_go_to_dhis2_and_come_back_weekly() {
    let world = World::new();
    let hmis = hmis(PeriodType::Weekly, &[uid("deWeekly001")], &[uid(&unit(1))]);
    let target = target(&world, &hmis, "hmis,item-1,srcElement1,,dsStockSet1,deWeekly001,,,,,\n");
    world.write(
        "p/mlatho.toml",
        format!(
            "version = 1\nname = \"Test\"\n[[sources]]\nname = \"weeks\"\nside = \"lmis\"\nformat = \"dhis2-json\"\nfiles = [\"inbox/*.json\"]\n{target}"
        ),
    );
    world.write("p/mappings/org_units.csv", format!("source,source_id,org_unit\nweeks,{0},{0}\n", unit(1)));
    world.write("p/mappings/items.csv", "source,source_id,item,factor,unit\nweeks,srcElement1,item-1,1,case\n");
    let value = |period: &str, value: &str| {
        json!({"dataElement": "srcElement1", "period": period, "orgUnit": unit(1), "categoryOptionCombo": "",
               "attributeOptionCombo": "", "value": value})
    };
    // The last week of 2025 begins in it and ends in 2026, whose first week is the next one.
    let weeks = [("2025W52", "3"), ("2026W1", "4"), ("2026W5", "5")];
    let values = weeks.map(|(week, number)| value(week, number));
    world.write("p/inbox/a.json", json!({ "dataValues": values }).to_string());
    let ran = world.run(["run", "--project", "p"]);
    assert_eq!(ran.code, 0, "{}", ran.messages);
    let published = world.run(["publish", "hmis", "--project", "p", "--confirm"]);
    assert_eq!(published.code, 0, "{}", published.messages);
    let mut held: Vec<(String, String)> =
        hmis.values().iter().map(|value| (value.period.to_string(), value.value.clone())).collect();
    held.sort();
    assert_eq!(held, weeks.map(|(week, number)| (week.to_owned(), number.to_owned())));
    let again = world.run(["publish", "hmis", "--project", "p", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!((&told["counts"]["unchanged"], &told["counts"]["new"]), (&json!(3), &json!(0)), "{}", again.messages);
}
