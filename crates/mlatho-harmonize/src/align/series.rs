//! A series of reports on one schedule as numbers on another.

use jiff::civil::Date;
use mlatho_model::{Days, Decimal, Factor, Kind, Measure, MissingReason, Rational, Value};

use super::{Flows, Gaps, Rules, Schedule, Timeliness};
use crate::{Merge, split};

/// Withholds numbers of reports that speak of the same days: nobody can tell which of them holds for those.
pub const OVERLAPPING: &str = "overlapping-reports";

/// Withholds days of a stock-out that outnumber the days of their period: they are wrong, and not cut to fit.
pub const TOO_MANY_DAYS: &str = "stockout-days-over-period";

/// One number of a series, about the days that its report speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub days: Days,
    pub value: Value,
    /// The day on which it was made, where that is known.
    pub made: Option<Date>,
}

/// One period of the other schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aligned {
    pub days: Days,
    pub value: Value,
    /// From 0 to 1. Of a sum: the days that known reports speak of, against those that all would. Of a closing balance or
    /// an estimate: the days until it was counted, of an opening balance those from then on, against all of the period.
    pub coverage: Rational,
    /// The days that the number stands for: those of the reports in a sum, the one day of a balance.
    pub stands_for: Option<Days>,
    pub reports: Counts,
}

/// How many reports a period draws on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Reports that the schedule asks for, those left out to which the measure is not applicable.
    pub expected: usize,
    /// Those of them with a number. The others are missing.
    pub known: usize,
    /// Those with a number that were made before their period ended.
    pub early: usize,
    /// Those with a number that were made after they were due.
    pub late: usize,
}

/// What became of a series.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    /// From the first period that a report speaks of to the last, in order.
    pub periods: Vec<Aligned>,
    /// Reports about longer periods that no rule divides, as they came.
    pub undivided: Vec<Report>,
}

/// What a period gets of one report, or of the absence of one.
struct Part<'a> {
    report: &'a Report,
    value: Value,
    /// The days of the report that the value stands for.
    days: Days,
}

/// Numbers of one measure on the schedule `from` as numbers on the schedule `to`.
///
/// - **Flows** are summed; one whose period does not lie within one other is assigned by [`Rules::flows`].
/// - **Days** of stock-out are summed; those of one report are divided by days where it crosses a border, so that no
///   period gets more than it has. They are not divided among whole periods shorter than their own.
/// - A **closing balance**, and an estimate, is that of the report that ends last in the period, an **opening balance**
///   that of the report that begins first; where that is not on the border, [`Aligned::coverage`] says how far from it.
/// - A **ratio** stays where the periods are the same, and is not applicable elsewhere.
///
/// Where the schedule asks for a report and there is none, its numbers are missing; what gaps do to a sum is
/// [`Rules::gaps`], and no balance stands in for another. A report made before its period ended covers the days until
/// then; one that comes late counts in its own period. Reports that speak of the same days are withheld
/// ([`OVERLAPPING`]), so of several versions one is chosen before.
///
/// By [`Gaps::Partial`] the flows of all periods and of what is undivided sum to those of the reports, whatever the rule.
/// Outside the years that a schedule knows, all reports are undivided.
#[must_use]
pub fn align(reports: &[Report], from: Schedule, measure: &Measure, to: Schedule, rules: Rules) -> Alignment {
    let first = reports.iter().map(|report| report.days.first()).min();
    let last = reports.iter().map(|report| report.days.last()).max();
    let Some(spoken) = first.zip(last).and_then(|(first, last)| Days::new(first, last)) else {
        return Alignment::default();
    };
    let targets = to.periods_in(spoken);
    let ends = targets.first().zip(targets.last()).and_then(|(first, last)| Days::new(first.first(), last.last()));
    let asked = ends.map(|days| from.periods_in(days)).unwrap_or_default();
    if asked.is_empty() {
        return Alignment { periods: Vec::new(), undivided: reports.to_vec() };
    }
    let given = withheld_where_doubtful(reports, measure);
    let absent = absent(&given, &asked);
    let mut all: Vec<&Report> = given.iter().chain(&absent).collect();
    all.sort_by_key(|report| report.days);
    let mut undivided = Vec::new();
    let mut parts: Vec<Vec<Part<'_>>> = targets.iter().map(|_| Vec::new()).collect();
    for report in all {
        let divided = assign(report, measure, &targets, rules.flows, &mut parts);
        if !divided && matches!(report.value, Value::Reported(_)) {
            undivided.push(report.clone());
        }
    }
    let periods = targets.into_iter().zip(&parts).map(|(days, parts)| aligned(days, parts, measure, rules));
    Alignment { periods: periods.collect(), undivided }
}

