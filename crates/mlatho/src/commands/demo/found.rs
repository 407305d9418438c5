//! What the job found, beside what was planted.

use std::collections::BTreeMap;

use mlatho_model::{ItemId, OrgUnitId, Period};
use mlatho_pipeline::repository::Repository;
use mlatho_pipeline::{PipelineError, WorklistEntry};
use mlatho_testkit::country::{Cause, Country, Planted};

use crate::commands::{Context, Failure};

/// Something that was noticed about an org unit.
struct Noticed {
    org_unit: OrgUnitId,
    /// Nothing, where a comparison of several items noticed it.
    item: Option<ItemId>,
    period: Period,
    /// Causes named for it, or the code of the check.
    names: Vec<String>,
}

/// The check that a cause shows itself by, where it is not a cause that comparisons name.
const fn check_of(cause: Cause) -> &'static [&'static str] {
    match cause {
        Cause::DuplicateReport => &["duplicate-report"],
        Cause::DataEntry => &["stock-balance", "consumption-without-stock"],
        _ => &[],
    }
}

/// For each cause: how often it was planted, how many of these the worklist or a check points at, and for how many of
/// them the right cause is among those named.
pub(super) async fn print(
    context: &Context,
    worklist: Vec<WorklistEntry>,
    repository: &Repository,
    country: &Country,
) -> Result<(), Failure> {
    let mut noticed = of_comparisons(worklist);
    noticed.extend(of_checks(repository).await?);
    let mut by_org_unit: BTreeMap<&str, Vec<&Noticed>> = BTreeMap::new();
    for one in &noticed {
        by_org_unit.entry(one.org_unit.as_str()).or_default().push(one);
    }
    let planted = country.planted();
    let mut rows = Vec::new();
    for cause in Cause::ALL {
        let of_cause: Vec<&Planted> = planted.iter().filter(|planted| planted.cause == cause).collect();
        let about = |planted: &Planted| {
            let there = by_org_unit.get(planted.org_unit.as_str()).into_iter().flatten();
            let fits = |one: &&&Noticed| {
                let item = match (&one.item, planted.item) {
                    (Some(noticed), Some(planted)) => noticed.as_str() == planted,
                    _ => true,
                };
                item && one.period.end() >= planted.from.start() && one.period.start() <= planted.to.end()
            };
            there.filter(fits).copied().collect::<Vec<&Noticed>>()
        };
        let seen = of_cause.iter().filter(|planted| !about(planted).is_empty()).count();
        let is_named = |one: &&Noticed| {
            one.names.iter().any(|name| name == cause.name() || check_of(cause).contains(&name.as_str()))
        };
        let named = of_cause.iter().filter(|planted| about(planted).iter().any(is_named)).count();
        let title = context.out.texts.say(&format!("cause-{}", cause.name()), &[]);
        rows.push(vec![title, of_cause.len().to_string(), seen.to_string(), named.to_string()]);
    }
    Ok(context.out.table(&["cause", "planted", "noticed", "named"], &rows)?)
}

fn of_comparisons(worklist: Vec<WorklistEntry>) -> Vec<Noticed> {
    let noticed = worklist.into_iter().map(|entry| {
        let single = entry.item != entry.rule;
        Noticed {
            org_unit: entry.org_unit,
            item: entry.item.parse().ok().filter(|_| single),
            period: entry.period,
            names: entry.causes.iter().map(|(cause, _)| cause.name().to_owned()).collect(),
        }
    });
    noticed.collect()
}

async fn of_checks(repository: &Repository) -> Result<Vec<Noticed>, Failure> {
    let sql = "SELECT org_unit, item, period, code FROM findings WHERE severity = 'error'";
    let mut bytes = Vec::new();
    repository.query(sql, None).await?.write_csv(&mut bytes).await?;
    let mut noticed = Vec::new();
    for record in csv::Reader::from_reader(bytes.as_slice()).records() {
        let record = record.map_err(|error| PipelineError::io("reading findings", "findings")(error.into()))?;
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let (Ok(org_unit), Ok(item), Ok(period)) = (cell(0).parse(), cell(1).parse(), cell(2).parse()) else {
            continue;
        };
        noticed.push(Noticed { org_unit, item: Some(item), period, names: vec![cell(3).to_owned()] });
    }
    Ok(noticed)
}
