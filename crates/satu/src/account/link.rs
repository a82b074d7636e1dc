//! Links that give an account its password, once.

use jiff::{SignedDuration, Timestamp};
use satu_registry::four_eyes::{OPERATOR, propose_link};
use satu_store::Store;
use satu_store::accounts::{Account, Accounts};
use satu_web::{new_half_link, new_link};

use crate::database::refused;
use crate::{Failure, four_eyes};

/// Makes a link of an account, or of the first where there is none yet. It is told here alone: the
/// database keeps its hash.
pub async fn made(
    accounts: &Accounts,
    account: Option<i64>,
    lasts: SignedDuration,
    base: &str,
) -> Result<String, Failure> {
    let (token, link) = new_link(base).map_err(|error| no_random(&error))?;
    let now = Timestamp::now();
    accounts
        .make_link(account, &token, now + lasts, now)
        .await
        .map_err(|error| refused(&error))?;
    Ok(link)
}

/// Where a new password needs a second person, proposes it: what to print, with the part of the link
/// that is for its owner. The other part whoever approves it gets.
pub async fn half(store: &Store, account: &Account, base: &str) -> Result<Option<String>, Failure> {
    let (half, link) = new_half_link(base).map_err(|error| no_random(&error))?;
    let reason = "the owner needs a new password";
    let taken = propose_link(store, account, &half, OPERATOR, reason).await;
    let taken = taken.map_err(|error| four_eyes::failed(&error))?;
    Ok(taken.map(|taken| format!("{link}\n{}", four_eyes::waiting(taken.number()))))
}

fn no_random(error: &std::io::Error) -> Failure {
    let hint = "The machine gives no random numbers; nothing was changed.";
    Failure::new(error, hint)
}
