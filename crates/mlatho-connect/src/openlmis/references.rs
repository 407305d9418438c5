//! What requisitions and orders point at: facilities, periods, templates, reasons, and each product in the very version of
//! the line.

use std::collections::{BTreeMap, BTreeSet};

use futures::stream::{self, StreamExt, TryStreamExt};
use mlatho_model::Finding;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::{Client, OpenlmisError};
use crate::http::write_list;

/// Requests under way at once.
const AT_ONCE: usize = 4;

/// The lists of a document, in the order of writing, and the path of one object of each.
const LISTS: [(&str, &str); 7] = [
    ("programs", "api/programs"),
    ("facilities", "api/facilities"),
    ("processingPeriods", "api/processingPeriods"),
    ("requisitionTemplates", "api/requisitionTemplates"),
    ("orderables", "api/orderables"),
    ("facilityTypeApprovedProducts", "api/facilityTypeApprovedProducts"),
    ("stockCardLineItemReasons", "api/stockCardLineItemReasons"),
];
/// Lists of objects that have versions.
const VERSIONED: [usize; 2] = [4, 5];

/// One object: its list, its id, and its version where it has versions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    list: usize,
    id: String,
    version: Option<u64>,
}

/// Objects that were read, each as it came; nothing for one that is not there or may not be seen.
#[derive(Debug, Default)]
pub(super) struct References(BTreeMap<Key, Option<Box<RawValue>>>);

#[derive(Debug, Default, Deserialize)]
struct Reference {
    id: Option<String>,
    #[serde(rename = "versionNumber")]
    version: Option<u64>,
}

/// A template that says no more than its id.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Template {
    id: Option<String>,
    columns_map: Option<IgnoredAny>,
}

/// What a requisition points at.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Pointers {
    program: Option<Reference>,
    facility: Option<Reference>,
    processing_period: Option<Reference>,
    template: Option<Template>,
    requisition_line_items: Vec<LinePointers>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct LinePointers {
    orderable: Option<Reference>,
    approved_product: Option<Reference>,
}

/// What these requisitions point at.
pub(super) fn needed(requisitions: &[Box<RawValue>]) -> BTreeSet<Key> {
    let mut keys = BTreeSet::new();
    let mut point = |list: usize, reference: Option<Reference>| {
        let Some(Reference { id: Some(id), version }) = reference else { return };
        keys.insert(Key { list, id, version: version.filter(|_| VERSIONED.contains(&list)) });
    };
    for requisition in requisitions {
        let Ok(pointers) = serde_json::from_str::<Pointers>(requisition.get()) else { continue };
        point(0, pointers.program);
        point(1, pointers.facility);
        point(2, pointers.processing_period);
        let template = pointers.template.filter(|template| template.columns_map.is_none());
        point(3, template.map(|template| Reference { id: template.id, version: None }));
        for line in pointers.requisition_line_items {
            point(4, line.orderable);
            point(5, line.approved_product);
        }
    }
    keys
}

/// What an order points at; it writes some of it out itself.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct OrderPointers {
    program: Option<Written>,
    requesting_facility: Option<Written>,
    processing_period: Option<Written>,
    order_line_items: Vec<OrderLine>,
    shipments: Vec<Part>,
    proofs_of_delivery: Vec<Part>,
}

/// An object that is written out, or no more than its id.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Written {
    id: Option<String>,
    version_number: Option<u64>,
    code: Option<IgnoredAny>,
    product_code: Option<IgnoredAny>,
    start_date: Option<IgnoredAny>,
}

impl Written {
    fn is_whole(&self) -> bool {
        self.code.is_some() || self.product_code.is_some() || self.start_date.is_some()
    }
}

/// A shipment, or a proof of delivery.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Part {
    line_items: Vec<OrderLine>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct OrderLine {
    orderable: Option<Written>,
    rejection_reason_id: Option<String>,
}

