//! What the double pretends to be.

use std::collections::BTreeSet;

use jiff::civil::DateTime;

/// Someone who may sign in.
#[derive(Clone, Debug)]
pub struct Account {
    pub user: String,
    pub password: String,
    /// A key that is a token without an end.
    pub api_key: Option<String>,
    /// Ids of the facilities whose requisitions, stock and orders the account may see; none: all.
    pub facilities: Option<BTreeSet<String>>,
    /// Rights that the account lacks: `REQUISITION_CREATE` for drafts, `REQUISITION_AUTHORIZE` for submitted requisitions,
    /// `REQUISITION_APPROVE` for authorized ones.
    pub lacks: BTreeSet<String>,
}

impl Account {
    /// An account that sees everything.
    #[must_use]
    pub fn new(user: &str, password: &str) -> Self {
        Self { user: user.into(), password: password.into(), api_key: None, facilities: None, lacks: BTreeSet::new() }
    }

    /// Gives the account a key.
    #[must_use]
    pub fn with_api_key(mut self, key: &str) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Lets the account see only these facilities.
    #[must_use]
    pub fn seeing<'a>(mut self, facilities: impl IntoIterator<Item = &'a str>) -> Self {
        self.facilities = Some(facilities.into_iter().map(str::to_owned).collect());
        self
    }

    /// Takes a right from the account.
    #[must_use]
    pub fn lacking(mut self, right: &str) -> Self {
        self.lacks.insert(right.into());
        self
    }

    pub(super) fn sees(&self, facility: &str) -> bool {
        self.facilities.as_ref().is_none_or(|seen| seen.contains(facility))
    }
}

/// Everything about the server but its data.
#[derive(Clone, Debug)]
pub struct Config {
    /// Client id and secret that ask for tokens.
    pub client: (String, String),
    pub accounts: Vec<Account>,
    /// Empty, or `/lmis`.
    pub context_path: String,
    /// A token is expired after so many requests; none: never. Keys do not expire.
    pub requests_per_token: Option<usize>,
    /// Lists that come as bare arrays, as from older services: `/api/programs`.
    pub bare_lists: BTreeSet<String>,
    /// Whether accounts with limited sight get shorter lists of facilities too.
    pub hides_facilities: bool,
    /// Bodies larger than this get the proxy's 413.
    pub max_body: Option<usize>,
    /// The server's time; it moves on by a second with each write.
    pub now: DateTime,
}

impl Config {
    /// A server at the root of its host with the client `user-client` and secret `changeme`, its clock at 2026-08-01
    /// 12:00, where schedules, programs and levels are bare arrays.
    #[must_use]
    pub fn new(accounts: Vec<Account>) -> Self {
        let bare = ["/api/programs", "/api/geographicLevels", "/api/facilities/minimal"];
        Self {
            client: ("user-client".into(), "changeme".into()),
            accounts,
            context_path: String::new(),
            requests_per_token: None,
            bare_lists: bare.map(str::to_owned).into(),
            hides_facilities: true,
            max_body: None,
            now: jiff::civil::date(2026, 8, 1).at(12, 0, 0, 0),
        }
    }
}
