//! A table written row by row, as CSV or as Parquet.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::Failure;

/// How tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Columnar and typed, for analysis.
    Parquet,
    /// Text for any program. A value that a spreadsheet would run as a formula (it begins with
    /// = + - @, a tab or a carriage return) has an apostrophe before it.
    Csv,
}

impl Format {
    /// The end of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Parquet => "parquet",
            Format::Csv => "csv",
        }
    }
}

/// A column: its name and what it holds.
#[derive(Debug, Clone, Copy)]
pub enum Column {
    /// Whole numbers.
    Int(&'static str),
    /// Text.
    Text(&'static str),
}

/// A cell; `None` where nothing is said.
#[derive(Debug)]
pub enum Cell<'a> {
    /// In a column of whole numbers.
    Int(Option<i64>),
    /// In a column of text; empty where nothing is said.
    Text(&'a str),
}

/// Rows of Parquet that are held in memory before they are written.
const GROUP: usize = 100_000;

/// Rows that are handed over to Parquet at a time.
const BATCH: usize = 10_000;

/// A table in the middle of being written.
pub enum Table {
    /// As CSV.
    Csv(Box<csv::Writer<File>>),
    /// As Parquet.
    Parquet(Box<Columns>),
}

/// Columns that fill up.
pub struct Columns {
    writer: ArrowWriter<File>,
    schema: SchemaRef,
    builders: Vec<Filled>,
    rows: usize,
}

enum Filled {
    Int(Int64Builder),
    Text(StringBuilder),
}

const NO_ROOM: &str = "Make room on the disk, and check that the folder can be written.";

fn failed(error: &dyn std::error::Error) -> Failure {
    Failure::new(error, NO_ROOM)
}

impl Table {
    /// Begins a table.
    pub fn new(path: &Path, format: Format, columns: &[Column]) -> Result<Table, Failure> {
        let file = File::create(path).map_err(|error| failed(&error))?;
        if format == Format::Csv {
            let mut writer = csv::Writer::from_writer(file);
            let names = columns.iter().map(|column| match column {
                Column::Int(name) | Column::Text(name) => name,
            });
            writer.write_record(names).map_err(|error| failed(&error))?;
            return Ok(Table::Csv(Box::new(writer)));
        }
        let fields = columns.iter().map(|column| match column {
            Column::Int(name) => Field::new(*name, DataType::Int64, true),
            Column::Text(name) => Field::new(*name, DataType::Utf8, true),
        });
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP))
            .build();
        let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties));
        let builders = columns.iter().map(|column| match column {
            Column::Int(_) => Filled::Int(Int64Builder::new()),
            Column::Text(_) => Filled::Text(StringBuilder::new()),
        });
        Ok(Table::Parquet(Box::new(Columns {
            writer: writer.map_err(|error| failed(&error))?,
            schema,
            builders: builders.collect(),
            rows: 0,
        })))
    }

    /// Writes a row, whose cells stand in the order of the columns.
    pub fn push(&mut self, row: &[Cell<'_>]) -> Result<(), Failure> {
        match self {
            Table::Csv(writer) => {
                let texts = row.iter().map(|cell| match cell {
                    Cell::Int(value) => value.map_or_else(String::new, |value| value.to_string()),
                    Cell::Text(value) => harmless(value),
                });
                writer.write_record(texts).map_err(|error| failed(&error))
            }
            Table::Parquet(columns) => columns.push(row),
        }
    }

    /// Writes what waits, and has it reach the disk.
    pub fn finish(self) -> Result<(), Failure> {
        let file = match self {
            Table::Csv(writer) => writer.into_inner().map_err(|error| failed(error.error()))?,
            Table::Parquet(mut columns) => {
                columns.write()?;
                columns
                    .writer
                    .into_inner()
                    .map_err(|error| failed(&error))?
            }
        };
        file.sync_all().map_err(|error| failed(&error))
    }
}

impl Columns {
    fn push(&mut self, row: &[Cell<'_>]) -> Result<(), Failure> {
        for (builder, cell) in self.builders.iter_mut().zip(row) {
            match (builder, cell) {
                (Filled::Int(builder), Cell::Int(value)) => builder.append_option(*value),
                (Filled::Text(builder), Cell::Text(value)) if !value.is_empty() => {
                    builder.append_value(value);
                }
                (Filled::Int(builder), Cell::Text(_)) => builder.append_null(),
                (Filled::Text(builder), _) => builder.append_null(),
            }
        }
        self.rows += 1;
        if self.rows == BATCH {
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), Failure> {
        self.rows = 0;
        let arrays = self.builders.iter_mut().map(|builder| match builder {
            Filled::Int(builder) => Arc::new(builder.finish()) as ArrayRef,
            Filled::Text(builder) => Arc::new(builder.finish()),
        });
        let batch = RecordBatch::try_new(self.schema.clone(), arrays.collect())
            .map_err(|error| failed(&error))?;
        self.writer.write(&batch).map_err(|error| failed(&error))
    }
}

/// A value that no spreadsheet runs as a formula.
fn harmless(value: &str) -> String {
    if value.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{value}")
    } else {
        value.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_formula_is_written_as_text() {
        for risky in ["=1+1", "+62811", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(risky), format!("'{risky}"));
        }
        for plain in ["", "III/b", "'=1", "a=1"] {
            assert_eq!(harmless(plain), plain);
        }
    }
}
