//! What the double pretends to be.

use std::collections::{BTreeMap, BTreeSet};

/// Someone who may sign in.
#[derive(Clone, Debug)]
pub struct Account {
    pub user: String,
    pub password: String,
    /// Ids of the entities whose inventory the account may see; none: all.
    pub entities: Option<BTreeSet<u64>>,
}

impl Account {
    /// An account that sees everything.
    #[must_use]
    pub fn new(user: &str, password: &str) -> Self {
        Self { user: user.into(), password: password.into(), entities: None }
    }

    /// Lets the account see the inventory of these entities only.
    #[must_use]
    pub fn seeing(mut self, entities: impl IntoIterator<Item = u64>) -> Self {
        self.entities = Some(entities.into_iter().collect());
        self
    }

    pub(super) fn sees(&self, entity: u64) -> bool {
        self.entities.as_ref().is_none_or(|seen| seen.contains(&entity))
    }
}

/// Everything about the server but its data.
#[derive(Clone, Debug)]
pub struct Config {
    pub accounts: Vec<Account>,
    /// Empty, or `/supply`.
    pub context_path: String,
    /// A token is expired after so many requests; none: never.
    pub requests_per_token: Option<usize>,
    /// Largest page that is given, whatever was asked for.
    pub most_in_page: usize,
    /// Whether lists of inventory say how long they are; else they say −1.
    pub counts_inventory: bool,
    /// How often an export is asked for before it is ready: first it waits in the queue, unseen, then it is under way.
    pub polls_until_ready: usize,
    /// Why exports fail, if they do.
    pub exports_fail: Option<String>,
    /// Headers of exports in the language of the account, by their English name.
    pub headers: BTreeMap<String, String>,
}

impl Config {
    /// A server at the root of its host, with English headers, whose exports are not ready twice.
    #[must_use]
    pub fn new(accounts: Vec<Account>) -> Self {
        Self {
            accounts,
            context_path: String::new(),
            requests_per_token: None,
            most_in_page: 1000,
            counts_inventory: false,
            polls_until_ready: 2,
            exports_fail: None,
            headers: BTreeMap::new(),
        }
    }

    /// Headers in Kiswahili.
    #[must_use]
    pub fn with_swahili_headers(mut self) -> Self {
        let names = [
            ("Entity ID", "Kitambulisho cha kituo"),
            ("Custom Entity ID", "Kitambulisho maalum cha kituo"),
            ("Entity name", "Jina la kituo"),
            ("Material ID", "Kitambulisho cha bidhaa"),
            ("Custom Material ID", "Kitambulisho maalum cha bidhaa"),
            ("Material name", "Jina la bidhaa"),
            ("Type", "Aina"),
            ("Quantity", "Kiasi"),
            ("Opening stock", "Akiba ya mwanzo"),
            ("Closing stock", "Akiba ya mwisho"),
            ("Reason", "Sababu"),
            ("Time", "Muda"),
            ("Actual date", "Tarehe halisi"),
        ];
        self.headers = names.map(|(english, own)| (english.to_owned(), own.to_owned())).into();
        self
    }
}
