//! `/program`: the programs that may ask over the API. For the central officer, and for the administrators
//! of places, who see those that reach no further than they do themselves.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use satu_registry::four_eyes::propose_program;
use satu_registry::review::ReviewError;
use satu_rules::PROCESSING;
use satu_store::accounts::{AccountError, Role};
use satu_store::clients::{Client, ClientError, Listed, Right, Rights};
use satu_store::place::Places;
use serde::Deserialize;

use super::password::still_theirs;
use super::program::Issued;
use super::proposals::onward;
use super::sign_in::machine;
use crate::Lang;
use crate::app::App;
use crate::asker::Asker;
use crate::form::Posted;
use crate::page::{self, Administrator, Answer, Failure};
use crate::pager::{PAGE, Pager};

/// Letters of a key.
const KEY: usize = 20;

#[derive(Template)]
#[template(path = "programs.html")]
struct Shown<'a> {
    page: &'a Administrator,
    text: &'a str,
    lines: Vec<Line>,
    pager: Pager,
}

/// A program, in words.
pub(super) struct Line {
    pub one: Listed,
    pub reach: String,
    pub state: &'static str,
}

#[derive(Template)]
#[template(path = "program_new.html")]
struct New<'a> {
    page: &'a Administrator,
    form: &'a Asked,
    /// Whether the account has a password to ask for.
    password: bool,
    problem: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Filter {
    cari: String,
    hal: i64,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    nama: String,
    /// Whether it may see everyone.
    semua: Option<String>,
    /// Places, one a line.
    instansi: String,
    tujuan: String,
    pemilik: String,
    /// Why, where it needs a second person.
    alasan: String,
    sandi: String,
    /// A box `hak-NAME` for each right chosen.
    #[serde(flatten)]
    boxes: BTreeMap<String, String>,
}

impl Asked {
    fn has(&self, right: Right) -> bool {
        self.boxes.contains_key(&format!("hak-{}", right.name()))
    }

    /// The program of this form, with a new key.
    fn client(&self) -> Result<Client, Failure> {
        let names = Right::ALL.into_iter().filter(|right| self.has(*right));
        let names: Vec<&str> = names.map(Right::name).collect();
        let mut key = crate::secret().map_err(machine)?;
        key.truncate(KEY);
        Ok(Client {
            id: 0,
            key,
            name: self.nama.trim().to_owned(),
            role: match self.semua {
                Some(_) => Role::Walidata,
                None => Role::Officer {
                    places: self.instansi.as_str().into(),
                },
            },
            rights: Rights::parse(&names.join(" ")).map_err(machine)?,
            purpose: self.tujuan.clone(),
        })
    }
}

impl Line {
    pub(super) fn of(t: Lang, one: Listed) -> Line {
        let places = one.client.role.places();
        Line {
            reach: places.map_or(t.program_everyone().to_owned(), Places::to_string),
            state: match one.secrets.len() {
                0 => t.program_shut(),
                1 => t.program_open(),
                _ => t.program_open_two(),
            },
            one,
        }
    }
}

/// The programs, page by page.
pub async fn list(
    State(app): State<App>,
    viewer: Administrator,
    Query(filter): Query<Filter>,
) -> Answer {
    let text = filter.cari.trim();
    let sought = text.to_lowercase();
    let mut all = Vec::new();
    for one in app.clients().list().await? {
        let Client {
            name, key, role, ..
        } = &one.client;
        let fits = name.to_lowercase().contains(&sought) || key.contains(&sought);
        if fits && app.accounts().governs(&viewer.account().role, role).await? {
            all.push(one);
        }
    }
    let pager = Pager::new(all.len() as i64, filter.hal, "/program", &[("cari", text)]);
    let lines = all.into_iter().skip(pager.skip() as usize);
    let lines = lines.take(PAGE as usize);
    page::show(&Shown {
        page: &viewer,
        text,
        lines: lines.map(|one| Line::of(viewer.t, one)).collect(),
        pager,
    })
}

