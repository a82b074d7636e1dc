//! `/masuk/sso` and `/keluar/sso`: signing in through a provider, and signing out of it too.

pub mod ended;
pub mod link;
mod who;

use std::time::Instant;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use satu_store::accounts::{How, Means};
use serde::Deserialize;

use self::who::{Refused, account, linked};
use super::sign_in::{Back, entered, machine, with_token};
use crate::app::App;
use crate::asker::Asker;
use crate::form::from_here;
use crate::oidc::Provider;
use crate::oidc::pending::For;
use crate::oidc::provider::ProviderError;
use crate::page::{self, Answer, Failure, Page, encoded, safe};
use crate::slow::Key;
use crate::token::Token;

/// Longest path to come back to that is kept meanwhile.
const LONGEST: usize = 2_000;
/// Most characters of what somebody else wrote that go to the log.
const LOGGED: usize = 100;

#[derive(Template)]
#[template(path = "sso_failed.html")]
struct Failed<'a> {
    page: &'a Page,
    title: &'a str,
    more: String,
    /// Where to go on, and what that is called.
    next: (&'a str, &'a str),
}

#[derive(Template)]
#[template(path = "sso_left.html")]
struct Left<'a> {
    page: &'a Page,
    name: &'a str,
    to: &'a str,
}

/// What a provider sends a browser back with (RFC 6749, sections 4.1.2; RFC 9207).
#[derive(Deserialize)]
pub struct Came {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

fn provider(app: &App) -> Result<&Provider, Failure> {
    app.provider().ok_or(Failure::NotFound)
}

/// What stands before the path of any page, for the browser that asks.
fn base(app: &App, headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    app.settings().base(host.unwrap_or_default())
}

fn failed(mut page: Page, status: StatusCode, title: &str, more: String, linking: bool) -> Answer {
    // The address holds what the provider gave: it is no page to come back to.
    let next = if linking {
        ("/akun/sso", page.t.my_account())
    } else {
        ("/masuk", page.t.sign_in())
    };
    next.0.clone_into(&mut page.here);
    let shown = Failed {
        page: &page,
        title,
        more,
        next,
    };
    Ok((status, page::show(&shown)?).into_response())
}

fn away(page: Page, name: &str, linking: bool) -> Answer {
    let (title, more) = (page.t.sso_away(name), page.t.sso_away_more(name));
    failed(page, StatusCode::SERVICE_UNAVAILABLE, &title, more, linking)
}

fn refused(page: Page, why: Refused, name: &str, linking: bool) -> Answer {
    let t = page.t;
    let title = if linking {
        t.sso_not_linked()
    } else {
        t.sso_refused()
    };
    failed(page, why.status(), title, why.says(t, name), linking)
}

/// Failures at an address count as those of passwords do.
fn keys(asker: &Asker) -> [Key; 1] {
    [Key::Address(asker.place())]
}

/// Sends the browser to the provider.
pub async fn begin(
    State(app): State<App>,
    page: Page,
    asker: Asker,
    Query(back): Query<Back>,
    headers: HeaderMap,
) -> Answer {
    let provider = provider(&app)?;
    let back = safe(&back.kembali);
    if page.account.is_some() {
        return Ok(Redirect::to(back).into_response());
    }
    // Another site may lead to the page with the button, but presses it for nobody.
    let typed = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "none");
    if !typed && !from_here(&headers) {
        let to = format!("/masuk?kembali={}", encoded(back));
        return Ok(Redirect::to(&to).into_response());
    }
    let left = app.slow().left(&keys(&asker), Instant::now());
    if !left.is_zero() {
        let t = page.t;
        let (title, more) = (t.too_many(), t.sign_in_wait(left.as_secs() + 1));
        return failed(page, StatusCode::TOO_MANY_REQUESTS, title, more, false);
    }
    let new = page.token().is_none();
    let token = match page.token() {
        Some(token) => token.clone(),
        None => Token::new().map_err(machine)?,
    };
    match sent(&app, &headers, &token, For::SigningIn, back).await? {
        None => away(page, &provider.settings().name, false),
        Some(to) => {
            let response = Redirect::to(&to).into_response();
            if new {
                with_token(&app, &token, response)
            } else {
                Ok(response)
            }
        }
    }
}

