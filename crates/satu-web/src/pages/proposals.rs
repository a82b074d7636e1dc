//! `/usulan`: decisions that wait for a second person.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use satu_registry::four_eyes::{Taken, approve, concerns, refuse, touches, withdraw};
use satu_registry::review::ReviewError;
use satu_store::OPEN;
use satu_store::accounts::{ANEW, Account, Role};
use satu_store::entry::{Act, Settled};
use satu_store::place::Places;
use satu_store::proposals::Proposed;
use serde::Deserialize;

use super::sign_in::machine;
use crate::Lang;
use crate::app::App;
use crate::columns;
use crate::form::Posted;
use crate::links::{self, in_two_parts};
use crate::page::{self, Answer, Failure, Second};

/// Proposals listed.
const MOST: i64 = 200;

/// Persons named on the page of one.
const MOST_PERSONS: usize = 50;

#[derive(Template)]
#[template(path = "proposals.html")]
struct List<'a> {
    page: &'a Second,
    all: Vec<Proposed>,
}

#[derive(Template)]
#[template(path = "proposal.html")]
struct Shown<'a> {
    page: &'a Second,
    one: &'a Proposed,
    /// Number and name of each person whom it touches and who is there.
    persons: Vec<(i64, String)>,
    /// Whether the asker proposed it.
    own: bool,
    /// Whether the asker proposed it or is touched by it.
    concerned: bool,
    /// Whether the asker is touched by it.
    touched: bool,
    /// When it was answered.
    ended: String,
    problem: Option<&'static str>,
    said: &'a str,
}

/// The part of a link that is the approver's.
#[derive(Template)]
#[template(path = "link_code.html")]
struct SecondPart<'a> {
    page: &'a Second,
    account: &'a Account,
    code: String,
    until: String,
}

#[derive(Deserialize)]
pub struct Form {
    #[serde(default)]
    putusan: String,
    #[serde(default)]
    alasan: String,
}

impl Lang {
    /// What a proposal would do.
    pub fn act(self, act: &Act) -> String {
        match act {
            Act::Merge { chosen, .. } => self.act_merge(chosen.len()),
            Act::Undo { ruling } => self.act_undo(ruling),
            Act::Value { field, value, .. } => {
                let value = self.date_text(value);
                self.act_value(
                    columns::title(self, field),
                    crate::mask::masked(field, &value),
                )
            }
            Act::Grant {
                login,
                name,
                role,
                places,
                ..
            } => {
                let named = Role::of(role, places.clone(), String::new());
                let role = named.map_or(role.as_str(), |role| self.role_named(&role));
                let places = Places::from(places.as_str());
                if name.is_empty() {
                    self.act_grant(login, role, places)
                } else {
                    self.act_grant_new(login, role, places)
                }
            }
            Act::Link { login, .. } => self.act_link(login),
            Act::Secret { name, key, .. } => self.act_secret(name, key),
            Act::Program {
                name,
                rights,
                places,
                ..
            } => match places.as_str() {
                "" => self.act_program(name, rights),
                places => self.act_program_of(name, Places::from(places), rights),
            },
            Act::FourEyes { on: true, records } => self.act_eyes_on(records),
            Act::FourEyes { .. } => self.act_eyes_off().to_owned(),
        }
    }

    /// How a proposal stands.
    pub fn proposal_state(self, one: &Proposed) -> &'static str {
        match one.answered.as_ref().map(|(_, answered)| answered.answer) {
            None => self.proposal_waits(),
            Some(Settled::Approved) => self.was_approved(),
            Some(Settled::Refused) => self.was_refused(),
            Some(Settled::Withdrawn) => self.was_withdrawn(),
            Some(Settled::Stale) => self.was_stale(),
        }
    }

    /// Whom and what a proposal touches.
    pub fn effect_of(self, one: &Proposed) -> String {
        match one.proposal.persons.len() as i64 {
            0 => self.effect_none().to_owned(),
            persons => {
                let records = i64::try_from(one.proposal.records).unwrap_or(i64::MAX);
                self.effect_counts(self.number(persons), self.number(records))
            }
        }
    }
}

