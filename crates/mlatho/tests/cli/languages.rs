//! Help and messages in the person's language.

use crate::world::{World, ran};

/// Every page of help below a command, by its path.
fn pages(world: &World, language: &str, path: &[String], found: &mut Vec<(String, String)>) {
    let told =
        ran(world.mlatho().args(path).arg("--help").env("MLATHO_LANGUAGE", language).env("NO_COLOR", "1")).well();
    let commands = told.split("Commands:\n").nth(1).unwrap_or_default();
    let names = commands.lines().take_while(|line| !line.is_empty()).filter(|line| line.starts_with("  "));
    let names: Vec<String> = names
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' ')) // a text that goes on in the next line
        .filter_map(|line| line.split_whitespace().next().map(Into::into))
        .collect();
    found.push((path.join(" "), told));
    for name in names {
        pages(world, language, &[path, &[name]].concat(), found);
    }
}

#[test]
fn help_is_whole_in_every_language() {
    let world = World::new();
    for language in ["en", "fr", "pt", "sw"] {
        let mut found = Vec::new();
        pages(&world, language, &[], &mut found);
        let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
        for path in [
            "",
            "init",
            "check",
            "convert",
            "sql",
            "read",
            "quality",
            "compare",
            "quantify",
            "periods parse",
            "completions",
        ] {
            assert!(paths.contains(&path), "{language}: {path:?} is not among {paths:?}");
        }
        for (path, told) in &found {
            assert!(!told.split_whitespace().any(|word| word.starts_with("help-")), "{language}: {path}:\n{told}");
        }
    }
}

#[test]
fn messages_are_in_the_language_of_the_environment() {
    let world = World::new();
    let french = ran(world.mlatho().args(["periods", "parse", "hier"]).env("MLATHO_LANGUAGE", "fr"));
    assert_eq!(french.code, 1);
    assert!(
        french.messages.starts_with("erreur [bad-period-given]: « hier » n'est pas une période"),
        "{}",
        french.messages
    );
    let swahili = ran(world
        .mlatho()
        .args(["periods", "parse", "jana"])
        .env_remove("MLATHO_LANGUAGE")
        .env("LC_ALL", "sw_KE.UTF-8"));
    assert!(swahili.messages.starts_with("kosa [bad-period-given]: "), "{}", swahili.messages);
    let other = ran(world.mlatho().args(["periods", "parse", "x"]).env("MLATHO_LANGUAGE", "xx"));
    assert!(other.messages.starts_with("error [bad-period-given]: "), "{}", other.messages);
}

#[test]
fn a_project_has_a_language_and_a_person_may_have_another() {
    let world = World::new();
    assert_eq!(world.run(["init", "."]).code, 0);
    let file = world.read("mlatho.toml").replace("# language = \"en\"", "language = \"pt\"");
    world.write("mlatho.toml", file);
    let asked = |person: &str| {
        ran(world.mlatho().args(["periods", "parse", "x"]).env("LC_ALL", "fr_FR.UTF-8").env("MLATHO_LANGUAGE", person))
    };
    assert!(asked("").messages.starts_with("erro [bad-period-given]: "), "{}", asked("").messages);
    assert!(asked("sw").messages.starts_with("kosa [bad-period-given]: "), "{}", asked("sw").messages);
}

#[test]
fn titles_and_numbers_follow_the_language_and_columns_for_programs_do_not() {
    let world = World::new();
    let in_french = |args: &[&str]| ran(world.mlatho().args(args).env("MLATHO_LANGUAGE", "fr")).well();
    let told = in_french(&["periods", "parse", "202603"]);
    assert!(told.starts_with("Forme canonique  Type"), "{told}");
    let told = in_french(&["periods", "parse", "202603", "--format", "csv"]);
    assert_eq!(told, "canonical,type,start,end,calendar\n202603,Monthly,2026-03-01,2026-03-31,iso8601\n");
}
