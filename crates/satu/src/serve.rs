//! `satu serve`: the site.

use std::net::SocketAddr;
use std::process::ExitCode;

use satu_store::Store;
use tokio::net::TcpListener;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::Failure;
use crate::database::{Database, refused};

/// Serve the site.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    database: Database,
}

/// Where the site is reached.
#[derive(clap::Args)]
pub struct Listen {
    /// Where to listen. Beyond this machine only behind a proxy that speaks HTTPS.
    #[arg(long, default_value = "127.0.0.1:8017")]
    listen: SocketAddr,
}

impl Listen {
    /// Takes the address.
    pub async fn listener(&self) -> Result<TcpListener, Failure> {
        TcpListener::bind(self.listen)
            .await
            .map_err(|error| Failure {
                message: format!("cannot listen on {}: {error}", self.listen),
                hint: "Choose another address: --listen 127.0.0.1:8018".to_owned(),
            })
    }
}

/// Serves a database that is there.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    args.database.with_existing(async |store| {
        let accounts = store.accounts().list().await;
        if accounts.map_err(|error| refused(&error))?.is_empty() {
            eprintln!(
                "Nobody can sign in yet. Make the first account in another window:\n  \
                 satu account add LOGIN --role walidata --name \"NAME\""
            );
        }
        on(store, args.listen.listener().await?).await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Serves a database until the process is told to stop. What is logged goes to standard error;
/// `RUST_LOG` says how much.
pub async fn on(store: Store, listener: TcpListener) -> Result<(), Failure> {
    let failed =
        |error: &std::io::Error| Failure::new(error, "The site has stopped; start it again.");
    let wanted = std::env::var("RUST_LOG").ok();
    let level = wanted
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| Targets::new().with_default(LevelFilter::WARN));
    let written = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    // Refused where a subscriber already is, which then does the work.
    let _ = tracing_subscriber::registry()
        .with(written.with_filter(level))
        .try_init();
    let address = listener.local_addr().map_err(|error| failed(&error))?;
    eprintln!("http://{address} (Ctrl-C stops)");
    satu_web::serve(store, listener, told_to_stop())
        .await
        .map_err(|error| failed(&error))
}

/// Waits for Ctrl-C or, from a service manager, SIGTERM.
async fn told_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
