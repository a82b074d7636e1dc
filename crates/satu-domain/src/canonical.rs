//! One written form for each meaning, so that two sources that mean the same are not in conflict.

use crate::schema::is_date;
use crate::{Golongan, Nik, NikError, Nip, PersonName, Sex, TingkatPendidikan, parse_date};

/// The form in which a column's value is compared, and kept in the golden record or in a fact's key: ISO
/// dates, `L`/`P`, `III/a`, `S-1`, digits of a NIP, names without titles; other text in capitals with single
/// spaces, an e-mail address in small letters.
///
/// A value that cannot be read stays as it is said, in capitals.
pub fn canonical(column: &str, value: &str) -> String {
    let read = match column {
        "nip" => Nip::parse(value).ok().map(|nip| nip.to_string()),
        "golongan" => Golongan::parse(value).map(|rank| rank.to_string()),
        "jenis_kelamin" => Sex::parse(value).map(|sex| sex.code().to_owned()),
        "email" => Some(value.to_lowercase()),
        "nama" => PersonName::parse(value).map(|name| name.bare.to_uppercase()),
        "nik" | "nomor_hp" | "npwp" | "nomor_bpjs" | "nip_lama" => {
            Some(value.chars().filter(char::is_ascii_alphanumeric).collect())
        }
        "tingkat_pendidikan" => TingkatPendidikan::written(value).map(str::to_owned),
        column if is_date(column) => parse_date(value).map(|date| date.to_string()),
        _ => None,
    };
    read.filter(|text| !text.is_empty()).unwrap_or_else(|| {
        let mut text = String::with_capacity(value.len());
        for word in value.split_whitespace() {
            if !text.is_empty() {
                text.push(' ');
            }
            if word.is_ascii() {
                let at = text.len();
                text.push_str(word);
                text[at..].make_ascii_uppercase();
            } else {
                text.extend(word.chars().flat_map(char::to_uppercase));
            }
        }
        text
    })
}

/// Whether a value in its canonical form can be one of a `data_utama` column. No row with a value that
/// cannot is accepted: a date, a number of a civil servant, a rank or a sex that nobody can read.
pub fn can_be(column: &str, value: &str) -> bool {
    match column {
        "nip" => Nip::parse(value).is_ok(),
        "nik" => !matches!(Nik::parse(value), Err(NikError::Shape | NikError::Filler)),
        "golongan" => Golongan::parse(value).is_some(),
        "jenis_kelamin" => Sex::parse(value).is_some(),
        date if is_date(date) => parse_date(value).is_some(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{can_be, canonical};
    use crate::Kind;
    use crate::schema::is_date;
    use proptest::prelude::*;

    #[test]
    fn equal_meanings_get_one_form() {
        for (column, a, b) in [
            ("tanggal_lahir", "17-03-1985", "1985-03-17"),
            ("jenis_kelamin", "1", "Laki-laki"),
            ("golongan", "31", "iii/a"),
            ("nip", "19850317 201001 2 005", "198503172010012005"),
            ("nama", "Drs. Contoh  Nama, M.Si.", "CONTOH NAMA"),
            ("tingkat_pendidikan", "S1", "S-1"),
            ("tingkat_pendidikan", "40", "S-1"),
            ("tingkat_pendidikan", "sma", "SLTA"),
            ("unor", "dinas  kesehatan", "Dinas Kesehatan "),
        ] {
            assert_eq!(canonical(column, a), canonical(column, b), "{column}");
        }
        assert_ne!(canonical("nama", "Contoh A"), canonical("nama", "Contoh B"));
        assert_ne!(
            canonical("tingkat_pendidikan", "SMK"),
            canonical("tingkat_pendidikan", "SMA")
        );
    }

    #[test]
    fn every_column_of_dates_has_one_form() {
        let columns = Kind::ALL.into_iter().flat_map(Kind::columns);
        let dates: Vec<_> = columns.filter(|column| is_date(column)).collect();
        assert!(dates.contains(&&"tmt_hukuman") && dates.contains(&&"sk_tanggal"));
        for column in dates {
            assert_eq!(canonical(column, "17/03/2020"), "2020-03-17", "{column}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_apart() {
        for (column, good, bad) in [
            ("tanggal_lahir", "17-03-1985", "17 Maret 1985"),
            ("tmt_pns", "2011/01/01", "2011"),
            ("nip", "19850317 201001 2 005", "198503172010012"),
            ("nik", "3273 0157 0385 0004", "327301570385"),
            ("golongan", "iii/a", "III/x"),
            ("jenis_kelamin", "Perempuan", "X"),
            ("unor", "Dinas Kesehatan", ""),
        ] {
            assert!(can_be(column, &canonical(column, good)), "{column}");
            let taken = can_be(column, &canonical(column, bad));
            assert_eq!(taken, column == "unor", "{column}");
        }
    }

    proptest! {
        #[test]
        fn twice_is_once(value in "[ -~]{0,30}", at in 0usize..8) {
            let column = ["nip", "nik", "tanggal_lahir", "golongan", "unor", "email", "tmt_hukuman", "tingkat_pendidikan"][at];
            let once = canonical(column, &value);
            prop_assert_eq!(canonical(column, &once), once);
        }
    }
}
