//! `/akun`: the own account and its sessions.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use satu_store::accounts::{Account, Role, hashed};
use serde::Deserialize;

use super::password::{Again, still_theirs};
use crate::Lang;
use crate::app::App;
use crate::asker::Asker;
use crate::form::Posted;
use crate::page::{self, Answer, Failure, Page, Viewer};

#[derive(Template)]
#[template(path = "account.html")]
struct Shown<'a> {
    page: &'a Page,
    account: &'a Account,
    sessions: Vec<Row>,
    done: Option<&'static str>,
    problem: Option<String>,
    second: bool,
    /// Whether it may make personal tokens, or has some.
    tokens: bool,
    /// Whether it has a password.
    password: bool,
    /// What the provider is called through which one signs in too.
    provider: Option<&'a str>,
}

struct Row {
    id: String,
    device: String,
    address: String,
    since: String,
    seen: String,
    own: bool,
}

#[derive(Deserialize)]
pub struct Told {
    berakhir: Option<String>,
    sandi: Option<String>,
    faktor: Option<String>,
    lain: Option<String>,
}

#[derive(Deserialize)]
pub struct Which {
    sesi: String,
    #[serde(default)]
    sandi: String,
}

pub async fn show(State(app): State<App>, viewer: Viewer, Query(told): Query<Told>) -> Answer {
    let t = viewer.t;
    let done = [
        (told.berakhir, t.session_ended()),
        (told.sandi, t.password_changed()),
        (told.faktor, t.second_removed()),
        (told.lain, t.sessions_ended()),
    ]
    .into_iter()
    .find_map(|(happened, says)| happened.map(|_| says));
    shown(&app, &viewer, done, None).await
}

async fn shown(
    app: &App,
    viewer: &Viewer,
    done: Option<&'static str>,
    problem: Option<String>,
) -> Answer {
    let own = viewer.token().map(|token| hashed(token.as_str()));
    let account = viewer.account();
    let now = Timestamp::now();
    let sessions = app.accounts().sessions(account.id, now).await?;
    let tokens = app.accounts().personal(account.id, now).await?;
    let t = viewer.t;
    let sessions = sessions.into_iter().map(|one| Row {
        device: device(t, &one.agent),
        address: one.address,
        since: t.moment(one.opened_at),
        seen: t.moment(one.seen_at),
        own: own.as_ref() == Some(&one.id),
        id: one.id,
    });
    page::show(&Shown {
        page: viewer,
        account,
        sessions: sessions.collect(),
        done,
        problem,
        tokens: viewer.officer() || !tokens.is_empty(),
        second: app.accounts().second(account.id).await?.is_some(),
        password: app.accounts().has_password(account.id).await?,
        provider: app.provider_name(),
    })
}

/// The page again, with what is wrong.
async fn again(app: &App, viewer: &Viewer, problem: String) -> Answer {
    let page = shown(app, viewer, None, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Ends one of the viewer's sessions; another's is simply not found.
pub async fn end(
    State(app): State<App>,
    viewer: Viewer,
    asker: Asker,
    Posted(which): Posted<Which>,
) -> Answer {
    if let Err(problem) = still_theirs(&app, &viewer, &asker, which.sandi).await? {
        return again(&app, &viewer, problem).await;
    }
    let Account { id, login, .. } = viewer.account();
    if !app.accounts().end_session(*id, &which.sesi).await? {
        return Ok(Redirect::to("/akun").into_response());
    }
    tracing::info!(target: "security", login, "ended a session");
    Ok(Redirect::to("/akun?berakhir").into_response())
}

/// Ends all of the viewer's sessions but this one.
pub async fn end_others(
    State(app): State<App>,
    viewer: Viewer,
    asker: Asker,
    Posted(typed): Posted<Again>,
) -> Answer {
    if let Err(problem) = still_theirs(&app, &viewer, &asker, typed.sandi).await? {
        return again(&app, &viewer, problem).await;
    }
    others_ended(&app, &viewer).await?;
    Ok(Redirect::to("/akun?lain").into_response())
}

/// Ends the viewer's sessions in other browsers: how they sign in has changed, or they wish it.
pub async fn others_ended(app: &App, viewer: &Viewer) -> Result<(), Failure> {
    if let Some(token) = viewer.token() {
        let account = viewer.account().id;
        app.accounts()
            .end_other_sessions(account, token.as_str())
            .await?;
        tracing::info!(target: "security", login = viewer.account().login, "ended the other sessions");
    }
    Ok(())
}

/// What a browser says it is, in three words.
fn device(t: Lang, agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(sign, _)| agent.contains(sign));
        found.map(|(_, name)| *name)
    };
    // Later browsers name the earlier ones too: the newest comes first.
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => t.unknown_device().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::Lang;

    #[test]
    fn a_browser_is_named_by_its_own_name() {
        let told = |agent| super::device(Lang::Id, agent);
        let edge =
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0";
        assert_eq!(told(edge), "Edge, Windows");
        let phone = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36";
        assert_eq!(told(phone), "Chrome, Android");
        assert_eq!(told("curl/8.0"), "Perangkat tak dikenal");
    }
}
