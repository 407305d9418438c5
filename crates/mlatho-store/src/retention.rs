//! Removing what has been outdated for long.

use std::fs::{self, File};

use jiff::Timestamp;

use crate::catalogue::file_name;
use crate::error::{Result, StoreError};
use crate::repository::{Pending, Repository};
use crate::warehouse::{FINDINGS, OBSERVATIONS, Warehouse};

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    pub files: u64,
    pub bytes: u64,
}

impl Repository {
    /// Removes files of `observations` and `findings` whose months were written anew before this time: the past of the
    /// tables can be read from then on. Everything that arrived stays: neither the landing area, nor `observations_log`,
    /// nor the catalogue is touched. Where it is cut off, the next time goes on.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where a run is going on; else the catalogue cannot be read, or a file cannot be removed.
    pub fn remove_outdated(&self, before: Timestamp) -> Pending<'_, Removed> {
        Box::pin(async move {
            let _lock = self.lock()?;
            let warehouse = Warehouse::open(&self.data_dir().join("warehouse"), false).await?;
            let mut live = warehouse.observations.files()?;
            live.extend(warehouse.findings.files()?);
            let mut paths = Vec::new();
            for (month, lease) in self.catalogue.outdated(before).await? {
                for design in [&OBSERVATIONS, &FINDINGS] {
                    let folder = format!("{}={month}", design.partition);
                    let path = warehouse.root.join(design.name).join(folder).join(format!("part-{lease}.parquet"));
                    if path.is_file() && !live.iter().any(|file| file.path == path) {
                        paths.push(path);
                    }
                }
            }
            let names: Vec<String> = paths.iter().map(|path| file_name(&warehouse.root, path)).collect();
            self.catalogue.forget_files(&names).await?;
            let mut removed = Removed::default();
            for path in paths {
                let bytes = fs::metadata(&path).map_err(StoreError::io("reading", &path))?.len();
                fs::remove_file(&path).map_err(StoreError::io("removing", &path))?;
                removed.files += 1;
                removed.bytes += bytes;
            }
            Ok(removed)
        })
    }

    /// Keeps runs away.
    fn lock(&self) -> Result<File> {
        let path = self.data_dir().join("writer.lock");
        let lock = File::create(&path).map_err(StoreError::io("creating", &path))?;
        lock.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => StoreError::Busy { path: self.data_dir().into() },
            fs::TryLockError::Error(source) => StoreError::io("locking", &path)(source),
        })?;
        Ok(lock)
    }
}
