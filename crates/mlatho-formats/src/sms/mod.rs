//! Logs of SMS systems: `id,received_at,sender,sender_level,system,setup,text`.
//!
//! Senders, names and the text itself are looked at and let go: no record and no finding holds any of them.

pub(crate) mod gateway;
mod grammar;
mod history;
mod judge;
pub(crate) mod nameless;
mod numbers;
mod pairs;
mod problem;
mod setup;

use std::io::Read;
use std::ops::ControlFlow;

use csv::StringRecord;
use jiff::civil::{Date, Time};
use mlatho_model::{Finding, Measure, Period, RawRecord, RawValue, RecordSink, Unit, Value};

use crate::Format;
use crate::csv_file::Headed;
use crate::layout::{DateFormat, Layout};
use grammar::Action;
pub(crate) use grammar::Grammar;
use history::{Change, History, Moment};
use judge::{Judged, Message};
use pairs::Item;
use setup::Facts;

/// The grammar of messages whose row does not name one; nothing, where the format is none of SMS.
pub(crate) const fn system_of(format: Format) -> Option<&'static str> {
    match format {
        Format::CstockSms => Some("cstock"),
        Format::IlsgatewaySms => Some("ilsgateway"),
        Format::MtracSms => Some("mtrac"),
        _ => None,
    }
}

/// Reads a log. `system` names the grammar of messages whose row does not name one.
pub(crate) fn read(layout: Option<&Layout>, system: &str, file: &str, input: &mut dyn Read, sink: &mut dyn RecordSink) {
    let Some(mut table) = Headed::open(file, input, sink) else { return };
    let columns = match Columns::find(&table.header) {
        Ok(columns) => columns,
        Err(column) => {
            let finding = Finding::error("missing-column").in_file(file).at(1, column);
            return sink.finding(finding.with("column", column).with("found", table.header.join(", ")));
        }
    };
    let own = layout.and_then(|layout| layout.sms.as_ref());
    let grammars = grammar::all(own);
    let mut log = Log {
        file,
        columns,
        system: own.map_or(system, |grammar| grammar.name.as_str()),
        grammars: &grammars,
        dates: layout.and_then(|layout| DateFormat::parse(layout.period.format.as_deref()?)),
        history: History::default(),
        nowhere: 0,
    };
    if table.rows(file, sink, &mut |row, cells, sink| log.row(row, cells, sink)).is_break() {
        return;
    }
    if log.nowhere > 0 {
        sink.finding(Finding::warning("unknown-reporter").in_file(file).with("count", log.nowhere));
    }
}

/// Where the columns of a log stand.
struct Columns {
    id: Option<usize>,
    received_at: usize,
    sender: Option<usize>,
    sender_level: Option<usize>,
    system: Option<usize>,
    setup: Option<usize>,
    text: usize,
}

impl Columns {
    /// # Errors
    /// The column that is needed and not there.
    fn find(header: &[String]) -> Result<Self, &'static str> {
        let at = |name: &str| header.iter().position(|cell| cell == name);
        Ok(Self {
            id: at("id"),
            received_at: at("received_at").ok_or("received_at")?,
            sender: at("sender"),
            sender_level: at("sender_level"),
            system: at("system"),
            setup: at("setup"),
            text: at("text").or_else(|| at("message")).ok_or("text")?,
        })
    }
}

struct Log<'a> {
    file: &'a str,
    columns: Columns,
    system: &'a str,
    grammars: &'a [Grammar],
    dates: Option<DateFormat>,
    history: History,
    /// Reports whose place is not known.
    nowhere: u64,
}

