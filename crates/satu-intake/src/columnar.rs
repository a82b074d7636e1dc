//! Parquet, a batch of rows at a time.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use parquet::file::metadata::ParquetMetaData;

use crate::delimited::LONGEST_ROW;
use crate::reader::{Raw, caught};
use crate::{Batches, IntakeError, NoText, thrift};

/// Most rows held at once.
const MOST_ROWS: u64 = 1024;
/// Largest footer, in bytes.
const LARGEST_FOOTER: u64 = 64 << 20;
/// Deepest schema: a column of lists or of structures, no more.
const DEEPEST_SCHEMA: usize = 8;
/// Most bytes that the pages held at once, the two largest of each column, may unpack to.
const LARGEST_HELD: u64 = 256 << 20;
/// Most bytes of the rows held at once.
const LARGEST_ROWS: u64 = 512 << 20;
/// Bytes that a value takes beside its text.
const VALUE: u64 = 64;
/// Longest page header, in bytes; it may hold the least and the greatest value of the page.
const LONGEST_HEADER: u64 = 1 << 20;
/// How many bytes of a page header are read at first.
const FIRST_READ: u64 = 512;

/// A Parquet file.
pub(crate) struct Columns {
    path: PathBuf,
    batches: Batches,
    /// Most rows of a batch.
    most: usize,
    /// Rows of this batch, and which of them comes next.
    rows: usize,
    at: usize,
    number: u64,
}

impl Columns {
    /// Reads the footer; the column names are the header, which counts as row 1.
    pub(crate) fn open(file: File, path: &Path) -> Result<(Columns, Vec<String>), IntakeError> {
        let damaged = |e: parquet::errors::ParquetError| IntakeError::Damaged {
            path: path.to_owned(),
            reason: e.to_string(),
        };
        let held = file.try_clone().and_then(|file| {
            footer(&file)?;
            Ok(file)
        });
        let untrue = |error: std::io::Error| IntakeError::Damaged {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        let held = held.map_err(untrue)?;
        let batches = Batches::open(file).map_err(damaged)?;
        let large = |part: &str, limit| IntakeError::TooLarge {
            path: path.to_owned(),
            part: part.to_owned(),
            limit,
        };
        let (held, lists) = largest(&held, batches.metadata()).map_err(untrue)?;
        if held > LARGEST_HELD {
            return Err(large("the pages of a row group", LARGEST_HELD));
        }
        if lists > LARGEST_ROWS {
            return Err(large("the lists of a row group", LARGEST_ROWS));
        }
        let headers = batches.names().map(str::to_owned).collect();
        let columns = Columns {
            path: path.to_owned(),
            batches,
            // A value may be as large as its page, and a page of a few bytes may say it again for
            // each row.
            most: (LARGEST_ROWS / held.max(1)).clamp(1, MOST_ROWS) as usize,
            rows: 0,
            at: 0,
            number: 1,
        };
        Ok((columns, headers))
    }

    /// Reads the next row; false at the end.
    pub(crate) fn next(&mut self, raw: &mut Raw) -> Result<bool, IntakeError> {
        let damaged = |path: &Path, reason| IntakeError::Damaged {
            path: path.to_owned(),
            reason,
        };
        if self.at == self.rows {
            self.at = 0;
            self.rows = match caught(|| self.batches.read(self.most)) {
                Ok(Ok(0)) => return Ok(false),
                Ok(Ok(rows)) => rows,
                Ok(Err(error)) => return Err(damaged(&self.path, error.to_string())),
                Err(reason) => return Err(damaged(&self.path, reason)),
            };
        }
        self.number += 1;
        raw.number = self.number;
        raw.cells.clear();
        fill(&self.batches, self.at, raw)
            .map_err(|error| damaged(&self.path, error.to_string()))?;
        if raw.cells.as_slice().len() as u64 > LONGEST_ROW {
            return Err(IntakeError::TooLong {
                path: self.path.clone(),
                row: self.number,
                limit: LONGEST_ROW,
            });
        }
        self.at += 1;
        Ok(true)
    }
}

/// Refuses a footer that says it is larger than the file, or a schema that nests without end.
fn footer(mut file: &File) -> std::io::Result<()> {
    let untrue = |reason| std::io::Error::new(std::io::ErrorKind::InvalidData, reason);
    let mut tail = [0; 8];
    let end = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(end.saturating_sub(8)))?;
    file.read_exact(&mut tail)?;
    let [a, b, c, d, magic @ ..] = tail;
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    if magic != *b"PAR1" || length + 8 > end || length > LARGEST_FOOTER {
        return Err(untrue("the end of the file is not that of a Parquet file"));
    }
    file.seek(SeekFrom::Start(end - 8 - length))?;
    let mut metadata = Vec::new();
    file.take(length).read_to_end(&mut metadata)?;
    match thrift::nesting(&metadata) {
        Some(depth) if depth <= DEEPEST_SCHEMA => Ok(()),
        Some(_) => Err(untrue("its columns nest too deep for a table")),
        None => Err(untrue("its metadata cannot be read")),
    }
}

/// Of the row group that takes most, the bytes to which the two largest pages of each column unpack:
/// its dictionary, if it has one, and the page being read. And of the column of lists that takes most,
/// the bytes of all its values: one row may hold them all.
fn largest(mut file: &File, metadata: &ParquetMetaData) -> std::io::Result<(u64, u64)> {
    let untrue =
        || std::io::Error::new(std::io::ErrorKind::InvalidData, "a page is not as it says");
    let (mut largest, mut lists, mut bytes) = (0, 0, Vec::new());
    for group in metadata.row_groups() {
        let mut held = 0u64;
        for column in group.columns() {
            let (mut at, length) = column.byte_range();
            let end = at.checked_add(length).ok_or_else(untrue)?;
            let (mut most, mut values, mut grown) = ([0; 2], 0u64, false);
            while at < end {
                let mut wanted = FIRST_READ;
                let page = loop {
                    file.seek(SeekFrom::Start(at))?;
                    bytes.clear();
                    let read = file.take(wanted.min(end - at)).read_to_end(&mut bytes)? as u64;
                    match thrift::page(&bytes) {
                        Some(page) => break page,
                        None if read < wanted || wanted > LONGEST_HEADER => return Err(untrue()),
                        None => wanted *= 8,
                    }
                };
                if page.unpacked > most[0] {
                    most = [page.unpacked, most[0]];
                } else {
                    most[1] = most[1].max(page.unpacked);
                }
                values = values.saturating_add(page.values);
                grown |= page.grown;
                at = at.saturating_add(page.header + page.packed);
            }
            if column.column_descr().max_rep_level() > 0 {
                let each = VALUE + if grown { most[0] } else { 0 };
                lists = lists.max(values.saturating_mul(each));
            }
            held = held.saturating_add(most[0]).saturating_add(most[1]);
        }
        largest = largest.max(held);
    }
    Ok((largest, lists))
}

fn fill(batches: &Batches, row: usize, raw: &mut Raw) -> Result<(), NoText> {
    let mut text = String::new();
    for column in 0..batches.names().count() {
        text.clear();
        batches.push_cell(column, row, &mut text)?;
        raw.cells.push_field(&text);
    }
    Ok(())
}
