//! Which header means which column.

use satu_domain::{Kind, schema};

use crate::map::MapFile;
use crate::synonyms::SYNONYMS;

fn fold(header: &str) -> String {
    header
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Where a column's values come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// Nowhere: the file does not say.
    Absent,
    /// The file's column of this position, from 0.
    Column(usize),
    /// The same for every row; the map file says so.
    Constant(String),
}

/// What was taken for what.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// The kind of the rows.
    pub kind: Kind,
    /// For each column of the kind, where its values come from.
    pub places: Vec<Taken>,
    /// The file's headers.
    pub headers: Vec<String>,
    /// Positions of the headers taken for nothing; their values are kept, not checked.
    pub(crate) unknown: Vec<usize>,
}

/// Why headers make no mapping; the reader adds the file's name.
pub(crate) enum Unmapped {
    NoneKnown,
    Twice(&'static str, String, String),
    Lacks(Kind, Vec<&'static str>),
    NotThere(&'static str, String),
}

impl Mapping {
    /// Takes headers for columns: first as the map says, then by name and synonym.
    ///
    /// Without a kind from the caller or the map, it is the one whose columns the headers name best; on
    /// a draw one whose required columns are all there wins, then the earlier.
    pub(crate) fn recognise(
        headers: Vec<String>,
        kind: Option<Kind>,
        map: Option<&MapFile>,
    ) -> Result<Mapping, Unmapped> {
        let kind = match kind.or_else(|| map.and_then(|m| m.kind)) {
            Some(kind) => kind,
            None => best_kind(&headers).ok_or(Unmapped::NoneKnown)?,
        };
        let columns = kind.columns();
        let mut places = vec![Taken::Absent; columns.len()];
        let mut used = vec![false; headers.len()];
        for (column, header) in map.into_iter().flat_map(|m| &m.columns) {
            let Some(place) = kind.position(column) else {
                continue;
            };
            let at = headers
                .iter()
                .position(|h| h == header)
                .or_else(|| headers.iter().position(|h| fold(h) == fold(header)))
                .ok_or_else(|| Unmapped::NotThere(columns[place], header.clone()))?;
            places[place] = Taken::Column(at);
            used[at] = true;
        }
        for (column, value) in map.into_iter().flat_map(|m| &m.constants) {
            if let Some(place) = kind.position(column) {
                places[place] = Taken::Constant(value.clone());
            }
        }
        let said: Vec<bool> = places.iter().map(|p| *p != Taken::Absent).collect();
        for (at, header) in headers.iter().enumerate() {
            let Some(place) = column_of(kind, header).filter(|place| !said[*place] && !used[at])
            else {
                continue;
            };
            if let Taken::Column(first) = places[place] {
                return Err(Unmapped::Twice(
                    columns[place],
                    headers[first].clone(),
                    header.clone(),
                ));
            }
            places[place] = Taken::Column(at);
            used[at] = true;
        }
        if !used.contains(&true) {
            return Err(Unmapped::NoneKnown);
        }
        let lacks = missing(kind, |column| {
            kind.position(column)
                .is_some_and(|place| places[place] != Taken::Absent)
        });
        if !lacks.is_empty() {
            return Err(Unmapped::Lacks(kind, lacks));
        }
        let unknown = (0..headers.len()).filter(|at| !used[*at]).collect();
        Ok(Mapping {
            kind,
            places,
            headers,
            unknown,
        })
    }

    /// The positions of the columns that the file (or its map) fills.
    pub fn present(&self) -> impl Iterator<Item = usize> {
        self.places
            .iter()
            .enumerate()
            .filter(|(_, place)| **place != Taken::Absent)
            .map(|(column, _)| column)
    }

    /// Our column and the header taken for it; a constant of the map reads `= value`.
    pub fn taken(&self) -> Vec<(String, String)> {
        let pair = |(column, place): (usize, &Taken)| {
            let from = match place {
                Taken::Absent => return None,
                Taken::Column(at) => self.headers[*at].clone(),
                Taken::Constant(value) => format!("= {value}"),
            };
            Some((self.kind.columns()[column].to_owned(), from))
        };
        self.places.iter().enumerate().filter_map(pair).collect()
    }

    /// Headers taken for nothing; kept, not checked.
    pub fn unknown(&self) -> impl Iterator<Item = &str> {
        self.unknown.iter().map(|at| self.headers[*at].as_str())
    }
}

/// How many of these headers some kind knows: a header row knows several, a title none.
pub(crate) fn known<'a>(
    headers: impl Iterator<Item = &'a str>,
    kind: Option<Kind>,
    map: Option<&MapFile>,
) -> usize {
    let headers: Vec<&str> = headers.collect();
    let mapped = |header: &str| {
        map.is_some_and(|m| {
            m.columns
                .iter()
                .any(|(_, theirs)| fold(theirs) == fold(header))
        })
    };
    let kinds = kind.map_or(Kind::ALL.to_vec(), |kind| vec![kind]);
    let count = |kind: Kind| {
        headers
            .iter()
            .filter(|h| column_of(kind, h).is_some() || mapped(h))
            .count()
    };
    kinds.into_iter().map(count).max().unwrap_or(0)
}

fn best_kind(headers: &[String]) -> Option<Kind> {
    let mut best: Option<((usize, bool), Kind)> = None;
    for kind in Kind::ALL {
        let found: Vec<usize> = headers.iter().filter_map(|h| column_of(kind, h)).collect();
        let complete = missing(kind, |column| {
            kind.position(column).is_some_and(|at| found.contains(&at))
        })
        .is_empty();
        let score = (found.len(), complete);
        if score > best.map_or((0, true), |(most, _)| most) {
            best = Some((score, kind));
        }
    }
    best.map(|(_, kind)| kind)
}

/// The required columns that are not there: NIP or NIK, name and birth date of a person; the NIP of a
/// history.
fn missing(kind: Kind, has: impl Fn(&str) -> bool) -> Vec<&'static str> {
    let columns = kind.columns();
    if kind != Kind::DataUtama {
        return if has("nip") { Vec::new() } else { vec!["nip"] };
    }
    let mut lacks = Vec::new();
    if !has("nip") && !has("nik") {
        lacks.push("nip (or nik)");
    }
    for place in [schema::data_utama::nama, schema::data_utama::tanggal_lahir] {
        if !has(columns[place]) {
            lacks.push(columns[place]);
        }
    }
    lacks
}

fn column_of(kind: Kind, header: &str) -> Option<usize> {
    let folded = fold(header);
    if folded.is_empty() {
        return None;
    }
    kind.columns()
        .iter()
        .position(|column| fold(column) == folded)
        .or_else(|| {
            let (_, column) = SYNONYMS.iter().find(|(synonym, _)| *synonym == folded)?;
            kind.position(column)
        })
}
