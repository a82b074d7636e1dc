//! SDMX-REST 2.1.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use satu_open::population::Table;
use satu_open::sdmx::data;
use satu_open::sdmx::form::{Form, Labels, STRUCTURE, takes_structures};
use satu_open::sdmx::rest::{self, DataQuery};
use satu_open::sdmx::{Fault, available, structure};

use super::answer::{Body, Kept};
use super::catalogue::Known;
use crate::app::App;
use crate::page::{Answer, Failure};
use crate::problem::language;

pub async fn answer(
    State(app): State<App>,
    Path(path): Path<String>,
    Query(parameters): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Answer {
    let known = app.open().known().await?;
    // The moment of the release, not of the asking: the same question has the same answer until then.
    let prepared = known.catalogue.changed().unwrap_or(Timestamp::UNIX_EPOCH);
    let accept: Vec<&str> = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let accept = accept.join(",");
    let spoken = language(&headers).tag();
    let mut named = false;
    let made = match asked(&path, &parameters, &accept) {
        Ok((rest::Query::Structure(query), _)) => {
            let mut constraints = Vec::new();
            for table in query.constrained() {
                constraints.extend(constraint(&app, &known, table).await?);
            }
            let made = structure::message(&query, &known.agencies, &constraints, prepared);
            made.map(|text| (Body::new(text), STRUCTURE))
        }
        Ok((rest::Query::Available(query), _)) => {
            let (data, agencies) = (query.data.clone(), known.agencies.clone());
            let make = move |releases: &[String]| {
                available::message(&query, releases, &agencies, prepared).map(Body::new)
            };
            let made = of_releases(&app, &known, &data, make).await?;
            let made = made.unwrap_or(Err(Fault::NothingFound));
            made.map(|body| (body, STRUCTURE))
        }
        Ok((rest::Query::Data(query), form)) => {
            named = form.labels() != Labels::Id;
            let (data, agencies) = (query.clone(), known.agencies.clone());
            let make = move |releases: &[String]| {
                data::message(&query, releases, (&agencies, spoken), form, prepared).map(Body::new)
            };
            let made = of_releases(&app, &known, &data, make).await?;
            let made = made.unwrap_or(Err(Fault::NothingFound));
            made.map(|body| (body, form.media_type()))
        }
        Err(fault) => Err(fault),
    };
    match made {
        Ok((body, kind)) => {
            let mut answer = body.answer(&headers, kind, Kept::Minutes);
            if named {
                let varies = HeaderValue::from_static("Accept, Accept-Encoding, Accept-Language");
                let of = HeaderValue::from_static(spoken);
                let headers = answer.headers_mut();
                headers.extend([(header::VARY, varies), (header::CONTENT_LANGUAGE, of)]);
            }
            Ok(answer)
        }
        Err(fault) => Ok(refused(&fault)),
    }
}

/// What is asked for, and the form in which figures are taken.
fn asked(
    path: &str,
    parameters: &[(String, String)],
    accept: &str,
) -> Result<(rest::Query, Form), Fault> {
    let query = rest::Query::parse(path, parameters)?;
    let form = match query {
        rest::Query::Data(_) => Form::accepted(accept)?,
        rest::Query::Structure(_) | rest::Query::Available(_) => {
            takes_structures(accept)?;
            Form::Generic
        }
    };
    Ok((query, form))
}

fn refused(fault: &Fault) -> Response {
    let (status, _) = fault.codes();
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = [(
        header::CONTENT_TYPE,
        "application/vnd.sdmx.error+xml;version=2.1",
    )];
    (status, kind, fault.xml()).into_response()
}

/// The constraint of a table's flow, made once for what was released; none where nothing was of it.
async fn constraint(app: &App, known: &Known, table: Table) -> Result<Option<String>, Failure> {
    if let Some(made) = known.constraint(table) {
        return Ok(Some(made));
    }
    let make = move |releases: &[String]| available::constraint(table, releases);
    let made = of_releases(app, known, &DataQuery::all(table), make).await?;
    let made = made.flatten();
    if let Some(made) = &made {
        known.keep_constraint(table, made.clone());
    }
    Ok(made)
}

/// What is made of the releases of a table that a question covers; nothing where the table was never
/// released.
async fn of_releases<T: Send + 'static>(
    app: &App,
    known: &Known,
    query: &DataQuery,
    make: impl FnOnce(&[String]) -> T + Send + 'static,
) -> Result<Option<T>, Failure> {
    let Some(one) = known.catalogue.dataset(query.table.id()) else {
        return Ok(None);
    };
    let mut releases = Vec::new();
    for version in &one.versions {
        if query.covers(&version.day.to_string()) {
            releases.push(app.open().text(&version.hash).await?);
        }
    }
    let work = app.work(move || make(&releases));
    let made = work
        .await
        .map_err(|error| Failure::Fault(error.to_string()))?;
    Ok(Some(made))
}
