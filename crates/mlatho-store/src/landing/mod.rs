//! The landing area: bytes as they arrived, named by their hash.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use mlatho_model::ReceiptId;

use crate::error::{Result, StoreError};

/// How hard zstd tries: a million requisition lines (71 MB) are packed to a quarter at 345 MB/s; 3 is slower (241 MB/s)
/// and packs them no better.
const LEVEL: i32 = 1;

/// Numbers the arrivals of this process, for the names of unfinished files.
static ARRIVALS: AtomicU64 = AtomicU64::new(0);

#[derive(Debug)]
pub(crate) struct Landing {
    root: PathBuf,
}

impl Landing {
    pub(crate) fn open(root: &Path) -> Result<Self> {
        fs::create_dir_all(root).map_err(StoreError::io("creating", root))?;
        Ok(Self { root: root.into() })
    }

    fn path(&self, id: &ReceiptId) -> PathBuf {
        let folder = id.as_str().get(..2).unwrap_or_default();
        self.root.join(folder).join(format!("{id}.zst"))
    }

    /// Keeps a stream of bytes, compressed; gives their hash and length. The file stands complete under its name or
    /// not at all.
    pub(crate) fn keep(&self, mut input: impl Read) -> Result<(ReceiptId, u64)> {
        let arrival = ARRIVALS.fetch_add(1, Ordering::Relaxed);
        let part = self.root.join(format!(".arriving-{}-{arrival}", std::process::id()));
        let fail = |doing: &'static str| StoreError::io(doing, &part);
        let file = File::create(&part).map_err(fail("creating"))?;
        let mut packed = zstd::Encoder::new(BufWriter::new(file), LEVEL).map_err(fail("writing"))?;
        let (mut hash, mut bytes, mut buffer) = (blake3::Hasher::new(), 0, vec![0; 1 << 16]);
        loop {
            let read = match input.read(&mut buffer) {
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    drop(packed);
                    fs::remove_file(&part).map_err(fail("removing"))?;
                    return Err(fail("reading what arrives for")(error));
                }
            };
            let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { break };
            hash.update(piece);
            packed.write_all(piece).map_err(fail("writing"))?;
            bytes += piece.len() as u64;
        }
        let written = packed.finish().map_err(fail("writing"))?;
        let file = written.into_inner().map_err(|error| fail("writing")(error.into_error()))?;
        file.sync_all().map_err(fail("writing"))?;
        let text = hash.finalize().to_hex();
        let id: ReceiptId = text.parse().map_err(|_| StoreError::damaged(format!("`{text}` is no hash")))?;
        let place = self.path(&id);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(StoreError::io("creating", folder))?;
            fs::rename(&part, &place).map_err(StoreError::io("writing", &place))?;
            sync_folder(folder)?;
        }
        Ok((id, bytes))
    }

    /// The bytes as they arrived.
    pub(crate) fn read(&self, id: &ReceiptId) -> Result<impl Read + Send + use<>> {
        let path = self.path(id);
        let file = File::open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => StoreError::NoReceipt { id: id.clone() },
            _ => StoreError::io("opening", &path)(error),
        })?;
        let unpacked = zstd::Decoder::with_buffer(BufReader::new(file)).map_err(StoreError::io("reading", &path))?;
        Ok(unpacked)
    }

    /// Reads the bytes through and compares their hash with their name. Gives how many there are.
    pub(crate) fn verify(&self, id: &ReceiptId) -> Result<u64> {
        let mut hash = blake3::Hasher::new();
        let changed = || StoreError::ReceiptChanged { id: id.clone() };
        hash.update_reader(self.read(id)?).map_err(|_| changed())?;
        if hash.finalize().to_hex().as_str() == id.as_str() { Ok(hash.count()) } else { Err(changed()) }
    }

    /// The names of all that lies here.
    pub(crate) fn ids(&self) -> Result<BTreeSet<ReceiptId>> {
        let fail = StoreError::io("listing", &self.root);
        let paths = files_below(&self.root).map_err(fail)?;
        let name = |path: PathBuf| path.file_name()?.to_str()?.strip_suffix(".zst")?.parse().ok();
        Ok(paths.into_iter().filter_map(name).collect())
    }
}

/// Every file below a folder, in the order of their paths.
pub(crate) fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut waiting, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                waiting.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Makes a rename in this folder outlast a power cut.
fn sync_folder(folder: &Path) -> Result<()> {
    let sync = File::open(folder).and_then(|folder| folder.sync_all());
    sync.map_err(StoreError::io("writing", folder))
}
