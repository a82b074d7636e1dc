//! A reconciliation written where an officer can work with it: CSV, JSON lines in one document, or
//! a workbook with a sheet for each kind of line.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rust_xlsxwriter::{Color, Format, Workbook};
use satu_domain::resolve::Reason;

use super::{Difference, Line, Reconciled, Status};
use crate::report::{ReportError, clip, guarded};

/// The columns of a table, in the order of [`cells`].
const COLUMNS: [&str; 12] = [
    "Keadaan / Status",
    "Baris / Row",
    "NIP",
    "Nama / Name",
    "Kolom / Field",
    "Nilai di berkas / Value in the file",
    "Nilai data induk / Golden value",
    "Alasan / Reason",
    "Sumber / Sources",
    "Per tanggal / Stated for",
    "Cocok lewat / Matched by",
    "Keterangan / Note",
];

/// The kinds of lines that are told, each with its sheet; what is the same is only counted.
const SHEETS: [(Status, &str); 5] = [
    (Status::Different, "Berbeda"),
    (Status::OnlyHere, "Hanya di berkas"),
    (Status::OnlyThere, "Hanya di data induk"),
    (Status::Ambiguous, "Belum jelas"),
    (Status::Unreadable, "Tidak terbaca"),
];

/// Rows of a sheet beside its header; further ones go on in a further sheet.
const MOST_ROWS: u32 = 1_048_575;

/// A reconciliation being written.
pub enum ReconcileReport {
    /// One line for each difference, and for each row or person that has no counterpart.
    Csv(Box<csv::Writer<File>>),
    /// One document: `{"lines": [...], "counts": {...}}`.
    Json {
        /// Where it goes.
        out: BufWriter<File>,
        /// Whether a line has been written.
        begun: bool,
    },
    /// A summary, and a sheet for each kind of line.
    Xlsx(Box<Sheets>),
}

/// A workbook being written.
pub struct Sheets {
    path: PathBuf,
    book: Workbook,
    head: Format,
    /// For each of [`SHEETS`]: the sheet being filled, its next row, and how many came before.
    filled: Vec<(usize, u32, u32)>,
}

impl ReconcileReport {
    /// Starts a report; the ending of the name says which kind.
    pub fn create(path: &Path) -> Result<ReconcileReport, ReportError> {
        let ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or("")
            .to_lowercase();
        match ending.as_str() {
            "csv" => {
                let mut out = csv::Writer::from_path(path)?;
                out.write_record(COLUMNS)?;
                Ok(ReconcileReport::Csv(Box::new(out)))
            }
            "json" => {
                let mut out = BufWriter::new(File::create(path)?);
                out.write_all(b"{\"lines\":[")?;
                Ok(ReconcileReport::Json { out, begun: false })
            }
            "xlsx" => Ok(ReconcileReport::Xlsx(Box::new(Sheets::new(path)?))),
            _ => Err(ReportError::Ending(ending)),
        }
    }

    /// Writes a line; one of a row that agrees is left out.
    pub fn line(&mut self, line: &Line) -> Result<(), ReportError> {
        if line.status == Status::Same {
            return Ok(());
        }
        match self {
            ReconcileReport::Csv(out) => {
                for row in table_rows(line) {
                    for cell in row {
                        out.write_field(guarded(cell.into()).as_bytes())?;
                    }
                    out.write_record(None::<&[u8]>)?;
                }
            }
            ReconcileReport::Json { out, begun } => {
                if *begun {
                    out.write_all(b",\n")?;
                }
                *begun = true;
                serde_json::to_writer(&mut *out, line)?;
            }
            ReconcileReport::Xlsx(sheets) => sheets.line(line)?,
        }
        Ok(())
    }

    /// Ends the report with the counts.
    pub fn finish(self, done: &Reconciled) -> Result<(), ReportError> {
        match self {
            ReconcileReport::Csv(mut out) => out.flush()?,
            ReconcileReport::Json { mut out, .. } => {
                out.write_all(b"],\n\"counts\":")?;
                serde_json::to_writer(&mut out, done)?;
                out.write_all(b"}\n")?;
                out.flush()?;
            }
            ReconcileReport::Xlsx(sheets) => sheets.finish(done)?,
        }
        Ok(())
    }
}

/// What a status is called in a table.
fn titled(status: Status) -> &'static str {
    match status {
        Status::Same => "Sama / Same",
        Status::Different => "Berbeda / Different",
        Status::OnlyHere => "Hanya di berkas / Only in the file",
        Status::OnlyThere => "Hanya di data induk / Only in the register",
        Status::Ambiguous => "Belum jelas / Ambiguous",
        Status::Unreadable => "Tidak terbaca / Unreadable",
    }
}

