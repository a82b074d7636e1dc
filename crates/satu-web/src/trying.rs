//! A login and a password, held against the account: guesses wait.

use std::time::{Duration, Instant};

use satu_store::accounts::Account;

use crate::app::App;
use crate::page::Failure;
use crate::password::PasswordError;
use crate::slow::Key;

/// What came of a try.
pub enum Tried {
    /// Too many failed before: how long to wait.
    Waits(Duration),
    /// Too many are tried at this moment; nothing was compared.
    Busy,
    /// It is not the account's; its login, where somebody has it.
    Wrong(Option<String>),
    /// It is.
    Right(Account),
}

/// Tries a password of a login. What was not compared was no guess and is not counted.
pub async fn tried(
    app: &App,
    keys: &[Key],
    login: &str,
    password: String,
) -> Result<Tried, Failure> {
    let left = app.slow().left(keys, Instant::now());
    if !left.is_zero() {
        return Ok(Tried::Waits(left));
    }
    // Counted before the hashing, so that guesses sent all at once are counted too.
    app.slow().failed(keys, Instant::now());
    let tried = compared(app, login, password).await;
    match &tried {
        Ok(Tried::Right(_)) => app.slow().succeeded(keys),
        Ok(Tried::Wrong(_)) => {}
        Ok(Tried::Busy | Tried::Waits(_)) | Err(_) => app.slow().taken_back(keys),
    }
    tried
}

async fn compared(app: &App, login: &str, password: String) -> Result<Tried, Failure> {
    let (account, hash) = app.accounts().find(login).await?.unzip();
    match (app.passwords().fits(password, hash).await, account) {
        (Ok(true), Some(account)) => Ok(Tried::Right(account)),
        // Of a login that is nobody's the name is told to nobody: it may be a password in the wrong field.
        (Ok(_), account) => Ok(Tried::Wrong(account.map(|account| account.login))),
        (Err(PasswordError::Busy), _) => Ok(Tried::Busy),
        (Err(error), _) => Err(Failure::Fault(error.to_string())),
    }
}
