//! What programs save: the fields of a body, and the row of the standard that they make.

use std::collections::BTreeMap;

use satu_domain::schema::jabatan as j;
use satu_domain::{JenisJabatan, Kind};
use serde_json::Value;

use crate::codes::Codes;
use crate::format::kept_day;
use crate::histories::{History, Put};
use crate::ids::digits;
use crate::record::{HISTORY, KEPT, Row, Subject};

/// Longest text of one field, in bytes.
const LONGEST: usize = 20_000;

/// Names under which a save may give the person's id or NIP.
const OWNERS: [&str; 8] = [
    "pnsId",
    "pnsOrangId",
    "pnsDinilaiOrang",
    "pnsDinilaiId",
    "idPns",
    "pns",
    "pnsOrang",
    "nipBaru",
];

/// The fields of a body: by name in the service's camel case, whatever case they came in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    fields: BTreeMap<String, String>,
}

/// Why a body cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is no JSON object, nor a form.
    NoObject,
    /// A field that must be there is not.
    Missing(&'static str),
    /// A field is longer than is taken.
    TooLong(String),
    /// It has more parts than are taken.
    TooMany,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::NoObject => write!(to, "Isi permintaan bukan objek JSON"),
            Refusal::Missing(field) => write!(to, "{field} wajib diisi"),
            Refusal::TooLong(field) => write!(to, "{field} terlalu panjang"),
            Refusal::TooMany => write!(to, "Isi permintaan memuat terlalu banyak bagian"),
        }
    }
}

/// A row of the standard that is to be stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its kind.
    pub kind: Kind,
    /// Its cells, in the order of the kind's columns.
    pub cells: Vec<String>,
    /// What was saved, under the service's names.
    pub unknown: Vec<(String, String)>,
    /// Fields that hold an id of which nothing is known: their columns stay as they were.
    pub unread: Vec<&'static str>,
}

/// A name in camel case: `nomor_sk` becomes `nomorSk`; one without an underscore stays.
fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        text.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        text.push_str(letters.as_str());
    }
    text
}

/// The fields of a form, or of a JSON object's text.
pub fn fields_of(form: impl IntoIterator<Item = (String, Value)>) -> Result<Said, Refusal> {
    let mut fields = BTreeMap::new();
    for (name, value) in form {
        let text = match value {
            Value::Null => String::new(),
            Value::String(text) => text,
            other => other.to_string(),
        };
        if text.len() > LONGEST || name.len() > 100 {
            return Err(Refusal::TooLong(name.chars().take(40).collect()));
        }
        // No database keeps a null character.
        fields.insert(
            camel(&name).replace('\0', ""),
            text.replace('\0', "").trim().to_owned(),
        );
    }
    Ok(Said { fields })
}

impl Said {
    /// The fields of a JSON body.
    pub fn read(body: &[u8]) -> Result<Said, Refusal> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(all)) => fields_of(all),
            _ => Err(Refusal::NoObject),
        }
    }

    /// What a field says; `None` where it is empty or not there.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.fields.get(name).map(String::as_str);
        found.filter(|text| !text.is_empty())
    }

    /// What a field says in the spelling of this name, or in the other that programs know it by; an
    /// empty text where it is there and says nothing.
    fn spelt(&self, name: &str) -> Option<&str> {
        let found = self.fields.get(name).or_else(|| {
            let other = other_spelling(name)?;
            self.fields.get(&other)
        });
        found.map(String::as_str)
    }

    /// The id of the row that is to be changed.
    pub fn id(&self) -> Option<&str> {
        self.get("id")
    }

    /// The id or the NIP of whom it is about, under the first of the names that is there.
    pub fn owner(&self, names: &'static [&'static str]) -> Result<&str, Refusal> {
        let found = names.iter().chain(&OWNERS).find_map(|name| self.get(name));
        found.ok_or(Refusal::Missing(names.first().copied().unwrap_or("pnsId")))
    }

    /// The places of the documents in its field `path`.
    pub fn papers(&self) -> Vec<String> {
        let path: Option<Value> = self
            .get("path")
            .and_then(|text| serde_json::from_str(text).ok());
        let list = match path {
            Some(Value::Array(list)) => list,
            Some(Value::Object(map)) => map.into_iter().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        };
        let uri = |one: &Value| {
            let found = one.get("dok_uri").and_then(Value::as_str);
            found.filter(|uri| !uri.is_empty()).map(str::to_owned)
        };
        list.iter().filter_map(uri).collect()
    }
}

