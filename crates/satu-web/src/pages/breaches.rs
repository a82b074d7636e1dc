//! `/pelanggaran`: failures to protect personal data (UU 27/2022 art. 46). The centre keeps the
//! register; an agency's officer reads of those that touch its people.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::{SignedDuration, Timestamp};
use satu_domain::Nip;
use satu_registry::table::Cell;
use satu_store::entry::BreachWords;
use satu_store::privacy::{Adding, Affected, Breach, Told};
use serde::Deserialize;

use crate::Lang;
use crate::app::App;
use crate::export::{self, Ending};
use crate::form::Posted;
use crate::format::from_jakarta;
use crate::page::{self, Answer, Failure, Officer};

/// Longest text about a breach, in letters.
const LONGEST: usize = 4_000;
/// Persons shown on the page; the whole list is to take away.
const SHOWN: usize = 50;
/// What is left of a minute after the moment that a form gives.
const REST: SignedDuration = SignedDuration::new(59, 999_999_000);
/// Persons of one list to take away: as many rows as a sheet holds.
const MOST: usize = 1_000_000;

#[derive(Template)]
#[template(path = "breaches.html")]
struct List<'a> {
    page: &'a Officer,
    breaches: Vec<Breach>,
    form: &'a Form,
    problem: bool,
    now: Timestamp,
}

#[derive(Template)]
#[template(path = "breach.html")]
struct Shown<'a> {
    page: &'a Officer,
    breach: Breach,
    affected: i64,
    persons: Vec<(i64, String, String)>,
    done: Option<String>,
    problem: Option<String>,
    /// Whom to add, where it could not be done.
    whom: &'a Whom,
    now: Timestamp,
}

#[derive(Deserialize, Default)]
pub struct Form {
    #[serde(default)]
    diketahui: String,
    #[serde(default)]
    data: String,
    #[serde(default)]
    cara: String,
    #[serde(default)]
    penanganan: String,
}

impl Form {
    /// What is told of the breach, where it is told whole.
    fn words(&self) -> Option<BreachWords> {
        let told = [&self.data, &self.cara, &self.penanganan].map(|text| text.trim().to_owned());
        let fits = |text: &String| !text.is_empty() && text.chars().count() <= LONGEST;
        if !told.iter().all(fits) {
            return None;
        }
        let [data, how, handling] = told;
        Some(BreachWords {
            data,
            how,
            handling,
        })
    }
}

#[derive(Deserialize)]
pub struct Done {
    /// What was just done: `catat`, `ubah`, `kabar`, or how many persons were added.
    selesai: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Whom {
    nip: String,
    akun: String,
    sejak: String,
    sampai: String,
    instansi: String,
}

impl Whom {
    /// How those to add are found; a problem to show where any part of it is not told whole.
    fn found(&self, t: Lang) -> Result<Vec<Affected>, String> {
        let mut all = Vec::new();
        let nips = self.nip.split(['\n', '\r', ',', ';']).map(str::trim);
        for nip in nips.filter(|nip| !nip.is_empty()) {
            let read = Nip::parse(nip).map_err(|_| t.nip_problem(nip))?;
            all.push(Affected::Nip(read.to_string()));
        }
        if [&self.akun, &self.sejak, &self.sampai]
            .iter()
            .any(|text| !text.trim().is_empty())
        {
            all.push(self.looks().ok_or_else(|| t.looks_problem().to_owned())?);
        }
        if !self.instansi.trim().is_empty() {
            all.push(Affected::Agency(self.instansi.clone()));
        }
        if all.is_empty() {
            return Err(t.add_problem().to_owned());
        }
        Ok(all)
    }

