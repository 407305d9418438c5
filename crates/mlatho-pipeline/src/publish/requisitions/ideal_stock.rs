//! Ideal stock amounts as a file that a person gives to OpenLMIS.

use std::collections::HashMap;

use mlatho_connect::openlmis::{Client, OpenlmisError};
use mlatho_formats::openlmis::IdealStockWriter;
use mlatho_model::Finding;

use super::wanted::Amount;

/// A file of ideal stock amounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdealStock {
    /// Rows below the header.
    pub count: u64,
    /// The whole file; empty where no amounts are mapped.
    pub bytes: Vec<u8>,
}

/// Writes the file. OpenLMIS names a period by its schedule and its own name, so both are asked for; an amount whose period
/// the schedule does not have, or that the server would not take, is told and left out.
///
/// # Errors
/// The server does not answer, refuses, or answers with something else.
pub(super) async fn file(
    client: &Client,
    amounts: &[Amount],
    findings: &mut Vec<Finding>,
) -> Result<IdealStock, OpenlmisError> {
    if amounts.is_empty() {
        return Ok(IdealStock::default());
    }
    let (schedules, periods) = (client.schedules().await?, client.periods().await?);
    let codes: HashMap<&str, &str> = schedules.values.iter().map(|own| (&*own.id, &*own.code)).collect();
    let names: HashMap<_, &str> = periods
        .values
        .iter()
        .filter_map(|own| {
            let schedule = *codes.get(own.schedule.as_deref()?)?;
            Some(((schedule, own.start_date, own.end_date), own.name.as_deref()?))
        })
        .collect();
    let (mut count, mut left_out) = (0, Vec::new());
    let mut writer = IdealStockWriter::new(Vec::new()).map_err(unwritten)?;
    for amount in amounts {
        let Amount { facility, schedule, system, commodity, period, value } = amount;
        let place = || format!("{facility} {system}|{commodity} {schedule} {period}");
        let Some(name) = names.get(&(schedule.as_str(), period.start(), period.end())) else {
            left_out.push(place());
            continue;
        };
        match writer.push(facility, (system, commodity), (schedule, name), *value) {
            Ok(()) => count += 1,
            Err(problem) => left_out.push(format!("{}: {problem}", place())),
        }
    }
    if let Some(first) = left_out.first() {
        let finding = Finding::warning("ideal-stock-left-out").with("count", left_out.len());
        findings.push(finding.with("first", first.as_str()));
    }
    Ok(IdealStock { count, bytes: writer.finish().map_err(unwritten)? })
}

/// Writing into memory does not fail; if it did, there would be no file.
fn unwritten(error: impl std::fmt::Display) -> OpenlmisError {
    OpenlmisError::Answer { path: "api/idealStockAmounts".into(), problem: error.to_string() }
}