/// Ends of field names that the service writes one way and programs, or the service's answers, another.
const SPELLINGS: [(&str, &str); 3] = [
    ("Penailan", "Penilaian"),
    ("SertSelasai", "SertSelesai"),
    ("HukumTanggal", "HukumanTanggal"),
];

/// The other spelling of a field's name; `None` where there is one alone.
fn other_spelling(name: &str) -> Option<String> {
    let both = SPELLINGS
        .iter()
        .flat_map(|(one, two)| [(one, two), (two, one)]);
    let mut found =
        both.filter_map(|(this, other)| Some(name.strip_suffix(this)?.to_owned() + other));
    found.next()
}

/// The name that an id of a list stands for, where the register knows one.
type Named<'a> = &'a dyn Fn(&str, &str) -> Option<String>;

/// What a saved text is in a column; none where it is an id of which nothing is known.
fn put(text: &str, how: Put, codes: &Codes, named: Named<'_>) -> Option<String> {
    Some(match how {
        Put::Day => kept_day(text),
        Put::Name(list) | Put::Else(list) => match codes.find(list, text) {
            Some(code) => code.name.clone(),
            None => match named(list, text) {
                None if digits(text).is_some() => return None,
                name => name.unwrap_or_else(|| text.to_owned()),
            },
        },
        Put::Sex => match text {
            "M" | "m" => "L".to_owned(),
            "F" | "f" => "P".to_owned(),
            other => other.to_owned(),
        },
        Put::Code if digits(text).is_some() => return None,
        Put::Code | Put::Text => text.to_owned(),
        Put::Always(word) => word.to_owned(),
    })
}

/// Whether a program saved a field, in either spelling.
fn saved(row: &Row, field: &str) -> bool {
    let other = other_spelling(field);
    row.kept(field).is_some() || other.is_some_and(|other| row.kept(&other).is_some())
}

/// Whether an answer says what a program says; an id in whatever form.
fn alike(told: &Value, said: &str) -> bool {
    match told {
        Value::Null => said.is_empty(),
        Value::String(told) => {
            told == said || digits(told).is_some() && digits(told) == digits(said)
        }
        other => serde_json::from_str::<Value>(said).is_ok_and(|said| said == *other),
    }
}

/// What a position's row says of itself where nobody says it: the day from which it is held, its sort, and
/// the unit's name for a structural one that has none, or comes to that unit.
fn position(cells: &mut [String], said: &Said, before: Option<&Row>, named: bool) {
    // The description does not require the day.
    if cells[j::tmt_jabatan].is_empty() {
        let day = cells[j::tmt_pelantikan].clone();
        cells[j::tmt_jabatan] = day;
    }
    if cells[j::jenis_jabatan].is_empty() {
        let sorts = [
            ("jabatanFungsionalId", "2"),
            ("jabatanFungsionalUmumId", "4"),
        ];
        let said = sorts.iter().find(|(field, _)| said.get(field).is_some());
        let new = before.is_none().then_some("1");
        let sort = said.map(|(_, sort)| *sort).or(new);
        sort.unwrap_or_default()
            .clone_into(&mut cells[j::jenis_jabatan]);
    }
    let structural = |sort: &str| JenisJabatan::parse(sort) == Some(JenisJabatan::Struktural);
    let stays = before.is_some_and(|row| {
        structural(row.cell("jenis_jabatan")) && row.cell("unor") == cells[j::unor]
    });
    if structural(&cells[j::jenis_jabatan])
        && !named
        && (!stays || cells[j::jabatan].is_empty())
        && !cells[j::unor].is_empty()
    {
        let unit = cells[j::unor].clone();
        cells[j::jabatan] = unit;
    }
}

