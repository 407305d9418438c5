//! `cargo xtask test`: everything that must hold before a change is taken.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::machine::{self, CHROMIUM, POSTGRES};
use crate::places;
use crate::postgres::Server;

/// The version that `deny.toml` is written for; about a minute of CPU to install without optimisation.
const CARGO_DENY: &str = "0.20.2";

/// From PyPI: a second opinion on our tables and queries.
const ENGINES: [&str; 3] = ["deltalake==1.6.6", "duckdb==2.0.1", "pyarrow==26.0.1"];

/// How much is tested.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    Full,
    /// Without licences and documentation.
    Fast,
}

/// Some test programs hold the path of the checkout that they were built in, and cargo does not notice that they were
/// built in another: if so, what is our own is built anew.
fn forget_other_checkout(clean: &mut Command) -> Result<()> {
    let checkout = places::checkout()?.display().to_string();
    let target = places::target()?;
    let note = target.join("checkout");
    if std::fs::read_to_string(&note).is_ok_and(|last| last == checkout) {
        return Ok(());
    }
    if target.exists() {
        machine::run(clean)?;
    }
    std::fs::create_dir_all(&target)?;
    Ok(std::fs::write(&note, &checkout)?)
}

/// Runs every step, also after one has failed. Says whether all went well.
///
/// # Errors
/// The machine cannot be made ready.
pub(crate) fn test(extent: Extent) -> Result<bool> {
    machine::install_absent(&[POSTGRES, CHROMIUM])?;
    let mut world = World::default();
    let _server = world.set_up()?;

    let mut failed = Vec::new();
    let mut step = |name: &'static str, work: &mut dyn FnMut() -> Result<()>| {
        println!("\n== {name}");
        let started = Instant::now();
        let outcome = work();
        let seconds = started.elapsed().as_secs_f64();
        match outcome {
            Ok(()) => println!("== {name}: {seconds:.1} s"),
            Err(error) => {
                println!("== {name}: FAILED after {seconds:.1} s: {error:#}");
                failed.push(name);
            }
        }
    };
    let cargo = |words: &str| -> Result<Command> {
        let mut command = machine::cargo();
        command.args(words.split(' ')).current_dir(places::checkout()?).env("CARGO_TARGET_DIR", places::target()?);
        Ok(command)
    };

    forget_other_checkout(&mut cargo("clean --workspace")?)?;
    step("formatting", &mut || machine::run(&mut cargo("fmt --all --check")?));
    step("lints", &mut || machine::run(&mut cargo("clippy --workspace --all-targets -- -D warnings")?));
    if extent == Extent::Full {
        step("licences, bans, sources", &mut || licences(cargo("deny --log-level error check licenses bans sources")?));
    }
    let mut count = Count::default();
    step("tests", &mut || {
        let mut tests = cargo("test --workspace --no-fail-fast")?;
        world.hand_to(&mut tests);
        run_tests(&mut tests, &mut count)
    });
    if extent == Extent::Full {
        let warnings = "-D warnings";
        step("documentation", &mut || machine::run(cargo("doc --workspace --no-deps")?.env("RUSTDOCFLAGS", warnings)));
    }

    for left_out in &world.left_out {
        println!("\nSKIPPED {left_out}");
    }
    if count.ignored > 0 {
        println!("{} tests are marked as ignored", count.ignored);
        if machine::in_ci() {
            failed.push("no ignored tests");
        }
    }
    if !failed.is_empty() {
        println!("\nFailed: {}", failed.join("; "));
    }
    println!("\n{} passed, {} failed", count.passed, count.failed);
    Ok(failed.is_empty())
}

