//! `satu serve`: the site.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use satu_store::Store;
use satu_store::accounts::ANEW;
use satu_web::password::{Breached, Rules};
use satu_web::{OidcSettings, Patience, Settings, SiteAddress};
use tokio::net::TcpListener;

use crate::Failure;
use crate::account::link;
use crate::database::{Database, refused};
use crate::log;

/// Serve the site.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    listen: Listen,
    #[command(flatten)]
    database: Database,
}

/// Where the site is reached, and what the operator says of it.
#[derive(clap::Args)]
pub struct Listen {
    /// Where to listen. Beyond this machine only behind a proxy that speaks HTTPS.
    #[arg(
        long = "listen",
        value_name = "LISTEN",
        default_value = "127.0.0.1:8017"
    )]
    at: SocketAddr,
    /// The address by which browsers reach the site through that proxy: https://HOST. The site then
    /// answers to that name alone, and takes who asks from the proxy's X-Forwarded-For.
    #[arg(long, env = "SATU_SITE")]
    site: Option<SiteAddress>,
    /// Where to report a weakness, for security.txt: mailto:ADDRESS or https://PAGE.
    #[arg(long, value_parser = contact)]
    contact: Option<String>,
    /// Let officers in only with a second factor.
    #[arg(long)]
    second_factor: bool,
    /// Let programs have addresses inside our own network told of changes, and by plain HTTP.
    #[arg(long)]
    private_webhooks: bool,
    /// Let people sign in through an OpenID Connect provider too; the file says which, and who is what
    /// (docs/oidc.md).
    #[arg(long, value_name = "FILE", env = "SATU_OIDC")]
    oidc: Option<PathBuf>,
    #[command(flatten)]
    passwords: Passwords,
}

/// What new passwords are held against.
#[derive(clap::Args)]
pub struct Passwords {
    /// Refuse passwords found in breaches: the file of SHA-1 hashes, ordered by hash, that Have I
    /// Been Pwned publishes.
    #[arg(long, value_name = "FILE")]
    breached: Option<PathBuf>,
}

impl Passwords {
    /// The rules; an error where the file is none of hashes.
    pub fn rules(&self) -> Result<Rules, Failure> {
        let open = |path: &PathBuf| {
            Breached::open(path).map_err(|error| Failure {
                message: format!("{}: {error}", path.display()),
                hint: "Give the file that Have I Been Pwned calls \"SHA-1, ordered by hash\"."
                    .to_owned(),
            })
        };
        Ok(Rules {
            breached: self.breached.as_ref().map(open).transpose()?,
        })
    }
}

fn contact(text: &str) -> Result<String, String> {
    let kinds = ["mailto:", "https:", "tel:"];
    if kinds.iter().any(|kind| text.starts_with(kind)) && text.bytes().all(|b| b.is_ascii_graphic())
    {
        return Ok(text.to_owned());
    }
    Err("give mailto:ADDRESS, https://PAGE or tel:NUMBER".to_owned())
}

impl Listen {
    /// Takes the address.
    pub async fn listener(&self) -> Result<TcpListener, Failure> {
        TcpListener::bind(self.at).await.map_err(|error| Failure {
            message: format!("cannot listen on {}: {error}", self.at),
            hint: "Choose another address: --listen 127.0.0.1:8018".to_owned(),
        })
    }

    /// What the operator says of the site.
    pub fn settings(&self) -> Result<Settings, Failure> {
        let oidc = |path: &PathBuf| {
            OidcSettings::read(path).map_err(|error| Failure {
                message: format!("{}: {error}", path.display()),
                hint: error.hint().to_owned(),
            })
        };
        Ok(Settings {
            site: self.site.clone(),
            contact: self.contact.clone(),
            passwords: self.passwords.rules()?,
            second_factor: self.second_factor,
            private_webhooks: self.private_webhooks,
            oidc: self.oidc.as_ref().map(oidc).transpose()?,
            secure: false,
            patience: Patience::default(),
        })
    }

    /// What stands before the path of any page, for somebody at this machine.
    fn base(&self) -> String {
        match &self.site {
            Some(site) => site.base(),
            None if self.at.ip().is_unspecified() => {
                format!("http://127.0.0.1:{}", self.at.port())
            }
            None => format!("http://{}", self.at),
        }
    }
}

/// Serves a database that is there. Where it has no account, the first is made by a link that is
/// printed once.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let settings = args.listen.settings()?;
    args.database.with_existing(async |store| {
        let listener = args.listen.listener().await?;
        let accounts = store.accounts();
        if accounts.none().await.map_err(|error| refused(&error))? {
            let link = link::made(&accounts, None, ANEW, &args.listen.base()).await?;
            eprintln!(
                "Nobody can sign in yet. This link makes the first account, a central officer's (walidata), once, within 24 hours:\n  {link}"
            );
        }
        on(store, listener, settings).await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Serves a database until the process is told to stop.
pub async fn on(store: Store, listener: TcpListener, settings: Settings) -> Result<(), Failure> {
    let failed =
        |error: &std::io::Error| Failure::new(error, "The site has stopped; start it again.");
    log::begin();
    let address = listener.local_addr().map_err(|error| failed(&error))?;
    eprintln!("http://{address} (Ctrl-C stops)");
    satu_web::serve(store, listener, settings, told_to_stop())
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
