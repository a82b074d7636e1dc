//! One reader for all formats.

use std::fs::File;
use std::io::{Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use csv::StringRecord;
use satu_domain::Kind;

use crate::columnar::Columns;
use crate::delimited::Delimited;
use crate::jsonl::Lines;
use crate::mapping::Unmapped;
use crate::workbook::Sheet;
use crate::{IntakeError, MapFile, Mapping, Taken};

/// How a file is to be read; by default everything is recognised.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which header means which column, where the names do not say.
    pub map: Option<MapFile>,
    /// The sheet of a workbook; else the first.
    pub sheet: Option<String>,
    /// The kind of the rows; else the map's, else the one that the headers name best.
    pub kind: Option<Kind>,
}

/// Why a row is not one of the table's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// More or fewer cells than the header.
    Ragged {
        /// Cells in the header.
        expected: usize,
        /// Cells in the row.
        got: usize,
    },
    /// A line that is no JSON object.
    NotAnObject(String),
    /// A null character, which no database keeps as text.
    Nul,
}

/// Why a cell cannot be believed although it has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// A number of more digits than a spreadsheet keeps: the last ones are lost.
    DigitsLost,
    /// A formula that failed (`#REF!` and the like).
    FormulaFailed,
}

pub(crate) enum Source {
    Delimited(Box<Delimited>),
    Lines(Lines),
    Sheet(Sheet),
    Columns(Box<Columns>),
}

/// What a source fills for each row.
#[derive(Default)]
pub(crate) struct Raw {
    /// The row's number in the file, from 1.
    pub number: u64,
    /// The cells, in the file's order.
    pub cells: StringRecord,
    /// Cells that cannot be believed, by position.
    pub doubts: Vec<(usize, Doubt)>,
    /// Why this is no row of the table.
    pub broken: Option<Broken>,
}

/// A file being read, row by row.
pub struct Reader {
    source: Source,
    mapping: Mapping,
    map: Option<MapFile>,
    raw: Raw,
    changed: Vec<(usize, String)>,
    blank: u64,
    /// The number of the row read last; the header's at first.
    last: u64,
    /// The file once more, to see how far it has been read.
    handle: File,
}

/// One row.
pub struct Row<'a> {
    /// Which row of the file, from 1; titles and header count.
    pub number: u64,
    /// Why its cells mean nothing, where they do.
    pub broken: Option<&'a Broken>,
    raw: &'a Raw,
    mapping: &'a Mapping,
    changed: &'a [(usize, String)],
}

/// Opens a table: CSV (comma, semicolon or tab; UTF-8, UTF-16 with a byte order mark, or
/// Windows-1252 told apart row by row), XLSX, Parquet or JSON lines, told apart by their bytes.
///
/// The header is the first of the first 20 rows that names columns.
pub fn open(path: &Path, options: &Options) -> Result<Reader, IntakeError> {
    let file = File::open(path).map_err(|source| IntakeError::Io {
        path: path.to_owned(),
        source,
    })?;
    read(file, path, options)
}

/// Reads a table as [`open`] does, from the beginning of a file that is open already and may have
/// no name any more; `path` is what errors call it.
pub fn read(mut file: File, path: &Path, options: &Options) -> Result<Reader, IntakeError> {
    let io = |source| IntakeError::Io {
        path: path.to_owned(),
        source,
    };
    let mut head = Vec::new();
    file.rewind().map_err(io)?;
    (&file).take(4096).read_to_end(&mut head).map_err(io)?;
    file.rewind().map_err(io)?;
    if head.is_empty() {
        return Err(IntakeError::Empty(path.to_owned()));
    }
    let handle = file.try_clone().map_err(io)?;
    let (source, headers) =
        caught(|| begin(file, path, &head, options)).unwrap_or_else(|reason| {
            Err(IntakeError::Damaged {
                path: path.to_owned(),
                reason,
            })
        })?;
    let headers: Vec<String> = headers
        .into_iter()
        .map(|header| header.replace('\0', "\u{fffd}"))
        .collect();
    // JSON lines have no header, Parquet's counts as the first row.
    let last = match &source {
        Source::Delimited(table) => table.number(),
        Source::Sheet(sheet) => sheet.number(),
        Source::Columns(_) => 1,
        Source::Lines(_) => 0,
    };
    let first = headers.join(" | ").chars().take(80).collect();
    let path: PathBuf = path.to_owned();
    let mapping = Mapping::recognise(headers.clone(), options.kind, options.map.as_ref()).map_err(
        |unmapped| match unmapped {
            Unmapped::NoneKnown => IntakeError::NoHeader { path, first },
            Unmapped::Twice(column, first, second) => IntakeError::TwoHeaders {
                path,
                column,
                first,
                second,
            },
            Unmapped::Lacks(kind, columns) => IntakeError::MissingColumns {
                path,
                kind: kind.name(),
                columns,
            },
            Unmapped::NotThere(column, header) => IntakeError::MapHeader {
                path,
                header,
                column,
                headers,
            },
        },
    )?;
    Ok(Reader {
        source,
        mapping,
        map: options.map.clone(),
        raw: Raw::default(),
        changed: Vec::new(),
        blank: 0,
        last,
        handle,
    })
}

