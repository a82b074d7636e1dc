//! `/pengguna`: who may sign in. For the central officer, who is the administrator.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use jiff::{SignedDuration, Timestamp};
use satu_store::accounts::{ANEW, Account, AccountError, INVITED, Listed, Role};
use serde::Deserialize;

use super::sign_in::machine;
use crate::app::App;
use crate::form::{Nothing, Posted};
use crate::new_link;
use crate::page::{self, Administrator, Answer, Failure, encoded};
use crate::pager::{PAGE, Pager};

#[derive(Template)]
#[template(path = "users.html")]
struct Shown<'a> {
    page: &'a Administrator,
    text: &'a str,
    lines: Vec<Line>,
    pager: Pager,
    done: Option<String>,
}

struct Line {
    account: Account,
    role: &'static str,
    of: String,
    state: String,
    second: bool,
    /// Whether it has anything to sign in with, now or by a link.
    alive: bool,
    own: bool,
}

#[derive(Template)]
#[template(path = "invite.html")]
struct Invite<'a> {
    page: &'a Administrator,
    asked: &'a Asked,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "link_made.html")]
struct Made<'a> {
    page: &'a Administrator,
    account: &'a Account,
    link: String,
    until: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Filter {
    cari: String,
    hal: i64,
    /// The login of the account that was just closed.
    tutup: Option<String>,
    /// The login of the account whose second factor was just taken off.
    faktor: Option<String>,
}

#[derive(Deserialize, Default)]
pub struct Asked {
    nama: String,
    nama_lengkap: String,
    peran: String,
    #[serde(default)]
    instansi: String,
    #[serde(default)]
    nip: String,
}

/// The accounts, page by page.
pub async fn list(
    State(app): State<App>,
    viewer: Administrator,
    Query(filter): Query<Filter>,
) -> Answer {
    let (now, text) = (Timestamp::now(), filter.cari.trim());
    let (total, _) = app.accounts().search(text, 0, 0, now).await?;
    let pager = Pager::new(total, filter.hal, "/pengguna", &[("cari", text)]);
    let found = app.accounts().search(text, pager.skip(), PAGE, now);
    let (_, found) = found.await?;
    let t = viewer.t;
    page::show(&Shown {
        page: &viewer,
        text,
        lines: found.into_iter().map(|one| line(&viewer, one)).collect(),
        pager,
        done: match (filter.tutup, filter.faktor) {
            (Some(login), _) => Some(t.account_closed(login)),
            (_, Some(login)) => Some(t.factor_taken_off(login)),
            _ => None,
        },
    })
}

fn line(viewer: &Administrator, one: Listed) -> Line {
    let t = viewer.t;
    let (role, of) = match &one.account.role {
        Role::Walidata => (t.walidata(), String::new()),
        Role::Officer { instansi } => (t.officer(), instansi.clone()),
        Role::Asn { nip } => (t.asn(), nip.clone()),
    };
    Line {
        role,
        of,
        state: match (one.open, one.link) {
            (true, _) => t.account_open().to_owned(),
            (false, Some(until)) => t.account_invited(t.moment(until)),
            (false, None) => t.account_shut().to_owned(),
        },
        second: one.second,
        alive: one.open || one.link.is_some(),
        own: one.account.id == viewer.account().id,
        account: one.account,
    }
}

/// The form for a new account.
pub async fn ask(viewer: Administrator) -> Answer {
    page::show(&Invite {
        page: &viewer,
        asked: &Asked::default(),
        problem: None,
    })
}

/// Makes an account, and shows the link by which its owner chooses the password.
pub async fn invite(
    State(app): State<App>,
    viewer: Administrator,
    headers: HeaderMap,
    Posted(asked): Posted<Asked>,
) -> Answer {
    let [instansi, nip] = [&asked.instansi, &asked.nip].map(|text| text.trim().to_owned());
    let role = Role::of(&asked.peran, instansi, nip).ok_or(Failure::BadRequest)?;
    let made = app
        .accounts()
        .add(&asked.nama, &asked.nama_lengkap, role, "");
    match made.await {
        Ok(account) => link(&app, &viewer, &headers, &account, INVITED).await,
        Err(AccountError::Store(error)) => Err(error.into()),
        Err(error) => {
            let form = Invite {
                page: &viewer,
                asked: &asked,
                problem: Some(viewer.t.account_problem(&error)),
            };
            let form = page::show(&form)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form).into_response())
        }
    }
}

/// Makes a link by which an account's owner chooses a new password; a closed account opens by it.
pub async fn reset(
    State(app): State<App>,
    viewer: Administrator,
    headers: HeaderMap,
    Path(id): Path<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let account = app.accounts().of(id).await?.ok_or(Failure::NotFound)?;
    link(&app, &viewer, &headers, &account, ANEW).await
}

/// Shows a link, here alone: what is kept is its hash.
async fn link(
    app: &App,
    viewer: &Administrator,
    headers: &HeaderMap,
    account: &Account,
    lasts: SignedDuration,
) -> Answer {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let base = app.settings().base(host.unwrap_or_default());
    let (token, link) = new_link(&base).map_err(machine)?;
    let now = Timestamp::now();
    app.accounts()
        .make_link(Some(account.id), &token, now + lasts, now)
        .await?;
    tracing::info!(target: "security",
        login = account.login,
        by = viewer.account().login,
        "made a link"
    );
    page::show(&Made {
        page: viewer,
        account,
        link,
        until: viewer.t.moment(now + lasts),
    })
}

/// Closes an account; nobody closes their own, so that an administrator is left.
pub async fn close(
    State(app): State<App>,
    viewer: Administrator,
    Path(id): Path<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let account = app.accounts().of(id).await?.ok_or(Failure::NotFound)?;
    if account.id == viewer.account().id {
        return Err(Failure::Forbidden);
    }
    match app.accounts().close(&account.login).await {
        Ok(()) => {}
        Err(AccountError::Store(error)) => return Err(error.into()),
        Err(_) => return Err(Failure::NotFound),
    }
    tracing::info!(target: "security", login = account.login, by = viewer.account().login, "closed");
    let to = format!("/pengguna?tutup={}", encoded(&account.login));
    Ok(Redirect::to(&to).into_response())
}

/// Takes the second factor off an account whose owner has lost it.
pub async fn forget_factor(
    State(app): State<App>,
    viewer: Administrator,
    Path(id): Path<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let account = app.accounts().of(id).await?.ok_or(Failure::NotFound)?;
    app.accounts().remove_second(account.id).await?;
    let by = &viewer.account().login;
    tracing::info!(target: "security", login = account.login, by, "took the second factor off");
    let to = format!("/pengguna?faktor={}", encoded(&account.login));
    Ok(Redirect::to(&to).into_response())
}
