//! Copies of a repository, and repositories from copies.
//!
//! A copy is a folder: `catalogue/<table>.jsonl` with one row a line, `landing/`, `warehouse/`, whatever else lies in the
//! data folder, and at the end `manifest.json` with the length and the BLAKE3 hash of each file. The same form serves both
//! kinds of databases, so that a repository moves from one to the other by it.
//!
//! The catalogue is read first, in one snapshot. What it names is on disk by then: bytes land before their receipt, and
//! files are written before they are recorded. Of the log of each table those versions are copied that the snapshot knows;
//! a run that is going on stands in the copy as if it had been killed at that moment, and is resumed from there.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::catalogue::Versions;
use crate::error::{Result, StoreError};
use crate::landing::files_below;
use crate::repository::{Pending, Repository};

const MANIFEST: &str = "manifest.json";
/// What lies in the data folder for the time of a process only.
const PASSING: [&str; 2] = ["writer.lock", "review.lock"];

/// What a copy consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Of this form: 1.
    version: u32,
    pub made_at: Timestamp,
    /// The last change to the form of the catalogue that the copy knows of.
    catalogue: String,
    files: BTreeMap<String, Copied>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Copied {
    bytes: u64,
    hash: String,
}

impl Manifest {
    /// How many files there are.
    #[must_use]
    pub fn files(&self) -> usize {
        self.files.len()
    }

    /// How long they are together.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.values().map(|file| file.bytes).sum()
    }
}

impl Repository {
    /// Copies everything into a new folder while runs and deliveries may go on. The folder stands complete under its name
    /// or not at all.
    ///
    /// # Errors
    /// [`StoreError::NotEmpty`] where there is something already, or the place is in the data folder; else something cannot be read or written.
    pub fn backup<'a>(&'a self, folder: &'a Path, now: Timestamp) -> Pending<'a, Manifest> {
        Box::pin(async move {
            // Within the data folder, a copy would hold the copies before it.
            let around = folder.parent().and_then(|parent| parent.canonicalize().ok());
            if folder.exists() || around.is_some_and(|around| around.starts_with(self.data_dir())) {
                return Err(StoreError::NotEmpty { path: folder.into() });
            }
            let part = beside(folder, "part");
            if part.exists() {
                fs::remove_dir_all(&part).map_err(StoreError::io("removing", &part))?;
            }
            let mut copy = Copy { root: part, files: BTreeMap::new() };
            let catalogue = copy.root.join("catalogue");
            fs::create_dir_all(&catalogue).map_err(StoreError::io("creating", &catalogue))?;
            let known = self.catalogue.dump(&catalogue).await?;
            for path in below(&catalogue)? {
                copy.note(&path)?;
            }
            self.copy_data(&mut copy, known)?;
            let manifest = Manifest { version: 1, made_at: now, catalogue: migration().into(), files: copy.files };
            let path = copy.root.join(MANIFEST);
            let text = serde_json::to_vec_pretty(&manifest).map_err(|error| StoreError::damaged(error.to_string()))?;
            fs::write(&path, text).map_err(StoreError::io("writing", &path))?;
            fs::rename(&copy.root, folder).map_err(StoreError::io("writing", folder))?;
            Ok(manifest)
        })
    }

    fn copy_data(&self, copy: &mut Copy, known: Versions) -> Result<()> {
        let data_dir = self.data_dir();
        let of_log = |relative: &Path| -> Option<(String, String)> {
            let mut parts = relative.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
            let (warehouse, table, log, name) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
            (warehouse == "warehouse" && log == "_delta_log").then_some((table, name))
        };
        for path in below(data_dir)? {
            let relative = path.strip_prefix(data_dir).unwrap_or(&path);
            let first = relative.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
            let first = first.unwrap_or_default();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if first.starts_with("catalogue.db") || PASSING.contains(&&*first) || name.starts_with(".arriving-") {
                continue;
            }
            if let Some((table, name)) = of_log(relative) {
                let last = match table.as_str() {
                    "observations_log" => known.log,
                    "observations" => known.observations,
                    _ => known.findings,
                };
                if !is_up_to(&name, last) {
                    continue;
                }
            }
            copy.take(&path, relative)?;
        }
        Ok(())
    }