    /// Those whose records an account opened, up to the end of the minute that is given.
    fn looks(&self) -> Option<Affected> {
        let login = self.akun.trim().to_lowercase();
        let (from, until) = (from_jakarta(&self.sejak)?, from_jakarta(&self.sampai)?);
        let until = until.checked_add(REST).ok()?;
        (!login.is_empty() && from < until).then_some(Affected::LookedAt { login, from, until })
    }
}

/// What to say of those by which nobody is found.
fn nobody(t: Lang, unknown: &[Affected]) -> String {
    let mut nips = Vec::new();
    let mut said = Vec::new();
    for one in unknown {
        match one {
            Affected::Nip(nip) => nips.push(nip.as_str()),
            Affected::LookedAt { login, .. } => said.push(t.login_unknown(login)),
            Affected::Agency(agency) => said.push(t.agency_unknown(agency)),
        }
    }
    if !nips.is_empty() {
        said.insert(0, t.nips_unknown(nips.join(", ")));
    }
    said.push(t.nobody_added().to_owned());
    said.join(" ")
}

#[derive(Deserialize)]
pub struct Notice {
    kepada: String,
}

/// The register is the centre's to write.
fn centre(viewer: &Officer) -> Result<(), Failure> {
    if viewer.scope().is_whole() {
        Ok(())
    } else {
        Err(Failure::Forbidden)
    }
}

pub async fn list(State(app): State<App>, viewer: Officer) -> Answer {
    listed(&app, &viewer, &Form::default(), false).await
}

async fn listed(app: &App, viewer: &Officer, form: &Form, problem: bool) -> Answer {
    page::show(&List {
        page: viewer,
        breaches: app.store(viewer).breaches(&viewer.scope()).await?,
        form,
        problem,
        now: Timestamp::now(),
    })
}

/// Puts a breach on the register.
pub async fn note(State(app): State<App>, viewer: Officer, Posted(form): Posted<Form>) -> Answer {
    centre(&viewer)?;
    let found = from_jakarta(&form.diketahui).filter(|found| *found <= Timestamp::now());
    let (Some(found), Some(words)) = (found, form.words()) else {
        let again = listed(&app, &viewer, &form, true).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    };
    let by = &viewer.account().login;
    let id = app.store(&viewer).note_breach(found, words, by).await?;
    tracing::info!(target: "security", breach = id, by, "noted a breach");
    Ok(Redirect::to(&format!("/pelanggaran/{id}?selesai=catat")).into_response())
}

pub async fn show(
    State(app): State<App>,
    viewer: Officer,
    Path(id): Path<i64>,
    Query(done): Query<Done>,
) -> Answer {
    let t = viewer.t;
    let done = done.selesai.and_then(|what| match what.as_str() {
        "catat" => Some(t.breach_noted().to_owned()),
        "ubah" => Some(t.breach_saved().to_owned()),
        "kabar" => Some(t.told_noted().to_owned()),
        count => count
            .parse()
            .ok()
            .map(|count: i64| t.affected_added(t.number(count))),
    });
    shown(&app, &viewer, id, done, None, &Whom::default()).await
}

async fn shown(
    app: &App,
    viewer: &Officer,
    id: i64,
    done: Option<String>,
    problem: Option<String>,
    whom: &Whom,
) -> Answer {
    let (store, scope) = (app.store(viewer), viewer.scope());
    let breach = store.breach(&scope, id).await?.ok_or(Failure::NotFound)?;
    page::show(&Shown {
        page: viewer,
        persons: store.affected(&scope, id, SHOWN).await?,
        affected: store.count_affected(&scope, id).await?,
        breach,
        done,
        problem,
        whom,
        now: Timestamp::now(),
    })
}

/// Whether the viewer may change a breach, and it is there.
async fn changing(app: &App, viewer: &Officer, id: i64) -> Result<(), Failure> {
    centre(viewer)?;
    let there = app.store(viewer).breach(&viewer.scope(), id).await?;
    there.map(|_| ()).ok_or(Failure::NotFound)
}

async fn refused(app: &App, viewer: &Officer, id: i64, problem: String, whom: &Whom) -> Answer {
    let again = shown(app, viewer, id, None, Some(problem), whom).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response())
}

/// Says anew what happened.
pub async fn retell(
    State(app): State<App>,
    viewer: Officer,
    Path(id): Path<i64>,
    Posted(form): Posted<Form>,
) -> Answer {
    changing(&app, &viewer, id).await?;
    let Some(words) = form.words() else {
        let problem = viewer.t.breach_problem().to_owned();
        return refused(&app, &viewer, id, problem, &Whom::default()).await;
    };
    let by = &viewer.account().login;
    app.store(&viewer).retell_breach(id, words, by).await?;
    Ok(Redirect::to(&format!("/pelanggaran/{id}?selesai=ubah")).into_response())
}

/// Adds persons to those whom the breach touches.
pub async fn affect(
    State(app): State<App>,
    viewer: Officer,
    Path(id): Path<i64>,
    Posted(whom): Posted<Whom>,
) -> Answer {
    changing(&app, &viewer, id).await?;
    let all = match whom.found(viewer.t) {
        Ok(all) => all,
        Err(problem) => return refused(&app, &viewer, id, problem, &whom).await,
    };
    // What this process has not written yet was opened too.
    app.openings().write().await?;
    let (store, scope, by) = (app.store(&viewer), viewer.scope(), &viewer.account().login);
    let added = match store.affect(&scope, id, &all, by).await? {
        Adding::Added(added) => added,
        Adding::Unknown(unknown) => {
            let problem = nobody(viewer.t, &unknown);
            return refused(&app, &viewer, id, problem, &whom).await;
        }
    };
    Ok(Redirect::to(&format!("/pelanggaran/{id}?selesai={added}#terdampak")).into_response())
}

/// Notes that somebody was told.
pub async fn tell(
    State(app): State<App>,
    viewer: Officer,
    Path(id): Path<i64>,
    Posted(notice): Posted<Notice>,
) -> Answer {
    changing(&app, &viewer, id).await?;
    let whom = Told::parse(&notice.kepada).ok_or(Failure::BadRequest)?;
    let by = &viewer.account().login;
    app.store(&viewer).note_told(id, whom, by).await?;
    tracing::info!(target: "security", breach = id, by, whom = whom.name(), "noted a notice");
    Ok(Redirect::to(&format!("/pelanggaran/{id}?selesai=kabar")).into_response())
}

pub async fn csv(app: State<App>, viewer: Officer, id: Path<i64>) -> Answer {
    taken(&app, &viewer, *id, Ending::Csv).await
}

pub async fn xlsx(app: State<App>, viewer: Officer, id: Path<i64>) -> Answer {
    taken(&app, &viewer, *id, Ending::Xlsx).await
}

/// The persons affected, as a list to take away: number, name, NIP and no more.
async fn taken(app: &App, viewer: &Officer, id: i64, ending: Ending) -> Answer {
    let (store, scope, t) = (app.store(viewer), viewer.scope(), viewer.t);
    store.breach(&scope, id).await?.ok_or(Failure::NotFound)?;
    let persons = store.affected(&scope, id, MOST).await?;
    let rows: Vec<Vec<Cell>> = persons
        .into_iter()
        .map(|(_, name, nip)| export::texts(vec![nip, name]))
        .collect();
    let head = [t.nip(), t.name()].map(str::to_owned).to_vec();
    export::whole(&format!("terdampak-{id}"), ending, head, rows).await
}
