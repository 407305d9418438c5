//! Merges lines of the same org unit, item, split and period, and names the results in the target's words.

use std::fmt::Write;
use std::sync::Arc;

use mlatho_formats::dhis2::DataValue;
use mlatho_harmonize::Merge;
use mlatho_model::{Measure, Period, Value};

use super::ConvertCounts;
use super::deliver::Outlet;
use super::line::{Line, Number};
use super::newest::Resolved;
use super::take::Names;
use crate::PipelineError;
use crate::intern::QuickMap;
use crate::project::{Element, ElementMap};

/// Merges partition by partition and delivers.
pub(super) fn merge(
    resolved: Resolved,
    elements: &ElementMap,
    target: &str,
    counts: &mut ConvertCounts,
    out: &mut Outlet,
) -> Result<(), PipelineError> {
    let Resolved { lines, names, org_units, items } = resolved;
    // The element of an item, measure and split in a period, looked up once.
    let mut known: QuickMap<(u32, u16, u32, u32), Option<Arc<Element>>> = QuickMap::default();
    let mut merged: Vec<(u16, Merge)> = Vec::new();
    let mut of_series: Vec<(u16, Merge)> = Vec::new();
    let mut text = String::new();
    for bytes in lines.drain() {
        let bytes = bytes.map_err(PipelineError::io("reading spilled lines", "temporary file"))?;
        let mut lines: Vec<Line<'_>> = Line::decode_all(&bytes).collect();
        // Stable: lines of the same date and report stay in the order of the file.
        lines.sort_by(|a, b| group(a).cmp(&group(b)).then_with(|| order(a).cmp(&order(b))));
        for lines in lines.chunk_by(|a, b| group(a) == group(b)) {
            let [first, ..] = lines else { continue };
            counts.groups += 1;
            merged.clear();
            for lines in lines.chunk_by(|a, b| a.series == b.series) {
                of_series.clear();
                for line in lines {
                    for (index, (measure, number)) in line.numbers().enumerate() {
                        let Some(merge) = find(&mut of_series, index, measure, &names, Merge::of) else { continue };
                        match number {
                            Number::Reported(number) => merge.push_number(number),
                            Number::Missing(reason) => merge.push_missing(reason),
                            Number::Absent => {}
                        }
                    }
                }
                for (index, (measure, merge)) in of_series.iter().enumerate() {
                    if let Some(whole) = find(&mut merged, index, *measure, &names, Merge::over_items) {
                        whole.push(&merge.value());
                    }
                }
            }
            let Some(period): Option<Period> = names.periods.get(first.period as usize).copied() else { continue };
            for (measure, merge) in &merged {
                let number = match merge.value() {
                    Value::Reported(number) => number,
                    Value::Missing(_) => {
                        counts.missing += 1;
                        continue;
                    }
                    Value::NotApplicable | Value::Suppressed(_) => continue,
                };
                let key = (first.item, *measure, first.disaggregation, first.period);
                let element = known.entry(key).or_insert_with(|| {
                    let measure = names.measures.get(usize::from(*measure))?;
                    let split = names.disaggregations.name(first.disaggregation);
                    elements.find(target, items.name(first.item), measure, split, period.start()).cloned()
                });
                let Some(element) = element else {
                    counts.without_element += 1;
                    continue;
                };
                counts.values += 1;
                counts.sum += number;
                text.clear();
                // Writing to a string does not fail.
                let _ = write!(text, "{number}");
                let value = DataValue {
                    data_element: &element.data_element,
                    category_option_combo: &element.category_option_combo,
                    attribute_option_combo: &element.attribute_option_combo,
                    org_unit: org_units.name(first.org_unit),
                    period,
                    value: &text,
                    comment: "",
                    follow_up: false,
                    deleted: false,
                };
                out.push(&element.data_set, &value)?;
            }
        }
    }
    Ok(())
}

/// What lines of one group have in common.
const fn group(line: &Line<'_>) -> (u32, u32, u32, u32) {
    (line.org_unit, line.item, line.disaggregation, line.period)
}

/// Lines of one series in the order of their dates.
const fn order<'a>(line: &Line<'a>) -> (u64, &'a [u8], &'a [u8]) {
    (line.series, line.date, line.report)
}

/// The merge of a measure, made where there is none. Lines name their measures in the same order, so the place is
/// mostly right.
fn find<'m>(
    merges: &'m mut Vec<(u16, Merge)>,
    place: usize,
    measure: u16,
    names: &Names,
    make: impl Fn(&Measure) -> Merge,
) -> Option<&'m mut Merge> {
    let at = match merges.get(place) {
        Some((known, _)) if *known == measure => place,
        _ => merges.iter().position(|(known, _)| *known == measure).unwrap_or_else(|| {
            merges.extend(names.measures.get(usize::from(measure)).map(|name| (measure, make(name))));
            merges.len().saturating_sub(1)
        }),
    };
    merges.get_mut(at).map(|(_, merge)| merge)
}