/// The reports in order of time; numbers that cannot be trusted are withheld.
fn withheld_where_doubtful(reports: &[Report], measure: &Measure) -> Vec<Report> {
    let mut given = reports.to_vec();
    given.sort_by_key(|report| report.days);
    let mut clash = vec![false; given.len()];
    let mut furthest = 0;
    for index in 1..given.len() {
        if given[furthest].days.overlap(given[index].days).is_some() {
            (clash[furthest], clash[index]) = (true, true);
        }
        if given[index].days.last() > given[furthest].days.last() {
            furthest = index;
        }
    }
    for (report, clash) in given.iter_mut().zip(clash) {
        let days = report.days.count();
        let too_many =
            measure.kind() == Kind::Duration && report.value.reported().is_some_and(|number| number > days.into());
        if clash {
            report.value = Value::Suppressed(OVERLAPPING.into());
        } else if too_many {
            report.value = Value::Suppressed(TOO_MANY_DAYS.into());
        }
    }
    given
}

/// Reports that the schedule asks for and that are not there, or what other reports leave of their days.
fn absent(given: &[Report], asked: &[Days]) -> Vec<Report> {
    let mut absent = Vec::new();
    let mut given = given.iter().map(|report| report.days).peekable();
    for asked in asked {
        let mut open = Some(asked.first());
        while let Some(days) = given.peek().filter(|days| days.first() <= asked.last()) {
            let gap = open.zip(days.first().yesterday().ok()).and_then(|(first, last)| Days::new(first, last));
            absent.extend(gap);
            open = open.max(days.last().tomorrow().ok());
            if days.last() > asked.last() {
                break; // it goes on in the next
            }
            given.next();
        }
        absent.extend(open.and_then(|first| Days::new(first, asked.last())));
    }
    let none = |days| Report { days, value: Value::Missing(MissingReason::NoReport), made: None };
    absent.into_iter().map(none).collect()
}

/// Gives each period its part of a report. Says no, where the report is about a longer period that no rule divides; its
/// number is then missing in the shorter ones.
fn assign<'a>(
    report: &'a Report,
    measure: &Measure,
    targets: &[Days],
    rule: Flows,
    parts: &mut [Vec<Part<'a>>],
) -> bool {
    let from = targets.partition_point(|target| target.last() < report.days.first());
    let until = targets.partition_point(|target| target.first() <= report.days.last());
    let touched = from..until.max(from);
    let mut give = |index: usize, value: Value, days: Days| parts[index].push(Part { report, value, days });
    let overlap = |index: usize| targets[index].overlap(report.days).unwrap_or(report.days);
    let holding = |day: Date| touched.clone().find(|index| targets[*index].contains_date(day));
    let longer = touched.len() > 1 && touched.clone().any(|index| report.days.contains(targets[index]));
    match (measure.kind(), rule) {
        (Kind::Ratio, _) => {
            for index in touched.clone() {
                let same = targets[index] == report.days;
                let value = if same { report.value.clone() } else { Value::NotApplicable };
                give(index, value, overlap(index));
            }
            true
        }
        (Kind::Stock | Kind::Estimate, _) => {
            let opening = *measure == Measure::OpeningBalance;
            let day = if opening { report.days.first() } else { report.days.last() };
            holding(day).into_iter().for_each(|index| give(index, report.value.clone(), report.days));
            true
        }
        (Kind::Duration, _) | (Kind::Flow, Flows::ByEnd) if longer => {
            let value = match &report.value {
                Value::Reported(_) => Value::Missing(MissingReason::NoReport),
                other => other.clone(),
            };
            touched.clone().for_each(|index| give(index, value.clone(), overlap(index)));
            false
        }
        (Kind::Flow, Flows::ByEnd) => {
            let ending = holding(report.days.last());
            ending.into_iter().for_each(|index| give(index, report.value.clone(), report.days));
            true
        }
        (Kind::Flow | Kind::Duration, _) => {
            let days: Vec<Days> = touched.clone().map(overlap).collect();
            let rule = if measure.kind() == Kind::Duration { Flows::ByDays } else { rule };
            let values = match &report.value {
                Value::Reported(total) => match divided(*total, &days, rule) {
                    Some(numbers) => numbers.into_iter().map(Value::Reported).collect(),
                    None => vec![Value::Missing(MissingReason::NotANumber); days.len()],
                },
                other => vec![other.clone(); days.len()],
            };
            for ((index, value), days) in touched.clone().zip(values).zip(days) {
                give(index, value, days);
            }
            true
        }
    }
}

