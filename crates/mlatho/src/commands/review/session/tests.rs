use mlatho_text::{Language, Texts};
use serde_json::json;

use super::super::card::screen;
use super::*;

fn candidate(target: &str, name: &str, probability: f64) -> Candidate {
    Candidate {
        target: target.into(),
        target_name: name.into(),
        known: vec![("district".into(), "Amuka".into())],
        probability,
        decision: "review",
        evidence: json!([
            { "feature": "area", "finding": "amuka", "bits": 3.25 },
            { "feature": "name", "finding": "kasolwe", "bits": 9.5 },
            { "feature": "rivals-left", "finding": "other candidates of the left record", "bits": -0.75 },
        ]),
        proposed_factor: None,
        rejected: None,
    }
}

/// An org unit with two candidates and 30 records, an item with one and 60, an org unit without and 10.
fn cases() -> Vec<Case> {
    let case = |kind, code: &str, records, candidates| Case {
        kind,
        source: "lmis".into(),
        code: code.into(),
        name: format!("Name of {code}"),
        known: vec![("district".into(), "Amuka District".into()), ("type".into(), "HC III".into())],
        records,
        quantity: 5.into(),
        linked: None,
        candidates,
        doubt: 0.5,
    };
    let mut item = candidate("P1", "Artemether 20mg", 0.75);
    item.proposed_factor = Some("540: 30 strips of 18".into());
    let mut earlier = candidate("OU2", "Gelwa", 0.125);
    earlier.rejected = Some("other district".into());
    vec![
        case("org-unit", "S1", 30, vec![candidate("OU1", "Kasolwe", 0.875), earlier]),
        case("item", "D7", 60, vec![item]),
        case("org-unit", "S9", 10, vec![]),
    ]
}

fn now() -> Timestamp {
    "2026-11-29T13:00:00Z".parse().unwrap()
}

/// The screen as one text.
fn shown(session: &Session<'_>) -> String {
    let lines = screen(session, &Texts::new(Language::En), 100);
    lines.into_iter().map(|line| line.text + "\n").collect()
}

/// Presses keys, `\n` for Enter, `\u{1b}` for Esc, `\u{8}` for Backspace, and gives what would be saved, as the loop in
/// front of a terminal does.
fn pressed(session: &mut Session<'_>, keys: &str) -> Vec<Decision> {
    let mut saved = Vec::new();
    for letter in keys.chars() {
        let key = match letter {
            '\n' => Key::Enter,
            '\u{1b}' => Key::Escape,
            '\u{8}' => Key::Backspace,
            '↓' => Key::ArrowDown,
            '↑' => Key::ArrowUp,
            letter => Key::Char(letter),
        };
        if let Some(unsaved) = session.unsaved.clone().filter(|_| !session.takes_back(&key)) {
            saved.push(unsaved.decision);
            session.keep();
        }
        if session.press(&key, now()) == Flow::Leave {
            break;
        }
    }
    saved
}

/// What a decision says, in one line.
fn told(decision: &Decision) -> String {
    let link = &decision.link;
    let relation = link.relation.name();
    format!("{} {} {} {relation} {} {}", decision.verdict.name(), link.source_id, link.target, link.factor, link.reason)
}

