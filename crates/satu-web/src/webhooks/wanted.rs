//! Adding an address and turning its secret, as programs over the API and people on the site do it alike.

use jiff::{SignedDuration, Timestamp};
use satu_store::StoreError;
use satu_store::changes::ChangeKind;
use satu_store::webhooks::{MOST, Webhooks};

use super::sign;
use super::target::{self, TargetError};
use crate::app::App;
use crate::totp;

/// How long a secret stays good beside the one that follows it.
const BOTH: SignedDuration = SignedDuration::from_hours(24);

/// Why an address is not added, or has no new secret.
#[derive(Debug, thiserror::Error)]
pub enum WantedError {
    /// It is not called.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// There is no such kind of change.
    #[error("there is no such kind of change")]
    Kind,
    /// The program has as many as it may.
    #[error("at most {MOST} addresses")]
    Many,
    /// The machine made no secret.
    #[error("a secret cannot be made: {0}")]
    Secret(#[from] std::io::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds an address for a program, told of changes of these kinds, or of all; its number, and its secret
/// as it is shown once.
pub async fn add(
    app: &App,
    hooks: &Webhooks,
    client: i64,
    url: &str,
    kinds: impl Iterator<Item = &str>,
) -> Result<(i64, String), WantedError> {
    target::read(url, app.settings().private_webhooks)?;
    let named = kinds.map(|name| ChangeKind::from_name(name).map(ChangeKind::name));
    let names: Option<Vec<&str>> = named.collect();
    let names = names.ok_or(WantedError::Kind)?.join(" ");
    let nonce = totp::nonce()?;
    let secret = secret(app, &nonce)?;
    let added = hooks.add(client, url, &names, &nonce, Timestamp::now());
    Ok((added.await?.ok_or(WantedError::Many)?, secret))
}

/// Gives an address a new secret; until when the one before signs beside it.
pub async fn turn(
    app: &App,
    hooks: &Webhooks,
    id: i64,
) -> Result<(String, Timestamp), WantedError> {
    let nonce = totp::nonce()?;
    let secret = secret(app, &nonce)?;
    let until = Timestamp::now() + BOTH;
    hooks.rotate(id, &nonce, until).await?;
    Ok((secret, until))
}

fn secret(app: &App, nonce: &str) -> Result<String, WantedError> {
    Ok(sign::shown(&sign::secret(&app.key()?, nonce)?))
}
