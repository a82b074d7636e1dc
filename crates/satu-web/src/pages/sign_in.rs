//! `/masuk` and `/keluar`.

use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

use askama::Template;
use axum::extract::{ConnectInfo, Extension, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use serde::Deserialize;

use crate::app::App;
use crate::cookie;
use crate::form::{Nothing, Posted};
use crate::page::{self, Answer, Failure, Page, safe};
use crate::password::PasswordError;
use crate::token::Token;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn<'a> {
    page: &'a Page,
    back: &'a str,
    login: &'a str,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    kembali: String,
}

#[derive(Deserialize)]
pub struct Asked {
    nama: String,
    sandi: String,
    #[serde(default)]
    kembali: String,
}

fn machine(error: impl std::fmt::Display) -> Failure {
    Failure::Fault(error.to_string())
}

/// Answers with a cookie beside the page.
fn with_token(app: &App, token: &Token, response: Response) -> Answer {
    let cookie = cookie::set_token(token, app.secure());
    let cookie = cookie.ok_or_else(|| machine("a token that is no header"))?;
    Ok(([(header::SET_COOKIE, cookie)], response).into_response())
}

/// The form. A browser without a token gets one, so that the form can be told to be its own.
pub async fn ask(State(app): State<App>, page: Page, Query(back): Query<Back>) -> Answer {
    let back = safe(&back.kembali);
    if page.account.is_some() {
        return Ok(Redirect::to(back).into_response());
    }
    let form = |page: &Page| {
        page::show(&SignIn {
            page,
            back,
            login: "",
            problem: None,
        })
    };
    if page.token().is_some() {
        return form(&page);
    }
    let token = Token::new().map_err(machine)?;
    with_token(&app, &token, form(&page.with(token.clone()))?)
}

/// Signs in, under a new token.
pub async fn enter(
    State(app): State<App>,
    page: Page,
    from: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Posted(asked): Posted<Asked>,
) -> Answer {
    let from: Option<IpAddr> = from.map(|Extension(ConnectInfo(address))| address.ip());
    let login = asked.nama.trim().to_lowercase();
    let again = |status: StatusCode, problem: String| -> Answer {
        let form = SignIn {
            page: &page,
            back: safe(&asked.kembali),
            login: &login,
            problem: Some(problem),
        };
        Ok((status, page::show(&form)?).into_response())
    };
    let left = app.slow().left(&login, from, Instant::now());
    if !left.is_zero() {
        let problem = page.t.sign_in_wait(left.as_secs() + 1);
        return again(StatusCode::TOO_MANY_REQUESTS, problem);
    }
    // Counted before the hashing, so that guesses sent all at once are counted too.
    app.slow().failed(&login, from, Instant::now());
    let found = app.accounts().find(&login).await?;
    let (account, hash) = found.unzip();
    let fits = match app.passwords().fits(asked.sandi, hash).await {
        Ok(fits) => fits,
        Err(PasswordError::Busy) => {
            return again(
                StatusCode::SERVICE_UNAVAILABLE,
                page.t.sign_in_busy().to_owned(),
            );
        }
        Err(error) => return Err(machine(error)),
    };
    let Some(account) = account.filter(|_| fits) else {
        return again(
            StatusCode::UNPROCESSABLE_ENTITY,
            page.t.sign_in_wrong().to_owned(),
        );
    };
    app.slow().succeeded(&login, from);
    if let Some(old) = page.token() {
        app.accounts().close_session(old.as_str()).await?;
    }
    let token = Token::new().map_err(machine)?;
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    app.accounts()
        .open_session(
            account.id,
            token.as_str(),
            agent.unwrap_or_default(),
            Timestamp::now(),
        )
        .await?;
    with_token(
        &app,
        &token,
        Redirect::to(safe(&asked.kembali)).into_response(),
    )
}

/// Signs out.
pub async fn leave(
    State(app): State<App>,
    page: Page,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    if let Some(token) = page.token() {
        app.accounts().close_session(token.as_str()).await?;
    }
    let forgotten = [(header::SET_COOKIE, cookie::forget_token(app.secure()))];
    Ok((forgotten, Redirect::to("/")).into_response())
}
