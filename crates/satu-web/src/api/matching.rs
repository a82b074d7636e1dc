//! `/api/v1/match`: one record in, ranked persons with reasons out. Nothing is recorded of it but the
//! looks at what is sensitive.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use satu_domain::Kind;
use satu_linkage::FieldEvidence;
use satu_store::clients::Right;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answers::shown;
use super::people::looked;
use super::{Whole, schema};
use crate::Lang;
use crate::app::App;
use crate::caller::Caller;
use crate::mask;
use crate::problem::Problem;

/// Persons where nobody says how many.
const FEW: usize = 10;
/// Most persons.
const MOST: usize = 50;

/// A record, and how many persons are wanted.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MatchAsked)]
pub struct Asked {
    /// Its values, by column of `data_utama`.
    #[schema(value_type = schema::DataUtamaRecord)]
    record: BTreeMap<String, String>,
    /// How many persons at most: 1 to 50; unsaid, 10.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 50)]
    limit: Option<Whole>,
}

/// Persons of whom a record may speak.
#[derive(Serialize, ToSchema)]
pub struct Matches {
    /// The persons: first the one to whom the record would be given, then by evidence.
    pub data: Vec<Matched>,
}

/// A person of whom a record may speak.
#[derive(Serialize, ToSchema)]
pub struct Matched {
    /// The person's number in this register.
    pub person: i64,
    /// Whether the record would be given to this person, were it sent now.
    pub linked: bool,
    /// The statement of the person that is most like the record.
    pub statement: i64,
    /// How likely the two speak of one person, from 0 to 1, by the reasons that are told.
    pub probability: f64,
    /// The evidence in bits: above 0 it speaks for one person.
    pub weight: f64,
    /// What is believed before any field is looked at, in bits: a part of `weight`.
    pub prior: f64,
    /// What is taken off because some persons are as alike as these two, in bits: a part of `weight`, 0 or below.
    pub alike: f64,
    /// Whether a rule sets the two apart, whatever the evidence.
    pub apart: bool,
    /// What each field says.
    pub reasons: Vec<Reason>,
}

/// What a field says.
#[derive(Serialize, ToSchema)]
#[schema(as = MatchReason)]
pub struct Reason {
    /// The field.
    pub field: String,
    /// How far the two agree: `exact`, `missing`, ...; `masked` where the program may not see the value.
    pub agreement: String,
    /// The evidence in bits.
    pub weight: f64,
    /// What the record says.
    pub asked: String,
    /// What the register knows; what is sensitive masked without the right `people.sensitive`.
    pub known: String,
}

/// The cells of a record in the order of the columns.
fn cells(record: &BTreeMap<String, String>) -> Result<Vec<String>, Problem> {
    let columns = Kind::DataUtama.columns();
    let mut cells = vec![String::new(); columns.len()];
    for (name, value) in record {
        let wrong = || Problem::invalid("record", |t| t.why_no_column(name));
        let at = Kind::DataUtama.position(name).ok_or_else(wrong)?;
        value.trim().clone_into(&mut cells[at]);
    }
    if cells.iter().all(String::is_empty) {
        return Err(Problem::unfit("record", Lang::why_empty));
    }
    Ok(cells)
}

/// The persons of whom a record may speak, with the reasons. Nothing is recorded.
#[utoipa::path(post, path = "/api/v1/match", tag = "people", request_body = Asked, security(("oauth" = ["people.read"])),
    responses((status = 200, body = Matches, description = "Persons, the likeliest first")))]
pub async fn take(
    State(app): State<App>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Matches>, Problem> {
    caller.may(Right::PeopleRead)?;
    let asked: Asked = super::read(&body)?;
    let cells = cells(&asked.record)?;
    let most = asked
        .limit
        .map_or(Ok(FEW), |Whole(most)| usize::try_from(most));
    let wrong = || Problem::invalid("limit", |t| t.why_range(1, MOST));
    let fits = |most: &usize| (1..=MOST).contains(most);
    let most = most.ok().filter(fits).ok_or_else(wrong)?;
    let (store, scope) = (app.store(&caller), caller.scope());
    let open = caller.may(Right::PeopleSensitive).is_ok();
    // A masked column says nothing, or guesses could be held against it until one fits.
    let hidden = |column: &str| !open && mask::is_sensitive(column);
    let found = app.matcher();
    let found = found.matches(store, &scope, (&cells, most), hidden).await;
    let found = found.map_err(|error| {
        tracing::error!(%error, "a record was not compared");
        Problem::Fault
    })?;
    if open {
        let persons: Vec<i64> = found.iter().map(|one| one.person).collect();
        looked(&app, &caller, &persons).await?;
    }
    let data = found.into_iter().map(|one| {
        let evidence = one.evidence;
        Matched {
            person: one.person,
            linked: one.linked,
            statement: one.statement,
            probability: evidence.probability,
            weight: evidence.weight,
            prior: evidence.prior,
            alike: evidence.alike,
            apart: evidence.hard,
            reasons: evidence
                .fields
                .into_iter()
                .map(|field| reason(field, open))
                .collect(),
        }
    });
    Ok(Json(Matches {
        data: data.collect(),
    }))
}

fn reason(field: FieldEvidence, open: bool) -> Reason {
    let told = open || !mask::is_sensitive(&field.field);
    Reason {
        agreement: if told { field.level } else { "masked".into() },
        weight: field.weight,
        asked: field.a,
        known: shown(&field.field, &field.b, open).into_owned(),
        field: field.field,
    }
}
