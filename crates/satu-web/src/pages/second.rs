//! `/akun/kedua`: the second factor of the own account.

use std::fmt::Write;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use qrcode::{Color, QrCode};
use serde::Deserialize;

use super::password::still_theirs;
use super::sign_in::machine;
use crate::app::App;
use crate::asker::Asker;
use crate::form::Posted;
use crate::page::{self, Answer, Failure, Viewer};
use crate::token::Token;
use crate::totp;

/// White modules around a picture, so that cameras find it (ISO/IEC 18004 asks four).
const QUIET: usize = 4;

/// The second factor that an account has.
#[derive(Template)]
#[template(path = "second.html")]
struct Shown<'a> {
    page: &'a Viewer,
    codes: i64,
    /// Whether the account has a password to ask for.
    password: bool,
    problem: Option<String>,
}

/// The one that it may have.
#[derive(Template)]
#[template(path = "second_new.html")]
struct New<'a> {
    page: &'a Viewer,
    nonce: &'a str,
    /// The secret in groups of four.
    secret: String,
    picture: Picture,
    /// Whether the account is of no use without.
    required: bool,
    /// Whether the account has a password to ask for.
    password: bool,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "second_codes.html")]
struct Codes<'a> {
    page: &'a Viewer,
    codes: Vec<String>,
}

/// A QR code as the path of an SVG picture.
struct Picture {
    /// Modules of a side, the quiet ones with it.
    side: usize,
    path: String,
}

#[derive(Deserialize)]
pub struct Asked {
    benih: String,
    kode: String,
    #[serde(default)]
    sandi: String,
}

#[derive(Deserialize)]
pub struct Password {
    #[serde(default)]
    sandi: String,
}

/// The second factor as it is, or one to be taken.
pub async fn show(State(app): State<App>, viewer: Viewer) -> Answer {
    match app.accounts().second(viewer.account().id).await? {
        Some(second) => page::show(&Shown {
            page: &viewer,
            codes: second.codes,
            password: app.accounts().has_password(viewer.account().id).await?,
            problem: None,
        }),
        None => form(&app, &viewer, &totp::nonce().map_err(machine)?, None).await,
    }
}

/// The form: nothing is kept before a code shows that the authenticator has the secret.
async fn form(app: &App, viewer: &Viewer, nonce: &str, problem: Option<String>) -> Answer {
    let account = viewer.account();
    let key = app.key().map_err(machine)?;
    let secret = key.secret(account.id, nonce).map_err(machine)?;
    let text: Vec<char> = secret.text().chars().collect();
    let groups: Vec<String> = text.chunks(4).map(|four| four.iter().collect()).collect();
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let form = page::show(&New {
        page: viewer,
        nonce,
        secret: groups.join(" "),
        picture: picture(&secret.address(&account.login))?,
        password: app.accounts().has_password(account.id).await?,
        required: app.settings().asks_factor(&account.role),
        problem,
    })?;
    Ok((status, form).into_response())
}

fn picture(text: &str) -> Result<Picture, Failure> {
    let code = QrCode::new(text).map_err(machine)?;
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate();
    let dark = dark.filter(|(_, color)| *color == Color::Dark);
    let path = dark.fold(String::new(), |mut path, (at, _)| {
        let (x, y) = (at % width + QUIET, at / width + QUIET);
        let _ = write!(path, "M{x} {y}h1v1h-1z");
        path
    });
    Ok(Picture {
        side: width + 2 * QUIET,
        path,
    })
}

/// The token of the session that goes on.
fn own(viewer: &Viewer) -> Option<&str> {
    viewer.token().map(Token::as_str)
}

/// Takes the second factor on, ends the account's other sessions, and shows the recovery codes once.
pub async fn take(
    State(app): State<App>,
    viewer: Viewer,
    asker: Asker,
    Posted(asked): Posted<Asked>,
) -> Answer {
    let account = viewer.account();
    let accounts = app.accounts();
    if !totp::is_nonce(&asked.benih) {
        return Err(Failure::BadRequest);
    }
    if accounts.second(account.id).await?.is_some() {
        return Ok(Redirect::to("/akun/kedua").into_response());
    }
    if let Err(problem) = still_theirs(&app, &viewer, &asker, asked.sandi).await? {
        return form(&app, &viewer, &asked.benih, Some(problem)).await;
    }
    let key = app.key().map_err(machine)?;
    let secret = key.secret(account.id, &asked.benih).map_err(machine)?;
    let step = match totp::digits(&asked.kode) {
        Some(code) => secret.step(&code, Timestamp::now()).map_err(machine)?,
        None => None,
    };
    let Some(step) = step else {
        let problem = viewer.t.code_wrong().to_owned();
        return form(&app, &viewer, &asked.benih, Some(problem)).await;
    };
    let codes = totp::recovery_codes().map_err(machine)?;
    let kept: Vec<String> = codes
        .iter()
        .filter_map(|code| totp::recovery_code(code))
        .collect();
    accounts
        .set_second(account.id, &asked.benih, step, &kept, own(&viewer))
        .await?;
    tracing::info!(target: "security", login = account.login, "took a second factor on, and ended the other sessions");
    page::show(&Codes {
        page: &viewer,
        codes,
    })
}

/// Takes the second factor off, and ends the account's other sessions.
pub async fn remove(
    State(app): State<App>,
    viewer: Viewer,
    asker: Asker,
    Posted(asked): Posted<Password>,
) -> Answer {
    let account = viewer.account();
    let Some(second) = app.accounts().second(account.id).await? else {
        return Ok(Redirect::to("/akun/kedua").into_response());
    };
    if let Err(problem) = still_theirs(&app, &viewer, &asker, asked.sandi).await? {
        let form = page::show(&Shown {
            page: &viewer,
            codes: second.codes,
            password: app.accounts().has_password(account.id).await?,
            problem: Some(problem),
        })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, form).into_response());
    }
    app.accounts()
        .remove_second(account.id, own(&viewer))
        .await?;
    tracing::info!(target: "security", login = account.login, "took the second factor off, and ended the other sessions");
    Ok(Redirect::to("/akun?faktor").into_response())
}
