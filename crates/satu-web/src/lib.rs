//! The pages: server-rendered, in Indonesian and English, without a need for JavaScript.
//!
//! A request passes [`guard`] (size, time, headers, log), then [`page`] finds out who asks and in
//! which language, then one handler of [`pages`] answers. A handler reaches the register only
//! through a [`page::Viewer`], and takes a form only as [`form::Posted`].

mod api;
mod app;
mod arriving;
mod asker;
mod caller;
mod columns;
mod comparisons;
mod cookie;
mod export;
mod failure;
mod feed;
mod form;
mod format;
mod guard;
mod links;
mod mask;
mod oidc;
mod open;
mod openings;
pub mod outgoing;
mod page;
mod pager;
mod pages;
pub mod password;
mod problem;
mod rate;
mod refusal;
mod serving;
mod settings;
mod siasn;
mod slow;
mod standing;
pub mod texts;
mod timeline;
mod token;
mod totp;
mod trying;
mod unreadable;
mod uploads;
mod webhooks;
mod words;
mod work;

use std::time::Duration;

use axum::Router;
use satu_store::Store;
use tokio::net::TcpListener;

pub use links::{new_half_link, new_link};
pub use mask::masked;
pub use oidc::{OidcError, OidcSettings};
pub use pages::list as addresses;
pub use serving::Patience;
pub use settings::{Settings, SiteAddress};
pub use texts::Lang;

/// How long requests under way may take once the server is told to stop.
const LAST: Duration = Duration::from_secs(10);

/// Every page, over a database.
pub fn router(store: Store, settings: Settings) -> Router {
    pages_of(app::App::new(store, settings))
}

fn pages_of(app: app::App) -> Router {
    guard::around(pages::routes(app.clone()), app)
}

/// A new secret: 256 random bits in hexadecimal; an error where the machine has no randomness.
pub fn secret() -> std::io::Result<String> {
    Ok(token::Token::new()?.as_str().to_owned())
}

/// Serves the pages on a listener until `stop` is done, the requests under way are answered, and what
/// they opened is on the record of looks.
/// On an address of this machine alone plain HTTP is allowed; on any other, and wherever the site
/// has an address of its own, a proxy that speaks HTTPS must stand before it.
pub async fn serve(
    store: Store,
    listener: TcpListener,
    mut settings: Settings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let loopback = listener.local_addr()?.ip().is_loopback();
    settings.secure |= settings.site.is_some() || !loopback;
    let telling = webhooks::run(store.clone(), settings.clone());
    let patience = settings.patience;
    let app = app::App::new(store.clone(), settings);
    let arriving = api::uploads::go_on(app.clone(), store);
    let (told, tell) = tokio::sync::oneshot::channel();
    let opened = app.clone();
    let noting = async move { opened.openings().go_on().await };
    let server = serving::serve(listener, pages_of(app.clone()), patience, async move {
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
    let background = [
        tokio::spawn(telling),
        tokio::spawn(arriving),
        tokio::spawn(noting),
    ];
    tokio::select! {
        () = server => {}
        () = overdue => {}
    }
    for one in background {
        one.abort();
    }
    app.openings().write().await.map_err(|error| {
        let told = "records that were opened are missing from the record of looks";
        std::io::Error::other(format!("{told}: {error}"))
    })
}