/// What a file is, by its bytes, read up to its header.
fn begin(
    file: File,
    path: &Path,
    head: &[u8],
    options: &Options,
) -> Result<(Source, Vec<String>), IntakeError> {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let first = text.iter().find(|b| !b.is_ascii_whitespace());
    Ok(if first == Some(&b'{') {
        let (lines, headers) = Lines::open(file, path)?;
        (Source::Lines(lines), headers)
    } else if head.starts_with(b"PK\x03\x04") {
        let (sheet, headers) = Sheet::open(file, path, options)?;
        (Source::Sheet(sheet), headers)
    } else if head.starts_with(b"PAR1") {
        let (columns, headers) = Columns::open(file, path)?;
        (Source::Columns(Box::new(columns)), headers)
    } else {
        let (table, headers) = Delimited::open(file, path, head, options)?;
        (Source::Delimited(Box::new(table)), headers)
    })
}

/// Runs a step of a library's reader. Bytes made to break it may make it panic; that is then a damaged
/// file like any other, and whoever reads goes on.
pub(crate) fn caught<T>(step: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(step)).map_err(|_| "its structure contradicts itself".to_owned())
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

    /// Rows passed over so far because every cell is empty; they are counted, not rows.
    pub fn blank_rows(&self) -> u64 {
        self.blank
    }

    /// How many bytes of the file have been passed; what is packed may be passed more than once.
    pub fn bytes_read(&self) -> u64 {
        (&self.handle).stream_position().unwrap_or(0)
    }

    /// The next row; none at the end of the file. Rows without any value are passed over.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, IntakeError> {
        loop {
            self.raw.doubts.clear();
            self.raw.broken = None;
            let more = match &mut self.source {
                Source::Delimited(source) => source.next(&mut self.raw)?,
                Source::Lines(source) => source.next(&mut self.raw)?,
                Source::Sheet(source) => source.next(&mut self.raw)?,
                Source::Columns(source) => source.next(&mut self.raw)?,
            };
            if !more {
                return Ok(None);
            }
            // Rows that the source passed over because nothing is written there.
            self.blank += self.raw.number.saturating_sub(self.last + 1);
            self.last = self.raw.number;
            if self.raw.broken.is_some() || self.raw.cells.iter().any(|c| !c.trim().is_empty()) {
                break;
            }
            self.blank += 1;
        }
        let (expected, got) = (self.mapping.headers.len(), self.raw.cells.len());
        if self.raw.broken.is_none() && expected != got {
            self.raw.broken = Some(Broken::Ragged { expected, got });
        }
        if self.raw.broken.is_none()
            && memchr::memchr(0, self.raw.cells.as_slice().as_bytes()).is_some()
        {
            self.raw.broken = Some(Broken::Nul);
        }
        self.changed.clear();
        if let Some(map) = &self.map {
            change(map, &self.mapping, &self.raw, &mut self.changed);
        }
        Ok(Some(Row {
            number: self.raw.number,
            broken: self.raw.broken.as_ref(),
            raw: &self.raw,
            mapping: &self.mapping,
            changed: &self.changed,
        }))
    }
}

/// Cells that the map turns into something else.
fn change(map: &MapFile, mapping: &Mapping, raw: &Raw, changed: &mut Vec<(usize, String)>) {
    let columns = mapping.kind.columns();
    for (place, taken) in mapping.places.iter().enumerate() {
        let Taken::Column(at) = taken else { continue };
        let cell = raw.cells.get(*at).unwrap_or("").trim();
        let column = columns[place];
        if let Some(value) = map.values.get(column).and_then(|values| values.get(cell)) {
            changed.push((place, value.clone()));
        } else if column.starts_with("tmt_") || column.contains("tanggal") {
            changed.extend(
                map.dates
                    .and_then(|f| f.read(cell))
                    .map(|date| (place, date)),
            );
        }
    }
}

/// The cell without white space around it; most have none, which two bytes tell.
fn trimmed(cell: &str) -> &str {
    match cell.as_bytes() {
        [] => cell,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => cell,
        _ => cell.trim(),
    }
}

impl<'a> Row<'a> {
    /// The value of a column of the kind, trimmed; empty where the file does not say.
    pub fn cell(&self, column: usize) -> &'a str {
        if !self.changed.is_empty()
            && let Some((_, value)) = self.changed.iter().find(|(place, _)| *place == column)
        {
            return value;
        }
        match &self.mapping.places[column] {
            Taken::Absent => "",
            Taken::Column(at) => trimmed(self.raw.cells.get(*at).unwrap_or("")),
            Taken::Constant(value) => value,
        }
    }

    /// All values in the order of the kind's columns, written over `cells`.
    pub fn cells_into(&self, cells: &mut Vec<&'a str>) {
        cells.clear();
        cells.extend((0..self.mapping.places.len()).map(|column| self.cell(column)));
    }

    /// The cells as they stand in the file, in its order; a broken row may have more or fewer than
    /// the header.
    pub fn as_filed(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.raw.cells.iter()
    }

    /// Headers taken for nothing, with the row's values; empty values are left out.
    pub fn unknown(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let (mapping, cells) = (self.mapping, &self.raw.cells);
        mapping.unknown.iter().filter_map(move |at| {
            let value = cells.get(*at).unwrap_or("").trim();
            (!value.is_empty()).then(|| (mapping.headers[*at].as_str(), value))
        })
    }

    /// The columns of the kind whose values cannot be believed, and why.
    pub fn doubts(&self) -> impl Iterator<Item = (usize, Doubt)> {
        self.raw.doubts.iter().filter_map(|(at, doubt)| {
            let place = self
                .mapping
                .places
                .iter()
                .position(|p| *p == Taken::Column(*at))?;
            Some((place, *doubt))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_panics_has_met_a_damaged_file() {
        let step = |bytes: &[u8]| caught(|| bytes[1]);
        assert_eq!(step(b"ab"), Ok(b'b'));
        assert!(step(b"a").unwrap_err().contains("contradicts"));
    }
}
