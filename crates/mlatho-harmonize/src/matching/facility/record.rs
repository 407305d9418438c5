//! What is known of a facility or an area in one register.

use super::area::area_words;
use super::lexicon::Lexicon;

/// One record of a register. Only the name is needed; whatever else is known helps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facility {
    /// The name as it is written.
    pub name: String,
    /// Other names of the same facility.
    pub aliases: Vec<String>,
    /// What it is, in the register's own words, such as `Health Centre III`.
    pub kind: Option<String>,
    /// Who owns it, in the register's own words.
    pub owner: Option<String>,
    /// Administrative areas from the top; an unknown one in between is empty.
    pub areas: Vec<String>,
    /// Latitude and longitude in degrees.
    pub position: Option<(f64, f64)>,
    /// Identifiers that the other register may know too.
    pub codes: Vec<String>,
}

impl Facility {
    /// Whether one of its areas has this name. Case, accents and words such as district do not matter; a facility whose
    /// areas are unknown lies in none.
    #[must_use]
    pub fn lies_in(&self, area: &str) -> bool {
        let plain = |name: &str| area_words(name, Lexicon::shipped()).concat();
        let wanted = plain(area);
        !wanted.is_empty() && self.areas.iter().any(|own| plain(own) == wanted)
    }
}
