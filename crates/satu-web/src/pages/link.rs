//! `/tautan/{token}`: a link that gives an account its password, once.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use satu_store::accounts::{Account, AccountError, Role};
use serde::Deserialize;

use super::password::chosen;
use super::sign_in::given_token;
use crate::app::App;
use crate::form::Posted;
use crate::links::{Link, in_two_parts, read};
use crate::page::{self, Answer, Failure, Page};
use crate::password::{Owner, SHORTEST};

#[derive(Template)]
#[template(path = "link.html")]
struct Shown<'a> {
    page: &'a Page,
    token: &'a str,
    /// Whose password it gives; none where it makes the first account, or where a code says.
    account: Option<&'a Account>,
    /// Whether it is one of two parts, and asks for the other.
    half: bool,
    login: &'a str,
    name: &'a str,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "link_used.html")]
struct Used<'a> {
    page: &'a Page,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    nama: String,
    #[serde(default)]
    nama_lengkap: String,
    #[serde(default)]
    kode: String,
    baru: String,
    ulang: String,
}

fn used(page: &Page) -> Answer {
    Ok((StatusCode::NOT_FOUND, page::show(&Used { page })?).into_response())
}

/// The form. Looking at it uses nothing up: mail programs look at links too.
pub async fn ask(State(app): State<App>, page: Page, Path(token): Path<String>) -> Answer {
    let (account, half) = match read(&token) {
        // Whose one of two parts is, and whether it is approved, the code tells.
        Some(Link::Half(_)) => (None, true),
        Some(Link::Whole) => match app.accounts().link(&token, Timestamp::now()).await? {
            Some(account) => (account, false),
            None => return used(&page),
        },
        None => return used(&page),
    };
    given_token(&app, page, |page| {
        page::show(&Shown {
            page,
            token: &token,
            account: account.as_ref(),
            half,
            login: "",
            name: "",
            problem: None,
        })
    })
}

/// Uses the link up. Its owner then signs in, with the second factor where there is one.
pub async fn take(
    State(app): State<App>,
    page: Page,
    Path(token): Path<String>,
    Posted(asked): Posted<Asked>,
) -> Answer {
    let now = Timestamp::now();
    let both = match read(&token) {
        Some(Link::Half(half)) => Some(in_two_parts(&half, &asked.kode)),
        Some(Link::Whole) => None,
        None => return used(&page),
    };
    let opens = both.as_ref().unwrap_or(&token);
    let found = app.accounts().link(opens, now).await?;
    if found.is_none() && both.is_none() {
        return used(&page);
    }
    let unopened = found.is_none();
    let account = found.flatten();
    let again = |problem: String| -> Answer {
        let form = Shown {
            page: &page,
            token: &token,
            account: account.as_ref(),
            half: both.is_some(),
            login: &asked.nama,
            name: &asked.nama_lengkap,
            problem: Some(problem),
        };
        let form = page::show(&form)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, form).into_response())
    };
    if unopened {
        return again(page.t.link_code_wrong().to_owned());
    }
    if asked.baru != asked.ulang {
        return again(page.t.passwords_differ().to_owned());
    }
    let owner = match &account {
        Some(account) => Owner::new(&account.login, &account.name, &account.role),
        None => Owner::new(&asked.nama, &asked.nama_lengkap, &Role::Walidata),
    };
    let hash = match chosen(&app, &page, asked.baru.clone(), owner).await? {
        Ok(hash) => hash,
        Err(problem) => return again(problem),
    };
    let accounts = app.accounts();
    let done = if account.is_some() {
        accounts.use_link(opens, &hash, now).await?
    } else {
        let made = accounts.use_first_link(&token, &asked.nama, &asked.nama_lengkap, &hash, now);
        match made.await {
            Ok(made) => made,
            Err(AccountError::Store(error)) => return Err(Failure::Store(error)),
            Err(error) => return again(page.t.account_problem(&error)),
        }
    };
    match done {
        Some(account) => {
            tracing::info!(target: "security", login = account.login, "chose a password by a link");
            Ok(Redirect::to("/masuk").into_response())
        }
        None => used(&page),
    }
}
