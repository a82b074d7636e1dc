//! Fields: how a value is standardised, and the levels of agreement it is compared into.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::standard;

/// How a field is standardised and compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// A personal name: titles off, spelling evened out, words in any order, initials.
    Name,
    /// Words in any order, compared word by word.
    Text,
    /// A number that identifies: letters and digits only; one slip is told from another number.
    Id,
    /// A calendar date in any usual written form.
    Date,
    /// A quantity.
    Number,
    /// A code, equal or not.
    Code,
}

impl FieldKind {
    /// The names of the levels of agreement, best first; the last is "other".
    pub fn levels(self) -> &'static [&'static str] {
        match self {
            FieldKind::Name | FieldKind::Text => &[
                "same",
                "close",
                "part left out",
                "a word in common",
                "other",
            ],
            FieldKind::Id => &["same", "one slip", "other"],
            FieldKind::Date => &["same", "swapped or one slip", "one part differs", "other"],
            FieldKind::Number => &["same", "near", "other"],
            FieldKind::Code => &["same", "other"],
        }
    }

    /// What is assumed of records of one person before any data is seen.
    pub(crate) fn usual_m(self) -> &'static [f64] {
        match self {
            FieldKind::Name => &[0.85, 0.07, 0.05, 0.01, 0.02],
            FieldKind::Text => &[0.75, 0.10, 0.06, 0.04, 0.05],
            FieldKind::Id => &[0.93, 0.03, 0.04],
            FieldKind::Date => &[0.93, 0.03, 0.01, 0.03],
            FieldKind::Number => &[0.85, 0.05, 0.10],
            FieldKind::Code => &[0.97, 0.03],
        }
    }

    /// What is assumed of records of two persons before any data is seen.
    pub(crate) fn usual_u(self) -> &'static [f64] {
        match self {
            FieldKind::Name => &[1e-5, 1e-4, 1e-3, 0.05, 0.948_89],
            FieldKind::Text => &[2e-3, 2e-3, 5e-3, 0.10, 0.891],
            FieldKind::Id => &[1e-6, 1e-6, 0.999_998],
            FieldKind::Date => &[1e-4, 3e-4, 5e-3, 0.994_6],
            FieldKind::Number => &[0.05, 0.10, 0.85],
            FieldKind::Code => &[0.5, 0.5],
        }
    }
}

/// One field of a record.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The field's name, and its column where `columns` says no other.
    pub name: String,
    /// How it is standardised and compared.
    pub kind: FieldKind,
    /// The columns that make up the field, joined by a space.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Ids only: how many characters a valid one has. Only valid ones are hard evidence.
    #[serde(default)]
    pub digits: Option<usize>,
    /// Ids only: how many characters at the end are a serial. Two ids that differ only there are
    /// two ids (twins registered one after the other), not one id with a slip, unless the records
    /// share a field of the specification's `twins_differ_in`.
    #[serde(default)]
    pub serial: usize,
    /// Whether agreement on a rare value counts for more than on a common one.
    #[serde(default)]
    pub term_frequency: bool,
    /// Ids only: a date field whose value (`YYYYMMDD`) a right id begins with. One that does not is
    /// somebody else's, or mistyped, and no hard evidence.
    #[serde(default)]
    pub begins_with: Option<String>,
    /// Ids with `digits` only: an id field in whose column this one is sometimes written. A value
    /// there of so many characters is taken for this field's where it has none of its own, and
    /// never for the other's.
    #[serde(default)]
    pub also_in: Option<String>,
    /// Fields that this one contains (an id with the birth date in it): once this one agrees,
    /// their agreement is nothing new.
    #[serde(default)]
    pub covers: Vec<String>,
    /// Codes only: what a written form (in small letters) stands for. Unlisted forms stay.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Written forms (in small letters) that mean "missing".
    #[serde(default)]
    pub missing: Vec<String>,
}

impl Field {
    /// The columns this field is read from.
    pub fn columns(&self) -> &[String] {
        if self.columns.is_empty() {
            std::slice::from_ref(&self.name)
        } else {
            &self.columns
        }
    }

    /// Writes the standard form of a cell into `out`; nothing where the cell says nothing.
    pub(crate) fn standardise(&self, cell: &str, out: &mut String) {
        out.clear();
        let cell = cell.trim();
        if cell.is_empty() || standard::says_nothing(cell) {
            return;
        }
        if !self.missing.is_empty() && self.missing.contains(&cell.to_lowercase()) {
            return;
        }
        match self.kind {
            FieldKind::Name => standard::name_into(cell, out),
            FieldKind::Text => standard::text_into(cell, out),
            FieldKind::Id => standard::id_into(cell, out),
            FieldKind::Date => standard::date_into(cell, out),
            FieldKind::Number => standard::number_into(cell, out),
            FieldKind::Code => {
                standard::code_into(cell, out);
                if let Some(value) = self.values.get(out.as_str()) {
                    out.clear();
                    out.push_str(value);
                }
            }
        }
    }
}
