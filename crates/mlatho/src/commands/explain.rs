//! `mlatho explain`: where a number comes from.

use mlatho_model::{Arg, Finding, Period};
use mlatho_pipeline::explain::{Explanation, RowExplained, explain as explain_number, explain_delivered};

use super::{Context, Done, Failure, block_on};
use crate::arguments::{Explain, Format};

/// Stands where nobody decided, or no rule was needed.
const NOBODY: &str = "–";

pub(super) fn explain(context: &Context, args: &Explain) -> Result<Done, Failure> {
    let project = context.project()?;
    let words: Vec<&str> = args.number.iter().map(String::as_str).collect();
    let period = |text: &str| -> Result<Period, Failure> {
        text.parse().map_err(|_| Finding::error("explain-period").with("text", text).into())
    };
    let explained = match (words.as_slice(), args.target.as_deref()) {
        ([org_unit, item, measure, of], None) => {
            let of = period(of)?;
            block_on(async {
                let repository = project.open_repository().await?;
                let one = explain_number(&project, &repository, (org_unit, item), measure, of).await?;
                repository.close().await?;
                Ok(vec![one])
            })?
        }
        ([org_unit, data_element, of], Some(target)) => {
            let of = period(of)?;
            block_on(async {
                let repository = project.open_repository().await?;
                let all = explain_delivered(&project, &repository, target, (org_unit, data_element), of).await?;
                repository.close().await?;
                Ok(all)
            })?
        }
        _ => return Err(Finding::error("explain-words").into()),
    };
    match (context.out.format, explained.as_slice()) {
        (Format::Json, [one]) if args.target.is_none() => context.out.json(one)?,
        (Format::Json, all) => context.out.json(&all)?,
        (Format::Csv, all) => csv(context, all)?,
        (Format::Text, all) => {
            for one in all {
                print(context, one)?;
            }
        }
    }
    Ok(Done::Well)
}

/// One line for each row.
fn csv(context: &Context, all: &[Explanation]) -> Result<(), Failure> {
    let columns = [
        "org_unit",
        "item",
        "measure",
        "period",
        "disaggregation",
        "value",
        "state",
        "status",
        "reason",
        "line",
        "source",
        "origin",
        "receipt",
        "position",
        "column",
        "first_byte",
        "end_byte",
        "source_org_unit",
        "source_item",
        "unit_rule",
        "period_rule",
        "crosswalk",
        "run",
        "version",
    ];
    let row = |(one, row): (&Explanation, &RowExplained)| {
        let byte = |place: fn(&(usize, usize)) -> usize| row.raw.bytes.as_ref().map(place).map(|byte| byte.to_string());
        let mut cells =
            [&one.org_unit, &one.item, &one.measure, &one.period, &row.disaggregation].map(Clone::clone).to_vec();
        cells.push(row.value.clone().unwrap_or_default());
        cells.extend(
            [&row.state, &row.status, &row.reason, &row.line, &row.source, &row.receipt.origin].map(Clone::clone),
        );
        cells.extend([row.receipt.id.clone(), row.position.to_string(), row.column.clone()]);
        cells.extend([byte(|bytes| bytes.0).unwrap_or_default(), byte(|bytes| bytes.1).unwrap_or_default()]);
        cells.extend(
            [&row.source_org_unit, &row.source_item, &row.unit_rule, &row.period_rule, &row.crosswalk]
                .map(Clone::clone),
        );
        cells.extend([row.run.to_string(), row.version.to_string()]);
        cells
    };
    let rows: Vec<Vec<String>> =
        all.iter().flat_map(|one| one.rows.iter().map(move |row| (one, row))).map(row).collect();
    Ok(context.out.table(&columns, &rows)?)
}

