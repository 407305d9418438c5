//! How many values go into one request: as many as the server digests in good time.

use std::time::Duration;

use crate::dhis2::Config;

const SLOW: Duration = Duration::from_secs(30);
const FAST: Duration = Duration::from_secs(3);

/// A number of values that adapts: halved when the server is slow, half as much again when it is fast.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk(usize);

impl Chunk {
    pub(super) fn starting(size: usize) -> Self {
        Self(size.clamp(1, *Config::CHUNKS.end()))
    }

    pub(super) const fn size(self) -> usize {
        self.0
    }

    /// A request of `sent` values was answered after `took`.
    pub(super) fn answered(&mut self, sent: usize, took: Duration) {
        if took > SLOW {
            self.halve();
        } else if took < FAST && sent >= self.0 {
            self.0 = (self.0 + self.0.div_ceil(2)).min(*Config::CHUNKS.end());
        }
    }

    /// The server or a proxy gave up.
    pub(super) fn halve(&mut self) {
        let floor = self.0.min(*Config::CHUNKS.start());
        self.0 = (self.0 / 2).max(floor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_by_hand() {
        let mut chunk = Chunk::starting(1000);
        chunk.answered(1000, Duration::from_secs(1));
        assert_eq!(chunk.size(), 1500);
        chunk.answered(100, Duration::from_secs(1)); // a part of a chunk says nothing
        chunk.answered(1500, Duration::from_secs(10));
        assert_eq!(chunk.size(), 1500);
        chunk.answered(1500, Duration::from_secs(31));
        assert_eq!(chunk.size(), 750);
        for _ in 0..9 {
            chunk.halve();
        }
        assert_eq!(chunk.size(), 50);
        for _ in 0..20 {
            chunk.answered(5000, Duration::ZERO);
        }
        assert_eq!(chunk.size(), 5000);
    }
}
