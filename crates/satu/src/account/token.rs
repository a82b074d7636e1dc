//! Tokens by which programs ask as an account.

use jiff::{SignedDuration, Timestamp};
use satu_registry::four_eyes::OPERATOR;
use satu_store::Store;

use super::named;
use crate::Failure;
use crate::client::lines;
use crate::database::refused;

/// Makes a token, which nobody can read again.
pub async fn made(store: &Store, login: &str, name: &str, days: u16) -> Result<String, Failure> {
    let accounts = store.accounts();
    let account = named(&accounts, login).await?;
    let hint = "The machine gives no randomness; try again.";
    let token = satu_web::secret().map_err(|error| Failure::new(&error, hint))?;
    let until = Timestamp::now() + SignedDuration::from_hours(24 * i64::from(days));
    let issued = store.make_token(&account, &token, name, until, OPERATOR);
    issued.await.map_err(|error| refused(&error))?;
    Ok(format!("{token}\n"))
}

/// Makes every token of an account useless.
pub async fn ended(store: &Store, login: &str) -> Result<String, Failure> {
    let accounts = store.accounts();
    let account = named(&accounts, login).await?;
    let count = store.end_tokens(&account, OPERATOR).await;
    let count = count.map_err(|error| refused(&error))?;
    Ok(format!("{count} tokens are useless now\n"))
}

/// What was done to the tokens of an account.
pub async fn history(store: &Store, login: &str) -> Result<String, Failure> {
    let account = named(&store.accounts(), login).await?;
    let all = store.token_history(&account.login).await;
    Ok(lines(&all.map_err(|error| refused(&error))?))
}
