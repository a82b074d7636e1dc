//! `/orang/{id}`: one golden record, where each value comes from, and what has happened since.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use jiff::Timestamp;
use jiff::civil::Date;
use satu_domain::dates::ends_in_jakarta;
use satu_domain::resolve::{Field, Offer, Reason};
use satu_domain::{Kind, parse_date};
use satu_registry::review::{ReviewError, set_value};
use satu_store::OPEN;
use satu_store::access::Opening;
use satu_store::accounts::Role;
use satu_store::ask::Person;
use serde::Deserialize;

use super::proposals::onward;
use crate::app::App;
use crate::columns;
use crate::form::Posted;
use crate::page::{self, Answer, Failure, Officer, Viewer};
use crate::timeline::{Moment, timeline};
use crate::{Lang, mask};

/// For which purposes an officer may see what is masked: the word that is kept, and its text.
pub(super) const PURPOSES: [&str; 4] = ["verifikasi", "perbaikan", "layanan", "pengaduan"];

/// Looks at a record that are listed.
const MOST_LOOKS: i64 = 50;

#[derive(Template)]
#[template(path = "person.html")]
struct Shown<'a> {
    page: &'a Viewer,
    person: i64,
    name: &'a str,
    nip: &'a str,
    ghost: bool,
    conflicts: usize,
    lines: Vec<Line>,
    moments: Vec<Moment>,
    evidence: Vec<Spoken>,
    looks: Vec<Look>,
    how: How,
}

impl Shown<'_> {
    /// What a form said of a column of which no value could be let stand.
    fn said(&self, column: &str) -> Option<&Value> {
        let refused = self.how.refused.as_ref()?;
        (refused.form.kolom == column).then_some(&refused.form)
    }

    /// Whether a value of a line is the one chosen: the one that stands, unless a form said another.
    fn chosen(&self, line: &Line, kept: &str) -> bool {
        let said = self.said(line.column).map(|form| form.nilai.as_str());
        let lost = said.filter(|said| line.losers.iter().any(|loser| loser.kept == *said));
        kept == lost.unwrap_or(&line.kept)
    }
}

/// In which way the record is shown.
#[derive(Default)]
struct How {
    asked: Asked,
    /// Whether what is masked is shown.
    open: bool,
    /// For which purpose it is, to an officer.
    purpose: String,
    refused: Option<Refused>,
}

/// A value that could not be let stand: why, and what the form said.
struct Refused {
    problem: String,
    form: Value,
}

/// A row of a file that speaks of the person.
struct Spoken {
    source: String,
    file: String,
    row: i64,
    stated_on: String,
    statement: i64,
}

/// Somebody looked at the record.
struct Look {
    at: String,
    by: String,
    purpose: String,
}

struct Line {
    column: &'static str,
    title: String,
    value: String,
    /// The value as it is kept, for a decision; not as the language writes it.
    kept: String,
    /// Whether it is a date.
    date: bool,
    masked: bool,
    reason: &'static str,
    sources: String,
    stated_on: String,
    losers: Vec<Loser>,
    conflict: bool,
}

struct Loser {
    value: String,
    kept: String,
    sources: String,
}

#[derive(Deserialize, Default)]
pub struct Asked {
    /// About which day.
    #[serde(default)]
    tanggal: String,
    /// As known at the end of which day.
    #[serde(default)]
    diketahui: String,
    /// A value was just set.
    selesai: Option<String>,
}

#[derive(Deserialize)]
pub struct Purpose {
    tujuan: String,
}

#[derive(Deserialize)]
pub struct Value {
    kolom: String,
    nilai: String,
    #[serde(default)]
    nilai_lain: String,
    alasan: String,
    /// For which purpose the record was open.
    #[serde(default)]
    tujuan: String,
}

fn day(text: &str) -> Result<Option<Date>, Failure> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Failure::BadRequest)
}

/// The record with what is sensitive masked, but for the person themselves. Others' openings go on the
/// record.
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Answer {
    let how = How {
        asked,
        open: matches!(viewer.account().role, Role::Asn { .. }),
        ..How::default()
    };
    looked(&app, &viewer, id, how).await
}

/// The record unmasked, for a purpose, on the record.
pub async fn open(
    State(app): State<App>,
    viewer: Officer,
    Path(id): Path<i64>,
    Posted(purpose): Posted<Purpose>,
) -> Answer {
    if !PURPOSES.contains(&purpose.tujuan.as_str()) {
        return Err(Failure::BadRequest);
    }
    let how = How {
        open: true,
        purpose: purpose.tujuan,
        ..How::default()
    };
    looked(&app, &viewer, id, how).await
}

/// Shows the record, and puts it on the record that an officer looks: with the purpose for which it is open,
/// before it is shown, or as an opening.
async fn looked(app: &App, viewer: &Viewer, id: i64, how: How) -> Answer {
    let (by, at) = (viewer.account().login.clone(), Timestamp::now());
    if !how.purpose.is_empty() {
        let store = app.store(viewer);
        let person = store.person(&viewer.scope(), id, None, OPEN).await?;
        person.ok_or(Failure::NotFound)?;
        store.note_access(&[id], &by, &how.purpose, at).await?;
        return shown(app, viewer, id, how).await;
    }
    let own = how.open;
    let answer = shown(app, viewer, id, how).await?;
    if !own {
        let person = id;
        app.openings().note(Opening { person, by, at }).await?;
    }
    Ok(answer)
}

