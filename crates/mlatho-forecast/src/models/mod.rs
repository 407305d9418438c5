//! Models of one series on its own. Each is run once over a history and asked along the way, at every snapshot, for what
//! it would forecast there; parameters are chosen at each snapshot by the errors made before it, so nothing leaks back.

mod intermittent;
mod means;
mod seasonal;
mod smoothing;
mod theta;

/// Models of single series, in the order of their forecasts.
pub(crate) const NAMES: [&str; 15] = [
    "mean3",
    "mean6",
    "mean12",
    "ses",
    "damped-trend",
    "ets-seasonal",
    "ets-seasonal-root",
    "theta",
    "sba",
    "tsb",
    "adida",
    "imapa",
    "seasonal-naive",
    "median6",
    "median12",
];
pub(crate) const COUNT: usize = NAMES.len();

/// The models whose median stands in where nothing could be learnt from earlier origins: mean6, ses, tsb, imapa.
pub(crate) const STAND_IN: [usize; 4] = [1, 3, 9, 11];

/// A history: periods from the first number on, not a number where missing.
pub(crate) struct History<'a> {
    pub(crate) values: &'a [f64],
    /// Periods until a season comes again; 1 for none.
    pub(crate) season: usize,
    /// Place of the first period within its season.
    pub(crate) phase: usize,
}

impl History<'_> {
    /// Place within the season of a period counted from the first.
    fn slot(&self, at: usize) -> usize {
        (self.phase + at) % self.season.max(1)
    }
}

/// Forecasts of all models at all snapshots.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forecasts {
    horizon: usize,
    values: Vec<f64>,
}

impl Forecasts {
    /// `horizon` forecasts of a model at a snapshot, the next period first; none below zero.
    pub(crate) fn get(&self, snapshot: usize, model: usize) -> &[f64] {
        let at = (snapshot * COUNT + model) * self.horizon;
        self.values.get(at..at + self.horizon).unwrap_or_default()
    }

    fn set(&mut self, snapshot: usize, model: usize, forecast: impl Fn(usize) -> f64) {
        let at = (snapshot * COUNT + model) * self.horizon;
        for (ahead, cell) in self.values[at..at + self.horizon].iter_mut().enumerate() {
            let value = forecast(ahead + 1);
            *cell = if value.is_finite() { value.max(0.0) } else { 0.0 };
        }
    }
}

/// Runs every model. `snapshots` say how many periods are known, ascending, at least one each; the first period has a
/// number.
pub(crate) fn run(history: &History<'_>, snapshots: &[usize], horizon: usize) -> Forecasts {
    let mut out = Forecasts { horizon, values: vec![0.0; snapshots.len() * COUNT * horizon] };
    let known: Vec<f64> = history.values.iter().copied().filter(|value| !value.is_nan()).collect();
    // How many numbers are known at each snapshot.
    let mut counts = Vec::with_capacity(snapshots.len());
    let (mut count, mut from) = (0, 0);
    for &until in snapshots {
        count += history.values[from..until].iter().filter(|value| !value.is_nan()).count();
        from = until;
        counts.push(count);
    }
    means::run(&known, &counts, &mut out);
    let levels = smoothing::run(&known, &counts, &mut out);
    intermittent::run(&known, &counts, &mut out);
    seasonal::run(history, snapshots, &levels, &mut out);
    theta::run(history, snapshots, &known, &counts, &mut out);
    out
}

/// Place of the smallest; the first of equals.
fn smallest(values: &[f64]) -> usize {
    let mut best = 0;
    for (at, value) in values.iter().enumerate() {
        if *value < values[best] {
            best = at;
        }
    }
    best
}

/// The median of numbers that need not be sorted; zero of none.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[n / 2],
        n => f64::midpoint(values[n / 2 - 1], values[n / 2]),
    }
}

/// A count as a number of statistics.
#[expect(clippy::cast_precision_loss, reason = "counts of periods and rows are small")]
pub(crate) const fn count(count: usize) -> f64 {
    count as f64
}

/// The nearest whole number of one not below zero.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "quantities are below 1e15"
)]
pub(crate) fn whole(value: f64) -> f64 {
    (value + 0.5) as u64 as f64
}

#[cfg(test)]
mod tests;
