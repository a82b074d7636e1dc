//! `/standar`: every rule of the data standard, for everyone.

use askama::Template;
use axum::extract::Query;
use satu_domain::Kind;
use satu_rules::{Rule, Severity, Standard};
use serde::Deserialize;

use crate::Lang;
use crate::page::{self, Answer, Page};

#[derive(Template)]
#[template(path = "standard.html")]
struct Shown<'a> {
    page: &'a Page,
    filter: &'a Filter,
    groups: Vec<(Kind, Vec<Line>)>,
    fitting: i64,
    all: i64,
}

struct Line {
    id: &'static str,
    column: &'static str,
    error: bool,
    message: &'static str,
    source: &'static str,
}

#[derive(Deserialize)]
pub struct Filter {
    #[serde(default)]
    jenis: String,
    #[serde(default)]
    tingkat: String,
    #[serde(default)]
    cari: String,
}

impl Filter {
    fn any(&self) -> bool {
        !(self.jenis.is_empty() && self.tingkat.is_empty() && self.cari.trim().is_empty())
    }

    fn lets(&self, line: &Line) -> bool {
        let severity = if line.error { "error" } else { "warning" };
        let words = [line.id, line.column, line.message, line.source]
            .join(" ")
            .to_lowercase();
        (self.tingkat.is_empty() || self.tingkat == severity)
            && self
                .cari
                .to_lowercase()
                .split_whitespace()
                .all(|word| words.contains(word))
    }
}

pub async fn show(page: Page, Query(filter): Query<Filter>) -> Answer {
    let groups: Vec<(Kind, Vec<Line>)> = Kind::ALL
        .into_iter()
        .filter(|kind| filter.jenis.is_empty() || filter.jenis == kind.name())
        .map(|kind| {
            let lines = Standard::rules_of(kind)
                .iter()
                .map(|rule| line(rule, page.t));
            (
                kind,
                lines.filter(|line| filter.lets(line)).collect::<Vec<_>>(),
            )
        })
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    page::show(&Shown {
        page: &page,
        filter: &filter,
        fitting: groups.iter().map(|(_, lines)| lines.len() as i64).sum(),
        all: Kind::ALL
            .into_iter()
            .map(|kind| Standard::rules_of(kind).len() as i64)
            .sum(),
        groups,
    })
}

fn line(rule: &Rule, t: Lang) -> Line {
    Line {
        id: rule.id,
        column: rule.kind.columns()[rule.column],
        error: rule.severity == Severity::Error,
        message: match t {
            Lang::Id => rule.message_id,
            Lang::En => rule.message_en,
        },
        source: rule.source,
    }
}
