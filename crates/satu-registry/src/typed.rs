//! A table written row by row, as CSV or as Parquet.

use std::borrow::Cow;
use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use crate::report::guarded;

/// How tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Columnar and typed, for analysis.
    Parquet,
    /// Text for any program. What a spreadsheet would run as a formula (a value, or what stands in it
    /// behind a semicolon, a tab or a line's end, begins with = + - @, a tab or a carriage return)
    /// has an apostrophe before it.
    Csv,
    /// Text as it stands, for programs alone: a spreadsheet would run such a value.
    Plain,
}

impl Format {
    /// The end of a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Parquet => "parquet",
            Format::Csv | Format::Plain => "csv",
        }
    }
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// As CSV.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// As Parquet.
    #[error(transparent)]
    Parquet(#[from] ParquetError),
    /// To where it goes.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// A column: its name and what it holds.
#[derive(Debug, Clone, Copy)]
pub enum Column<'a> {
    /// Whole numbers.
    Int(&'a str),
    /// Text.
    Text(&'a str),
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
const GROUP: usize = 50_000;

/// A table in the middle of being written.
pub enum Table<W: Write + Send> {
    /// As CSV, and whether what a spreadsheet would run is made harmless.
    Csv(Box<csv::Writer<W>>, bool),
    /// As Parquet.
    Parquet(Box<Columns<W>>),
}

/// Columns that fill up.
pub struct Columns<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    filled: Vec<Filled>,
    rows: usize,
}

/// The cells of a column that wait.
struct Filled {
    /// Of each row 1, or 0 where nothing is said.
    levels: Vec<i16>,
    values: Values,
}

enum Values {
    Int(Vec<i64>),
    /// Texts, one behind the other, and where each ends.
    Text(Vec<u8>, Vec<usize>),
}

impl<W: Write + Send> Table<W> {
    /// Begins a table that is written to `out`.
    pub fn new(out: W, format: Format, columns: &[Column<'_>]) -> Result<Table<W>, TableError> {
        if format != Format::Parquet {
            let mut writer = csv::Writer::from_writer(out);
            let names = columns.iter().map(|column| match column {
                Column::Int(name) | Column::Text(name) => name,
            });
            writer.write_record(names)?;
            return Ok(Table::Csv(Box::new(writer), format == Format::Csv));
        }
        let fields = columns.iter().map(|column| {
            let (name, physical, logical) = match column {
                Column::Int(name) => (name, Physical::INT64, None),
                Column::Text(name) => (name, Physical::BYTE_ARRAY, Some(LogicalType::String)),
            };
            Type::primitive_type_builder(name, physical)
                .with_repetition(Repetition::OPTIONAL)
                .with_logical_type(logical)
                .build()
                .map(Arc::new)
        });
        let writer = fields
            .collect::<Result<Vec<_>, _>>()
            .and_then(|fields| {
                Type::group_type_builder("table")
                    .with_fields(fields)
                    .build()
            })
            .and_then(|schema| {
                let properties = WriterProperties::builder()
                    .set_compression(Compression::ZSTD(ZstdLevel::default()))
                    .build();
                SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))
            });
        let filled = columns.iter().map(|column| Filled {
            levels: Vec::new(),
            values: match column {
                Column::Int(_) => Values::Int(Vec::new()),
                Column::Text(_) => Values::Text(Vec::new(), Vec::new()),
            },
        });
        Ok(Table::Parquet(Box::new(Columns {
            writer: writer?,
            filled: filled.collect(),
            rows: 0,
        })))
    }

    /// Writes a row, whose cells stand in the order of the columns.
    pub fn push(&mut self, row: &[Cell<'_>]) -> Result<(), TableError> {
        match self {
            Table::Csv(writer, harmless) => {
                for cell in row {
                    let text = match cell {
                        Cell::Int(value) => {
                            value.map_or_else(Cow::default, |value| value.to_string().into())
                        }
                        Cell::Text(value) if *harmless => guarded(Cow::Borrowed(value)),
                        Cell::Text(value) => Cow::Borrowed(*value),
                    };
                    writer.write_field(text.as_bytes())?;
                }
                Ok(writer.write_record(None::<&[u8]>)?)
            }
            Table::Parquet(columns) => columns.push(row),
        }
    }

    /// Writes what waits, and gives back where it went.
    pub fn finish(self) -> Result<W, TableError> {
        match self {
            Table::Csv(writer, _) => Ok(writer
                .into_inner()
                .map_err(csv::IntoInnerError::into_error)?),
            Table::Parquet(mut columns) => {
                columns.write()?;
                Ok(columns.writer.into_inner()?)
            }
        }
    }
}

impl<W: Write + Send> Columns<W> {
    fn push(&mut self, row: &[Cell<'_>]) -> Result<(), TableError> {
        for (filled, cell) in self.filled.iter_mut().zip(row) {
            let there = match (&mut filled.values, cell) {
                (Values::Int(values), Cell::Int(Some(value))) => {
                    values.push(*value);
                    true
                }
                (Values::Text(text, ends), Cell::Text(value)) if !value.is_empty() => {
                    text.extend_from_slice(value.as_bytes());
                    ends.push(text.len());
                    true
                }
                _ => false,
            };
            filled.levels.push(i16::from(there));
        }
        self.rows += 1;
        if self.rows == GROUP {
            self.write()?;
        }
        Ok(())
    }

    /// Writes the rows that wait as a row group.
    fn write(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        self.rows = 0;
        let mut group = self.writer.next_row_group()?;
        for filled in &mut self.filled {
            let Some(mut column) = group.next_column()? else {
                break;
            };
            let levels = Some(filled.levels.as_slice());
            match &mut filled.values {
                Values::Int(values) => {
                    column
                        .typed::<Int64Type>()
                        .write_batch(values, levels, None)?;
                    values.clear();
                }
                Values::Text(text, ends) => {
                    let text = ByteArray::from(std::mem::take(text));
                    let mut start = 0;
                    let texts = ends.drain(..).map(|end| {
                        let value = text.slice(start, end - start);
                        start = end;
                        value
                    });
                    let texts: Vec<ByteArray> = texts.collect();
                    column
                        .typed::<ByteArrayType>()
                        .write_batch(&texts, levels, None)?;
                }
            }
            column.close()?;
            filled.levels.clear();
        }
        group.close()?;
        Ok(())
    }
}
