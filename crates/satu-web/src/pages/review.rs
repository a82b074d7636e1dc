//! `/tinjau`: records of which a person must say whether they are one person.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use satu_domain::Kind;
use satu_linkage::Explanation;
use satu_registry::review::{Answer as Said, ReviewError, decide, evidence, undo};
use satu_store::entry::Verdict;
use satu_store::review::{Decided, OpenDoubt};
use serde::Deserialize;

use super::proposals::onward;
use crate::app::App;
use crate::columns;
use crate::form::Posted;
use crate::page::{self, Answer, Failure, Officer, Viewer};
use crate::pager::Pager;

/// Doubts of one page.
const PAGE: i64 = 20;

/// Decisions listed.
const MOST_DECISIONS: i64 = 100;

#[derive(Template)]
#[template(path = "queue.html")]
struct Queue<'a> {
    page: &'a Viewer,
    pager: Pager,
    lines: Vec<Line>,
    undoable: Option<i64>,
}

struct Line {
    id: i64,
    names: Vec<String>,
    sources: Vec<String>,
    percent: i64,
    deferred: bool,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    hal: i64,
    /// The decision just taken.
    selesai: Option<i64>,
}

#[derive(Deserialize)]
pub struct Form {
    jawaban: String,
    alasan: String,
    /// A box `pilih-N` for each record chosen, N its number.
    #[serde(flatten)]
    boxes: std::collections::BTreeMap<String, String>,
}

#[derive(Deserialize)]
pub struct Undo {
    alasan: String,
}

/// Everything that waits.
pub async fn queue(State(app): State<App>, viewer: Officer, Query(asked): Query<Asked>) -> Answer {
    let store = app.store(&viewer);
    let scope = viewer.scope();
    let (total, _) = store.queue(&scope, 0, 0).await?;
    let pager = Pager::sized(PAGE, total, asked.hal, "/tinjau", &[]);
    let (_, ids) = store.queue(&scope, pager.skip(), PAGE).await?;
    let mut lines = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(open) = store.doubt(&scope, id).await? {
            lines.push(line(&open));
        }
    }
    page::show(&Queue {
        page: &viewer,
        pager,
        lines,
        undoable: asked.selesai,
    })
}

fn line(open: &OpenDoubt) -> Line {
    let names = open.records.iter().map(|record| {
        let at = Kind::DataUtama.position("nama");
        let name = at.and_then(|at| record.statement.cells.get(at));
        name.cloned().unwrap_or_default()
    });
    Line {
        id: open.id,
        names: names.collect(),
        sources: open
            .records
            .iter()
            .map(|record| record.source.clone())
            .collect(),
        percent: percent(open.doubt.pairs.iter().map(|pair| pair.probability).max()),
        deferred: open.deferred.is_some(),
    }
}

fn percent(millionths: Option<i64>) -> i64 {
    millionths.unwrap_or_default() / 10_000
}

#[derive(Template)]
#[template(path = "doubt.html")]
struct Shown<'a> {
    page: &'a Viewer,
    open: &'a OpenDoubt,
    columns: Vec<Column>,
    rows: Vec<Row>,
    pairs: Vec<Pair>,
    left: i64,
    undoable: Option<i64>,
    problem: Option<&'static str>,
    said: &'a str,
}

/// An answer that could not be taken: why, the records chosen, and the reason given.
struct Refused<'a> {
    problem: &'static str,
    chosen: &'a [i64],
    said: &'a str,
}

struct Column {
    number: i64,
    /// Whether it is among those of whom something is to be said.
    chosen: bool,
    letter: char,
    source: String,
    file: String,
    row: i64,
    stated_on: String,
    person: i64,
}

struct Row {
    title: String,
    differs: bool,
    cells: Vec<String>,
}

struct Pair {
    letters: String,
    percent: i64,
    weight: String,
    prior: String,
    alike: String,
    hard: bool,
    fields: Vec<Weight>,
}

