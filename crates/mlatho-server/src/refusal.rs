//! Pages that say what was not found or failed. They show nothing of what lies behind.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use mlatho_text::{Language, Texts};

/// An answer that is not what was asked for.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    html: String,
}

/// A rule that does exist.
pub(crate) struct Way {
    pub(crate) href: String,
    pub(crate) name: String,
}

#[derive(Template)]
#[template(path = "refusal.html")]
struct Page<'a> {
    language: Language,
    title: &'a str,
    message: &'a str,
    ways: &'a [Way],
    home: &'a str,
    home_text: &'a str,
}

impl Refusal {
    /// A page with the texts `<key>-title` and `<key>`, and the ways that lead on.
    pub(crate) fn new(status: StatusCode, key: &str, texts: &Texts, home: &str, ways: &[Way]) -> Self {
        let (title, message) = (texts.say(&format!("{key}-title"), &[]), texts.say(key, &[]));
        let home_text = texts.say("pages-home", &[]);
        let language = texts.language();
        let page = Page { language, title: &title, message: &message, ways, home, home_text: &home_text };
        Self { status, html: page.render().unwrap_or(message) }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Html(self.html)).into_response()
    }
}
