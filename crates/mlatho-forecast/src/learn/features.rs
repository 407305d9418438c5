//! What the boosted trees are told about a series at an origin. Quantities are divided by the series' own scale, so that
//! series of all sizes are learnt together.

use crate::models::{count, median};
use crate::panel::{Covariates, GROUPS, Groups, Panel, Series};

/// Columns for the state of a series, each group, and each covariate.
const OWN: usize = 38;
const OF_GROUP: usize = 3;
const OF_COVARIATE: usize = 5;
/// Whether the target period ends with stock, where it is told: the first column.
pub(super) const STOCKED: usize = 0;

/// What features are made from.
pub(super) struct Source<'a> {
    pub(super) panel: &'a Panel,
    pub(super) groups: &'a Groups,
    pub(super) covariates: &'a Covariates,
}

impl Source<'_> {
    pub(super) fn columns(&self) -> usize {
        OWN + OF_GROUP * GROUPS + OF_COVARIATE * self.covariates.len()
    }
}

/// A series as it is known at one origin, on the way through its periods.
pub(super) struct Walk<'a> {
    source: &'a Source<'a>,
    index: usize,
    series: &'a Series,
    /// Periods taken in, counted from the first of the series.
    taken: usize,
    reports: usize,
    whole: bool,
    last: f64,
    steps: f64,
    step_count: usize,
    total: f64,
    slow: f64,
    fast: f64,
    chance: f64,
    size: f64,
    demands: usize,
    with_stock: f64,
    stocked_reports: usize,
    covariates: Vec<Option<&'a [f64]>>,
}

/// The numbers of a series at an origin that matter beyond the features.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    /// Mean absolute change from report to report; the mean where nothing ever changed, 1 where all is zero.
    pub(super) scale: f64,
    /// Whether anything ever changed.
    pub(super) moves: bool,
    /// A robust level, where the trees start from.
    pub(super) base: f64,
    /// Share of the last twelve reports that are zero.
    pub(super) zero_share: f64,
    pub(super) reports: usize,
    /// Whether all numbers are whole.
    pub(super) whole: bool,
}

impl State {
    /// The class of the series: new, busy, with some zeros, mostly zero.
    pub(super) fn class(&self) -> usize {
        match self.zero_share {
            _ if self.reports < 12 => 0,
            share if share < 0.1 => BUSY,
            share if share < 0.6 => 2,
            _ => 3,
        }
    }
}

/// The class of series that are hardly ever zero.
pub(super) const BUSY: usize = 1;
/// How many classes of series there are.
pub(super) const CLASSES: usize = 4;

impl<'a> Walk<'a> {
    pub(super) fn new(source: &'a Source<'a>, index: usize) -> Self {
        let series = &source.panel.series[index];
        let covariates =
            (0..source.covariates.len()).map(|at| source.covariates.of(at, source.panel.keys(series))).collect();
        Self {
            source,
            index,
            series,
            taken: 0,
            reports: 0,
            whole: true,
            last: 0.0,
            steps: 0.0,
            step_count: 0,
            total: 0.0,
            slow: 0.0,
            fast: 0.0,
            chance: 0.0,
            size: 0.0,
            demands: 0,
            with_stock: 0.0,
            stocked_reports: 0,
            covariates,
        }
    }

    /// Goes on to period `at` of the grid, that period taken in.
    pub(super) fn advance(&mut self, at: usize) {
        let until = (at + 1).saturating_sub(self.series.start).min(self.series.len);
        while self.taken < until {
            let value = self.source.panel.values[self.series.offset + self.taken];
            let in_stock = self.source.panel.in_stock(self.series, self.series.start + self.taken);
            self.taken += 1;
            if value.is_nan() {
                continue;
            }
            if self.reports > 0 {
                self.steps += (value - self.last).abs();
                self.step_count += 1;
            }
            self.reports += 1;
            self.whole &= value.fract() == 0.0;
            self.last = value;
            self.total += value;
            let least = 1.0 / count(self.reports);
            self.slow += least.max(0.1) * (value - self.slow);
            self.fast += least.max(0.3) * (value - self.fast);
            self.chance += least.max(0.2) * (f64::from(u8::from(value > 0.0)) - self.chance);
            if value > 0.0 {
                self.demands += 1;
                self.size += (1.0 / count(self.demands)).max(0.2) * (value - self.size);
            }
            if in_stock == Some(true) {
                self.stocked_reports += 1;
                self.with_stock += (1.0 / count(self.stocked_reports)).max(0.15) * (value - self.with_stock);
            }
        }
    }

