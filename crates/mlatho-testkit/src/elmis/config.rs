//! What the double pretends to be.

use std::collections::BTreeSet;

/// Someone who may sign in, by Basic and to a session.
#[derive(Clone, Debug)]
pub struct Account {
    pub user: String,
    pub password: String,
    /// Ids of the facilities whose requisitions the account may see; none: all.
    pub facilities: Option<BTreeSet<u64>>,
    /// Rights that the account lacks: `CREATE_REQUISITION` for those that were begun, `AUTHORIZE_REQUISITION` for submitted
    /// ones, `APPROVE_REQUISITION` for authorized ones.
    pub lacks: BTreeSet<String>,
}

impl Account {
    /// An account that sees everything.
    #[must_use]
    pub fn new(user: &str, password: &str) -> Self {
        Self { user: user.into(), password: password.into(), facilities: None, lacks: BTreeSet::new() }
    }

    /// Lets the account see only these facilities.
    #[must_use]
    pub fn seeing(mut self, facilities: impl IntoIterator<Item = u64>) -> Self {
        self.facilities = Some(facilities.into_iter().collect());
        self
    }

    /// Takes a right from the account.
    #[must_use]
    pub fn lacking(mut self, right: &str) -> Self {
        self.lacks.insert(right.into());
        self
    }

    pub(super) fn sees(&self, facility: u64) -> bool {
        self.facilities.as_ref().is_none_or(|seen| seen.contains(&facility))
    }
}

/// Everything about the server but its data.
#[derive(Clone, Debug)]
pub struct Config {
    pub accounts: Vec<Account>,
    /// Empty, or `/elmis`.
    pub context_path: String,
    /// A session has ended after so many requests; none: never.
    pub requests_per_session: Option<usize>,
    /// Whether requests of an ended session get the page to sign in with 200, not a redirect to it.
    pub page_for_ended_sessions: bool,
    /// Whether the installed version has the REST stock status.
    pub offers_stock_status: bool,
    /// Columns that the form does not show, or does not take from persons: what is sent in them is passed over.
    pub not_in_form: BTreeSet<String>,
    /// Hours that the server's clock is east of Greenwich: its dates are midnights there.
    pub hours_east: i64,
}

impl Config {
    /// A server at the root of its host, two hours east, whose sessions do not end.
    #[must_use]
    pub fn new(accounts: Vec<Account>) -> Self {
        Self {
            accounts,
            context_path: String::new(),
            requests_per_session: None,
            page_for_ended_sessions: false,
            offers_stock_status: true,
            not_in_form: BTreeSet::new(),
            hours_east: 2,
        }
    }
}
