//! Who is asking: by Basic, or in a session that ends.

use std::collections::HashMap;

use axum::http::HeaderValue;
use axum::response::Response;

use super::config::{Account, Config};
use crate::http::{AuthKind, auth_kind, base64, html, pairs};

pub(super) const LOGIN_PAGE: &str = "<!DOCTYPE html><html><head><title>eLMIS</title></head><body><form action=\"j_spring_security_check\"></form></body></html>";

/// Sessions that were opened, each with its account and the requests that it was good for.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    open: HashMap<String, (usize, usize)>,
    count: usize,
}

impl Sessions {
    /// `POST /j_spring_security_check` with a form. Both outcomes are redirects: only the place says which it is.
    pub(super) fn sign_in(&mut self, config: &Config, form: &str) -> Response {
        let form = pairs(form);
        let field = |name: &str| form.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
        let (user, password) = (field("j_username"), field("j_password"));
        let known = |account: &Account| Some(&*account.user) == user && Some(&*account.password) == password;
        let Some(account) = config.accounts.iter().position(known) else {
            return redirect(&format!("{}/public/pages/login.html?error=true", config.context_path));
        };
        self.count += 1;
        let session = format!("{:032X}", 0x5E55_1000 + self.count);
        let mut reply = redirect(&format!("{}/", config.context_path));
        if let Ok(cookie) = HeaderValue::from_str(&format!("JSESSIONID={session}; Path=/; HttpOnly")) {
            reply.headers_mut().append("set-cookie", cookie);
        }
        self.open.insert(session, (account, 0));
        reply
    }

    /// The account of a session, or the way to sign in.
    pub(super) fn account(&mut self, config: &Config, cookie: Option<&str>) -> Result<Account, Box<Response>> {
        let session =
            cookie.and_then(|cookie| cookie.split(';').find_map(|one| one.trim().strip_prefix("JSESSIONID=")));
        let known = session.and_then(|session| self.open.get_mut(session));
        let open = known.and_then(|(account, used)| {
            *used += 1;
            let ended = config.requests_per_session.is_some_and(|most| *used > most);
            if ended { None } else { config.accounts.get(*account) }
        });
        open.cloned().ok_or_else(|| Box::new(ended(config)))
    }

    /// Ends every session that was opened.
    pub(super) fn end_all(&mut self) {
        self.open.clear();
    }

    /// How many sessions were opened.
    pub(super) fn count(&self) -> usize {
        self.count
    }
}

/// What someone without a session gets.
pub(super) fn ended(config: &Config) -> Response {
    if config.page_for_ended_sessions {
        html(200, LOGIN_PAGE)
    } else {
        redirect(&format!("{}/public/pages/login.html", config.context_path))
    }
}

fn redirect(target: &str) -> Response {
    let mut reply = html(302, "");
    if let Ok(target) = HeaderValue::from_str(target) {
        reply.headers_mut().insert("location", target);
    }
    reply
}

/// The account that signs by Basic.
pub(super) fn basic(config: &Config, header: Option<&str>) -> Option<Account> {
    let secret = header.and_then(|text| text.split_once(' ')).map_or("", |(_, secret)| secret.trim());
    let decoded = (auth_kind(header) == AuthKind::Basic).then(|| base64(secret))??;
    let (user, password) = decoded.split_once(':')?;
    config.accounts.iter().find(|account| account.user == user && account.password == password).cloned()
}
