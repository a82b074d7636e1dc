//! `/kiriman/{id}`: one delivery, and what was found in it.

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use futures_util::stream::{Stream, try_unfold};
use satu_domain::Kind;
use satu_registry::table::{Book, Cell, csv_lines};
use satu_store::deliveries::{Delivered, FindingFilter, FoundAt};
use satu_store::{Scope, Store};
use serde::Deserialize;

use crate::app::App;
use crate::export::{self, Ending};
use crate::page::{self, Answer, Failure, Officer, Viewer};
use crate::pager::{PAGE, Pager, queried};
use crate::{Lang, columns, mask};

/// Findings read at a time for a file to take away.
const PART: i64 = 20_000;

#[derive(Template)]
#[template(path = "submission.html")]
struct Shown<'a> {
    page: &'a Viewer,
    one: &'a Delivered,
    source: &'a str,
    received: String,
    stated_on: String,
    counts: Counts,
    rules: Vec<RuleLine>,
    columns: Vec<(String, String)>,
    asked: &'a Asked,
    /// Where the findings are taken away as XLSX and as CSV.
    exports: [String; 2],
    lines: Vec<Line>,
    pager: Pager,
}

impl Shown<'_> {
    /// The rules that were broken, by id.
    fn rule_choices(&self) -> Vec<(String, String)> {
        let mut choices: Vec<_> = self
            .rules
            .iter()
            .map(|one| (one.rule.clone(), format!("{} {}", one.rule, one.column)))
            .collect();
        choices.sort();
        choices.dedup_by(|a, b| a.0 == b.0);
        choices
    }
}

/// The rows, told apart by what became of them; `accepted + warned + rejected` is all of them.
pub struct Counts {
    pub rows: i64,
    pub accepted: i64,
    pub warned: i64,
    pub rejected: i64,
}

impl Counts {
    /// Where in the picture, a thousand wide, the rows with warnings begin.
    pub fn warned_from(&self) -> i64 {
        self.accepted * 1_000 / self.rows.max(1)
    }

    /// Where the rejected ones do: none so few that they are not seen.
    pub fn rejected_from(&self) -> i64 {
        1_000 - (self.rejected * 1_000 + self.rows - 1) / self.rows.max(1)
    }
}

/// A rule and how often it was broken in a column.
pub struct RuleLine {
    pub rule: String,
    pub error: bool,
    pub column: String,
    pub message: String,
    pub count: i64,
    /// Where its findings are listed; empty where they are not.
    pub to: String,
}

/// One finding.
pub struct Line {
    pub row: i64,
    pub rule: String,
    pub error: bool,
    pub column: String,
    pub value: String,
    pub message: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    aturan: String,
    tingkat: String,
    kolom: String,
    hal: i64,
    /// Set by the page that sent it.
    baru: Option<String>,
    /// Set where the same bytes were sent before.
    sama: Option<String>,
}

impl Asked {
    fn filter(&self) -> FindingFilter {
        let given = |text: &String| (!text.is_empty()).then(|| text.clone());
        FindingFilter {
            rule: given(&self.aturan),
            severity: given(&self.tingkat),
            column: given(&self.kolom),
        }
    }

    fn any(&self) -> bool {
        !(self.aturan.is_empty() && self.tingkat.is_empty() && self.kolom.is_empty())
    }

    fn query(&self) -> [(&str, &str); 3] {
        [
            ("aturan", &self.aturan),
            ("tingkat", &self.tingkat),
            ("kolom", &self.kolom),
        ]
    }

    fn export(&self, id: i64, ending: &str) -> String {
        queried(&format!("/kiriman/{id}/temuan.{ending}"), &self.query())
    }
}

/// A column for people; empty where a finding is about the whole row.
pub fn column(t: Lang, name: &str) -> &str {
    if name == "-" {
        ""
    } else {
        columns::title(t, name)
    }
}

async fn delivered(app: &App, viewer: &Viewer, id: i64) -> Result<Delivered, Failure> {
    let found = app.store(viewer).submission(&viewer.scope(), id).await?;
    found.ok_or(Failure::NotFound)
}