struct Weight {
    title: String,
    level: String,
    bits: String,
    /// Where the bar begins and how long it is, in percent of the whole width; zero is at 50.
    from: f64,
    long: f64,
    against: bool,
}

/// The first doubt that waits.
pub async fn next(State(app): State<App>, viewer: Officer, Query(asked): Query<Asked>) -> Answer {
    let (_, ids) = app.store(&viewer).queue(&viewer.scope(), 0, 1).await?;
    let done = asked
        .selesai
        .map(|ruling| format!("?selesai={ruling}"))
        .unwrap_or_default();
    let to = match ids.first() {
        Some(id) => format!("/tinjau/{id}{done}"),
        None => format!("/tinjau{done}"),
    };
    Ok(Redirect::to(&to).into_response())
}

/// One doubt, its records side by side.
pub async fn show(
    State(app): State<App>,
    viewer: Officer,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Answer {
    shown(&app, &viewer, id, asked.selesai, None).await
}

async fn shown(
    app: &App,
    viewer: &Viewer,
    id: i64,
    undoable: Option<i64>,
    refused: Option<Refused<'_>>,
) -> Answer {
    let store = app.store(viewer);
    let scope = viewer.scope();
    let open = store.doubt(&scope, id).await?;
    let mut open = open.ok_or(Failure::NotFound)?;
    // What is taken for one person stands together.
    open.records
        .sort_by_key(|record| (record.person, record.number));
    // The records are shown unmasked: that is the purpose, and it goes on the record.
    let persons: Vec<i64> = open
        .records
        .iter()
        .filter_map(|record| record.person)
        .collect();
    let by = &viewer.account().login;
    store
        .note_access(&persons, by, "tinjau", Timestamp::now())
        .await?;
    let names = store.source_names().await?;
    let explained = evidence(store, &open).await?;
    let (left, _) = store.queue(&scope, 0, 0).await?;
    let columns: Vec<Column> = open
        .records
        .iter()
        .zip('A'..)
        .map(|(record, letter)| Column {
            number: record.number,
            chosen: refused
                .as_ref()
                .is_none_or(|refused| refused.chosen.contains(&record.number)),
            letter,
            source: names
                .get(&record.source)
                .unwrap_or(&record.source)
                .to_owned(),
            file: record.file.clone(),
            row: record.statement.row as i64,
            stated_on: viewer.t.date(record.stated_on),
            person: record.person.unwrap_or_default(),
        })
        .collect();
    let letter = |number: i64| {
        let column = columns.iter().find(|column| column.number == number);
        column.map_or('?', |column| column.letter)
    };
    let pairs = open
        .doubt
        .pairs
        .iter()
        .zip(&explained)
        .map(|(pair, told)| {
            let letters = format!("{} – {}", letter(pair.a), letter(pair.b));
            weights(viewer, letters, pair.probability, told)
        })
        .collect();
    let page = page::show(&Shown {
        page: viewer,
        rows: rows(viewer, &open),
        columns,
        pairs,
        left,
        undoable,
        problem: refused.as_ref().map(|refused| refused.problem),
        said: refused.as_ref().map_or("", |refused| refused.said),
        open: &open,
    })?;
    Ok(match refused {
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, page).into_response(),
        None => page,
    })
}

/// The columns in which any record says something.
fn rows(viewer: &Viewer, open: &OpenDoubt) -> Vec<Row> {
    let row = |(at, column): (usize, &&str)| {
        let cells: Vec<&str> = open
            .records
            .iter()
            .map(|record| record.statement.cells.get(at).map_or("", String::as_str))
            .collect();
        let mut said = cells
            .iter()
            .filter(|cell| !cell.is_empty())
            .map(|cell| satu_domain::canonical(column, cell));
        let first = said.next()?;
        Some(Row {
            title: columns::title(viewer.t, column).to_owned(),
            differs: said.any(|other| other != first),
            cells: cells
                .into_iter()
                .map(|cell| viewer.t.date_text(cell))
                .collect(),
        })
    };
    Kind::DataUtama
        .columns()
        .iter()
        .enumerate()
        .filter_map(row)
        .collect()
}

