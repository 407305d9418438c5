#![doc = include_str!("../README.md")]

mod date;
mod language;
mod number;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use mlatho_model::{Arg, Finding};

pub use language::{BadLanguage, Language};
pub use number::shown;

/// Language and text of every catalogue file.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// The texts of one language, with English behind them.
pub struct Texts {
    language: Language,
    bundles: Vec<FluentBundle<FluentResource>>,
}

impl Texts {
    /// The texts of a language.
    #[must_use]
    pub fn new(language: Language) -> Self {
        let mut bundles = vec![bundle(language)];
        if language != Language::En {
            bundles.push(bundle(Language::En));
        }
        Self { language, bundles }
    }

    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The text of a key with its placeholders filled; numbers are written as the language writes them.
    ///
    /// A key that no catalogue has is shown as it is: ugly, but nothing is hidden.
    #[must_use]
    pub fn say(&self, key: &str, args: &[(&str, Arg)]) -> String {
        let mut values = FluentArgs::new();
        for (name, arg) in args {
            values.set(*name, self.value(arg));
        }
        for bundle in &self.bundles {
            if let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) {
                // An error is a placeholder without an argument; Fluent then shows its name.
                let mut errors = Vec::new();
                return bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
            }
        }
        key.to_owned()
    }

    /// What a finding says to a person: the text `finding-<code>` with the finding's arguments.
    #[must_use]
    pub fn finding(&self, finding: &Finding) -> String {
        self.say(&format!("finding-{}", finding.code), &finding.args)
    }

    fn value<'a>(&self, arg: &'a Arg) -> FluentValue<'a> {
        match arg {
            Arg::Text(text) => FluentValue::from(&**text),
            // Fluent chooses plural forms by numbers but writes them without separators: it gets those that need none.
            Arg::Number(number) => match u16::try_from(*number) {
                Ok(whole) if number.scale() == 0 && whole < 1000 => FluentValue::from(whole),
                _ => FluentValue::from(shown(*number, self.language)),
            },
        }
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
    bundle.set_use_isolating(false);
    for (_, text) in FILES.iter().filter(|(name, _)| *name == language.code()) {
        // A file with faults still gives its sound messages; a test allows no faults.
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_follow_the_language() {
        let said = |language: Language, number: &str| {
            let text = "days = { $n ->\n    [one] one:{ $n }\n   *[other] other:{ $n }\n}\n";
            let mut texts = Texts::new(language);
            texts.bundles[0].add_resource(FluentResource::try_new(text.into()).unwrap()).unwrap();
            texts.say("days", &[("n", Arg::Number(number.parse().unwrap()))])
        };
        assert_eq!([said(Language::En, "0"), said(Language::En, "1")], ["other:0", "one:1"]);
        assert_eq!([said(Language::Fr, "0"), said(Language::Fr, "1")], ["one:0", "one:1"]);
        assert_eq!([said(Language::Sw, "1"), said(Language::Sw, "-1")], ["one:1", "other:−1"]);
        assert_eq!(said(Language::En, "1.0"), "other:1.0"); // “1.0 days”
        assert_eq!(said(Language::Fr, "1234.5"), "other:1\u{202f}234,5");
        assert_eq!(said(Language::Pt, "1234"), "other:1.234");
    }
}
