//! What a check found, written where an officer can use it: CSV, JSON lines, or an XLSX copy of the
//! file with the faulty cells marked, ready to mail back.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use rust_xlsxwriter::{Color, Format, Workbook, Worksheet, XlsxError};
use satu_intake::{Mapping, Taken};
use satu_rules::Severity;
use serde::Serialize;

use crate::check::{Checked, Found, Summary};

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The name's ending is none we write.
    #[error("a report ends in .xlsx, .csv or .json, not {0:?}")]
    Ending(String),
    /// The file system said no.
    #[error("the report could not be written: {0}")]
    Io(#[from] std::io::Error),
    /// The CSV could not be written.
    #[error("the report could not be written: {0}")]
    Csv(#[from] csv::Error),
    /// The workbook could not be written.
    #[error("the report could not be written: {0}")]
    Xlsx(#[from] XlsxError),
    /// A finding could not be written as JSON.
    #[error("the report could not be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// Excel's own bound on rows of a sheet; further rows go on in a further sheet.
const SHEET_ROWS: u32 = 1_048_576;

/// Columns of a file that the copy keeps; Excel has 16,384, two of them ours.
const MOST_COLUMNS: usize = 16_000;

/// A report being written.
pub enum Report {
    /// One line per finding.
    Csv(Box<csv::Writer<File>>),
    /// One document: `{"findings": [...], "summaries": [...]}`.
    Json {
        /// Where it goes.
        out: BufWriter<File>,
        /// Whether a finding has been written.
        begun: bool,
    },
    /// A copy of the file's rows with the faulty cells marked.
    Xlsx(Box<Marked>),
}

#[derive(Serialize)]
struct Line<'a> {
    file: Cow<'a, str>,
    row: u64,
    column: &'a str,
    value: Cow<'a, str>,
    rule: &'a str,
    severity: &'static str,
    message_id: &'a str,
    message_en: &'a str,
}

impl Report {
    /// Starts a report; the ending of the name says which kind.
    pub fn create(path: &Path) -> Result<Report, ReportError> {
        let ending = path
            .extension()
            .and_then(|e| e.to_str())
            .unwrap_or("")
            .to_lowercase();
        match ending.as_str() {
            "csv" => Ok(Report::Csv(Box::new(csv::Writer::from_path(path)?))),
            "json" => {
                let mut out = BufWriter::new(File::create(path)?);
                out.write_all(b"{\"findings\":[")?;
                Ok(Report::Json { out, begun: false })
            }
            "xlsx" => Ok(Report::Xlsx(Box::new(Marked::new(path)))),
            _ => Err(ReportError::Ending(ending)),
        }
    }

    /// Starts a file: what follows belongs to it.
    pub fn begin_file(&mut self, name: &str, mapping: &Mapping) -> Result<(), ReportError> {
        if let Report::Xlsx(marked) = self {
            marked.begin_file(name, mapping)?;
        }
        Ok(())
    }

    /// Writes one row's findings (and, in a workbook, the row).
    pub fn row(&mut self, file: &str, row: &Checked<'_>) -> Result<(), ReportError> {
        match self {
            Report::Csv(out) => {
                for found in row.findings {
                    let line = line(file, row.number, found);
                    out.serialize(Line {
                        file: guarded(line.file),
                        value: guarded(line.value),
                        ..line
                    })?;
                }
            }
            Report::Json { out, begun } => {
                for found in row.findings {
                    if *begun {
                        out.write_all(b",\n")?;
                    }
                    *begun = true;
                    serde_json::to_writer(&mut *out, &line(file, row.number, found))?;
                }
            }
            Report::Xlsx(marked) => marked.row(row)?,
        }
        Ok(())
    }

    /// Ends the report with the files' summaries.
    pub fn finish(self, summaries: &[Summary]) -> Result<(), ReportError> {
        match self {
            Report::Csv(mut out) => out.flush()?,
            Report::Json { mut out, .. } => {
                out.write_all(b"],\n\"summaries\":")?;
                serde_json::to_writer(&mut out, summaries)?;
                out.write_all(b"}\n")?;
                out.flush()?;
            }
            Report::Xlsx(marked) => marked.finish(summaries)?,
        }
        Ok(())
    }
}

fn line<'a>(file: &'a str, row: u64, found: &'a Found) -> Line<'a> {
    Line {
        file: Cow::Borrowed(file),
        row,
        column: found.column,
        value: Cow::Borrowed(&found.value),
        rule: found.rule,
        severity: found.severity_name(),
        message_id: found.message_id,
        message_en: found.message_en,
    }
}

/// A value that a spreadsheet would run as a formula, with an apostrophe before it. Some spreadsheets
/// begin a new cell at a semicolon or a tab whatever the file means, so behind those too.
pub(crate) fn guarded(value: Cow<'_, str>) -> Cow<'_, str> {
    let risky = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\u{ff1d}');
    let separates = |c: char| matches!(c, ';' | '\t' | '\r' | '\n');
    let mut guarded = String::new();
    let (mut begins, mut copied) = (true, 0);
    for (at, c) in value.char_indices() {
        if begins && risky(c) {
            guarded.push_str(&value[copied..at]);
            guarded.push('\'');
            copied = at;
        }
        begins = separates(c) || (begins && c == ' ');
    }
    if copied == 0 && guarded.is_empty() {
        return value;
    }
    guarded.push_str(&value[copied..]);
    Cow::Owned(guarded)
}

/// The workbook: one sheet per file, an explanation beside each faulty row, a summary at the end.
pub struct Marked {
    path: std::path::PathBuf,
    book: Workbook,
    sheet: usize,
    files: usize,
    parts: usize,
    headers: Vec<String>,
    /// For each column of the file, our name for it.
    columns: Vec<Option<&'static str>>,
    next: u32,
    head: Format,
    error: Format,
    warning: Format,
}

impl Marked {
    fn new(path: &Path) -> Marked {
        Marked {
            path: path.to_owned(),
            book: Workbook::new(),
            sheet: 0,
            files: 0,
            parts: 0,
            headers: Vec::new(),
            columns: Vec::new(),
            next: 0,
            head: Format::new()
                .set_bold()
                .set_background_color(Color::RGB(0x00D9_E2EC)),
            error: Format::new().set_background_color(Color::RGB(0x00F8_B4B4)),
            warning: Format::new().set_background_color(Color::RGB(0x00FD_E68A)),
        }
    }

    fn begin_file(&mut self, name: &str, mapping: &Mapping) -> Result<(), XlsxError> {
        self.files += 1;
        self.parts = 0;
        self.headers.clone_from(&mapping.headers);
        self.headers.truncate(MOST_COLUMNS);
        self.columns = vec![None; self.headers.len()];
        for (place, taken) in mapping.places.iter().enumerate() {
            if let Taken::Column(at) = taken
                && let Some(column) = self.columns.get_mut(*at)
            {
                *column = Some(mapping.kind.columns()[place]);
            }
        }
        self.headers.insert(0, format!("Baris / Row ({name})"));
        self.headers.push("Temuan / Findings".to_owned());
        self.add_sheet()
    }

    fn add_sheet(&mut self) -> Result<(), XlsxError> {
        self.parts += 1;
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(format!("Data {}.{}", self.files, self.parts))?;
        sheet.set_freeze_panes(1, 1)?;
        for (at, header) in self.headers.iter().enumerate() {
            sheet.write_string_with_format(0, at as u16, clip(header), &self.head)?;
        }
        self.sheet = self.book.worksheets().len() - 1;
        self.next = 1;
        Ok(())
    }

    fn row(&mut self, row: &Checked<'_>) -> Result<(), XlsxError> {
        if self.next == SHEET_ROWS {
            self.add_sheet()?;
        }
        let (at, last) = (self.next, self.headers.len() as u16 - 1);
        let (error, warning) = (&self.error, &self.warning);
        let sheet: &mut Worksheet = self.book.worksheet_from_index(self.sheet)?;
        sheet.write_number(at, 0, row.number as f64)?;
        // A broken row has cells under the wrong headers: shown as they stand, explained, not marked.
        for (index, value) in row.row.as_filed().take(self.columns.len()).enumerate() {
            let worst = row
                .findings
                .iter()
                .filter(|f| Some(f.column) == self.columns[index])
                .map(|f| f.severity)
                .min();
            let cell = index as u16 + 1;
            // Always as text: a value is never a formula, and a NIP never a number.
            match worst {
                Some(Severity::Error) => {
                    sheet.write_string_with_format(at, cell, clip(value), error)?
                }
                Some(Severity::Warning) => {
                    sheet.write_string_with_format(at, cell, clip(value), warning)?
                }
                None if value.is_empty() => continue,
                None => sheet.write_string(at, cell, clip(value))?,
            };
        }
        if !row.findings.is_empty() {
            let told: Vec<String> = row
                .findings
                .iter()
                .map(|f| {
                    format!(
                        "[{}] {}: {} / {}",
                        f.rule, f.column, f.message_id, f.message_en
                    )
                })
                .collect();
            let rejected = row.findings.iter().any(|f| f.severity == Severity::Error);
            let format = if rejected { error } else { warning };
            sheet.write_string_with_format(at, last, clip(&told.join("\n")), format)?;
        }
        self.next += 1;
        Ok(())
    }

    fn finish(mut self, summaries: &[Summary]) -> Result<(), XlsxError> {
        let head = &self.head;
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name("Ringkasan")?;
        let titles = [
            "Berkas / File",
            "Baris / Rows",
            "Diterima / Accepted",
            "Dengan catatan / With warnings",
            "Ditolak / Rejected",
        ];
        for (at, title) in titles.iter().enumerate() {
            sheet.write_string_with_format(0, at as u16, *title, head)?;
        }
        for (at, summary) in summaries.iter().enumerate() {
            let at = at as u32 + 1;
            sheet.write_string(at, 0, &summary.file)?;
            for (column, count) in summary.outcomes().into_iter().enumerate() {
                sheet.write_number(at, column as u16 + 1, count as f64)?;
            }
        }
        self.book.save(&self.path)
    }
}

/// Excel holds at most 32,767 characters in a cell.
pub(crate) fn clip(value: &str) -> &str {
    value
        .char_indices()
        .nth(32_767)
        .map_or(value, |(end, _)| &value[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_of_a_csv_report_is_a_formula() {
        let cases = [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =1", "  '=1"),
            ("Jalan;=cmd|' /C calc'!A0", "Jalan;'=cmd|' /C calc'!A0"),
            ("a\n=1;+2", "a\n'=1;'+2"),
            ("\t=1", "'\t'=1"),
        ];
        for (value, wanted) in cases {
            assert_eq!(guarded(value.into()), wanted);
        }
        for harmless in [
            "",
            "Contoh Nama",
            "2010-01-01",
            "a = b",
            "x@contoh.id",
            "1; 2",
        ] {
            assert!(matches!(guarded(harmless.into()), Cow::Borrowed(_)));
        }
    }
}