impl History {
    /// The row that a save makes, of this person. In a row that is there it changes what it says otherwise
    /// than the row's columns answer, and leaves the rest.
    pub fn draft(
        &self,
        said: &Said,
        subject: &Subject,
        before: Option<&Row>,
        codes: &Codes,
        named: Named<'_>,
    ) -> Draft {
        let before = before.filter(|row| row.kind == self.kind);
        let told = before.map(|row| self.columns_told(subject, row, codes));
        let same = |field: &str, text: &str| {
            let told = told.as_ref();
            told.is_some_and(|told| alike(told.get(field).unwrap_or(&Value::Null), text))
        };
        let stays = |field: &str, text: &str| {
            // What no column answers a program may have saved all the same, and empties now.
            let saved = text.is_empty() && before.is_some_and(|row| saved(row, field));
            same(field, text) && !saved
        };
        let mut cells = before.map_or_else(Vec::new, |row| row.cells.clone());
        cells.resize(self.kind.columns().len(), String::new());
        if cells[0].is_empty() {
            subject.main.cell("nip").clone_into(&mut cells[0]);
        }
        let (mut done, mut unread) = (Vec::new(), Vec::new());
        for (column, field, how) in self.put {
            let Some(at) = self.kind.position(column) else {
                continue;
            };
            let text = match how {
                _ if done.contains(&at) => continue,
                Put::Always(_) | Put::Else(_) if !cells[at].is_empty() => continue,
                Put::Always(word) => Some(*word),
                Put::Else(_) => said.get(field),
                _ => said.spelt(field).filter(|text| !stays(field, text)),
            };
            match text {
                None => {}
                Some("") => cells[at].clear(),
                Some(text) => match put(text, *how, codes, named) {
                    Some(value) => {
                        done.push(at);
                        cells[at] = value;
                    }
                    None if unread.contains(field) => {}
                    None => unread.push(*field),
                },
            }
        }
        if self.kind == Kind::Jabatan {
            position(&mut cells, said, before, done.contains(&j::jabatan));
        }
        let unknown = kept(said, before, Some(self.name), same);
        Draft {
            kind: self.kind,
            cells,
            unknown,
            unread,
        }
    }

    /// Whether the fields that a save must have are there, in either spelling.
    pub fn complete(&self, said: &Said) -> Result<(), Refusal> {
        let mut fields = self.required.iter();
        match fields.find(|field| said.spelt(field).is_none_or(str::is_empty)) {
            Some(field) => Err(Refusal::Missing(field)),
            None => Ok(()),
        }
    }
}

/// What is kept under the service's names: what was there, and over it what is said now and the columns do
/// not tell.
fn kept(
    said: &Said,
    before: Option<&Row>,
    history: Option<&str>,
    told: impl Fn(&str, &str) -> bool,
) -> Vec<(String, String)> {
    let mut all: BTreeMap<String, String> = before
        .into_iter()
        .flat_map(|row| row.unknown.iter().cloned())
        .collect();
    if let Some(history) = history {
        all.insert(HISTORY.to_owned(), history.to_owned());
    }
    for (name, value) in said.fields.iter().filter(|(name, _)| *name != "id") {
        // Another spelling of the same field must not outlive the one that was saved last.
        for name in std::iter::once(name).chain(&other_spelling(name)) {
            all.remove(&format!("{KEPT}{name}"));
        }
        if !value.is_empty() && !told(name, value) {
            all.insert(format!("{KEPT}{name}"), value.clone());
        }
    }
    all.into_iter().collect()
}

/// Fields of the main record that the standard has columns for.
const MAIN: &[(&str, &str, Put)] = &[
    ("agama", "agamaId", Put::Name("agama")),
    ("alamat", "alamat", Put::Text),
    ("email", "email", Put::Text),
    ("nomor_hp", "nomorHp", Put::Text),
    ("nomor_bpjs", "nomorBpjs", Put::Text),
    ("npwp", "npwpNomor", Put::Text),
    ("lokasi_kerja", "lokasiKerjaId", Put::Name("lokasi")),
    ("tmt_pns", "tmtPns", Put::Day),
];

