//! Holds a file against the data standard, row by row, in memory that does not grow with the file
//! (but for the keys that find the same person twice).

use std::collections::BTreeMap;
use std::path::Path;

use satu_domain::Kind;
use satu_intake::{Broken, Doubt, IntakeError, Mapping, Options, Reader, Row};
use satu_rules::{CrossRow, FileRule, Severity, Standard};
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
    /// The row's number as a person sees it in the file; titles and header count.
    pub number: u64,
    /// The values, trimmed, in the order of the kind's columns; empty where the file does not say.
    pub cells: &'a [&'a str],
    /// The row as it stands in the file.
    pub row: &'a Row<'a>,
    /// Everything found.
    pub findings: &'a [Found],
    /// What becomes of it.
    pub outcome: RowOutcome,
}

impl Checked<'_> {
    /// Header and value of each column that the standard does not know; empty values left out.
    pub fn unknown(&self) -> impl Iterator<Item = (&str, &str)> {
        self.row.unknown()
    }
}

/// The counts of one file. `rows` is always the sum of the three outcomes.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Summary {
    /// The file's name.
    pub file: String,
    /// Its kind of statement.
    pub kind: String,
    /// Rows read, without titles, header and blank rows.
    pub rows: u64,
    /// Rows without any value, passed over.
    pub blank_rows: u64,
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

/// How far a check has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows checked.
    pub rows: u64,
    /// Bytes of the file passed; what is packed may be passed more than once.
    pub bytes: u64,
}

/// Rows between two reports of progress.
const STEP: u64 = 1_024;

/// What a sink is told, in the file's order.
pub enum Event<'a> {
    /// A file begins; this is what was taken for what, and the kind of its rows.
    Begin(&'a Mapping),
    /// A row was checked.
    Row(&'a Checked<'a>),
    /// How far the check has come; told now and then.
    Progress(Progress),
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
    options: &Options,
    standard: &Standard,
    cross: &mut CrossRow,
    sink: impl FnMut(&str, Event<'_>) -> Result<(), E>,
) -> Result<Summary, CheckError<E>> {
    let reader = satu_intake::open(path, options)?;
    let name = path
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    check_rows(reader, name, standard, cross, sink)
}

/// Holds the rows of a table against the standard, as [`check_file`] does; `file` is its name.
pub fn check_rows<E: std::error::Error + 'static>(
    mut reader: Reader,
    file: String,
    standard: &Standard,
    cross: &mut CrossRow,
    mut sink: impl FnMut(&str, Event<'_>) -> Result<(), E>,
) -> Result<Summary, CheckError<E>> {
    let kind = reader.kind();
    let mut summary = Summary {
        file,
        kind: kind.name().to_owned(),
        columns: reader.mapping().taken(),
        unknown_columns: reader.mapping().unknown().map(str::to_owned).collect(),
        ..Summary::default()
    };
    sink(&summary.file, Event::Begin(reader.mapping())).map_err(CheckError::Sink)?;
    let mut findings = Vec::new();
    let mut room = Vec::new();
    while let Some(row) = reader.next_row()? {
        let mut cells = emptied(room);
        row.cells_into(&mut cells);
        findings.clear();
        find(kind, &row, &cells, standard, cross, &mut findings);
        let outcome = summary.count(&findings);
        let checked = Checked {
            number: row.number,
            cells: &cells,
            row: &row,
            findings: &findings,
            outcome,
        };
        sink(&summary.file, Event::Row(&checked)).map_err(CheckError::Sink)?;
        room = emptied(cells);
        if summary.rows.is_multiple_of(STEP) {
            let progress = Progress {
                rows: summary.rows,
                bytes: reader.bytes_read(),
            };
            sink(&summary.file, Event::Progress(progress)).map_err(CheckError::Sink)?;
        }
    }
    summary.blank_rows = reader.blank_rows();
    Ok(summary)
}

/// The same room for the cells of another row; collecting in place keeps the allocation.
fn emptied<'a>(mut cells: Vec<&str>) -> Vec<&'a str> {
    cells.clear();
    cells.into_iter().map(|_| "").collect()
}

/// Everything that is wrong with a row. The cells of a broken row mean nothing, so no rule sees them.
fn find(
    kind: Kind,
    row: &Row<'_>,
    cells: &[&str],
    standard: &Standard,
    cross: &mut CrossRow,
    findings: &mut Vec<Found>,
) {
    if let Some(broken) = row.broken {
        findings.push(told(broken, row));
        return;
    }
    let columns = kind.columns();
    let tell = |rule: &'static satu_rules::Rule, column: usize, value: String| Found {
        rule: rule.id,
        severity: rule.severity,
        column: columns[column],
        value,
        message_id: rule.message_id,
        message_en: rule.message_en,
    };
    findings.extend(row.doubts().map(|(column, doubt)| {
        let rule = match doubt {
            Doubt::DigitsLost => FileRule::DIGITS_LOST,
            Doubt::FormulaFailed => FileRule::FORMULA_FAILED,
        };
        filed(&rule, columns[column], cells[column].to_owned())
    }));
    let (mut ruled, mut crossed) = (Vec::new(), Vec::new());
    let numbers = standard.check_row(kind, cells, &mut ruled);
    cross.observe(kind, numbers, row.number, &mut crossed);
    findings.extend(
        ruled
            .iter()
            .map(|f| tell(f.rule, f.column, cells[f.column].to_owned())),
    );
    findings.extend(crossed.iter().map(|f| {
        let value = format!("{} (= {})", cells[f.column], f.other_row);
        tell(f.rule, f.column, value)
    }));
}

fn told(broken: &Broken, row: &Row<'_>) -> Found {
    match broken {
        Broken::Ragged { expected, got } => {
            filed(&FileRule::RAGGED, "-", format!("{got} / {expected}"))
        }
        Broken::NotAnObject(_) => {
            let line = row.as_filed().next().unwrap_or("");
            let start: String = line.chars().take(200).collect();
            filed(
                &FileRule::NOT_AN_OBJECT,
                "-",
                start.replace('\0', "\u{fffd}"),
            )
        }
        Broken::Nul => filed(&FileRule::NUL, "-", String::new()),
    }
}

fn filed(rule: &FileRule, column: &'static str, value: String) -> Found {
    Found {
        rule: rule.id,
        severity: rule.severity,
        column,
        value,
        message_id: rule.message_id,
        message_en: rule.message_en,
    }
}
