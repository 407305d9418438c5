//! One point with all that its causes are judged by.

use mlatho_model::{Decimal, OrgUnitId, Period};
use rust_decimal::prelude::ToPrimitive;

use super::super::figures::Figures;
use super::super::history::Deviation;
use super::super::report::Report;
use super::super::{Rule, Verdict};
use super::{Everything, Key, Known};
use crate::{Rational, Rounding};

/// The most periods on either side that make one stretch.
const STRETCH: usize = 36;

/// The point and what is around it.
pub(super) struct View<'a> {
    pub(super) rule: &'a Rule,
    pub(super) org_unit: &'a OrgUnitId,
    pub(super) period: Period,
    pub(super) figures: &'a Figures,
    /// Where the ratio lies, be it of few events.
    pub(super) verdict: Verdict,
    /// The period directly before.
    pub(super) before: Option<&'a Figures>,
    /// The figures of all periods in a row with this verdict, this one among them.
    pub(super) stretch: Vec<(Period, &'a Figures)>,
    /// ln ratio, where there is one; of a held number, that of the number as reported.
    pub(super) log_ratio: Option<f64>,
    /// ln of the ratio that is usual here, with its noise.
    pub(super) usual_ratio: Option<Deviation>,
    /// How far both sides are from what is usual, over the stretch.
    pub(super) consumption: Option<Deviation>,
    pub(super) services: Option<Deviation>,
    /// Rules that share an item family, and those that share services: how many have this verdict, of how many.
    pub(super) family: (usize, usize),
    pub(super) same_services: (usize, usize),
    /// Percent of the org units with this verdict in this period, where it is most of many.
    pub(super) everywhere: Option<f64>,
    pub(super) facts: Facts<'a>,
}

/// What is known besides the ratio.
pub(super) struct Facts<'a> {
    reports: Vec<&'a Report>,
    /// Days after the end of the period, where a report was late.
    pub(super) late: Option<i32>,
    /// Treatments as reported, where a check holds the number back.
    pub(super) held: Option<f64>,
    pub(super) stockout_days: f64,
}

impl<'a> Facts<'a> {
    pub(super) fn of(all: &'a Everything<'_>, known: &Known<'_>, key: &Key, figures: &Figures) -> Self {
        let entries = known.rule.consumption.iter();
        let reports: Vec<&Report> = entries.filter_map(|entry| all.reports.of(&key.0, &entry.item, key.1)).collect();
        Self {
            late: reports.iter().filter_map(|report| all.reports.late(report)).max(),
            held: held(known.rule, &reports).filter(|_| figures.consumption.is_none()),
            stockout_days: figures.stockout_days.map_or(0.0, number),
            reports,
        }
    }

    /// Whether there is something that a person should be asked about, whatever the ratio.
    pub(super) fn any(&self) -> bool {
        self.late.is_some() || self.held.is_some() || self.stockout_days > 0.0 || self.has_finding(TELLING)
    }

    /// Whether a check found one of these about a report.
    pub(super) fn has_finding(&self, codes: &[&str]) -> bool {
        self.reports.iter().flat_map(|report| &report.findings).any(|code| codes.contains(&&**code))
    }
}

pub(super) fn number(exact: Rational) -> f64 {
    exact.rounded(6, Rounding::HalfEven).and_then(|number| number.to_f64()).unwrap_or(0.0)
}

/// Natural logarithm of a count; a half stands for zero, which has none.
pub(super) fn log(exact: Rational) -> f64 {
    number(exact).max(0.5).ln()
}

impl<'a> View<'a> {
    pub(super) fn of(
        all: &Everything<'_>,
        known: &'a Known<'_>,
        key: &'a Key,
        figures: &'a Figures,
        verdict: Verdict,
        facts: Facts<'a>,
    ) -> Self {
        let (org_unit, period) = (&key.0, key.1);
        let stretch = stretch(known, key, verdict);
        let (consumption, expected) = (figures.consumption.map(log), figures.expected.map(log));
        let as_reported = consumption.or(facts.held.map(|held| held.max(0.5).ln()));
        let deviation = |history: &super::History, of: fn(&Figures) -> Option<Rational>| {
            let each =
                stretch.iter().filter_map(|(period, figures)| history.deviation(org_unit, *period, log(of(figures)?)));
            mean(&each.collect::<Vec<_>>(), history.usual(org_unit)?.log)
        };
        Self {
            consumption: deviation(&known.consumption, |figures| figures.consumption),
            services: deviation(&known.expected, |figures| figures.expected),
            rule: known.rule,
            org_unit,
            period,
            figures,
            verdict,
            before: period.previous().and_then(|before| known.table.figures.get(&(org_unit.clone(), before))),
            log_ratio: as_reported.zip(expected).map(|(reported, expected)| reported - expected),
            usual_ratio: known.ratio.usual(org_unit),
            family: all.family(known, &stretch, org_unit, verdict),
            same_services: all.same_services(known, &stretch, org_unit, verdict),
            everywhere: known.everywhere(period, verdict),
            facts,
            stretch,
        }
    }

