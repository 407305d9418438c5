//! Monthly and quarterly stock status.

use std::collections::{BTreeMap, BTreeSet};

use mlatho_model::{Finding, Period, PeriodType};

use super::map::{self, StatusLine};
use super::{Client, ElmisError};
use crate::http::{answer, named};

/// The stock status of one program and period, as the server gave it: `{"report": [...]}`.
///
/// It leaves out lines whose numbers are all zero, products that are not traced, and requisitions that were not
/// authorized. What is absent is not zero, and no reporting rate can be computed from it.
#[derive(Clone, Debug)]
pub struct StockStatus {
    pub bytes: Vec<u8>,
    pub lines: usize,
    /// What was asked for: the same for each pull of the same program and period.
    pub name: String,
    pub findings: Vec<Finding>,
}

impl Client {
    /// The stock status of a program in a month or a quarter.
    ///
    /// # Errors
    /// The program is not known, the server does not answer, refuses, does not offer stock status, or answers with
    /// something else. A period of another kind is an answer that the server cannot give.
    pub async fn stock_status(&self, program: &str, period: Period) -> Result<StockStatus, ElmisError> {
        let program = &self.program(program)?.code;
        let (year, month) = (period.start().year().to_string(), period.start().month());
        let (path, part) = match period.period_type() {
            PeriodType::Monthly => ("rest-api/stock-status/monthly", ("month", month.to_string())),
            PeriodType::Quarterly => ("rest-api/stock-status/quarter", ("quarter", (month / 3 + 1).to_string())),
            _ => return Err(answer("rest-api/stock-status", "it is given for months and quarters only")),
        };
        let query = [(part.0, part.1.as_str()), ("year", &year), ("program", program)];
        let reply = self.rest(path, &query).await?;
        let name = format!("{path}?{}={}&year={year}&program={program}", part.0, part.1);
        let read = map::list::<StatusLine>(path, "report", &reply.body)?;
        let mut findings = read.findings;
        findings.extend(ambiguous(&read.values).map(|finding| finding.with("name", name.as_str())));
        Ok(StockStatus { bytes: reply.body.to_vec(), lines: read.values.len(), name, findings })
    }
}

/// Facilities that cannot be told apart: lines name them by name and district only, and a product stands twice there.
fn ambiguous(lines: &[StatusLine]) -> Option<Finding> {
    let mut counts: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for line in lines {
        let district = line.district.as_deref().unwrap_or_default();
        *counts.entry((&line.facility_name, district, &line.product_code)).or_default() += 1;
    }
    let twice = counts.iter().filter(|(_, count)| **count > 1);
    let names: BTreeSet<String> = twice.map(|((facility, district, _), _)| format!("{facility}, {district}")).collect();
    let names: Vec<String> = names.into_iter().collect();
    let finding = || Finding::warning("elmis-ambiguous-facility").with("count", names.len());
    (!names.is_empty()).then(|| finding().with("facilities", named(&names, "; ")))
}
