//! Parquet, a batch of rows at a time.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use crate::IntakeError;
use crate::reader::{Raw, caught};

/// Rows held at once.
const BATCH: usize = 1024;

/// A Parquet file.
pub(crate) struct Columns {
    path: PathBuf,
    batches: ParquetRecordBatchReader,
    batch: Option<RecordBatch>,
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
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(damaged)?;
        let fields = builder.schema().fields();
        let headers = fields.iter().map(|f| f.name().clone()).collect();
        let columns = Columns {
            path: path.to_owned(),
            batches: builder.with_batch_size(BATCH).build().map_err(damaged)?,
            batch: None,
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
        while self.batch.as_ref().is_none_or(|b| self.at >= b.num_rows()) {
            match caught(|| self.batches.next().transpose()) {
                Ok(Ok(None)) => return Ok(false),
                Ok(Ok(batch)) => self.batch = batch,
                Ok(Err(error)) => return Err(damaged(&self.path, error.to_string())),
                Err(reason) => return Err(damaged(&self.path, reason)),
            }
            self.at = 0;
        }
        self.number += 1;
        raw.number = self.number;
        raw.cells.clear();
        if let Some(batch) = &self.batch {
            fill(batch, self.at, raw).map_err(|e| damaged(&self.path, e.to_string()))?;
        }
        self.at += 1;
        Ok(true)
    }
}

fn fill(batch: &RecordBatch, at: usize, raw: &mut Raw) -> Result<(), arrow::error::ArrowError> {
    let options = FormatOptions::new()
        .with_timestamp_format(Some("%Y-%m-%d"))
        .with_timestamp_tz_format(Some("%Y-%m-%d"))
        .with_datetime_format(Some("%Y-%m-%d"));
    for column in batch.columns() {
        let text = ArrayFormatter::try_new(column.as_ref(), &options)?;
        raw.cells.push_field(&text.value(at).try_to_string()?);
    }
    Ok(())
}
