//! The fields of each answer and what fills them. Names, misspellings and capitals are the service's.

mod histories;
mod main;
mod saved;

pub(crate) use histories::*;
pub(crate) use main::*;
pub(crate) use saved::*;

/// Declares an answer: fields with what fills them, those that the register knows nothing of but what a
/// program saved, and those that only one row by its id has.
macro_rules! answer {
    ($(#[$says:meta])* $name:ident {
        $($field:ident $(| $also:ident)* = $from:expr),* $(,)?
    } $($blank:ident $(| $other:ident)*),* $(,)? $(; $($one:ident = $filled:expr),* $(,)?)?) => {
        $(#[$says])*
        pub(crate) const $name: &[crate::record::Field] = &[
            $(crate::record::Field {
                name: stringify!($field),
                also: &[$(stringify!($also)),*],
                from: $from,
                alone: false,
            },)*
            $(crate::record::Field {
                name: stringify!($blank),
                also: &[$(stringify!($other)),*],
                from: crate::record::From::Empty,
                alone: false,
            },)*
            $($(crate::record::Field {
                name: stringify!($one),
                also: &[],
                from: $filled,
                alone: true,
            },)*)?
        ];
    };
}
pub(crate) use answer;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use satu_domain::Kind;

    use crate::histories::HISTORIES;
    use crate::record::{Field, From};

    fn sound(what: &str, kind: Kind, fields: &[Field]) {
        let names: BTreeSet<_> = fields.iter().map(|field| field.name).collect();
        assert_eq!(names.len(), fields.len(), "{what}: a field stands twice");
        for field in fields {
            if let Some(column) = field.from.column() {
                assert!(kind.position(column).is_some(), "{what}: {column}");
            }
            if let From::Main(column) = field.from {
                assert!(
                    Kind::DataUtama.position(column).is_some(),
                    "{what}: {column}"
                );
            }
        }
    }

    #[test]
    fn every_field_stands_once_and_every_column_is_one() {
        sound("data utama", Kind::DataUtama, super::DATA_UTAMA);
        for history in HISTORIES {
            sound(history.name, history.kind, history.answer);
        }
    }
}
