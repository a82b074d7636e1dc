//! CSV in flat memory.

use std::borrow::Cow;
use std::cell::Cell;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use satu_domain::Kind;

use crate::{IntakeError, Mapping};

/// Longest row, in bytes; a row beyond it is a quotation mark that was never closed.
const LONGEST_ROW: u64 = 4 << 20;

const MAGIC: [(&[u8], &str); 6] = [
    (b"PK\x03\x04", "an Excel workbook or another ZIP archive"),
    (b"%PDF", "a PDF document"),
    (b"\xD0\xCF\x11\xE0", "an old Excel or Word file"),
    (b"\x89PNG", "a picture"),
    (b"\xFF\xFE", "UTF-16 text"),
    (b"\xFE\xFF", "UTF-16 text"),
];

/// Counts the bytes since the last row ended and stops a row that never ends.
struct Bounded {
    inner: BufReader<File>,
    since_row: Rc<Cell<u64>>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.since_row.get() > LONGEST_ROW {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        let count = self.inner.read(buffer)?;
        self.since_row.set(self.since_row.get() + count as u64);
        Ok(count)
    }
}

/// A file being read, row by row.
pub struct Reader {
    path: PathBuf,
    csv: csv::Reader<Bounded>,
    since_row: Rc<Cell<u64>>,
    record: csv::ByteRecord,
    mapping: Mapping,
    number: u64,
}

/// One row, its cells in the standard's order.
pub struct Row<'a> {
    /// Which row of the table; the header is row 1.
    pub number: u64,
    /// Cells, trimmed; empty where the file has no such column.
    pub cells: Vec<Cow<'a, str>>,
}

/// Opens a CSV file: comma, semicolon or tab; UTF-8, with or without a byte order mark, or
/// Windows-1252 (told apart cell by cell).
pub fn open(path: &Path) -> Result<Reader, IntakeError> {
    let io = |source| IntakeError::Io {
        path: path.to_owned(),
        source,
    };
    let mut inner = BufReader::with_capacity(1 << 16, File::open(path).map_err(io)?);
    let head = inner.fill_buf().map_err(io)?;
    if head.is_empty() {
        return Err(IntakeError::Empty(path.to_owned()));
    }
    let magic = MAGIC
        .iter()
        .find(|(magic, _)| head.starts_with(magic))
        .map(|(_, name)| *name);
    if let Some(looks_like) = magic.or_else(|| head.contains(&0).then_some("binary data")) {
        return Err(IntakeError::NotATable {
            path: path.to_owned(),
            looks_like,
        });
    }
    let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| line.split(|b| *b == wanted).count();
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|d| (count(*d), *d == b','))
        .unwrap_or(b',');
    let first = String::from_utf8_lossy(&line[..line.len().min(80)]).into_owned();
    let since_row = Rc::new(Cell::new(0));
    let mut csv = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(Bounded {
            inner,
            since_row: since_row.clone(),
        });
    let headers = csv.byte_headers().map_err(|error| broken(path, 1, error))?;
    let headers = headers
        .iter()
        .map(|cell| text(cell).trim_start_matches('\u{feff}').trim().to_owned())
        .collect();
    let mapping = Mapping::recognise(headers).map_err(|twice| match twice {
        None => IntakeError::NoHeader {
            path: path.to_owned(),
            first,
        },
        Some((column, first, second)) => IntakeError::TwoHeaders {
            path: path.to_owned(),
            column,
            first,
            second,
        },
    })?;
    Ok(Reader {
        path: path.to_owned(),
        csv,
        since_row,
        record: csv::ByteRecord::new(),
        mapping,
        number: 1,
    })
}

fn broken(path: &Path, row: u64, error: csv::Error) -> IntakeError {
    let path = path.to_owned();
    match error.into_kind() {
        csv::ErrorKind::Io(e) if e.kind() == std::io::ErrorKind::FileTooLarge => {
            IntakeError::TooLong {
                path,
                row,
                limit: LONGEST_ROW,
            }
        }
        csv::ErrorKind::Io(source) => IntakeError::Io { path, source },
        other => IntakeError::Io {
            path,
            source: std::io::Error::other(format!("{other:?}")),
        },
    }
}

fn text(cell: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(cell).map_or_else(
        |_| {
            encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(cell)
                .0
        },
        Cow::Borrowed,
    )
}

fn trimmed(cell: &[u8]) -> Cow<'_, str> {
    match text(cell) {
        Cow::Borrowed(value) => Cow::Borrowed(value.trim()),
        Cow::Owned(value) => Cow::Owned(value.trim().to_owned()),
    }
}

impl Reader {
    /// The kind of the rows.
    pub fn kind(&self) -> Kind {
        self.mapping.kind
    }

    /// What was taken for what.
    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    /// The next row; none at the end of the file.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, IntakeError> {
        self.since_row.set(0);
        let more = self
            .csv
            .read_byte_record(&mut self.record)
            .map_err(|error| broken(&self.path, self.number + 1, error))?;
        if !more {
            return Ok(None);
        }
        self.number += 1;
        let (expected, got) = (self.mapping.headers.len(), self.record.len());
        if expected != got {
            return Err(IntakeError::Ragged {
                path: self.path.clone(),
                row: self.number,
                expected,
                got,
            });
        }
        let cell =
            |place: &Option<usize>| place.map_or(Cow::Borrowed(""), |at| trimmed(&self.record[at]));
        Ok(Some(Row {
            number: self.number,
            cells: self.mapping.places.iter().map(cell).collect(),
        }))
    }
}
