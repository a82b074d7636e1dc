//! Connections: taken, served, and ended where they keep the site waiting.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::{Duration, Instant};

use axum::body::{Body, BodyDataStream, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Request};
use axum::serve::Listener;
use axum::{BoxError, Router};
use futures_util::{StreamExt, stream};
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Bytes of a body that must come within [`Patience::body`].
const LEAST: usize = 16 << 10;

/// How long the site waits for those who keep a connection, and for itself.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a whole head of a request, from the opening of the connection or the answer before.
    pub head: Duration,
    /// For 16 KiB of a body, or its end.
    pub body: Duration,
    /// For an answer, from the head of its request on; what brings or gives a large file may take longer.
    pub answer: Duration,
    /// Until files of programs that have arrived whole and could not be taken in are tried again.
    pub again: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            head: Duration::from_secs(30),
            body: Duration::from_secs(30),
            answer: Duration::from_secs(30),
            again: Duration::from_mins(1),
        }
    }
}

/// Serves pages until `stop` is done and the requests under way are answered.
pub async fn serve(
    mut listener: TcpListener,
    pages: Router,
    patience: Patience,
    stop: impl Future<Output = ()>,
) {
    let pages = TowerToHyperService::new(pages);
    let (stopping, stopped) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            () = &mut stop => break,
        };
        tokio::spawn(connection(
            stream,
            peer,
            pages.clone(),
            patience.head,
            stopped.clone(),
        ));
    }
    drop((listener, stopped));
    let _ = stopping.send(());
    stopping.closed().await;
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    pages: TowerToHyperService<Router>,
    head: Duration,
    mut stopped: watch::Receiver<()>,
) {
    let pages = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        pages.call(request)
    });
    let served = Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .serve_connection(TokioIo::new(stream), pages);
    let mut served = pin!(served);
    // What goes wrong on a connection is its other end's to see.
    tokio::select! {
        _ = served.as_mut() => return,
        _ = stopped.changed() => served.as_mut().graceful_shutdown(),
    }
    let _ = served.await;
}

/// A request whose body breaks off where it comes too slowly. What the site itself takes to look at
/// what came does not count.
pub fn hurried(request: Request, patience: Duration) -> Request {
    request.map(|body| {
        if body.is_end_stream() {
            return body;
        }
        let arriving = Arriving {
            parts: body.into_data_stream(),
            patience,
            left: patience,
            came: 0,
        };
        Body::from_stream(stream::try_unfold(arriving, Arriving::next))
    })
}

/// A body that arrives.
struct Arriving {
    parts: BodyDataStream,
    patience: Duration,
    /// What is left of it for the present [`LEAST`] bytes.
    left: Duration,
    /// How many of them came.
    came: usize,
}

impl Arriving {
    async fn next(mut self) -> Result<Option<(Bytes, Arriving)>, BoxError> {
        let asked = Instant::now();
        let part = tokio::time::timeout(self.left, self.parts.next()).await;
        let part = part.map_err(|_| std::io::Error::from(std::io::ErrorKind::TimedOut))?;
        let Some(part) = part.transpose()? else {
            return Ok(None);
        };
        self.came += part.len();
        self.left = self.left.saturating_sub(asked.elapsed());
        if self.came >= LEAST {
            (self.left, self.came) = (self.patience, 0);
        }
        Ok(Some((part, self)))
    }
}

/// Whether a body broke off because it came too slowly.
pub fn late(error: &(dyn std::error::Error + 'static)) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|error| error.kind() == std::io::ErrorKind::TimedOut)
        || error.source().is_some_and(late)
}
