//! ADX, the XML of IHE QRPH.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use mlatho_model::{Period, PeriodType};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use super::xml::attributes;
use super::{Combo, Group, Incoming, Payload, Text, Unreadable, owned, owned_combo};
use crate::dhis2::config::Engine;

const NAMESPACE: &str = "urn:ihe:qrph:adx:2015";

/// Every `group` becomes a group of its own; attributes that are not reserved are categories `[C]`.
pub(super) fn read(engine: Engine, body: &[u8]) -> Result<Payload<'static>, Unreadable> {
    let mut reader = quick_xml::NsReader::from_reader(body);
    let (mut buffer, mut groups, mut in_annotation) = (Vec::new(), Vec::<Group<'static>>::new(), false);
    loop {
        buffer.clear();
        let (namespace, event) =
            reader.read_resolved_event_into(&mut buffer).map_err(|error| Unreadable::Malformed(error.to_string()))?;
        let rows = groups.last_mut().map(|group| &mut group.data_values);
        match event {
            Event::Eof => return Ok(Payload { groups, defaults_to_code: true }),
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "adx" if !matches!(namespace, ResolveResult::Bound(bound) if bound.as_ref() == NAMESPACE) => {
                    return Err(Unreadable::Malformed(format!("the namespace of adx must be {NAMESPACE}")));
                }
                "group" => groups.push(group(engine, &element)?),
                "dataValue" => {
                    if let Some(rows) = rows {
                        rows.push(value(&element));
                    }
                }
                "annotation" => in_annotation = true,
                _ => {}
            },
            // The text of a text value stands in the annotation `[D]`.
            Event::Text(text) if in_annotation => {
                if let Some(row) = rows.and_then(|rows| rows.last_mut()) {
                    row.value = owned(text.trim());
                }
            }
            Event::End(element) if element.local_name().as_ref() == "annotation" => in_annotation = false,
            _ => {}
        }
    }
}

fn group(engine: Engine, element: &BytesStart<'_>) -> Result<Group<'static>, Unreadable> {
    let (mut group, mut options) = (Group::default(), BTreeMap::new());
    for (name, text) in attributes(element) {
        match name.as_str() {
            "xmlns" => {}
            "dataSet" => group.data_set = owned(&text),
            "orgUnit" => group.org_unit = owned(&text),
            "period" => {
                let period = period(&text).ok_or_else(|| Unreadable::Malformed(format!("Invalid period: {text}")))?;
                group.period = Some(Text(Cow::Owned(period.to_string())));
            }
            "attributeOptionCombo" => group.attribute_option_combo = owned_combo(&text),
            // Engine B does not reserve completeDate, so there it is a category that nobody knows `[C]`.
            "completeDate" if engine == Engine::A => group.complete_date = owned(&text),
            _ => {
                options.insert(name, text);
            }
        }
    }
    if !options.is_empty() {
        group.attribute_option_combo = Some(Combo::Options(options));
    }
    Ok(group)
}

fn value(element: &BytesStart<'_>) -> Incoming<'static> {
    let (mut row, mut options) = (Incoming::default(), BTreeMap::new());
    for (name, text) in attributes(element) {
        match name.as_str() {
            "dataElement" => row.data_element = owned(&text),
            "value" => row.value = owned(&text),
            "categoryOptionCombo" => row.category_option_combo = owned_combo(&text),
            _ => {
                options.insert(name, text);
            }
        }
    }
    if !options.is_empty() {
        row.category_option_combo = Some(Combo::Options(options));
    }
    row
}

/// `2026-01-01/P1M`: weeks by their weekday (none starts on Tuesday), half-years and years by their month, quarters
/// always those of January `[C]`.
fn period(text: &str) -> Option<Period> {
    let (start, length) = text.split_once('/')?;
    let start: Date = start.parse().ok()?;
    let kind = match (length, start.month()) {
        ("P1D", _) => PeriodType::Daily,
        ("P7D", _) => match start.weekday() {
            Weekday::Monday => PeriodType::Weekly,
            Weekday::Tuesday => return None,
            Weekday::Wednesday => PeriodType::WeeklyWednesday,
            Weekday::Thursday => PeriodType::WeeklyThursday,
            Weekday::Friday => PeriodType::WeeklyFriday,
            Weekday::Saturday => PeriodType::WeeklySaturday,
            Weekday::Sunday => PeriodType::WeeklySunday,
        },
        ("P14D", _) => PeriodType::BiWeekly,
        ("P1M", _) => PeriodType::Monthly,
        ("P2M", _) => PeriodType::BiMonthly,
        ("P3M", _) => PeriodType::Quarterly,
        ("P6M", 1 | 7) => PeriodType::SixMonthly,
        ("P6M", 4 | 10) => PeriodType::SixMonthlyApril,
        ("P6M", 5 | 11) => PeriodType::SixMonthlyNov,
        ("P1Y", 1) => PeriodType::Yearly,
        ("P1Y", 2) => PeriodType::FinancialFeb,
        ("P1Y", 4) => PeriodType::FinancialApril,
        ("P1Y", 7) => PeriodType::FinancialJuly,
        ("P1Y", 8) => PeriodType::FinancialAug,
        ("P1Y", 9) => PeriodType::FinancialSep,
        ("P1Y", 10) => PeriodType::FinancialOct,
        ("P1Y", 11) => PeriodType::FinancialNov,
        _ => return None,
    };
    Period::containing(kind, start)
}
