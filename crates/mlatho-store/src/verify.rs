//! Whether everything that is kept is as it was written.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use mlatho_model::{Finding, ReceiptId};

use crate::catalogue::{NOTHING, RunState, entry_hash, file_hash, file_name};
use crate::error::{Result, StoreError};
use crate::repository::{Pending, Repository};
use crate::warehouse::{Table, Warehouse};

/// What was looked at, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verified {
    /// Entries of the audit log.
    pub entries: u64,
    pub receipts: u64,
    /// Bytes that arrived, unpacked.
    pub bytes: u64,
    /// Files of the tables.
    pub files: u64,
    pub runs: u64,
    /// Each names what is broken. Nothing, where all is as it was written.
    pub faults: Vec<Finding>,
}

impl Verified {
    fn fault(&mut self, code: &'static str, with: &[(&'static str, &str)]) {
        let mut finding = Finding::error(code);
        for (name, value) in with {
            finding = finding.with(name, *value);
        }
        self.faults.push(finding);
    }
}

impl Repository {
    /// Reads everything through: the audit log against its hashes, what arrived against its names and receipts, the files
    /// of the tables against the hashes that were recorded, and the versions of the tables against the runs. Nothing is
    /// changed. A run that is going on meanwhile is no fault.
    ///
    /// # Errors
    /// The catalogue cannot be read.
    pub fn verify(&self) -> Pending<'_, Verified> {
        Box::pin(async move {
            let mut verified = Verified::default();
            self.verify_audit(&mut verified).await?;
            self.verify_landing(&mut verified).await?;
            self.verify_tables(&mut verified).await?;
            Ok(verified)
        })
    }

    async fn verify_audit(&self, verified: &mut Verified) -> Result<()> {
        let anchors = self.catalogue.anchors().await?;
        let rows = self.catalogue.audit_rows().await?;
        let mut previous = NOTHING;
        for (row, number) in rows.iter().zip(1..) {
            verified.entries += 1;
            let at = row.number.to_string();
            if row.number != number {
                let expected = number.to_string();
                verified.fault("verify-audit-gap", &[("number", &expected), ("found", &at)]);
                break;
            }
            if row.previous != previous {
                verified.fault("verify-audit-link", &[("number", &at)]);
            }
            if row.hash != entry_hash(row) {
                verified.fault("verify-audit-changed", &[("number", &at)]);
            }
            previous = &row.hash;
        }
        let hashes: HashMap<i64, &str> = rows.iter().map(|row| (row.number, row.hash.as_str())).collect();
        for anchor in anchors.iter().filter(|anchor| hashes.get(&anchor.number) != Some(&anchor.hash.as_str())) {
            let (number, run) = (anchor.number.to_string(), anchor.run.to_string());
            verified.fault("verify-audit-cut", &[("number", &number), ("run", &run)]);
        }
        Ok(())
    }

    async fn verify_landing(&self, verified: &mut Verified) -> Result<()> {
        // What arrives meanwhile lies there before its receipt does.
        let receipts = self.receipts().await?;
        let mut lengths: HashMap<ReceiptId, u64> = HashMap::new();
        for id in self.landing().ids()? {
            match self.landing().verify(&id) {
                Ok(bytes) => {
                    verified.bytes += bytes;
                    lengths.insert(id, bytes);
                }
                Err(_) => verified.fault("verify-receipt-changed", &[("receipt", id.as_str())]),
            }
        }
        let changed: HashSet<String> =
            verified.faults.iter().filter(|fault| fault.code == "verify-receipt-changed").filter_map(named).collect();
        let numbers: BTreeSet<i32> = receipts.iter().map(|receipt| receipt.number).collect();
        for receipt in &receipts {
            verified.receipts += 1;
            let about = [("receipt", receipt.id.as_str()), ("origin", receipt.origin.as_str())];
            match lengths.get(&receipt.id) {
                Some(bytes) if *bytes != receipt.bytes => verified.fault("verify-receipt-length", &about),
                None if !changed.contains(receipt.id.as_str()) => verified.fault("verify-receipt-missing", &about),
                _ => {}
            }
            if receipt.superseded_by.is_some_and(|by| !numbers.contains(&by)) {
                verified.fault("verify-receipt-successor", &about);
            }
        }
        Ok(())
    }

    async fn verify_tables(&self, verified: &mut Verified) -> Result<()> {
        let finished = self.catalogue.finished_versions().await?;
        let warehouse = match Warehouse::open(&self.data_dir().join("warehouse"), false).await {
            Ok(warehouse) => warehouse,
            Err(StoreError::Table { table, source, .. }) => {
                verified.fault("verify-table", &[("table", table), ("reason", &source.to_string())]);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        // Read after the tables, so that a run that goes on meanwhile is seen.
        let recorded = self.catalogue.table_files().await?;
        let runs = self.runs().await?;
        verified.runs = runs.len() as u64;
        let going_on = runs.iter().any(|run| run.state == RunState::Open) || runs.len() > finished.len();
        for (path, hash) in recorded.iter().collect::<std::collections::BTreeMap<_, _>>() {
            verified.files += 1;
            let place = warehouse.root.join(path);
            match file_hash(&place) {
                Ok(found) if found == *hash => {}
                Ok(_) => verified.fault("verify-file-changed", &[("path", path)]),
                Err(_) if !place.exists() => verified.fault("verify-file-missing", &[("path", path)]),
                Err(error) => {
                    verified.fault("verify-file-unreadable", &[("path", path), ("reason", &error.to_string())]);
                }
            }
        }
        for (table, versions) in [
            (&warehouse.log, finished.iter().map(|(run, of)| (*run, of.log)).collect::<Vec<_>>()),
            (&warehouse.observations, finished.iter().map(|(run, of)| (*run, of.observations)).collect()),
            (&warehouse.findings, finished.iter().map(|(run, of)| (*run, of.findings)).collect()),
        ] {
            let (now, name) = (table.version(), table.name());
            if let Some((run, version)) = versions.iter().find(|(_, version)| *version > now) {
                let with = [("table", name), ("run", &*run.to_string()), ("version", &*version.to_string())];
                verified.fault("verify-version-lost", &with);
            } else if !going_on && versions.last().is_some_and(|(_, version)| *version < now) {
                verified.fault("verify-version-unknown", &[("table", name), ("version", &now.to_string())]);
            }
            if !going_on {
                unknown_files(&warehouse.root, table, &recorded, verified)?;
            }
        }
        Ok(())
    }
}

/// Files that a table consists of and no run wrote.
fn unknown_files(
    root: &Path,
    table: &Table,
    recorded: &HashMap<String, String>,
    verified: &mut Verified,
) -> Result<()> {
    for file in table.files()? {
        let path = file_name(root, &file.path);
        if !recorded.contains_key(&path) {
            verified.fault("verify-file-unknown", &[("path", &path)]);
        }
    }
    Ok(())
}

/// The receipt that a fault names.
fn named(fault: &Finding) -> Option<String> {
    let (_, value) = fault.args.iter().find(|(name, _)| *name == "receipt")?;
    match value {
        mlatho_model::Arg::Text(text) => Some(text.to_string()),
        mlatho_model::Arg::Number(_) => None,
    }
}
