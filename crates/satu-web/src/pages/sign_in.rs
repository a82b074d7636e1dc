//! `/masuk` and `/keluar`: the password, then the second factor where there is one.

use std::time::Instant;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use jiff::Timestamp;
use satu_store::accounts::{Account, How, Means, Second, hashed};
use serde::Deserialize;

use super::sso::after_leaving;
use crate::app::App;
use crate::asker::Asker;
use crate::cookie;
use crate::form::{Nothing, Posted};
use crate::page::{self, Answer, Failure, Page, encoded, safe};
use crate::slow::Key;
use crate::token::Token;
use crate::totp;
use crate::trying::{Tried, tried};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn<'a> {
    page: &'a Page,
    back: &'a str,
    login: &'a str,
    /// What the provider is called through which one signs in too.
    provider: Option<&'a str>,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "code.html")]
struct Code<'a> {
    page: &'a Page,
    back: &'a str,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    pub kembali: String,
}

#[derive(Deserialize)]
pub struct Asked {
    nama: String,
    sandi: String,
    #[serde(default)]
    kembali: String,
}

#[derive(Deserialize)]
pub struct Typed {
    kode: String,
    #[serde(default)]
    kembali: String,
}

pub fn machine(error: impl std::fmt::Display) -> Failure {
    Failure::Fault(error.to_string())
}

/// Answers with a cookie beside the page.
pub fn with_token(app: &App, token: &Token, response: Response) -> Answer {
    let cookie = cookie::set_token(token, app.secure());
    let cookie = cookie.ok_or_else(|| machine("a token that is no header"))?;
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), response).into_response())
}

/// The form. A browser without a token gets one, so that the form can be told to be its own.
pub async fn ask(State(app): State<App>, page: Page, Query(back): Query<Back>) -> Answer {
    let back = safe(&back.kembali);
    if page.account.is_some() {
        return Ok(Redirect::to(back).into_response());
    }
    given_token(&app, page, |page| {
        page::show(&SignIn {
            page,
            back,
            login: "",
            provider: app.provider_name(),
            problem: None,
        })
    })
}

/// A page with a form, for a browser that may have no token yet.
pub fn given_token(app: &App, page: Page, form: impl FnOnce(&Page) -> Answer) -> Answer {
    if page.token().is_some() {
        return form(&page);
    }
    let token = Token::new().map_err(machine)?;
    with_token(app, &token, form(&page.with(token.clone()))?)
}

/// What a sign-in waits for: a browser that knows this login waits for its own failures alone.
pub(super) async fn keys(app: &App, asker: &Asker, login: &str) -> Result<Vec<Key>, Failure> {
    if let Some(known) = &asker.known {
        let now = Timestamp::now();
        let knows = app.accounts().knows_browser(login, known.as_str(), now);
        if knows.await? {
            return Ok(vec![Key::Browser(login.to_owned(), hashed(known.as_str()))]);
        }
    }
    let place = asker.place();
    Ok(vec![
        Key::Address(place),
        Key::Login(login.to_owned(), place),
    ])
}

/// Takes the password. A right one signs in, or leads to the second factor.
pub async fn enter(
    State(app): State<App>,
    page: Page,
    asker: Asker,
    Posted(asked): Posted<Asked>,
) -> Answer {
    let login = asked.nama.trim().to_lowercase();
    let again = |status: StatusCode, problem: String| -> Answer {
        let form = SignIn {
            page: &page,
            back: safe(&asked.kembali),
            login: &login,
            provider: app.provider_name(),
            problem: Some(problem),
        };
        Ok((status, page::show(&form)?).into_response())
    };
    let keys = keys(&app, &asker, &login).await?;
    let account = match tried(&app, &keys, &login, asked.sandi).await? {
        Tried::Right(account) => account,
        Tried::Waits(left) => {
            let problem = page.t.sign_in_wait(left.as_secs() + 1);
            return again(StatusCode::TOO_MANY_REQUESTS, problem);
        }
        Tried::Busy => {
            let problem = page.t.sign_in_busy().to_owned();
            return again(StatusCode::SERVICE_UNAVAILABLE, problem);
        }
        Tried::Wrong(login) => {
            let address = asker.address_text();
            tracing::info!(target: "security", login, address, "refused a password");
            let problem = page.t.sign_in_wrong().to_owned();
            return again(StatusCode::UNPROCESSABLE_ENTITY, problem);
        }
    };
    entered(
        &app,
        &page,
        &asker,
        &account,
        &Means::Password.into(),
        &asked.kembali,
    )
    .await
}

/// Signs in somebody who has shown by some means who they are, or asks for the second factor.
pub async fn entered(
    app: &App,
    page: &Page,
    asker: &Asker,
    account: &Account,
    how: &How,
    back: &str,
) -> Answer {
    let back = safe(back);
    let enough = how.means == Means::ProviderTwice;
    if enough || app.accounts().second(account.id).await?.is_none() {
        let to = Redirect::to(back).into_response();
        return signed_in(app, page, asker, account, how, to).await;
    }
    let to = format!("/masuk/kode?kembali={}", encoded(back));
    let token = opened(app, page, asker, account, how, true).await?;
    with_token(app, &token, Redirect::to(&to).into_response())
}

/// Asks for the second factor.
pub async fn ask_code(State(app): State<App>, page: Page, Query(back): Query<Back>) -> Answer {
    if awaiting(&app, &page).await?.is_none() {
        return Ok(Redirect::to("/masuk").into_response());
    }
    page::show(&Code {
        page: &page,
        back: safe(&back.kembali),
        problem: None,
    })
}