/// Where to send a browser to the provider; none where that does not answer.
async fn sent(
    app: &App,
    headers: &HeaderMap,
    token: &Token,
    purpose: For,
    back: &str,
) -> Result<Option<String>, Failure> {
    let provider = provider(app)?;
    let redirect = format!("{}/masuk/sso/kembali", base(app, headers));
    let back = if back.len() > LONGEST { "/" } else { back };
    match provider.begin(purpose, redirect, back.to_owned()).await {
        Ok((to, state, begun)) => {
            provider
                .pending()
                .begin(&state, token, begun, Instant::now());
            Ok(Some(to))
        }
        Err(ProviderError::Away(_)) => Ok(None),
        Err(error) => Err(machine(error)),
    }
}

/// The browser comes back from the provider.
pub async fn come_back(
    State(app): State<App>,
    page: Page,
    asker: Asker,
    Query(came): Query<Came>,
) -> Answer {
    let provider = provider(&app)?;
    let name = &provider.settings().name;
    let begun = came
        .state
        .as_deref()
        .and_then(|state| provider.pending().take(state, page.token(), Instant::now()));
    let Some(begun) = begun else {
        // Nobody guesses a state, and any page could send its readers' browsers here: to count this
        // would let it keep them out.
        log(&asker, "the state is nobody's, or another browser's");
        return refused(page, Refused::Late, name, false);
    };
    let linking = match begun.purpose {
        For::SigningIn => None,
        For::Linking(account) => Some(account),
    };
    if linking.is_some() && linking != page.account.as_ref().map(|account| account.id) {
        return refused(page, Refused::Late, name, true);
    }
    match provider.answers(came.iss.as_deref()).await {
        Ok(true) => {}
        Ok(false) => {
            log(&asker, "the answer is of another issuer");
            return refused(page, Refused::Invalid, name, linking.is_some());
        }
        Err(_) => return away(page, name, linking.is_some()),
    }
    let code = match (came.code, came.error) {
        (Some(code), None) => code,
        (_, error) => {
            let error: String = error.unwrap_or_default().chars().take(LOGGED).collect();
            log(&asker, &format!("the provider answered {error:?}"));
            let gone = ["server_error", "temporarily_unavailable"];
            if gone.contains(&error.as_str()) {
                return away(page, name, linking.is_some());
            }
            return refused(page, Refused::Cancelled, name, linking.is_some());
        }
    };
    let back = begun.back.clone();
    let told = match provider.told(code, begun).await {
        Ok(told) => told,
        Err(error) => {
            log(&asker, &error.to_string());
            if let ProviderError::Away(_) = error {
                return away(page, name, linking.is_some());
            }
            app.slow().failed(&keys(&asker), Instant::now());
            return refused(page, Refused::Invalid, name, linking.is_some());
        }
    };
    if let Some(account) = linking {
        let account = app.accounts().of(account).await?.ok_or(Failure::NotFound)?;
        return match linked(&app, provider, &account, &told).await? {
            Ok(()) => Ok(Redirect::to("/akun/sso?tertaut").into_response()),
            Err(why) => refused(page, why, name, true),
        };
    }
    match account(&app, provider, &told).await? {
        Ok(account) => {
            let means = if told.twice {
                Means::ProviderTwice
            } else {
                Means::Provider
            };
            let how = How {
                means,
                sid: told.sid,
                asked_at: told.asked_at,
            };
            entered(&app, &page, &asker, &account, &how, &back).await
        }
        Err(why) => {
            let address = asker.address_text();
            tracing::info!(target: "security", ?why, address, "refused somebody of the provider");
            refused(page, why, name, false)
        }
    }
}

fn log(asker: &Asker, why: &str) {
    let address = asker.address_text();
    tracing::info!(target: "security", address, why, "refused a sign-in through the provider");
}

/// Where a browser goes that has signed out: on to the page that offers to sign out of the provider
/// too, where it was signed in through it.
pub fn after_leaving(app: &App, means: Option<Means>) -> Response {
    let through = matches!(means, Some(Means::Provider | Means::ProviderTwice));
    let to = if through && app.provider().is_some() {
        "/keluar/sso"
    } else {
        "/"
    };
    Redirect::to(to).into_response()
}

/// Offers to sign out of the provider too.
pub async fn left(State(app): State<App>, page: Page, headers: HeaderMap) -> Answer {
    let provider = provider(&app)?;
    let after = format!("{}/", base(&app, &headers));
    match provider.end_session(after).await {
        Some(to) if page.account.is_none() => page::show(&Left {
            page: &page,
            name: &provider.settings().name,
            to: &to,
        }),
        _ => Ok(Redirect::to("/").into_response()),
    }
}