/// Where whoever decided goes on: to the proposal where it waits, else to a page.
pub(super) fn onward(taken: Taken, to: &str) -> Response {
    let to = match taken {
        Taken::Proposed(id) => format!("/usulan/{id}"),
        Taken::Done(_) => to.to_owned(),
    };
    Redirect::to(&to).into_response()
}

/// All that the asker may answer, or could have.
pub async fn list(State(app): State<App>, viewer: Second) -> Answer {
    let all = app.store(&viewer).proposals(&viewer.account().role, MOST);
    page::show(&List {
        all: all.await?,
        page: &viewer,
    })
}

/// One, with what it would do.
pub async fn show(State(app): State<App>, viewer: Second, Path(id): Path<i64>) -> Answer {
    shown(&app, &viewer, id, None, "").await
}

async fn shown(
    app: &App,
    viewer: &Second,
    id: i64,
    problem: Option<&'static str>,
    said: &str,
) -> Answer {
    let store = app.store(viewer);
    let account = viewer.account();
    let one = store.proposal(&account.role, id).await?;
    let one = one.ok_or(Failure::NotFound)?;
    let scope = viewer.scope();
    let mut persons = Vec::new();
    for id in one.proposal.persons.iter().take(MOST_PERSONS) {
        if let Some(person) = store.person(&scope, *id, None, OPEN).await? {
            let name = person.record.value("nama").unwrap_or_default();
            persons.push((*id, name.to_owned()));
        }
    }
    let own = app
        .accounts()
        .same_person(&one.proposal.by, &account.login)
        .await?;
    page::show(&Shown {
        page: viewer,
        one: &one,
        persons,
        own,
        concerned: concerns(store, account, &one).await?,
        touched: touches(store, account, &one).await?,
        ended: one
            .answered
            .as_ref()
            .map(|(at, _)| viewer.t.moment(*at))
            .unwrap_or_default(),
        problem,
        said,
    })
}

/// Approves, refuses or withdraws one.
pub async fn answer(
    State(app): State<App>,
    viewer: Second,
    Path(id): Path<i64>,
    Posted(form): Posted<Form>,
) -> Answer {
    let (store, by, t) = (app.store(&viewer), viewer.account(), viewer.t);
    let reason = form.alasan.as_str();
    let done = match form.putusan.as_str() {
        "setuju" => approve(store, by, id, reason).await,
        "tolak" => refuse(store, by, id, reason).await,
        "tarik" => withdraw(store, by, id, reason).await,
        _ => return Err(Failure::BadRequest),
    };
    let problem = match done {
        Ok(answer) => {
            tracing::info!(target: "security", proposal = id, by = by.login, ?answer, "answered a proposal");
            if answer == Settled::Approved
                && let Some(one) = store.proposal(&by.role, id).await?
                && let Act::Link { login, half, .. } = &one.proposal.act
            {
                return code(&app, &viewer, login, half).await;
            }
            return Ok(Redirect::to(&format!("/usulan/{id}")).into_response());
        }
        Err(ReviewError::NoReason) => t.reason_missing(),
        Err(ReviewError::Own) => t.own_proposal(),
        Err(ReviewError::Alone) => t.too_few_left(),
        Err(ReviewError::NotOwn) => t.not_own_proposal(),
        Err(error) => return Err(error.into()),
    };
    let again = shown(&app, &viewer, id, Some(problem), reason).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

/// Makes the link of a proposal that was approved, and shows its second part, here alone.
async fn code(app: &App, viewer: &Second, login: &str, half: &str) -> Answer {
    let code = links::code().map_err(machine)?;
    let accounts = app.accounts();
    let account = accounts.named(login).await.map_err(ReviewError::from)?;
    let now = Timestamp::now();
    let until = now + ANEW;
    let both = in_two_parts(half, &code);
    let made = accounts.make_link(Some(account.id), &both, until, now);
    made.await?;
    page::show(&SecondPart {
        page: viewer,
        account: &account,
        code: [&code[..4], &code[4..8], &code[8..]].join("-"),
        until: viewer.t.moment(until),
    })
}