impl Draft {
    /// The main record as a source says it, with what a save changes in it. `before` is what the same
    /// source said; where it said nothing yet, it says who the person is.
    pub fn main(
        said: &Said,
        before: Option<&Row>,
        who: [(&str, &str); 3],
        codes: &Codes,
        named: Named<'_>,
    ) -> Draft {
        let kind = Kind::DataUtama;
        let mut cells = before.map_or_else(Vec::new, |row| row.cells.clone());
        cells.resize(kind.columns().len(), String::new());
        for (column, value) in who {
            if let Some(at) = kind.position(column).filter(|at| cells[*at].is_empty()) {
                value.clone_into(&mut cells[at]);
            }
        }
        let mut unread = Vec::new();
        for (column, field, how) in MAIN {
            let (Some(at), Some(text)) = (kind.position(column), said.spelt(field)) else {
                continue;
            };
            if text.is_empty() {
                cells[at].clear();
            } else if let Some(value) = put(text, *how, codes, named) {
                cells[at] = value;
            } else {
                unread.push(*field);
            }
        }
        let told = |name: &str, _: &str| {
            let column = MAIN.iter().any(|(_, field, _)| *field == name);
            OWNERS.contains(&name) || column && !unread.contains(&name)
        };
        Draft {
            kind,
            cells,
            unknown: kept(said, before, None, told),
            unread,
        }
    }
}

#[cfg(test)]
mod tests {
    use satu_domain::Kind;

    use super::{Refusal, Said};
    use crate::codes::Codes;
    use crate::histories::{HISTORIES, History, Put};
    use crate::record::{Row, Subject};

    fn said(text: &str) -> Said {
        Said::read(text.as_bytes()).unwrap_or_default()
    }

    fn ani() -> Subject {
        let nip = |column: &str| {
            if column == "nip" {
                "198503172010012005"
            } else {
                ""
            }
        };
        Subject::new("1".to_owned(), |column| nip(column).to_owned(), &[])
    }

    fn row(kind: Kind, cells: Vec<String>, unknown: Vec<(String, String)>) -> Row {
        Row {
            id: "1".to_owned(),
            kind,
            cells,
            unknown,
            papers: Vec::new(),
            made_at: None,
            changed_at: None,
        }
    }

