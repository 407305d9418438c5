//! Divides a refused group so that every valid value can be sent again and every other one is named.

use std::collections::BTreeSet;

use mlatho_model::{Period, Uid};

use crate::dhis2::codes::{Blame, Part, is_row_level};
use crate::dhis2::{Conflict, DataValue};

/// What comes of a refused group: values that are certainly refused, each with the position of its conflict, and groups
/// to try again. Together they are the group, and every group to try is smaller than it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Divided {
    pub(super) refused: Vec<(usize, usize)>,
    pub(super) groups: Vec<Vec<usize>>,
}

/// Divides the refused `items` of `values`. Named offenders come out first; `halve` says that this took too many rounds
/// already, and that what is left is to be halved too.
pub(super) fn divide(values: &[DataValue], items: &[usize], conflicts: &[Conflict], halve: bool) -> Divided {
    let group: Vec<(usize, &Conflict)> = conflicts.iter().enumerate().filter(|(_, c)| !is_row_level(&c.code)).collect();
    let whole =
        |conflict: usize| Divided { refused: items.iter().map(|&item| (item, conflict)).collect(), groups: vec![] };
    let mut divided = Divided::default();
    let mut left = items.to_vec();
    let mut suspects = None;
    let mut first_parts: &[Part] = &[];
    for &(position, conflict) in &group {
        match Blame::of(&conflict.code) {
            Blame::Request => return whole(position),
            Blame::Parts { parts: [], .. } => {}
            Blame::Parts { parts, exact } => {
                let (named, all_parts) = named_by(values, &left, conflict, parts);
                if alike(values, items, parts) {
                    return whole(position);
                }
                if exact && all_parts {
                    left.retain(|item| !named.contains(item));
                    divided.refused.extend(named.into_iter().map(|item| (item, position)));
                } else if suspects.is_none() && !named.is_empty() && named.len() < left.len() {
                    suspects = Some(named);
                }
                if first_parts.is_empty() {
                    first_parts = parts;
                }
            }
        }
    }
    if !divided.refused.is_empty() {
        divided.groups = if halve { halves(values, &left, first_parts) } else { vec![left] };
    } else if let [_] = items {
        return whole(group.first().map_or(0, |(position, _)| *position));
    } else if let Some(suspects) = suspects.filter(|_| !halve) {
        left.retain(|item| !suspects.contains(item));
        divided.groups = vec![left, suspects.into_iter().collect()];
    } else {
        divided.groups = halves(values, &left, first_parts);
    }
    divided.groups.retain(|group| !group.is_empty());
    divided
}

/// The values that a conflict names: each part that it mentions at all has to be mentioned for the value. And whether it
/// mentions all parts.
fn named_by(values: &[DataValue], items: &[usize], conflict: &Conflict, parts: &[Part]) -> (BTreeSet<usize>, bool) {
    let names =
        |item: &usize, part: Part| values.get(*item).is_some_and(|value| conflict.named.contains(&word(value, part)));
    let mentioned: Vec<Part> =
        parts.iter().copied().filter(|&part| items.iter().any(|item| names(item, part))).collect();
    if mentioned.is_empty() {
        return (BTreeSet::new(), false);
    }
    let found = items.iter().copied().filter(|item| mentioned.iter().all(|&part| names(item, part))).collect();
    (found, mentioned.len() == parts.len())
}

fn word(value: &DataValue, part: Part) -> String {
    match part {
        Part::DataElement => value.key.data_element.to_string(),
        Part::OrgUnit => value.key.org_unit.to_string(),
        Part::Period => value.key.period.to_string(),
        Part::Combo => value.key.category_option_combo.to_string(),
    }
}

/// A part of a key in a form that can be compared.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Name {
    Uid(Uid),
    Period(Period),
}

fn name(value: &DataValue, part: Part) -> Name {
    match part {
        Part::DataElement => Name::Uid(value.key.data_element),
        Part::OrgUnit => Name::Uid(value.key.org_unit),
        Part::Period => Name::Period(value.key.period),
        Part::Combo => Name::Uid(value.key.category_option_combo),
    }
}

fn distinct(values: &[DataValue], items: &[usize], part: Part) -> BTreeSet<Name> {
    items.iter().filter_map(|&item| values.get(item)).map(|value| name(value, part)).collect()
}

/// Whether all values share these parts.
fn alike(values: &[DataValue], items: &[usize], parts: &[Part]) -> bool {
    parts.iter().all(|&part| distinct(values, items, part).len() <= 1)
}

