//! Drops older versions, and resolves what is left to the project's org units and items.

use std::collections::HashMap;

use mlatho_harmonize::{Crosswalk, Kind, Part, spread};
use mlatho_model::{Measure, MissingReason, Value};
use xxhash_rust::xxh3::xxh3_64;

use super::line::{Line, Number};
use super::partitions::Partitions;
use super::take::{Names, Taken};
use super::{ConvertCounts, MEMORY_LIMIT};
use crate::PipelineError;
use crate::intern::Interner;
use crate::project::Source;
use crate::resolve::{Found, Resolver, Target, pairs};

/// Lines under the project's own ids, spread by what they add up to.
pub(super) struct Resolved {
    pub(super) lines: Partitions,
    pub(super) names: Names,
    /// The project's ids, by the numbers that the lines now carry.
    pub(super) org_units: Interner,
    pub(super) items: Interner,
}

/// Keeps of each line the highest version (of equal ones the later), then those whose report counts, whose org unit
/// and item are mapped, and which have a number in every required measure.
pub(super) fn newest(
    taken: Taken,
    source: &Source,
    crosswalk: &Crosswalk,
    counts: &mut ConvertCounts,
) -> Result<Resolved, PipelineError> {
    let resolver = |kind| Resolver::new(crosswalk, &source.name, kind);
    let (mut org_units, mut items) = (resolver(Kind::OrgUnit), resolver(Kind::Item));
    let Taken { lines, names } = taken;
    let required: Vec<bool> = names.measures.iter().map(|measure| source.required_measures.contains(measure)).collect();
    let mut lines_out = Partitions::new(MEMORY_LIMIT);
    for bytes in lines.drain() {
        let bytes = bytes.map_err(PipelineError::io("reading spilled lines", "temporary file"))?;
        let lines: Vec<Line<'_>> = Line::decode_all(&bytes).collect();
        for line in latest(&lines, counts) {
            if !line.counts {
                counts.not_counting += 1;
                continue;
            }
            counts.kept += 1;
            let Some(period) = names.periods.get(line.period as usize) else { continue };
            let period = (line.period, *period);
            let code = (line.org_unit, names.org_units.name(line.org_unit));
            let Found::Mapped(to_units) = org_units.find(code, period) else {
                counts.unmapped_org_unit += 1;
                continue;
            };
            let code = (line.item, names.items.name(line.item));
            let Found::Mapped(to_items) = items.find(code, period) else {
                counts.unmapped_item += 1;
                continue;
            };
            let lacks = |(measure, number): (u16, Number)| {
                required.get(usize::from(measure)) == Some(&true) && !matches!(number, Number::Reported(_))
            };
            if line.numbers().any(lacks) {
                counts.incomplete += 1;
                continue;
            }
            write(line, to_units, to_items, &names, &mut lines_out)
                .map_err(PipelineError::io("spilling lines", "temporary file"))?;
        }
    }
    Ok(Resolved { lines: lines_out, names, org_units: org_units.targets, items: items.targets })
}

/// The newest version of each line, in the order in which the lines first came.
fn latest<'l, 'a>(
    lines: &'l [Line<'a>],
    counts: &mut ConvertCounts,
) -> impl Iterator<Item = &'l Line<'a>> + use<'l, 'a> {
    let mut best: HashMap<u128, usize> = HashMap::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        best.entry(line.key)
            .and_modify(|known| {
                if line.version >= lines[*known].version {
                    *known = at;
                }
            })
            .or_insert(at);
    }
    counts.replaced += (lines.len() - best.len()) as u64;
    lines.iter().enumerate().filter(move |(at, line)| best.get(&line.key) == Some(at)).map(|(_, line)| line)
}

/// Writes the line once for each pair of org unit and item that it goes to, in their unit and with their share.
fn write(
    line: &Line<'_>,
    units: &[Target],
    items: &[Target],
    names: &Names,
    out: &mut Partitions,
) -> std::io::Result<()> {
    let series = u64::from(line.org_unit) << 32 | u64::from(line.item);
    if let ([unit], [item]) = (units, items)
        && let Some(part) = unit.part.times(item.part)
    {
        let to = Line { series, org_unit: unit.id, item: item.id, ..*line };
        if part == Part::WHOLE {
            return out.push(hash(&to), |bytes| to.encode_again(bytes));
        }
        let numbers = line.numbers().map(|(at, number)| match (number, names.measures.get(usize::from(at))) {
            (Number::Reported(number), Some(measure)) if measure.is_quantity() => {
                let converted = part.factor.apply(number).map(Number::Reported);
                (at, converted.unwrap_or(Number::Missing(MissingReason::NotANumber)))
            }
            _ => (at, number),
        });
        return out.push(hash(&to), |bytes| to.encode(numbers, bytes));
    }
    let pairs = pairs(units, items).unwrap_or_default();
    let parts: Vec<Part> = pairs.iter().map(|(_, _, part)| *part).collect();
    let numbers: Vec<(u16, Vec<Number>)> =
        line.numbers().map(|(at, number)| (at, shared(number, names.measures.get(usize::from(at)), &parts))).collect();
    for (index, (unit, item, _)) in pairs.iter().enumerate() {
        let to = Line { series, org_unit: unit.id, item: item.id, ..*line };
        let numbers = numbers.iter().filter_map(|(at, numbers)| Some((*at, *numbers.get(index)?)));
        out.push(hash(&to), |bytes| to.encode(numbers, bytes))?;
    }
    Ok(())
}

/// A number as each part gets it; where it grows too large, none.
fn shared(number: Number, measure: Option<&Measure>, parts: &[Part]) -> Vec<Number> {
    let (Number::Reported(reported), Some(measure)) = (number, measure) else { return vec![number; parts.len()] };
    match spread(&Value::Reported(reported), measure, parts) {
        Some(values) => values.iter().map(Number::from).collect(),
        None => vec![Number::Missing(MissingReason::NotANumber); parts.len()],
    }
}

/// Equal for lines that add up.
fn hash(line: &Line<'_>) -> u64 {
    let mut key = [0; 16];
    for (slot, number) in key.chunks_exact_mut(4).zip([line.org_unit, line.item, line.disaggregation, line.period]) {
        slot.copy_from_slice(&number.to_le_bytes());
    }
    xxh3_64(&key)
}
