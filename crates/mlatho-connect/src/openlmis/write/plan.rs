//! What would be written, what is refused and why, and the order before and after.

use std::collections::{BTreeMap, HashMap};

use mlatho_formats::openlmis::{Order, order};
use mlatho_model::{Decimal, Finding};
use serde_json::Value as Json;

use super::drafts::{Draft, Drafts};
use super::refusal::Refusal;
use super::wanted::{Cell, Column, Wanted, same};

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
    pub(super) line: usize,
}

/// A requisition with cells that change.
#[derive(Clone, Debug)]
pub struct Planned {
    pub(super) draft: Draft,
    pub changes: Vec<Change>,
}

impl Planned {
    /// The id of the requisition.
    #[must_use]
    pub fn requisition(&self) -> &str {
        self.draft.id()
    }
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

/// Compares what is wanted with what the drafts hold. A number is written only into an empty cell, or in place of one
/// that we wrote and that still stands there.
#[must_use]
pub fn plan(drafts: Drafts, wanted: &[Wanted], sent: &Sent) -> Plan {
    let mut found = Plan::default();
    let mut places: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, draft) in drafts.list.iter().enumerate() {
        places.entry((same(&draft.program), draft.period, same(&draft.facility))).or_default().push(at);
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
            decide(draft, cell, value, sent.get(cell).copied().unwrap_or_default()).map(|decided| (at, decided))
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
    for (at, draft) in drafts.list.into_iter().enumerate() {
        if let Some(mut changes) = changes.remove(&at) {
            add_orders(&draft, &mut changes);
            found.requisitions.push(Planned { draft, changes });
        }
    }
    found.requisitions.sort_by(|one, other| one.first().cmp(&other.first()));
    found
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

/// Decides about one cell of a draft. An error holds what stands there, where it is known.
fn decide(draft: &Draft, cell: &Cell, value: Decimal, sent: &[Decimal]) -> Result<Decided, (Refusal, Option<Decimal>)> {
    let no = |why: Refusal| Err((why, None));
    let flag = |name: &str| draft.body.values[name] == true;
    if !draft.is_draft() || flag("emergency") {
        return no(Refusal::NotDraft);
    }
    if draft.etag.is_none() || draft.body.text("modifiedDate").is_empty() {
        return no(Refusal::NoGuard);
    }
    if !typed_by_persons(&draft.template, cell.column) {
        return no(Refusal::NotInForm);
    }
    if cell.column == Column::AdditionalQuantity && flag("reportOnly") {
        return no(Refusal::ReportOnly);
    }
    let mut of_product = draft.products.iter().enumerate().filter(|(_, code)| same(code) == cell.product);
    let (Some((at, _)), None) = (of_product.next(), of_product.next()) else { return no(Refusal::NoLine) };
    let Some(line) = draft.body.lines().get(at) else { return no(Refusal::NoLine) };
    if line["skipped"] == true {
        return no(Refusal::SkippedLine);
    }
    match number(&line[cell.column.name()]) {
        Ok(Some(held)) if held == value => Ok(Decided::Unchanged),
        Ok(old) if old.is_none_or(|old| sent.contains(&old)) => Ok(Decided::Change { line: at, old }),
        Ok(held) => Err((Refusal::Typed, held)),
        Err(NotANumber) => no(Refusal::Typed),
    }
}

struct NotANumber;

/// The number of a cell; nothing for an empty one.
fn number(cell: &Json) -> Result<Option<Decimal>, NotANumber> {
    match cell {
        Json::Null => Ok(None),
        Json::Number(number) => number.to_string().parse().map(Some).map_err(|_| NotANumber),
        _ => Err(NotANumber),
    }
}

/// Whether the form shows a column and takes it from persons.
fn typed_by_persons(template: &Json, column: Column) -> bool {
    let column = &template["columnsMap"][column.name()];
    let source = &column["source"];
    column["isDisplayed"] == true && (*source == 0 || *source == "USER_INPUT")
}

/// The order of each line before, and with all its changes.
fn add_orders(draft: &Draft, changes: &mut [Change]) {
    let template = &draft.template;
    let from_target = template["populateStockOnHandFromStockCards"] == true;
    let column = if from_target { "calculatedOrderQuantityIsa" } else { "calculatedOrderQuantity" };
    let shown = template["columnsMap"][column]["isDisplayed"] == true;
    let months = draft.body.values["numberOfMonthsInPeriod"].as_u64().unwrap_or_else(|| draft.months());
    let orders = !draft.body.values["reportOnly"].as_bool().unwrap_or(false);
    let of = |line: &Json, at: usize| {
        let approved = draft.approved.get(at).unwrap_or(&Json::Null);
        let found = order(line, approved, months, from_target);
        let calculated = found.calculated.filter(|_| shown);
        if orders { Order { calculated, ..found } } else { Order::default() }
    };
    let mut lines: BTreeMap<usize, Json> = BTreeMap::new();
    for change in changes.iter() {
        let Some(line) = draft.body.lines().get(change.line) else { continue };
        let line = lines.entry(change.line).or_insert_with(|| line.clone());
        line[change.cell.column.name()] = u64::try_from(change.new).ok().into();
    }
    for change in changes {
        let before = draft.body.lines().get(change.line).map(|line| of(line, change.line));
        let after = lines.get(&change.line).map(|line| of(line, change.line));
        (change.before, change.after) = (before.unwrap_or_default(), after.unwrap_or_default());
    }
}

impl Draft {
    /// Months of the period by its dates, for servers that do not say.
    fn months(&self) -> u64 {
        let (start, end) = (self.period.start(), self.period.end());
        let months = i64::from(end.year() - start.year()) * 12 + i64::from(end.month() - start.month()) + 1;
        u64::try_from(months).unwrap_or(1)
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
