//! The code lists and the data standard as datasets.

use satu_domain::Kind;
use satu_rules::{FileRule, Standard};

use crate::ready::csv_text;

/// What the name of a code list's dataset begins with.
pub const CODE_LIST: &str = "kode-";
/// The columns of each kind of data.
pub const COLUMNS: &str = "standar-kolom";
/// The rules of the data standard.
pub const RULES: &str = "standar-aturan";

/// The dataset of a code list, by the list's name: letters, digits and hyphens.
pub fn code_list_dataset(list: &str) -> String {
    let mut name = CODE_LIST.to_owned();
    for letter in list.chars() {
        let plain = letter.is_ascii_alphanumeric();
        name.push(if plain {
            letter.to_ascii_lowercase()
        } else {
            '-'
        });
    }
    name
}

fn line(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// The columns that the standard has, as a dataset: name and CSV text.
pub fn standard_columns() -> (String, String) {
    let mut lines = vec![line(&["jenis_data", "nomor", "kolom"])];
    for kind in Kind::ALL {
        for (at, column) in kind.columns().iter().enumerate() {
            lines.push(line(&[kind.name(), &(at + 1).to_string(), column]));
        }
    }
    (COLUMNS.to_owned(), csv_text(&lines))
}

/// The rules of the standard, as a dataset: name and CSV text.
pub fn standard_rules() -> (String, String) {
    let head = [
        "kode",
        "jenis_data",
        "kolom",
        "tingkat",
        "pesan",
        "pesan_en",
        "dasar",
    ];
    let mut lines = vec![line(&head)];
    for rule in FileRule::ALL {
        let severity = rule.severity.name();
        lines.push(line(&[
            rule.id,
            "*",
            "",
            severity,
            rule.message_id,
            rule.message_en,
            rule.source,
        ]));
    }
    for kind in Kind::ALL {
        for rule in Standard::rules_of(kind) {
            lines.push(line(&[
                rule.id,
                kind.name(),
                kind.columns()[rule.column],
                rule.severity.name(),
                rule.message_id,
                rule.message_en,
                rule.source,
            ]));
        }
    }
    (RULES.to_owned(), csv_text(&lines))
}