pub async fn show(
    State(app): State<App>,
    viewer: Officer,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Answer {
    let one = delivered(&app, &viewer, id).await?;
    let (store, scope, t) = (app.store(&viewer), viewer.scope(), viewer.t);
    let counted = store.finding_counts(&scope, id).await?;
    let filter = asked.filter();
    let at = asked.hal.clamp(1, i64::MAX / PAGE);
    let path = format!("/kiriman/{id}");
    let (total, mut found) = store
        .findings(&scope, id, &filter, (at - 1) * PAGE, PAGE)
        .await?;
    let pager = Pager::new(total, at, &path, &asked.query());
    if pager.at != at {
        (_, found) = store
            .findings(&scope, id, &filter, pager.skip(), PAGE)
            .await?;
    }
    let mut columns: Vec<(String, String)> = counted
        .iter()
        .map(|(.., field, _)| (field.clone(), column(t, field).to_owned()))
        .collect();
    columns.sort();
    columns.dedup();
    columns.retain(|(_, title)| !title.is_empty());
    let rules = counted.into_iter().map(|(rule, severity, field, count)| {
        let query = [("aturan", rule.as_str()), ("kolom", field.as_str())];
        RuleLine {
            to: queried(&path, &query) + "#temuan",
            error: severity == "error",
            column: column(t, &field).to_owned(),
            message: t.sentence(&rule).to_owned(),
            rule,
            count,
        }
    });
    let sources = store.sources(&scope).await?;
    let source = sources.iter().find(|s| s.code == one.submission.source);
    page::show(&Shown {
        page: &viewer,
        source: source.map_or(one.submission.source.as_str(), |s| s.name.as_str()),
        received: t.moment(one.received_at),
        stated_on: t.date(one.submission.stated_on),
        counts: Counts {
            rows: one.receipt.rows as i64,
            accepted: one.receipt.accepted as i64,
            warned: one.receipt.accepted_with_warnings as i64,
            rejected: one.receipt.rejected as i64,
        },
        one: &one,
        rules: rules.collect(),
        columns,
        exports: ["xlsx", "csv"].map(|ending| asked.export(id, ending)),
        asked: &asked,
        lines: found
            .into_iter()
            .map(|found| line(t, one.submission.kind, found))
            .collect(),
        pager,
    })
}

fn line(t: Lang, kind: Kind, found: FoundAt) -> Line {
    Line {
        row: found.row,
        error: found.severity == "error",
        column: column(t, &found.column).to_owned(),
        value: mask::found(kind, &found),
        message: t.sentence(&found.rule).to_owned(),
        rule: found.rule,
    }
}

pub async fn csv(
    State(app): State<App>,
    viewer: Officer,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Answer {
    let one = delivered(&app, &viewer, id).await?;
    let parts = Parts::new(&app, &viewer, &one, &asked);
    let body = Body::from_stream(parts.lines());
    Ok(export::saved(&name(id), Ending::Csv, body))
}

/// As many findings as a sheet holds; the CSV has all of them.
pub async fn xlsx(
    State(app): State<App>,
    viewer: Officer,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Answer {
    let one = delivered(&app, &viewer, id).await?;
    let mut parts = Parts::new(&app, &viewer, &one, &asked);
    let mut book = Book::new("Temuan", &parts.head())?;
    while let Some(rows) = parts.next().await? {
        for row in &rows {
            if !book.row(row)? {
                return export::book_saved(&name(id), book).await;
            }
        }
    }
    export::book_saved(&name(id), book).await
}

fn name(id: i64) -> String {
    format!("temuan-kiriman-{id}")
}

/// The findings of a delivery, part by part.
struct Parts {
    store: Store,
    scope: Scope,
    id: i64,
    kind: Kind,
    filter: FindingFilter,
    t: Lang,
    skip: i64,
}

impl Parts {
    fn new(app: &App, viewer: &Viewer, one: &Delivered, asked: &Asked) -> Parts {
        Parts {
            store: app.store(viewer).clone(),
            scope: viewer.scope(),
            id: one.receipt.submission,
            kind: one.submission.kind,
            filter: asked.filter(),
            t: viewer.t,
            skip: 0,
        }
    }

    fn head(&self) -> Vec<String> {
        let t = self.t;
        [
            t.row(),
            t.column(),
            t.value(),
            t.code(),
            t.severity(),
            t.message(),
        ]
        .map(str::to_owned)
        .to_vec()
    }

    async fn next(&mut self) -> Result<Option<Vec<Vec<Cell>>>, Failure> {
        let (_, found) = self
            .store
            .findings(&self.scope, self.id, &self.filter, self.skip, PART)
            .await?;
        self.skip += PART;
        let t = self.t;
        let row = |found: &FoundAt| {
            let severity = if found.severity == "error" {
                t.error()
            } else {
                t.warning()
            };
            vec![
                Cell::Number(found.row),
                Cell::Text(found.column.clone()),
                Cell::Text(mask::found(self.kind, found)),
                Cell::Text(found.rule.clone()),
                Cell::Text(severity.to_owned()),
                Cell::Text(t.sentence(&found.rule).to_owned()),
            ]
        };
        Ok((!found.is_empty()).then(|| found.iter().map(row).collect()))
    }

    fn lines(self) -> impl Stream<Item = Result<Bytes, Failure>> {
        try_unfold((self, true), async |(mut parts, first)| {
            if first {
                let head = csv_lines(&[export::texts(parts.head())])?;
                return Ok(Some((Bytes::from(head), (parts, false))));
            }
            let rows = parts.next().await?;
            let lines = rows.map(|rows| csv_lines(&rows)).transpose()?;
            Ok(lines.map(|lines| (Bytes::from(lines), (parts, false))))
        })
    }
}
