//! The catalogue is whole: every language says everything, with the same placeholders, and every code has a text.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use mlatho_model::{Arg, Decimal};
use mlatho_text::{Language, Texts};

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().into()
}

/// Key to placeholders. A key may stand once only.
fn catalogue(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys = BTreeMap::new();
    let folder = crates().join("mlatho-text/locales").join(language.code());
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let resource = fluent_bundle::FluentResource::try_new(text.clone());
        assert!(resource.is_ok(), "{}: {:?}", path.display(), resource.err().map(|(_, errors)| errors));
        let mut key = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            if !line.starts_with(' ') && !line.starts_with('}') {
                line.split_once(" =").unwrap().0.clone_into(&mut key);
                assert!(keys.insert(key.clone(), BTreeSet::new()).is_none(), "{}: {key} twice", path.display());
            }
            let names = line.split('$').skip(1).map(|rest| {
                rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '-').collect::<String>()
            });
            keys.get_mut(&key).unwrap().extend(names);
        }
    }
    keys
}

#[test]
fn every_language_says_the_same() {
    let english = catalogue(Language::En);
    for language in Language::ALL {
        let other = catalogue(language);
        for (key, placeholders) in &english {
            assert_eq!(Some(placeholders), other.get(key), "{language}: {key}");
        }
        assert_eq!(english.len(), other.len(), "{language} has keys that English lacks");
    }
}

/// Rust sources of the workspace, tests left out.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" && name != "target" {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && name != "tests.rs" {
            found.push(path);
        }
    }
}

#[test]
fn every_finding_has_its_text() {
    let english = catalogue(Language::En);
    let mut files = Vec::new();
    sources(&crates(), &mut files);
    let mut codes = 0;
    let mut absent = BTreeSet::new();
    for path in files.iter().filter(|path| !path.starts_with(crates().join("mlatho-model"))) {
        let text = fs::read_to_string(path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for severity in ["error", "warning", "info"] {
            for rest in text.split(&format!("Finding::{severity}(\"")).skip(1) {
                let code = rest.split('"').next().unwrap();
                codes += 1;
                if !english.contains_key(&format!("finding-{code}")) {
                    absent.insert(format!("{}: finding-{code}", path.display()));
                }
            }
        }
    }
    assert!(codes > 10, "the sources were not found");
    assert!(absent.is_empty(), "findings without a text: {absent:#?}");
}

#[test]
fn placeholders_are_filled_and_unknown_keys_shown() {
    let texts = Texts::new(Language::Fr);
    assert_eq!(texts.say("cli-row", &[("row", Arg::from(7u64))]), "ligne 7");
    assert!(texts.say("cli-more-findings", &[("count", Arg::from(1234u64))]).contains("1\u{202f}234"));
    assert_eq!(texts.say("no-such-key", &[("a", Arg::Number(Decimal::ONE))]), "no-such-key");
    // No isolation marks around what is filled in, and no digit more or fewer than the number has.
    assert_eq!(Texts::new(Language::Pt).say("cli-row", &[("row", Arg::Number(Decimal::new(70, 1)))]), "linha 7,0");
}

#[test]
fn a_locale_names_its_language() {
    for (text, language) in [
        ("en", Language::En),
        ("fr-CI", Language::Fr),
        ("pt_MZ.UTF-8", Language::Pt),
        ("SW", Language::Sw),
        ("sw@latin", Language::Sw),
    ] {
        assert_eq!(text.parse(), Ok(language), "{text}");
    }
    for text in ["", "C.UTF-8", "french", "ny"] {
        assert!(text.parse::<Language>().is_err(), "{text}");
    }
}
