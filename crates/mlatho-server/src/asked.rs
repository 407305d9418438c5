//! What a reader asks for.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use mlatho_text::Language;
use url::form_urlencoded;

use crate::Pages;

/// The query and the language of a request. Whatever else stands in the query is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) rule: Option<String>,
    pub(crate) org_unit: Option<String>,
    pub(crate) language: Language,
    /// The language was asked for in the query, so that links go on asking for it.
    pub(crate) keeps_language: bool,
}

impl Asked {
    fn new(query: &str, headers: &HeaderMap, otherwise: Language) -> Self {
        let mut asked = Self::default();
        let mut chosen = None;
        for (name, value) in form_urlencoded::parse(query.as_bytes()).filter(|(_, value)| !value.trim().is_empty()) {
            let value = value.trim();
            match name.as_ref() {
                "rule" => asked.rule = Some(value.to_owned()),
                "ou" => asked.org_unit = Some(value.to_owned()),
                "lang" => chosen = value.parse().ok(),
                _ => {}
            }
        }
        asked.keeps_language = chosen.is_some();
        asked.language = chosen.or_else(|| preferred(headers)).unwrap_or(otherwise);
        asked
    }

    /// A query in this reader's language: `?rule=…&ou=…&lang=…`, each only where there is one.
    pub(crate) fn query(&self, rule: Option<&str>, org_unit: Option<&str>) -> String {
        let language = self.keeps_language.then(|| self.language.code());
        let parts = [("rule", rule), ("ou", org_unit), ("lang", language)];
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in parts {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }

    /// The same page in another language.
    pub(crate) fn in_language(&self, language: Language) -> String {
        let other = Self { language, keeps_language: true, ..self.clone() };
        other.query(self.rule.as_deref(), self.org_unit.as_deref())
    }
}

/// The language of the catalogue that `Accept-Language` ranks highest.
fn preferred(headers: &HeaderMap) -> Option<Language> {
    let mut best: Option<(f32, Language)> = None;
    for range in headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?.split(',') {
        let (tag, weight) = range.split_once(";q=").unwrap_or((range, "1"));
        let weight: f32 = weight.trim().parse().unwrap_or(0.0);
        if let Ok(language) = tag.trim().parse()
            && weight > best.map_or(0.0, |(best, _)| best)
        {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

impl FromRequestParts<Arc<Pages>> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, pages: &Arc<Pages>) -> Result<Self, Infallible> {
        Ok(Self::new(parts.uri.query().unwrap_or_default(), &parts.headers, pages.language()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(query: &str, accept: &str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
        Asked::new(query, &headers, Language::Sw).language
    }

    #[test]
    fn the_query_is_heard_before_the_browser_and_that_before_the_project() {
        assert_eq!(language("lang=pt", "fr"), Language::Pt);
        assert_eq!(language("", "de-DE, fr-CI;q=0.7, en;q=0.8"), Language::En);
        assert_eq!(language("", "fr-CI,en"), Language::Fr);
        assert_eq!(language("lang=klingon", "fr;q=0, de"), Language::Sw);
        assert_eq!(language("lang=", "*"), Language::Sw);
    }

    #[test]
    fn links_keep_what_was_asked_for() {
        let asked = Asked::new("rule=a%20b&ou=&x=1&lang=fr", &HeaderMap::new(), Language::En);
        assert_eq!((asked.rule.as_deref(), asked.org_unit.as_deref()), (Some("a b"), None));
        assert_eq!(asked.query(Some("a&b"), Some("é")), "?rule=a%26b&ou=%C3%A9&lang=fr");
        assert_eq!(asked.in_language(Language::Pt), "?rule=a+b&lang=pt");
        assert_eq!(Asked::default().query(None, None), "");
    }
}