/// Two halves that keep together what shares a part: one of those the error is about, else org unit, then period.
fn halves(values: &[DataValue], items: &[usize], first: &[Part]) -> Vec<Vec<usize>> {
    for &part in first.iter().chain(&[Part::OrgUnit, Part::Period]) {
        let names = distinct(values, items, part);
        if let Some(middle) = names.iter().nth(names.len() / 2).filter(|_| names.len() > 1) {
            let below = |item: &usize| values.get(*item).is_some_and(|value| name(value, part) < *middle);
            let (low, high) = items.iter().partition::<Vec<usize>, _>(|item| below(item));
            return vec![low, high];
        }
    }
    let (low, high) = items.split_at(items.len() / 2);
    vec![low.to_vec(), high.to_vec()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dhis2::{Action, ValueKey};

    fn value(element: u8, unit: u8, month: i8) -> DataValue {
        let uid = |kind: &str, n: u8| format!("{kind}{n:09}").parse().unwrap();
        let key = ValueKey {
            data_element: uid("de", element),
            period: Period::month(2026, month).unwrap(),
            org_unit: uid("ou", unit),
            category_option_combo: uid("cc", 1),
            attribute_option_combo: uid("cc", 1),
        };
        DataValue { key, value: Some("1".into()), comment: None, follow_up: false, deleted: false }
    }

    fn conflict(code: &str, named: &[&str]) -> Conflict {
        Conflict {
            code: code.into(),
            action: Action::of(code),
            message: String::new(),
            indexes: vec![],
            whole: false,
            named: named.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    #[test]
    fn exact_names_are_taken_out() {
        let values = [value(1, 1, 1), value(2, 1, 1), value(3, 1, 1)];
        let divided = divide(&values, &[0, 1, 2], &[conflict("E8020", &["de000000002", "de000000003"])], false);
        assert_eq!(divided, Divided { refused: vec![(1, 0), (2, 0)], groups: vec![vec![0]] });
    }

    #[test]
    fn suspects_are_tried_on_their_own() {
        // Org unit 2 is closed in one of its two months; the server names the unit only.
        let values = [value(1, 1, 1), value(1, 2, 1), value(1, 2, 2)];
        let closed = [conflict("E8031", &["ou000000002"])];
        assert_eq!(divide(&values, &[0, 1, 2], &closed, false).groups, [vec![0], vec![1, 2]]);
        assert_eq!(divide(&values, &[1, 2], &closed, false).groups, [vec![1], vec![2]]); // by period
        assert_eq!(divide(&values, &[1], &closed, false).refused, [(1, 0)]);
    }

    #[test]
    fn org_unit_and_periods_together_are_exact() {
        let values = [value(1, 1, 1), value(1, 2, 1), value(1, 2, 2), value(1, 2, 3), value(1, 1, 3)];
        let closed = [conflict("E8031", &["ou000000002", "202601", "202603"])];
        let divided = divide(&values, &[0, 1, 2, 3, 4], &closed, false);
        assert_eq!(divided, Divided { refused: vec![(1, 0), (3, 0)], groups: vec![vec![0, 2, 4]] });
    }

    #[test]
    fn a_closed_period_may_be_open_for_some_org_units() {
        let values = [value(1, 1, 1), value(1, 2, 1), value(2, 2, 1), value(1, 1, 2)];
        let closed = [conflict("E8030", &["202601"])];
        assert_eq!(divide(&values, &[0, 1, 2, 3], &closed, false).groups, [vec![3], vec![0, 1, 2]]);
        assert_eq!(divide(&values, &[0, 1, 2], &closed, false).groups, [vec![0], vec![1, 2]]);
        assert_eq!(divide(&values, &[1, 2], &closed, false).refused, [(1, 0), (2, 0)]);
    }

    #[test]
    fn the_data_set_takes_all() {
        let values = [value(1, 1, 1), value(2, 2, 2)];
        assert_eq!(divide(&values, &[0, 1], &[conflict("E8010", &[])], false).refused.len(), 2);
    }

    #[test]
    fn unnamed_is_halved_by_org_unit_then_period_then_number() {
        let unknown = [conflict("", &[])];
        let values = [value(1, 1, 1), value(1, 2, 1), value(1, 1, 2), value(2, 1, 2)];
        assert_eq!(divide(&values, &[0, 1, 2], &unknown, false).groups, [vec![0, 2], vec![1]]);
        assert_eq!(divide(&values, &[0, 2], &unknown, false).groups, [vec![0], vec![2]]);
        assert_eq!(divide(&values, &[2, 3], &unknown, false).groups, [vec![2], vec![3]]);
        assert_eq!(divide(&values, &[3], &unknown, false).refused, [(3, 0)]);
    }
}
