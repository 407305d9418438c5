//! Drops older versions, and resolves what is left to the project's org units and items.

use std::collections::HashMap;
use std::sync::Arc;

use mlatho_harmonize::{Crosswalk, Kind, Lookup, split};
use mlatho_model::{Decimal, Factor, Measure, MissingReason};
use xxhash_rust::xxh3::xxh3_64;

use super::line::{Line, Number};
use super::partitions::Partitions;
use super::take::{Names, Taken};
use super::{ConvertCounts, MEMORY_LIMIT};
use crate::PipelineError;
use crate::intern::Interner;
use crate::project::Source;

/// Lines under the project's own ids, spread by what they add up to.
pub(super) struct Resolved {
    pub(super) lines: Partitions,
    pub(super) names: Names,
    /// The project's ids, by the numbers that the lines now carry.
    pub(super) org_units: Interner,
    pub(super) items: Interner,
}

/// Where a code leads in a period: nothing, where it has no mapping.
type Targets = Option<Arc<[Target]>>;

#[derive(Clone, Copy)]
struct Target {
    id: u32,
    share: Factor,
    factor: Factor,
}

/// Remembers where a code leads in a period, so that each is looked up once.
struct Resolver<'a> {
    crosswalk: &'a Crosswalk,
    source: &'a Source,
    kind: Kind,
    targets: Interner,
    known: HashMap<(u32, u32), Targets>,
}

impl Resolver<'_> {
    fn find(&mut self, code: u32, name: &str, period: u32, names: &Names) -> Targets {
        let (targets, crosswalk) = (&mut self.targets, self.crosswalk);
        let (kind, source) = (self.kind, &self.source.name);
        let found = self.known.entry((code, period)).or_insert_with(|| {
            let period = names.periods.get(period as usize)?;
            match crosswalk.look_up(kind, source, name, period.start()) {
                Lookup::Mapped(shares) => Some(
                    shares
                        .iter()
                        .map(|share| Target {
                            id: targets.number(share.target),
                            share: share.share,
                            factor: share.factor,
                        })
                        .collect(),
                ),
                Lookup::NoMatch(_) | Lookup::Unmapped => None,
            }
        });
        found.clone()
    }
}

/// Keeps of each line the highest version (of equal ones the later), then those whose report counts, whose org unit
/// and item are mapped, and which have a number in every required measure.
pub(super) fn newest(
    taken: Taken,
    source: &Source,
    crosswalk: &Crosswalk,
    counts: &mut ConvertCounts,
) -> Result<Resolved, PipelineError> {
    let resolver = |kind| Resolver { crosswalk, source, kind, targets: Interner::default(), known: HashMap::new() };
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
            let org_unit = names.org_units.name(line.org_unit);
            let Some(to_units) = org_units.find(line.org_unit, org_unit, line.period, &names) else {
                counts.unmapped_org_unit += 1;
                continue;
            };
            let item = names.items.name(line.item);
            let Some(to_items) = items.find(line.item, item, line.period, &names) else {
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
            spread(line, &to_units, &to_items, &names, &mut lines_out)
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
fn spread(
    line: &Line<'_>,
    units: &[Target],
    items: &[Target],
    names: &Names,
    out: &mut Partitions,
) -> std::io::Result<()> {
    let whole = units.len() * items.len() == 1;
    let shares: Vec<Factor> = if whole { vec![] } else { pair_shares(units, items) };
    let pairs = units.iter().flat_map(|unit| items.iter().map(move |item| (unit, item)));
    for (index, (unit, item)) in pairs.enumerate() {
        let mut to = *line;
        (to.org_unit, to.item) = (unit.id, item.id);
        let mut key = [0; 16];
        for (slot, number) in key.chunks_exact_mut(4).zip([to.org_unit, to.item, to.disaggregation, to.period]) {
            slot.copy_from_slice(&number.to_le_bytes());
        }
        let hash = xxh3_64(&key);
        if whole && item.factor == Factor::ONE {
            out.push(hash, |bytes| to.encode_again(bytes))?;
            continue;
        }
        let numbers = line.numbers().map(|(at, number)| {
            let measure = names.measures.get(usize::from(at));
            (at, measure.map_or(number, |measure| part(number, measure, item.factor, &shares, index)))
        });
        out.push(hash, |bytes| to.encode(numbers, bytes))?;
    }
    Ok(())
}

/// The share of each pair; parts of parts multiply.
fn pair_shares(units: &[Target], items: &[Target]) -> Vec<Factor> {
    let product = |a: Factor, b: Factor| {
        let numerator = a.numerator().checked_mul(b.numerator())?;
        Factor::new(numerator, a.denominator().checked_mul(b.denominator())?)
    };
    units.iter().flat_map(|unit| items.iter().filter_map(move |item| product(unit.share, item.share))).collect()
}

/// A number in the target's unit; its part, where there are several targets. Days and ratios are not divided: they
/// hold for every target alike.
fn part(number: Number, measure: &Measure, factor: Factor, shares: &[Factor], index: usize) -> Number {
    let Number::Reported(number) = number else { return number };
    let convert = |number: Decimal| if measure.is_quantity() { factor.apply(number) } else { Some(number) };
    let divided = measure.is_quantity() || matches!(measure, Measure::Element(_) | Measure::NewPatients);
    let part = if shares.is_empty() || !divided {
        convert(number)
    } else {
        split(number, shares).and_then(|parts| convert(*parts.get(index)?))
    };
    part.map_or(Number::Missing(MissingReason::NotANumber), Number::Reported)
}