    fn cell(&self, column: &[f32], back: usize) -> Option<f64> {
        let at = self.taken.checked_sub(back + 1)?;
        column.get(self.series.offset + at).filter(|value| !value.is_nan()).map(|value| f64::from(*value))
    }

    fn value(&self, back: usize) -> Option<f64> {
        let at = self.taken.checked_sub(back + 1)?;
        Some(self.source.panel.values[self.series.offset + at]).filter(|value| !value.is_nan())
    }

    /// The state and, for each step of the horizon that is asked for, a row of features. `origin` is the period that was
    /// last taken in.
    pub(super) fn look(&self, origin: usize) -> (State, Window) {
        let mut window = Window::default();
        let mut recent = [0.0; 12];
        let mut seen = 0;
        for back in 0..12 {
            let in_stock = self
                .taken
                .checked_sub(back + 1)
                .and_then(|at| self.source.panel.in_stock(self.series, self.series.start + at));
            if let Some(in_stock) = in_stock {
                window.judged += 1;
                window.empty += usize::from(!in_stock);
                window.empty3 += usize::from(!in_stock && back < 3);
            }
            let Some(value) = self.value(back) else { continue };
            recent[seen] = value;
            seen += 1;
            window.zeros += usize::from(value <= 0.0);
            window.largest = window.largest.max(value);
        }
        window.seen = seen;
        let recent = &recent[..seen];
        let mean = |n: usize| {
            let last = &recent[..n.min(seen)];
            last.iter().sum::<f64>() / count(last.len().max(1))
        };
        window.means = [mean(3), mean(6), mean(12)];
        window.run = recent.iter().take_while(|value| **value <= 0.0).count();
        let pairs = recent.windows(2).take(6);
        window.unrest = pairs.clone().map(|pair| (pair[0] - pair[1]).abs()).sum::<f64>() / count(pairs.count().max(1));
        window.medians = [6, 12].map(|n| median(&mut recent[..n.min(seen)].to_vec()));
        let step = self.steps / count(self.step_count.max(1));
        let long = self.total / count(self.reports.max(1));
        let scale = [step, long, 1.0].into_iter().find(|scale| *scale > 0.0).unwrap_or(1.0);
        let base = median(&mut [window.means[1], self.fast, self.chance * self.size, window.medians[1]]);
        let end = self.series.start + self.taken;
        window.gap = (origin + 1).saturating_sub(end);
        let state = State {
            scale,
            moves: step > 0.0,
            base,
            zero_share: count(window.zeros) / count(seen.max(1)),
            reports: self.reports,
            whole: self.whole,
        };
        (state, window)
    }

