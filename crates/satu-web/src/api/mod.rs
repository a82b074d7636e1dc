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
pub mod submissions;
mod tag;
mod taking;
pub mod token;
pub mod uploads;
pub mod webhooks;

use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// What a body says, as JSON.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let wrong = |error: serde_json::Error| Problem::Invalid("body", error.to_string());
    serde_json::from_slice(body).map_err(wrong)
}

/// Rows of a part of a list where nobody says how many.
const PART: i64 = 100;

/// A whole number of a query; none where it is empty.
fn number(field: &'static str, text: Option<&str>) -> Result<Option<i64>, Problem> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let wrong = |_| Problem::Invalid(field, format!("{text:?} is no whole number"));
    text.parse().map(Some).map_err(wrong)
}

/// How many rows of a list are wanted: from 1 to `most`.
fn limit(text: Option<&str>, most: i64) -> Result<i64, Problem> {
    let count = number("limit", text)?.unwrap_or(PART.min(most));
    if (1..=most).contains(&count) {
        return Ok(count);
    }
    Err(Problem::Invalid("limit", format!("give 1 to {most}")))
}
