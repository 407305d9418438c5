//! What makes two records of a source the same line.

use mlatho_model::RawRecord;
use xxhash_rust::xxh3::Xxh3Default;

/// Hash of the line that a record is a version of.
///
/// With a report id: report and line, or report, org unit, item, split and period where the source numbers no lines.
/// Without one there is one line for each org unit, item, split, period and measure. The hash has 128 bits, so that
/// two lines out of a thousand million collide with a chance below 10⁻²⁰.
pub(crate) fn identity(record: &RawRecord<'_>) -> u128 {
    let mut hash = Xxh3Default::new();
    let mut add = |text: &str| {
        hash.update(&(text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    add(record.report);
    if record.report.is_empty() || record.line.is_empty() {
        add(record.org_unit);
        add(record.item);
        add(record.disaggregation);
        if let [only] = record.values {
            add(only.measure.name());
        }
        let start = record.period.start();
        hash.update(&[record.period.period_type() as u8]);
        hash.update(&start.year().to_le_bytes());
        hash.update(&[start.month().cast_unsigned(), start.day().cast_unsigned()]);
    } else {
        add(record.line);
    }
    hash.digest128()
}