async fn shown(app: &App, viewer: &Viewer, id: i64, how: How) -> Answer {
    let store = app.store(viewer);
    let scope = viewer.scope();
    let (asked, open) = (&how.asked, how.open);
    let as_of = day(&asked.tanggal)?;
    let known = match day(&asked.diketahui)? {
        None => OPEN,
        Some(day) => {
            let end = ends_in_jakarta(day).ok_or(Failure::BadRequest)?;
            store.known_at(end).await?
        }
    };
    let person = store.person(&scope, id, as_of, known).await?;
    let person = person.ok_or(Failure::NotFound)?;
    let looks = store.accesses(&scope, id, MOST_LOOKS).await?;
    let sources = store.source_names().await?;
    let named = |code: &str| {
        sources
            .get(code)
            .cloned()
            .unwrap_or_else(|| code.to_owned())
    };
    let t = viewer.t;
    let status = match how.refused {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let page = page::show(&Shown {
        page: viewer,
        person: id,
        name: person.record.value("nama").unwrap_or_default(),
        nip: person.record.value("nip").unwrap_or_default(),
        ghost: person.ghost,
        conflicts: person.record.conflicts().count(),
        lines: lines(t, &person, open, &named),
        moments: timeline(t, &person.evidence, open, &named),
        evidence: person
            .evidence
            .iter()
            .filter(|one| one.kind == Kind::DataUtama)
            .map(|one| Spoken {
                source: named(&one.source),
                file: one.file.clone(),
                row: one.row as i64,
                stated_on: t.date(one.stated_on),
                statement: one.statement,
            })
            .collect(),
        looks: looks
            .into_iter()
            .map(|look| Look {
                at: t.moment(look.at),
                purpose: t.purpose_named(&look.purpose).to_owned(),
                by: look.by,
            })
            .collect(),
        how,
    })?;
    Ok((status, page).into_response())
}

fn lines(t: Lang, person: &Person, open: bool, named: &impl Fn(&str) -> String) -> Vec<Line> {
    let said_by = |offer: &Offer| {
        let names: Vec<String> = offer.by.sources.iter().map(|code| named(code)).collect();
        names.join(", ")
    };
    let conflicts: Vec<&str> = person.record.conflicts().map(|field| field.name).collect();
    let line = |field: &Field| {
        let value = |offer: &Offer| {
            let value = t.date_text(&offer.value);
            if open {
                value
            } else {
                mask::masked(field.name, &value).into_owned()
            }
        };
        Line {
            title: columns::title(t, field.name).to_owned(),
            value: value(&field.winner),
            kept: field.winner.value.clone(),
            date: parse_date(&field.winner.value).is_some(),
            masked: !open && mask::is_sensitive(field.name),
            reason: reason(t, field.reason),
            sources: said_by(&field.winner),
            stated_on: field
                .winner
                .by
                .stated_on
                .map(|day| t.date(day))
                .unwrap_or_default(),
            losers: field
                .losers
                .iter()
                .map(|loser| Loser {
                    value: value(loser),
                    kept: loser.value.clone(),
                    sources: said_by(loser),
                })
                .collect(),
            conflict: conflicts.contains(&field.name),
            column: field.name,
        }
    };
    person.record.fields.iter().map(line).collect()
}

/// Why a value stands, in words.
pub fn reason(t: Lang, reason: Reason) -> &'static str {
    match reason {
        Reason::Unopposed => t.because_unopposed(),
        Reason::Ruling => t.because_ruling(),
        Reason::Authority => t.because_authority(),
        Reason::Agreement => t.because_agreement(),
        Reason::Recency => t.because_recency(),
        Reason::Tie => t.because_tie(),
    }
}

/// An officer lets a value stand.
pub async fn set(
    State(app): State<App>,
    viewer: Officer,
    Path(id): Path<i64>,
    Posted(form): Posted<Value>,
) -> Answer {
    let scope = viewer.scope();
    let decider = viewer.decider(&scope, &form.alasan);
    let value = match form.nilai_lain.trim() {
        "" => &form.nilai,
        other => other,
    };
    let t = viewer.t;
    let problem = match set_value(app.store(&viewer), &decider, id, &form.kolom, value).await {
        Ok(taken) => {
            let to = format!("/orang/{id}?selesai#{}", form.kolom);
            return Ok(onward(taken, &to));
        }
        // What no form of the page says.
        Err(error) if Kind::DataUtama.position(&form.kolom).is_none() => return Err(error.into()),
        Err(ReviewError::NoReason) => t.reason_missing().to_owned(),
        Err(ReviewError::Field(_) | ReviewError::Value(_)) => {
            t.value_unread(columns::title(t, &form.kolom))
        }
        Err(error) => return Err(error.into()),
    };
    let open = PURPOSES.contains(&form.tujuan.as_str());
    let how = How {
        open,
        purpose: if open {
            form.tujuan.clone()
        } else {
            String::new()
        },
        refused: Some(Refused { problem, form }),
        ..How::default()
    };
    looked(&app, &viewer, id, how).await
}