/// A total divided over stretches of its days by a rule. Nothing, where a number grows too large.
fn divided(total: Decimal, days: &[Days], rule: Flows) -> Option<Vec<Decimal>> {
    let weights: Vec<u64> = match rule {
        Flows::Equally => return equal_parts(total, days.len()),
        Flows::ByEnd | Flows::ByDays => days.iter().map(|days| days.count().into()).collect(),
        Flows::ByProfile(profile) => days.iter().map(|days| profile.weight(*days)).collect(),
    };
    let whole = weights.iter().sum();
    let shares: Option<Vec<Factor>> = weights.into_iter().map(|weight| Factor::new(weight, whole)).collect();
    split(total, &shares?)
}

/// What the parts of a period make.
fn aligned(days: Days, parts: &[Part<'_>], measure: &Measure, rules: Rules) -> Aligned {
    let mut merge = Merge::over_time(measure);
    parts.iter().for_each(|part| merge.push(&part.value));
    let value = match rules.gaps {
        _ if parts.is_empty() => Value::Missing(MissingReason::NoReport),
        Gaps::Missing => merge.value(),
        Gaps::Partial => merge.partial().0,
    };
    let (coverage, stands_for) = match (measure.kind(), measure) {
        (Kind::Stock, Measure::OpeningBalance) => {
            let counted = parts.first().and_then(known_days).map(Days::first);
            (ratio(within(days, counted, Some(days.last())), days.count()), within(days, counted, counted))
        }
        (Kind::Stock | Kind::Estimate, _) => {
            let counted = parts.last().and_then(known_days).map(Days::last);
            (ratio(within(days, Some(days.first()), counted), days.count()), within(days, counted, counted))
        }
        (Kind::Flow | Kind::Duration | Kind::Ratio, _) => covered_sum(parts),
    };
    Aligned { days, value, coverage, stands_for, reports: counts(parts, rules) }
}

/// From a day to a day within a period. Nothing, where one of them is not known.
fn within(days: Days, first: Option<Date>, last: Option<Date>) -> Option<Days> {
    let (first, last) = first.zip(last)?;
    Days::new(first, last)?.overlap(days)
}

fn ratio(known: Option<Days>, whole: u32) -> Rational {
    let known = known.map_or(0, Days::count);
    Rational::new(known.into(), whole.into()).unwrap_or(Rational::ZERO)
}

/// How much of a sum is known, and the days that it stands for.
fn covered_sum(parts: &[Part<'_>]) -> (Rational, Option<Days>) {
    let (mut known, mut expected) = (0, 0);
    let mut stands_for: Option<Days> = None;
    for part in parts.iter().filter(|part| part.value != Value::NotApplicable) {
        expected += part.days.count();
        let Some(days) = known_days(part) else { continue };
        known += days.count();
        stands_for = stands_for.map_or(Some(days), |all| Days::new(all.first().min(days.first()), days.last()));
    }
    (Rational::new(known.into(), expected.into()).unwrap_or(Rational::ZERO), stands_for)
}

/// The days of a part that its number speaks of: none, where there is no number, and not those after it was made.
fn known_days(part: &Part<'_>) -> Option<Days> {
    part.value.reported()?;
    let last = part.report.made.map_or(part.days.last(), |made| made.min(part.days.last()));
    Days::new(part.days.first(), last)
}

fn counts(parts: &[Part<'_>], rules: Rules) -> Counts {
    let mut counts = Counts::default();
    for part in parts.iter().filter(|part| part.value != Value::NotApplicable) {
        counts.expected += 1;
        if part.value.reported().is_none() {
            continue;
        }
        counts.known += 1;
        let timeliness = part.report.made.map(|made| Timeliness::of(part.report.days, made, rules.due));
        counts.early += usize::from(timeliness == Some(Timeliness::Early));
        counts.late += usize::from(timeliness == Some(Timeliness::Late));
    }
    counts
}

/// A total in so many equal parts, the remainder in the last, so that the sum is exact. Nothing, where there are none.
fn equal_parts(total: Decimal, count: usize) -> Option<Vec<Decimal>> {
    let last = count.checked_sub(1)?;
    let each = total.checked_div(count.into())?.trunc_with_scale(total.scale());
    let rest = total.checked_sub(each.checked_mul(last.into())?)?;
    let mut parts = vec![each; last];
    parts.push(rest);
    Some(parts)
}
