//! Data value sets as they are written on the wire, before any identifier is looked up.

mod adx;
mod csv;
mod json;
mod xml;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;

use bytes::Bytes;
use serde::Deserialize;

use super::config::Engine;

/// One import request.
#[derive(Debug, Default)]
pub(super) struct Payload<'a> {
    pub(super) groups: Vec<Group<'a>>,
    /// Whether identifiers default to codes, as documented for ADX `[D]`.
    pub(super) defaults_to_code: bool,
}

/// Values under one envelope.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Group<'a> {
    #[serde(borrow)]
    pub(super) data_set: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) period: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) org_unit: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) attribute_option_combo: Option<Combo<'a>>,
    #[serde(borrow)]
    pub(super) complete_date: Option<Text<'a>>,
    pub(super) dry_run: Option<bool>,
    pub(super) id_scheme: Option<String>,
    pub(super) data_set_id_scheme: Option<String>,
    pub(super) data_element_id_scheme: Option<String>,
    pub(super) org_unit_id_scheme: Option<String>,
    pub(super) category_option_combo_id_scheme: Option<String>,
    pub(super) attribute_option_combo_id_scheme: Option<String>,
    pub(super) category_id_scheme: Option<String>,
    pub(super) category_option_id_scheme: Option<String>,
    pub(super) deletion: Option<Deletion>,
    #[serde(borrow)]
    pub(super) data_values: Vec<Incoming<'a>>,
}

/// One value.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Incoming<'a> {
    #[serde(borrow)]
    pub(super) data_element: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) period: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) org_unit: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) category_option_combo: Option<Combo<'a>>,
    #[serde(borrow)]
    pub(super) attribute_option_combo: Option<Combo<'a>>,
    #[serde(borrow)]
    pub(super) value: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) comment: Option<Text<'a>>,
    #[serde(alias = "followup")]
    pub(super) follow_up: Option<bool>,
    pub(super) deleted: Option<bool>,
    /// Engine A takes it for the name of the user, engine B drops it `[C]`.
    #[serde(borrow)]
    pub(super) stored_by: Option<Text<'a>>,
}

/// Engine B's scope that is removed before values are written.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Deletion {
    pub(super) org_units: Vec<String>,
    pub(super) periods: Vec<String>,
    pub(super) elements: Vec<DeletedElement>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeletedElement {
    pub(super) data_element: String,
    pub(super) category_option_combo: Option<String>,
    pub(super) attribute_option_combo: Option<String>,
}

/// A text; numbers and truth values are taken as what they look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text<'a>(pub(super) Cow<'a, str>);

/// An option combo by its identifier, or (engine B) by options of categories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Combo<'a> {
    Id(Cow<'a, str>),
    Options(BTreeMap<String, String>),
}

impl Text<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

fn owned(text: &str) -> Option<Text<'static>> {
    (!text.is_empty()).then(|| Text(Cow::Owned(text.to_owned())))
}

fn owned_combo(text: &str) -> Option<Combo<'static>> {
    (!text.is_empty()).then(|| Combo::Id(Cow::Owned(text.to_owned())))
}

/// Why a body was not read.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// 415.
    MediaType,
    /// The body is not what its type says.
    Malformed(String),
}

/// Reads a body by its media type: JSON, XML, `application/csv` (not `text/csv`) and ADX `[C]`.
pub(super) fn read<'a>(engine: Engine, media_type: &str, body: &'a [u8]) -> Result<Payload<'a>, Unreadable> {
    match media_type {
        "application/json" => json::read(body),
        "application/xml" => xml::read(body),
        "application/csv" => csv::read(engine, body),
        "application/adx+xml" | "application/xml+adx" => adx::read(engine, body),
        _ => Err(Unreadable::MediaType),
    }
    .map_err(|unreadable| match unreadable {
        Unreadable::Malformed(problem) => Unreadable::Malformed(problem.chars().take(300).collect()),
        Unreadable::MediaType => Unreadable::MediaType,
    })
}

/// Unpacks a gzip body, whether announced or recognised `[C]`.
pub(super) fn unpacked(body: Bytes) -> Bytes {
    if !body.starts_with(&[0x1F, 0x8B]) {
        return body;
    }
    let mut plain = Vec::new();
    match flate2::read::MultiGzDecoder::new(body.as_ref()).read_to_end(&mut plain) {
        Ok(_) => plain.into(),
        Err(_) => body,
    }
}
