//! The negative binomial distribution: counts whose mean varies from month to month like a gamma variable.

/// A count `D` of mean `mean` and variance `mean + mean² / shape`. Large shapes come near to Poisson.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NegativeBinomial {
    /// In base units for each period, ≥ 0.
    pub mean: f64,
    /// > 0; without unit.
    pub shape: f64,
}

impl NegativeBinomial {
    #[must_use]
    pub fn variance(&self) -> f64 {
        self.mean + self.mean * self.mean / self.shape
    }

    /// `P(D >= count)`; 1 for a count of 0 and below.
    #[must_use]
    pub fn at_least(&self, count: f64) -> f64 {
        if count <= 0.0 {
            return 1.0;
        }
        if self.mean <= 0.0 {
            return 0.0;
        }
        Tail::new(count, self.shape).of(self.mean).probability
    }

    /// Mean of `D` given `D >= count`: what was probably asked for where `count` was all there was. Never below `count`.
    #[must_use]
    pub fn mean_from(&self, count: f64) -> f64 {
        if count <= 0.0 {
            return self.mean;
        }
        Tail::new(count, self.shape).mean_from(self.mean)
    }

    /// `E[min(D, stock)]`: the issues that a stock allows, as `mean × P(D⁺ <= stock - 2) + stock × P(D >= stock)`,
    /// `D⁺` being the same with its shape one higher. Equal to `Σ P(D > k)` over `k = 0 … stock − 1`.
    #[must_use]
    pub fn expected_issues(&self, stock: f64) -> f64 {
        let stock = stock.floor();
        if stock <= 0.0 || self.mean <= 0.0 {
            return 0.0;
        }
        let tail = Tail::new(stock, self.shape).of(self.mean);
        let upper = tail.probability + tail.step;
        (self.mean * (1.0 - upper).max(0.0) + stock * tail.probability).min(self.mean)
    }

    /// The smallest count with `P(D <= count) >= probability`; the probability is below 1.
    #[must_use]
    pub fn quantile(&self, probability: f64) -> f64 {
        let enough = |count: f64| 1.0 - self.at_least(count + 1.0) >= probability;
        let (mut low, mut high) = (0.0, 1.0);
        while !enough(high) && high < 1e15 {
            (low, high) = (high, high * 2.0);
        }
        if enough(low) {
            return low;
        }
        while high - low > 1.0 {
            let middle = f64::midpoint(low, high).floor();
            if enough(middle) { high = middle } else { low = middle }
        }
        high
    }

    /// `ln P(D = count)`, also between whole counts.
    pub(super) fn ln_probability(&self, count: f64) -> f64 {
        if self.mean <= 0.0 {
            return if count <= 0.0 { 0.0 } else { f64::NEG_INFINITY };
        }
        let total = self.shape + self.mean;
        let power = if count > 0.0 { count * (self.mean / total).ln() } else { 0.0 };
        ln_gamma(self.shape + count) - ln_gamma(self.shape) - ln_gamma(count + 1.0)
            + self.shape * (self.shape / total).ln()
            + power
    }
}

/// `P(D >= count)` for one count above 0 and many means: the regularized incomplete beta function `I_q(count, shape)`
/// with `q = mean / (mean + shape)`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tail {
    count: f64,
    shape: f64,
    ln_beta: f64,
}

/// A tail at one mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct TailAt {
    /// `P(D >= count)`
    probability: f64,
    /// `P(D⁺ >= count - 1) - P(D >= count)`, `D⁺` having a shape one higher at the same odds.
    step: f64,
}

impl Tail {
    pub(super) fn new(count: f64, shape: f64) -> Self {
        Self { count, shape, ln_beta: ln_gamma(count) + ln_gamma(shape) - ln_gamma(count + shape) }
    }

    /// `E[D | D >= count] = mean × P(D⁺ >= count - 1) / P(D >= count)`.
    pub(super) fn mean_from(&self, mean: f64) -> f64 {
        let odds = mean / (mean + self.shape);
        let ratio = if self.is_upper(odds) {
            // Both share a factor that may be too small to be written.
            self.count / (odds * self.shape) / continued_fraction(self.count, self.shape, odds)
        } else {
            let at = self.of(mean);
            at.step / at.probability
        };
        (mean * (1.0 + ratio)).max(self.count)
    }

