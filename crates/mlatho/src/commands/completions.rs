//! `mlatho completions SHELL`.

use std::io;

use super::{Context, Done, Failure};
use crate::arguments::{Completions, command};

pub(super) fn completions(context: &Context, args: &Completions) -> Result<Done, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(&context.out.texts), "mlatho", &mut script);
    io::Write::write_all(&mut io::stdout().lock(), &script)?;
    Ok(Done::Well)
}
