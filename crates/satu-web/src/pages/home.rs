//! `/`: what this is, for those who come; where things stand, for those who are signed in.

use askama::Template;
use axum::extract::State;
use satu_store::accounts::Role;
use satu_store::ask::Totals;

use crate::app::App;
use crate::page::{self, Answer, Page, Viewer};

#[derive(Template)]
#[template(path = "welcome.html")]
struct Welcome {
    page: Page,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    page: &'a Page,
    name: &'a str,
    role: &'a Role,
    totals: Option<Totals>,
}

pub async fn show(
    State(app): State<App>,
    page: Page,
    viewer: Result<Viewer, page::Failure>,
) -> Answer {
    let Ok(viewer) = viewer else {
        return page::show(&Welcome { page });
    };
    let account = viewer.account();
    let totals = match account.role {
        Role::Walidata | Role::Officer { .. } => {
            Some(app.store(&viewer).totals(&viewer.scope()).await?)
        }
        Role::Asn { .. } => None,
    };
    page::show(&Home {
        page: &viewer,
        name: &account.name,
        role: &account.role,
        totals,
    })
}
