//! `cargo xtask bench`: mlatho in turn with its peers on the same work.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{machine, places};

/// The wrappers, each with its words and with options of the bench: `convert` beside all peers, and the whole job, which
/// ends in files, beside those that are fast.
const ROUTES: [(&str, &[&str]); 2] =
    [("convert", &["{data} {url}"]), ("job", &["{data} {out}", "--mode", "file", "--tools", "polars,duckdb"])];

/// What is measured.
struct Options {
    lines: Vec<String>,
    runs: Option<String>,
}

impl Options {
    fn read(words: &[&str]) -> Result<Self> {
        let mut options = Self { lines: vec!["100000".into(), "1000000".into()], runs: None };
        for pair in words.chunks(2) {
            match pair {
                ["--lines", lines] => options.lines = vec![(*lines).into()],
                ["--runs", runs] => options.runs = Some((*runs).into()),
                _ => bail!("`{}` is not an option of bench integrate", pair.join(" ")),
            }
        }
        Ok(options)
    }

    /// Five runs of a small size; one of a million lines takes minutes.
    fn runs(&self, lines: &str) -> &str {
        let usual = if lines.len() < "1000000".len() { "5" } else { "3" };
        self.runs.as_deref().unwrap_or(usual)
    }
}

/// Prints the table for each size. Says whether all contenders agreed.
///
/// # Errors
/// The machine cannot be made ready, or mlatho does not build.
pub(crate) fn integrate(words: &[&str]) -> Result<bool> {
    let options = Options::read(words)?;
    python()?;
    let checkout = places::checkout()?;
    let shared = places::shared()?.context("the peers stand in the shared material; put it at ../shared")?;

    // The scripts make their environment and data beside themselves, and the shared material is read-only.
    let folder = places::cache()?.join("bench/integrate");
    copy(&shared.join("bench/integrate"), &folder)?;

    let program = build(&checkout)?;
    let mut all_same = true;
    for lines in &options.lines {
        for (route, arguments) in ROUTES {
            let wrapper = checkout.join("benches/integrate").join(format!("{route}.sh"));
            let contender = format!("mlatho {route}={} {}", wrapper.display(), arguments[0]);
            let mut bench = Command::new("sh");
            bench.arg("run.sh").args(["--lines", lines, "--runs", options.runs(lines), "--cmd", &contender]);
            bench.args(&arguments[1..]).current_dir(&folder).env("MLATHO", &program);
            all_same &= bench.status()?.success();
        }
    }
    Ok(all_same)
}

/// Peers of `bench match`, in the versions that were looked at.
const MATCHERS: [&str; 3] = ["pandas", "rapidfuzz>=3,<4", "splink>=5,<6"];

/// Prints speed, memory and quality of matching beside the peers, which stand in a virtual environment of their own.
///
/// # Errors
/// The machine cannot be made ready, mlatho does not build, or a contender fails.
pub(crate) fn matching(words: &[&str]) -> Result<()> {
    let rows = match words {
        [] => "10000",
        ["--rows", rows] => rows,
        _ => bail!("`{}` is not an option of bench match", words.join(" ")),
    };
    let checkout = places::checkout()?;
    let inside = environment(&places::cache()?.join("bench/match"), &MATCHERS)?;
    let mut bench = Command::new(&inside);
    bench.arg(checkout.join("benches/match/bench.py")).arg("--mlatho").arg(build(&checkout)?).args(["--rows", rows]);
    if let Some(shared) = places::shared()? {
        bench.arg("--shared").arg(shared);
    }
    machine::run(&mut bench)
}

/// Prints errors, bias, coverage, speed and memory of forecasts beside statsforecast.
///
/// # Errors
/// The machine cannot be made ready, mlatho does not build, or a contender fails.
pub(crate) fn forecast(words: &[&str]) -> Result<()> {
    let series = match words {
        [] => "500000",
        ["--series", series] => series,
        _ => bail!("`{}` is not an option of bench forecast", words.join(" ")),
    };
    let checkout = places::checkout()?;
    let shared = places::shared()?.context("data and peers stand in the shared material; put it at ../shared")?;
    let folder = places::cache()?.join("bench/forecast");
    copy(&shared.join("bench/forecast"), &folder)?;
    copy(&checkout.join("benches/forecast"), &folder)?;
    let inside = environment(&folder, &["-r", &folder.join("requirements.txt").display().to_string()])?;
    let mut bench = Command::new(&inside);
    bench.arg(folder.join("bench.py")).arg("--mlatho").arg(build(&checkout)?);
    bench.arg("--data").arg(shared.join("data")).args(["--series", series]);
    machine::run(&mut bench)
}

/// Copies the files of a folder.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        if let (Some(name), true) = (path.file_name(), path.is_file()) {
            let copy = to.join(name);
            fs::write(&copy, fs::read(&path)?).with_context(|| format!("copying {}", copy.display()))?;
        }
    }
    Ok(())
}

/// Makes a virtual environment in a folder, with these packages; its Python.
fn environment(folder: &Path, packages: &[&str]) -> Result<PathBuf> {
    python()?;
    let environment = folder.join("environment");
    let inside = environment.join("bin/python");
    if !inside.exists() {
        machine::run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    machine::run(Command::new(&inside).args(["-m", "pip", "install", "--quiet"]).args(packages))?;
    Ok(inside)
}

/// Debian packs the module that makes virtual environments apart from Python.
fn python() -> Result<()> {
    let mut python = Command::new("python3");
    if !python.args(["-c", "import ensurepip"]).status().is_ok_and(|status| status.success()) {
        machine::install(&["python3", "python3-venv"])?;
    }
    Ok(())
}

/// Builds the program for release; where it stands.
fn build(checkout: &Path) -> Result<PathBuf> {
    let target = places::target()?;
    let mut build = machine::cargo();
    build.args(["build", "--release", "--package", "mlatho"]).current_dir(checkout).env("CARGO_TARGET_DIR", &target);
    machine::run(&mut build)?;
    Ok(target.join("release/mlatho"))
}