fn reasoned(reason: Reason) -> &'static str {
    match reason {
        Reason::Unopposed => "tidak ada yang membantah / nobody says otherwise",
        Reason::Ruling => "keputusan petugas / an officer decided",
        Reason::Authority => "sumber yang berwenang / the field's authority",
        Reason::Agreement => "paling banyak sumber / most sources",
        Reason::Recency => "paling baru / said last",
        Reason::Tie => "setara; menurut abjad / a draw; by the alphabet",
    }
}

/// A line as rows of a table: one for each difference, else one.
fn table_rows(line: &Line) -> Vec<[String; 12]> {
    if line.differences.is_empty() {
        return vec![cells(line, None)];
    }
    let differences = line.differences.iter();
    differences.map(|one| cells(line, Some(one))).collect()
}

fn cells(line: &Line, difference: Option<&Difference>) -> [String; 12] {
    let note = match (line.status, line.first_row) {
        (Status::Ambiguous, Some(first)) => {
            format!("orang yang sama dengan baris {first} / the person of row {first}")
        }
        (Status::Ambiguous, None) => {
            let count = line.persons.len();
            format!("nomor ini milik {count} orang / {count} persons have this number")
        }
        _ => String::new(),
    };
    let of = |text: fn(&Difference) -> String| difference.map_or_else(String::new, text);
    [
        titled(line.status).to_owned(),
        line.row.map_or_else(String::new, |row| row.to_string()),
        line.nip.clone(),
        line.nama.clone(),
        of(|one| one.field.to_owned()),
        of(|one| one.here.clone()),
        of(|one| one.there.clone()),
        of(|one| one.reason.map_or("", reasoned).to_owned()),
        of(|one| one.sources.join(", ")),
        of(|one| {
            one.stated_on
                .map_or_else(String::new, |day| day.to_string())
        }),
        line.matched_by.unwrap_or_default().to_owned(),
        note,
    ]
}

impl Sheets {
    fn new(path: &Path) -> Result<Sheets, ReportError> {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("Ringkasan")?;
        let head = Format::new()
            .set_bold()
            .set_background_color(Color::RGB(0x00D9_E2EC));
        let mut sheets = Sheets {
            path: path.to_owned(),
            book,
            head,
            filled: Vec::new(),
        };
        for (_, name) in SHEETS {
            let at = sheets.add(name)?;
            sheets.filled.push((at, 1, 1));
        }
        Ok(sheets)
    }

    fn add(&mut self, name: &str) -> Result<usize, ReportError> {
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (at, title) in COLUMNS.iter().enumerate() {
            sheet.write_string_with_format(0, at as u16, *title, &self.head)?;
        }
        Ok(self.book.worksheets().len() - 1)
    }

    fn line(&mut self, line: &Line) -> Result<(), ReportError> {
        let Some(kind) = SHEETS.iter().position(|(status, _)| *status == line.status) else {
            return Ok(());
        };
        for row in table_rows(line) {
            if self.filled[kind].1 > MOST_ROWS {
                let part = self.filled[kind].2 + 1;
                let at = self.add(&format!("{} {part}", SHEETS[kind].1))?;
                self.filled[kind] = (at, 1, part);
            }
            let (sheet, next, _) = &mut self.filled[kind];
            let sheet = self.book.worksheet_from_index(*sheet)?;
            for (at, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                // Always as text: a value is never a formula, and a NIP never a number.
                sheet.write_string(*next, at as u16, clip(cell))?;
            }
            *next += 1;
        }
        Ok(())
    }

    fn finish(mut self, done: &Reconciled) -> Result<(), ReportError> {
        let head = self.head.clone();
        let sheet = self.book.worksheet_from_index(0)?;
        sheet.set_column_width(0, 44)?;
        let counts = [
            ("Baris di berkas / Rows in the file", done.rows),
            (titled(Status::Same), done.same),
            (titled(Status::Different), done.different),
            (titled(Status::OnlyHere), done.only_here),
            (titled(Status::OnlyThere), done.only_there),
            (titled(Status::Ambiguous), done.ambiguous),
            (titled(Status::Unreadable), done.unreadable),
        ];
        let mut at = 0;
        for (title, count) in counts {
            sheet.write_string_with_format(at, 0, title, &head)?;
            sheet.write_number(at, 1, count as f64)?;
            at += 1;
        }
        at += 1;
        sheet.write_string_with_format(at, 0, "Kolom yang berbeda / Fields that differ", &head)?;
        for (field, count) in &done.by_field {
            at += 1;
            sheet.write_string(at, 0, *field)?;
            sheet.write_number(at, 1, *count as f64)?;
        }
        Ok(self.book.save(&self.path)?)
    }
}
