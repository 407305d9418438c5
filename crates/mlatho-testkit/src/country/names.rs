//! Invented place names, and how the two sides spell them.

use std::collections::HashSet;

use mlatho_model::Uid;

use super::dice::Dice;

const STARTS: [&str; 22] = [
    "Ka", "Mu", "Chi", "Lu", "Na", "Mba", "Ki", "Nya", "Ma", "Bu", "Li", "Zo", "Tu", "Mpi", "Sa", "Nko", "Lo", "Ba",
    "Ru", "Cha", "Ndi", "Ya",
];
const MIDDLES: [&str; 20] = [
    "lo", "zi", "ta", "nga", "mbe", "re", "ku", "sha", "li", "mo", "wa", "ndo", "ye", "ti", "fu", "ra", "so", "pa",
    "le", "yu",
];
const ENDS: [&str; 16] =
    ["la", "ni", "be", "ra", "to", "zi", "ma", "lu", "ye", "nga", "ti", "wa", "ngo", "si", "ka", "mbo"];

/// Gives names that have not been given before.
#[derive(Default)]
pub(super) struct Names {
    given: HashSet<String>,
    uids: HashSet<Uid>,
}

impl Names {
    /// A place name of two to four syllables.
    pub(super) fn place(&mut self, dice: &mut Dice) -> String {
        loop {
            let mut name = String::from(dice.one(&STARTS));
            (0..dice.between(0, 2)).for_each(|_| name.push_str(dice.one(&MIDDLES)));
            name.push_str(dice.one(&ENDS));
            // Spelled as the other side may spell it, a name must still be one of its kind.
            if name.len() >= 5 && self.given.insert(misspelled(&name)) {
                return name;
            }
        }
    }

    /// A DHIS2 identifier.
    pub(super) fn uid(&mut self, dice: &mut Dice) -> Uid {
        loop {
            let uid = dice.uid();
            if self.uids.insert(uid) {
                return uid;
            }
        }
    }
}

/// The spelling that clerks of the other side grew up with.
pub(super) fn misspelled(name: &str) -> String {
    let pairs = [("sh", "ch"), ("zi", "dzi"), ("ku", "khu"), ("ye", "ie"), ("lu", "ru"), ("ti", "thi")];
    let found = pairs.into_iter().find(|(from, _)| name.contains(from));
    found.map_or_else(|| name.to_owned(), |(from, to)| name.replacen(from, to, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_never_given_twice() {
        let (mut names, mut dice) = (Names::default(), Dice::new(1, 0));
        let places: HashSet<String> = (0..2000).map(|_| names.place(&mut dice)).collect();
        assert_eq!(places.len(), 2000);
        assert_eq!(places.iter().map(|name| misspelled(name)).collect::<HashSet<_>>().len(), 2000);
    }
}