/// For people: what it is, and step by step where it comes from.
fn print(context: &Context, one: &Explanation) -> Result<(), Failure> {
    let (out, texts) = (&context.out, &context.out.texts);
    let say = |key: &str, args: &[(&str, Arg)]| out.line(&texts.say(key, args));
    let named = |id: &str, name: &str| if name.is_empty() { id.to_owned() } else { format!("{name} ({id})") };
    say(
        "explain-head",
        &[
            ("org_unit", named(&one.org_unit, &one.org_unit_name).into()),
            ("item", named(&one.item, &one.item_name).into()),
            ("measure", one.measure.as_str().into()),
            ("period", one.period.as_str().into()),
        ],
    )?;
    for figure in &one.figures {
        let value = figure.value.clone().unwrap_or_else(|| figure.state.clone());
        say("explain-figure", &[("value", value.into()), ("split", figure.disaggregation.as_str().into())])?;
    }
    for row in &one.rows {
        out.line("")?;
        print_row(context, row)?;
    }
    if !one.deliveries.is_empty() {
        out.line("")?;
    }
    for delivery in &one.deliveries {
        let key = if delivery.value.is_some() { "explain-delivered" } else { "explain-not-delivered" };
        say(
            key,
            &[
                ("target", delivery.target.as_str().into()),
                ("data_element", delivery.data_element.as_str().into()),
                ("value", delivery.value.clone().unwrap_or_default().into()),
                ("at", delivery.delivered_at.clone().unwrap_or_default().into()),
            ],
        )?;
    }
    Ok(())
}

fn print_row(context: &Context, row: &RowExplained) -> Result<(), Failure> {
    let (out, texts) = (&context.out, &context.out.texts);
    let say = |key: &str, args: &[(&str, Arg)]| out.line(&texts.say(key, args));
    let value = row.value.clone().unwrap_or_else(|| row.state.clone());
    let status = if row.reason.is_empty() { row.status.clone() } else { format!("{}, {}", row.status, row.reason) };
    let line = [("value", value.into()), ("unit", Arg::from(row.unit.as_str())), ("status", status.into())];
    say("explain-row", &[&line[..], &[("line", row.line.as_str().into())]].concat())?;
    say(
        "explain-receipt",
        &[
            ("source", row.source.as_str().into()),
            ("origin", row.receipt.origin.as_str().into()),
            ("at", row.receipt.received_at.as_str().into()),
            ("receipt", row.receipt.id.as_str().into()),
        ],
    )?;
    let place = [("position", Arg::from(row.position.to_string())), ("column", row.column.as_str().into())];
    match row.raw.bytes {
        Some((from, to)) => {
            let bytes = [("from", Arg::from(from.to_string())), ("to", to.to_string().into())];
            say("explain-bytes", &[&place[..], &bytes[..]].concat())?;
        }
        None => say("explain-position", &place)?,
    }
    if let Some(text) = &row.raw.text {
        say("explain-raw", &[("text", text.as_str().into())])?;
    } else if !row.raw.record.is_empty() {
        let told: Vec<String> = row.raw.record.iter().map(|(name, text)| format!("{name}={text}")).collect();
        say("explain-raw", &[("text", told.join(" ").into())])?;
    }
    for link in &row.links {
        say(
            "explain-link",
            &[
                ("code", link.code.as_str().into()),
                ("target", link.target.as_str().into()),
                ("factor", link.factor.as_str().into()),
                ("reason", link.reason.as_str().into()),
                ("person", link.decided_by.as_deref().unwrap_or(NOBODY).into()),
                ("version", row.crosswalk.as_str().into()),
            ],
        )?;
    }
    let rule = |rule: &str| Arg::from(if rule.is_empty() { NOBODY } else { rule });
    let rules = [("unit", rule(&row.unit_rule)), ("period", rule(&row.period_rule))];
    say("explain-rules", &rules)?;
    for version in &row.versions {
        say(
            "explain-version",
            &[
                ("run", version.run.to_string().into()),
                ("at", version.received_at.as_str().into()),
                ("value", version.value.clone().unwrap_or_else(|| version.state.clone()).into()),
                ("position", version.position.to_string().into()),
            ],
        )?;
    }
    for act in &row.decisions {
        let reason = act.content.get("reason").and_then(|reason| reason.as_str()).unwrap_or_default();
        let told = [
            ("at", Arg::from(act.at.as_str())),
            ("person", act.person.as_str().into()),
            ("kind", act.kind.as_str().into()),
        ];
        say("explain-decision", &[&told[..], &[("reason", reason.into())]].concat())?;
    }
    for found in &row.findings {
        say("explain-finding", &[("code", found.code.as_str().into()), ("severity", found.severity.as_str().into())])?;
    }
    Ok(())
}
