//! `mlatho init DIR`: a commented project to start from.

use super::{Context, Done, Failure};
use crate::arguments::Init;

pub(super) fn init(context: &Context, args: &Init) -> Result<Done, Failure> {
    mlatho_pipeline::init_project(&args.dir)?;
    context.out.tell("cli-init-done", &[("dir", args.dir.display().to_string().into())]);
    Ok(Done::Well)
}
