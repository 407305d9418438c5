//! What would be written, what is refused and why, and the order before and after.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use mlatho_formats::openlmis::Order;
use mlatho_model::{Decimal, Finding, Period};
use serde_json::Value as Json;

use super::refusal::Refusal;
use super::wanted::{Cell, Wanted, same};

/// What we wrote into cells before: the number that was read back, and those that may have arrived since.
pub type Sent = BTreeMap<Cell, Vec<Decimal>>;

/// A cell that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub cell: Cell,
    /// What stands there; nothing, or what we wrote before.
    pub old: Option<Decimal>,
    pub new: Decimal,
    /// The order of the line as it stands, and with all changes of the line.
    pub before: Order,
    pub after: Order,
    /// The place of the line in the requisition.
    pub(crate) line: usize,
}

/// A requisition with cells that change.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The id of the requisition.
    pub requisition: String,
    pub changes: Vec<Change>,
    /// The place of its draft among the drafts.
    pub(crate) draft: usize,
}

/// A number that is not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub cell: Cell,
    pub value: Decimal,
    /// What stands there, where it is known.
    pub held: Option<Decimal>,
    pub why: Refusal,
}

/// What is to be done, in the order of program, period, facility, product and column.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub requisitions: Vec<Planned>,
    pub refused: Vec<Refused>,
    /// Numbers that stand there already.
    pub unchanged: Vec<Wanted>,
}

/// A draft of a requisition, in the form of its version.
pub(crate) trait Draft {
    fn id(&self) -> String;

    /// Code of the program, period and code of the facility.
    fn place(&self) -> (&str, Period, &str);

    /// The line of a cell and the number that stands there, or what holds every number back from it.
    fn held(&self, cell: &Cell) -> Result<(usize, Option<Decimal>), Refusal>;

    /// A line as it was read.
    fn line(&self, at: usize) -> Option<&Json>;

    /// The order of a line, were these its fields.
    fn order(&self, at: usize, fields: &Json) -> Order;
}

/// What was found for the cells that were asked for.
#[derive(Clone, Debug)]
pub struct Drafts<D> {
    pub(crate) list: Vec<D>,
    /// Codes that the server knows, in lower case.
    pub(crate) programs: BTreeSet<String>,
    pub(crate) facilities: BTreeSet<String>,
    /// What could not be read.
    pub findings: Vec<Finding>,
}

/// Compares what is wanted with what the drafts hold. A number is written only into an empty cell, or in place of one
/// that we wrote and that still stands there.
#[must_use]
#[expect(private_bounds, reason = "drafts come from the clients of this crate only")]
pub fn plan<D: Draft>(drafts: &Drafts<D>, wanted: &[Wanted], sent: &Sent) -> Plan {
    let mut found = Plan::default();
    let mut places: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, draft) in drafts.list.iter().enumerate() {
        let (program, period, facility) = draft.place();
        places.entry((same(program), period, same(facility))).or_default().push(at);
    }
    let mut cells: BTreeMap<Cell, Vec<&Wanted>> = BTreeMap::new();
    wanted.iter().for_each(|wanted| cells.entry(plain(&wanted.cell)).or_default().push(wanted));
    let sent: HashMap<Cell, &[Decimal]> = sent.iter().map(|(cell, values)| (plain(cell), &**values)).collect();
    let mut changes: BTreeMap<usize, Vec<Change>> = BTreeMap::new();
    for (cell, wanted) in &cells {
        let Some(first) = wanted.first() else { continue };
        let value = first.value.normalize();
        let place = places.get(&(cell.program.clone(), cell.period, cell.facility.clone()));
        let at = match place.map(Vec::as_slice) {
            _ if wanted.iter().any(|other| other.value != first.value) => Err(Refusal::Contradiction),
            _ if !is_whole(value) => Err(Refusal::NotWhole),
            _ if !drafts.programs.contains(&cell.program) => Err(Refusal::NoProgram),
            _ if !drafts.facilities.contains(&cell.facility) => Err(Refusal::NoFacility),
            Some([at]) => Ok(*at),
            None | Some([]) => Err(Refusal::NoDraft),
            Some(_) => Err(Refusal::SeveralDrafts),
        };
        let known = at.and_then(|at| Ok((at, drafts.list.get(at).ok_or(Refusal::NoDraft)?)));
        let decided = known.map_err(|why| (why, None)).and_then(|(at, draft)| {
            let sent = sent.get(cell).copied().unwrap_or_default();
            decide(draft.held(cell), value, sent).map(|decided| (at, decided))
        });
        match decided {
            Ok((_, Decided::Unchanged)) => found.unchanged.push((*first).clone()),
            Ok((at, Decided::Change { line, old })) => {
                let (before, after) = (Order::default(), Order::default());
                let change = Change { cell: first.cell.clone(), old, new: value, before, after, line };
                changes.entry(at).or_default().push(change);
            }
            Err((why, held)) => found.refused.push(Refused { cell: first.cell.clone(), value, held, why }),
        }
    }
    for (at, draft) in drafts.list.iter().enumerate() {
        if let Some(mut changes) = changes.remove(&at) {
            add_orders(draft, &mut changes);
            found.requisitions.push(Planned { requisition: draft.id(), changes, draft: at });
        }
    }
    found.requisitions.sort_by(|one, other| one.first().cmp(&other.first()));
    found
}

