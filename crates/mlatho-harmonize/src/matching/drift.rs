//! What changed in a register from one version to the next.

use rustc_hash::{FxHashMap, FxHashSet};

use super::List;
use super::facility::{AREAS, Facility, LEVELS, facilities, is_on_earth, kilometres};
use crate::crosswalk::Kind;

/// Farther than this is another place; nearer is a coordinate that was read better. In kilometres.
const NEAR: f64 = 1.0;

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    New,
    Gone,
    /// Its id is gone, and the same record is there under a new one: links to the old id lead nowhere.
    Recreated,
    Renamed,
    /// It lies in another area.
    Reparented,
    /// Of org units the type; of items strength, form or pack.
    Retyped,
    Reowned,
    /// By more than a kilometre.
    Moved,
}

impl Change {
    pub const ALL: [Self; 8] = [
        Self::New,
        Self::Gone,
        Self::Recreated,
        Self::Renamed,
        Self::Reparented,
        Self::Retyped,
        Self::Reowned,
        Self::Moved,
    ];

    /// The stable name; the text for people is the catalogue key `drift-change-<name>`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Gone => "gone",
            Self::Recreated => "re-created",
            Self::Renamed => "renamed",
            Self::Reparented => "re-parented",
            Self::Retyped => "type-changed",
            Self::Reowned => "owner-changed",
            Self::Moved => "moved",
        }
    }
}

/// One change of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    pub change: Change,
    /// Row of the old list; none where the record is new.
    pub before: Option<usize>,
    /// Row of the new list; none where the record is gone.
    pub after: Option<usize>,
    /// The old id; of a new record its id.
    pub id: String,
    /// What stood there: the name, the areas from the top, the type, the owner or the coordinates; of a record that was
    /// re-created its id. Empty where the record is new.
    pub was: String,
    /// The same in the new list. Empty where the record is gone.
    pub is: String,
}

/// A record as versions are compared.
struct Record<'a> {
    list: &'a List,
    row: usize,
    id: &'a str,
    name: String,
    /// From the top; an unknown one is empty.
    areas: Vec<&'a str>,
    kind: String,
    owner: String,
    position: Option<(f64, f64)>,
}

/// What changed between two versions of a register, ordered by id, whatever order the rows have.
///
/// Records are the same where their ids are. A record that is new, gone or re-created has no other change; any other may
/// have several. What only one version knows (a type, an area, coordinates) is no change, and neither are case and spaces.
/// A record is re-created where exactly one that is gone and one that is new have the same name, and nothing known of
/// them says that place, type, strength, form or pack are others.
#[must_use]
pub fn drift(kind: Kind, before: &List, after: &List) -> Vec<Drift> {
    let (old, new) = (records(kind, before), records(kind, after));
    let index = |records: &[Record<'_>]| -> FxHashMap<String, usize> {
        records.iter().enumerate().map(|(at, record)| (record.id.to_owned(), at)).collect()
    };
    let (of_old, of_new) = (index(&old), index(&new));
    let gone: Vec<&Record<'_>> = old.iter().filter(|record| !of_new.contains_key(record.id)).collect();
    let fresh: Vec<&Record<'_>> = new.iter().filter(|record| !of_old.contains_key(record.id)).collect();
    let again = recreated(&gone, &fresh);
    let mut found = Vec::new();
    for record in &gone {
        found.push(match again.get(&record.row) {
            Some(other) => change(Change::Recreated, Some(record), Some(other), [record.id, other.id]),
            None => change(Change::Gone, Some(record), None, [record.cell("name"), ""]),
        });
    }
    let known: FxHashSet<usize> = again.values().map(|record| record.row).collect();
    for record in fresh.iter().filter(|record| !known.contains(&record.row)) {
        found.push(change(Change::New, None, Some(record), ["", record.cell("name")]));
    }
    for record in &old {
        if let Some(other) = of_new.get(record.id).and_then(|at| new.get(*at)) {
            aspects(kind, record, other, &mut found);
        }
    }
    found.sort_by(|a, b| (&a.id, a.change).cmp(&(&b.id, b.change)));
    found
}

