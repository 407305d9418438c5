//! What stands behind the sockets, and the way of a request through it.

use std::io;

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::{Value as Json, json};

use super::config::{Account, Config};
use super::data::Data;
use super::exports::Exports;
use super::tokens::{TOKEN, Tokens, refusal};
use crate::http::{Behind, Double, header, html, json as answer, pairs};

/// A running Logistimo.
pub type Server = Double<Logistimo>;

/// A Logistimo behind its sockets.
pub struct Logistimo {
    config: Config,
    data: Data,
    tokens: Tokens,
    exports: Exports,
}

impl Double<Logistimo> {
    /// Starts a server with this data.
    ///
    /// # Errors
    /// There is no free port, or no thread can be started.
    pub fn start(config: Config, data: Data) -> io::Result<Self> {
        Self::serve(Logistimo { config, data, tokens: Tokens::default(), exports: Exports::default() })
    }

    /// How many tokens were given out.
    #[must_use]
    pub fn tokens_given(&self) -> usize {
        self.behind(|own| own.tokens.count())
    }

    /// How many exports were begun.
    #[must_use]
    pub fn exports_begun(&self) -> usize {
        self.behind(|own| own.exports.count())
    }

    /// Changes what the server holds, as people and other programs do.
    pub fn change(&self, change: impl FnOnce(&mut Data)) {
        self.behind(|own| change(&mut own.data));
    }

    /// Looks at what the server holds.
    pub fn look<T>(&self, look: impl FnOnce(&Data) -> T) -> T {
        self.behind(|own| look(&own.data))
    }
}

impl Behind for Logistimo {
    const NAME: &'static str = "logistimo-double";

    fn context_path(&self) -> &str {
        &self.config.context_path
    }

    fn signs_in(&self, path: &str) -> bool {
        path.ends_with("/login")
    }

    fn refusal(&self, status: u16) -> Response {
        refusal(status, if status == 401 { "Authentication Required." } else { "The script says no" })
    }

    fn answer(&mut self, path: Option<&str>, parts: &Parts, body: &Bytes) -> Response {
        let Self { config, data, tokens, exports } = self;
        let Some(rest) = path.and_then(|path| path.strip_prefix("/s2/api/")) else {
            return html(200, "<!DOCTYPE html><html><head><title>Logistimo</title></head><body></body></html>");
        };
        if (parts.method.as_str(), rest) == ("POST", "mauth/login") {
            return tokens.sign_in(config, body);
        }
        let account = match tokens.account(config, header(&parts.headers, TOKEN)) {
            Ok(account) => account,
            Err(reply) => return *reply,
        };
        if parts.method != "GET" {
            return refusal(405, "Request method is not supported");
        }
        let query = parts.uri.query().map(pairs).unwrap_or_default();
        match rest.split('/').collect::<Vec<_>>().as_slice() {
            ["entities", ""] => {
                let all = data.entities.iter().map(Data::entity_json).collect();
                page(config, all, &query, true)
            }
            ["inventory", "entity", id] => inventory(config, data, &account, id, &query),
            ["export", "schedule", "batch"] => exports.schedule(config, data, &query),
            ["export", "exportjoblist"] => exports.list(config, &query),
            ["export", "download"] => exports.download(&query),
            _ => refusal(404, "Not found"),
        }
    }
}

fn inventory(config: &Config, data: &Data, account: &Account, id: &str, query: &[(String, String)]) -> Response {
    let Ok(id) = id.parse::<u64>() else { return refusal(400, "The entity is not a number") };
    if !account.sees(id) || !data.entities.iter().any(|entity| entity.id == id) {
        return refusal(403, "Permission denied");
    }
    let own = data.stocks.iter().filter(|stock| stock.entity == id);
    page(config, own.map(|stock| data.stock_json(stock)).collect(), query, config.counts_inventory)
}

pub(super) fn parameter<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
}

/// A page from an offset; 50 objects unless another size is asked for, and null where there is nothing.
fn page(config: &Config, all: Vec<Json>, query: &[(String, String)], counts: bool) -> Response {
    let number = |name: &str, default: usize| parameter(query, name).map_or(Ok(default), str::parse);
    let (Ok(offset), Ok(size)) = (number("offset", 0), number("size", 50)) else {
        return refusal(400, "offset and size are numbers");
    };
    let found = if counts { json!(all.len()) } else { json!(-1) };
    let results: Vec<Json> = all.into_iter().skip(offset).take(size.min(config.most_in_page)).collect();
    let length = results.len();
    let results = if length == 0 { Json::Null } else { Json::Array(results) };
    answer(200, &json!({"results": results, "cursor": null, "numFound": found, "offset": offset, "size": length}))
}
