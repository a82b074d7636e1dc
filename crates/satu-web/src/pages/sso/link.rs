//! `/akun/sso`: the link of the own account with the provider.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::{away, provider, sent};
use crate::app::App;
use crate::asker::Asker;
use crate::form::Posted;
use crate::oidc::pending::For;
use crate::page::{self, Answer, Failure, Viewer};
use crate::pages::account::others_ended;
use crate::pages::password::still_theirs;

#[derive(Template)]
#[template(path = "sso_link.html")]
struct Link<'a> {
    page: &'a Viewer,
    name: &'a str,
    /// Since when the account is linked.
    since: Option<String>,
    /// Whether it has a password, without which a link cannot be ended.
    password: bool,
    done: Option<&'a str>,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "sso_go.html")]
struct Go<'a> {
    page: &'a Viewer,
    name: &'a str,
    to: &'a str,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    sandi: String,
}

#[derive(Deserialize)]
pub struct Happened {
    tertaut: Option<String>,
    lepas: Option<String>,
}

/// The link of the own account with the provider.
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Query(happened): Query<Happened>,
) -> Answer {
    let done = match (happened.tertaut, happened.lepas) {
        (Some(_), _) => Some(viewer.t.sso_linked()),
        (_, Some(_)) => Some(viewer.t.sso_ended()),
        _ => None,
    };
    form(&app, &viewer, done, None).await
}

async fn form(app: &App, viewer: &Viewer, done: Option<&str>, problem: Option<String>) -> Answer {
    let provider = provider(app)?;
    let account = viewer.account().id;
    let since = app.accounts().identity_since(account, provider.issuer());
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let shown = page::show(&Link {
        page: viewer,
        name: &provider.settings().name,
        since: since.await?.map(|since| viewer.t.moment(since)),
        password: app.accounts().has_password(account).await?,
        done,
        problem,
    })?;
    Ok((status, shown).into_response())
}

/// Begins to link the own account, once the password shows that it is its owner who does.
pub async fn begin(
    State(app): State<App>,
    viewer: Viewer,
    asker: Asker,
    headers: HeaderMap,
    Posted(asked): Posted<Asked>,
) -> Answer {
    let provider = provider(&app)?;
    if let Err(problem) = still_theirs(&app, &viewer, &asker, asked.sandi).await? {
        return form(&app, &viewer, None, Some(problem)).await;
    }
    let token = viewer.token().ok_or(Failure::Forbidden)?;
    let purpose = For::Linking(viewer.account().id);
    let name = &provider.settings().name;
    match sent(&app, &headers, token, purpose, "/akun/sso").await? {
        None => away((*viewer).clone(), name, true),
        // A form may lead nowhere but to this site (`form-action`): a link goes on.
        Some(to) => page::show(&Go {
            page: &viewer,
            name,
            to: &to,
        }),
    }
}

/// Ends the link of the own account.
pub async fn end(
    State(app): State<App>,
    viewer: Viewer,
    asker: Asker,
    Posted(asked): Posted<Asked>,
) -> Answer {
    let provider = provider(&app)?;
    let account = viewer.account();
    // Without a password nothing would be left to sign in with.
    if !app.accounts().has_password(account.id).await? {
        return Err(Failure::Forbidden);
    }
    if let Err(problem) = still_theirs(&app, &viewer, &asker, asked.sandi).await? {
        return form(&app, &viewer, None, Some(problem)).await;
    }
    let issuer = provider.issuer();
    if app.accounts().unlink_identity(account.id, issuer).await? {
        others_ended(&app, &viewer).await?;
        tracing::info!(target: "security", login = account.login, "ended the link with the provider");
    }
    Ok(Redirect::to("/akun/sso?lepas").into_response())
}