/// Takes the second factor, and signs in.
pub async fn enter_code(
    State(app): State<App>,
    page: Page,
    asker: Asker,
    Posted(typed): Posted<Typed>,
) -> Answer {
    let Some((account, second)) = awaiting(&app, &page).await? else {
        return Ok(Redirect::to("/masuk").into_response());
    };
    let again = |status: StatusCode, problem: String| -> Answer {
        let form = Code {
            page: &page,
            back: safe(&typed.kembali),
            problem: Some(problem),
        };
        Ok((status, page::show(&form)?).into_response())
    };
    let wrong = || {
        tracing::info!(target: "security",
            login = account.login,
            address = asker.address_text(),
            "refused a code"
        );
        let problem = page.t.code_wrong().to_owned();
        again(StatusCode::UNPROCESSABLE_ENTITY, problem)
    };
    // A recovery code is beyond guessing: it need not wait.
    if let Some(code) = totp::recovery_code(&typed.kode) {
        if !app.accounts().take_code(account.id, &code).await? {
            return wrong();
        }
    } else {
        let keys = [Key::Code(account.id)];
        let left = app.slow().left(&keys, Instant::now());
        if !left.is_zero() {
            let problem = page.t.sign_in_wait(left.as_secs() + 1);
            return again(StatusCode::TOO_MANY_REQUESTS, problem);
        }
        let trying = app.slow().trying(&keys, Instant::now());
        if !taken(&app, &account, &second.nonce, &typed.kode).await? {
            trying.wrong();
            return wrong();
        }
        trying.right();
    }
    let how = match page.token() {
        Some(token) => app.accounts().how(token.as_str()).await?,
        None => None,
    };
    let how = how.map(|(how, _)| how).unwrap_or_default();
    let to = Redirect::to(safe(&typed.kembali)).into_response();
    signed_in(&app, &page, &asker, &account, &how, to).await
}

/// Whose sign-in this browser has begun.
async fn awaiting(app: &App, page: &Page) -> Result<Option<(Account, Second)>, Failure> {
    let Some(token) = page.token() else {
        return Ok(None);
    };
    let account = app.accounts().awaiting(token.as_str(), Timestamp::now());
    let Some(account) = account.await? else {
        return Ok(None);
    };
    let second = app.accounts().second(account.id).await?;
    Ok(second.map(|second| (account, second)))
}

/// Whether a typed code is the present one and was not taken before.
async fn taken(app: &App, account: &Account, nonce: &str, typed: &str) -> Result<bool, Failure> {
    let Some(code) = totp::digits(typed) else {
        return Ok(false);
    };
    let key = app.key().map_err(machine)?;
    let secret = key.secret(account.id, nonce).map_err(machine)?;
    match secret.step(&code, Timestamp::now()).map_err(machine)? {
        Some(step) => Ok(app.accounts().take_step(account.id, step).await?),
        None => Ok(false),
    }
}

/// Opens a session under a new token; the browser's earlier one ends.
async fn opened(
    app: &App,
    page: &Page,
    asker: &Asker,
    account: &Account,
    how: &How,
    awaits: bool,
) -> Result<Token, Failure> {
    if let Some(old) = page.token() {
        app.accounts().close_session(old.as_str()).await?;
    }
    let token = Token::new().map_err(machine)?;
    let (address, now) = (asker.address_text(), Timestamp::now());
    let browser = asker.browser(&address);
    app.accounts()
        .open_session_by(account.id, token.as_str(), browser, how, awaits, now)
        .await?;
    Ok(token)
}

/// Signs in for good, and knows the browser from now on.
pub async fn signed_in(
    app: &App,
    page: &Page,
    asker: &Asker,
    account: &Account,
    how: &How,
    to: Response,
) -> Answer {
    let token = opened(app, page, asker, account, how, false).await?;
    tracing::info!(target: "security",
        login = account.login,
        address = asker.address_text(),
        means = ?how.means,
        "signed in"
    );
    let (accounts, now) = (app.accounts(), Timestamp::now());
    let known = match &asker.known {
        Some(known)
            if accounts
                .knows_browser(&account.login, known.as_str(), now)
                .await? =>
        {
            known.clone()
        }
        _ => Token::new().map_err(machine)?,
    };
    accounts
        .know_browser(account.id, known.as_str(), now)
        .await?;
    let cookie = cookie::set_known(&known, app.secure());
    let cookie = cookie.ok_or_else(|| machine("a token that is no header"))?;
    let response = (AppendHeaders([(header::SET_COOKIE, cookie)]), to).into_response();
    with_token(app, &token, response)
}

/// Signs out.
pub async fn leave(
    State(app): State<App>,
    page: Page,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let mut how = None;
    if let Some(token) = page.token() {
        how = app.accounts().how(token.as_str()).await?;
        app.accounts().close_session(token.as_str()).await?;
        let login = page.account.as_ref().map(|account| &account.login);
        tracing::info!(target: "security", login, "signed out");
    }
    let cookie = cookie::forget_token(app.secure());
    let cookie = cookie.ok_or_else(|| machine("a cookie that is no header"))?;
    // What the browser still holds of the pages goes too; the language it may keep.
    let cleared = HeaderValue::from_static("\"cache\", \"storage\"");
    let forgotten = [
        (header::SET_COOKIE, cookie),
        (HeaderName::from_static("clear-site-data"), cleared),
    ];
    let to = after_leaving(&app, how.map(|(how, _)| how.means));
    Ok((forgotten, to).into_response())
}
