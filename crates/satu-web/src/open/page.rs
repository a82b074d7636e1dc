//! `/data`: the catalogue for people.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use satu_open::Both;
use satu_open::dataset::{Dataset, Kind, Version};
use satu_open::dcat::{Format, LICENCE};
use satu_open::dimension::TOTAL;
use satu_registry::publish::{PublishError, publish};
use serde::Deserialize;

use crate::Lang;
use crate::app::App;
use crate::form::{Nothing, Posted};
use crate::page::{Answer, Central, Failure, Page, show};
use crate::work::today;

#[derive(Template)]
#[template(path = "data.html")]
struct Listed<'a> {
    page: &'a Page,
    groups: Vec<(&'static str, Vec<&'a Dataset>)>,
    done: bool,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "dataset.html")]
struct Shown<'a> {
    page: &'a Page,
    one: &'a Dataset,
    national: Vec<National>,
}

/// A line of national figures: the category, whether it is a sum, and men, women, both.
struct National {
    label: String,
    sum: bool,
    figures: [String; 3],
}

#[derive(Deserialize)]
pub struct Done {
    dirilis: Option<String>,
}

impl Lang {
    /// A text of the open data in this language.
    fn said(self, text: &Both) -> &str {
        match self {
            Lang::Id => &text.id,
            Lang::En => &text.en,
        }
    }

    /// The day of a version.
    fn day(self, version: &Version) -> String {
        self.date(version.day)
    }
}

/// Where a program that asks for triples finds them.
fn triples(headers: &HeaderMap, turtle: &str, json_ld: &str) -> Option<Response> {
    let accept = headers.get(header::ACCEPT)?.to_str().ok()?;
    let path = accept.split(',').find_map(|one| {
        match one.split(';').next().unwrap_or_default().trim() {
            "text/turtle" => Some(turtle),
            "application/ld+json" => Some(json_ld),
            "text/html" => Some(""),
            _ => None,
        }
    })?;
    let vary = [(header::VARY, "Accept")];
    (!path.is_empty()).then(|| (vary, Redirect::to(path)).into_response())
}

async fn listed(app: &App, page: &Page, done: bool, problem: Option<String>) -> Answer {
    let known = app.open().known().await?;
    let all = &known.catalogue.datasets;
    let of = |wanted: fn(Kind) -> bool| all.iter().filter(|one| wanted(one.kind)).collect();
    let groups: Vec<(&str, Vec<&Dataset>)> = vec![
        (
            page.t.statistics(),
            of(|kind| matches!(kind, Kind::Statistics(_))),
        ),
        (page.t.standard(), of(|kind| kind == Kind::Standard)),
        (page.t.code_lists(), of(|kind| kind == Kind::CodeList)),
    ];
    let mut response = show(&Listed {
        page,
        groups: groups
            .into_iter()
            .filter(|(_, all)| !all.is_empty())
            .collect(),
        done,
        problem,
    })?;
    let vary = header::HeaderValue::from_static("Accept, Cookie");
    response.headers_mut().insert(header::VARY, vary);
    Ok(response)
}

pub async fn list(
    State(app): State<App>,
    page: Page,
    headers: HeaderMap,
    Query(asked): Query<Done>,
) -> Answer {
    if let Some(elsewhere) = triples(&headers, "/data/catalog.ttl", "/data/catalog.jsonld") {
        return Ok(elsewhere);
    }
    listed(&app, &page, asked.dirilis.is_some(), None).await
}

pub async fn one(
    State(app): State<App>,
    page: Page,
    headers: HeaderMap,
    Path(name): Path<String>,
) -> Answer {
    let known = app.open().known().await?;
    let one = known.catalogue.dataset(&name).ok_or(Failure::NotFound)?;
    let file = |ending: &str| format!("/data/{}/dcat.{ending}", one.name);
    if let Some(elsewhere) = triples(&headers, &file("ttl"), &file("jsonld")) {
        return Ok(elsewhere);
    }
    let text = match (one.kind, one.newest()) {
        (Kind::Statistics(_), Some(version)) => app.open().text(&version.hash).await?,
        _ => String::new(),
    };
    show(&Shown {
        page: &page,
        one,
        national: national(one, &text, page.t),
    })
}

/// The lines about the whole country: the columns are agency, sex, categories, day, count, mark.
fn national(one: &Dataset, text: &str, lang: Lang) -> Vec<National> {
    let mut found: Vec<(Vec<String>, [String; 3])> = Vec::new();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for record in reader.records().flatten() {
        let width = record.len().saturating_sub(3);
        let of_the_country = record.get(0) == Some(TOTAL);
        let sex = ["L", "P", TOTAL]
            .iter()
            .position(|sex| record.get(1) == Some(sex));
        let (true, Some(sex)) = (of_the_country, sex) else {
            continue;
        };
        let codes: Vec<String> = (2..width).map(|at| record[at].to_owned()).collect();
        let count: i64 = record[width + 1].parse().unwrap_or_default();
        let at = found.iter().position(|(known, _)| *known == codes);
        let at = at.unwrap_or_else(|| {
            found.push((codes, Default::default()));
            found.len() - 1
        });
        found[at].1[sex] = lang.number(count);
    }
    let named = |(codes, figures): (Vec<String>, [String; 3])| {
        let names = codes.iter().zip(one.variables.iter().skip(2));
        let names = names
            .filter(|(code, _)| *code != TOTAL)
            .map(|(code, variable)| {
                let known = variable.codes.iter().find(|(known, _)| known == code);
                known
                    .map_or(code.as_str(), |(_, name)| lang.said(name))
                    .to_owned()
            });
        let names: Vec<String> = names.collect();
        National {
            sum: names.len() < codes.len(),
            label: if names.is_empty() {
                lang.all_persons().to_owned()
            } else {
                names.join(", ")
            },
            figures,
        }
    };
    found.into_iter().map(named).collect()
}

pub async fn release(
    State(app): State<App>,
    viewer: Central,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let turn = app.writing().await;
    let made = publish(app.store(&viewer), &viewer.account().login, today()).await;
    drop(turn);
    let t = viewer.t;
    let problem = match made {
        Ok(_) => return Ok(Redirect::to("/data?dirilis").into_response()),
        Err(PublishError::Store(error)) => return Err(error.into()),
        Err(PublishError::TooSoon { last, next }) => t.release_too_soon(t.date(last), t.date(next)),
        Err(PublishError::TooFew(_)) => t.release_too_few().to_owned(),
    };
    let mut response = listed(&app, &viewer, false, Some(problem)).await?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}
