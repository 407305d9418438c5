//! A running server.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use tokio::runtime::Runtime;

use super::sockets::{Scissors, Sockets};

/// A server on a free port of the loopback interface. It has its own threads, so that it serves callers with and without
/// a runtime of their own, and it ends when it is dropped.
pub(crate) struct Running(Option<Runtime>);

impl Running {
    /// Starts to answer. `make` gets the address and gives what takes the requests.
    pub(crate) fn start<F, H, A>(name: &str, make: F) -> io::Result<(Self, SocketAddr)>
    where
        F: FnOnce(SocketAddr) -> H,
        H: Fn(Scissors, Request) -> A + Clone + Send + Sync + 'static,
        A: Future<Output = Response> + Send + 'static,
    {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).thread_name(name).enable_all().build()?;
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let handler = make(address);
        let take = move |ConnectInfo(scissors): ConnectInfo<Scissors>, request: Request| handler(scissors, request);
        let service = Router::new().fallback(take).into_make_service_with_connect_info::<Scissors>();
        let listener = {
            let _context = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        runtime.spawn(async move { axum::serve(Sockets(listener), service).await });
        Ok((Self(Some(runtime)), address))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background(); // allowed within another runtime, where waiting is not
        }
    }
}
