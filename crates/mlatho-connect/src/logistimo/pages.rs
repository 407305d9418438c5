//! Lists in explicit pages.

use std::collections::{BTreeMap, HashSet};

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::map::Page;
use super::{Client, LogistimoError};
use crate::http::{Expect, Read, answer, part};

/// Walks over a list that shrinks while it is read, before it is given up.
const WALKS: u32 = 5;

impl Client {
    /// Every object of a list. One that comes twice, for others came before it meanwhile, is kept once; `keys` tell
    /// them apart. A list that shrank is read again, for then an object may have moved to a page that was read already.
    pub(super) async fn raw_list(&self, path: &str, keys: &[&str]) -> Result<Vec<Box<RawValue>>, LogistimoError> {
        for _ in 0..WALKS {
            if let Some(objects) = self.walk(path, keys).await? {
                return Ok(objects);
            }
        }
        Err(answer(path, "the list keeps changing while it is read"))
    }

    async fn walk(&self, path: &str, keys: &[&str]) -> Result<Option<Vec<Box<RawValue>>>, LogistimoError> {
        let size = self.page_size.to_string();
        let (mut objects, mut seen, mut read, mut total) = (Vec::new(), HashSet::new(), 0i64, -1);
        loop {
            let reply = self.get(path, &[("offset", &read.to_string()), ("size", &size)], Expect::Json).await?;
            let page: Page = serde_json::from_slice(&reply.body).map_err(|error| answer(path, &error.to_string()))?;
            let results = page.results.unwrap_or_default();
            if page.num_found >= 0 && page.num_found < total {
                return Ok(None);
            }
            total = page.num_found;
            read += i64::try_from(results.len()).unwrap_or(i64::MAX);
            // A server that does not count has no more to give when it gives nothing.
            let last = results.is_empty() || (total >= 0 && read >= total);
            objects.extend(results.into_iter().filter(|object| seen.insert(key(object, keys))));
            if last {
                return Ok((read >= total).then_some(objects));
            }
        }
    }

    /// As [`Client::raw_list`], each object read for itself: a bad one costs itself.
    pub(super) async fn list<T: DeserializeOwned>(&self, path: &str, keys: &[&str]) -> Result<Read<T>, LogistimoError> {
        let objects = self.raw_list(path, keys).await?;
        Ok(part(path, objects.into_iter().map(|object| serde_json::from_str(object.get()))))
    }
}

/// What tells an object from others: its keys as they came; where it has none, all of it.
fn key(object: &RawValue, keys: &[&str]) -> Vec<String> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(object.get()).unwrap_or_default();
    let found: Vec<String> = keys.iter().filter_map(|key| Some(fields.get(*key)?.get().to_owned())).collect();
    if found.len() == keys.len() { found } else { vec![object.get().to_owned()] }
}
