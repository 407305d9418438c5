//! `mlatho serve`: the pages of a project, for this machine only.

use std::net::Ipv4Addr;

use mlatho_pipeline::Project;
use tokio::net::TcpListener;

use super::{Context, Done, Failure, block_on};
use crate::arguments::Serve;

pub(super) fn serve(context: &Context, args: &Serve) -> Result<Done, Failure> {
    serve_project(context, context.project()?, args.port)
}

/// Serves until it is interrupted.
pub(super) fn serve_project(context: &Context, project: Project, port: u16) -> Result<Done, Failure> {
    block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = format!("http://{}/", listener.local_addr()?);
        context.out.warn("serve-at", &[("url", address.into())]);
        let interrupted = async {
            // Where no signal can be waited for, the process is ended from outside.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let clock = || crate::now().timestamp();
        mlatho_server::serve(project, listener, context.out.texts.language(), clock, interrupted).await?;
        Ok(Done::Well)
    })
}