/// What these orders point at, with their shipments and proofs of delivery.
pub(super) fn needed_by_orders(orders: &[Box<RawValue>]) -> BTreeSet<Key> {
    let mut keys = BTreeSet::new();
    let mut point = |list: usize, object: Option<Written>| {
        let Some(object) = object.filter(|object| !object.is_whole()) else { return };
        let version = object.version_number.filter(|_| VERSIONED.contains(&list));
        keys.extend(object.id.map(|id| Key { list, id, version }));
    };
    for order in orders {
        let Ok(pointers) = serde_json::from_str::<OrderPointers>(order.get()) else { continue };
        point(0, pointers.program);
        point(1, pointers.requesting_facility);
        point(2, pointers.processing_period);
        let parts = pointers.shipments.into_iter().chain(pointers.proofs_of_delivery);
        for line in parts.flat_map(|part| part.line_items).chain(pointers.order_line_items) {
            point(4, line.orderable);
            point(6, line.rejection_reason_id.map(|id| Written { id: Some(id), ..Written::default() }));
        }
    }
    keys
}

impl References {
    /// Reads what is not known yet. Findings tell of what cannot be had.
    pub(super) async fn read(&mut self, client: &Client, keys: &BTreeSet<Key>) -> Result<Vec<Finding>, OpenlmisError> {
        let wanted: Vec<Key> = keys.iter().filter(|key| !self.0.contains_key(key)).cloned().collect();
        let read = stream::iter(wanted).map(|key| async move {
            let object = client.referenced(&key).await?;
            Ok::<_, OpenlmisError>((key, object))
        });
        let read: Vec<(Key, Option<Box<RawValue>>)> = read.buffered(AT_ONCE).try_collect().await?;
        let mut findings = Vec::new();
        for (key, object) in read {
            if object.is_none() {
                let list = LISTS.get(key.list).map_or("", |(list, _)| list);
                let id = key.version.map_or_else(|| key.id.clone(), |version| format!("{} version {version}", key.id));
                findings.push(Finding::warning("openlmis-reference-missing").with("list", list).with("id", id));
            }
            self.0.insert(key, object);
        }
        Ok(findings)
    }

    /// A document: the lists that are pointed at, then the requisitions or orders, every object as it came.
    pub(super) fn document(&self, keys: &BTreeSet<Key>, name: &str, objects: &[Box<RawValue>]) -> Vec<u8> {
        let mut document = Vec::from(*b"{");
        for (number, (list, _)) in LISTS.iter().enumerate() {
            let of_list = keys.iter().filter(|key| key.list == number);
            let pointed: Vec<&RawValue> = of_list.filter_map(|key| self.0.get(key)?.as_deref()).collect();
            write_list(&mut document, list, pointed.into_iter());
            document.push(b',');
        }
        write_list(&mut document, name, objects.iter().map(AsRef::as_ref));
        document.extend_from_slice(b"}\n");
        document
    }
}

impl Client {
    async fn referenced(&self, key: &Key) -> Result<Option<Box<RawValue>>, OpenlmisError> {
        let Some((_, path)) = LISTS.get(key.list) else { return Ok(None) };
        let path = format!("{path}/{}", key.id);
        let version = key.version.map(|version| version.to_string());
        let query: Vec<(&str, &str)> = version.iter().map(|version| ("versionNumber", version.as_str())).collect();
        match self.get(&path, &query).await {
            Ok(reply) => raw(&path, &reply.body).map(Some),
            Err(OpenlmisError::NotFound { .. } | OpenlmisError::Forbidden { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// What every object has.
#[derive(Deserialize)]
struct HasId {
    #[expect(dead_code, reason = "it only has to be there")]
    id: String,
}

/// A document that is one object.
pub(super) fn raw(path: &str, body: &[u8]) -> Result<Box<RawValue>, OpenlmisError> {
    let problem = |problem: String| OpenlmisError::Answer { path: path.into(), problem };
    let object: Box<RawValue> = serde_json::from_slice(body).map_err(|error| problem(error.to_string()))?;
    match serde_json::from_str::<HasId>(object.get()) {
        Ok(_) => Ok(object),
        Err(error) => Err(problem(error.to_string())),
    }
}
