//! Holding an agency's extract against its golden records: who stands only in the file, who only in
//! the register, and where the two differ, field by field.
//!
//! Nothing is recorded. Memory holds a few hundred rows and, of each person met, two numbers.

mod line;
mod report;

use std::path::Path;

use rustc_hash::FxHashMap;
use satu_domain::resolve::GoldenRecord;
use satu_domain::schema::data_utama as du;
use satu_domain::{Kind, canonical};
use satu_intake::{IntakeError, Options, Reader};
use satu_store::snapshot::{Golden, Snapshot};
use satu_store::{Scope, Store, StoreError};

pub use line::{Difference, Line, Reconciled, Status};
pub use report::ReconcileReport;

/// Rows looked up at a time.
const CHUNK: usize = 500;

/// The numbers by which a row finds its person: the first that anybody has counts.
const NUMBERS: [(usize, &str); 3] = [
    (du::nip, "nip"),
    (du::nik, "nik"),
    (du::nip_lama, "nip_lama"),
];

/// Why a reconciliation could not be done.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError<E: std::error::Error + 'static> {
    /// The file cannot be read as a table of `data_utama`.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No source speaks for the agency and no golden record names it; or it is another's.
    #[error("no agency within reach is called {0:?}")]
    NoAgency(String),
    /// Whoever takes the lines failed.
    #[error("the report cannot be written: {0}")]
    Sink(E),
}

/// What is asked.
pub struct Extract<'a> {
    /// Where the file stands.
    pub path: &'a Path,
    /// How it is read; its rows are always taken for `data_utama`.
    pub options: Options,
    /// Whose extract it is, as written in `instansi_induk`.
    pub agency: &'a str,
    /// What who asks may learn of the values.
    pub may: May,
}

/// What who asks may learn of the values.
#[derive(Clone, Copy)]
pub struct May {
    /// Columns that not every purpose needs.
    pub sensitive: fn(&str) -> bool,
    /// Whether these are compared too. Else they say nothing, or guesses could be held against them until
    /// one fits; a row finds its person by its NIK all the same, as a search does.
    pub open: bool,
    /// How a value is shown: column and value.
    pub shown: fn(&str, &str) -> String,
}

/// Holds an extract against the golden records of its agency, as far as the asker's reach goes,
/// and hands each line to `sink`: first the file's rows in their order, then those who stand only
/// in the register. A cell that is empty says nothing and differs from nothing.
pub async fn reconcile<E: std::error::Error + 'static>(
    store: &Store,
    scope: &Scope,
    extract: Extract<'_>,
    mut sink: impl FnMut(&Line) -> Result<(), E>,
) -> Result<Reconciled, ReconcileError<E>> {
    let unknown = || ReconcileError::NoAgency(extract.agency.to_owned());
    let scope = scope.of_agency(extract.agency).ok_or_else(unknown)?;
    let options = Options {
        kind: Some(Kind::DataUtama),
        ..extract.options
    };
    let mut reader = satu_intake::open(extract.path, &options)?;
    let mut snapshot = store.snapshot().await?;
    if !snapshot.knows(&scope).await? {
        return Err(unknown());
    }
    let mut met: FxHashMap<i64, u64> = FxHashMap::default();
    let mut done = Reconciled::default();
    loop {
        let rows = next_rows(&mut reader)?;
        if rows.is_empty() {
            break;
        }
        for line in compared(&mut snapshot, &scope, rows, &mut met, extract.may).await? {
            done.count(&line);
            sink(&line).map_err(ReconcileError::Sink)?;
        }
    }
    let agency = canonical("instansi_induk", extract.agency);
    let mut after = 0;
    loop {
        let page = snapshot.persons_after(&scope, after, CHUNK as i64).await?;
        let Some(last) = page.last() else { break };
        after = *last;
        let unmet: Vec<i64> = page
            .into_iter()
            .filter(|one| !met.contains_key(one))
            .collect();
        for golden in snapshot.golden_of(&scope, &unmet).await? {
            if !placed(&golden.record, &agency) {
                continue;
            }
            let line = Line::of(Status::OnlyThere, None, &golden);
            done.count(&line);
            sink(&line).map_err(ReconcileError::Sink)?;
        }
    }
    Ok(done)
}

/// Whether a golden record says that the person is at home or at work in the agency. One of whom
/// only the agency's own earlier files speak has left it.
fn placed(record: &GoldenRecord, agency: &str) -> bool {
    ["instansi_induk", "instansi_kerja"]
        .iter()
        .any(|field| record.value(field) == Some(agency))
}

/// A row as it is compared.
struct Held {
    number: u64,
    /// In the written form of the standard; none where the row is no row of the table.
    cells: Option<Vec<String>>,
    /// By which number it finds whom.
    found: Option<(usize, Vec<i64>)>,
}

