//! XLSX workbooks, streamed: a thread parses the sheet, a bounded channel hands over its rows.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{DataRef, Reader as _, Xlsx};
use csv::StringRecord;

use crate::delimited::LONGEST_ROW;
use crate::mapping::known;
use crate::reader::{Raw, caught};
use crate::{Doubt, IntakeError, Options};

/// Most bytes that a sheet may unpack to.
const LARGEST_SHEET: u64 = 2 << 30;
/// Most bytes that all sheets together may unpack to.
const LARGEST_SHEETS: u64 = 4 << 30;
/// Most bytes of the parts that are held in memory (shared strings, styles and the like).
const LARGEST_HELD: u64 = 512 << 20;
/// Longest text between two tags, in bytes; Excel holds 32,767 characters in a cell.
const LONGEST_TEXT: usize = 4 << 20;
/// Rows searched for the header.
const TITLES: usize = 20;
/// Columns of a sheet, as Excel has them.
const MOST_COLUMNS: u32 = 16_384;
/// The first whole number that a 64-bit float cannot tell from its neighbour: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

type Told = Result<Raw, Fault>;

/// Why the rows of a sheet end before their time.
enum Fault {
    Damaged(String),
    TooLong(u64),
}

impl Fault {
    fn told(self, path: &Path) -> IntakeError {
        let path = path.to_owned();
        match self {
            Fault::Damaged(reason) => IntakeError::Damaged { path, reason },
            Fault::TooLong(row) => IntakeError::TooLong {
                path,
                row,
                limit: LONGEST_ROW,
            },
        }
    }
}

/// A sheet after its header.
pub(crate) struct Sheet {
    path: PathBuf,
    rows: Receiver<Told>,
    waiting: std::vec::IntoIter<Raw>,
    width: usize,
    /// The number of the header.
    number: u64,
}

impl Sheet {
    /// Reads up to the header of the sheet.
    pub(crate) fn open(
        mut file: File,
        path: &Path,
        options: &Options,
    ) -> Result<(Sheet, Vec<String>), IntakeError> {
        let damaged = |reason: String| IntakeError::Damaged {
            path: path.to_owned(),
            reason,
        };
        bounded(&file, path)?;
        file.rewind().map_err(|source| IntakeError::Io {
            path: path.to_owned(),
            source,
        })?;
        let mut book = Xlsx::new(BufReader::new(file)).map_err(|e| damaged(e.to_string()))?;
        let sheets = book.sheet_names();
        let wanted = options.sheet.clone().or_else(|| sheets.first().cloned());
        let name = wanted.unwrap_or_default();
        if !sheets.contains(&name) {
            return Err(IntakeError::NoSheet {
                path: path.to_owned(),
                wanted: name,
                sheets,
            });
        }
        let (send, rows) = sync_channel(64);
        std::thread::spawn(move || {
            let parsed = caught(|| parse(&mut book, &name, &send));
            if let Err(fault) = parsed.map_err(Fault::Damaged).flatten() {
                // Nobody to tell where the reader was dropped.
                let _ = send.send(Err(fault));
            }
        });
        let mut first: Vec<Raw> = Vec::new();
        while first.len() < TITLES {
            match rows.recv() {
                Ok(Ok(raw)) => first.push(raw),
                Ok(Err(fault)) => return Err(fault.told(path)),
                Err(_) => break,
            }
        }
        let mut best = (0, 0);
        for (at, raw) in first.iter().enumerate() {
            let count = known(raw.cells.iter(), options.kind, options.map.as_ref());
            if count > best.0 && (at == 0 || count > 1) {
                best = (count, at);
            }
        }
        let mut waiting = first.into_iter();
        let header = waiting.nth(best.1).unwrap_or_default();
        let headers: Vec<String> = header.cells.iter().map(|c| c.trim().to_owned()).collect();
        let sheet = Sheet {
            path: path.to_owned(),
            rows,
            waiting,
            width: headers.len(),
            number: header.number,
        };
        Ok((sheet, headers))
    }

    /// The number of the header.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Reads the next row; false at the end. Cells that a sheet leaves out at the end are empty.
    pub(crate) fn next(&mut self, raw: &mut Raw) -> Result<bool, IntakeError> {
        let next = self
            .waiting
            .next()
            .map_or_else(|| self.rows.recv(), |raw| Ok(Ok(raw)));
        match next {
            Err(_) => return Ok(false),
            Ok(Ok(row)) => *raw = row,
            Ok(Err(fault)) => return Err(fault.told(&self.path)),
        }
        let empty_tail = raw.cells.iter().skip(self.width).all(str::is_empty);
        if empty_tail {
            raw.cells.truncate(self.width);
        }
        while raw.cells.len() < self.width {
            raw.cells.push_field("");
        }
        Ok(true)
    }
}

