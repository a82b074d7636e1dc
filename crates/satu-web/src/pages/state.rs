//! How sources and agencies stand, as a table that is sorted, filtered, paged and taken away.

use std::cmp::Ordering;

use jiff::Timestamp;
use satu_domain::dates::in_jakarta;
use satu_registry::table::Cell;
use serde::Deserialize;

use crate::Lang;
use crate::pager::queried;
use crate::standing::Standing;

/// What is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    /// `instansi` for agencies; sources otherwise.
    pub per: String,
    /// The column's key, with `-` before it for the highest first.
    pub urut: String,
    /// Part of a name or a code.
    pub cari: String,
    /// The page.
    pub hal: i64,
}

impl Asked {
    /// Whether agencies are asked for.
    pub fn agencies(&self) -> bool {
        self.per == "instansi"
    }

    /// An address with the same question, sorted in another way.
    pub fn sorted_by(&self, key: &str) -> String {
        queried(
            "/",
            &[("per", &self.per), ("cari", &self.cari), ("urut", key)],
        ) + "#tabel"
    }

    /// The address where all rows are taken away.
    pub fn export(&self, ending: &str) -> String {
        let query = [
            ("per", self.per.as_str()),
            ("cari", &self.cari),
            ("urut", &self.urut),
        ];
        queried(&format!("/keadaan.{ending}"), &query)
    }
}

/// One value of the table.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Text(String),
    Number(i64),
    Moment(Option<Timestamp>),
}

impl Value {
    /// As it is read on a page.
    pub fn shown(&self, t: Lang) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Number(number) => t.number(*number),
            Value::Moment(moment) => moment.map_or_else(
                || "–".to_owned(),
                |moment| t.date(in_jakarta(moment).date()),
            ),
        }
    }

    fn cell(&self) -> Cell {
        match self {
            Value::Text(text) => Cell::Text(text.clone()),
            Value::Number(number) => Cell::Number(*number),
            Value::Moment(moment) => Cell::Text(moment.map_or_else(String::new, |moment| {
                in_jakarta(moment).strftime("%Y-%m-%d %H:%M").to_string()
            })),
        }
    }
}

/// One column.
#[derive(Clone, Copy)]
pub struct Column {
    /// How addresses name it.
    pub key: &'static str,
    /// What it is called.
    pub title: &'static str,
}

/// A column's head on a page.
pub struct Head {
    pub title: &'static str,
    pub number: bool,
    /// For assistive technology.
    pub aria: &'static str,
    /// Where a click leads: the highest first, or the other way round.
    pub turn: String,
    /// What choosing it from a list sorts by.
    pub offered: String,
    pub chosen: bool,
    pub down: bool,
}

/// One source or agency.
pub struct Line {
    /// A source's code; empty for an agency.
    pub code: String,
    /// The values, the name first.
    pub values: Vec<Value>,
}

impl Line {
    /// Where a source's deliveries are listed.
    pub fn submissions(&self) -> String {
        queried("/kiriman", &[("sumber", &self.code)])
    }

    /// The values as they are read on a page, the name left out.
    pub fn shown(&self, t: Lang) -> Vec<String> {
        self.values
            .iter()
            .skip(1)
            .map(|value| value.shown(t))
            .collect()
    }

    pub fn name(&self) -> &str {
        match self.values.first() {
            Some(Value::Text(name)) => name,
            _ => "",
        }
    }
}

/// The table, sorted and filtered.
pub struct Table {
    pub columns: Vec<Column>,
    pub lines: Vec<Line>,
    /// The column sorted by.
    pub by: usize,
    pub descending: bool,
}

