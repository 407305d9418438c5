//! Rules over numbers.

use std::collections::{BTreeMap, HashMap};

use mlatho_model::{Arg, Decimal, ItemId, Measure, OrgUnitId, Period};

use super::{Check, Relation, Rules, Term};
use crate::{LedgerLine, QualityFinding, ServiceLine};

/// What one org unit reported about one period. Nothing was counted twice: of lines with the same key the first stands.
#[derive(Debug, Default)]
struct Report<'a> {
    services: Vec<&'a ServiceLine>,
    ledger: Vec<&'a LedgerLine>,
}

type Reports<'a> = BTreeMap<(&'a OrgUnitId, Period), Report<'a>>;

/// A sum, and what it is mostly of.
struct Sum<'a> {
    number: Decimal,
    item: &'a ItemId,
}

/// A rule that could be looked at: every number that it needs was known.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    pub org_unit: OrgUnitId,
    pub period: Period,
    pub holds: bool,
}

/// What the rules find in ledgers and services, in the order of org units and periods, and where they could be looked at.
#[must_use]
pub fn check_rules(rules: &Rules, ledger: &[LedgerLine], services: &[ServiceLine]) -> (Vec<QualityFinding>, Vec<Ran>) {
    let (mut found, mut ran) = (Vec::new(), Vec::new());
    if rules.is_empty() {
        return (found, ran);
    }
    let mut names: HashMap<&ItemId, String> = HashMap::new();
    for line in services {
        names.entry(&line.item).or_insert_with(|| line.item.as_str().to_lowercase());
    }
    // Most elements are of no concern to any rule: they are left out before anything is put together.
    let terms = || rules.checks.iter().flat_map(Check::terms);
    let matches: HashMap<&ItemId, bool> =
        names.iter().map(|(item, name)| (*item, terms().any(|term| term.takes(item, name)))).collect();
    let mut reports = Reports::new();
    for line in services.iter().filter(|line| matches[&line.item]) {
        let report = reports.entry((&line.org_unit, line.period)).or_default();
        if report.services.last().is_none_or(|last| last.item != line.item) {
            report.services.push(line);
        }
    }
    if terms().any(|term| term.measure.is_some()) {
        for line in ledger {
            let report = reports.entry((&line.org_unit, line.period)).or_default();
            if report.ledger.last().is_none_or(|last| last.item != line.item) {
                report.ledger.push(line);
            }
        }
    }
    for check in &rules.checks {
        let each = check.terms().into_iter().any(|term| term.measure.is_some() && term.products.is_empty());
        for (key, report) in &reports {
            if each {
                for line in &report.ledger {
                    let sums = Sums { reports: &reports, names: &names, item: Some(&line.item), key: *key };
                    sums.check(check, &mut found, &mut ran);
                }
            } else {
                let sums = Sums { reports: &reports, names: &names, item: None, key: *key };
                sums.check(check, &mut found, &mut ran);
            }
        }
    }
    (found, ran)
}

/// The sums of one report; of one product, where a rule is about each.
#[derive(Clone, Copy)]
struct Sums<'a> {
    reports: &'a Reports<'a>,
    names: &'a HashMap<&'a ItemId, String>,
    item: Option<&'a ItemId>,
    key: (&'a OrgUnitId, Period),
}

impl<'a> Sums<'a> {
    fn check(self, check: &Check, found: &mut Vec<QualityFinding>, ran: &mut Vec<Ran>) {
        let applies = |when: &super::When| self.sum(&when.of).is_some_and(|sum| sum.number >= when.at_least);
        if !check.when.iter().all(applies) {
            return;
        }
        let outcome = if check.required.is_some() { Some(self.missing(check)) } else { self.compared(check) };
        if let Some(outcome) = outcome {
            let (org_unit, period) = self.key;
            ran.push(Ran { org_unit: org_unit.clone(), period, holds: outcome.is_empty() });
            found.extend(outcome);
        }
    }

    /// What is found, none or one; nothing where a number is not known.
    fn compared(self, check: &Check) -> Option<Vec<QualityFinding>> {
        let broken = if let Some(compare) = &check.compare {
            let (left, right) = (self.sum(&compare.left)?, self.sum(&compare.right)?);
            let bound = right.number.checked_mul(compare.factor)?;
            let slack = bound.abs().checked_mul(compare.tolerance)?;
            let holds = match compare.relation {
                Relation::AtMost => left.number <= bound + slack,
                Relation::AtLeast => left.number >= bound - slack,
                Relation::Equal => (left.number - bound).abs() <= slack,
            };
            (!holds).then_some((left, bound))
        } else if let Some(range) = &check.range {
            let sum = self.sum(&range.of)?;
            outside(sum.number, range.min, range.max).map(|end| (sum, end))
        } else {
            let ratio = check.ratio.as_ref()?;
            let (of, to) = (self.sum(&ratio.of)?, self.sum(&ratio.to)?);
            let end = outside(of.number.checked_div(to.number)?, ratio.min, ratio.max);
            end.and_then(|end| Some((of, end.checked_mul(to.number)?)))
        };
        let finding = |(about, expected): (Sum<'_>, Decimal)| {
            self.finding(check, about.item).value(Some(about.number)).expected(Some(expected.normalize()))
        };
        Some(broken.map(finding).into_iter().collect())
    }

