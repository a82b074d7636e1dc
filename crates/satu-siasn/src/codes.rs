//! Codes and the names they stand for, looked up either way.

use std::collections::BTreeMap;

use satu_domain::{Ekspektasi, JenisJabatan, TingkatPendidikan};

use crate::ids;

/// The columns that hold the name of a code.
const NAMES: [&str; 4] = ["nama", "jenis", "detail_layanan_nama", "jabatan"];

/// The levels of education as the service numbers and names them.
const LEVELS: [(&str, &str); 13] = [
    ("05", "Sekolah Dasar"),
    ("10", "SLTP"),
    ("12", "SLTP Kejuruan"),
    ("15", "SLTA"),
    ("17", "SLTA Kejuruan"),
    ("18", "SLTA Keguruan"),
    ("20", "Diploma I"),
    ("25", "Diploma II"),
    ("30", "Diploma III/Sarjana Muda"),
    ("35", "Diploma IV"),
    ("40", "S-1/Sarjana"),
    ("45", "S-2"),
    ("50", "S-3/Doktor"),
];

/// The levels of sanctions, by the letters that BKN's list `jenis_hukuman` has for them.
const SANCTIONS: [(&str, &str); 3] = [("R", "Ringan"), ("S", "Sedang"), ("B", "Berat")];

/// The ranks' names (PP 99/2000).
const RANKS: [(&str, &str); 17] = [
    ("I/a", "Juru Muda"),
    ("I/b", "Juru Muda Tingkat I"),
    ("I/c", "Juru"),
    ("I/d", "Juru Tingkat I"),
    ("II/a", "Pengatur Muda"),
    ("II/b", "Pengatur Muda Tingkat I"),
    ("II/c", "Pengatur"),
    ("II/d", "Pengatur Tingkat I"),
    ("III/a", "Penata Muda"),
    ("III/b", "Penata Muda Tingkat I"),
    ("III/c", "Penata"),
    ("III/d", "Penata Tingkat I"),
    ("IV/a", "Pembina"),
    ("IV/b", "Pembina Tingkat I"),
    ("IV/c", "Pembina Utama Muda"),
    ("IV/d", "Pembina Utama Madya"),
    ("IV/e", "Pembina Utama"),
];

/// The name of the list of levels of education, which is this crate's own.
pub(crate) const EDUCATION: &str = "tingkat_pendidikan";

/// The name of the list of levels of sanctions, which is this crate's own.
const SANCTION: &str = "tingkat_hukuman";

/// One code of a list: its id, its name, and the other columns of its row.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub id: String,
    pub name: String,
    pub more: BTreeMap<String, String>,
}

/// One list, with both ways to look a code up.
#[derive(Debug, Default)]
struct List {
    rows: Vec<Code>,
    by_id: BTreeMap<String, usize>,
    by_name: BTreeMap<String, usize>,
}

/// Every code list of the register.
#[derive(Debug, Default)]
pub struct Codes {
    lists: BTreeMap<String, List>,
}

/// One form of an id or a name however it is written.
fn written(text: &str) -> String {
    if let Some(id) = ids::digits(text) {
        return id;
    }
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_uppercase()
}

impl List {
    fn push(&mut self, code: Code) {
        let at = self.rows.len();
        self.by_id.entry(written(&code.id)).or_insert(at);
        self.by_name.entry(written(&code.name)).or_insert(at);
        self.rows.push(code);
    }
}

impl Codes {
    /// The lists of these CSV texts. A text that is no list is passed over: the register takes none
    /// in.
    pub fn read<'a>(texts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Codes {
        let mut codes = Codes::default();
        for (name, text) in texts {
            codes.lists.insert(name.to_owned(), list(text));
        }
        for (name, rows) in [
            (EDUCATION, &LEVELS[..]),
            ("pangkat", &RANKS[..]),
            (SANCTION, &SANCTIONS[..]),
        ] {
            let list = codes.lists.entry(name.to_owned()).or_default();
            if list.rows.is_empty() {
                for (id, name) in rows {
                    list.push(Code {
                        id: (*id).to_owned(),
                        name: (*name).to_owned(),
                        more: BTreeMap::new(),
                    });
                }
            }
        }
        codes
    }

    /// The codes of a list; none where it is not loaded.
    pub(crate) fn rows(&self, list: &str) -> &[Code] {
        self.lists
            .get(list)
            .map_or(&[], |list| list.rows.as_slice())
    }

    /// The code that a text names by its id or its name.
    pub(crate) fn find(&self, list: &str, text: &str) -> Option<&Code> {
        let text = known_as(list, text);
        let list = self.lists.get(list)?;
        let key = written(&text);
        let at = list.by_id.get(&key).or_else(|| list.by_name.get(&key))?;
        list.rows.get(*at)
    }

    /// The id under which programs know what a text names: the list's where it has one; where there
    /// is no such list, one worked out from the text.
    pub(crate) fn id(&self, list: &str, text: &str) -> String {
        if let Some(code) = self.find(list, text) {
            code.id.clone()
        } else if self.lists.contains_key(list) {
            text.to_owned()
        } else {
            ids::named(list, text)
        }
    }

    /// The name of what a text names.
    pub(crate) fn name(&self, list: &str, text: &str) -> String {
        self.find(list, text)
            .map_or_else(|| text.to_owned(), |code| code.name.clone())
    }
}

