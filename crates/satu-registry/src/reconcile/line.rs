//! What a comparison says: line by line, and in numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use satu_domain::resolve::Reason;
use satu_store::snapshot::Golden;
use serde::Serialize;

/// How a row of the file and a golden record stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Whatever the file says, the golden record says too.
    Same,
    /// At least one field differs.
    Different,
    /// The file has a row of whom the agency has no golden record.
    OnlyHere,
    /// The golden record places a person in the agency of whom the file has no row.
    OnlyThere,
    /// The row's number is of several persons, or a row before is of the same person.
    Ambiguous,
    /// No row of the table.
    Unreadable,
}

impl Status {
    /// Its word on the wire and in files.
    pub fn name(self) -> &'static str {
        match self {
            Status::Same => "same",
            Status::Different => "different",
            Status::OnlyHere => "only_here",
            Status::OnlyThere => "only_there",
            Status::Ambiguous => "ambiguous",
            Status::Unreadable => "unreadable",
        }
    }
}

/// A field in which file and golden record differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The column of `data_utama`.
    pub field: &'static str,
    /// What the file says, in the written form of the standard.
    pub here: String,
    /// The golden value; empty where nobody says anything.
    pub there: String,
    /// Why the golden value stands.
    pub reason: Option<Reason>,
    /// The sources that say it.
    pub sources: Vec<Arc<str>>,
    /// The last day it was stated for.
    pub stated_on: Option<Date>,
}

/// One line of a reconciliation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// How the two stand to each other.
    pub status: Status,
    /// The row in the file, as a person sees it there.
    pub row: Option<u64>,
    /// The NIP: of the golden record, else of the file.
    pub nip: String,
    /// The name: of the golden record, else of the file.
    pub nama: String,
    /// The column by which the row found its person.
    pub matched_by: Option<&'static str>,
    /// The person's number in this register; of an ambiguous row, all that are meant.
    pub persons: Vec<i64>,
    /// The row before that is of the same person.
    pub first_row: Option<u64>,
    /// Where they differ, in the order of the columns.
    pub differences: Vec<Difference>,
    /// Whether a sensitive column was compared: the answer tells of it, whether they differ or not.
    #[serde(skip)]
    pub opened: bool,
}

/// The counts of a reconciliation. `rows` is the sum of all but `only_there`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reconciled {
    /// Rows of the file.
    pub rows: u64,
    /// Rows that agree with their golden record.
    pub same: u64,
    /// Rows that do not.
    pub different: u64,
    /// Rows without a golden record of the agency.
    pub only_here: u64,
    /// Golden records of the agency without a row.
    pub only_there: u64,
    /// Rows that cannot be matched to one person.
    pub ambiguous: u64,
    /// Rows that cannot be read.
    pub unreadable: u64,
    /// Rows that differ in a field, by field.
    pub by_field: BTreeMap<&'static str, u64>,
}

impl Reconciled {
    /// Whether file and golden records say the same of the same persons.
    pub fn agrees(&self) -> bool {
        self.same == self.rows && self.only_there == 0
    }

    pub(super) fn count(&mut self, line: &Line) {
        let counter = match line.status {
            Status::Same => &mut self.same,
            Status::Different => &mut self.different,
            Status::OnlyHere => &mut self.only_here,
            Status::OnlyThere => &mut self.only_there,
            Status::Ambiguous => &mut self.ambiguous,
            Status::Unreadable => &mut self.unreadable,
        };
        *counter += 1;
        self.rows += u64::from(line.status != Status::OnlyThere);
        for difference in &line.differences {
            *self.by_field.entry(difference.field).or_default() += 1;
        }
    }
}

impl Line {
    pub(super) fn of(status: Status, row: Option<u64>, golden: &Golden) -> Line {
        let text = |field| golden.record.value(field).unwrap_or_default().to_owned();
        Line {
            status,
            row,
            nip: text("nip"),
            nama: text("nama"),
            matched_by: None,
            persons: vec![golden.person],
            first_row: None,
            differences: Vec::new(),
            opened: false,
        }
    }
}
