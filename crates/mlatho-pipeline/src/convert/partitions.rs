//! Byte records spread over partitions by a hash, in memory while they fit and in temporary files when they do not.

use std::fs::File;
use std::io::{self, Read, Seek, Write};

/// How many partitions: what is in hand at a time is about this fraction of the whole.
const PARTITIONS: usize = 64;

/// Spreads records over partitions. Records of equal hash land in the same partition, in the order of arrival.
pub(super) struct Partitions {
    buffers: Vec<Vec<u8>>,
    files: Vec<Option<File>>,
    held: usize,
    limit: usize,
}

impl Partitions {
    /// Keeps at most `limit` bytes in memory.
    pub(super) fn new(limit: usize) -> Self {
        let files = (0..PARTITIONS).map(|_| None).collect();
        Self { buffers: vec![Vec::new(); PARTITIONS], files, held: 0, limit }
    }

    /// Adds one record: `write` appends its bytes.
    pub(super) fn push(&mut self, hash: u64, write: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        // The top bits choose the partition, so that the low bits still spread within its hash map.
        let buffer = &mut self.buffers[(hash >> 58) as usize % PARTITIONS];
        let before = buffer.len();
        write(buffer);
        self.held += buffer.len() - before;
        if self.held > self.limit {
            self.spill()?;
        }
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        for (buffer, file) in self.buffers.iter_mut().zip(&mut self.files) {
            let file = match file {
                Some(file) => file,
                None => file.insert(tempfile::tempfile()?),
            };
            file.write_all(buffer)?;
            buffer.clear();
        }
        self.held = 0;
        Ok(())
    }

    /// Gives each partition's bytes in turn and frees them.
    pub(super) fn drain(self) -> impl Iterator<Item = io::Result<Vec<u8>>> {
        self.buffers.into_iter().zip(self.files).map(|(buffer, file)| {
            let Some(mut file) = file else { return Ok(buffer) };
            let mut bytes = Vec::new();
            file.rewind()?;
            file.read_to_end(&mut bytes)?;
            bytes.extend_from_slice(&buffer);
            Ok(bytes)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_within_a_partition_survives_spilling() {
        for limit in [0, 10, 1_000_000] {
            let mut partitions = Partitions::new(limit);
            for number in 0..1000u32 {
                let hash = u64::from(number % 7) << 58;
                partitions.push(hash, |out| out.extend_from_slice(&number.to_le_bytes())).unwrap();
            }
            let parts: Vec<Vec<u8>> = partitions.drain().map(Result::unwrap).collect();
            let mut seen = 0;
            for (index, part) in parts.iter().enumerate() {
                let numbers: Vec<u32> = part.chunks(4).map(|c| u32::from_le_bytes(c.try_into().unwrap())).collect();
                assert!(numbers.iter().all(|number| *number as usize % 7 == index));
                assert!(numbers.is_sorted());
                seen += numbers.len();
            }
            assert_eq!(seen, 1000);
        }
    }
}
