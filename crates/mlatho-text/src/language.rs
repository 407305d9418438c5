//! The languages of the catalogue.

use std::fmt;
use std::str::FromStr;

use unic_langid::{LanguageIdentifier, langid};

/// A language that mlatho speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    En,
    Fr,
    Pt,
    Sw,
}

impl Language {
    pub const ALL: [Self; 4] = [Self::En, Self::Fr, Self::Pt, Self::Sw];

    /// The two-letter code, as for the `lang` attribute of a page.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::Pt => "pt",
            Self::Sw => "sw",
        }
    }

    pub(crate) const fn identifier(self) -> LanguageIdentifier {
        match self {
            Self::En => langid!("en"),
            Self::Fr => langid!("fr"),
            Self::Pt => langid!("pt"),
            Self::Sw => langid!("sw"),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// A text that names no language of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a language of mlatho (en, fr, pt, sw)")]
pub struct BadLanguage {
    pub found: String,
}

impl FromStr for Language {
    type Err = BadLanguage;

    /// Reads a code or a locale that begins with one: `fr`, `fr-CI`, `pt_MZ.UTF-8`.
    fn from_str(text: &str) -> Result<Self, BadLanguage> {
        let code = text.split(['-', '_', '.', '@']).next().unwrap_or_default();
        let known = Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code));
        known.ok_or_else(|| BadLanguage { found: text.into() })
    }
}
