//! Student's t, as far as tails are needed.

/// A density of standardized residuals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Student {
    freedom: f64,
    /// Median of |t|.
    middle: f64,
    /// Logarithm of the density at 0.
    peak: f64,
}

/// Degrees of freedom; median of |t|; its 90 % quantile over that; the logarithm of the density at 0.
const KNOWN: [(f64, f64, f64, f64); 5] = [
    (2.0, 0.816, 3.576, -1.0397),
    (3.0, 0.765, 3.077, -1.0008),
    (4.0, 0.741, 2.879, -0.9808),
    (6.0, 0.718, 2.707, -0.9605),
    (12.0, 0.695, 2.563, -0.9397),
];

impl Student {
    /// The one whose middle is as wide, beside its shoulders, as that of the residuals.
    pub(super) fn like(ratio: f64) -> Self {
        let near = KNOWN.iter().min_by(|a, b| (a.2 - ratio).abs().total_cmp(&(b.2 - ratio).abs()));
        let (freedom, middle, _, peak) = near.copied().unwrap_or(KNOWN[1]);
        Self { freedom, middle, peak }
    }

    pub(super) const fn middle(self) -> f64 {
        self.middle
    }

    /// Logarithm of the density at a standardized residual.
    pub(crate) fn log_density(self, residual: f64) -> f64 {
        self.peak - f64::midpoint(self.freedom, 1.0) * (1.0 + residual * residual / self.freedom).ln()
    }
}
