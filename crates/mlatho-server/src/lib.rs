#![doc = include_str!("../README.md")]

mod asked;
mod pages;
mod refusal;
mod view;

use std::future::Future;
use std::io;

use mlatho_pipeline::Project;
use mlatho_text::Language;
use tokio::net::TcpListener;

pub use pages::Pages;

/// Why the pages could not be served.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error("serving the pages")]
    Serve(#[from] io::Error),
}

/// Serves the pages of a project until `shutdown` is over; requests that have begun are answered before the end.
///
/// `language` is spoken where neither reader nor project asks for another.
///
/// # Errors
/// The listener fails.
pub async fn serve(
    project: Project,
    listener: TcpListener,
    language: Language,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServerError> {
    let router = Pages::new(project, language).router();
    axum::serve(listener, router).with_graceful_shutdown(shutdown).await?;
    Ok(())
}
