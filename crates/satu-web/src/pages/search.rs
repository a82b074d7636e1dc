//! `/cari`: persons by name, NIP or NIK.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use satu_store::accounts::Role;
use satu_store::search::Hit;
use serde::Deserialize;

use crate::app::App;
use crate::page::{self, Answer, Failure, Officer, Viewer};

/// Persons shown; whoever looks for more says more.
const MOST: usize = 50;

#[derive(Template)]
#[template(path = "search.html")]
struct Shown<'a> {
    page: &'a Viewer,
    question: &'a str,
    lines: Vec<Line>,
    more: bool,
}

struct Line {
    person: i64,
    name: String,
    nip: String,
    agency: String,
    position: String,
    born: String,
    exact: bool,
    conflicts: i64,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

pub async fn show(State(app): State<App>, viewer: Officer, Query(asked): Query<Asked>) -> Answer {
    let question = asked.q.trim();
    let hits = if question.is_empty() {
        Vec::new()
    } else {
        app.store(&viewer)
            .search(&viewer.scope(), question, MOST + 1)
            .await?
    };
    page::show(&Shown {
        page: &viewer,
        question,
        more: hits.len() > MOST,
        lines: hits
            .iter()
            .take(MOST)
            .map(|hit| line(&viewer, hit))
            .collect(),
    })
}

fn line(viewer: &Viewer, hit: &Hit) -> Line {
    let value = |field: &str| hit.record.value(field).unwrap_or_default().to_owned();
    Line {
        person: hit.person,
        name: value("nama"),
        nip: value("nip"),
        agency: value("instansi_kerja"),
        position: value("jabatan"),
        born: viewer.t.date_text(&value("tanggal_lahir")),
        exact: hit.exact,
        conflicts: hit.record.conflicts().count() as i64,
    }
}

/// `/saya`: the civil servant's own record.
pub async fn own(State(app): State<App>, viewer: Viewer) -> Answer {
    let Role::Asn { nip } = &viewer.account().role else {
        return Err(Failure::NotFound);
    };
    let found = app.store(&viewer).find(&viewer.scope(), "nip", nip).await?;
    let person = found.first().ok_or(Failure::NotFound)?;
    Ok(Redirect::to(&format!("/orang/{person}")).into_response())
}
