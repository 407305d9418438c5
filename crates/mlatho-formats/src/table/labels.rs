//! Labels of rows that are totals of others.

/// Words for a total that stand alone, in the languages of the forms.
const TOTALS: [&str; 16] = [
    "total",
    "totals",
    "grand total",
    "sub total",
    "sub-total",
    "subtotal",
    "overall total",
    "sum",
    "total général",
    "total general",
    "totaux",
    "sous-total",
    "total geral",
    "subtotais",
    "jumla",
    "jumla kuu",
];
/// What follows the word where a total names what it sums up.
const OF: [&str; 12] = ["for", "of", "in", "all", "de", "du", "des", "da", "do", "dos", "ya", "wa"];

/// Whether a label names a total: `Total`, `Grand total:`, `Total for North`, `North Total`, `Jumla`. A name that only
/// begins with the word, such as `Total Care Clinic`, is none.
pub(super) fn is_total(label: &str) -> bool {
    // Nearly all labels end here.
    let small = |letter: u8| letter | 0x20;
    let may_be = label.as_bytes().windows(3).any(|letters| {
        matches!(
            [small(letters[0]), small(letters[1]), small(letters[2])],
            [b't', b'o', b't'] | [b's' | b'j', b'u', b'm']
        )
    });
    if !may_be || label.len() > 100 {
        return false;
    }
    let text = label.trim_end_matches([':', '.', ' ', '*']).to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let joined = words.join(" ");
    if TOTALS.contains(&joined.as_str()) {
        return true;
    }
    match words.as_slice() {
        [first, second, ..] if TOTALS.contains(first) && OF.contains(second) => true,
        ["grand" | "sub" | "overall", "total", second, ..] if OF.contains(second) => true,
        [_, .., last] => matches!(*last, "total" | "totals" | "subtotal" | "sub-total" | "sous-total"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_by_hand() {
        for label in [
            "Total",
            "TOTAL:",
            "Grand  Total",
            "Total for North",
            "total du district",
            "North Total",
            "Jumla",
            "Sous-total",
        ] {
            assert!(is_total(label), "{label}");
        }
        for label in ["Total Care Clinic", "Totora", "Sumbawanga", "Clinic", "", "Jumla Rural Hospital", "SUM-1"] {
            assert!(!is_total(label), "{label}");
        }
    }
}
