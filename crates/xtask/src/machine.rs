//! What a machine needs beside the Rust toolchain.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

/// A program, and the Debian package that has it.
pub(crate) struct Need {
    pub(crate) program: &'static str,
    package: &'static str,
}

pub(crate) const POSTGRES: Need = Need { program: "postgres", package: "postgresql" };
pub(crate) const CHROMIUM: Need = Need { program: "chromium", package: "chromium" };

impl Need {
    /// The program's path without links, looked for in `PATH` and where Debian keeps PostgreSQL's server programs.
    pub(crate) fn find(&self) -> Option<PathBuf> {
        let path = env::var_os("PATH").unwrap_or_default();
        let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
        if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
            folders.extend(versions.flatten().map(|version| version.path().join("bin")));
        }
        folders.into_iter().find_map(|folder| folder.join(self.program).canonicalize().ok())
    }
}

/// Whether nothing may be left out.
pub(crate) fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true")
}

/// Root may install packages and must hand PostgreSQL to another user.
pub(crate) fn is_root() -> bool {
    user_id(None) == Some(0)
}

/// The number of a user; of the current one where no name is given.
pub(crate) fn user_id(name: Option<&str>) -> Option<u32> {
    let output = Command::new("id").arg("-u").args(name).output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// Installs the packages of programs that are absent, where that is possible.
///
/// # Errors
/// The package manager failed.
pub(crate) fn install_absent(needs: &[Need]) -> Result<()> {
    let absent: Vec<&str> = needs.iter().filter(|need| need.find().is_none()).map(|need| need.package).collect();
    if absent.is_empty() { Ok(()) } else { install(&absent) }
}

/// Installs Debian packages; does nothing for a user who may not.
///
/// # Errors
/// The package manager failed.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    if !is_root() || !Path::new("/usr/bin/apt-get").exists() {
        return Ok(());
    }
    println!("installing {}", packages.join(" "));
    run(apt().arg("update"))?;
    run(apt().args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.arg("--quiet").env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Cargo as a developer calls it. Without this, the variables that cargo sets for the program it runs (this one) would
/// reach build scripts that watch them, and half of the dependencies would be built again.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new("cargo");
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_BIN_") || OF_THIS_RUN.contains(&&*text) {
            command.env_remove(name);
        }
    }
    command
}

/// Further variables that `cargo run` sets.
const OF_THIS_RUN: [&str; 5] = ["CARGO", "CARGO_CRATE_NAME", "CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "OUT_DIR"];

/// Runs a program to its end.
///
/// # Errors
/// It cannot be started, or says that it failed.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status();
    let name = command.get_program().to_string_lossy().into_owned();
    let first = command.get_args().next().map(OsStr::to_string_lossy).unwrap_or_default();
    let status = status.map_err(|error| anyhow::anyhow!("starting {name}: {error}"))?;
    ensure!(status.success(), "{name} {first}: {status}");
    Ok(())
}
