#![doc = include_str!("../README.md")]

mod arguments;
mod commands;
mod output;
mod progress;

use std::process::ExitCode;

use clap::error::ErrorKind;
use mlatho_pipeline::Project;
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
    let texts = Texts::new(language(None));
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
    let project = Project::load(&arguments.common.project).ok();
    let wanted = project.and_then(|project| project.config().language.as_deref()?.parse().ok());
    commands::run(arguments, wanted.map_or(texts, |wanted| Texts::new(language(Some(wanted)))))
}

/// The clock: read here, and given to whoever needs it.
#[expect(clippy::disallowed_methods, reason = "the command line is where the clock comes in")]
fn now() -> jiff::Zoned {
    jiff::Zoned::now()
}

/// Who works here, as the system knows the person.
#[expect(clippy::disallowed_methods, reason = "the list of variables stands here")]
fn user() -> Option<String> {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|user| !user.is_empty()))
}

/// The language of messages: `MLATHO_LANGUAGE`, else that of the project, else the locale, else English.
#[expect(clippy::disallowed_methods, reason = "the list of variables stands here")]
fn language(of_project: Option<Language>) -> Language {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = || ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set)?.parse().ok();
    let wanted = set("MLATHO_LANGUAGE").and_then(|value| value.parse().ok());
    wanted.or(of_project).or_else(locale).unwrap_or(Language::En)
}
