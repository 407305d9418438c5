#![doc = include_str!("../README.md")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a developer reads the terminal")]
#![expect(clippy::disallowed_methods, reason = "what runs here is set up through environment variables")]

mod bench;
mod machine;
mod places;
mod postgres;
mod test;

use std::process::ExitCode;

use anyhow::Result;

const USAGE: &str = "usage: cargo xtask test [--fast]
       cargo xtask bench integrate [--lines N] [--runs N]
       cargo xtask bench match [--rows N]
       cargo xtask bench forecast [--series N]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all went well.
fn run(words: &[&str]) -> Result<bool> {
    match words {
        ["test"] => test::test(test::Extent::Full),
        ["test", "--fast"] => test::test(test::Extent::Fast),
        ["bench", "integrate", options @ ..] => bench::integrate(options),
        ["bench", "match", options @ ..] => bench::matching(options).map(|()| true),
        ["bench", "forecast", options @ ..] => bench::forecast(options).map(|()| true),
        _ => anyhow::bail!("{USAGE}"),
    }
}
