//! Two products whose numbers stand under each other's name.

use mlatho_model::ItemId;
use rust_decimal::prelude::ToPrimitive;

use super::view::{View, log};
use super::{Everything, Known, weights};

/// Logarithm of the packs that a treatment takes, by rule: treatments × units per case ÷ pack size.
fn packs(known: &Known<'_>) -> Option<f64> {
    let entry = known.rule.consumption.first()?;
    let per_case = entry.units_per_case.to_f64()?;
    Some((per_case / entry.pack_size?.to_f64()?).ln())
}

impl Everything<'_> {
    /// The product whose consumption stands here, while this one's stands there: both are outside their band, and both
    /// are what the other is expected to be, counted in packs or in treatments.
    pub(super) fn swapped_with(&self, view: &View<'_>) -> Option<&ItemId> {
        let own =
            self.of_item.get(&view.rule.consumption.first()?.item).filter(|_| view.rule.consumption.len() == 1)?;
        let own = self.rules.get(*own)?;
        let others = self.rules.iter().filter(|other| other.item().is_some() && other.item() != own.item());
        let fits = |other: &Known<'_>| {
            let in_packs = packs(own).zip(packs(other)).map(|(own, other)| other - own);
            [Some(0.0), in_packs]
                .into_iter()
                .flatten()
                .filter_map(|step| misfit(view, own, other, step))
                .reduce(f64::min)
        };
        let best = others.filter_map(|other| Some((fits(other)?, other.item()?)));
        best.min_by(|one, other| one.0.total_cmp(&other.0))
            .filter(|(misfit, _)| *misfit < weights::NEAR)
            .map(|(_, item)| item)
    }
}

/// How far both are from having changed places, as a logarithm over the stretch: the larger of the two distances.
/// Nothing, where the other is as it should be.
fn misfit(view: &View<'_>, own: &Known<'_>, other: &Known<'_>, step: f64) -> Option<f64> {
    let usual = |known: &Known<'_>| known.ratio.usual(view.org_unit).map_or(0.0, |usual| usual.log);
    let (own_usual, other_usual) = (usual(own), usual(other));
    let mut sums = [0.0; 3];
    let mut count = 0.0;
    for (period, here) in &view.stretch {
        let Some(there) = other.table.figures.get(&(view.org_unit.clone(), *period)) else { continue };
        let logs = [here.consumption, here.expected, there.consumption, there.expected];
        let [Some(consumed), Some(expected), Some(their_consumed), Some(their_expected)] = logs else { continue };
        sums[0] += log(consumed) - (log(their_expected) + other_usual + step);
        sums[1] += log(their_consumed) - (log(expected) + own_usual - step);
        sums[2] += log(their_consumed) - (log(their_expected) + other_usual);
        count += 1.0;
    }
    let [here, there, apart] = sums.map(|sum: f64| (sum / count).abs());
    (count > 0.0 && apart > weights::NEAR).then_some(here.max(there))
}
