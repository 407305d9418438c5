//! Lists in explicit pages.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{Client, OpenlmisError};

/// Walks over a list that shrinks while it is read, before it is given up.
const WALKS: u32 = 5;

/// The objects of a list, each as it was read; and the server's time before the first page.
#[derive(Debug)]
pub(super) struct Listed<T> {
    /// What is wrong with an object that could not be read.
    pub(super) objects: Vec<Result<T, serde_json::Error>>,
    pub(super) date: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    content: Vec<Box<RawValue>>,
    total_elements: u64,
}

enum Answer {
    Page(Page),
    Bare(Vec<Box<RawValue>>),
}

#[derive(Deserialize)]
struct HasId {
    id: Option<String>,
}

impl Client {
    /// Every object of a list, page by page, each read for itself. An object that comes twice, for others came before it meanwhile, is kept
    /// once. A list that shrank is read again, for then an object may have moved to a page that was read already.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Listed<T>, OpenlmisError> {
        for _ in 0..WALKS {
            if let Some(listed) = self.walk(path, query).await? {
                return Ok(listed);
            }
        }
        let problem = "the list keeps changing while it is read".to_owned();
        Err(OpenlmisError::Answer { path: path.into(), problem })
    }

    async fn walk<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<Option<Listed<T>>, OpenlmisError> {
        let size = self.page_size.to_string();
        let mut listed = Listed { objects: Vec::new(), date: None };
        let (mut seen, mut read, mut total) = (HashSet::new(), 0u64, 0u64);
        for number in 0u64.. {
            let page = number.to_string();
            let mut parameters = query.to_vec();
            parameters.extend([("page", page.as_str()), ("size", &size)]);
            let reply = self.get(path, &parameters).await?;
            listed.date = listed.date.or_else(|| reply.date());
            let page = match answer(path, &reply.body)? {
                Answer::Page(page) => page,
                Answer::Bare(objects) => {
                    listed.objects = objects.iter().map(|object| serde_json::from_str(object.get())).collect();
                    return Ok(Some(listed));
                }
            };
            if page.total_elements < total {
                return Ok(None);
            }
            total = page.total_elements;
            read += page.content.len() as u64;
            let last = page.content.is_empty() || read >= total;
            for object in page.content {
                let id = serde_json::from_str::<HasId>(object.get()).ok().and_then(|object| object.id);
                if id.is_none_or(|id| seen.insert(id)) {
                    listed.objects.push(serde_json::from_str(object.get()));
                }
            }
            if last {
                break;
            }
        }
        Ok((read >= total).then_some(listed))
    }
}

/// A page with its envelope, or a bare array, as older services give it.
fn answer(path: &str, body: &[u8]) -> Result<Answer, OpenlmisError> {
    let read = if body.trim_ascii_start().first() == Some(&b'[') {
        serde_json::from_slice(body).map(Answer::Bare)
    } else {
        serde_json::from_slice(body).map(Answer::Page)
    };
    read.map_err(|error| OpenlmisError::Answer { path: path.into(), problem: error.to_string() })
}