    fn is_upper(&self, odds: f64) -> bool {
        odds < (self.count + 1.0) / (self.count + self.shape + 2.0)
    }

    fn of(&self, mean: f64) -> TailAt {
        let (a, b) = (self.count, self.shape);
        let odds = mean / (mean + b);
        let rest = b / (mean + b);
        let factor = (a * odds.ln() + b * rest.ln() - self.ln_beta).exp();
        let probability = if self.is_upper(odds) {
            factor * continued_fraction(a, b, odds) / a
        } else {
            1.0 - factor * continued_fraction(b, a, rest) / b
        };
        TailAt { probability: probability.clamp(0.0, 1.0), step: factor / (odds * b) }
    }
}

/// The continued fraction of the incomplete beta function (modified Lentz), which converges fast for
/// `x < (a + 1) / (a + b + 2)`. Source: DLMF 8.17.22.
fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut below = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let (mut above, mut fraction) = (1.0, below);
    for step in 1..500 {
        let step = f64::from(step);
        let index = a + 2.0 * step;
        let even = step * (b - step) * x / ((index - 1.0) * index);
        let odd = -(a + step) * (a + b + step) * x / (index * (index + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            below = 1.0 / away(1.0 + term * below);
            above = away(1.0 + term / above);
            change = above * below;
            fraction *= change;
        }
        if (change - 1.0).abs() < 1e-9 {
            break;
        }
    }
    fraction
}

/// `ln Γ(x)` for `x > 0` by Stirling's series from 8 on. Source: DLMF 5.11.1.
pub(super) fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 1.0);
    while x < 8.0 {
        below *= x;
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series = inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0)));
    (x - 0.5) * x.ln() - x + 0.918_938_533_204_672_8 + series - below.ln()
}

#[cfg(test)]
mod tests {
    use super::NegativeBinomial;

    /// Shape 1 is geometric: with mean 1, `P(D >= n) = 1 / 2^n`.
    #[test]
    fn the_geometric_case_by_hand() {
        let coin = NegativeBinomial { mean: 1.0, shape: 1.0 };
        let near = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
        near(coin.at_least(0.0), 1.0);
        near(coin.at_least(1.0), 0.5);
        near(coin.at_least(3.0), 0.125);
        near(coin.mean_from(3.0), 4.0); // without memory: 3 + mean
        near(coin.mean_from(200.0), 201.0); // far out, where probabilities vanish
        near(coin.expected_issues(3.0), 0.5 + 0.25 + 0.125);
        near(coin.expected_issues(0.0), 0.0);
        near(coin.expected_issues(500.0), 1.0);
        near(coin.ln_probability(2.0).exp(), 0.125);
        near(coin.quantile(0.5), 0.0);
        near(coin.quantile(0.9), 3.0); // P(D <= 2) = 0.875, P(D <= 3) = 0.9375
    }

    #[test]
    fn sums_of_probabilities_agree_with_the_closed_forms() {
        for (mean, shape) in [(0.3, 0.4), (5.0, 4.0), (40.0, 0.7), (900.0, 12.0)] {
            let it = NegativeBinomial { mean, shape };
            for stock in [1.0_f64, 4.0, 37.0, 300.0] {
                let (mut below, mut issues, mut weighted) = (0.0, 0.0, 0.0);
                let mut count = 0.0;
                while count < stock {
                    let p = it.ln_probability(count).exp();
                    below += p;
                    weighted += count * p;
                    count += 1.0;
                }
                issues += weighted + stock * (1.0 - below);
                assert!((it.at_least(stock) - (1.0 - below)).abs() < 1e-8, "{it:?} {stock}");
                assert!((it.expected_issues(stock) - issues).abs() < 1e-6 * (1.0 + issues), "{it:?} {stock}");
                if below < 0.999 {
                    let mean_from = (mean - weighted) / (1.0 - below);
                    assert!((it.mean_from(stock) - mean_from).abs() < 1e-5 * mean_from, "{it:?} {stock}");
                }
            }
        }
    }
}