/// The order of each line before, and with all its changes.
fn add_orders(draft: &impl Draft, changes: &mut [Change]) {
    let mut lines: BTreeMap<usize, Json> = BTreeMap::new();
    for change in changes.iter() {
        let Some(line) = draft.line(change.line) else { continue };
        let line = lines.entry(change.line).or_insert_with(|| line.clone());
        line[change.cell.column.name()] = u64::try_from(change.new).ok().into();
    }
    for change in changes {
        let order = |line: &Json| draft.order(change.line, line);
        let (before, after) = (draft.line(change.line).map(order), lines.get(&change.line).map(order));
        (change.before, change.after) = (before.unwrap_or_default(), after.unwrap_or_default());
    }
}

/// The cell with codes as they are compared.
fn plain(cell: &Cell) -> Cell {
    let Cell { program, period, facility, product, column } = cell;
    Cell { program: same(program), period: *period, facility: same(facility), product: same(product), column: *column }
}

fn is_whole(value: Decimal) -> bool {
    value.is_integer() && i32::try_from(value).is_ok_and(|value| value >= 0)
}

enum Decided {
    Change { line: usize, old: Option<Decimal> },
    Unchanged,
}

/// Decides about one cell. An error holds what stands there, where it is known.
fn decide(
    held: Result<(usize, Option<Decimal>), Refusal>,
    value: Decimal,
    sent: &[Decimal],
) -> Result<Decided, (Refusal, Option<Decimal>)> {
    match held.map_err(|why| (why, None))? {
        (_, Some(held)) if held == value => Ok(Decided::Unchanged),
        (line, old) if old.is_none_or(|old| sent.contains(&old)) => Ok(Decided::Change { line, old }),
        (_, held) => Err((Refusal::Typed, held)),
    }
}

/// The number of a cell; nothing for an empty one. What is no number was not written by us.
pub(crate) fn number(cell: &Json) -> Result<Option<Decimal>, Refusal> {
    match cell {
        Json::Null => Ok(None),
        Json::Number(number) => number.to_string().parse().map(Some).map_err(|_| Refusal::Typed),
        _ => Err(Refusal::Typed),
    }
}

impl Planned {
    fn first(&self) -> Option<&Cell> {
        self.changes.first().map(|change| &change.cell)
    }
}

impl Plan {
    /// Every cell that changes.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.requisitions.iter().flat_map(|planned| &planned.changes)
    }

    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requisitions.is_empty()
    }

    /// For the person: each reason with how many numbers it holds back, and the first of them.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let of = |why: &Refusal| {
            let mut refused = self.refused.iter().filter(|refused| refused.why == *why);
            let first = refused.next()?.cell.to_string();
            Some(why.finding(1 + refused.count(), &first))
        };
        Refusal::ALL.iter().filter_map(of).collect()
    }
}