    /// ln of the ratio that is usual here; 0 where that is not known.
    pub(super) fn usual(&self) -> f64 {
        self.usual_ratio.map_or(0.0, |usual| usual.log)
    }
}

/// Findings of checks that say what a person should be asked about.
const TELLING: &[&str] = &["duplicate-report", "copied-report", "org-unit-swap", "late-report"];

fn held(rule: &Rule, reports: &[&Report]) -> Option<f64> {
    let parts = reports.iter().filter_map(|report| {
        let entry = rule.consumption.iter().find(|entry| entry.item == report.item)?;
        report.held?.checked_div(entry.units_per_case)
    });
    parts.reduce(|sum, part: Decimal| sum.saturating_add(part))?.to_f64()
}

/// Periods in a row with one verdict.
fn stretch<'a>(known: &'a Known<'_>, key: &'a Key, verdict: Verdict) -> Vec<(Period, &'a Figures)> {
    let (org_unit, period) = (&key.0, key.1);
    let same = |period: &Period| known.direction(org_unit, *period) == Some(verdict);
    let back = std::iter::successors(period.previous(), |period| period.previous()).take(STRETCH).take_while(same);
    let forth = std::iter::successors(period.next(), |period| period.next()).take(STRETCH).take_while(same);
    let mut periods: Vec<Period> = back.chain([period]).collect();
    if matches!(verdict, Verdict::Above | Verdict::Below) {
        periods.extend(forth);
    } else {
        periods = vec![period];
    }
    periods
        .into_iter()
        .filter_map(|period| Some((period, known.table.figures.get(&(org_unit.clone(), period))?)))
        .collect()
}

/// The mean of deviations in a row. Its noise shrinks with their number, down to a half: months in a row are alike.
fn mean(each: &[Deviation], usual: f64) -> Option<Deviation> {
    let count = f64::from(u32::try_from(each.len()).ok().filter(|count| *count > 0)?);
    let counts = (-usual / 2.0).exp(); // the root of a count, as a part of it
    let noise = each.iter().map(|one| one.noise).fold(0.0, f64::max).max(counts);
    Some(Deviation { log: each.iter().map(|one| one.log).sum::<f64>() / count, noise: noise / count.sqrt().min(2.0) })
}

impl Everything<'_> {
    /// How many of the other items of a family have the verdict in most of the periods, of how many.
    fn family(
        &self,
        known: &Known<'_>,
        stretch: &[(Period, &Figures)],
        org_unit: &OrgUnitId,
        verdict: Verdict,
    ) -> (usize, usize) {
        let own = known.item();
        let families = self.rules.iter().filter(|family| {
            let items = &family.rule.consumption;
            items.len() > 1 && own.is_none_or(|own| items.iter().any(|entry| entry.item == *own))
        });
        let of_own = |family: &&Known<'_>| own.is_some() || std::ptr::eq(family.rule, known.rule);
        let mut others: Vec<usize> = families
            .filter(of_own)
            .flat_map(|family| &family.rule.consumption)
            .filter(|entry| Some(&entry.item) != own)
            .filter_map(|entry| self.of_item.get(&entry.item).copied())
            .collect();
        others.sort_unstable();
        others.dedup();
        self.alike(others.into_iter(), stretch, org_unit, verdict)
    }

    /// The same of the rules of other items that count the same services.
    fn same_services(
        &self,
        known: &Known<'_>,
        stretch: &[(Period, &Figures)],
        org_unit: &OrgUnitId,
        verdict: Verdict,
    ) -> (usize, usize) {
        let shared = |other: &Known<'_>| {
            other.rule.consumption.len() == 1
                && other.item() != known.item()
                && other.rule.services == known.rule.services
        };
        let others = self.rules.iter().enumerate().filter(|(_, other)| known.item().is_some() && shared(other));
        self.alike(others.map(|(at, _)| at), stretch, org_unit, verdict)
    }

    fn alike(
        &self,
        others: impl Iterator<Item = usize>,
        stretch: &[(Period, &Figures)],
        org_unit: &OrgUnitId,
        verdict: Verdict,
    ) -> (usize, usize) {
        let (mut with, mut of) = (0, 0);
        for other in others.filter_map(|at| self.rules.get(at)) {
            let verdicts = stretch.iter().filter_map(|(period, _)| other.direction(org_unit, *period));
            let (mut same, mut defined) = (0, 0);
            for found in verdicts.filter(|found| *found != Verdict::Undefined) {
                defined += 1;
                same += usize::from(found == verdict);
            }
            of += usize::from(defined > 0);
            with += usize::from(defined > 0 && same * 2 > defined);
        }
        (with, of)
    }
}
