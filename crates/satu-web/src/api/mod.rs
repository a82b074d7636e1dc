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

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};

use crate::problem::Problem;

/// What a body says, as JSON.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let wrong = |error: serde_json::Error| Problem::Invalid("body", error.to_string());
    serde_json::from_slice(body).map_err(wrong)
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
    let wrong = |_| Problem::Invalid(field, format!("{text:?} is no whole number"));
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
    let wrong = || Problem::Invalid(field, format!("{text:?} is not what `next` said"));
    place.map(Some).ok_or_else(wrong)
}

/// How many rows of a list are wanted: from 1 to `most`.
fn limit(text: Option<&str>, most: i64) -> Result<i64, Problem> {
    let count = number("limit", text)?.unwrap_or(PART.min(most));
    if (1..=most).contains(&count) {
        return Ok(count);
    }
    Err(Problem::Invalid("limit", format!("give 1 to {most}")))
}
