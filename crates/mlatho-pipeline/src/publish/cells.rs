//! Where numbers stand at a DHIS2 target, as far as the mappings and the memory of what was sent tell without asking it.

use std::collections::HashMap;

use jiff::Timestamp;
use mlatho_connect::dhis2::ValueKey;
use mlatho_model::{Measure, Period, Uid};
use mlatho_store::{Repository, StoreError};

use super::memory::parsed;
use crate::project::{ElementMap, Project, Target};

/// The place of a number at a target. A combo that the mapping leaves to the target is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Cell {
    pub(crate) data_element: Uid,
    pub(crate) period: Period,
    pub(crate) org_unit: Uid,
    category_option_combo: Option<Uid>,
    attribute_option_combo: Option<Uid>,
}

impl Cell {
    /// The place of a number; nothing, where the target has none for it.
    pub(crate) fn of(
        elements: &ElementMap,
        target: &str,
        (org_unit, item): (&str, &str),
        (measure, split): (&Measure, &str),
        period: Period,
    ) -> Option<Self> {
        let element = elements.find(target, item, measure, split, period.start())?;
        let combo = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
        Some(Self {
            data_element: element.data_element.parse().ok()?,
            period,
            org_unit: org_unit.parse().ok()?,
            category_option_combo: combo(&element.category_option_combo)?,
            attribute_option_combo: combo(&element.attribute_option_combo)?,
        })
    }
}

/// A value that was found at a target as it was sent, and has not been withdrawn since.
#[derive(Clone, Debug)]
pub(crate) struct Delivered {
    key: ValueKey,
    pub(crate) data_set: Uid,
    pub(crate) value: Box<str>,
    /// When its delivery began.
    pub(crate) at: Timestamp,
}

/// All that was delivered to a target and stands there.
#[derive(Debug, Default)]
pub(crate) struct DeliveredValues(HashMap<(Uid, Uid, Period), Vec<Delivered>>);

impl DeliveredValues {
    pub(crate) async fn load(repository: &Repository, target: &str) -> Result<Self, StoreError> {
        let mut all = Self::default();
        let mut take = |sent: mlatho_store::Sent, at: Timestamp| {
            let Some(key) = parsed(&sent.place, &sent.key) else { return };
            let (Ok(data_set), Some(value)) = (sent.set.parse::<Uid>(), sent.value) else { return };
            let place = (key.data_element, key.org_unit, key.period);
            all.0.entry(place).or_default().push(Delivered { key, data_set, value: value.into(), at });
        };
        repository.delivered(target, &mut take).await?;
        Ok(all)
    }

    /// The value at a place.
    pub(crate) fn find(&self, cell: &Cell) -> Option<&Delivered> {
        let same = |combo: Option<Uid>, held: Uid| combo.is_none_or(|combo| combo == held);
        self.0.get(&(cell.data_element, cell.org_unit, cell.period))?.iter().find(|held| {
            same(cell.category_option_combo, held.key.category_option_combo)
                && same(cell.attribute_option_combo, held.key.attribute_option_combo)
        })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Period, &Delivered)> {
        self.0.iter().flat_map(|((.., period), all)| all.iter().map(move |held| (*period, held)))
    }
}

/// The targets that such values are delivered to.
pub(crate) fn targets(project: &Project) -> impl Iterator<Item = &Target> {
    project.config().targets.iter().filter(|target| target.dhis2.is_some())
}
