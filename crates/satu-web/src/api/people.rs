//! `/api/v1/people`: golden records with their provenance.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use satu_domain::resolve::{Field, GoldenRecord, Offer, Reason};
use satu_store::clients::Right;
use satu_store::hex;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::caller::Caller;
use crate::mask;
use crate::problem::Problem;

#[derive(Deserialize)]
pub struct Asked {
    /// The fields wanted, with commas between; all where it is empty.
    #[serde(default)]
    fields: String,
}

/// One golden record: each field with its value, why it stands, who says it, and what lost.
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caller.may(Right::PeopleRead)?;
    let id: i64 = id.parse().map_err(|_| Problem::NotFound)?;
    let store = app.store(&caller);
    let record = store.golden(&caller.scope(), id).await?;
    let record = record.ok_or(Problem::NotFound)?;
    let wanted: Vec<&str> = asked
        .fields
        .split(',')
        .filter(|name| !name.is_empty())
        .collect();
    let open = caller.may(Right::PeopleSensitive).is_ok();
    let (body, sensitive) = written(id, &record, &wanted, open);
    if sensitive {
        let (login, purpose) = (caller.login(), &caller.client().purpose);
        store
            .note_access(&[id], &login, purpose, Timestamp::now())
            .await?;
    }
    let text = body.to_string();
    let tag = format!("\"{}\"", &hex(&Sha256::digest(text.as_bytes()))[..32]);
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let same = known.is_some_and(|known| {
        known
            .split(',')
            .any(|one| one.trim().trim_start_matches("W/") == tag || one.trim() == "*")
    });
    let mut response = if same {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = [(header::CONTENT_TYPE, "application/json")];
        (kind, text).into_response()
    };
    if let Ok(tag) = HeaderValue::try_from(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    let private = HeaderValue::from_static("private, no-cache");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, private);
    Ok(response)
}

/// The record as JSON, and whether it shows anything sensitive.
fn written(id: i64, record: &GoldenRecord, wanted: &[&str], open: bool) -> (Value, bool) {
    let mut fields = Map::new();
    let mut sensitive = false;
    for field in &record.fields {
        if !wanted.is_empty() && !wanted.contains(&field.name.as_str()) {
            continue;
        }
        sensitive |= open && mask::is_sensitive(&field.name);
        fields.insert(field.name.clone(), told(field, open));
    }
    (json!({ "id": id, "fields": fields }), sensitive)
}

fn told(field: &Field, open: bool) -> Value {
    let offer = |offer: &Offer| {
        let value = if open {
            offer.value.clone()
        } else {
            mask::masked(&field.name, &offer.value)
        };
        json!({ "value": value, "sources": offer.sources, "stated_on": offer.stated_on })
    };
    let mut told = offer(&field.winner);
    told["reason"] = json!(reason(field.reason));
    if !field.losers.is_empty() {
        told["others"] = field.losers.iter().map(offer).collect();
    }
    if !open && mask::is_sensitive(&field.name) {
        told["masked"] = json!(true);
    }
    told
}

/// The word for why a value stands.
fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Unopposed => "unopposed",
        Reason::Ruling => "ruling",
        Reason::Authority => "authority",
        Reason::Agreement => "agreement",
        Reason::Recency => "recency",
        Reason::Tie => "tie",
    }
}
