//! What the target holds of the values that were sent.

use std::collections::{BTreeSet, HashMap};

use mlatho_model::{Period, Uid};

use crate::dhis2::{Client, DataValue, Dhis2Error, ValueKey, ValueQuery, same_value};

/// Org units and periods named in one request, so that its address stays short.
const ORG_UNITS: usize = 150;
const PERIODS: usize = 24;

impl Client {
    /// Reads the present values of these keys in a data set; what is not there is not in the answer.
    ///
    /// # Errors
    /// As of [`Client::values`].
    pub async fn read_back(
        &self,
        data_set: Uid,
        keys: impl IntoIterator<Item = ValueKey>,
    ) -> Result<HashMap<ValueKey, DataValue>, Dhis2Error> {
        let keys: BTreeSet<ValueKey> = keys.into_iter().collect();
        let units: Vec<Uid> = keys.iter().map(|key| key.org_unit).collect::<BTreeSet<_>>().into_iter().collect();
        let periods: Vec<Period> = keys.iter().map(|key| key.period).collect::<BTreeSet<_>>().into_iter().collect();
        let mut held = HashMap::new();
        for units in units.chunks(ORG_UNITS) {
            for periods in periods.chunks(PERIODS) {
                let query = ValueQuery {
                    data_sets: vec![data_set],
                    org_units: units.to_vec(),
                    periods: periods.to_vec(),
                    ..ValueQuery::default()
                };
                self.values(&query, |value| {
                    if !value.deleted && keys.contains(&value.key) {
                        held.insert(value.key, value);
                    }
                })
                .await?;
            }
        }
        Ok(held)
    }
}

impl DataValue {
    /// Whether the target holds what this value asks for.
    #[must_use]
    pub fn is_met_by(&self, held: Option<&Self>) -> bool {
        let Some(held) = held.filter(|held| !held.deleted) else { return self.deleted };
        let same = match (&self.value, &held.value) {
            (Some(one), Some(other)) => same_value(one, other),
            (one, other) => one == other,
        };
        !self.deleted && same && self.comment == held.comment && self.follow_up == held.follow_up
    }
}
