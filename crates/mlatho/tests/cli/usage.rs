//! What cannot be said, and what every command has in common.

use crate::world::{World, ran};

#[test]
fn wrong_usage_is_64() {
    let world = World::new();
    for args in [
        &["no-such-command"][..],
        &["read"],
        &["read", "x.csv"],
        &["read", "--no-such-option"],
        &["compare", "--rule", "r.toml"],
        &["quality"],
        &["forecast", "--panel", "p.csv"],
        &["forecast", "--panel", "p.csv", "--horizon", "0"],
        &["forecast", "--panel", "p.csv", "--horizon", "3", "--origins", "202601", "--backtest", "2"],
        &["sql"],
        &["convert", "x.csv"],
        &["convert", "x.csv", "--out", "a", "--post", "http://localhost/"],
        &["periods", "parse"],
        &["check", "--format", "yaml"],
        &[],
    ] {
        let ran = ran(world.mlatho().args(args));
        assert_eq!((ran.code, ran.out.as_str()), (64, ""), "{args:?}");
        assert!(!ran.messages.is_empty(), "{args:?}");
    }
}

#[test]
fn a_file_that_is_not_there_needs_a_person() {
    let world = World::new();
    world.write("rule.toml", crate::comparing::RULE);
    world.write("rows.csv", "org_unit,item,period,value\n");
    for args in [
        &["read", "gone.csv", "--as", "csv"][..],
        &["read", "rows.csv", "--as", "csv", "--layout", "gone.csv"],
        &["quality", "--ledger", "gone.csv"],
        &["forecast", "--panel", "gone.csv", "--horizon", "3"],
        &["compare", "--consumption", "gone.csv", "--services", "rows.csv", "--rule", "rule.toml"],
        &["compare", "--consumption", "rows.csv", "--services", "rows.csv", "--rule", "gone.csv"],
    ] {
        let ran = ran(world.mlatho().args(args));
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{args:?}: {}", ran.messages);
        assert!(ran.messages.starts_with("gone.csv: error [file-unusable]: "), "{args:?}: {}", ran.messages);
    }
}

#[test]
fn a_place_that_cannot_be_written_needs_a_person_and_leaves_nothing() {
    let world = World::new();
    world.write("rows.csv", "org_unit,item,period,value\nA,x,202601,1\n");
    let ran = world.run(["read", "rows.csv", "--as", "csv", "--out", "no/such/folder/rows.csv"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.messages.starts_with("no/such/folder/rows.csv: error [file-unusable]: "), "{}", ran.messages);
    // A folder stands where the file should go: what was begun beside it is taken away again.
    world.write("taken/x", "");
    assert_eq!(world.run(["read", "rows.csv", "--as", "csv", "--out", "taken"]).code, 1);
    let mut left: Vec<_> = world.path(".").read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["rows.csv", "taken"]);
}

#[test]
fn a_command_on_a_project_says_where_it_looked() {
    let world = World::new();
    for args in [&["check"][..], &["sql", "SELECT 1"], &["convert", "x.csv", "--out", "o"]] {
        let ran = ran(world.mlatho().args(args).args(["--project", "elsewhere"]));
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{args:?}");
        assert!(ran.messages.starts_with("elsewhere/mlatho.toml: error [project-missing]: "), "{}", ran.messages);
    }
}

#[test]
fn nothing_is_coloured_for_a_program() {
    let world = World::new();
    let told = ran(world.mlatho().args(["--help"]).env("NO_COLOR", "1"));
    assert!(!told.well().contains('\u{1b}'));
    let wrong = ran(world.mlatho().args(["no-such-command"]).env("NO_COLOR", "1"));
    assert!(!wrong.messages.contains('\u{1b}'), "{:?}", wrong.messages);
}

#[test]
fn the_version_is_that_of_the_package() {
    assert_eq!(World::new().run(["--version"]).well(), format!("mlatho {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn shells_get_their_completions() {
    let world = World::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = world.run(["completions", shell]).well();
        assert!(script.contains("mlatho") && script.contains("quality"), "{shell}: {script}");
    }
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let page = World::new().run(["man"]).well();
    let commands = [
        "demo",
        "init",
        "check",
        "pull",
        "run",
        "convert",
        "status",
        "review",
        "publish",
        "explain",
        "sql",
        "verify",
        "backup",
        "restore",
        "tidy",
        "read",
        "match",
        "quality",
        "compare",
        "indicators",
        "quantify",
        "forecast",
        "periods",
        "serve",
        "testkit",
        "completions",
        "man",
    ];
    let titles: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix(".TH ")?.split(" 1 ").next()).collect();
    let named = commands.map(|command| format!("\"mlatho {command}\""));
    assert_eq!(titles, [["mlatho"].as_slice(), &named.each_ref().map(String::as_str)].concat());
    assert!(page.contains("mlatho publish") && page.contains("\\-\\-findings"), "{page}");
}