    /// A number that has to be there and is not, in a report that is.
    fn missing(self, check: &Check) -> Vec<QualityFinding> {
        self.missed(check).into_iter().collect()
    }

    fn missed(self, check: &Check) -> Option<QualityFinding> {
        let term = check.required.as_ref().filter(|term| self.sum(term).is_none())?;
        let report = self.reports.get(&self.key)?;
        let of_services = report.services.first().map(|line| &line.item);
        let item = self.item.or(of_services).or(report.ledger.first().map(|line| &line.item))?;
        let named = term.elements.first().and_then(|name| name.parse().ok());
        Some(self.finding(check, named.as_ref().unwrap_or(item)))
    }

    fn finding(self, check: &Check, item: &ItemId) -> QualityFinding {
        let (org_unit, period) = self.key;
        let about = (org_unit, item, period);
        let code = check.known().unwrap_or("rule-broken");
        let mut finding = QualityFinding::warning(code, about).with("rule", check.code.as_str());
        finding.severity = check.severity;
        if code == "rule-broken" {
            let text = |language| check.text.get(language).or_else(|| check.text.get("en")).map_or("", String::as_str);
            for (name, language) in [("text_en", "en"), ("text_fr", "fr"), ("text_pt", "pt"), ("text_sw", "sw")] {
                finding.evidence.push((name, Arg::from(text(language))));
            }
        }
        finding
    }

    /// A sum over one org unit and period. Nothing where a number that it needs is not known.
    fn sum(self, term: &Term) -> Option<Sum<'a>> {
        let (org_unit, period) = self.key;
        let period = if term.previous { period.previous()? } else { period };
        let report = self.reports.get(&(org_unit, period))?;
        match &term.measure {
            Some(measure) => self.of_measure(term, measure, report),
            None => self.of_elements(term, report),
        }
    }

    fn of_measure(self, term: &Term, measure: &Measure, report: &Report<'a>) -> Option<Sum<'a>> {
        let counts = |line: &&&LedgerLine| match self.item {
            Some(item) if term.products.is_empty() => line.item == *item,
            _ => term.products.iter().any(|product| line.item.as_str() == product),
        };
        let lines: Vec<&&LedgerLine> = report.ledger.iter().filter(counts).collect();
        let needed = term.products.len().max(1);
        (lines.len() == needed).then_some(())?;
        let numbers: Option<Vec<Decimal>> = lines.iter().map(|line| line.value(measure)?.reported()).collect();
        total(lines.iter().map(|line| &line.item).zip(numbers?))
    }

    fn of_elements(self, term: &Term, report: &Report<'a>) -> Option<Sum<'a>> {
        let lines = report.services.iter().filter(|line| term.takes(&line.item, &self.names[&line.item]));
        let numbers: Vec<(&ItemId, Decimal)> =
            lines.filter_map(|line| Some((&line.item, line.value.reported()?))).collect();
        (term.elements.len() <= numbers.len()).then_some(())?;
        total(numbers.into_iter())
    }
}

impl Term {
    /// Whether an element belongs to the sum; its name in lower case beside it.
    fn takes(&self, element: &ItemId, name: &str) -> bool {
        let named = self.elements.iter().any(|own| own == element.as_str());
        named || self.words.iter().any(|words| words.iter().all(|word| name.contains(&word.to_lowercase())))
    }
}

fn total<'a>(numbers: impl Iterator<Item = (&'a ItemId, Decimal)>) -> Option<Sum<'a>> {
    let mut sum: Option<(Sum<'a>, Decimal)> = None;
    for (item, number) in numbers {
        sum = Some(match sum {
            None => (Sum { number, item }, number),
            Some((sum, most)) => {
                let item = if number > most { item } else { sum.item };
                (Sum { number: sum.number.saturating_add(number), item }, most.max(number))
            }
        });
    }
    sum.map(|(sum, _)| sum)
}

/// The end of a range that a number lies outside of.
fn outside(number: Decimal, min: Option<Decimal>, max: Option<Decimal>) -> Option<Decimal> {
    min.filter(|min| number < *min).or(max.filter(|max| number > *max))
}
