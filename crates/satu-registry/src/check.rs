//! Holds a file against the data standard, row by row, in memory that does not grow with the file
//! (but for the keys that find the same person twice).

use std::collections::BTreeMap;
use std::path::Path;

use satu_intake::IntakeError;
use satu_rules::{CrossRow, Severity, Standard};
use serde::Serialize;

/// One finding with all that an officer needs to mend it.
#[derive(Debug, Clone)]
pub struct Found {
    /// The rule's stable id.
    pub rule: &'static str,
    /// How grave.
    pub severity: Severity,
    /// The column, or `-` where the whole row is meant.
    pub column: &'static str,
    /// The value as it stands in the file.
    pub value: String,
    /// What is wrong and what to do, in Indonesian.
    pub message_id: &'static str,
    /// The same in English.
    pub message_en: &'static str,
}

impl Found {
    /// `error` or `warning`.
    pub fn severity_name(&self) -> &'static str {
        match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// What becomes of a row: exactly one of three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowOutcome {
    /// Nothing found.
    Accepted,
    /// Only warnings found.
    AcceptedWithWarnings,
    /// At least one error found.
    Rejected,
}

/// One row with its findings.
pub struct Checked<'a> {
    /// The row's number as a person sees it in the file; the header counts.
    pub number: u64,
    /// The columns the file has, with the row's values, in the standard's order.
    pub shown: &'a [(&'static str, &'a str)],
    /// Everything found.
    pub findings: &'a [Found],
    /// What becomes of it.
    pub outcome: RowOutcome,
}

/// The counts of one file. `rows` is always the sum of the three outcomes.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Summary {
    /// The file's name.
    pub file: String,
    /// Its kind of statement.
    pub kind: String,
    /// Rows read, without the header.
    pub rows: u64,
    /// Rows without a finding.
    pub accepted: u64,
    /// Rows with warnings only.
    pub accepted_with_warnings: u64,
    /// Rows with an error.
    pub rejected: u64,
    /// Findings of severity error.
    pub errors: u64,
    /// Findings of severity warning.
    pub warnings: u64,
    /// Findings by rule.
    pub by_rule: BTreeMap<&'static str, u64>,
    /// Our column, and the header that was taken for it.
    pub columns: Vec<(String, String)>,
    /// Headers that were taken for nothing; kept, not checked.
    pub unknown_columns: Vec<String>,
}

impl Summary {
    /// Rows, accepted, accepted with warnings, rejected.
    pub fn outcomes(&self) -> [u64; 4] {
        [
            self.rows,
            self.accepted,
            self.accepted_with_warnings,
            self.rejected,
        ]
    }

    fn count(&mut self, findings: &[Found]) -> RowOutcome {
        self.rows += 1;
        let mut outcome = RowOutcome::Accepted;
        for found in findings {
            *self.by_rule.entry(found.rule).or_default() += 1;
            match found.severity {
                Severity::Error => {
                    self.errors += 1;
                    outcome = RowOutcome::Rejected;
                }
                Severity::Warning => {
                    self.warnings += 1;
                    if outcome == RowOutcome::Accepted {
                        outcome = RowOutcome::AcceptedWithWarnings;
                    }
                }
            }
        }
        match outcome {
            RowOutcome::Accepted => self.accepted += 1,
            RowOutcome::AcceptedWithWarnings => self.accepted_with_warnings += 1,
            RowOutcome::Rejected => self.rejected += 1,
        }
        outcome
    }
}

/// What a sink is told, in the file's order.
pub enum Event<'a> {
    /// A file begins; these are the columns it has.
    Begin(&'a [&'static str]),
    /// A row was checked.
    Row(&'a Checked<'a>),
}

/// Why a check stopped.
#[derive(Debug, thiserror::Error)]
pub enum CheckError<E: std::error::Error + 'static> {
    /// The file cannot be read as a table.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// Whoever takes the rows failed.
    #[error(transparent)]
    Sink(E),
}

/// Holds one file against the standard and hands each row to `sink`, in the file's order.
///
/// `cross` remembers NIP and NIK across rows; hand the same one on to check several files as one
/// delivery. Returns the file's summary; its counts always add up to the rows read.
pub fn check_file<E: std::error::Error + 'static>(
    path: &Path,
    standard: &Standard,
    cross: &mut CrossRow,
    mut sink: impl FnMut(&str, Event<'_>) -> Result<(), E>,
) -> Result<Summary, CheckError<E>> {
    let mut reader = satu_intake::open(path)?;
    let kind = reader.kind();
    let columns = kind.columns();
    let present: Vec<usize> = reader.mapping().present().collect();
    let mut summary = Summary {
        file: path
            .file_name()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned()),
        kind: kind.name().to_owned(),
        columns: reader.mapping().taken(),
        unknown_columns: reader.mapping().unknown.clone(),
        ..Summary::default()
    };
    let headers: Vec<_> = present.iter().map(|at| columns[*at]).collect();
    sink(&summary.file, Event::Begin(&headers)).map_err(CheckError::Sink)?;
    let (mut ruled, mut crossed, mut findings) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(row) = reader.next_row()? {
        let cells: Vec<&str> = row.cells.iter().map(AsRef::as_ref).collect();
        ruled.clear();
        crossed.clear();
        findings.clear();
        standard.check_row(kind, &cells, &mut ruled);
        cross.observe(kind, &cells, row.number, &mut crossed);
        let tell = |rule: &'static satu_rules::Rule, column: usize, value: String| Found {
            rule: rule.id,
            severity: rule.severity,
            column: columns[column],
            value,
            message_id: rule.message_id,
            message_en: rule.message_en,
        };
        findings.extend(
            ruled
                .iter()
                .map(|f| tell(f.rule, f.column, cells[f.column].to_owned())),
        );
        findings.extend(crossed.iter().map(|f| {
            tell(
                f.rule,
                f.column,
                format!("{} (= {})", cells[f.column], f.other_row),
            )
        }));
        let shown: Vec<_> = present
            .iter()
            .map(|at| (columns[*at], cells[*at]))
            .collect();
        let outcome = summary.count(&findings);
        let checked = Checked {
            number: row.number,
            shown: &shown,
            findings: &findings,
            outcome,
        };
        sink(&summary.file, Event::Row(&checked)).map_err(CheckError::Sink)?;
    }
    Ok(summary)
}
