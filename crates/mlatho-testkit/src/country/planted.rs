//! The list of what is wrong, to compare findings with.

use std::fmt::Write;

use mlatho_model::{Period, PeriodType, Uid};

use super::{Cause, Country, Facility};

/// One trouble that a good check should find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planted {
    /// The project's org unit.
    pub org_unit: Uid,
    /// The project's item; nothing, where the whole report is meant.
    pub item: Option<&'static str>,
    /// First and last reporting period.
    pub from: Period,
    pub to: Period,
    pub cause: Cause,
}

impl Country {
    /// Everything that is wrong, in the order of facilities. Stock-outs that came about by themselves are listed too.
    pub fn planted(&self) -> Vec<Planted> {
        let mut planted = Vec::new();
        for (at, facility) in self.facilities.iter().enumerate() {
            let mut add = |item, from: usize, to: usize, cause| {
                let (from, to) = (self.reporting_period(facility, from), self.reporting_period(facility, to));
                planted.push(Planted { org_unit: facility.uid, item, from, to, cause });
            };
            for trouble in self.troubles[at].iter().filter(|trouble| trouble.cause != Cause::StockOut) {
                if trouble.products.is_empty() {
                    add(None, trouble.from, trouble.to, trouble.cause);
                }
                for product in &trouble.products {
                    add(Some(self.products[*product].item), trouble.from, trouble.to, trouble.cause);
                }
            }
            for (product, series) in self.products.iter().zip(&self.history[at].stock) {
                let out: Vec<bool> = series.iter().flatten().map(|month| month.stockout_days > 0).collect();
                for (from, to) in runs(&out) {
                    add(Some(product.item), from, to, Cause::StockOut);
                }
            }
        }
        planted
    }

    /// `planted.csv`: `org_unit,item,period_from,period_to,cause`; a blank item means the whole report.
    #[must_use]
    pub fn planted_csv(&self) -> Vec<u8> {
        let mut text = String::from("org_unit,item,period_from,period_to,cause\n");
        for row in self.planted() {
            let (item, cause) = (row.item.unwrap_or_default(), row.cause.name());
            let _ = writeln!(text, "{},{item},{},{},{cause}", row.org_unit, row.from, row.to);
        }
        text.into_bytes()
    }

    fn reporting_period(&self, facility: &Facility, month: usize) -> Period {
        let month = self.months[month];
        let quarter = Period::containing(PeriodType::Quarterly, month.start()).filter(|_| facility.quarterly);
        quarter.unwrap_or(month)
    }
}

/// First and last place of each stretch of `true`.
fn runs(flags: &[bool]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, _) in flags.iter().enumerate().filter(|(_, flag)| **flag) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == at => *last = at,
            _ => runs.push((at, at)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    #[test]
    fn runs_are_stretches() {
        assert_eq!(super::runs(&[true, true, false, true]), [(0, 1), (3, 3)]);
        assert!(super::runs(&[false]).is_empty());
    }
}
