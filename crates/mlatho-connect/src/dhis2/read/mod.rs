//! Reading: lists in explicit pages, data set structure, data values.

mod categories;
mod locks;
mod metadata;
mod values;

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{Client, Dhis2Error};
pub use categories::{CategoryCombo, CategoryOption};
pub use locks::{Approval, ApprovalSlice, LockException};
pub use metadata::{DataElement, DataSet, InputPeriod, OrgUnit};
pub use values::{Pulled, ValueQuery, Watermark};

impl Client {
    /// Every object of a metadata type, page by page in the order of their ids. `plural` is the name of the path and
    /// of the list, such as `organisationUnits`; filters are `property:operator:value`.
    ///
    /// # Errors
    /// The server does not answer, refuses, or answers with something else than such a list.
    pub async fn list<T: DeserializeOwned>(
        &self,
        plural: &str,
        fields: &str,
        filters: &[String],
    ) -> Result<Vec<T>, Dhis2Error> {
        let path = format!("api/{plural}");
        let problem = |problem: String| Dhis2Error::Answer { path: path.clone(), problem };
        let page_size = self.page_size.to_string();
        let mut objects = Vec::new();
        for page in 1u64.. {
            let number = page.to_string();
            let mut query = vec![("fields", fields), ("page", &number), ("pageSize", &page_size), ("order", "id:asc")];
            query.extend(filters.iter().map(|filter| ("filter", filter.as_str())));
            let document: HashMap<String, Box<RawValue>> = self.get_json(&path, &query).await?;
            let list = document.get(plural).ok_or_else(|| problem(format!("there is no list `{plural}`")))?;
            let found: Vec<T> = serde_json::from_str(list.get()).map_err(|error| problem(error.to_string()))?;
            let pager = document.get("pager").and_then(|pager| serde_json::from_str::<Pager>(pager.get()).ok());
            let full = found.len() as u64 >= u64::from(self.page_size);
            objects.extend(found);
            // A server that keeps to smaller pages than asked for says how many there are.
            let count = pager.and_then(|pager| pager.page_count);
            if count.map_or(!full, |count| page >= count) {
                break;
            }
        }
        Ok(objects)
    }
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pager {
    page_count: Option<u64>,
}