fn records(kind: Kind, list: &List) -> Vec<Record<'_>> {
    let levels: &[&str] = if list.column(LEVELS[0]).is_some() { &LEVELS } else { &AREAS };
    let known = match kind {
        Kind::OrgUnit => facilities("", list).0, // what cannot be read is told where the list is used
        Kind::Item => vec![Facility::default(); list.len()],
    };
    let record = |(row, known): (usize, Facility)| Record {
        list,
        row,
        id: list.named(row, "id"),
        name: plain(list.named(row, "name")),
        areas: match kind {
            Kind::OrgUnit => levels.iter().map(|level| list.named(row, level)).collect(),
            Kind::Item => Vec::new(),
        },
        kind: match kind {
            Kind::OrgUnit => plain(list.named(row, "type")),
            Kind::Item => plain(&["strength", "form", "pack"].map(|column| list.named(row, column)).join(" ")),
        },
        owner: plain(known.owner.as_deref().unwrap_or_default()),
        position: known.position.filter(|position| is_on_earth(*position)),
    };
    known.into_iter().enumerate().map(record).collect()
}

/// A text without regard to case and spaces.
fn plain(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Record<'_> {
    fn cell(&self, column: &str) -> &str {
        self.list.named(self.row, column)
    }

    fn texts(&self, columns: &[&str]) -> String {
        let cells = columns.iter().map(|column| self.cell(column)).filter(|cell| !cell.is_empty());
        cells.collect::<Vec<_>>().join(" ")
    }

    fn path(&self) -> String {
        self.areas.iter().filter(|area| !area.is_empty()).copied().collect::<Vec<_>>().join(" / ")
    }

    fn degrees(&self) -> String {
        self.position.map(|(latitude, longitude)| format!("{latitude}, {longitude}")).unwrap_or_default()
    }

    /// Whether it lies elsewhere, as far as both say where; the areas only count where coordinates do not tell.
    fn is_elsewhere(&self, other: &Self) -> bool {
        match self.position.zip(other.position) {
            Some((one, two)) => kilometres(one, two) > NEAR,
            None => self.is_in_another_area(other),
        }
    }

    fn is_in_another_area(&self, other: &Self) -> bool {
        self.areas.iter().zip(&other.areas).any(|(one, two)| differ(&plain(one), &plain(two)))
    }
}

/// Whether two texts that are known differ.
fn differ(one: &str, other: &str) -> bool {
    !one.is_empty() && !other.is_empty() && one != other
}

fn change(change: Change, before: Option<&Record<'_>>, after: Option<&Record<'_>>, texts: [&str; 2]) -> Drift {
    let id = before.or(after).map_or("", |record| record.id).to_owned();
    let [was, is] = texts.map(str::to_owned);
    Drift { change, before: before.map(|record| record.row), after: after.map(|record| record.row), id, was, is }
}

/// What became of those that are gone, by their rows.
fn recreated<'r, 'a>(gone: &[&'r Record<'a>], fresh: &[&'r Record<'a>]) -> FxHashMap<usize, &'r Record<'a>> {
    let mut by_name: FxHashMap<&str, (Vec<&'r Record<'a>>, Vec<&'r Record<'a>>)> = FxHashMap::default();
    gone.iter().for_each(|&record| by_name.entry(&record.name).or_default().0.push(record));
    fresh.iter().for_each(|&record| by_name.entry(&record.name).or_default().1.push(record));
    let same = |one: &Record<'_>, other: &Record<'_>| !one.is_elsewhere(other) && !differ(&one.kind, &other.kind);
    let mut found = FxHashMap::default();
    for (old, new) in by_name.values() {
        for one in old {
            let mut partners = new.iter().filter(|other| same(one, other));
            if let (Some(other), None) = (partners.next(), partners.next())
                && old.iter().filter(|rival| same(rival, other)).count() == 1
            {
                found.insert(one.row, *other);
            }
        }
    }
    found
}

/// What changed of a record that is in both lists.
fn aspects(kind: Kind, old: &Record<'_>, new: &Record<'_>, found: &mut Vec<Drift>) {
    let mut tell = |what: Change, was: &str, is: &str| found.push(change(what, Some(old), Some(new), [was, is]));
    if old.name != new.name {
        tell(Change::Renamed, old.cell("name"), new.cell("name"));
    }
    if old.is_in_another_area(new) {
        tell(Change::Reparented, &old.path(), &new.path());
    }
    if differ(&old.kind, &new.kind) {
        let columns: &[&str] = match kind {
            Kind::OrgUnit => &["type"],
            Kind::Item => &["strength", "form", "pack"],
        };
        tell(Change::Retyped, &old.texts(columns), &new.texts(columns));
    }
    if differ(&old.owner, &new.owner) {
        tell(Change::Reowned, old.cell("owner"), new.cell("owner"));
    }
    if old.position.zip(new.position).is_some_and(|(one, two)| kilometres(one, two) > NEAR) {
        tell(Change::Moved, &old.degrees(), &new.degrees());
    }
}
