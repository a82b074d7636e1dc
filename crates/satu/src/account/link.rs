//! Links that give an account its password, once.

use jiff::{SignedDuration, Timestamp};
use satu_store::accounts::Accounts;
use satu_web::new_link;

use crate::Failure;
use crate::database::refused;

/// Makes a link of an account, or of the first where there is none yet. It is told here alone: the
/// database keeps its hash.
pub async fn made(
    accounts: &Accounts,
    account: Option<i64>,
    lasts: SignedDuration,
    base: &str,
) -> Result<String, Failure> {
    let (token, link) = new_link(base).map_err(|error| {
        Failure::new(
            &error,
            "The machine gives no random numbers; nothing was changed.",
        )
    })?;
    let now = Timestamp::now();
    accounts
        .make_link(account, &token, now + lasts, now)
        .await
        .map_err(|error| refused(&error))?;
    Ok(link)
}
