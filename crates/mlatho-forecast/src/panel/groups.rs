//! Sums of the series that belong together: the product as a whole, in its region, in its district, and the site.

use std::collections::HashMap;

use super::{NO_GROUP, Panel};

/// Kinds of groups: product, product and level 1, product and the finest level, site.
pub(crate) const GROUPS: usize = 4;

/// Running sums over all periods from the first on, so that the mean over any stretch is a difference.
struct Sums {
    /// Sum of numbers up to and with each period, group by group.
    total: Vec<f64>,
    reports: Vec<f64>,
    /// Reports that ended without stock, and reports that say so or not.
    empty: Vec<f64>,
    judged: Vec<f64>,
    /// Reports of zero.
    zeros: Vec<f64>,
}

pub(crate) struct Groups {
    periods: usize,
    sums: Vec<Sums>,
    /// The group of each kind of each series.
    of: Vec<[u32; GROUPS]>,
}

impl Groups {
    pub(crate) fn new(panel: &Panel) -> Self {
        // What is nearly as many as the series brings nothing together.
        let gathers = |kind: usize, least: usize| panel.group_names[kind].len() * least <= panel.series.len();
        let finest = (2..5).rev().find(|kind| panel.group_names[*kind].len() > 1 && gathers(*kind, 8)).unwrap_or(2);
        let (by_region, by_finest, by_site) = (gathers(2, 8), gathers(finest, 8), gathers(0, 2));
        let mut pairs: [HashMap<(u32, u32), u32>; 2] = Default::default();
        let mut pair = |kind: usize, product: u32, level: u32, gathers: bool| {
            if level == NO_GROUP || !gathers {
                return NO_GROUP;
            }
            let next = u32::try_from(pairs[kind].len()).unwrap_or(NO_GROUP);
            *pairs[kind].entry((product, level)).or_insert(next)
        };
        // Series without a product are taken as of one product.
        let products = u32::try_from(panel.group_names[1].len()).unwrap_or(NO_GROUP);
        let of: Vec<[u32; GROUPS]> = panel
            .series
            .iter()
            .map(|series| {
                let product = if series.groups[1] == NO_GROUP { products } else { series.groups[1] };
                [
                    product,
                    pair(0, product, series.groups[2], by_region),
                    pair(1, product, series.groups[finest], by_finest),
                    series.groups[0],
                ]
            })
            .collect();
        let counts = [
            panel.group_names[1].len() + 1,
            pairs[0].len(),
            pairs[1].len(),
            if by_site { panel.group_names[0].len() } else { 0 },
        ];
        let periods = panel.grid.len();
        let mut sums: Vec<Sums> = counts
            .iter()
            .map(|count| {
                let zeros = || vec![0.0; count * periods];
                Sums { total: zeros(), reports: zeros(), empty: zeros(), judged: zeros(), zeros: zeros() }
            })
            .collect();
        for (series, of) in panel.series.iter().zip(&of) {
            for at in series.start..series.start + series.len {
                let Some(value) = panel.value(series, at) else { continue };
                let in_stock = panel.in_stock(series, at);
                for (sums, group) in sums.iter_mut().zip(of).filter(|(_, group)| **group != NO_GROUP) {
                    let place = *group as usize * periods + at;
                    sums.total[place] += value;
                    sums.reports[place] += 1.0;
                    sums.zeros[place] += f64::from(u8::from(value <= 0.0));
                    if let Some(in_stock) = in_stock {
                        sums.judged[place] += 1.0;
                        sums.empty[place] += f64::from(u8::from(!in_stock));
                    }
                }
            }
        }
        for sums in &mut sums {
            for column in [&mut sums.total, &mut sums.reports, &mut sums.empty, &mut sums.judged, &mut sums.zeros] {
                for group in column.chunks_mut(periods.max(1)) {
                    let mut sum = 0.0;
                    for cell in group {
                        sum += *cell;
                        *cell = sum;
                    }
                }
            }
        }
        Self { periods, sums, of }
    }

    fn between(&self, column: &[f64], group: u32, at: usize, periods: usize) -> f64 {
        let row = group as usize * self.periods;
        let until = |at: usize| column.get(row + at).copied().unwrap_or(0.0);
        until(at) - at.checked_sub(periods).map_or(0.0, until)
    }

    /// The group of a kind that a series belongs to.
    pub(crate) fn group(&self, series: usize, kind: usize) -> Option<u32> {
        self.of.get(series).map(|groups| groups[kind]).filter(|group| *group != NO_GROUP)
    }

    /// Mean of a report over so many periods up to and with `at`; none without reports.
    pub(crate) fn mean(&self, kind: usize, group: u32, at: usize, periods: usize) -> Option<f64> {
        let sums = self.sums.get(kind)?;
        let reports = self.between(&sums.reports, group, at, periods);
        (reports > 0.0).then(|| self.between(&sums.total, group, at, periods) / reports)
    }

    /// Share of the reports of period `at` that ended without stock; none where none says.
    pub(crate) fn empty_share(&self, kind: usize, group: u32, at: usize) -> Option<f64> {
        let sums = self.sums.get(kind)?;
        let judged = self.between(&sums.judged, group, at, 1);
        (judged > 0.0).then(|| self.between(&sums.empty, group, at, 1) / judged)
    }

    /// Share of the reports over so many periods up to and with `at` that are zero; none without reports.
    pub(crate) fn zero_share(&self, kind: usize, group: u32, at: usize, periods: usize) -> Option<f64> {
        let sums = self.sums.get(kind)?;
        let reports = self.between(&sums.reports, group, at, periods);
        (reports > 0.0).then(|| self.between(&sums.zeros, group, at, periods) / reports)
    }

    /// How much more a product moves in the season of period `target` than in the year around: 1 as in the year. From
    /// whole years up to and with `at`, leaning on 1 by two years.
    pub(crate) fn season(&self, product: u32, at: usize, target: usize, season: usize) -> f64 {
        const LEAN: f64 = 2.0;
        let (mut sum, mut years) = (0.0, 0.0);
        let back = target.saturating_sub(at).div_ceil(season.max(1)).max(1) * season;
        let mut same = target.checked_sub(back).filter(|_| season > 1);
        while let Some(month) = same.filter(|month| month + 1 >= season) {
            let around = self.mean(0, product, (month + season / 2).min(at), season);
            if let (Some(month), Some(year)) = (self.mean(0, product, month, 1), around)
                && year > 0.0
            {
                sum += (month / year).min(4.0);
                years += 1.0;
            }
            same = month.checked_sub(season);
        }
        (sum + LEAN) / (years + LEAN)
    }
}
