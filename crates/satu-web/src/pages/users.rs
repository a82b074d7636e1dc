//! `/pengguna`: who may sign in. For the central officer, and for the administrators of places, who see
//! the accounts that their role governs.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::{SignedDuration, Timestamp};
use satu_registry::four_eyes::{self, Grant, Taken, propose_grant, propose_link};
use satu_registry::review::ReviewError;
use satu_store::accounts::{ANEW, Account, AccountError, INVITED, Listed, Role};
use serde::Deserialize;

use super::proposals::onward;
use super::sign_in::machine;
use crate::app::App;
use crate::form::{Nothing, Posted};
use crate::links::{new_half_link, new_link};
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
    problem: Option<&'static str>,
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
    form: &'a Asked,
    asked: &'a AskedRole,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "link_made.html")]
struct Made<'a> {
    page: &'a Administrator,
    account: &'a Account,
    link: String,
    good: Good,
}

/// When a link is good.
enum Good {
    /// Until a moment.
    Until(String),
    /// Once the proposal of a number is approved: it is one of two parts.
    Approved(i64),
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Filter {
    cari: String,
    hal: i64,
    /// The login of the account that was just closed.
    tutup: Option<String>,
    /// Whether an account was not closed, because too few would be left to approve.
    kurang: Option<String>,
    /// The login of the account whose second factor was just taken off.
    faktor: Option<String>,
    /// The login of the account whose sessions were just ended.
    sesi: Option<String>,
    /// The login of the account that was just given another role.
    peran: Option<String>,
}

#[derive(Deserialize, Default)]
pub struct Asked {
    nama: String,
    nama_lengkap: String,
    #[serde(flatten)]
    role: AskedRole,
}

/// A role as a form names it.
#[derive(Deserialize, Default)]
pub struct AskedRole {
    pub(super) peran: String,
    /// Places, one a line.
    #[serde(default)]
    pub(super) instansi: String,
    #[serde(default)]
    pub(super) nip: String,
    /// Why, where it needs a second person.
    #[serde(default)]
    pub(super) alasan: String,
}

impl AskedRole {
    /// The NIP of who holds an account of this role, where it is no civil servant's own.
    pub(super) fn holder(&self, role: &Role) -> &str {
        match role {
            Role::Asn { .. } => "",
            _ => self.nip.trim(),
        }
    }

    /// The role; none where there is none of this name.
    pub(super) fn role(&self) -> Option<Role> {
        Role::of(
            &self.peran,
            self.instansi.clone(),
            self.nip.trim().to_owned(),
        )
    }
}

/// The accounts, page by page.
pub async fn list(
    State(app): State<App>,
    viewer: Administrator,
    Query(filter): Query<Filter>,
) -> Answer {
    let (now, text) = (Timestamp::now(), filter.cari.trim());
    let by = &viewer.account().role;
    let (total, _) = app.accounts().search_of(by, text, 0, 0, now).await?;
    let pager = Pager::new(total, filter.hal, "/pengguna", &[("cari", text)]);
    let found = app.accounts().search_of(by, text, pager.skip(), PAGE, now);
    let (_, found) = found.await?;
    let t = viewer.t;
    page::show(&Shown {
        page: &viewer,
        text,
        lines: found.into_iter().map(|one| line(&viewer, one)).collect(),
        pager,
        done: filter
            .tutup
            .map(|login| t.account_closed(login))
            .or(filter.faktor.map(|login| t.factor_taken_off(login)))
            .or(filter.sesi.map(|login| t.sessions_of_ended(login)))
            .or(filter.peran.map(|login| t.role_changed(login))),
        problem: filter.kurang.map(|_| t.too_few_central()),
    })
}

fn line(viewer: &Administrator, one: Listed) -> Line {
    let t = viewer.t;
    let (role, of) = match &one.account.role {
        Role::Walidata => (t.walidata(), String::new()),
        Role::Administrator { places } => (t.admin(), places.to_string()),
        Role::Officer { places } => (t.officer(), places.to_string()),
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
        form: &Asked::default(),
        asked: &AskedRole::default(),
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
    let role = asked.role.role().ok_or(Failure::BadRequest)?;
    let again = |problem: String| {
        let form = page::show(&Invite {
            page: &viewer,
            form: &asked,
            asked: &asked.role,
            problem: Some(problem),
        })?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, form).into_response())
    };
    let accounts = app.accounts();
    if !accounts.governs(&viewer.account().role, &role).await? {
        return again(viewer.t.role_above().to_owned());
    }
    // Without a name it would be said of an account that is there.
    if asked.nama_lengkap.trim().is_empty() {
        return again(viewer.t.account_problem(&AccountError::Name));
    }
    let grant = Grant {
        login: &asked.nama,
        name: &asked.nama_lengkap,
        role: &role,
        nip: asked.role.holder(&role),
    };
    match proposed(&app, &viewer, &grant, &asked.role.alasan).await {
        Ok(Some(answer)) => return Ok(answer),
        Ok(None) => {}
        Err(problem) => return again(problem?),
    }
    let mut made = accounts
        .add(grant.login, grant.name, role.clone(), "")
        .await;
    if let (Ok(account), false) = (&made, grant.nip.is_empty()) {
        let held = accounts.set_nip(&account.login, grant.nip).await;
        made = held.and(made);
    }
    match made {
        Ok(account) => link(&app, &viewer, &headers, &account, INVITED).await,
        Err(AccountError::Store(error)) => Err(error.into()),
        Err(error) => again(viewer.t.account_problem(&error)),
    }
}