    #[test]
    fn a_body_is_read_in_either_case() {
        let said = said(r#"{"nomor_sk":" 1 ","pnsId":"x","jumlahJam":8,"id":null}"#);
        assert_eq!(said.get("nomorSk"), Some("1"));
        assert_eq!(said.get("jumlahJam"), Some("8"));
        assert_eq!(said.id(), None);
        assert_eq!(said.owner(&["pnsOrangId"]), Ok("x"));
        assert_eq!(Said::read(b"[]"), Err(Refusal::NoObject));
        assert_eq!(Said::read(b"\xff"), Err(Refusal::NoObject));
    }

    #[test]
    fn a_save_becomes_a_row_and_keeps_all_that_was_said() {
        let history = History::named("kursus").unwrap_or_else(|| panic!("no kursus"));
        let codes = Codes::read([("jenis_diklat", &b"id,nama\n11,Kursus\n"[..])]);
        let said = said(
            r#"{"jenisDiklatId":"11","tanggalKursus":"31-12-2025","namaKursus":"Arsip","lokasiId":"7"}"#,
        );
        let draft = history.draft(&said, &ani(), None, &codes, &|_, _| None);
        let cell = |name: &str| draft.cells[draft.kind.position(name).unwrap_or(99)].as_str();
        assert_eq!(cell("tanggal_mulai"), "2025-12-31");
        assert_eq!(cell("nama_diklat"), "Arsip");
        assert!(
            draft
                .unknown
                .contains(&("siasn.lokasiId".into(), "7".into()))
        );
        assert!(draft.unknown.contains(&("siasn".into(), "kursus".into())));
        assert_eq!(
            history.complete(&said),
            Err(Refusal::Missing("institusiPenyelenggara"))
        );
    }

    #[test]
    fn a_field_in_either_spelling_reaches_its_column_and_the_last_said_stands() {
        let history = History::named("hukdis").unwrap_or_else(|| panic!("no hukdis"));
        let codes = Codes::default();
        let drafted = |text: &str, before: Option<&Row>| {
            history.draft(&said(text), &ani(), before, &codes, &|_, _| None)
        };
        let at = history.kind.position("tanggal_akhir").unwrap_or(99);
        let first = drafted(r#"{"akhirHukumTanggal":"01-03-2026"}"#, None);
        assert_eq!(first.cells[at], "2026-03-01");
        let row = row(first.kind, first.cells, first.unknown);
        let then = drafted(r#"{"akhirHukumanTanggal":"02-04-2026"}"#, Some(&row));
        assert_eq!(then.cells[at], "2026-04-02");
        let kept = |draft: &super::Draft| {
            let days = draft.unknown.iter();
            days.filter(|(name, _)| name.contains("Hukum"))
                .map(|(name, _)| name.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(kept(&then), ["siasn.akhirHukumanTanggal"]);
        let gone = drafted(r#"{"akhirHukumTanggal":""}"#, Some(&row));
        assert_eq!((gone.cells[at].as_str(), kept(&gone).len()), ("", 0));
    }

    #[test]
    fn a_position_is_called_by_its_unit_where_it_is_structural_and_goes_there() {
        let history = History::named("jabatan").unwrap_or_else(|| panic!("no jabatan"));
        let codes = Codes::default();
        let unit = |name: &str| codes.id("unor", name);
        let names = [
            ("Dinas Arsip", unit("Dinas Arsip")),
            ("Badan", unit("Badan")),
        ];
        let named = |_: &str, id: &str| {
            let found = names.iter().find(|(_, one)| one == id);
            found.map(|(name, _)| (*name).to_owned())
        };
        let drafted = |text: &str, before: Option<&Row>| {
            history.draft(&said(text), &ani(), before, &codes, &named)
        };
        let told = |draft: &super::Draft| {
            let columns = ["jenis_jabatan", "jabatan", "unor"];
            columns.map(|name| draft.cells[draft.kind.position(name).unwrap_or(99)].clone())
        };
        let held = |sort: &str, name: &str| {
            let (kind, mut cells) = (
                history.kind,
                vec![String::new(); history.kind.columns().len()],
            );
            for (column, value) in [
                ("jenis_jabatan", sort),
                ("jabatan", name),
                ("unor", "Dinas Arsip"),
            ] {
                value.clone_into(&mut cells[kind.position(column).unwrap_or(99)]);
            }
            row(kind, cells, Vec::new())
        };
        let (same, other) = (unit("Dinas Arsip"), unit("Badan"));
        let to = |unit: &str| format!(r#"{{"unorId":"{unit}"}}"#);
        for sort in ["Fungsional", "2", "Pelaksana"] {
            let analyst = held(sort, "Analis");
            assert_eq!(
                told(&drafted(&to(&same), Some(&analyst))),
                [sort, "Analis", "Dinas Arsip"]
            );
            assert_eq!(
                told(&drafted(&to(&other), Some(&analyst))),
                [sort, "Analis", "Badan"]
            );
        }
        let head = held("Struktural", "Kepala Dinas");
        assert_eq!(told(&drafted(&to(&same), Some(&head)))[1], "Kepala Dinas");
        assert_eq!(told(&drafted(&to(&other), Some(&head)))[1], "Badan");
        assert_eq!(told(&drafted(&to(&other), None)), ["1", "Badan", "Badan"]);
        let risen = format!(r#"{{"unorId":"{same}","jenisJabatan":"1"}}"#);
        assert_eq!(
            told(&drafted(&risen, Some(&held("2", "Analis"))))[1],
            "Dinas Arsip"
        );
    }

    #[test]
    fn a_row_sent_back_as_it_was_read_is_the_same_cell_by_cell() {
        let lists = [
            (
                "jenis_jabatan",
                &b"id,nama\n1,Struktural\n2,Fungsional\n4,Pelaksana\n"[..],
            ),
            ("jenis_diklat", b"id,nama\n1,Diklat Struktural\n11,Kursus\n"),
            ("kuadran_kinerja", b"id,nama\n2,BAIK\n"),
            ("unor", b"id,nama\nA5EB03E23BFBF6A0E040640A040252AD,UNOR\n"),
        ];
        // What a row cannot be without.
        let whole = [
            "nip",
            "jabatan",
            "tmt_jabatan",
            "nama_diklat",
            "jenis_diklat",
            "jenis",
            "hubungan",
        ];
        for (codes, listed) in [(Codes::default(), false), (Codes::read(lists), true)] {
            for history in HISTORIES.iter().filter(|one| !one.put.is_empty()) {
                let columns = history.kind.columns();
                let said_of = |column: &str, sort: &str| match column {
                    "jenis_jabatan" => sort.to_owned(),
                    "jenis_kelamin" => "P".to_owned(),
                    "predikat" => "Baik".to_owned(),
                    "jumlah_jam" | "tahun" | "masa_tahun" => "12".to_owned(),
                    "jenis_diklat" if history.name == "diklat" => "1".to_owned(),
                    "jenis_diklat" => "Kursus".to_owned(),
                    _ if satu_domain::schema::is_date(column) => "2015-02-03".to_owned(),
                    other => other.replace('_', "  "),
                };
                for sort in ["Struktural", "2", "Pelaksana", ""] {
                    for blank in columns {
                        let cells = columns.iter().map(|column| {
                            let empty = column == blank && !whole.contains(column);
                            let told = said_of(column, sort);
                            told.split_at(if empty { 0 } else { told.len() })
                                .0
                                .to_owned()
                        });
                        let row = row(history.kind, cells.collect(), Vec::new());
                        let told = history.columns_told(&ani(), &row, &codes);
                        let told = told
                            .into_iter()
                            .map(|(name, value)| (name.to_owned(), value));
                        let said = super::fields_of(told).unwrap_or_default();
                        let draft = history.draft(&said, &ani(), Some(&row), &codes, &|_, _| None);
                        assert_eq!(draft.cells, row.cells, "{} {listed} {blank}", history.name);
                        assert_eq!(draft.unknown, [("siasn".into(), history.name.into())]);
                    }
                }
            }
        }
    }

    #[test]
    fn an_id_of_which_nothing_is_known_is_no_value_of_a_column() {
        let old = "A5EB03E23BFBF6A0E040640A040252AD";
        let ids = HISTORIES.iter().flat_map(|history| {
            let ids = history.put.iter();
            let ids = ids.filter(|(_, _, how)| matches!(how, Put::Name(_) | Put::Code));
            ids.map(move |(_, field, _)| (history, *field))
        });
        for (history, field) in ids {
            let said = said(&format!(r#"{{"{field}":"{old}"}}"#));
            let draft = history.draft(&said, &ani(), None, &Codes::default(), &|_, _| None);
            let kept = (format!("siasn.{field}"), old.to_owned());
            assert!(draft.unknown.contains(&kept), "{field}");
            assert!(draft.cells.iter().all(|cell| cell != old), "{field}");
            assert!(draft.unread.contains(&field));
        }
    }

    #[test]
    fn the_owner_of_a_main_record_is_nothing_that_was_saved() {
        let said = said(r#"{"nipBaru":"1","pns_orang_id":"2","noTelp":"021"}"#);
        let who = [("nip", "1"), ("nama", "x"), ("tanggal_lahir", "y")];
        let draft = super::Draft::main(&said, None, who, &Codes::default(), &|_, _| None);
        assert_eq!(draft.unknown, [("siasn.noTelp".into(), "021".into())]);
    }

    #[test]
    fn what_a_save_of_the_main_record_says_empty_is_empty_and_what_it_leaves_out_stays() {
        let (codes, kind) = (Codes::default(), Kind::DataUtama);
        let who = [("nip", "1"), ("nama", "x"), ("tanggal_lahir", "y")];
        let drafted = |text: &str, before: Option<&Row>| {
            super::Draft::main(&said(text), before, who, &codes, &|_, _| None)
        };
        let first = drafted(r#"{"email":"a@contoh.id","nomor_hp":"0812"}"#, None);
        let row = row(kind, first.cells, first.unknown);
        let then = drafted(r#"{"email":""}"#, Some(&row));
        let told = ["email", "nomor_hp", "nip"];
        let told = told.map(|column| then.cells[kind.position(column).unwrap_or(99)].as_str());
        assert_eq!(told, ["", "0812", "1"]);
    }

    #[test]
    fn the_months_of_angka_kredit_come_in_either_spelling() {
        let history = History::named("angkakredit").unwrap_or_else(|| panic!("no angkakredit"));
        let said = said(
            r#"{"bulanMulaiPenilaian":"1","bulanSelesaiPenilaian":"12","tahunMulaiPenilaian":"2025","tahunSelesaiPenilaian":"2025",
                "kreditBaruTotal":"1","kreditPenunjangBaru":"0","kreditUtamaBaru":"1","nomorSk":"1","tanggalSk":"01-01-2026"}"#,
        );
        assert_eq!(history.complete(&said), Ok(()));
    }
}
