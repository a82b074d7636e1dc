//! Reading the files to link: CSV and Parquet, in batches.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;

use satu_intake::Batches;
use satu_linkage::{Field, Records, Spec};

use super::{Rows, failure};
use crate::Failure;

/// Rows read and numbered together.
const BATCH: usize = 16_384;

/// Cells of many rows, one behind the other: no allocation per cell.
#[derive(Default)]
struct Batch {
    text: String,
    ends: Vec<usize>,
    rows: usize,
}

impl Batch {
    fn cell(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }
}

/// An open file whose rows can be taken in batches.
enum Source {
    Csv(csv::Reader<BufReader<File>>),
    Parquet(Box<Batches>),
}

const UNREADABLE: &str = "Check that the file is there, and is CSV with a header row or Parquet.";

fn open(path: &Path) -> Result<(Source, Vec<String>), Failure> {
    let broken = |error: &dyn std::error::Error| failure(path, error, UNREADABLE);
    let mut file = File::open(path).map_err(|error| broken(&error))?;
    let mut start = Vec::new();
    Read::by_ref(&mut file)
        .take(4)
        .read_to_end(&mut start)
        .and_then(|_| file.rewind())
        .map_err(|error| broken(&error))?;
    if start == b"PAR1" {
        let batches = Batches::open(file).map_err(|error| broken(&error))?;
        let headers = batches.names().map(str::to_lowercase).collect();
        return Ok((Source::Parquet(Box::new(batches)), headers));
    }
    if start.starts_with(b"PK") {
        return Err(Failure {
            message: format!(
                "{}: a workbook or archive, not CSV or Parquet",
                path.display()
            ),
            hint: "Save the sheet as CSV first.".to_owned(),
        });
    }
    let mut input = BufReader::with_capacity(1 << 18, file);
    if input
        .fill_buf()
        .map_err(|error| broken(&error))?
        .starts_with(b"\xef\xbb\xbf")
    {
        input.consume(3);
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(sniff(input.buffer()))
        .flexible(true)
        .from_reader(input);
    let headers = reader
        .byte_headers()
        .map_err(|error| broken(&error))?
        .iter()
        .map(|name| String::from_utf8_lossy(name).trim().to_lowercase())
        .collect();
    Ok((Source::Csv(reader), headers))
}

/// Reads one file to its end, the records into `records` and their names into `rows`.
pub fn read(
    path: &Path,
    spec: &Spec,
    records: &mut Records,
    rows: &mut Rows,
) -> Result<(), Failure> {
    let (mut source, headers) = open(path)?;
    let place = |name: &str| {
        headers
            .iter()
            .position(|header| *header == name.to_lowercase())
    };
    let places: Vec<Vec<usize>> = spec
        .fields()
        .iter()
        .map(|field| {
            field
                .columns()
                .iter()
                .filter_map(|name| place(name))
                .collect()
        })
        .collect();
    if places.iter().all(Vec::is_empty) {
        let known: Vec<&str> = spec
            .fields()
            .iter()
            .flat_map(Field::columns)
            .map(String::as_str)
            .collect();
        return Err(Failure {
            message: format!(
                "{}: none of its columns is in the specification",
                path.display()
            ),
            hint: format!(
                "The file has: {}. The specification reads: {}.",
                headers.join(", "),
                known.join(", ")
            ),
        });
    }
    let names = place("row_id");
    rows.named.push((rows.name_ends.len(), names.is_some()));
    let mut fill = |rows: &mut Rows| {
        let batch = match &mut source {
            Source::Csv(reader) => fill_csv(reader, &places, names, rows)
                .map_err(|error| failure(path, &error, UNREADABLE)),
            Source::Parquet(reader) => fill_parquet(reader, &places, names, rows)
                .map_err(|error| failure(path, error.as_ref(), UNREADABLE)),
        }?;
        if records_left(rows) < batch.rows {
            return Err(Failure {
                message: format!("{}: more than {MOST_ROWS} rows in all", path.display()),
                hint: "Link fewer files at a time.".to_owned(),
            });
        }
        rows.count += batch.rows;
        Ok(batch)
    };
    let width = places.len();
    let mut batch = fill(rows)?;
    while batch.rows > 0 {
        let (next, ()) = rayon::join(
            || fill(rows),
            || records.extend(batch.rows, |row, field| batch.cell(row * width + field)),
        );
        batch = next?;
    }
    rows.file_ends.push(records.len() as u32);
    Ok(())
}

/// Records are numbered in 32 bits.
const MOST_ROWS: usize = u32::MAX as usize - 1;

fn records_left(rows: &Rows) -> usize {
    MOST_ROWS - rows.count
}

fn fill_csv(
    reader: &mut csv::Reader<BufReader<File>>,
    places: &[Vec<usize>],
    names: Option<usize>,
    rows: &mut Rows,
) -> Result<Batch, csv::Error> {
    let mut batch = Batch::default();
    let mut record = csv::ByteRecord::new();
    while batch.rows < BATCH && reader.read_byte_record(&mut record)? {
        for columns in places {
            for (at, column) in columns.iter().enumerate() {
                if at > 0 {
                    batch.text.push(' ');
                }
                push_text(&mut batch.text, record.get(*column).unwrap_or(b""));
            }
            batch.ends.push(batch.text.len());
        }
        if let Some(column) = names {
            push_text(&mut rows.names, record.get(column).unwrap_or(b""));
            rows.name_ends.push(rows.names.len() as u64);
        }
        batch.rows += 1;
    }
    Ok(batch)
}

fn fill_parquet(
    reader: &mut Batches,
    places: &[Vec<usize>],
    names: Option<usize>,
    rows: &mut Rows,
) -> Result<Batch, Box<dyn std::error::Error>> {
    let mut batch = Batch {
        rows: reader.read(BATCH)?,
        ..Batch::default()
    };
    for row in 0..batch.rows {
        for columns in places {
            for (at, column) in columns.iter().enumerate() {
                if at > 0 {
                    batch.text.push(' ');
                }
                reader.push_cell(*column, row, &mut batch.text)?;
            }
            batch.ends.push(batch.text.len());
        }
        if let Some(column) = names {
            reader.push_cell(column, row, &mut rows.names)?;
            rows.name_ends.push(rows.names.len() as u64);
        }
    }
    Ok(batch)
}

fn push_text(text: &mut String, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(cell) => text.push_str(cell),
        Err(_) => text.push_str(&String::from_utf8_lossy(bytes)),
    }
}

/// The separator that the header row has most of.
fn sniff(start: &[u8]) -> u8 {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or(start);
    let count = |separator: u8| line.split(|byte| *byte == separator).count();
    [b';', b'\t', b',']
        .into_iter()
        .max_by_key(|separator| count(*separator))
        .unwrap_or(b',')
}
