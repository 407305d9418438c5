//! Order statistics.

/// The middle of some numbers, the mean of the two middle ones where their count is even; reorders them. Nothing of
/// nothing.
pub(crate) fn median(numbers: &mut [f64]) -> Option<f64> {
    let middle = numbers.len() / 2;
    if numbers.is_empty() {
        return None;
    }
    let even = numbers.len().is_multiple_of(2);
    let (below, upper, _) = numbers.select_nth_unstable_by(middle, f64::total_cmp);
    let upper = *upper;
    if !even {
        return Some(upper);
    }
    let lower = below.iter().copied().max_by(f64::total_cmp)?;
    Some(f64::midpoint(lower, upper))
}

/// The number below which a share of the numbers lies; reorders them.
pub(super) fn quantile(numbers: &mut [f64], share: f64) -> Option<f64> {
    let last = numbers.len().checked_sub(1)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a slice"
    )]
    let at = (last as f64 * share) as usize;
    Some(*numbers.select_nth_unstable_by(at.min(last), f64::total_cmp).1)
}

/// Median absolute deviation from zero, as a standard deviation of a normal distribution.
pub(super) fn deviation(residuals: &mut [f64]) -> Option<f64> {
    residuals.iter_mut().for_each(|residual| *residual = residual.abs());
    median(residuals).map(|middle| middle * 1.4826)
}