/// Makes a link by which another account's owner chooses a new password; a closed account opens by it.
/// One's own password is changed on the own page, which asks for it.
pub async fn reset(
    State(app): State<App>,
    viewer: Administrator,
    headers: HeaderMap,
    Path(id): Path<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let account = others(&app, &viewer, id).await?;
    if let Some(made) = half_link(&app, &viewer, &headers, &account).await? {
        return Ok(made);
    }
    link(&app, &viewer, &headers, &account, ANEW).await
}

/// Where a link needs a second person, shows the part that is its maker's.
async fn half_link(
    app: &App,
    viewer: &Administrator,
    headers: &HeaderMap,
    account: &Account,
) -> Result<Option<Response>, Failure> {
    let (half, link) = new_half_link(&base(app, headers)).map_err(machine)?;
    let by = &viewer.account().login;
    let reason = viewer.t.password_forgotten();
    let taken = propose_link(app.store(viewer), account, &half, by, reason).await?;
    let Some(Taken::Proposed(proposal)) = taken else {
        return Ok(None);
    };
    tracing::info!(target: "security", login = account.login, by, proposal, "proposed a link");
    let made = Made {
        page: viewer,
        account,
        link,
        good: Good::Approved(proposal),
    };
    Ok(Some(page::show(&made)?))
}

/// The site's own address.
fn base(app: &App, headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    app.settings().base(host.unwrap_or_default())
}

/// Where a role needs a second person, proposes it and goes on to the proposal; a problem to show where
/// it cannot be proposed so.
pub(super) async fn proposed(
    app: &App,
    viewer: &Administrator,
    grant: &Grant<'_>,
    reason: &str,
) -> Result<Option<Response>, Result<String, Failure>> {
    let by = &viewer.account().login;
    let store = app.store(viewer);
    let checked = app
        .accounts()
        .checked([grant.login, grant.name], grant.role, grant.nip);
    if let Err(error) = checked.await {
        return Err(match error {
            AccountError::Store(error) => Err(error.into()),
            error => Ok(viewer.t.account_problem(&error)),
        });
    }
    match propose_grant(store, grant, by, reason).await {
        Ok(None) => Ok(None),
        Ok(Some(taken)) => Ok(Some(onward(taken, "/pengguna"))),
        Err(ReviewError::NoReason) => Err(Ok(viewer.t.reason_missing().to_owned())),
        Err(error) => Err(Err(error.into())),
    }
}

/// The account of a number, if the asker looks after it and it is another's: nobody gives themselves a
/// role or closes their own account, so that an administrator is left; and how one signs in oneself is
/// changed on the own page, by who knows the password.
pub(super) async fn others(app: &App, viewer: &Administrator, id: i64) -> Result<Account, Failure> {
    if id == viewer.account().id {
        return Err(Failure::Forbidden);
    }
    let found = app.accounts().governed(&viewer.account().role, id).await?;
    found.ok_or(Failure::NotFound)
}

/// Shows a link, here alone: what is kept is its hash.
async fn link(
    app: &App,
    viewer: &Administrator,
    headers: &HeaderMap,
    account: &Account,
    lasts: SignedDuration,
) -> Answer {
    let (token, link) = new_link(&base(app, headers)).map_err(machine)?;
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
        good: Good::Until(viewer.t.moment(now + lasts)),
    })
}

/// Closes an account.
pub async fn close(
    State(app): State<App>,
    viewer: Administrator,
    Path(id): Path<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let account = others(&app, &viewer, id).await?;
    match four_eyes::close(app.store(&viewer), &account.login).await {
        Ok(()) => {}
        Err(ReviewError::Alone) => {
            return Ok(Redirect::to("/pengguna?kurang").into_response());
        }
        Err(ReviewError::Account(AccountError::Unknown(_))) => return Err(Failure::NotFound),
        Err(error) => return Err(error.into()),
    }
    tracing::info!(target: "security", login = account.login, by = viewer.account().login, "closed");
    let to = format!("/pengguna?tutup={}", encoded(&account.login));
    Ok(Redirect::to(&to).into_response())
}

/// Ends every session of an account; one's own are ended on the own page.
pub async fn end_sessions(
    State(app): State<App>,
    viewer: Administrator,
    Path(id): Path<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let account = others(&app, &viewer, id).await?;
    app.accounts().end_sessions(Some(account.id)).await?;
    let by = &viewer.account().login;
    tracing::info!(target: "security", login = account.login, by, "ended every session");
    let to = format!("/pengguna?sesi={}", encoded(&account.login));
    Ok(Redirect::to(&to).into_response())
}

/// Takes the second factor off another's account, whose owner has lost it.
pub async fn forget_factor(
    State(app): State<App>,
    viewer: Administrator,
    Path(id): Path<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let account = others(&app, &viewer, id).await?;
    app.accounts().remove_second(account.id, None).await?;
    let by = &viewer.account().login;
    tracing::info!(target: "security", login = account.login, by, "took the second factor off");
    let to = format!("/pengguna?faktor={}", encoded(&account.login));
    Ok(Redirect::to(&to).into_response())
}
