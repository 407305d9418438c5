//! The project in a folder of its own, with the published files in its inbox.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde::de::DeserializeOwned;
use tempfile::TempDir;

pub(crate) const LEDGER: &str = "lmis_2016-01_2019-06.csv.gz";
pub(crate) const MONTHLY: &str = "hmis_monthly_2019-01_2019-06.csv";
pub(crate) const ANNUAL: &str = "hmis_annual_2016_2018.csv";

pub(crate) struct World {
    /// The published tables.
    pub(crate) data: PathBuf,
    folder: TempDir,
}

impl World {
    /// Nothing, where the data is not there.
    pub(crate) fn new() -> Option<Self> {
        let data = crate::data_set("civ-contraceptive")?;
        let world = Self { data, folder: tempfile::tempdir().unwrap() };
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shared/civ"), world.folder.path());
        for (inbox, file) in [("inbox/lmis", LEDGER), ("inbox/hmis", MONTHLY)] {
            fs::create_dir_all(world.path(inbox)).unwrap();
            fs::copy(world.data.join(file), world.path(inbox).join(file)).unwrap();
        }
        Some(world)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the program in the project; it ends well.
    pub(crate) fn mlatho(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mlatho"));
        command.current_dir(self.folder.path()).env("MLATHO_LANGUAGE", "en").args(arguments);
        command.assert().success().get_output().clone()
    }

    /// The rows that `mlatho read` makes of a file, and no finding.
    pub(crate) fn read(&self, file: &str, layout: &str) -> Vec<ReadRow> {
        let arguments =
            ["read", file, "--as", "csv", "--layout", layout, "--out", "rows.csv", "--findings", "findings.csv"];
        self.mlatho(&arguments);
        assert_eq!(fs::read_to_string(self.path("findings.csv")).unwrap().lines().count(), 1, "only a header");
        table(&self.path("rows.csv"))
    }

    /// A mapping file of the project.
    pub(crate) fn mapping<T: DeserializeOwned>(&self, name: &str) -> Vec<T> {
        table(&self.path("mappings").join(name))
    }
}

/// One row of `mlatho read`.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct ReadRow {
    pub(crate) position: u64,
    pub(crate) org_unit: String,
    pub(crate) item: String,
    pub(crate) measure: String,
    pub(crate) disaggregation: String,
    pub(crate) period: String,
    pub(crate) value: Option<f64>,
    pub(crate) state: String,
}

/// The rows of a CSV file.
pub(crate) fn table<T: DeserializeOwned>(path: &Path) -> Vec<T> {
    let text = fs::read_to_string(path).unwrap();
    csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes()).deserialize().map(Result::unwrap).collect()
}

/// Copies the project, the Rust files beside it left out.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else if path.extension().is_none_or(|extension| extension != "rs") {
            fs::copy(&path, &target).unwrap();
        }
    }
}
