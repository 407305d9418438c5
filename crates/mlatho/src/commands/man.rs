//! `mlatho man`: the manual page, for `mlatho man | man -l -`.

use std::io::Write;

use super::{Context, Done, Failure};
use crate::arguments::command;

/// The page of the program, then those of its commands, as one text for `man`.
pub(super) fn man(context: &Context) -> Result<Done, Failure> {
    let mut program = command(&context.out.texts);
    program.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(program.clone()).render(&mut page)?;
    for command in program.get_subcommands().filter(|command| !command.is_hide_set()) {
        let name = format!("mlatho {}", command.get_name());
        clap_mangen::Man::new(command.clone().bin_name(name.clone()).display_name(name)).render(&mut page)?;
    }
    let mut out = context.out.stdout();
    out.write_all(&page)?;
    out.flush()?;
    Ok(Done::Well)
}