impl Table {
    /// The table that is asked for.
    pub fn new(standing: &Standing, asked: &Asked, t: Lang) -> Table {
        let column = |key, title| Column { key, title };
        let (columns, mut lines) = if asked.agencies() {
            let columns = vec![
                column("nama", t.instansi()),
                column("orang", t.persons_short()),
                column("beda", t.conflicts_short()),
                column("gaji", t.ghosts_short()),
            ];
            (columns, agencies(standing))
        } else {
            let columns = vec![
                column("nama", t.spoken_by()),
                column("kiriman", t.submissions()),
                column("baris", t.records()),
                column("tolak", t.rejected()),
                column("temuan", t.findings()),
                column("ganda", t.duplicates()),
                column("orang", t.persons_short()),
                column("beda", t.conflicts_short()),
                column("gaji", t.ghosts_short()),
                column("akhir", t.last_delivery()),
            ];
            (columns, sources(standing))
        };
        let words = asked.cari.to_lowercase();
        lines.retain(|line| {
            let text = format!("{} {}", line.name(), line.code).to_lowercase();
            words.split_whitespace().all(|word| text.contains(word))
        });
        let (key, descending) = match asked.urut.strip_prefix('-') {
            Some(key) => (key, true),
            None => (asked.urut.as_str(), false),
        };
        let by = columns.iter().position(|c| c.key == key).unwrap_or(0);
        lines.sort_by(|a, b| {
            let order = a.values.get(by).cmp(&b.values.get(by));
            let order = if descending { order.reverse() } else { order };
            order.then_with(|| match a.values.first() {
                name if by > 0 => name.cmp(&b.values.first()),
                _ => Ordering::Equal,
            })
        });
        Table {
            columns,
            lines,
            by,
            descending,
        }
    }

    /// The columns as they head the page's table.
    pub fn heads(&self, asked: &Asked) -> Vec<Head> {
        let signed = |key: &str, down: bool| format!("{}{key}", if down { "-" } else { "" });
        let head = |(at, column): (usize, &Column)| {
            let by = at == self.by;
            let turned = if by { !self.descending } else { at > 0 };
            let offered = if by { self.descending } else { at > 0 };
            Head {
                title: column.title,
                number: at > 0,
                aria: match (by, self.descending) {
                    (false, _) => "none",
                    (true, true) => "descending",
                    (true, false) => "ascending",
                },
                turn: asked.sorted_by(&signed(column.key, turned)),
                offered: signed(column.key, offered),
                chosen: by,
                down: offered,
            }
        };
        self.columns.iter().enumerate().map(head).collect()
    }

    /// Header and rows to take away; a source's code is a column of its own.
    pub fn cells(&self, t: Lang) -> (Vec<String>, Vec<Vec<Cell>>) {
        let coded = self.lines.iter().any(|line| !line.code.is_empty());
        let code = coded.then(|| t.code().to_owned());
        let titles = self.columns.iter().map(|column| column.title.to_owned());
        let row = |line: &Line| {
            let code = coded.then(|| Cell::Text(line.code.clone()));
            code.into_iter()
                .chain(line.values.iter().map(Value::cell))
                .collect()
        };
        (
            code.into_iter().chain(titles).collect(),
            self.lines.iter().map(row).collect(),
        )
    }
}

fn sources(standing: &Standing) -> Vec<Line> {
    let line = |state: &satu_store::deliveries::SourceState| Line {
        code: state.source.code.clone(),
        values: [Value::Text(state.source.name.clone())]
            .into_iter()
            .chain(
                [
                    state.submissions,
                    state.rows,
                    state.rejected,
                    state.findings,
                    state.duplicates,
                    state.persons,
                    state.conflicts,
                    state.ghosts,
                ]
                .map(Value::Number),
            )
            .chain([Value::Moment(state.last_received)])
            .collect(),
    };
    standing.sources.iter().map(line).collect()
}

fn agencies(standing: &Standing) -> Vec<Line> {
    let line = |state: &satu_store::deliveries::AgencyState| Line {
        code: String::new(),
        values: vec![
            Value::Text(state.agency.clone()),
            Value::Number(state.persons),
            Value::Number(state.conflicts),
            Value::Number(state.ghosts),
        ],
    };
    standing.agencies.iter().map(line).collect()
}
