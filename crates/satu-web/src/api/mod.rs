//! What programs ask: `/api/v1`, and the tokens by which they do.

pub mod answers;
mod bulk;
pub mod changes;
pub mod doc;
pub mod doubts;
pub mod lists;
pub mod matching;
mod once;
pub mod people;
mod received;
pub mod reconcile;
mod schema;
pub mod submissions;
mod tag;
mod taking;
pub mod token;
pub mod uploads;
pub mod webhooks;

use axum::extract::{FromRequestParts, Query as Read};
use axum::http::request::Parts;
use satu_domain::Kind;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};

use crate::Lang;
use crate::problem::Problem;

/// What a query says; a problem that names the parameter where it cannot be read.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Query<T>, Problem> {
        let read = Read::<T>::try_from_uri(&parts.uri);
        let read = read.map_err(|refusal| {
            let said = refusal.body_text();
            // Every parameter is a text: only that one lacks, or is there twice, can be wrong.
            let said = said.rsplit(": ").next().unwrap_or_default();
            named(said).unwrap_or_else(|| Problem::invalid("query", Lang::why_form))
        })?;
        Ok(Query(read.0))
    }
}

/// What a body says, as one JSON object; a problem that names the field where it cannot be read.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let unread = |error: &serde_json::Error| {
        let (line, column) = (error.line(), error.column());
        Problem::invalid("body", |t| t.why_no_json(line, column))
    };
    // serde takes a list for a struct, too: its fields in their order.
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::invalid("body", Lang::why_no_object));
    }
    let mut from = serde_json::Deserializer::from_slice(body);
    let told = serde_path_to_error::deserialize(&mut from).map_err(|error| {
        if !error.inner().is_data() {
            return unread(error.inner());
        }
        let form = || match error.path().to_string() {
            whole if whole == "." => Problem::invalid("body", Lang::why_form),
            field => Problem::invalid(field, Lang::why_form),
        };
        named(&error.inner().to_string()).unwrap_or_else(form)
    })?;
    from.end().map_err(|error| unread(&error))?;
    Ok(told)
}

/// The problem of the field that serde names, where it names one.
fn named(said: &str) -> Option<Problem> {
    let (what, rest) = said.split_once(" field `")?;
    let (name, _) = rest.split_once('`')?;
    let why = match what {
        "missing" => Lang::why_missing,
        "duplicate" => Lang::why_twice,
        "unknown" => Lang::why_unknown,
        _ => return None,
    };
    Some(Problem::invalid(name.to_owned(), why))
}

/// The kind of statement of a name.
fn kind_named(name: &str) -> Result<Kind, Problem> {
    let names = || Kind::ALL.map(Kind::name).join(", ");
    let wrong = || Problem::invalid("kind", |t| t.why_one_of(names()));
    Kind::from_name(name).ok_or_else(wrong)
}

/// A whole number of a body, however it is written: to JSON Schema 12.0 is one, too.
struct Whole(i64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Whole, D::Error> {
        let number = serde_json::Number::deserialize(from)?;
        let float = || {
            let float = number.as_f64().filter(|float| float.fract() == 0.0)?;
            // Up to here every whole number has a float of its own.
            (float.abs() <= (1_i64 << 53) as f64).then_some(float as i64)
        };
        let whole = number.as_i64().or_else(float);
        let whole =
            whole.ok_or_else(|| D::Error::custom(format!("{number} is no whole number")))?;
        Ok(Whole(whole))
    }
}

/// Rows of a part of a list where nobody says how many.
const PART: i64 = 100;

/// A whole number of a query.
fn number(field: &'static str, text: Option<&str>) -> Result<Option<i64>, Problem> {
    let wrong = |_| Problem::invalid(field, Lang::why_whole);
    text.map(|text| text.trim().parse().map_err(wrong))
        .transpose()
}

/// Where a part before ended: what its `next` said; none where there was no part before.
fn cursor(field: &'static str, text: Option<&str>) -> Result<Option<i64>, Problem> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let digits = text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
    let place = text.parse().ok().filter(|_| digits);
    let wrong = || Problem::invalid(field, Lang::why_cursor);
    place.map(Some).ok_or_else(wrong)
}

/// How many rows of a list are wanted: from 1 to `most`.
fn limit(text: Option<&str>, most: i64) -> Result<i64, Problem> {
    let count = number("limit", text)?.unwrap_or(PART.min(most));
    if (1..=most).contains(&count) {
        return Ok(count);
    }
    Err(Problem::invalid("limit", |t| t.why_range(1, most)))
}
