//! What is shown of values that not every purpose needs (UU 27/2022 art. 16: as little as the
//! purpose asks).

use std::borrow::Cow;

use satu_domain::Kind;
use satu_registry::reconcile::May;
use satu_rules::FileRule;
use satu_store::deliveries::FoundAt;

/// Columns that identify or reach a person, or speak of their family.
const SENSITIVE: [&str; 8] = [
    "nik",
    "nama_ibu_kandung",
    "email",
    "nomor_hp",
    "alamat",
    "npwp",
    "nomor_bpjs",
    "agama",
];

/// Kinds of statements that are sensitive as a whole.
pub const KEPT_BACK: [Kind; 2] = [Kind::Keluarga, Kind::HukumanDisiplin];

/// What stands for a value of which nothing is shown.
const HIDDEN: &str = "••••••••";

/// Whether a column's values are masked until a purpose is given.
pub fn is_sensitive(column: &str) -> bool {
    SENSITIVE.contains(&column)
}

/// What a comparison tells: with the right or a purpose that these columns differ, of their values what is
/// shown without one.
pub fn compared(open: bool) -> May {
    May {
        sensitive: is_sensitive,
        open,
        shown: |column, value| masked(column, value).into_owned(),
    }
}

/// A value as it is shown without a purpose: of numbers the last two signs stay, so that two
/// values can be told apart; of words nothing does.
pub fn masked<'a>(column: &str, value: &'a str) -> Cow<'a, str> {
    if !is_sensitive(column) || value.is_empty() {
        return Cow::Borrowed(value);
    }
    let number = matches!(column, "nik" | "nomor_hp" | "npwp" | "nomor_bpjs");
    let letters = value.chars().count();
    if number && letters > 6 {
        let last = value.char_indices().nth(letters - 2);
        let last = last.map_or("", |(at, _)| &value[at..]);
        Cow::Owned(format!("••••••{last}"))
    } else {
        Cow::Borrowed(HIDDEN)
    }
}

/// The value of a finding in a delivery of a kind, masked where it is sensitive: row and column say where it
/// stands in the sender's own file. What a finding adds in brackets is no part of the value. Of a line that is
/// no row there is none: it may hold what stands in any column.
pub fn found(kind: Kind, found: &FoundAt) -> String {
    if found.rule == FileRule::NOT_AN_OBJECT.id {
        return String::new();
    }
    if KEPT_BACK.contains(&kind) && found.column != "-" && !found.value.is_empty() {
        return HIDDEN.to_owned();
    }
    let (value, more) = match found.value.rfind(" (= ") {
        Some(at) => found.value.split_at(at),
        None => (found.value.as_str(), ""),
    };
    format!("{}{more}", masked(&found.column, value))
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn what_is_masked_gives_nothing_away() {
        assert_eq!(masked("nik", "3273015703850004"), "••••••04");
        assert_eq!(masked("nik", "12"), "••••••••");
        assert_eq!(masked("email", "ani@contoh.id"), "••••••••");
        assert_eq!(masked("nama", "ANI"), "ANI");
        assert_eq!(masked("nik", ""), "");
    }
}