impl Log<'_> {
    fn row(&mut self, row: u64, cells: &StringRecord, sink: &mut dyn RecordSink) -> ControlFlow<()> {
        let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).unwrap_or_default().trim();
        let columns = &self.columns;
        let (id, text, sender) = (cell(columns.id), cell(Some(columns.text)), cell(columns.sender));
        let (level, received_at) = (cell(columns.sender_level), cell(Some(columns.received_at)));
        let finding = |finding: Finding, column: &str| finding.in_file(self.file).at(row, column);
        let system = Some(cell(columns.system)).filter(|name| !name.is_empty()).unwrap_or(self.system);
        let Some(grammar) = self.grammars.iter().find(|grammar| grammar.name.eq_ignore_ascii_case(system)) else {
            let known: Vec<&str> = self.grammars.iter().map(|grammar| grammar.name.as_str()).collect();
            let found = Finding::error("unknown-system").with("found", system).with("known", known.join(", "));
            sink.finding(finding(found, "system"));
            return ControlFlow::Continue(());
        };
        let when =
            self.moment(received_at).and_then(|(date, at)| Some((date, at, Period::containing(grammar.period, date)?)));
        let Some((date, at, period)) = when else {
            sink.finding(finding(Finding::error("bad-period").with("text", received_at), "received_at"));
            return ControlFlow::Continue(());
        };
        let mut facts = Facts::parse(cell(columns.setup));
        self.history.complete(&mut facts, sender, text, at);
        let sender_level = level.to_lowercase();
        let judged =
            Message { grammar, facts: &facts, history: &self.history, sender_level: &sender_level, text }.judge();
        if let Some(problem) = judged.problem {
            let found = problem.finding();
            sink.finding(finding(found.with("action", judged.action.name()), "text"));
        }
        let own_place = facts.place.as_deref();
        self.history.remember(sender, own_place, text, at, &change(&judged));
        let org_unit = judged.subject.as_deref().or(own_place).unwrap_or_default();
        let numbers = judged.items.iter().filter_map(|item| number(&judged, item)).collect::<Vec<_>>();
        self.nowhere += u64::from(org_unit.is_empty() && !numbers.is_empty());
        let (unit, date) = (Unit::dispensing(), date.to_string());
        for (item, measure, value) in numbers {
            let value =
                RawValue { measure: &measure, value, unit: measure.is_quantity().then_some(&unit), column: "text" };
            sink.record(&RawRecord {
                position: row,
                org_unit,
                item: &item.code,
                status: judged.action.name(),
                reported_at: received_at,
                report: id,
                line: &item.code,
                date: &date,
                ..RawRecord::new(period, &[value])
            })?;
        }
        ControlFlow::Continue(())
    }

    /// Date and moment of `2026-03-15 10:22`, `2026-03-15T10:22:00Z` or a date of the layout's form. The clock is the
    /// log's own: a date is never moved to another zone.
    fn moment(&self, text: &str) -> Option<(Date, Moment)> {
        let (date, time) = text.split_at_checked(10).unwrap_or((text, ""));
        let (date, time) = match date.parse::<Date>() {
            Ok(date) => (date, time.trim_start_matches(['T', ' '])),
            Err(_) => self.by_layout(text)?,
        };
        let clock = time.get(..5).and_then(|time| time.parse::<Time>().ok());
        let minute = clock.map_or(0, |clock| i64::from(clock.hour()) * 60 + i64::from(clock.minute()));
        let day = (date - Date::constant(1970, 1, 1)).get_days();
        Some((date, Moment { minutes: i64::from(day) * 1440 + minute, exact: clock.is_some() }))
    }

    fn by_layout<'t>(&self, text: &'t str) -> Option<(Date, &'t str)> {
        let (date, time) = text.split_once(' ').unwrap_or((text, ""));
        Some((self.dates.as_ref()?.date(date)?, time))
    }
}

/// What later messages may rely on.
fn change(judged: &Judged) -> Change<'_> {
    let taken = judged.stored;
    let action = judged.action;
    let stocked = matches!(action, Action::StockOnHand | Action::EmergencyStockOnHand | Action::Receipt);
    let gives = judged.other.as_deref().filter(|_| taken && action == Action::TransferOut);
    Change {
        registers: judged.subject.as_deref().filter(|_| taken && action == Action::Register),
        leaves: taken && action == Action::Deregister,
        fault: match action {
            Action::FridgeFault if taken => Some(true),
            Action::FridgeFixed if taken => Some(false),
            _ => None,
        },
        stocked: if taken && stocked && judged.subject.is_none() { &judged.items } else { &[] },
        gives: gives.map(|place| (place, judged.items.as_slice())),
        confirms: taken && action == Action::TransferConfirm,
        stored: taken,
    }
}

/// The measure and value of an item; nothing, where the message is no report. What a person must decide first is
/// withheld: the rule is the problem.
fn number<'j>(judged: &'j Judged, item: &'j Item) -> Option<(&'j Item, Measure, Value)> {
    let (measure, quantity) = match judged.action {
        Action::StockOnHand | Action::EmergencyStockOnHand | Action::Stockout => {
            (Measure::ClosingBalance, item.quantity)
        }
        Action::Receipt | Action::TransferConfirm => (Measure::Received, item.quantity),
        Action::TransferOut => (Measure::Adjustments, -item.quantity),
        Action::Adjustment => (Measure::Adjustments, item.quantity),
        Action::RrFormsSent => (Measure::Element("rr_forms_sent".into()), item.quantity),
        Action::WeeklyReport => (Measure::Element(item.code.as_str().into()), item.quantity),
        _ => return None,
    };
    let value = match judged.problem.filter(|_| !judged.stored) {
        None => Value::Reported(quantity),
        Some(problem) => Value::Suppressed(problem.finding().code.into()),
    };
    Some((item, measure, value))
}
