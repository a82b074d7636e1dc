//! `/pengguna/{id}/peran`: what an account is for, and where.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use satu_registry::four_eyes::Grant;
use satu_store::accounts::{Account, AccountError, Role};
use satu_store::place::Places;

use super::users::{AskedRole, others, proposed};
use crate::app::App;
use crate::form::Posted;
use crate::page::{self, Administrator, Answer, Failure, encoded};

#[derive(Template)]
#[template(path = "grant.html")]
struct Form<'a> {
    page: &'a Administrator,
    account: &'a Account,
    asked: &'a AskedRole,
    problem: Option<String>,
}

/// The form, with what the account has.
pub async fn ask(State(app): State<App>, viewer: Administrator, Path(id): Path<i64>) -> Answer {
    let account = others(&app, &viewer, id).await?;
    let asked = AskedRole {
        peran: account.role.name().to_owned(),
        instansi: account.role.places().map(Places::lines).unwrap_or_default(),
        nip: match &account.role {
            Role::Asn { nip } => nip.clone(),
            _ => String::new(),
        },
        alasan: String::new(),
    };
    page::show(&Form {
        page: &viewer,
        account: &account,
        asked: &asked,
        problem: None,
    })
}

/// Gives the account another role or other places.
pub async fn give(
    State(app): State<App>,
    viewer: Administrator,
    Path(id): Path<i64>,
    Posted(asked): Posted<AskedRole>,
) -> Answer {
    let account = others(&app, &viewer, id).await?;
    let role = asked.role().ok_or(Failure::BadRequest)?;
    let accounts = app.accounts();
    let problem = if accounts.governs(&viewer.account().role, &role).await? {
        let grant = Grant {
            login: &account.login,
            name: "",
            role: &role,
            nip: asked.holder(&role),
        };
        match proposed(&app, &viewer, &grant, &asked.alasan).await {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => given(&app, &grant, &viewer).await?,
            Err(problem) => Some(problem?),
        }
    } else {
        Some(viewer.t.role_above().to_owned())
    };
    if problem.is_some() {
        let form = page::show(&Form {
            page: &viewer,
            account: &account,
            asked: &asked,
            problem,
        })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, form).into_response());
    }
    let (login, by) = (&account.login, &viewer.account().login);
    tracing::info!(target: "security", login, by, role = role.name(), "gave another role");
    let to = format!("/pengguna?peran={}", encoded(login));
    Ok(Redirect::to(&to).into_response())
}

/// Gives a role at once; the problem where it cannot be given.
async fn given(
    app: &App,
    grant: &Grant<'_>,
    viewer: &Administrator,
) -> Result<Option<String>, Failure> {
    let accounts = app.accounts();
    let mut given = accounts.set_role(grant.login, grant.role).await.map(|_| ());
    if given.is_ok() && !grant.nip.is_empty() {
        given = accounts.set_nip(grant.login, grant.nip).await;
    }
    match given {
        Ok(()) => Ok(None),
        Err(AccountError::Store(error)) => Err(error.into()),
        Err(error) => Ok(Some(viewer.t.account_problem(&error))),
    }
}
