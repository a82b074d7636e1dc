//! A Parquet file, some rows at a time.

use std::fs::File;

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use crate::cells::{Form, NoText, Values};
use crate::nested::Node;

/// A Parquet file whose rows are read in batches and written as the cells of a CSV file.
pub struct Batches {
    file: SerializedFileReader<File>,
    columns: Vec<(String, Node)>,
    leaves: Vec<Leaf>,
    /// The row group to be read next.
    group: usize,
}

/// A column as Parquet stores it; one of a list or a structure is several.
pub(crate) struct Leaf {
    form: Form,
    /// Definition level of a value that is there; 0 where all are.
    most: i16,
    repeats: bool,
    reader: Option<ColumnReader>,
    values: Values,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
    /// For each definition, how many values stand before it.
    before: Vec<u32>,
    /// The definition at which each row begins, where rows hold several.
    starts: Vec<u32>,
}

impl Batches {
    /// Reads what the file says of itself.
    pub fn open(file: File) -> Result<Batches, ParquetError> {
        let file = SerializedFileReader::new(file)?;
        let schema = file.metadata().file_metadata().schema_descr();
        let mut next = 0;
        let columns = schema.root_schema().get_fields().iter();
        let columns = columns
            .map(|field| (field.name().to_owned(), Node::of(field, &mut next)))
            .collect();
        let leaves = schema.columns().iter().map(|column| Leaf::new(column));
        Ok(Batches {
            columns,
            leaves: leaves.collect(),
            group: 0,
            file,
        })
    }

    /// The names of the columns; each may be a list or a structure.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    pub(crate) fn metadata(&self) -> &ParquetMetaData {
        self.file.metadata()
    }

    /// Reads the next rows, at most so many, over those read before; says how many there are, none
    /// at the end.
    pub fn read(&mut self, most: usize) -> Result<usize, ParquetError> {
        loop {
            let mut rows = None;
            for leaf in &mut self.leaves {
                let read = leaf.read(most)?;
                if *rows.get_or_insert(read) != read {
                    let reason = "its columns are not of one length";
                    return Err(ParquetError::General(reason.to_owned()));
                }
            }
            match rows {
                Some(rows @ 1..) => return Ok(rows),
                Some(0) if self.group < self.file.num_row_groups() => {}
                _ => return Ok(0),
            }
            let group = self.file.get_row_group(self.group)?;
            for (at, leaf) in self.leaves.iter_mut().enumerate() {
                leaf.reader = Some(group.get_column_reader(at)?);
            }
            self.group += 1;
        }
    }

    /// Writes the cell of a column in a row of this batch behind `out`: nothing for null, ISO dates
    /// (of a moment its day in UTC), bytes that are text as text, lists and structures in brackets. A
    /// number with a fraction is written so that it cannot be taken for an id. The error names the
    /// type that is no text.
    pub fn push_cell(&self, column: usize, row: usize, out: &mut String) -> Result<(), NoText> {
        match self.columns.get(column) {
            Some((_, Node::Leaf(leaf))) => self.leaves[*leaf].push(row, out),
            Some((_, node)) => node.push(&self.leaves, row, out),
            None => Ok(()),
        }
    }
}

impl Leaf {
    fn new(column: &ColumnDescriptor) -> Leaf {
        Leaf {
            form: Form::of(column.self_type()),
            most: column.max_def_level(),
            repeats: column.max_rep_level() > 0,
            reader: None,
            values: Values::new(column.physical_type()),
            definitions: Vec::new(),
            repetitions: Vec::new(),
            before: Vec::new(),
            starts: Vec::new(),
        }
    }

    fn read(&mut self, most: usize) -> Result<usize, ParquetError> {
        self.definitions.clear();
        self.repetitions.clear();
        let levels = (&mut self.definitions, &mut self.repetitions);
        let rows = match (&mut self.reader, &mut self.values) {
            (Some(ColumnReader::BoolColumnReader(from)), Values::Bool(to)) => {
                take(from, most, levels, to)
            }
            (Some(ColumnReader::Int32ColumnReader(from)), Values::Int32(to)) => {
                take(from, most, levels, to)
            }
            (Some(ColumnReader::Int64ColumnReader(from)), Values::Int64(to)) => {
                take(from, most, levels, to)
            }
            (Some(ColumnReader::Int96ColumnReader(from)), Values::Int96(to)) => {
                take(from, most, levels, to)
            }
            (Some(ColumnReader::FloatColumnReader(from)), Values::Float(to)) => {
                take(from, most, levels, to)
            }
            (Some(ColumnReader::DoubleColumnReader(from)), Values::Double(to)) => {
                take(from, most, levels, to)
            }
            (Some(ColumnReader::ByteArrayColumnReader(from)), Values::Bytes(to)) => {
                take(from, most, levels, to)
            }
            (Some(ColumnReader::FixedLenByteArrayColumnReader(from)), Values::Fixed(to)) => {
                take(from, most, levels, to)
            }
            _ => Ok(0),
        }?;
        self.before.clear();
        let mut values = 0;
        self.before.extend(self.definitions.iter().map(|level| {
            let before = values;
            values += u32::from(*level == self.most);
            before
        }));
        self.starts.clear();
        let begins = self.repetitions.iter().enumerate();
        let begins = begins.filter(|(_, level)| **level == 0);
        self.starts.extend(begins.map(|(at, _)| at as u32));
        Ok(rows)
    }

    /// The place at which a row begins among the definitions.
    pub(crate) fn start(&self, row: usize) -> Option<usize> {
        if self.repeats {
            self.starts.get(row).map(|at| *at as usize)
        } else {
            Some(row)
        }
    }

    /// Definition and repetition level of a place, where the column has them.
    pub(crate) fn levels(&self, at: usize) -> (Option<i16>, Option<i16>) {
        let level = |levels: &[i16]| levels.get(at).copied();
        let required = (self.most == 0).then_some(0);
        (
            level(&self.definitions).or(required),
            level(&self.repetitions),
        )
    }

    /// Writes the value of a place, nothing where there is none.
    pub(crate) fn push(&self, at: usize, out: &mut String) -> Result<(), NoText> {
        if self.most == 0 {
            return self.values.push(at, &self.form, out);
        }
        match (self.definitions.get(at), self.before.get(at)) {
            (Some(level), Some(before)) if *level == self.most => {
                self.values.push(*before as usize, &self.form, out)
            }
            _ => Ok(()),
        }
    }
}

/// Reads whole rows of one column over `values`.
fn take<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    most: usize,
    (definitions, repetitions): (&mut Vec<i16>, &mut Vec<i16>),
    values: &mut Vec<T::T>,
) -> Result<usize, ParquetError> {
    values.clear();
    let (rows, ..) = reader.read_records(most, Some(definitions), Some(repetitions), values)?;
    Ok(rows)
}
