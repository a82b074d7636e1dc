//! Everybody at once: JSON lines or Parquet, read as it is sent.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;
use satu_domain::Kind;
use satu_domain::resolve::GoldenRecord;
use satu_registry::typed::{Cell, Column, Format, Table};
use satu_store::Scope;
use satu_store::clients::Right;

use super::answers::PersonRow;
use super::people::{looked, opened};
use crate::app::App;
use crate::caller::Caller;
use crate::problem::Problem;

/// Persons read at a time.
const PART: i64 = 1_000;

/// How many persons are told at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One JSON object a line.
    Lines,
    /// Columns, compressed.
    Parquet,
}

impl Form {
    /// The one that a request likes better than a part of a list; none where there is none.
    pub fn accepted(headers: &HeaderMap) -> Option<Form> {
        let lines = headers.get_all(header::ACCEPT).into_iter();
        let lines = lines.filter_map(|line| line.to_str().ok());
        let ranges: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
        let mut best = (None, liked(&ranges, "application/json"));
        for form in [Form::Lines, Form::Parquet] {
            let liked = liked(&ranges, form.kind());
            if liked > best.1 {
                best = (Some(form), liked);
            }
        }
        best.0
    }

    fn kind(self) -> &'static str {
        match self {
            Form::Lines => "application/x-ndjson",
            Form::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// How much a media type is liked, from 0 to 1: by the range that names it most closely (RFC 9110 section
/// 12.5.1).
fn liked(ranges: &[&str], kind: &str) -> f32 {
    let names = ["*/*", "application/*", kind];
    let range = |range: &&str| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next()?;
        let close = names
            .iter()
            .position(|one| one.eq_ignore_ascii_case(name))?;
        let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
        let weight = weight.map_or(Ok(1.0), str::parse);
        Some((close, weight.unwrap_or(0.0)))
    };
    let closest = ranges.iter().filter_map(range);
    closest
        .max_by_key(|(close, _)| *close)
        .map_or(0.0, |(_, weight)| weight)
}

/// Whom it is about.
pub enum Whom {
    /// Those who were found.
    Found(Vec<(i64, GoldenRecord)>),
    /// All within a reach.
    All {
        /// The reach.
        scope: Scope,
        /// Those with a higher number than this.
        after: i64,
        /// So many of them at most.
        left: i64,
    },
}

/// What is written and not yet sent.
#[derive(Clone, Default)]
struct Unsent(Arc<Mutex<Vec<u8>>>);

impl Unsent {
    fn take(&self) -> Bytes {
        // Nothing that holds the lock can panic; were it so, the bytes would be whole all the same.
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Bytes::from(std::mem::take(&mut *held))
    }
}

impl Write for Unsent {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// An answer in the middle of being sent.
struct Sending {
    app: App,
    caller: Caller,
    names: Vec<String>,
    whom: Whom,
    unsent: Unsent,
    /// The table; none for lines, and none when it is finished.
    table: Option<Table<Unsent>>,
    done: bool,
}

fn fault(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "people could not be sent");
    Problem::Fault
}

/// The wanted fields of everybody asked for.
pub fn sent(
    app: App,
    caller: Caller,
    (form, whom): (Form, Whom),
    names: &[&str],
) -> Result<Response, Problem> {
    let names: Vec<String> = if names.is_empty() {
        let all = Kind::DataUtama.columns().iter();
        all.map(|name| (*name).to_owned()).collect()
    } else {
        names.iter().map(|name| (*name).to_owned()).collect()
    };
    let unsent = Unsent::default();
    let table = if form == Form::Parquet {
        let mut columns = vec![Column::Int("id")];
        columns.extend(names.iter().map(|name| Column::Text(name)));
        let table = Table::new(unsent.clone(), Format::Parquet, &columns);
        Some(table.map_err(|error| fault(&error))?)
    } else {
        None
    };
    let begin = Sending {
        app,
        caller,
        names,
        whom,
        unsent,
        table,
        done: false,
    };
    let body = Body::from_stream(try_unfold(begin, async |mut sending| {
        let part = sending.part().await;
        let part = part.map_err(|problem| std::io::Error::other(problem.slug()))?;
        Ok::<_, std::io::Error>(part.map(|bytes| (bytes, sending)))
    }));
    Ok(([(header::CONTENT_TYPE, form.kind())], body).into_response())
}

impl Sending {
    /// What is sent next; nothing at the end.
    async fn part(&mut self) -> Result<Option<Bytes>, Problem> {
        while !self.done {
            let people = self.people().await?;
            self.write(&people).await?;
            if self.done
                && let Some(table) = self.table.take()
            {
                table.finish().map_err(|error| fault(&error))?;
            }
            let bytes = self.unsent.take();
            if !bytes.is_empty() {
                return Ok(Some(bytes));
            }
        }
        Ok(None)
    }

    async fn people(&mut self) -> Result<Vec<(i64, GoldenRecord)>, Problem> {
        match &mut self.whom {
            Whom::Found(found) => {
                self.done = true;
                Ok(std::mem::take(found))
            }
            Whom::All { scope, after, left } => {
                let store = self.app.store(&self.caller);
                let found = store.people(scope, *after, PART.min(*left)).await?;
                *left -= found.len() as i64;
                match found.last() {
                    Some((last, _)) if *left > 0 => *after = *last,
                    _ => self.done = true,
                }
                Ok(found)
            }
        }
    }

    /// Writes persons; the look at what is sensitive goes on the record before they are sent.
    async fn write(&mut self, people: &[(i64, GoldenRecord)]) -> Result<(), Problem> {
        let open = self.caller.may(Right::PeopleSensitive).is_ok();
        let wanted: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let rows: Vec<PersonRow> = people
            .iter()
            .map(|(id, record)| PersonRow::new(*id, record, &wanted, open))
            .collect();
        looked(&self.app, &self.caller, &opened(&rows, open)).await?;
        for row in &rows {
            if let Some(table) = &mut self.table {
                let mut cells = vec![Cell::Int(Some(row.id))];
                let value = |name: &str| row.values.get(name).map_or("", String::as_str);
                cells.extend(self.names.iter().map(|name| Cell::Text(value(name))));
                table.push(&cells).map_err(|error| fault(&error))?;
            } else {
                serde_json::to_writer(&mut self.unsent, row).map_err(|error| fault(&error))?;
                self.unsent
                    .write_all(b"\n")
                    .map_err(|error| fault(&error))?;
            }
        }
        Ok(())
    }
}