    /// Writes the row for `ahead` periods after the origin. `stocked` tells whether the target ends with stock.
    pub(super) fn row(
        &self,
        (state, window): &(State, Window),
        origin: usize,
        ahead: usize,
        stocked: Option<bool>,
        row: &mut Vec<f32>,
    ) {
        let scale = state.scale;
        let stock = &self.source.panel.stock;
        let target = origin + ahead;
        let season = self.source.panel.season();
        let share = |part: usize, whole: usize| (whole > 0).then(|| count(part) / count(whole));
        #[expect(clippy::cast_possible_truncation, reason = "features are of single precision")]
        let mut put = |value: Option<f64>| row.push(value.map_or(f32::NAN, |value| value as f32));
        put(stocked.map(|stocked| f64::from(u8::from(stocked))));
        for back in 0..3 {
            put(self.value(back).map(|value| value / scale));
        }
        window.means.iter().chain(&window.medians).for_each(|mean| put(Some(mean / scale)));
        put(Some(self.total / count(self.reports.max(1)) / scale));
        put(Some(window.largest / scale));
        put(Some(window.unrest / scale));
        put(Some(state.zero_share));
        put(Some(count(window.run)));
        put(Some(count(window.gap)));
        put(Some(count(self.reports)));
        put(Some(self.slow / scale));
        put(Some(self.fast / scale));
        put(Some(self.chance * self.size / scale));
        put(Some(self.chance));
        // What is known of the stock.
        let closing = self.cell(&stock.closing, 0);
        put(closing.map(|closing| closing / scale));
        put(closing.map(|closing| if self.slow > 0.0 { (closing / self.slow).min(36.0) } else { 36.0 }));
        put(share(window.empty3, window.judged.min(3)));
        put(share(window.empty, window.judged));
        put((self.stocked_reports > 0).then(|| self.with_stock / scale));
        put(self.cell(&stock.received, 0).map(|received| received / scale));
        let received: Vec<f64> = (0..3).filter_map(|back| self.cell(&stock.received, back)).collect();
        put((!received.is_empty()).then(|| received.iter().sum::<f64>() / scale));
        // How regularly it is supplied: periods since the last receipt, share of periods with one, its mean size.
        let supplies = || (0..12).filter_map(|back| self.cell(&stock.received, back));
        let known = supplies().count();
        let (some, sum) =
            supplies().filter(|received| *received > 0.0).fold((0, 0.0), |(n, sum), received| (n + 1, sum + received));
        put((known > 0).then(|| count(supplies().take_while(|received| *received <= 0.0).count())));
        put(share(some, known));
        put((some > 0).then(|| sum / count(some) / scale));
        // How much of what was there was given out.
        let there = self.cell(&stock.beginning, 0).map(|there| there + self.cell(&stock.received, 0).unwrap_or(0.0));
        put(self.value(0).zip(there).filter(|(_, there)| *there > 0.0).map(|(value, there)| value / there));
        put(self.cell(&stock.adjustments, 0).map(|adjusted| adjusted / scale));
        put(self.cell(&stock.stockout_days, 0));
        // The calendar.
        put(Some(count(ahead)));
        put((season > 1).then(|| count(target % season)));
        let before = (season > 1).then(|| self.before(target, origin, season)).flatten();
        put(before.map(|value| value / scale));
        let product = self.source.groups.group(self.index, 0);
        put(product.map(|product| self.source.groups.season(product, origin, target, season)));
        let usual = product.and_then(|product| self.source.groups.mean(0, product, origin, 12));
        put(usual.filter(|usual| *usual > 0.0).map(|usual| window.means[2] / usual));
        for kind in 0..GROUPS {
            let group = self.source.groups.group(self.index, kind);
            let mean = |periods| group.and_then(|group| self.source.groups.mean(kind, group, origin, periods));
            put(mean(3).zip(mean(12)).filter(|(_, year)| *year > 0.0).map(|(now, year)| now / year));
            put(group.and_then(|group| self.source.groups.empty_share(kind, group, origin)));
            put(group.and_then(|group| self.source.groups.zero_share(kind, group, origin, 3)));
        }
        for covariate in &self.covariates {
            let at = |at: usize| covariate.and_then(|values| values.get(at)).copied().filter(|value| !value.is_nan());
            let known = covariate.and_then(|values| values.get(..=origin)).unwrap_or_default();
            let known: Vec<f64> = known.iter().copied().filter(|value| !value.is_nan()).collect();
            let mean = known.iter().sum::<f64>() / count(known.len().max(1));
            let against = |value: f64| if mean == 0.0 { value } else { value / mean };
            for back in 0..4 {
                put(origin.checked_sub(back).and_then(at).map(against));
            }
            let back = ahead.div_ceil(season.max(1)) * season;
            put(target.checked_sub(back).filter(|_| season > 1).and_then(at).map(against));
        }
    }

    /// The last number known at the origin from the season of the target.
    fn before(&self, target: usize, origin: usize, season: usize) -> Option<f64> {
        target
            .checked_sub((target - origin).div_ceil(season) * season)
            .and_then(|at| self.source.panel.value(self.series, at))
    }
}

/// The last twelve periods of a series.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    seen: usize,
    zeros: usize,
    run: usize,
    gap: usize,
    judged: usize,
    empty: usize,
    empty3: usize,
    largest: f64,
    unrest: f64,
    means: [f64; 3],
    medians: [f64; 2],
}
