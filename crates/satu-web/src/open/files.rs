//! The files of a dataset, and its descriptions for programs.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use satu_open::csvw;
use satu_open::dataset::{Dataset, Holds, Variable, Version};
use satu_open::dcat::{self, Format};
use satu_open::rdf::{json_ld, turtle};
use satu_registry::typed::{self, Cell, Column, Table, TableError};
use serde_json::{Map, Value, json};

use super::answer::{Body, Kept};
use super::publisher;
use crate::app::App;
use crate::page::{Answer, Failure};

pub const TURTLE: &str = "text/turtle; charset=utf-8";
pub const JSON_LD: &str = "application/ld+json";

pub async fn catalogue_turtle(State(app): State<App>, headers: HeaderMap) -> Answer {
    let known = app.open().known().await?;
    let nodes = dcat::catalogue(&known.catalogue, &publisher(&app, &headers));
    Ok(Body::new(turtle(&nodes)).answer(&headers, TURTLE, Kept::Minutes))
}

pub async fn catalogue_json_ld(State(app): State<App>, headers: HeaderMap) -> Answer {
    let known = app.open().known().await?;
    let nodes = dcat::catalogue(&known.catalogue, &publisher(&app, &headers));
    Ok(Body::new(json_ld(&nodes).to_string()).answer(&headers, JSON_LD, Kept::Minutes))
}

/// A dataset's file: `DAY.csv` and the like, `terbaru.csv` for the newest, `DAY` for the version
/// itself, `dcat.ttl` and `dcat.jsonld` for what the dataset is.
pub async fn file(
    State(app): State<App>,
    Path((name, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer {
    let known = app.open().known().await?;
    let one = known.catalogue.dataset(&name).ok_or(Failure::NotFound)?;
    let publisher = publisher(&app, &headers);
    match file.as_str() {
        "dcat.ttl" => {
            let text = turtle(&dcat::dataset(one, &publisher));
            return Ok(Body::new(text).answer(&headers, TURTLE, Kept::Minutes));
        }
        "dcat.jsonld" => {
            let text = json_ld(&dcat::dataset(one, &publisher)).to_string();
            return Ok(Body::new(text).answer(&headers, JSON_LD, Kept::Minutes));
        }
        _ => {}
    }
    let (day, ending) = file.split_once('.').unwrap_or((&file, ""));
    let format = Format::ALL
        .into_iter()
        .find(|format| format.ending() == ending);
    if day == "terbaru" {
        let newest = one
            .newest()
            .filter(|_| format.is_some())
            .ok_or(Failure::NotFound)?;
        let file = format!("/data/{name}/{}.{ending}", newest.day);
        return Ok(Redirect::to(&file).into_response());
    }
    let day: Date = day.parse().map_err(|_| Failure::NotFound)?;
    let version = one.version(day).ok_or(Failure::NotFound)?;
    if ending.is_empty() {
        // The version is a thing, not a document: what is said of it stands on the dataset's page.
        return Ok(Redirect::to(&format!("/data/{name}")).into_response());
    }
    if ending == "csv-metadata.json" {
        let text = app.open().text(&version.hash).await?;
        let own = Dataset::described(&one.name, &Dataset::columns_of(&text));
        let text = csvw::metadata(&own, version, &publisher).to_string();
        return Ok(Body::new(text).answer(&headers, "application/csvm+json", Kept::Minutes));
    }
    let format = format.ok_or(Failure::NotFound)?;
    let body = made(&app, one, version, format).await?;
    let (kind, kept) = match format {
        Format::Csv => ("text/csv; charset=utf-8; header=present", Kept::Forever),
        other => (other.media_type(), Kept::Minutes),
    };
    let mut response = body.answer(&headers, kind, kept);
    described(
        &mut response,
        &format!("/data/{name}/{day}.csv-metadata.json"),
    );
    let saved = format!("attachment; filename=\"{name}-{day}.{ending}\"");
    if let Ok(value) = HeaderValue::from_str(&saved) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// Says where the description of the variables is.
fn described(response: &mut Response, path: &str) {
    let link = format!("<{path}>; rel=\"describedby\"; type=\"application/csvm+json\"");
    if let (Ok(value), true) = (
        HeaderValue::from_str(&link),
        response.status() != StatusCode::NOT_MODIFIED,
    ) {
        response.headers_mut().insert(header::LINK, value);
    }
}

/// A version in a format, made once and kept for a while.
async fn made(
    app: &App,
    one: &Dataset,
    version: &Version,
    format: Format,
) -> Result<Body, Failure> {
    let which = (one.name.clone(), version.day, format);
    if let Some(body) = app.open().ready(&which) {
        return Ok(body);
    }
    let text = app.open().text(&version.hash).await?;
    let variables = Dataset::described(&one.name, &Dataset::columns_of(&text)).variables;
    let name = one.name.clone();
    let day = version.day;
    let work = app.work(move || -> Result<Body, TableError> {
        Ok(match format {
            Format::Csv => Body::new(text),
            Format::Json => Body::new(json_of(&name, day, &variables, &text)?),
            Format::Parquet => Body::new(parquet_of(&variables, &text)?),
        })
    });
    let body = work
        .await
        .map_err(|error| Failure::Fault(error.to_string()))?;
    let body = body.map_err(|error| Failure::Fault(format!("{}: {error}", one.name)))?;
    app.open().keep(which, &body);
    Ok(body)
}

/// The same rows as JSON.
fn json_of(
    name: &str,
    day: Date,
    variables: &[Variable],
    text: &str,
) -> Result<String, TableError> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut out = format!(
        "{{\"dataset\":{},\"version\":\"{day}\",\"rows\":[",
        json!(name)
    );
    for (at, record) in reader.records().enumerate() {
        let record = record?;
        let cells = variables.iter().zip(&record).map(|(variable, cell)| {
            let value = match variable.holds {
                _ if cell.is_empty() => Value::Null,
                Holds::Number => cell
                    .parse::<i64>()
                    .map_or_else(|_| json!(cell), Value::from),
                Holds::Text | Holds::Day => json!(cell),
            };
            (variable.name.clone(), value)
        });
        let row = Value::Object(cells.collect::<Map<_, _>>()).to_string();
        out.push_str(if at == 0 { "" } else { "," });
        out.push_str(&row);
    }
    out.push_str("]}");
    Ok(out)
}

/// The same rows as Parquet.
fn parquet_of(variables: &[Variable], text: &str) -> Result<Vec<u8>, TableError> {
    let columns: Vec<Column<'_>> = variables
        .iter()
        .map(|variable| match variable.holds {
            Holds::Number => Column::Int(&variable.name),
            Holds::Text | Holds::Day => Column::Text(&variable.name),
        })
        .collect();
    let mut table = Table::new(Vec::new(), typed::Format::Parquet, &columns)?;
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    for record in reader.records() {
        let record = record?;
        let cells: Vec<Cell<'_>> = variables
            .iter()
            .enumerate()
            .map(|(at, variable)| {
                let cell = record.get(at).unwrap_or_default();
                match variable.holds {
                    Holds::Number => Cell::Int(cell.parse().ok()),
                    Holds::Text | Holds::Day => Cell::Text(cell),
                }
            })
            .collect();
        table.push(&cells)?;
    }
    table.finish()
}
