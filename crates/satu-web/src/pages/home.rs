//! `/`: what this is, for those who come; where things stand, for those who are signed in.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use jiff::Timestamp;
use satu_store::accounts::Role;
use satu_store::ask::Totals;

use super::state::{Asked, Head, Table};
use crate::app::App;
use crate::export::{self, Ending};
use crate::page::{self, Answer, Failure, Officer, Page, Viewer};
use crate::pager::{PAGE, Pager};

#[derive(Template)]
#[template(path = "welcome.html")]
struct Welcome {
    page: Page,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    page: &'a Viewer,
    asked: &'a Asked,
    at: Timestamp,
    totals: &'a Totals,
    heads: Vec<Head>,
    lines: Vec<Row>,
    pager: Pager,
}

struct Row {
    name: String,
    code: String,
    submissions: String,
    values: Vec<String>,
}

/// A civil servant of whom the register knows nothing yet.
#[derive(Template)]
#[template(path = "unknown.html")]
struct Unknown<'a> {
    page: &'a Viewer,
}

pub async fn show(
    State(app): State<App>,
    page: Page,
    Query(asked): Query<Asked>,
    viewer: Result<Viewer, Failure>,
) -> Answer {
    let Ok(viewer) = viewer else {
        return page::show(&Welcome { page });
    };
    if let Role::Asn { nip } = &viewer.account().role {
        let store = app.store(&viewer);
        let found = store.find(&viewer.scope(), "nip", nip).await?;
        return match found.first() {
            Some(_) => Ok(Redirect::to("/saya").into_response()),
            None => page::show(&Unknown { page: &viewer }),
        };
    }
    if let Role::Administrator { .. } = &viewer.account().role {
        return Ok(Redirect::to("/pengguna").into_response());
    }
    let standing = app.standing_soon(&viewer).await?;
    let table = Table::new(&standing, &asked, viewer.t);
    let query = [
        ("per", asked.per.as_str()),
        ("cari", &asked.cari),
        ("urut", &asked.urut),
    ];
    let pager = Pager::new(table.lines.len() as i64, asked.hal, "/", &query);
    let lines = table
        .lines
        .iter()
        .skip(pager.skip() as usize)
        .take(PAGE as usize);
    page::show(&Home {
        page: &viewer,
        asked: &asked,
        at: standing.at,
        totals: &standing.totals,
        heads: table.heads(&asked),
        lines: lines
            .map(|line| Row {
                name: line.name().to_owned(),
                code: line.code.clone(),
                submissions: line.submissions(),
                values: line.shown(viewer.t),
            })
            .collect(),
        pager,
    })
}

pub async fn csv(app: State<App>, viewer: Officer, asked: Query<Asked>) -> Answer {
    taken(&app, &viewer, &asked, Ending::Csv).await
}

pub async fn xlsx(app: State<App>, viewer: Officer, asked: Query<Asked>) -> Answer {
    taken(&app, &viewer, &asked, Ending::Xlsx).await
}

async fn taken(app: &App, viewer: &Viewer, asked: &Asked, ending: Ending) -> Answer {
    let standing = app.standing(viewer).await?;
    let (head, rows) = Table::new(&standing, asked, viewer.t).cells(viewer.t);
    let name = if asked.agencies() {
        "keadaan-instansi"
    } else {
        "keadaan-sumber"
    };
    export::whole(name, ending, head, rows).await
}
