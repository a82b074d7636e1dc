//! `/api/v1/reconcile`: an extract held against the golden records; nothing is recorded but the looks at
//! what is sensitive.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use satu_intake::{MapFile, Options};
use satu_registry::reconcile::{Extract, Line, ReconcileError, ReconcileReport, reconcile};
use satu_registry::report::ReportError;
use satu_store::accounts::Role;
use satu_store::clients::Right;
use serde::Deserialize;
use tokio::runtime::Handle;
use utoipa::IntoParams;

use super::answers::Comparison;
use super::people::looked;
use super::schema::Bytes;
use super::taking::unreadable;
use super::{Query, received, schema};
use crate::Lang;
use crate::app::App;
use crate::caller::Caller;
use crate::export::{self, Ending};
use crate::mask;
use crate::problem::Problem;

/// Largest body, in bytes.
const MOST: usize = 256 << 20;

/// What is compared, and how it is told.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// The agency, as written in `instansi_induk`; a program of one agency may leave it out.
    instansi: Option<String>,
    /// `json` (the usual), `csv` or `xlsx`.
    #[serde(default)]
    #[param(value_type = Option<schema::Format>, inline, required = false)]
    format: String,
    /// The text of a map file.
    map: Option<String>,
}

/// What stands in the way on our side.
fn fault(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!(%error, "a comparison failed");
    Problem::Fault
}

/// Holds an extract, in any layout that intake reads, against the golden records; answers with what
/// stands only in the file, only in the register, and where the two differ. Columns that are masked without
/// `people.sensitive` are compared with it alone. Nothing is recorded but looks at them.
#[utoipa::path(post, path = "/api/v1/reconcile", tag = "reconcile", params(Asked), security(("oauth" = ["people.read"])),
    request_body(content = schema::Bytes, content_type = "application/octet-stream", description = "The file"),
    responses((status = 200, description = "Lines and counts, as `format` says", content(
        (Comparison = "application/json"), (String = "text/csv"), (Bytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
pub async fn take(
    State(app): State<App>,
    caller: Caller,
    Query(asked): Query<Asked>,
    body: Body,
) -> Result<Response, Problem> {
    caller.may(Right::PeopleRead)?;
    let agency = match (&asked.instansi, &caller.client().role) {
        (Some(name), _) => name.clone(),
        (None, Role::Officer { places }) => places.speaks_for().unwrap_or_default().to_owned(),
        (None, _) => return Err(Problem::unfit("instansi", Lang::why_missing)),
    };
    let scope = caller.scope();
    if scope.of_agency(&agency).is_none() {
        return Err(Problem::NotFound);
    }
    let ending = match asked.format.as_str() {
        "" | "json" => None,
        "csv" => Some(Ending::Csv),
        "xlsx" => Some(Ending::Xlsx),
        _ => {
            return Err(Problem::invalid("format", |t| {
                t.why_one_of("json, csv, xlsx")
            }));
        }
    };
    let map = asked.map.as_deref().map(MapFile::parse).transpose();
    let map = map.map_err(|error| Problem::unfit("map", |t| t.map_problem(&error)))?;
    let open = caller.may(Right::PeopleSensitive).is_ok();
    let folder = tempfile::tempdir().map_err(|error| fault(&error))?;
    let path = folder.path().join("berkas");
    received::file(body, &path, MOST).await?;
    let report = folder
        .path()
        .join(format!("hasil.{}", ending.map_or("json", Ending::name)));
    let (store, written) = (app.store(&caller).clone(), report.clone());
    let runtime = Handle::current();
    let work = app.work(move || {
        runtime.block_on(async {
            let mut report = ReconcileReport::create(&written).map_err(ReconcileError::Sink)?;
            let extract = Extract {
                path: &path,
                options: Options {
                    map,
                    ..Options::default()
                },
                agency: &agency,
                may: mask::compared(open),
            };
            let mut opened = Vec::new();
            let sink = |line: &Line| {
                if line.opened {
                    opened.extend(&line.persons);
                }
                report.line(line)
            };
            let done = reconcile(&store, &scope, extract, sink).await?;
            report.finish(&done).map_err(ReconcileError::Sink)?;
            Ok(opened)
        })
    });
    match work.await.map_err(|error| fault(&error))? {
        Ok(opened) => looked(&app, &caller, &opened).await?,
        Err(ReconcileError::<ReportError>::Intake(error)) => {
            return Err(unreadable(&error, folder.path()));
        }
        Err(ReconcileError::NoAgency(_)) => return Err(Problem::NotFound),
        Err(error) => return Err(fault(&error)),
    }
    if let Some(ending) = ending {
        let answer = export::file_saved("hasil-pencocokan", ending, report, folder).await;
        return answer.map_err(Problem::from);
    }
    let body = export::file_body(report, folder).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}
