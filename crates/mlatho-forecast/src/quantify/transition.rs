//! From old regimens to new ones: who goes where, and how fast.

use mlatho_model::Decimal;
use rust_decimal::prelude::FromPrimitive;

/// The share that has switched, an S-curve: `1 / (1 + exp(-(t - half) / pace))`, `t` in months from the start of the
/// switch, its first month being 0. Before the start nobody has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    /// Month in which half have switched.
    pub half: f64,
    /// Months, above 0: from half to 73 % is one pace.
    pub pace: f64,
}

/// Why no curve goes through what was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a switch that does not rise, or less than two months between 0 and 1, fixes no curve")]
pub struct NoCurve;

impl Curve {
    /// The curve that begins with 2 % and has half after so many months.
    #[must_use]
    pub fn half_after(months: f64) -> Self {
        Self { half: months, pace: (months / 49.0_f64.ln()).max(1e-3) }
    }

    /// The curve through the shares that were seen in the first months: `logit(share) = (t - half) / pace` by least
    /// squares, each month weighted by `share × (1 - share)`, as a share of few or of nearly all says little.
    ///
    /// # Errors
    /// Fewer than two months have a share between 0 and 1, or the share does not rise.
    pub fn fitted(shares: &[f64]) -> Result<Self, NoCurve> {
        let between = (0_u32..).zip(shares).filter(|(_, share)| **share > 0.0 && **share < 1.0);
        let points: Vec<(f64, f64, f64)> = between
            .map(|(month, share)| (f64::from(month), (share / (1.0 - share)).ln(), share * (1.0 - share)))
            .collect();
        if points.len() < 2 {
            return Err(NoCurve);
        }
        let weight: f64 = points.iter().map(|(_, _, w)| w).sum();
        let month: f64 = points.iter().map(|(t, _, w)| t * w).sum::<f64>() / weight;
        let logit: f64 = points.iter().map(|(_, l, w)| l * w).sum::<f64>() / weight;
        let across: f64 = points.iter().map(|(t, l, w)| w * (t - month) * (l - logit)).sum();
        let along: f64 = points.iter().map(|(t, _, w)| w * (t - month).powi(2)).sum();
        let slope = across / along;
        if !slope.is_finite() || slope <= 0.0 {
            return Err(NoCurve);
        }
        Ok(Self { half: month - logit / slope, pace: 1.0 / slope })
    }

    /// The share that has switched by a month, counted from the start; with six decimals.
    #[must_use]
    pub fn share(&self, month: i32) -> Decimal {
        if month < 0 {
            return Decimal::ZERO;
        }
        let share = 1.0 / (1.0 + (-(f64::from(month) - self.half) / self.pace).exp());
        Decimal::from_f64(share).unwrap_or_default().round_dp(6)
    }
}

/// Where the patients of an old regimen go when they switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub regimen: String,
    /// Share of all patients on it before the switch.
    pub share: Decimal,
    /// Share of them that goes to each regimen; the rest stays.
    pub to: Vec<(String, Decimal)>,
}

/// The transfer matrix: shares go from the old regimens to the new ones along the curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    pub rows: Vec<Row>,
}

impl Transfer {
    /// Share of all patients on a regimen when this share of the switch is done. Over all regimens it is the same sum.
    #[must_use]
    pub fn share(&self, regimen: &str, switched: Decimal) -> Decimal {
        let of_row = |row: &Row| {
            let leaving: Decimal = row.to.iter().filter(|(to, _)| *to != row.regimen).map(|(_, share)| *share).sum();
            let coming = row.to.iter().filter(|(to, _)| to == regimen && *to != row.regimen).map(|(_, share)| *share);
            let moved = coming.sum::<Decimal>() * switched;
            let stays = if row.regimen == regimen { Decimal::ONE - leaving * switched } else { Decimal::ZERO };
            row.share * (moved + stays)
        };
        self.rows.iter().map(of_row).sum()
    }
}
