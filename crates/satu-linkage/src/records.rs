//! The records to link, standardised and numbered.

use rayon::prelude::*;

use crate::field::Field;
use crate::intern::Interner;
use crate::spec::Spec;

/// The records to link: each cell standardised at once and kept as the number of its value.
#[derive(Debug, Clone)]
pub struct Records {
    fields: Vec<Field>,
    also_in: Vec<Option<(usize, usize)>>,
    values: Vec<Interner>,
    rows: Vec<u32>,
    buffer: String,
}

impl Records {
    /// No records yet, for the fields of a specification.
    pub fn new(spec: &Spec) -> Records {
        Records {
            fields: spec.fields().to_vec(),
            also_in: spec.also_in.clone(),
            values: spec.fields().iter().map(|_| Interner::new()).collect(),
            rows: Vec::new(),
            buffer: String::new(),
        }
    }

    /// Adds one record: its cells in the order of [`Spec::fields`]. An empty cell, or one that is
    /// not there, is missing.
    pub fn push(&mut self, cells: &[&str]) {
        let cell = |at: usize| cells.get(at).copied().unwrap_or("");
        for at in 0..self.fields.len() {
            standardise(&self.fields, &self.also_in, at, cell, &mut self.buffer);
            self.rows
                .push(self.values[at].intern(self.buffer.as_bytes()));
        }
    }

    /// Adds many records at once, fields in parallel: `cell` gives the text of a row (from 0) and a
    /// field (in the order of [`Spec::fields`]). The same as that many calls of [`Records::push`].
    pub fn extend<'a>(&mut self, count: usize, cell: impl Fn(usize, usize) -> &'a str + Sync) {
        let (fields, also_in) = (&self.fields, &self.also_in);
        let columns: Vec<Vec<u32>> = self
            .values
            .par_iter_mut()
            .enumerate()
            .map(|(at, values)| {
                let (mut buffer, mut texts) = (String::new(), String::new());
                let mut ends = Vec::with_capacity(count + 1);
                ends.push(0);
                for row in 0..count {
                    standardise(fields, also_in, at, |at| cell(row, at), &mut buffer);
                    texts.push_str(&buffer);
                    ends.push(texts.len());
                }
                let mut ids = Vec::with_capacity(count);
                let text = |row: usize| &texts.as_bytes()[ends[row]..ends[row + 1]];
                values.intern_all(text, count, &mut ids);
                ids
            })
            .collect();
        self.rows.reserve(count * columns.len());
        for row in 0..count {
            self.rows.extend(columns.iter().map(|column| column[row]));
        }
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.rows.len() / self.fields.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Says that so many records hold the value that this record has in a field, counting those that
    /// are not here: where these are a part of all records. Whether a number can be hard evidence
    /// depends on it. A value that the record lacks, and a lower count than is seen here, say nothing.
    pub fn held_by(&mut self, record: u32, field: usize, count: u32) {
        let value = self.row(record).get(field).copied().unwrap_or(0);
        if let Some(values) = self.values.get_mut(field).filter(|_| value != 0) {
            values.count_at_least(value, count);
        }
    }

    /// A record's value numbers, one per field.
    pub(crate) fn row(&self, record: u32) -> &[u32] {
        let width = self.fields.len();
        let start = record as usize * width;
        &self.rows[start..start + width]
    }

    /// The distinct values of a field.
    pub(crate) fn values(&self, field: usize) -> &Interner {
        &self.values[field]
    }
}

/// Writes the standard form of a record's field into `out`, found also where it is written by
/// mistake.
pub(crate) fn standardise<'a>(
    fields: &[Field],
    also_in: &[Option<(usize, usize)>],
    at: usize,
    cell: impl Fn(usize) -> &'a str,
    out: &mut String,
) {
    fields[at].standardise(cell(at), out);
    if out.is_empty() {
        if let Some((other, digits)) = also_in[at] {
            fields[other].standardise(cell(other), out);
            if out.len() != digits {
                out.clear();
            }
        }
    } else if also_in.contains(&Some((at, out.len()))) {
        out.clear();
    }
}