    /// Makes a repository from a copy, where there is none. Everything in the copy is compared with its manifest first.
    ///
    /// # Errors
    /// The copy is none or has changed, there is a repository already, or something cannot be written.
    pub fn restore<'a>(folder: &'a Path, data_dir: &'a Path, catalogue_url: Option<&'a str>) -> Pending<'a, Manifest> {
        Box::pin(async move {
            let manifest = read_manifest(folder)?;
            let occupied = fs::read_dir(data_dir).is_ok_and(|mut entries| entries.next().is_some());
            if occupied {
                return Err(StoreError::NotEmpty { path: data_dir.into() });
            }
            for (name, copied) in &manifest.files {
                let path = folder.join(name);
                let hash = crate::catalogue::file_hash(&path).ok();
                if hash.as_ref() != Some(&copied.hash) {
                    return Err(StoreError::BadCopy { path });
                }
            }
            let part = beside(data_dir, "restoring");
            if part.exists() {
                fs::remove_dir_all(&part).map_err(StoreError::io("removing", &part))?;
            }
            let mut copy = Copy { root: part.clone(), files: BTreeMap::new() };
            fs::create_dir_all(&part).map_err(StoreError::io("creating", &part))?;
            for name in manifest.files.keys().filter(|name| !name.starts_with("catalogue/")) {
                copy.take(&folder.join(name), Path::new(name))?;
            }
            let repository = Self::open(&part, catalogue_url).await?;
            repository.catalogue.load(&folder.join("catalogue"), data_dir).await?;
            repository.close().await?;
            if data_dir.exists() {
                fs::remove_dir(data_dir).map_err(StoreError::io("replacing", data_dir))?;
            }
            fs::rename(&part, data_dir).map_err(StoreError::io("writing", data_dir))?;
            Ok(manifest)
        })
    }
}

/// A copy that is being made.
struct Copy {
    root: PathBuf,
    files: BTreeMap<String, Copied>,
}

impl Copy {
    /// Copies a file, noting its hash. One that has gone meanwhile was removed as outdated, and nothing names it.
    fn take(&mut self, from: &Path, relative: &Path) -> Result<()> {
        let file = match File::open(from) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(StoreError::io("opening", from)(error)),
        };
        let to = self.root.join(relative);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(StoreError::io("creating", folder))?;
        }
        let mut out = File::create(&to).map_err(StoreError::io("creating", &to))?;
        let (mut hash, mut bytes, mut buffer) = (blake3::Hasher::new(), 0, vec![0; 1 << 17]);
        let mut input = BufReader::new(file);
        loop {
            let read = input.read(&mut buffer).map_err(StoreError::io("reading", from))?;
            let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { break };
            hash.update(piece);
            out.write_all(piece).map_err(StoreError::io("writing", &to))?;
            bytes += piece.len() as u64;
        }
        out.sync_all().map_err(StoreError::io("writing", &to))?;
        let name = crate::catalogue::file_name(&self.root, &to);
        self.files.insert(name, Copied { bytes, hash: hash.finalize().to_hex().to_string() });
        Ok(())
    }

    /// Notes a file that was written into the copy.
    fn note(&mut self, path: &Path) -> Result<()> {
        let bytes = fs::metadata(path).map_err(StoreError::io("reading", path))?.len();
        let copied = Copied { bytes, hash: crate::catalogue::file_hash(path)? };
        self.files.insert(crate::catalogue::file_name(&self.root, path), copied);
        Ok(())
    }
}

fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    files_below(folder).map_err(StoreError::io("listing", folder))
}

fn read_manifest(folder: &Path) -> Result<Manifest> {
    let path = folder.join(MANIFEST);
    let text = fs::read(&path).map_err(StoreError::io("opening the copy", &path))?;
    let manifest: Manifest = serde_json::from_slice(&text).map_err(|_| StoreError::BadCopy { path: path.clone() })?;
    // A newer program may keep more than this one knows to put back.
    if manifest.version != 1 || manifest.catalogue.as_str() > migration() {
        return Err(StoreError::NewerCopy { path });
    }
    Ok(manifest)
}

fn migration() -> &'static str {
    crate::catalogue::LAST_MIGRATION
}

/// A neighbour of a folder.
fn beside(folder: &Path, ending: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    folder.with_file_name(name)
}

/// Whether a file of the log of a Delta table speaks of versions up to this one only.
fn is_up_to(name: &str, last: i64) -> bool {
    match name.split('.').next().and_then(|digits| digits.parse::<i64>().ok()) {
        Some(version) => version <= last,
        // `_last_checkpoint` may name a later one; readers find checkpoints without it.
        None => false,
    }
}
