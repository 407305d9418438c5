//! What the column `setup` of a log says about the state before a message.

use super::pairs::Item;

/// Facts that a message is judged by; what is not said is not known.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// Codes of the products that the sender manages.
    pub(super) manages: Option<Vec<String>>,
    /// Code of the place that the sender reports for.
    pub(super) place: Option<String>,
    /// Places that are said to exist, and those that are said not to.
    pub(super) places: Vec<String>,
    pub(super) no_places: Vec<String>,
    /// Places whose code is given to somebody already.
    pub(super) taken: Vec<String>,
    /// Whether a fault of the sender's fridge is open.
    pub(super) fault: Option<bool>,
    pub(super) repeated: Option<Repeated>,
    pub(super) has_stock_record: bool,
    pub(super) pending_request: bool,
    pub(super) pending_transfer: Vec<Item>,
    pub(super) registered: bool,
}

/// The same text came from the same sender before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Repeated {
    /// It came less than so many minutes before.
    pub(super) minutes: i64,
    /// It was stored.
    pub(super) stored: bool,
}

impl Facts {
    /// Reads clauses set apart by `;` and `,`. A clause that is not known is passed over.
    pub(super) fn parse(text: &str) -> Self {
        let mut facts = Self::default();
        for part in text.to_lowercase().split(';') {
            let part = part.trim();
            if let Some(codes) = part.strip_prefix("manages ") {
                let codes = codes.split(',').map(str::trim).filter(|code| !code.is_empty() && *code != "nothing");
                facts.manages = Some(codes.map(Into::into).collect());
            } else {
                part.split(',').for_each(|clause| facts.clause(clause.trim()));
            }
        }
        facts
    }

    fn clause(&mut self, clause: &str) {
        let says = |words: &str| clause.contains(words);
        let codes = || clause.split_whitespace().filter(|word| word.bytes().all(|b| b.is_ascii_digit()));
        if says("same text") {
            self.repeated = Some(Repeated { minutes: within(clause).unwrap_or(i64::MAX), stored: says("stored") });
        } else if says("pending transfer") {
            self.pending_transfer = quantities(clause);
        } else if says("pending request") {
            self.pending_request = true;
        } else if says("fault") {
            self.fault = Some(!says("no "));
        } else if says("fridge working") {
            self.fault = Some(false);
        } else if says("stock record") {
            self.has_stock_record = true;
        } else if says("not registered") || says("unknown") || says("inactive") {
            self.no_places.extend(codes().map(Into::into));
        } else if says("already registered") {
            self.taken.extend(codes().map(Into::into));
        } else if says("sender registered") {
            self.registered = true;
        } else if let Some(code) = ["facility ", "hsa ", "at "].iter().find_map(|word| clause.strip_prefix(word)) {
            self.place = code.split_whitespace().next().map(Into::into);
        } else {
            self.places.extend(codes().map(Into::into));
        }
    }
}

/// Minutes of `< 60 min` or `< 48 h`.
fn within(clause: &str) -> Option<i64> {
    let mut words = clause.split_once('<')?.1.split_whitespace();
    let number: i64 = words.next()?.parse().ok()?;
    let minutes = if words.next()?.starts_with('h') { 60 } else { 1 };
    number.checked_mul(minutes)
}

/// Codes and quantities as in `of zi 20 la 5 to sender`.
fn quantities(clause: &str) -> Vec<Item> {
    let words: Vec<&str> = clause.split_whitespace().collect();
    let pairs = words.windows(2).filter_map(|pair| {
        let quantity = pair[1].parse::<u64>().ok()?;
        Some(Item { code: pair[0].into(), quantity: quantity.into() })
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_by_hand() {
        let facts = Facts::parse("manages zi,la; same text from same sender < 48 h ago and stored");
        assert_eq!(facts.manages, Some(vec!["zi".into(), "la".into()]));
        assert_eq!(facts.repeated, Some(Repeated { minutes: 48 * 60, stored: true }));
        assert_eq!(Facts::parse("manages nothing").manages, Some(vec![]));
        let facts = Facts::parse("facility 2616, open fridge fault");
        assert_eq!((facts.place.as_deref(), facts.fault), (Some("2616"), Some(true)));
        assert_eq!(Facts::parse("261601 not registered").no_places, ["261601"]);
        assert_eq!(Facts::parse("one pending transfer of zi 20 to sender").pending_transfer[0].code, "zi");
    }
}
