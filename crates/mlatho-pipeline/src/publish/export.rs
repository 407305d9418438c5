//! A plan as import files, for targets that cannot be reached from here.

use mlatho_formats::dhis2::DataValue;

use super::plan::Plan;

/// Gives the values to send, in the order of the plan, with the UID of their data set, to a writer of import files.
///
/// # Errors
/// What the writer returns.
pub fn export<E>(plan: &Plan, mut write: impl FnMut(&str, &DataValue<'_>) -> Result<(), E>) -> Result<(), E> {
    for change in plan.to_send() {
        let (value, key) = (change.data_value(), change.key);
        let line = DataValue {
            data_element: key.data_element.as_str(),
            category_option_combo: key.category_option_combo.as_str(),
            attribute_option_combo: key.attribute_option_combo.as_str(),
            org_unit: key.org_unit.as_str(),
            period: key.period,
            value: value.value.as_deref().unwrap_or_default(),
            comment: value.comment.as_deref().unwrap_or_default(),
            follow_up: value.follow_up,
            deleted: value.deleted,
        };
        write(change.data_set.as_str(), &line)?;
    }
    Ok(())
}