#[test]
fn a_card_shows_both_records_and_why() {
    let cases = cases();
    let shown = shown(&Session::new(&cases, "me"));
    for part in [
        "Card 1 of 3 · 0 decided, 0 % of the records · about 0.0 expected to be wrong so far",
        "org unit of the source lmis · 30 records wait, quantity 5",
        "> 1  0.875  Kasolwe (OU1)",
        "  2  0.125  Gelwa (OU2)  rejected: other district",
        "Evidence in bits: name: kasolwe +9.5 · area: amuka +3.2 · other candidates of this code −0.8",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let row = |label: &str| shown.lines().find(|line| line.starts_with(label)).unwrap();
    assert!(row("district").contains("Amuka District") && row("district").ends_with("  Amuka"), "{shown}");
    assert!(row("Name").contains("Name of S1") && row("Name").ends_with("  Kasolwe"), "{shown}");
    assert!(row("type").contains("HC III"));
}

#[test]
fn a_decision_is_saved_by_the_key_after_it() {
    let cases = cases();
    let mut session = Session::new(&cases, "District officer");
    assert_eq!(pressed(&mut session, "1same place\n").len(), 0);
    let now_shown = shown(&session);
    assert!(now_shown.contains("S1 is OU1 · not saved yet"), "{now_shown}");
    assert!(now_shown.contains("Card 2 of 3 · 1 decided, 30 % of the records · about 0.1 expected"), "{now_shown}");
    let saved = pressed(&mut session, "s");
    assert_eq!(saved.iter().map(told).collect::<Vec<_>>(), ["accept S1 OU1 equal 1 same place"]);
    assert_eq!((&*saved[0].decided_by, saved[0].decided_at), ("District officer", now()));
    assert_eq!((&*saved[0].link.source_name, &*saved[0].link.target_name), ("Name of S1", "Kasolwe"));
    // The third card: none, with the reason that was given last.
    assert!(shown(&session).contains("Nothing in the project's list comes near."));
    let saved = pressed(&mut session, "n\nq");
    assert_eq!(saved.iter().map(told).collect::<Vec<_>>(), ["accept S9  none 1 same place"]);
    assert_eq!(session.saved, 2);
}

#[test]
fn the_last_decision_is_taken_back_before_it_is_saved() {
    let cases = cases();
    let mut session = Session::new(&cases, "me");
    assert_eq!(pressed(&mut session, "1same\nu").len(), 0);
    assert!(shown(&session).contains("Card 1 of 3 · 0 decided"));
    assert_eq!(pressed(&mut session, "u").len(), 0);
    assert!(shown(&session).contains("Nothing is left to undo"));
    assert_eq!(pressed(&mut session, "r1other\nu").len(), 0);
    assert!(!shown(&session).contains("rejected: other\n"));
    // Once another key was pressed it stands.
    assert_eq!(pressed(&mut session, "1\n?").len(), 1);
    assert_eq!(pressed(&mut session, " u").len(), 0);
    assert!(shown(&session).contains("Nothing is left to undo"));
}

#[test]
fn a_rejected_pair_stays_in_sight() {
    let cases = cases();
    let mut session = Session::new(&cases, "me");
    let saved = pressed(&mut session, "r1too far away\nn");
    assert_eq!(saved.iter().map(told).collect::<Vec<_>>(), ["reject S1 OU1 equal 1 too far away"]);
    let shown = shown(&session);
    assert!(shown.contains("1  0.875  Kasolwe (OU1)  rejected: too far away"), "{shown}");
    assert!(shown.contains("Card 1 of 3 · 0 decided"), "{shown}");
}

#[test]
fn an_item_asks_for_its_factor_and_takes_none_unseen() {
    let cases = cases();
    let mut session = Session::new(&cases, "me");
    pressed(&mut session, "s1");
    let asked = shown(&session);
    assert!(asked.contains("The names suggest the factor 540: 30 strips of 18"), "{asked}");
    assert!(asked.ends_with("(30, 0.5, 1/3)? \n"), "{asked}");
    pressed(&mut session, "\n");
    assert!(shown(&session).contains("This is no factor."));
    pressed(&mut session, "54x\n");
    assert!(shown(&session).contains("This is no factor."));
    pressed(&mut session, "\u{8}0\npacks counted\n");
    let saved = pressed(&mut session, "q");
    assert_eq!(saved.iter().map(told).collect::<Vec<_>>(), ["accept D7 P1 equal 540 packs counted"]);
    // A factor typed before is shown, and holds for this card only.
    let mut session = Session::new(&cases, "me");
    pressed(&mut session, "f");
    assert!(shown(&session).contains("Only items have a factor."));
    pressed(&mut session, "sf1/2\n");
    assert!(shown(&session).contains("Factor: 1/2"));
    let saved = pressed(&mut session, "1half packs\ns");
    assert_eq!(saved.iter().map(told).collect::<Vec<_>>(), ["accept D7 P1 equal 1/2 half packs"]);
    assert_eq!(session.factor, None);
}

#[test]
fn a_question_can_be_left_and_needs_an_answer() {
    let cases = cases();
    let mut session = Session::new(&cases, "me");
    pressed(&mut session, "1\n");
    assert!(shown(&session).contains("A decision needs a reason."));
    pressed(&mut session, "qu?s\u{1b}");
    assert_eq!((session.asking.clone(), session.at), (Asking::Verdict, 0));
    assert_eq!(
        pressed(&mut session, "5x1  spaced  \ns").iter().map(told).collect::<Vec<_>>(),
        ["accept S1 OU1 equal 1 spaced"]
    );
}

#[test]
fn other_keys_say_what_they_cannot_do() {
    let cases = cases();
    let mut session = Session::new(&cases, "me");
    pressed(&mut session, "5");
    assert!(shown(&session).contains("There is no candidate of this number."));
    pressed(&mut session, "x");
    assert!(shown(&session).contains("? shows the keys"));
    pressed(&mut session, "?");
    assert!(shown(&session).contains("s: skip the card"));
    pressed(&mut session, "x↓↓");
    assert!(shown(&session).contains("> 2  0.125  Gelwa (OU2)"));
    pressed(&mut session, "↑↑");
    assert!(shown(&session).contains("> 1  0.875"));
    pressed(&mut session, "ssss");
    assert!(shown(&session).contains("These were all cards."));
    assert_eq!(session.press(&Key::CtrlC, now()), Flow::Leave);
}

#[test]
fn a_refused_decision_is_shown_again_with_the_reason() {
    let cases = cases();
    let mut session = Session::new(&cases, "me");
    pressed(&mut session, "1same\n");
    session.refuse("OU1 is taken.".into());
    let shown = shown(&session);
    assert!(shown.contains("Card 1 of 3 · 0 decided") && shown.contains("Not saved. OU1 is taken."), "{shown}");
    assert_eq!(session.saved, 0);
}

#[test]
fn names_from_outside_do_not_steer_the_terminal_and_are_shown_whole() {
    let mut cases = cases();
    cases[0].name = "Kasolwe\u{1b}[2J\u{7}".into();
    cases[0].known[0].1 = "word ".repeat(30);
    let lines = screen(&Session::new(&cases, "me"), &Texts::new(Language::En), 80);
    assert!(lines.iter().all(|line| !line.text.contains(char::is_control)));
    assert!(lines.iter().all(|line| line.text.chars().count() <= 80), "{lines:#?}");
    assert_eq!(lines.iter().map(|line| line.text.matches("word").count()).sum::<usize>(), 30);
}

#[test]
fn every_language_has_its_cards() {
    let cases = cases();
    for language in Language::ALL {
        let mut session = Session::new(&cases, "me");
        for keys in ["", "1a\n", "1", "\u{1b}f", "\u{1b}?", " sss"] {
            pressed(&mut session, keys);
            for line in screen(&session, &Texts::new(language), 100) {
                let key = ["cards-", "evidence-", "column-", "run-kind-"].iter().find(|key| line.text.contains(**key));
                assert_eq!(key, None, "{language}: {}", line.text);
            }
        }
    }
}