fn next_rows(reader: &mut Reader) -> Result<Vec<Held>, IntakeError> {
    let columns = Kind::DataUtama.columns();
    let mut rows = Vec::new();
    while rows.len() < CHUNK {
        let Some(row) = reader.next_row()? else { break };
        let cells = row.broken.is_none().then(|| {
            let mut given = vec![""; columns.len()];
            row.cells_into(&mut given);
            // What cannot be believed says nothing.
            for (at, _) in row.doubts() {
                given[at] = "";
            }
            let written = given.iter().zip(columns).map(|(value, column)| {
                if value.is_empty() {
                    String::new()
                } else {
                    canonical(column, value)
                }
            });
            written.collect()
        });
        rows.push(Held {
            number: row.number,
            cells,
            found: None,
        });
    }
    Ok(rows)
}

/// The lines of some rows.
async fn compared(
    snapshot: &mut Snapshot,
    scope: &Scope,
    mut rows: Vec<Held>,
    met: &mut FxHashMap<i64, u64>,
    may: May,
) -> Result<Vec<Line>, StoreError> {
    for (at, field) in NUMBERS {
        let mut values: Vec<&str> = rows
            .iter()
            .filter(|row| row.found.is_none())
            .filter_map(|row| row.cells.as_ref().map(|cells| cells[at].as_str()))
            .filter(|value| !value.is_empty())
            .collect();
        values.sort_unstable();
        values.dedup();
        let mut persons: FxHashMap<String, Vec<i64>> = FxHashMap::default();
        for (value, person) in snapshot.having(scope, field, &values).await? {
            persons.entry(value).or_default().push(person);
        }
        for row in rows.iter_mut().filter(|row| row.found.is_none()) {
            let value = row.cells.as_ref().map_or("", |cells| cells[at].as_str());
            row.found = persons.get(value).map(|found| (at, found.clone()));
        }
    }
    let mut wanted: Vec<i64> = rows
        .iter()
        .filter_map(|row| row.found.as_ref())
        .flat_map(|(_, persons)| persons.iter().copied())
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    let golden = snapshot.golden_of(scope, &wanted).await?;
    let golden: FxHashMap<i64, Golden> = golden.into_iter().map(|one| (one.person, one)).collect();
    Ok(rows
        .iter()
        .map(|row| line(row, &golden, met, may))
        .collect())
}

fn line(
    row: &Held,
    golden: &FxHashMap<i64, Golden>,
    met: &mut FxHashMap<i64, u64>,
    may: May,
) -> Line {
    let columns = Kind::DataUtama.columns();
    let mut line = Line {
        status: Status::Unreadable,
        row: Some(row.number),
        nip: String::new(),
        nama: String::new(),
        matched_by: None,
        persons: Vec::new(),
        first_row: None,
        differences: Vec::new(),
        opened: false,
    };
    let Some(cells) = &row.cells else {
        return line;
    };
    line.nip.clone_from(&cells[du::nip]);
    line.nama.clone_from(&cells[du::nama]);
    line.status = Status::OnlyHere;
    let Some((at, persons)) = &row.found else {
        return line;
    };
    let (at, column) = (*at, columns[*at]);
    line.matched_by = Some(column);
    let found = persons.iter().filter_map(|person| golden.get(person));
    // A number that somebody else had or was given by mistake: whose golden record has it, is meant.
    let mut meant: Vec<&Golden> = found.clone().collect();
    if meant.len() > 1 {
        let own = |one: &&Golden| one.record.value(column) == Some(cells[at].as_str());
        let holders: Vec<&Golden> = found.filter(own).collect();
        if holders.len() == 1 {
            meant = holders;
        }
    }
    line.persons = meant.iter().map(|one| one.person).collect();
    let [one] = meant.as_slice() else {
        line.status = Status::Ambiguous;
        return line;
    };
    if let Some(first) = met.get(&one.person) {
        line.status = Status::Ambiguous;
        line.first_row = Some(*first);
        return line;
    }
    met.insert(one.person, row.number);
    let mut same = Line::of(Status::Same, Some(row.number), one);
    same.matched_by = line.matched_by;
    (same.differences, same.opened) = differences(cells, &one.record, may);
    if !same.differences.is_empty() {
        same.status = Status::Different;
    }
    same
}

/// Where a row and a golden record differ, and whether anything sensitive was compared.
fn differences(cells: &[String], record: &GoldenRecord, may: May) -> (Vec<Difference>, bool) {
    // The fields stand in the order of the columns, without those nobody states.
    let mut fields = record.fields.iter().peekable();
    let (mut found, mut opened) = (Vec::new(), false);
    for (field, here) in Kind::DataUtama.columns().iter().copied().zip(cells) {
        let golden = fields.next_if(|one| one.name == field);
        let there = golden.map_or("", |one| one.winner.value.as_str());
        let sensitive = (may.sensitive)(field);
        if here.is_empty() || sensitive && !may.open {
            continue;
        }
        opened |= sensitive;
        if here == there {
            continue;
        }
        found.push(Difference {
            field,
            here: (may.shown)(field, here),
            there: (may.shown)(field, there),
            reason: golden.map(|one| one.reason),
            sources: golden.map_or_else(Vec::new, |one| one.winner.by.sources.clone()),
            stated_on: golden.and_then(|one| one.winner.by.stated_on),
        });
    }
    (found, opened)
}
