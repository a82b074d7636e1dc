//! The pages: server-rendered, in Indonesian and English, without a need for JavaScript.
//!
//! A request passes [`guard`] (size, time, headers, log), then [`page`] finds out who asks and in
//! which language, then one handler of [`pages`] answers. A handler reaches the register only
//! through a [`page::Viewer`], and takes a form only as [`form::Posted`].

mod app;
mod columns;
mod cookie;
mod export;
mod form;
mod format;
mod guard;
mod mask;
mod page;
mod pager;
mod pages;
pub mod password;
mod slow;
mod standing;
pub mod texts;
mod timeline;
mod token;
mod unreadable;
mod uploads;
mod words;
mod work;

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use satu_store::Store;
use tokio::net::TcpListener;

pub use pages::list as addresses;
pub use texts::Lang;

/// How long requests under way may take once the server is told to stop.
const LAST: Duration = Duration::from_secs(10);

/// Every page, over a database. `secure`: browsers reach it by HTTPS, so that cookies and
/// connections are held to it.
pub fn router(store: Store, secure: bool) -> Router {
    guard::around(pages::routes(app::App::new(store, secure)), secure)
}

/// Serves the pages on a listener until `stop` is done and the requests under way are answered.
/// On an address of this machine alone plain HTTP is allowed; on any other, a proxy that speaks
/// HTTPS must stand before it.
pub async fn serve(
    store: Store,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let secure = !listener.local_addr()?.ip().is_loopback();
    let pages = router(store, secure).into_make_service_with_connect_info::<SocketAddr>();
    let (told, tell) = tokio::sync::oneshot::channel();
    let server = axum::serve(listener, pages).with_graceful_shutdown(async move {
        stop.await;
        let _ = told.send(());
    });
    let overdue = async {
        // An error means that the server ended by itself, and then nothing is overdue.
        if tell.await.is_ok() {
            tokio::time::sleep(LAST).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        ended = server => ended,
        () = overdue => Ok(()),
    }
}