fn weights(viewer: &Viewer, letters: String, probability: i64, told: &Explanation) -> Pair {
    let t = viewer.t;
    let most = told
        .fields
        .iter()
        .map(|field| field.weight.abs())
        .fold(1.0, f64::max);
    Pair {
        letters,
        percent: percent(Some(probability)),
        weight: t.bits(told.weight),
        prior: t.bits(told.prior),
        alike: t.bits(told.alike),
        hard: told.hard,
        fields: told
            .fields
            .iter()
            .map(|field| {
                let long = field.weight.abs() / most * 50.0;
                let against = field.weight < 0.0;
                Weight {
                    title: columns::title(t, &field.field).to_owned(),
                    level: t.level_named(&field.level),
                    bits: t.bits(field.weight),
                    from: if against { 50.0 - long } else { 50.0 },
                    long,
                    against,
                }
            })
            .collect(),
    }
}

/// An officer answers.
pub async fn answer(
    State(app): State<App>,
    viewer: Officer,
    Path(id): Path<i64>,
    Posted(form): Posted<Form>,
) -> Answer {
    let chosen: Vec<i64> = form
        .boxes
        .keys()
        .filter_map(|name| name.strip_prefix("pilih-")?.parse().ok())
        .collect();
    let again = async |problem: &'static str| {
        let refused = Refused {
            problem,
            chosen: &chosen,
            said: &form.alasan,
        };
        shown(&app, &viewer, id, None, Some(refused)).await
    };
    let said = match form.jawaban.as_str() {
        "sama" => Said::Same,
        "beda" => Said::NotSame,
        "ragu" => Said::NotSure,
        _ => return again(viewer.t.no_answer()).await,
    };
    let scope = viewer.scope();
    let decider = viewer.decider(&scope, &form.alasan);
    match decide(app.store(&viewer), &decider, id, &chosen, said).await {
        Ok(_) if said == Said::NotSure => Ok(Redirect::to("/tinjau/berikut").into_response()),
        Ok(taken) => {
            let to = format!("/tinjau/berikut?selesai={}", taken.number());
            Ok(onward(taken, &to))
        }
        Err(ReviewError::NoReason) => again(viewer.t.reason_missing()).await,
        Err(ReviewError::TooFew) => again(viewer.t.too_few_records()).await,
        Err(ReviewError::OnePerson) => again(viewer.t.already_one()).await,
        Err(ReviewError::ToldApart) => again(viewer.t.told_apart()).await,
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "decisions.html")]
struct Decisions<'a> {
    page: &'a Viewer,
    decisions: Vec<Decided>,
}

impl Decisions<'_> {
    fn what(&self, verdict: &Verdict) -> String {
        let t = self.page.t;
        match verdict {
            Verdict::Same { records } => t.decided_same(records.len()),
            Verdict::NotSame { records, groups } => {
                let persons: BTreeSet<&i64> = groups.iter().collect();
                let persons = if groups.is_empty() {
                    records.len()
                } else {
                    persons.len()
                };
                t.decided_not_same(records.len(), persons)
            }
            Verdict::Value { field, value, .. } => {
                let value = t.date_text(value);
                t.decided_value(columns::title(t, field), crate::mask::masked(field, &value))
            }
        }
    }
}

/// What officers decided.
pub async fn decisions(State(app): State<App>, viewer: Officer) -> Answer {
    let decisions = app
        .store(&viewer)
        .decisions(&viewer.scope(), MOST_DECISIONS)
        .await?;
    page::show(&Decisions {
        page: &viewer,
        decisions,
    })
}

/// An officer takes a decision back.
pub async fn take_back(
    State(app): State<App>,
    viewer: Officer,
    Path(id): Path<i64>,
    Posted(form): Posted<Undo>,
) -> Answer {
    let scope = viewer.scope();
    let decider = viewer.decider(&scope, &form.alasan);
    let taken = undo(app.store(&viewer), &decider, id).await?;
    Ok(onward(taken, "/keputusan"))
}
