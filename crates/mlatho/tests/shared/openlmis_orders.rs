//! Orders and proofs of delivery of OpenLMIS's demonstration data, through the double and a run.

use std::collections::BTreeMap;
use std::fs;

use assert_cmd::Command;
use mlatho_model::Decimal;
use serde::Deserialize;

use crate::openlmis_api::server;

#[derive(Deserialize)]
struct Row {
    measure: String,
    value: String,
    state: String,
    status: String,
}

/// 6 orders of 12 lines, 6 shipments of 11, and 6 proofs of 12, of which one is confirmed. Numbers are worked out by hand from
/// the tables: packs by the pack sizes 84 (C100), 63 (C200), 16 (C1) and 40 (C2).
#[test]
fn orders_are_landed_read_and_added_up() {
    let Some(server) = server() else { return };
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let config = format!(
        r#"
version = 1
name = "Test"

[mappings]
elements = []

[[sources]]
name = "lmis"
side = "lmis"
format = "openlmis-requisitions"

[sources.openlmis.server]
url = "{}"
api_key_file = "key"
"#,
        server.url()
    );
    write("mlatho.toml", &config);
    write("key", "key");
    write("mappings/org_units.csv", "source,source_id,org_unit\nlmis,HF01,ouabcdefgh1\nlmis,DH01,ouabcdefgh2\n");
    let items = ["C100", "C200", "C1", "C2"].map(|code| format!("lmis,{code},item-{code},1,tablet\n"));
    write("mappings/items.csv", &format!("source,source_id,item,factor,unit\n{}", items.concat()));
    let mlatho = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mlatho"));
        command.current_dir(folder.path()).env("MLATHO_LANGUAGE", "en").args(arguments);
        String::from_utf8(command.assert().success().get_output().stdout.clone()).unwrap()
    };
    mlatho(&["run", "-q"]);
    let query = "SELECT measure, value, state, status FROM observations WHERE disaggregation = 'order'";
    let rows = mlatho(&["sql", query, "--format", "csv"]);
    let rows: Vec<Row> = csv::Reader::from_reader(rows.as_bytes()).deserialize().map(Result::unwrap).collect();
    let mut found: BTreeMap<&str, (usize, usize, Decimal)> = BTreeMap::new();
    for row in &rows {
        assert_eq!(row.status, "accepted", "three orders of one facility and month are no duplicates");
        let (all, reported, sum) = found.entry(&row.measure).or_default();
        *all += 1;
        if row.state == "reported" {
            *reported += 1;
            *sum += row.value.parse::<Decimal>().unwrap();
        }
    }
    let expected = |all, reported, sum: u64| (all, reported, Decimal::from(sum));
    assert_eq!(found["ordered"], expected(12, 12, 114_540));
    assert_eq!(found["shipped"], expected(11, 11, 91_940));
    assert_eq!(found["accepted"], expected(12, 2, 11_550));
    assert_eq!(found["rejected"], expected(12, 2, 0));
    assert_eq!(found["orderedQuantity"], expected(12, 12, 3 * 150 + 1050 + 120 + 1230));
    let again = mlatho(&["run", "--format", "json"]);
    assert!(again.contains("\"run\": null"), "{again}");
}
