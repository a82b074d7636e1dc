//! `/api/v1/people`: golden records with their provenance, and histories.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use satu_domain::Kind;
use satu_domain::dates::ends_in_jakarta;
use satu_domain::resolve::GoldenRecord;
use satu_store::clients::Right;
use satu_store::{OPEN, Scope, Store};
use serde::Deserialize;
use utoipa::IntoParams;

use super::answers::{History, Page, PersonRow, PersonTold};
use super::bulk::{self, Form, Whom};
use super::schema::{self, Bytes};
use super::tag::tagged;
use super::{Query, cursor, kind_named, limit};
use crate::Lang;
use crate::app::App;
use crate::caller::Caller;
use crate::mask::KEPT_BACK;
use crate::problem::Problem;

/// Most persons whom a search finds.
const FOUND: usize = 50;

/// Which persons, and what of them.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Persons with this NIP, new or old.
    nip: Option<String>,
    /// Persons with this NIK.
    nik: Option<String>,
    /// Persons by name or number, a slip forgiven; the fifty best. Without `nip`, `nik` and `cursor`.
    q: Option<String>,
    /// Persons of this agency alone, as written in `instansi_induk`.
    instansi: Option<String>,
    /// The fields wanted, with commas between; all where none is named.
    #[param(style = Form, explode = false, value_type = Option<schema::Fields>, inline)]
    fields: Option<String>,
    /// Where the part before ended: its `next`.
    #[param(value_type = Option<schema::Cursor>, inline)]
    cursor: Option<String>,
    /// Persons of a part: 1 to 1,000; unsaid, 100, and as lines or Parquet all.
    #[param(value_type = Option<schema::UpTo1000>, inline)]
    limit: Option<String>,
}

/// What of one person, and of when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// The fields wanted, with commas between; all where none is named.
    #[param(style = Form, explode = false, value_type = Option<schema::Fields>, inline)]
    fields: Option<String>,
    /// About which day (YYYY-MM-DD).
    #[param(value_type = Option<schema::Day>, inline)]
    as_of: Option<String>,
    /// As known at the end of which day in Jakarta (YYYY-MM-DD), of what is within reach now.
    #[param(value_type = Option<schema::Day>, inline)]
    known_on: Option<String>,
}

/// Which histories.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Kinds {
    /// The kind wanted: `golongan`, `jabatan`, ...; all where none is named.
    #[param(value_type = Option<schema::KindName>, inline)]
    kind: Option<String>,
}

fn fields(wanted: Option<&String>) -> Result<Vec<&str>, Problem> {
    let names = wanted.map(String::as_str).unwrap_or_default().split(',');
    let names: Vec<&str> = names
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    match names
        .iter()
        .find(|name| Kind::DataUtama.position(name).is_none())
    {
        Some(name) => Err(Problem::invalid("fields", |t| t.why_no_column(name))),
        None => Ok(names),
    }
}

fn day(field: &'static str, text: Option<&String>) -> Result<Option<Date>, Problem> {
    let Some(text) = text else {
        return Ok(None);
    };
    let wrong = |_| Problem::invalid(field, Lang::why_day);
    text.parse().map(Some).map_err(wrong)
}

/// Puts the looks at sensitive data on the record, if there are any.
pub(super) async fn looked(app: &App, caller: &Caller, persons: &[i64]) -> Result<(), Problem> {
    if !persons.is_empty() {
        let (login, purpose) = (caller.login(), &caller.client().purpose);
        let store = app.store(caller);
        store
            .note_access(persons, &login, purpose, Timestamp::now())
            .await?;
    }
    Ok(())
}

/// Persons within reach, part by part, or by NIP, NIK or name: those whom everything that is asked for fits.
/// Everybody at once, if `Accept` likes that best: one person a line as `application/x-ndjson`, or
/// `application/vnd.apache.parquet`.
#[utoipa::path(get, path = "/api/v1/people", tag = "people", params(Wanted), security(("oauth" = ["people.read"])),
    responses((status = 200, description = "Persons", content(
        (Page<PersonRow> = "application/json"), (String = "application/x-ndjson"), (Bytes = "application/vnd.apache.parquet")))))]
pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caller.may(Right::PeopleRead)?;
    let names = fields(wanted.fields.as_ref())?;
    let count = limit(wanted.limit.as_deref(), 1_000)?;
    let after = cursor("cursor", wanted.cursor.as_deref())?.unwrap_or(0);
    let store = app.store(&caller);
    let scope = match filled(wanted.instansi.as_ref()) {
        None => caller.scope(),
        Some(name) => {
            let none = || Problem::unfit("instansi", |t| t.why_no_agency(name));
            caller.scope().of_agency(name).ok_or_else(none)?
        }
    };
    let form = Form::accepted(&headers);
    let numbers = numbered(store, &scope, &wanted).await?;
    let found = if let Some(question) = filled(wanted.q.as_ref()) {
        // Those whom a search finds are the best fifty, not all whom it fits.
        let alone = |field: &'static str| Err(Problem::unfit(field, Lang::why_search_alone));
        if numbers.is_some() {
            return alone("q");
        }
        if after > 0 {
            return alone("cursor");
        }
        let most = usize::try_from(count).map_or(FOUND, |count| count.min(FOUND));
        let hits = store.search(&scope, question, most).await?.into_iter();
        Some((hits.map(|hit| (hit.person, hit.record)).collect(), None))
    } else if let Some(numbers) = numbers {
        let mut ids = numbers.into_iter().filter(|id| *id > after);
        let part: Vec<i64> = ids.by_ref().take(count as usize).collect();
        let next = part.last().filter(|_| ids.next().is_some());
        let next = next.map(ToString::to_string);
        Some((records(store, &scope, part).await?, next))
    } else {
        None
    };
    if let Some(form) = form {
        let left = wanted.limit.as_ref().map_or(i64::MAX, |_| count);
        let whom = match found {
            Some((found, _)) => Whom::Found(found),
            None => Whom::All { scope, after, left },
        };
        return bulk::sent(app.clone(), caller, (form, whom), &names);
    }
    let (found, next) = if let Some(found) = found {
        found
    } else {
        let found = store.people(&scope, after, count).await?;
        let more = found.len() as i64 == count;
        let next = found.last().filter(|_| more).map(|(id, _)| id.to_string());
        (found, next)
    };
    let open = caller.may(Right::PeopleSensitive).is_ok();
    let rows = found
        .iter()
        .map(|(id, record)| PersonRow::new(*id, record, &names, open));
    let data: Vec<PersonRow> = rows.collect();
    looked(&app, &caller, &opened(&data, open)).await?;
    Ok(Json(Page { data, next }).into_response())
}

fn filled(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// The persons who have every number that is asked for; none where none is.
async fn numbered(
    store: &Store,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<Option<BTreeSet<i64>>, Problem> {
    let mut all: Option<BTreeSet<i64>> = None;
    for (number, fields) in [
        (&wanted.nip, &["nip", "nip_lama"][..]),
        (&wanted.nik, &["nik"]),
    ] {
        let Some(number) = filled(number.as_ref()) else {
            continue;
        };
        let mut found = BTreeSet::new();
        for field in fields {
            found.extend(store.find(scope, field, number).await?);
        }
        all = Some(all.map_or(found.clone(), |before| &before & &found));
    }
    Ok(all)
}

pub(super) fn opened(rows: &[PersonRow], open: bool) -> Vec<i64> {
    let shown = rows.iter().filter(|row| open && row.has_sensitive());
    shown.map(|row| row.id).collect()
}

async fn records(
    store: &Store,
    scope: &Scope,
    ids: Vec<i64>,
) -> Result<Vec<(i64, GoldenRecord)>, Problem> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(store.golden(scope, id).await?.map(|record| (id, record)));
    }
    Ok(found)
}

/// One golden record: each field with its value, why it stands, who says it, and what lost.
#[utoipa::path(get, path = "/api/v1/people/{id}", tag = "people", security(("oauth" = ["people.read"])),
    params(("id" = i64, Path, description = "The person's number"), Asked),
    responses((status = 200, body = PersonTold, description = "The record")))]
pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    caller.may(Right::PeopleRead)?;
    let id: i64 = id.parse().map_err(|_| Problem::NotFound)?;
    let (store, scope) = (app.store(&caller), caller.scope());
    let names = fields(asked.fields.as_ref())?;
    let as_of = day("as_of", asked.as_of.as_ref())?;
    let record = match (as_of, day("known_on", asked.known_on.as_ref())?) {
        (None, None) => store.golden(&scope, id).await?,
        (as_of, known_on) => {
            let known = match known_on {
                None => OPEN,
                Some(day) => store.known_at(end_of(day)).await?,
            };
            let person = store.person(&scope, id, as_of, known).await?;
            person.map(|person| person.record)
        }
    };
    let record = record.ok_or(Problem::NotFound)?;
    let open = caller.may(Right::PeopleSensitive).is_ok();
    let told = PersonTold::new(id, &record, &names, open);
    if told.is_open() {
        looked(&app, &caller, &[id]).await?;
    }
    tagged(&headers, &told)
}

/// The end of a day in Jakarta; of one beyond all time, the end of time.
fn end_of(day: Date) -> Timestamp {
    ends_in_jakarta(day).unwrap_or(Timestamp::MAX)
}

/// A person's histories: every current statement of every source, kind by kind. Family and
/// discipline only with the right `people.sensitive`.
#[utoipa::path(get, path = "/api/v1/people/{id}/histories", tag = "people", security(("oauth" = ["people.read"])),
    params(("id" = i64, Path, description = "The person's number"), Kinds),
    responses((status = 200, body = Page<History>, description = "Statements")))]
pub async fn histories(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(kinds): Query<Kinds>,
) -> Result<Json<Page<History>>, Problem> {
    caller.may(Right::PeopleRead)?;
    let id: i64 = id.parse().map_err(|_| Problem::NotFound)?;
    let wanted = kinds.kind.as_deref().map(kind_named).transpose()?;
    let open = caller.may(Right::PeopleSensitive).is_ok();
    let scope = caller.scope();
    let person = app.store(&caller).person(&scope, id, None, OPEN);
    let person = person.await?.ok_or(Problem::NotFound)?;
    let fits = |kind: Kind| wanted.map_or(kind != Kind::DataUtama, |wanted| wanted == kind);
    let shown = person
        .evidence
        .iter()
        .filter(|one| fits(one.kind) && (open || !KEPT_BACK.contains(&one.kind)));
    let data: Vec<History> = shown.map(|one| History::new(one, open)).collect();
    if open && !data.is_empty() {
        looked(&app, &caller, &[id]).await?;
    }
    Ok(Json(Page { data, next: None }))
}
