#![doc = include_str!("../README.md")]

mod asked;
mod completeness;
mod facilities;
mod health;
mod pages;
mod receive;
mod reconcile;
mod refusal;
mod stock;
mod table_page;
mod view;

use std::future::{Future, IntoFuture};
use std::io;
use std::time::Duration;

use jiff::Timestamp;
use mlatho_pipeline::openhim::stay_registered;
use mlatho_pipeline::{PipelineError, Project};
use mlatho_text::Language;
use tokio::net::TcpListener;

pub use pages::Pages;

/// Why the pages could not be served.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error("serving the pages")]
    Serve(#[from] io::Error),
    #[error(transparent)]
    Project(#[from] PipelineError),
}

/// Serves the pages of a project, and takes what is handed over to it, until `shutdown` is over; requests that have begun
/// are answered before the end. Where the project names an OpenHIM, it is registered there for as long.
///
/// `language` is spoken where neither reader nor project asks for another; `now` is the clock.
///
/// # Errors
/// The listener fails, or the settings of the OpenHIM are wrong.
pub async fn serve(
    project: Project,
    listener: TcpListener,
    language: Language,
    now: fn() -> Timestamp,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServerError> {
    let router = receive::router(project.clone(), language, now).merge(Pages::new(project.clone(), language).router());
    let begun = now();
    let uptime = move || Duration::try_from(now().duration_since(begun)).unwrap_or_default();
    let served = axum::serve(listener, router).with_graceful_shutdown(shutdown);
    tokio::select! {
        served = served.into_future() => Ok(served?),
        Err(error) = stay_registered(&project, uptime) => Err(error.into()),
    }
}
