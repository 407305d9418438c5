//! Which DHIS2 a server is, and which of the two import engines it has.

use std::fmt;
use std::str::FromStr;

/// The two implementations of data value import (`dhis2.md` section 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// 2.42 and older: writes row by row.
    A,
    /// 2.43 and newer: refuses whole groups.
    B,
}

/// A DHIS2 version such as `2.43.0.1`, without what follows a dash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The release line: 43 for `2.43.0.1`.
    pub line: u32,
    pub patch: u32,
    pub hotfix: u32,
}

/// A text that is no DHIS2 version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a DHIS2 version (2.42.1)")]
pub struct BadVersion {
    pub found: String,
}

impl Version {
    /// Servers older than this line are never written to.
    pub const OLDEST_WRITABLE: u32 = 38;
    /// The newest line whose rules are known here.
    pub const NEWEST_KNOWN: u32 = 44;

    #[must_use]
    pub const fn engine(self) -> Engine {
        if self.line >= 43 { Engine::B } else { Engine::A }
    }

    /// 2.43.0 to 2.43.1 apply input periods the wrong way round (DHIS2-21981).
    #[must_use]
    pub const fn inverts_input_periods(self) -> bool {
        self.line == 43 && self.patch <= 1
    }

    /// 2.43.0 refuses an export that is asked for by `lastUpdated` alone (DHIS2-21821).
    #[must_use]
    pub const fn refuses_last_updated_alone(self) -> bool {
        self.line == 43 && self.patch == 0
    }
}

impl FromStr for Version {
    type Err = BadVersion;

    fn from_str(text: &str) -> Result<Self, BadVersion> {
        let bad = || BadVersion { found: text.into() };
        let numbers = text.split('-').next().unwrap_or_default();
        let parts: Vec<u32> = numbers.split('.').map(str::parse).collect::<Result<_, _>>().map_err(|_| bad())?;
        // Lines are written 2.43; a leading 2 that is left out one day would still be understood.
        let parts = match parts.as_slice() {
            [2, rest @ ..] => rest,
            [line, ..] if *line >= Self::OLDEST_WRITABLE => parts.as_slice(),
            _ => return Err(bad()),
        };
        let at = |index: usize| parts.get(index).copied().unwrap_or(0);
        if parts.is_empty() { Err(bad()) } else { Ok(Self { line: at(0), patch: at(1), hotfix: at(2) }) }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "2.{}.{}", self.line, self.patch)?;
        if self.hotfix > 0 { write!(f, ".{}", self.hotfix) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_by_hand() {
        let read = |text: &str| text.parse::<Version>().unwrap();
        assert_eq!(read("2.42.1").engine(), Engine::A);
        assert_eq!(read("2.43.0-SNAPSHOT").engine(), Engine::B);
        assert_eq!(read("2.43.0.1"), Version { line: 43, patch: 0, hotfix: 1 });
        assert!(read("2.43.1").inverts_input_periods() && !read("2.43.2").inverts_input_periods());
        for bad in ["", "x", "2.", "1.5"] {
            assert!(bad.parse::<Version>().is_err(), "{bad}");
        }
    }
}
