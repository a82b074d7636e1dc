//! Why a file cannot be read, for people who have a browser and no command line.

use std::path::Path;

use satu_domain::Kind;
use satu_intake::{IntakeError, LooksLike, MapError};

use crate::Lang;

/// What is wrong, and what to do about it. `folder`: where the file stands, which is nobody's
/// business.
pub fn told(t: Lang, error: &IntakeError, folder: &Path) -> (String, String) {
    let (text, hint) = match error {
        IntakeError::Empty(_) => (t.file_empty().to_owned(), t.export_again()),
        IntakeError::NotATable { looks_like, .. } => {
            (t.file_no_table(t.looks_like(*looks_like)), t.save_as())
        }
        IntakeError::Damaged { reason, .. } => (t.file_damaged(reason), t.save_again()),
        IntakeError::TooLarge { part, .. } => (t.file_unpacks(part), t.split_it()),
        IntakeError::NoHeader { first, .. } => (t.file_no_header(first), t.put_a_header()),
        IntakeError::MissingColumns { kind, columns, .. } => {
            let kind = Kind::from_name(kind).map_or(*kind, |kind| t.kind_named(kind));
            (t.file_lacks(kind, columns.join(", ")), t.add_columns())
        }
        IntakeError::TwoHeaders {
            column,
            first,
            second,
            ..
        } => (t.file_two_headers(first, second, column), t.rename_one()),
        IntakeError::MapHeader { header, column, .. } => {
            (t.file_map_header(header, column), t.correct_the_map())
        }
        IntakeError::NeverClosed { row, .. } => (t.file_never_closed(row), t.find_the_mark()),
        IntakeError::TooLong { row, .. } => (t.file_too_long(row), t.find_the_mark()),
        IntakeError::Map(error) => (t.map_problem(error), t.correct_the_map()),
        IntakeError::NoSheet { .. } => (t.file_no_sheet().to_owned(), t.export_again()),
        IntakeError::Io { source, .. } => (t.file_not_read(source), t.export_again()),
    };
    let inside = format!("{}/", folder.display());
    (text.replace(&inside, ""), hint.to_owned())
}

impl Lang {
    fn looks_like(self, what: LooksLike) -> &'static str {
        match what {
            LooksLike::Pdf => self.looks_pdf(),
            LooksLike::OldOffice => self.looks_old_office(),
            LooksLike::Picture => self.looks_picture(),
            LooksLike::WebPage => self.looks_web_page(),
            LooksLike::Binary => self.looks_binary(),
        }
    }

    /// Why a map file cannot be used.
    pub fn map_problem(self, error: &MapError) -> String {
        match error {
            MapError::Io { source, .. } => self.file_not_read(source),
            MapError::Toml(reason) => self.map_not_toml(reason),
            MapError::Kind { name } => self.map_no_kind(name, Kind::ALL.map(Kind::name).join(", ")),
            MapError::Column {
                section,
                column,
                kind,
            } => {
                let kind = Kind::from_name(kind);
                let kind = kind.map_or(self.standard(), |kind| self.kind_named(kind));
                self.map_no_column(section, column, kind)
            }
            MapError::DateFormat(format) => self.map_date_format(format),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use satu_intake::{MapFile, Options, open};

    use crate::Lang;

    #[test]
    fn the_folder_is_not_told() {
        let folder = Path::new("/no/such/folder");
        let Err(error) = open(&folder.join("a.csv"), &Options::default()) else {
            panic!("there is no such file");
        };
        let (text, hint) = super::told(Lang::Id, &error, folder);
        assert!(!text.contains("/no/such") && !hint.is_empty(), "{text}");
    }

    #[test]
    fn what_is_wrong_is_told_in_indonesian() {
        let folder = tempfile::tempdir().unwrap();
        for (start, looks) in [
            (&b"%PDF-1.7"[..], "dokumen PDF"),
            (b"\xD0\xCF\x11\xE0", "model lama"),
            (b"\x89PNG", "gambar"),
            (b"<html>", "halaman web"),
            (b"a\0b", "data biner"),
        ] {
            let file = folder.path().join("a.csv");
            std::fs::write(&file, start).unwrap();
            let Err(error) = open(&file, &Options::default()) else {
                panic!("{looks} was read");
            };
            let (text, _) = super::told(Lang::Id, &error, folder.path());
            assert!(text.contains(looks), "{text}");
        }
        for (map, says) in [
            ("columns = ", "bukan TOML yang benar"),
            ("kind = 'lain'", "menyebut jenis lain"),
            ("[columns]\nlain = 'x'", "bukan kolom Standar data"),
            (
                "kind = 'golongan'\n[columns]\nnik = 'x'",
                "bukan kolom Riwayat golongan",
            ),
            ("date_format = 'DD'", "Bentuk tanggal DD"),
        ] {
            let error = MapFile::parse(map).unwrap_err();
            let text = Lang::Id.map_problem(&error);
            assert!(text.contains(says), "{text}");
        }
    }
}