/// The word of the list for the words of the standard.
fn known_as(list: &str, text: &str) -> String {
    match list {
        "jenis_jabatan" => match JenisJabatan::parse(text) {
            Some(JenisJabatan::Struktural) => "1".to_owned(),
            Some(JenisJabatan::Fungsional) => "2".to_owned(),
            Some(JenisJabatan::Pelaksana) => "4".to_owned(),
            _ => text.to_owned(),
        },
        "nilai_perilaku_dan_hasil" => match Ekspektasi::parse(text) {
            Some(one) => one.code().to_owned(),
            None => text.to_owned(),
        },
        SANCTION => match text.split_whitespace().last() {
            // "Hukuman Disiplin Ringan" is "Ringan".
            Some(level) => level.to_owned(),
            None => text.to_owned(),
        },
        EDUCATION => match TingkatPendidikan::parse(text) {
            Some(level)
                if !text
                    .trim()
                    .starts_with(|letter: char| letter.is_ascii_digit()) =>
            {
                use TingkatPendidikan::{D1, D2, D3, D4, S1, S2, S3, Sd, Slta, Sltp};
                match level {
                    Sd => "05",
                    Sltp => "10",
                    Slta => "15",
                    D1 => "20",
                    D2 => "25",
                    D3 => "30",
                    D4 => "35",
                    S1 => "40",
                    S2 => "45",
                    S3 => "50",
                }
                .to_owned()
            }
            _ => text.to_owned(),
        },
        _ => text.to_owned(),
    }
}

fn list(text: &[u8]) -> List {
    let mut found = List::default();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    let Ok(headers) = reader.headers().cloned() else {
        return found;
    };
    let called = NAMES
        .iter()
        .find_map(|name| headers.iter().position(|header| header == *name));
    let Some(called) = called else { return found };
    for record in reader.records().map_while(Result::ok) {
        let cell = |at: usize| record.get(at).unwrap_or_default().trim().to_owned();
        let more = headers.iter().enumerate().skip(1);
        found.push(Code {
            id: cell(0),
            name: cell(called),
            more: more
                .map(|(at, header)| (header.to_owned(), cell(at)))
                .collect(),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Codes;

    #[test]
    fn a_code_is_found_by_id_and_by_name() {
        let codes = Codes::read([
            ("golongan", &b"id,nama\n31,III/a\n"[..]),
            (
                "jenis_jabatan",
                &b"id,nama\n1,Jabatan Struktural\n4,Jabatan Fungsional Umum\n"[..],
            ),
            (
                "nilai_perilaku_dan_hasil",
                &b"id,nama\n1,DIATAS ESPEKTASI\n"[..],
            ),
        ]);
        assert_eq!(codes.id("golongan", "iii/A"), "31");
        assert_eq!(codes.name("golongan", "31"), "III/a");
        // A rank that the list lacks names itself.
        assert_eq!(codes.id("golongan", "IX"), "IX");
        assert_eq!(codes.id("jenis_jabatan", "Pelaksana"), "4");
        assert_eq!(codes.id("tingkat_pendidikan", "D-III"), "30");
        assert_eq!(codes.id("tingkat_pendidikan", "17"), "17");
        assert_eq!(
            codes.id("nilai_perilaku_dan_hasil", "Di Atas Ekspektasi"),
            "1"
        );
        assert_eq!(
            codes.name("nilai_perilaku_dan_hasil", "Di Atas Ekspektasi"),
            "DIATAS ESPEKTASI"
        );
        assert_eq!(codes.id("unor", "Dinas X"), crate::named("unor", "DINAS X"));
    }
}
