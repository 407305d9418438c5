//! `mlatho completions SHELL`.

use std::io::Write;

use super::{Context, Done, Failure};
use crate::arguments::{Completions, command};

pub(super) fn completions(context: &Context, args: &Completions) -> Result<Done, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(&context.out.texts), "mlatho", &mut script);
    let mut out = context.out.stdout();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Done::Well)
}