/// What tests find beside the checkout.
#[derive(Default)]
struct World {
    /// Environment variables; none: not there, also where the caller's environment says otherwise.
    variables: Vec<(&'static str, Option<String>)>,
    /// What is left out, and what would bring it in.
    left_out: Vec<String>,
}

impl World {
    fn set_up(&mut self) -> Result<Option<Server>> {
        let shared = places::shared()?.map(|folder| folder.display().to_string());
        self.give("MLATHO_SHARED", shared, "tests on real data: put the shared material at ../shared")?;
        let chromium = CHROMIUM.find().map(|path| path.display().to_string());
        self.give("MLATHO_CHROMIUM", chromium, "tests of pages in a browser: install chromium")?;
        let python = other_engines()?.map(|path| path.display().to_string());
        self.give(
            "MLATHO_PYTHON",
            python,
            "tests on other engines: install python3 with venv, and let pip reach PyPI",
        )?;
        let server =
            POSTGRES.find().map(|program| Server::start(&program)).transpose().context("starting PostgreSQL")?;
        let url = server.as_ref().map(|server| server.url.clone());
        self.give("MLATHO_TEST_POSTGRES", url, "tests on PostgreSQL: install postgresql")?;
        Ok(server)
    }

    fn give(&mut self, name: &'static str, value: Option<String>, otherwise: &str) -> Result<()> {
        if value.is_none() {
            ensure!(!machine::in_ci(), "with CI=true nothing may be left out; {otherwise}");
            self.left_out.push(otherwise.into());
        }
        self.variables.push((name, value));
        Ok(())
    }

    fn hand_to(&self, command: &mut Command) {
        for (name, value) in &self.variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
    }
}

/// A Python with the engines that our tables are opened with, installed into the cache at first; none, where it cannot be.
fn other_engines() -> Result<Option<std::path::PathBuf>> {
    let folder = places::cache()?.join("tools").join(ENGINES.join("-").replace("==", "-"));
    let python = folder.join("bin/python");
    if !python.exists() {
        let made = machine::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))
            .and_then(|()| machine::run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(ENGINES)));
        if let Err(error) = made {
            eprintln!("{error:#}");
            if folder.exists() {
                std::fs::remove_dir_all(&folder)?;
            }
            return Ok(None);
        }
    }
    Ok(Some(python))
}

/// Runs cargo-deny, installed into the cache at first.
fn licences(mut command: Command) -> Result<()> {
    let tools = places::cache()?.join("tools").join(CARGO_DENY);
    if !tools.join("bin/cargo-deny").exists() {
        let mut install = machine::cargo();
        install.args(["install", "--quiet", "--debug", "--locked", "--version", CARGO_DENY, "cargo-deny", "--root"]);
        install.arg(&tools).env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_TARGET_DIR", tools.join("target"));
        machine::run(&mut install)?;
        std::fs::remove_dir_all(tools.join("target"))?;
    }
    let mut path = vec![tools.join("bin")];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    machine::run(command.env("PATH", std::env::join_paths(path)?))
}

/// Tests that ran, over all test programs.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Count {
    /// Adds a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; …`; other lines count nothing.
    fn add(&mut self, line: &str) {
        let Some((_, result)) = line.split_once("test result: ") else { return };
        for part in result.split([';', '.']) {
            let mut words = part.split_whitespace();
            let (number, what) = (words.next().and_then(|word| word.parse::<u64>().ok()), words.next());
            match (number, what) {
                (Some(number), Some("passed")) => self.passed += number,
                (Some(number), Some("failed")) => self.failed += number,
                (Some(number), Some("ignored")) => self.ignored += number,
                _ => {}
            }
        }
    }
}

/// Runs the tests, passes on what they print and counts.
fn run_tests(command: &mut Command, count: &mut Count) -> Result<()> {
    let mut process = command.stdout(Stdio::piped()).spawn()?;
    let output = process.stdout.take().context("the output of the tests")?;
    for line in BufReader::new(output).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        println!("{line}");
        count.add(&line);
    }
    let status = process.wait()?;
    ensure!(status.success(), "{status}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_summed() {
        let mut count = Count::default();
        count.add("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.08s");
        count.add("test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s");
        count.add("test passed ... ok");
        assert_eq!(count, Count { passed: 14, failed: 3, ignored: 1 });
    }
}
