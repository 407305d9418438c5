//! Identifiers. Each kind has its own type, so that one cannot stand where another belongs.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Why a text is not an identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not {wanted}")]
pub struct BadId {
    pub found: String,
    pub wanted: &'static str,
}

/// Declares an identifier made of any text without control characters at its ends.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $wanted:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The identifier as text, never empty.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            /// Surrounding white space is not part of an identifier and is left out.
            fn from_str(text: &str) -> Result<Self, BadId> {
                let trimmed = text.trim();
                if trimmed.is_empty() || trimmed.chars().any(char::is_control) {
                    return Err(BadId { found: text.into(), wanted: $wanted });
                }
                Ok(Self(trimmed.into()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;

            fn try_from(text: String) -> Result<Self, BadId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

text_id! {
    /// An organisation unit of the project's registry: what a facility or district is called after harmonizing.
    OrgUnitId, "an organisation unit id (any text without control characters)"
}
text_id! {
    /// A thing that is counted, in the project's registry: a product, or a service data element.
    ItemId, "an item id (any text without control characters)"
}
text_id! {
    /// The name that the project gives to a source of data, such as `lmis`.
    SourceName, "a source name (any text without control characters)"
}

/// DHIS2 identifier: one letter, then ten letters or digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uid([u8; 11]);

impl Uid {
    /// The eleven characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII gets in through `from_str`; the fallback is never reached.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Uid {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        let bad = || BadId { found: text.into(), wanted: "a DHIS2 UID (a letter, then 10 letters or digits)" };
        let bytes: [u8; 11] = text.as_bytes().try_into().map_err(|_| bad())?;
        if bytes[0].is_ascii_alphabetic() && bytes.iter().all(u8::is_ascii_alphanumeric) {
            return Ok(Self(bytes));
        }
        Err(bad())
    }
}

impl TryFrom<String> for Uid {
    type Error = BadId;

    fn try_from(text: String) -> Result<Self, BadId> {
        text.parse()
    }
}

impl From<Uid> for String {
    fn from(uid: Uid) -> Self {
        uid.as_str().into()
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uid({})", self.as_str())
    }
}

/// Names bytes that arrived: their BLAKE3 hash, 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReceiptId(Arc<str>);

impl ReceiptId {
    /// The 64 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ReceiptId {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        let digits = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if text.len() == 64 && digits {
            return Ok(Self(text.into()));
        }
        Err(BadId { found: text.into(), wanted: "a BLAKE3 hash (64 lower-case hexadecimal digits)" })
    }
}

impl TryFrom<String> for ReceiptId {
    type Error = BadId;

    fn try_from(text: String) -> Result<Self, BadId> {
        text.parse()
    }
}

impl From<ReceiptId> for String {
    fn from(id: ReceiptId) -> Self {
        id.0.as_ref().into()
    }
}

impl fmt::Display for ReceiptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Numbers the runs of one repository from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RunId(pub i64);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uid_is_checked_where_it_enters() {
        assert!("a1234567890".parse::<Uid>().is_ok());
        assert!("11234567890".parse::<Uid>().is_err());
        assert!("a123456789".parse::<Uid>().is_err());
        assert!("a12345678é".parse::<Uid>().is_err());
    }

    #[test]
    fn text_ids_are_trimmed_and_never_empty() {
        assert_eq!(" HF 1 ".parse::<OrgUnitId>().map(|id| id.to_string()), Ok("HF 1".into()));
        assert!("  ".parse::<ItemId>().is_err());
        assert!("a\nb".parse::<ItemId>().is_err());
    }

    #[test]
    fn receipt_is_a_hash() {
        assert!("0a".repeat(32).parse::<ReceiptId>().is_ok());
        assert!("0A".repeat(32).parse::<ReceiptId>().is_err());
        assert!("0a".repeat(31).parse::<ReceiptId>().is_err());
    }
}
