//! `/akun/token`: tokens by which programs ask as the own account, where they speak as to SIASN.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::{SignedDuration, Timestamp};
use satu_store::accounts::{MOST_DAYS, USUAL_DAYS};
use serde::Deserialize;

use super::password::still_theirs;
use super::sign_in::machine;
use crate::app::App;
use crate::asker::Asker;
use crate::form::Posted;
use crate::page::{self, Answer, Failure, Officer, Viewer};

/// Longest name, in letters.
const LONGEST: usize = 100;

#[derive(Template)]
#[template(path = "tokens.html")]
struct Shown<'a> {
    page: &'a Viewer,
    tokens: Vec<Row>,
    form: &'a Asked,
    /// Whether the account has a password to ask for.
    password: bool,
    done: bool,
    problem: Option<String>,
}

struct Row {
    id: String,
    name: String,
    made: String,
    until: String,
}

#[derive(Template)]
#[template(path = "token_made.html")]
struct Made<'a> {
    page: &'a Viewer,
    name: &'a str,
    token: String,
    until: String,
}

#[derive(Deserialize)]
pub struct Told {
    berakhir: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    nama: String,
    hari: String,
    sandi: String,
}

#[derive(Deserialize)]
pub struct Which {
    token: String,
    #[serde(default)]
    sandi: String,
}

/// The tokens that are good. A civil servant makes none, and may end those of before.
pub async fn show(State(app): State<App>, viewer: Viewer, Query(told): Query<Told>) -> Answer {
    let form = Asked::default();
    shown(&app, &viewer, &form, told.berakhir.is_some(), None).await
}

async fn shown(
    app: &App,
    viewer: &Viewer,
    form: &Asked,
    done: bool,
    problem: Option<String>,
) -> Answer {
    let (t, account, now) = (viewer.t, viewer.account().id, Timestamp::now());
    let tokens = app.accounts().personal(account, now).await?;
    let tokens = tokens.into_iter().map(|one| Row {
        name: match one.name.as_str() {
            "" => t.token_of_password().to_owned(),
            name => name.to_owned(),
        },
        made: t.moment(one.made_at),
        until: t.moment(one.until),
        id: one.id,
    });
    page::show(&Shown {
        page: viewer,
        tokens: tokens.collect(),
        form,
        password: app.accounts().has_password(account).await?,
        done,
        problem,
    })
}

/// The page again, with what is wrong.
async fn again(app: &App, viewer: &Viewer, form: &Asked, problem: String) -> Answer {
    let page = shown(app, viewer, form, false, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Makes a token and shows it, once.
pub async fn make(
    State(app): State<App>,
    viewer: Officer,
    asker: Asker,
    Posted(mut form): Posted<Asked>,
) -> Answer {
    let (t, typed) = (viewer.t, std::mem::take(&mut form.sandi));
    let name = form.nama.trim();
    if name.is_empty() || name.chars().count() > LONGEST {
        return again(&app, &viewer, &form, t.name_missing().to_owned()).await;
    }
    let days = form.hari.trim().parse::<u16>().ok();
    let Some(days) = days.filter(|days| (1..=MOST_DAYS).contains(days)) else {
        return again(&app, &viewer, &form, t.token_days_wrong(MOST_DAYS)).await;
    };
    if let Err(problem) = still_theirs(&app, &viewer, &asker, typed).await? {
        return again(&app, &viewer, &form, problem).await;
    }
    let token = crate::secret().map_err(machine)?;
    let until = Timestamp::now() + SignedDuration::from_hours(24 * i64::from(days));
    let account = viewer.account();
    let login = &account.login;
    let made = app
        .store(&viewer)
        .make_token(account, &token, name, until, login);
    made.await?;
    tracing::info!(target: "security", login, "made a personal token");
    page::show(&Made {
        page: &viewer,
        name,
        token,
        until: t.moment(until),
    })
}

/// Ends one of the viewer's tokens; another's is simply not found.
pub async fn end(
    State(app): State<App>,
    viewer: Viewer,
    asker: Asker,
    Posted(which): Posted<Which>,
) -> Answer {
    if let Err(problem) = still_theirs(&app, &viewer, &asker, which.sandi).await? {
        return again(&app, &viewer, &Asked::default(), problem).await;
    }
    let account = viewer.account();
    let login = &account.login;
    if !app
        .store(&viewer)
        .end_token(account, &which.token, login)
        .await?
    {
        return Err(Failure::NotFound);
    }
    tracing::info!(target: "security", login, "ended a personal token");
    Ok(Redirect::to("/akun/token?berakhir").into_response())
}
