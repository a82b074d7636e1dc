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

/// Tries a password of a login. What was not compared, or was broken off, was no guess
/// and is not counted.
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
    let trying = app.slow().trying(keys, Instant::now());
    let tried = compared(app, login, password).await;
    match &tried {
        Ok(Tried::Right(_)) => trying.right(),
        Ok(Tried::Wrong(_)) => trying.wrong(),
        Ok(Tried::Busy | Tried::Waits(_)) | Err(_) => drop(trying),
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

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use satu_store::accounts::Role;
    use satu_store::{KeyPlace, Store};

    use super::{Tried, tried};
    use crate::app::App;
    use crate::slow::Key;
    use crate::{Settings, password};

    const PASSWORD: &str = "empat kata yang lepas";

    /// A browser that is clicked again, a proxy that does not wait so long: nobody guessed.
    #[tokio::test]
    async fn a_try_that_is_broken_off_is_no_guess() {
        let folder = tempfile::tempdir().unwrap();
        let [file, key] = ["satu.db", "key"].map(|name| folder.path().join(name));
        let key = KeyPlace::File(key);
        let store = Store::open(file.to_str().unwrap(), &key).await.unwrap();
        let app = App::new(store, Settings::default());
        let hash = password::hash(PASSWORD).unwrap();
        let made = app.accounts().add("satu", "Satu", Role::Walidata, &hash);
        made.await.unwrap();
        let keys = [Key::Login("satu".into(), None), Key::Address(None)];
        let held = app.passwords().all_turns().await;
        let broken_off = async || {
            let one = tried(&app, &keys, "satu", PASSWORD.to_owned());
            let told = tokio::time::timeout(Duration::from_millis(200), one).await;
            assert!(told.is_err(), "it waits for its turn");
        };
        for _ in 0..6 {
            broken_off().await;
        }
        assert!(app.slow().left(&keys, Instant::now()).is_zero());
        // Who has waited for what failed before does not wait again.
        let past = Instant::now().checked_sub(Duration::from_secs(10)).unwrap();
        for _ in 0..6 {
            app.slow().failed(&keys, past);
        }
        broken_off().await;
        assert!(app.slow().left(&keys, Instant::now()).is_zero());
        drop(held);
        let told = tried(&app, &keys, "satu", PASSWORD.to_owned()).await;
        assert!(matches!(told, Ok(Tried::Right(_))));
    }
}
