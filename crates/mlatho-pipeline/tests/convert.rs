//! The file route through its public face.

use std::fs;

use mlatho_pipeline::{ConvertRequest, Delivery, FileFormat, Project, convert};

const PROJECT: &str = r#"
version = 1
name = "Two clinics of one district"
[[sources]]
name = "lmis"
side = "lmis"
format = "csv"
layout = "layout.toml"
[[targets]]
name = "dhis2"
"#;

const LAYOUT: &str = r#"
[columns]
report = "report"
org_unit = "clinic"
item = "product"
date = "day"
period = "day"
[period]
type = "monthly"
format = "yyyy-MM-dd"
[[measures]]
column = "opening"
measure = "opening_balance"
[[measures]]
column = "used"
measure = "consumed"
[[measures]]
column = "closing"
measure = "closing_balance"
[[measures]]
column = "out"
measure = "stockout_days"
"#;

const ORG_UNITS: &str = "source,source_id,org_unit,relation,share
lmis,A,District,many-to-one,
lmis,B,District,many-to-one,
";

const ITEMS: &str = "source,source_id,item,relation,share
lmis,red,pill,many-to-one,
lmis,blue,pill,many-to-one,
";

const ELEMENTS: &str = "target,item,measure,data_element
dhis2,pill,opening_balance,opening
dhis2,pill,consumed,used
dhis2,pill,closing_balance,closing
dhis2,pill,stockout_days,out
";

/// Clinic A reports red pills twice in the month, the later half first.
const REPORTS: &str = "report,clinic,product,day,opening,used,closing,out
R2,A,red,2026-03-31,70,20,50,1
R1,A,red,2026-03-15,100,30,70,0
R3,A,blue,2026-03-31,10,4,6,0
R4,B,red,2026-03-31,5,5,0,9
";

#[test]
fn ledgers_follow_on_within_themselves_and_are_added_up_beside_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("mappings")).unwrap();
    for (name, text) in [
        ("mlatho.toml", PROJECT),
        ("layout.toml", LAYOUT),
        ("mappings/org_units.csv", ORG_UNITS),
        ("mappings/items.csv", ITEMS),
        ("mappings/elements.csv", ELEMENTS),
        ("reports.csv", REPORTS),
    ] {
        fs::write(root.join(name), text).unwrap();
    }
    let request = ConvertRequest {
        files: vec![root.join("reports.csv")],
        source: None,
        target: None,
        delivery: Delivery::Files { folder: root.join("out"), format: FileFormat::Csv },
    };
    let mut findings = Vec::new();
    let counts = convert(&Project::load(root).unwrap(), &request, &mut findings).unwrap();
    assert_eq!((counts.lines, counts.groups, counts.values, findings), (4, 1, 4, vec![]));

    let text = fs::read_to_string(root.join("out/00000.csv")).unwrap();
    let mut values: Vec<String> = text.lines().skip(1).map(|line| line.trim_end_matches(',').to_owned()).collect();
    values.sort_unstable();
    // Opening 100 + 10 + 5, used 20 + 30 + 4 + 5, closing 50 + 6 + 0; out of stock as long as the longest.
    let by_hand = [
        "closing,202603,District,,,56",
        "opening,202603,District,,,115",
        "out,202603,District,,,9",
        "used,202603,District,,,59",
    ];
    assert_eq!(values, by_hand);
}
