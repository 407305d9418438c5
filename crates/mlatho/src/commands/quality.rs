//! `mlatho quality`: what contradicts itself in ledgers and service tables.

use std::path::Path;

use mlatho_model::{Arg, Finding};
use mlatho_quality::{
    BadRules, Context as Checks, DaysInMonth, LedgerLine, QualityFinding, Rules, ServiceLine, Table, check_ledger,
    check_rules, check_services, read_table, scorecard, write_findings, write_scorecard,
};
use serde_json::{Map, Value, json};

use super::{Context, Done, Failure, outcome, table, text};
use crate::arguments::{Format, Quality};
use crate::now;
use crate::output::{json_number, write_file};

pub(super) fn quality(context: &Context, args: &Quality) -> Result<Done, Failure> {
    let (mut ledger, mut services, mut findings) = (Vec::new(), Vec::new(), Vec::new());
    for path in &args.ledger {
        read(path, &mut ledger, &mut services, &mut findings)?;
    }
    let mut rules = Rules::builtin();
    for path in &args.rules {
        rules.extend(Rules::parse(&text(path)?).map_err(|bad| invalid(path, bad))?);
    }
    // The lines of all files together: a report may stand in one file and what it contradicts in another.
    let checks = Checks { today: now().date(), days_in_month: DaysInMonth::Calendar };
    let mut found = check_ledger(&mut ledger, checks);
    found.extend(check_services(&mut services, checks));
    let (broken, ran) = check_rules(&rules, &ledger, &services);
    found.extend(broken);
    if let Some(path) = &args.scorecard {
        let cards = scorecard(&ledger, &services, &found, &ran);
        write_file(path, |out| Ok(write_scorecard(out, &cards)?))?;
    }
    match &args.out {
        Some(path) => write_file(path, |out| Ok(write_findings(out, &found)?))?,
        None => print(context, &found)?,
    }
    context.out.show_all(&findings);
    let done = outcome(&findings);
    findings.extend(found.iter().cloned().map(QualityFinding::into_finding));
    context.write_findings(&findings)?;
    Ok(done)
}

/// A rule file that cannot be used.
fn invalid(path: &Path, bad: BadRules) -> Finding {
    let finding = Finding::error("checks-invalid").in_file(&path.display().to_string());
    finding.at(bad.line as u64, "").with("reason", bad.reason)
}

fn read(
    path: &Path,
    ledger: &mut Vec<LedgerLine>,
    services: &mut Vec<ServiceLine>,
    findings: &mut Vec<Finding>,
) -> Result<(), Failure> {
    let (table, found) = read_table(&path.display().to_string(), &table(path)?);
    match table {
        Table::Ledger(lines) => ledger.extend(lines),
        Table::Services(lines) => services.extend(lines),
    }
    findings.extend(found);
    Ok(())
}

fn print(context: &Context, found: &[QualityFinding]) -> Result<(), Failure> {
    match context.out.format {
        Format::Csv => Ok(write_findings(context.out.stdout(), found).map_err(std::io::Error::from)?),
        Format::Json => Ok(context.out.json(&found.iter().map(object).collect::<Vec<_>>())?),
        Format::Text => {
            let texts = &context.out.texts;
            let row = |one: &QualityFinding| {
                let severity = texts.say(&format!("severity-{}", one.severity), &[]);
                vec![severity, one.check().to_owned(), texts.finding(&one.clone().into_finding())]
            };
            Ok(context.out.aligned(&["severity", "check", "message"], &found.iter().map(row).collect::<Vec<_>>())?)
        }
    }
}

/// The columns of the CSV as a JSON object.
fn object(one: &QualityFinding) -> Value {
    let evidence = one.evidence.iter().map(|(name, arg)| {
        let arg = match arg {
            Arg::Number(number) => json_number(*number),
            Arg::Text(text) => (**text).into(),
        };
        ((*name).to_owned(), arg)
    });
    json!({
        "facility": one.org_unit,
        "item": one.item,
        "period": one.period.to_string(),
        "check": one.check(),
        "severity": one.severity.name(),
        "value": one.value.map(json_number),
        "expected": one.expected.map(json_number),
        "probability": one.probability.map(json_number),
        "evidence": evidence.collect::<Map<_, _>>(),
    })
}
