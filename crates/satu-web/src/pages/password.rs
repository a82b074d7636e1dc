//! `/akun/sandi`: another password for the own account.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::{SignedDuration, Timestamp};
use satu_store::accounts::{Account, AccountError, Means};
use serde::Deserialize;

use super::sign_in::{keys, machine, signed_in};
use crate::app::App;
use crate::asker::Asker;
use crate::form::Posted;
use crate::page::{self, Answer, Failure, Page, Viewer};
use crate::password::{Owner, SHORTEST};
use crate::trying::{Tried, tried};

#[derive(Template)]
#[template(path = "own_password.html")]
struct Shown<'a> {
    page: &'a Viewer,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub struct Asked {
    sandi: String,
    baru: String,
    ulang: String,
}

pub async fn ask(State(app): State<App>, viewer: Viewer) -> Answer {
    if !app.accounts().has_password(viewer.account().id).await? {
        return Ok(Redirect::to("/akun").into_response());
    }
    page::show(&Shown {
        page: &viewer,
        problem: None,
    })
}

/// Gives the account the new password; every session ends but this browser's, which goes on under a
/// new token.
pub async fn change(
    State(app): State<App>,
    viewer: Viewer,
    asker: Asker,
    Posted(asked): Posted<Asked>,
) -> Answer {
    let account = viewer.account();
    let again = |problem: String| -> Answer {
        let form = Shown {
            page: &viewer,
            problem: Some(problem),
        };
        let form = page::show(&form)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, form).into_response())
    };
    // An account that its provider alone signs in gets a first password by a link.
    if !app.accounts().has_password(account.id).await? {
        return Err(Failure::Forbidden);
    }
    if asked.baru != asked.ulang {
        return again(viewer.t.passwords_differ().to_owned());
    }
    if let Err(problem) = still_theirs(&app, &viewer, &asker, asked.sandi).await? {
        return again(problem);
    }
    let owner = Owner::new(&account.login, &account.name, &account.role);
    let hash = match chosen(&app, &viewer, asked.baru, owner).await? {
        Ok(hash) => hash,
        Err(problem) => return again(problem),
    };
    match app.accounts().set_password(&account.login, &hash).await {
        Ok(()) => {}
        Err(AccountError::Store(error)) => return Err(error.into()),
        Err(error) => return Err(machine(error)),
    }
    tracing::info!(target: "security", login = account.login, "changed the password");
    let to = Redirect::to("/akun?sandi").into_response();
    let how = Means::Password.into();
    signed_in(&app, &viewer, &asker, account, &how, to).await
}

/// The hash of a password that somebody chose; else what to tell them.
pub async fn chosen(
    app: &App,
    page: &Page,
    password: String,
    owner: Owner,
) -> Result<Result<String, String>, Failure> {
    match app.passwords().new_hash(password, owner).await {
        Ok(hash) => Ok(Ok(hash)),
        Err(error) => match page.t.password_problem(&error) {
            Some(problem) => Ok(Err(problem)),
            None => Err(machine(error)),
        },
    }
}

/// How lately somebody without a password must have come from the provider to change how they sign in.
const LATELY: SignedDuration = SignedDuration::from_mins(10);

/// A form that asks for the password again, where the account has one.
#[derive(Deserialize)]
pub struct Again {
    #[serde(default)]
    pub sandi: String,
}

/// Whether the one at the keys knows the account's password, or, where it has none, came from the
/// provider a moment ago; else what to tell them. Guesses wait as
/// they do at the sign-in.
pub async fn still_theirs(
    app: &App,
    viewer: &Viewer,
    asker: &Asker,
    password: String,
) -> Result<Result<(), String>, Failure> {
    let Account { id, login, .. } = viewer.account();
    if !app.accounts().has_password(*id).await? {
        return Ok(lately(app, viewer).await?.then_some(()).ok_or_else(|| {
            let name = app.provider_name().unwrap_or_default();
            viewer.t.sso_again(name)
        }));
    }
    let keys = keys(app, asker, login).await?;
    Ok(match tried(app, &keys, login, password).await? {
        Tried::Right(_) => Ok(()),
        Tried::Waits(left) => Err(viewer.t.sign_in_wait(left.as_secs() + 1)),
        Tried::Busy => Err(viewer.t.sign_in_busy().to_owned()),
        Tried::Wrong(_) => {
            tracing::info!(target: "security",
                login,
                address = asker.address_text(),
                "refused a password that was asked again"
            );
            Err(viewer.t.password_wrong().to_owned())
        }
    })
}

/// Whether the viewer's session was opened through the provider a moment ago, and, where the provider
/// must say so, they were asked a moment ago who they are: a session there opens one here unasked.
async fn lately(app: &App, viewer: &Viewer) -> Result<bool, Failure> {
    let Some(token) = viewer.token() else {
        return Ok(false);
    };
    let how = app.accounts().how(token.as_str()).await?;
    Ok(how.is_some_and(|(how, opened)| {
        let at = how.asked_at.unwrap_or(opened);
        how.means != Means::Password && Timestamp::now().duration_since(at) < LATELY
    }))
}
