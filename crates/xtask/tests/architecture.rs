//! The house stands as `ARCHITECTURE.md` draws it: one direction, pure rooms in the middle, I/O at the edges.
#![expect(clippy::unwrap_used, reason = "a test ends where its own input is wrong")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each room and the rooms that it may use.
const ROOMS: &[(&str, &[&str])] = &[
    ("mlatho-model", &[]),
    ("mlatho-text", &["model"]),
    ("mlatho-harmonize", &["model"]),
    ("mlatho-quality", &["model"]),
    ("mlatho-analysis", &["model"]),
    ("mlatho-forecast", &["model"]),
    ("mlatho-chart", &["model"]),
    ("mlatho-formats", &["model"]),
    ("mlatho-connect", &["model", "formats"]),
    ("mlatho-store", &["model"]),
    (
        "mlatho-pipeline",
        &["model", "text", "harmonize", "quality", "analysis", "forecast", "chart", "formats", "connect", "store"],
    ),
    ("mlatho-server", &["model", "text", "chart", "pipeline"]),
    ("mlatho-testkit", &["model", "formats"]),
    (
        "mlatho",
        &[
            "model",
            "text",
            "harmonize",
            "quality",
            "analysis",
            "forecast",
            "chart",
            "formats",
            "pipeline",
            "server",
            "testkit",
        ],
    ),
    ("xtask", &[]),
];

/// What tests may use beside that: every room the test double, the pages a repository to show, the whole program the
/// connectors on real data.
const IN_TESTS: &[(&str, &[&str])] = &[("mlatho-server", &["store"]), ("mlatho", &["connect"])];

/// Crates from outside that one room, or a few, may name.
const RESERVED: &[(&str, &[&str])] = &[
    ("datafusion", &["mlatho-store"]),
    ("deltalake", &["mlatho-store"]),
    ("object_store", &["mlatho-store"]),
    ("sea-orm", &["mlatho-store"]),
    ("sea-orm-migration", &["mlatho-store"]),
    ("sqlx", &["mlatho-store"]),
    ("reqwest", &["mlatho-connect"]),
    ("askama", &["mlatho-server"]),
    ("axum", &["mlatho-server", "mlatho-testkit"]),
    ("clap", &["mlatho"]),
];

const PURE: &[&str] = &[
    "mlatho-model",
    "mlatho-text",
    "mlatho-harmonize",
    "mlatho-quality",
    "mlatho-analysis",
    "mlatho-forecast",
    "mlatho-chart",
    "mlatho-formats",
];

/// What reaches out of a pure room: files, network, environment, clock, terminal, randomness.
const REACHING_OUT: &[&str] = &[
    "fs::",
    "net::",
    "env::",
    "process::",
    "File::",
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "reqwest",
    "tokio",
    "print!",
    "println!",
    "eprint!",
    "eprintln!",
    "stdin(",
    "stdout(",
    "stderr(",
    "rand::rng",
];

const LONGEST_FILE: usize = 600;

/// Files over the limit, each with its reason.
const LONG_FILES: &[(&str, &str)] = &[];

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().into()
}

/// Name and folder of each crate, read from the manifests.
fn manifests() -> BTreeMap<String, (PathBuf, toml::Table)> {
    let folders = fs::read_dir(crates()).unwrap().map(|entry| entry.unwrap().path());
    let manifests = folders.filter(|folder| folder.join("Cargo.toml").exists()).map(|folder| {
        let manifest: toml::Table = fs::read_to_string(folder.join("Cargo.toml")).unwrap().parse().unwrap();
        (manifest["package"]["name"].as_str().unwrap().to_owned(), (folder, manifest))
    });
    manifests.collect()
}

/// Names under `[dependencies]` or a section like it.
fn dependencies(manifest: &toml::Table, section: &str) -> BTreeSet<String> {
    let table = manifest.get(section).and_then(toml::Value::as_table);
    table.map(|table| table.keys().cloned().collect()).unwrap_or_default()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn rooms_use_only_what_stands_before_them() {
    let manifests = manifests();
    let known: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (name, (_, manifest)) in &manifests {
        let Some(may_use) = known.get(name.as_str()) else {
            wrong.push(format!("{name} is no room of this table"));
            continue;
        };
        for section in ["dependencies", "build-dependencies", "dev-dependencies"] {
            for used in dependencies(manifest, section) {
                let Some(room) = used.strip_prefix("mlatho-") else { continue };
                let more = IN_TESTS.iter().filter(|(tested, _)| tested == name).flat_map(|(_, rooms)| *rooms);
                let in_tests = section == "dev-dependencies" && more.chain(&["testkit"]).any(|known| *known == room);
                if !may_use.contains(&room) && !in_tests {
                    wrong.push(format!("{name} may not use {used}"));
                }
            }
        }
    }
    wrong.extend(known.keys().filter(|name| !manifests.contains_key(**name)).map(|name| format!("{name} is gone")));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn engines_stay_in_their_room() {
    let mut wrong = Vec::new();
    for (name, (_, manifest)) in manifests() {
        let used = dependencies(&manifest, "dependencies");
        for (library, rooms) in RESERVED {
            if used.contains(*library) && !rooms.contains(&name.as_str()) {
                wrong.push(format!("{name} may not use {library}; only {rooms:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether a line of code names something, as a word of its own.
fn names(line: &str, what: &str) -> bool {
    line.match_indices(what).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

#[test]
fn pure_rooms_reach_for_nothing() {
    let mut wrong = Vec::new();
    for room in PURE {
        let mut files = Vec::new();
        rust_files(&crates().join(room).join("src"), &mut files);
        for path in files {
            let text = fs::read_to_string(&path).unwrap();
            // Tests of a file stand at its end and may read what they like.
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
            for (number, line) in code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
                let found = REACHING_OUT.iter().filter(|what| names(line, what));
                wrong.extend(found.map(|what| format!("{}:{}: {what}", path.display(), number + 1)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn reaching_out_is_seen() {
    for line in ["use std::fs::File;", "let x = std::env::var(\"A\");", "    println!(\"x\");", "fs::read(path)"] {
        assert!(REACHING_OUT.iter().any(|what| names(line, what)), "{line}");
    }
    for line in ["let offs::x", "sprintln!()", "env!(\"OUT_DIR\")", "let moment: jiff::Timestamp = now;"] {
        assert!(!REACHING_OUT.iter().any(|what| names(line, what)), "{line}");
    }
}

#[test]
fn every_crate_says_what_it_is() {
    for (name, (folder, _)) in manifests() {
        let readme = fs::read_to_string(folder.join("README.md")).unwrap_or_default();
        assert!(readme.lines().count() >= 3, "{name} has no README.md");
        let root = ["src/lib.rs", "src/main.rs"].map(|root| fs::read_to_string(folder.join(root)).unwrap_or_default());
        assert!(
            root.iter().any(|text| text.contains("include_str!(\"../README.md\")")),
            "{name}: README.md is no rustdoc"
        );
    }
}

#[test]
fn files_are_short() {
    let mut files = Vec::new();
    rust_files(&crates(), &mut files);
    for path in files {
        let name = path.strip_prefix(crates()).unwrap().to_string_lossy().into_owned();
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        let excused = LONG_FILES.iter().any(|(file, _)| *file == name);
        assert!(lines <= LONGEST_FILE || excused, "{name} has {lines} lines; split it by subject");
        assert!(lines > LONGEST_FILE || !excused, "{name} needs no excuse any more");
    }
}
