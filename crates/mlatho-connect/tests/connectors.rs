//! No connector without a row in the documentation.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use mlatho_connect::connectors::{CONNECTORS, table};
use mlatho_formats::Format;

/// A folder with settings is a system that is talked to.
#[test]
fn every_folder_of_a_system_has_its_row() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = fs::read_dir(here.join("src")).unwrap().map(|entry| entry.unwrap().path());
    let systems = folders.filter(|folder| folder.join("config.rs").exists());
    let systems: BTreeSet<String> =
        systems.map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned()).collect();
    let declared: BTreeSet<String> = CONNECTORS.iter().map(|own| own.folder.to_owned()).collect();
    assert_eq!(systems, declared, "declare a CONNECTOR in each folder and list it in CONNECTORS");
    for folder in systems {
        for part in ["client.rs", "map.rs", "README.md"] {
            assert!(here.join("src").join(&folder).join(part).exists(), "{folder} has no {part}");
        }
        assert!(here.join("tests").join(&folder).exists(), "{folder} has no tests");
    }
}

#[test]
fn the_table_of_the_documentation_is_the_one_that_is_made() {
    let documented = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/connectors.md");
    let documented = fs::read_to_string(documented).unwrap_or_default();
    assert!(
        documented == table(),
        "docs/connectors.md is old: cargo run -p mlatho-connect --example connectors > docs/connectors.md"
    );
}

#[test]
fn formats_are_names_of_formats() {
    for name in CONNECTORS.iter().flat_map(|own| own.read_as.split(", ")) {
        assert!(name.parse::<Format>().is_ok(), "{name}");
    }
}
