#![doc = include_str!("../README.md")]

mod arguments;
mod commands;
mod output;
mod progress;

use std::process::ExitCode;

use clap::error::ErrorKind;
use mlatho_text::{Language, Texts};

/// Exit code of wrong usage.
const USAGE: u8 = 64;

fn main() -> ExitCode {
    // Two providers are linked; the first to be installed is used. A second call only says that one is there.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_env("MLATHO_LOG"))
        .with_writer(std::io::stderr)
        .init();
    let texts = Texts::new(language_of_environment());
    let arguments = match arguments::parse(&texts) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nothing is left to be done where even the message cannot be printed.
            let _ = error.print();
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
                _ => ExitCode::from(USAGE),
            };
        }
    };
    commands::run(arguments, texts)
}

/// The clock: read here, and given to whoever needs it.
#[expect(clippy::disallowed_methods, reason = "the command line is where the clock comes in")]
fn now() -> jiff::Zoned {
    jiff::Zoned::now()
}

/// The language of messages: `MLATHO_LANGUAGE`, else the locale, else English.
#[expect(clippy::disallowed_methods, reason = "the list of variables stands here")]
fn language_of_environment() -> Language {
    let names = ["MLATHO_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"];
    let set = names.iter().filter_map(|name| std::env::var(name).ok()).find(|value| !value.is_empty());
    set.and_then(|value| value.parse().ok()).unwrap_or(Language::En)
}