/// Hands over every row that has a cell, in order.
fn parse(
    book: &mut Xlsx<BufReader<File>>,
    name: &str,
    send: &SyncSender<Told>,
) -> Result<(), Fault> {
    let damaged = |e: calamine::XlsxError| Fault::Damaged(e.to_string());
    let mut cells = book.worksheet_cells_reader(name).map_err(damaged)?;
    let mut raw = Raw::default();
    while let Some(cell) = cells.next_cell().map_err(damaged)? {
        let (row, column) = cell.get_position();
        let number = u64::from(row) + 1;
        if column >= MOST_COLUMNS {
            let reason = format!("row {number} has more than {MOST_COLUMNS} columns");
            return Err(Fault::Damaged(reason));
        }
        if number < raw.number || (number == raw.number && (column as usize) < raw.cells.len()) {
            let reason = format!("the cells of row {number} are out of order");
            return Err(Fault::Damaged(reason));
        }
        if number != raw.number {
            let full = std::mem::take(&mut raw);
            if full.number > 0 && send.send(Ok(full)).is_err() {
                return Ok(());
            }
            raw.number = number;
        }
        while raw.cells.len() < column as usize {
            raw.cells.push_field("");
        }
        put(
            &mut raw.cells,
            column as usize,
            cell.get_value(),
            &mut raw.doubts,
        );
        if raw.cells.as_slice().len() as u64 > LONGEST_ROW {
            return Err(Fault::TooLong(number));
        }
    }
    if raw.number > 0 {
        let _ = send.send(Ok(raw));
    }
    Ok(())
}

fn put(cells: &mut StringRecord, at: usize, value: &DataRef<'_>, doubts: &mut Vec<(usize, Doubt)>) {
    match value {
        DataRef::Empty => cells.push_field(""),
        DataRef::SharedString(text) => cells.push_field(text),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            // A date with a time of day keeps its date.
            let day = matches!(value, DataRef::DateTimeIso(_)).then(|| text.get(..10));
            cells.push_field(day.flatten().unwrap_or(text));
        }
        DataRef::Int(number) => cells.push_field(&number.to_string()),
        DataRef::Bool(yes) => cells.push_field(if *yes { "1" } else { "0" }),
        DataRef::Error(error) => {
            doubts.push((at, Doubt::FormulaFailed));
            cells.push_field(&error.to_string());
        }
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            cells.push_field(&format!("{year:04}-{month:02}-{day:02}"));
        }
        DataRef::DateTime(other) => cells.push_field(&other.as_f64().to_string()),
        DataRef::Float(number) => {
            // Excel keeps 15 digits and fills with zeros; other programs keep all digits below 2^53.
            if number.abs() >= EXACT || (number.abs() >= 1e15 && number % 10.0 == 0.0) {
                doubts.push((at, Doubt::DigitsLost));
            }
            cells.push_field(&number.to_string());
        }
    }
}

/// Unpacks every part once and refuses an archive made to fill memory; sizes that it declares are not
/// believed.
fn bounded(file: &File, path: &Path) -> Result<(), IntakeError> {
    let damaged = |reason: String| IntakeError::Damaged {
        path: path.to_owned(),
        reason,
    };
    let mut archive =
        zip::ZipArchive::new(BufReader::new(file)).map_err(|e| damaged(e.to_string()))?;
    let (mut held, mut sheets) = (0u64, 0u64);
    let mut buffer = vec![0; 1 << 16];
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|e| damaged(e.to_string()))?;
        let name = part
            .name()
            .map_err(|e| damaged(e.to_string()))?
            .into_owned();
        let sheet = name.contains("worksheets/");
        let limit = if sheet { LARGEST_SHEET } else { LARGEST_HELD };
        let (mut size, mut gap) = (0u64, 0usize);
        loop {
            let count = part
                .read(&mut buffer)
                .map_err(|e| damaged(format!("{name}: {e}")))?;
            if count == 0 {
                break;
            }
            size += count as u64;
            *(if sheet { &mut sheets } else { &mut held }) += count as u64;
            let bytes = &buffer[..count];
            gap = match bytes.iter().rposition(|b| *b == b'<') {
                Some(last) => count - last,
                None => gap + count,
            };
            if size > limit || sheets > LARGEST_SHEETS || held > LARGEST_HELD || gap > LONGEST_TEXT
            {
                return Err(IntakeError::TooLarge {
                    path: path.to_owned(),
                    part: name,
                    limit: if gap > LONGEST_TEXT {
                        LONGEST_TEXT as u64
                    } else {
                        limit
                    },
                });
            }
        }
    }
    Ok(())
}
