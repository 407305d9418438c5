//! Values that were sent: many of them in one text, for there are millions and a plan needs all.

use std::collections::BTreeMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::entity::publications::{Column, Entity, Model};
use super::{CHUNK, Catalogue};
use crate::error::{Result, StoreError};

/// Rows that are read at a time, each with the values of a place.
const PAGE: u64 = 200;

/// A value that was sent to a target, or was about to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// What the value is reported in at the target: the UID of a data set, the id of a requisition.
    pub set: String,
    /// `period/org_unit`, or `period/facility`. Values of one place are kept together.
    pub place: String,
    /// What it is there, such as `data_element/category_option_combo/attribute_option_combo`. Place and key name the value.
    pub key: String,
    /// As sent; nothing, where the value was withdrawn.
    pub value: Option<String>,
    /// Whether it was found at the target. Otherwise it may or may not have arrived.
    pub confirmed: bool,
}

/// A value with its set and the batch that brought it.
type Content = (String, Option<String>, i32);

/// Values by key, of one place.
type Place = BTreeMap<String, Content>;

/// Values by place and key, of each what was said last.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Values(BTreeMap<String, Place>);

impl Values {
    pub(super) fn read(text: &str) -> Result<Self> {
        parse(text, "a batch").map(Self)
    }

    pub(super) fn write(&self) -> Result<String> {
        json(&self.0)
    }

    pub(super) fn add(&mut self, sent: &Sent, batch: i32) {
        let content = (sent.set.clone(), sent.value.clone(), batch);
        self.0.entry(sent.place.clone()).or_default().insert(sent.key.clone(), content);
    }

    pub(super) fn of(values: &[Sent], batch: i32) -> Self {
        let mut all = Self::default();
        values.iter().for_each(|sent| all.add(sent, batch));
        all
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes out the values whose keys others have. Says whether there were such.
    pub(super) fn forget(&mut self, others: &Self) -> bool {
        let mut forgotten = false;
        self.0.retain(|place, values| {
            if let Some(others) = others.0.get(place) {
                let before = values.len();
                values.retain(|key, _| !others.contains_key(key));
                forgotten |= values.len() < before;
            }
            !values.is_empty()
        });
        forgotten
    }

    /// Gives all of them in the order of place and key.
    pub(super) fn give(self, confirmed: bool, take: &mut (dyn FnMut(Sent) + Send)) {
        self.0.into_iter().for_each(|(place, values)| give(&place, values, confirmed, take));
    }
}

fn json(values: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(values).map_err(|error| StoreError::damaged(error.to_string()))
}

fn parse<T: serde::de::DeserializeOwned>(text: &str, what: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::damaged(format!("the values of {what}: {error}")))
}

fn give(place: &str, values: Place, confirmed: bool, take: &mut (dyn FnMut(Sent) + Send)) {
    give_with_batch(place, values, confirmed, &mut |sent, _| take(sent));
}

fn give_with_batch(place: &str, values: Place, confirmed: bool, take: &mut (dyn FnMut(Sent, i32) + Send)) {
    for (key, (set, value, batch)) in values {
        take(Sent { set, place: place.into(), key, value, confirmed }, batch);
    }
}

impl Catalogue {
    /// Shows the confirmed values of a target in the order of place and key, each with the batch that brought it.
    pub(super) async fn confirmed(&self, target: &str, take: &mut (dyn FnMut(Sent, i32) + Send)) -> Result<()> {
        let mut after: Option<String> = None;
        loop {
            let mut page = Entity::find().filter(Column::Target.eq(target));
            if let Some(place) = &after {
                page = page.filter(Column::Place.gt(place.as_str()));
            }
            let page = page.order_by_asc(Column::Place).limit(PAGE).all(&self.db).await;
            let rows = page.map_err(StoreError::db("reading publications"))?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some(last.place.clone());
            for row in rows {
                give_with_batch(&row.place, parse(&row.content, &row.place)?, true, take);
            }
        }
    }
}

/// Adds confirmed values to those of their places.
pub(super) async fn confirm(transaction: &DatabaseTransaction, target: &str, values: &Values) -> Result<()> {
    let fail = "recording confirmed values";
    if transaction.get_database_backend() == DbBackend::Postgres {
        // Another process that adds to the same place waits; on SQLite the whole transaction has its turn.
        let lock = "LOCK TABLE publications IN SHARE ROW EXCLUSIVE MODE";
        transaction.execute_unprepared(lock).await.map_err(StoreError::db(fail))?;
    }
    let renewed = OnConflict::columns([Column::Target, Column::Place]).update_column(Column::Content).to_owned();
    let places: Vec<(&String, &Place)> = values.0.iter().collect();
    for chunk in places.chunks(CHUNK) {
        let known = known(transaction, target, chunk).await.map_err(StoreError::db(fail))?;
        let mut rows = Vec::with_capacity(chunk.len());
        for (place, values) in chunk {
            let mut all: Place = match known.get(*place) {
                Some(content) => parse(content, place)?,
                None => Place::new(),
            };
            all.extend(values.iter().map(|(key, content)| (key.clone(), content.clone())));
            let row = Model { target: target.into(), place: (*place).clone(), content: json(&all)? };
            rows.push(row.into_active_model());
        }
        let insert = Entity::insert_many(rows).on_conflict(renewed.clone());
        insert.exec_without_returning(transaction).await.map_err(StoreError::db(fail))?;
    }
    Ok(())
}

/// What stands at places already.
async fn known(
    db: &impl ConnectionTrait,
    target: &str,
    places: &[(&String, &Place)],
) -> Result<BTreeMap<String, String>, DbErr> {
    let names = places.iter().map(|(place, _)| place.as_str());
    let rows = Entity::find().filter(Column::Target.eq(target)).filter(Column::Place.is_in(names)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.place, row.content)).collect())
}