/// The form for a new program.
pub async fn ask(State(app): State<App>, viewer: Administrator) -> Answer {
    let account = viewer.account();
    let form = Asked {
        instansi: account.role.places().map(Places::lines).unwrap_or_default(),
        pemilik: account.login.clone(),
        ..Asked::default()
    };
    asked(&app, &viewer, &form, None).await
}

async fn asked(app: &App, viewer: &Administrator, form: &Asked, problem: Option<String>) -> Answer {
    page::show(&New {
        page: viewer,
        form,
        password: app.accounts().has_password(viewer.account().id).await?,
        problem,
    })
}

/// Makes a program and shows its secret, or proposes it where that needs a second person.
pub async fn make(
    State(app): State<App>,
    viewer: Administrator,
    asker: Asker,
    Posted(form): Posted<Asked>,
) -> Answer {
    match made(&app, &viewer, &asker, &form).await? {
        Ok(answer) => Ok(answer),
        Err(problem) => {
            let again = asked(&app, &viewer, &form, Some(problem)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
        }
    }
}

async fn made(
    app: &App,
    viewer: &Administrator,
    asker: &Asker,
    form: &Asked,
) -> Result<Result<Response, String>, Failure> {
    let (t, by) = (viewer.t, viewer.account());
    let client = form.client()?;
    if let Err(error) = client.checked() {
        return Ok(Err(t.program_problem(&error)));
    }
    if !app.accounts().governs(&by.role, &client.role).await? {
        return Ok(Err(t.program_beyond().to_owned()));
    }
    let known = PROCESSING.iter().any(|one| one.id == client.purpose);
    if !known && !client.purpose.is_empty() {
        return Err(Failure::BadRequest);
    }
    let owner = match owner(app, viewer, &form.pemilik).await? {
        Ok(owner) => owner,
        Err(error) => return Ok(Err(t.program_problem(&error))),
    };
    if let Err(problem) = still_theirs(app, viewer, asker, form.sandi.clone()).await? {
        return Ok(Err(problem));
    }
    let store = app.store(viewer);
    match propose_program(store, &client, &owner, &by.login, &form.alasan).await {
        Ok(None) => {}
        Ok(Some(taken)) => return Ok(Ok(onward(taken, "/program"))),
        Err(ReviewError::NoReason) => return Ok(Err(t.reason_missing().to_owned())),
        Err(error) => return Err(error.into()),
    }
    let secret = crate::secret().map_err(machine)?;
    let (clients, now) = (app.clients(), Timestamp::now());
    let made = clients.add(client, &owner, &secret, &by.login, now);
    let client = match made.await {
        Ok(client) => client,
        Err(ClientError::Store(error)) => return Err(error.into()),
        Err(error) => return Ok(Err(t.program_problem(&error))),
    };
    tracing::info!(target: "security", client = client.key, by = by.login, "made a program");
    let issued = Issued {
        page: viewer,
        title: t.program_made(&client.name),
        client: &client,
        secret,
        both: false,
    };
    Ok(Ok(issued.show(app).await?))
}

/// The login of who is to answer for a program: who makes it, or an account that they look after.
async fn owner(
    app: &App,
    viewer: &Administrator,
    login: &str,
) -> Result<Result<String, ClientError>, Failure> {
    let own = viewer.account();
    if login.trim().is_empty() {
        return Ok(Ok(own.login.clone()));
    }
    match app.accounts().named(login).await {
        Ok(account)
            if account.id == own.id || app.accounts().governs(&own.role, &account.role).await? =>
        {
            Ok(Ok(account.login))
        }
        Ok(_) | Err(AccountError::Unknown(_)) => {
            Ok(Err(ClientError::Owner(login.trim().to_owned())))
        }
        Err(AccountError::Store(error)) => Err(error.into()),
        Err(error) => Err(machine(error)),
    }
}
