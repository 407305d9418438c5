//! Indicators by definition files over plain tables of stock reports and services.
//!
//! A figure is Σ numerator ÷ Σ denominator over the lines where both are known: ratios are never averaged
//! (`indicators.md` section 1). Division by zero is undefined; where no line is known, the figure is missing. `used` of
//! `expected` lines stand behind it.

mod definition;
mod expression;
mod shipped;
mod table;

use std::collections::BTreeMap;

use mlatho_model::{ItemId, OrgUnitId, Period};

use crate::Rational;
pub use definition::{BadIndicator, Direction, Indicator, Per, Threshold, Total, Unit};
pub use expression::Answer;
pub use shipped::SHIPPED;
pub use table::{COMPUTED, Ledger, Line, write_figures};

/// What is known of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Known(Rational),
    Missing,
    Undefined,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    pub indicator: String,
    pub version: u32,
    /// Nothing: all of them.
    pub org_unit: Option<OrgUnitId>,
    /// Nothing: all of them.
    pub item: Option<ItemId>,
    pub period: Period,
    pub state: State,
    /// Sum over the lines that were used.
    pub numerator: Option<Rational>,
    /// Nothing for a sum.
    pub denominator: Option<Rational>,
    /// Lines (or reports) behind the figure.
    pub used: usize,
    /// Lines (or reports) that the filter lets pass or that are missing.
    pub expected: usize,
}

/// Sums over lines.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    known: Option<(Rational, Rational)>,
    used: usize,
    missing: usize,
    undefined: usize,
    /// The sums outgrew exact arithmetic.
    lost: bool,
}

type Place<'a> = (Option<&'a OrgUnitId>, Option<&'a ItemId>, Period);

impl Indicator {
    /// The figures: of each line or report, and the totals that the definition names.
    #[must_use]
    pub fn figures(&self, ledger: &Ledger) -> Vec<Figure> {
        let mut places: BTreeMap<Place<'_>, Sums> = BTreeMap::new();
        let mut count = |org_unit, item: Option<_>, period, pair: Pair| {
            let mut targets = vec![(Some(org_unit), item, period)];
            for total in &self.totals {
                targets.push(match total {
                    Total::Facilities => (None, item, period),
                    Total::Products => (Some(org_unit), None, period),
                    Total::All => (None, None, period),
                });
            }
            targets.dedup();
            targets.into_iter().for_each(|place| places.entry(place).or_default().add(pair));
        };
        if self.per == Per::Line {
            for ((period, org_unit, item), line) in &ledger.lines {
                if let Some(pair) = self.pair(line) {
                    count(org_unit, Some(item), *period, pair);
                }
            }
        } else {
            let mut reports: BTreeMap<(Period, &OrgUnitId), Vec<Answer>> = BTreeMap::new();
            for ((period, org_unit, _), line) in &ledger.lines {
                if self.lets_pass(line) != Some(false) {
                    reports
                        .entry((*period, org_unit))
                        .or_default()
                        .push(self.numerator.answer(&|name| line.look(name)));
                }
            }
            for ((period, org_unit), answers) in reports {
                count(org_unit, None, period, (together(self.per, &answers), Answer::Known(1.into())));
            }
        }
        places.into_iter().map(|(place, sums)| self.figure(place, sums)).collect()
    }

    fn figure(&self, (org_unit, item, period): Place<'_>, sums: Sums) -> Figure {
        let state = match sums.known {
            _ if sums.lost => State::Missing,
            Some((numerator, _)) if self.is_sum() => State::Known(numerator),
            Some((numerator, denominator)) => numerator.checked_div(denominator).map_or(State::Undefined, State::Known),
            None if sums.undefined > 0 && sums.missing == 0 => State::Undefined,
            None => State::Missing,
        };
        Figure {
            indicator: self.id.clone(),
            version: self.version,
            org_unit: org_unit.cloned(),
            item: item.cloned(),
            period,
            state,
            numerator: sums.known.map(|(numerator, _)| numerator),
            denominator: sums.known.filter(|_| !self.is_sum()).map(|(_, denominator)| denominator),
            used: sums.used,
            expected: sums.used + sums.missing + sums.undefined,
        }
    }

    fn is_sum(&self) -> bool {
        self.denominator.is_none() && self.per == Per::Line
    }

    /// Nothing where that is not known.
    fn lets_pass(&self, line: &Line) -> Option<bool> {
        let Some(filter) = &self.filter else { return Some(true) };
        match filter.answer(&|name| line.look(name)) {
            Answer::Known(number) => Some(!number.is_zero()),
            Answer::Missing | Answer::Undefined => None,
        }
    }

    /// Numerator and denominator of a line; nothing for a line that the filter leaves out.
    fn pair(&self, line: &Line) -> Option<Pair> {
        match self.lets_pass(line) {
            Some(false) => None,
            None => Some((Answer::Missing, Answer::Missing)),
            Some(true) => {
                let look = |name: &str| line.look(name);
                let denominator = self.denominator.as_ref().map_or(Answer::Known(1.into()), |one| one.answer(&look));
                Some((self.numerator.answer(&look), denominator))
            }
        }
    }
}

type Pair = (Answer, Answer);

impl Sums {
    fn add(&mut self, pair: Pair) {
        match pair {
            (Answer::Known(numerator), Answer::Known(denominator)) => {
                let (n, d) = self.known.unwrap_or((Rational::ZERO, Rational::ZERO));
                match n.checked_add(numerator).zip(d.checked_add(denominator)) {
                    Some(sums) => self.known = Some(sums),
                    None => self.lost = true,
                }
                self.used += 1;
            }
            (Answer::Missing, _) | (_, Answer::Missing) => self.missing += 1,
            _ => self.undefined += 1,
        }
    }
}

/// Whether something is true for any or for all lines of a report; missing where the missing ones could decide.
fn together(per: Per, answers: &[Answer]) -> Answer {
    let is = |answer: &Answer, truth: bool| matches!(answer, Answer::Known(number) if number.is_zero() != truth);
    let decides = per == Per::AnyLine;
    if answers.iter().any(|answer| is(answer, decides)) {
        return Answer::Known(if decides { Rational::from(1) } else { Rational::ZERO });
    }
    if answers.iter().all(|answer| is(answer, !decides)) {
        return Answer::Known(if decides { Rational::ZERO } else { Rational::from(1) });
    }
    Answer::Missing
}
