//! What programs save: the fields of a body, and the row of the standard that they make.

use std::collections::BTreeMap;

use satu_domain::{JenisJabatan, Kind};
use serde_json::Value;

use crate::codes::Codes;
use crate::format::kept_day;
use crate::histories::{History, Put};
use crate::record::{HISTORY, KEPT, Row};

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
    /// Everything that was saved, under the service's names.
    pub unknown: Vec<(String, String)>,
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

fn put(said: &Said, field: &str, how: Put, codes: &Codes, named: Named<'_>) -> Option<String> {
    if let Put::Always(word) = how {
        return Some(word.to_owned());
    }
    let text = said.spelt(field).filter(|text| !text.is_empty())?;
    let name = |list| match codes.find(list, text) {
        Some(code) => code.name.clone(),
        None => named(list, text).unwrap_or_else(|| text.to_owned()),
    };
    Some(match how {
        Put::Day => kept_day(text),
        Put::Name(list) => name(list),
        Put::Unit => name("unor"),
        Put::Sex => match text {
            "M" | "m" => "L".to_owned(),
            "F" | "f" => "P".to_owned(),
            other => other.to_owned(),
        },
        Put::Text | Put::Always(_) => text.to_owned(),
    })
}

/// Whether a position is called by the unit that is said: a structural one that has no name yet, or goes to
/// that unit from another.
fn called_by_unit(cells: &[String], before: Option<&Row>, said: &Said, codes: &Codes) -> bool {
    let cell = |column| {
        let at = Kind::Jabatan.position(column);
        at.map_or("", |at| cells[at].as_str())
    };
    let structural = |sort: &str| JenisJabatan::parse(sort) == Some(JenisJabatan::Struktural);
    let sort = cell("jenis_jabatan");
    let stays = before.is_some_and(|row| {
        let unit = codes.id("unor", row.cell("unor"));
        structural(row.cell("jenis_jabatan")) && said.spelt("unorId") == Some(unit.as_str())
    });
    (sort.is_empty() || structural(sort)) && (!stays || cell("jabatan").is_empty())
}

impl History {
    /// The row that a save makes, of the person with this NIP; what it leaves out of a row that is
    /// there stays as it was.
    pub fn draft(
        &self,
        said: &Said,
        nip: &str,
        before: Option<&Row>,
        codes: &Codes,
        named: Named<'_>,
    ) -> Draft {
        let before = before.filter(|row| row.kind == self.kind);
        let mut cells = before.map_or_else(
            || vec![String::new(); self.kind.columns().len()],
            |row| row.cells.clone(),
        );
        cells.resize(self.kind.columns().len(), String::new());
        nip.clone_into(&mut cells[0]);
        let mut done: Vec<usize> = Vec::new();
        for (column, field, how) in self.put {
            let Some(at) = self.kind.position(column) else {
                continue;
            };
            if done.contains(&at)
                || matches!(how, Put::Unit) && !called_by_unit(&cells, before, said, codes)
            {
                continue;
            }
            if let Some(value) = put(said, field, *how, codes, named) {
                done.push(at);
                cells[at] = value;
            } else if said.spelt(field).is_some() {
                cells[at].clear();
            }
        }
        if self.kind == Kind::RiwayatLain
            && let Some(at) = self
                .kind
                .position("jenis")
                .filter(|at| cells[*at].is_empty())
        {
            self.name.clone_into(&mut cells[at]);
        }
        if self.kind == Kind::Jabatan {
            // The description does not require the day from which a position is held.
            let since = ["tmt_jabatan", "tmt_pelantikan"].map(|column| self.kind.position(column));
            if let [Some(held), Some(inaugurated)] = since
                && cells[held].is_empty()
            {
                let day = cells[inaugurated].clone();
                cells[held] = day;
            }
            let at = self.kind.position("jenis_jabatan");
            if let Some(at) = at.filter(|at| cells[*at].is_empty()) {
                let sort = match (
                    said.get("jabatanFungsionalId"),
                    said.get("jabatanFungsionalUmumId"),
                ) {
                    (Some(_), _) => "2",
                    (None, Some(_)) => "4",
                    (None, None) => "1",
                };
                sort.clone_into(&mut cells[at]);
            }
        }
        Draft {
            kind: self.kind,
            cells,
            unknown: kept(said, before, Some(self.name), &[]),
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

/// What is kept under the service's names: what was there, and over it what is said now.
fn kept(
    said: &Said,
    before: Option<&Row>,
    history: Option<&str>,
    without: &[&str],
) -> Vec<(String, String)> {
    let mut all: BTreeMap<String, String> = before
        .into_iter()
        .flat_map(|row| row.unknown.iter().cloned())
        .collect();
    if let Some(history) = history {
        all.insert(HISTORY.to_owned(), history.to_owned());
    }
    for (name, value) in &said.fields {
        if name == "id" || without.contains(&name.as_str()) {
            continue;
        }
        let header = format!("{KEPT}{name}");
        // Another spelling of the same field must not outlive the one that was saved last.
        if let Some(other) = other_spelling(name) {
            all.remove(&format!("{KEPT}{other}"));
        }
        if value.is_empty() {
            all.remove(&header);
        } else {
            all.insert(header, value.clone());
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
        for (column, field, how) in MAIN {
            let Some(at) = kind.position(column) else {
                continue;
            };
            if let Some(value) = put(said, field, *how, codes, named) {
                cells[at] = value;
            } else if said.spelt(field).is_some() {
                cells[at].clear();
            }
        }
        let without: Vec<&str> = MAIN
            .iter()
            .map(|(_, field, _)| *field)
            .chain(OWNERS)
            .collect();
        Draft {
            kind,
            cells,
            unknown: kept(said, before, None, &without),
        }
    }
}

#[cfg(test)]
mod tests {
    use satu_domain::Kind;

    use super::{Refusal, Said};
    use crate::codes::Codes;
    use crate::histories::History;
    use crate::record::Row;

    fn said(text: &str) -> Said {
        Said::read(text.as_bytes()).unwrap_or_default()
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
        let draft = history.draft(&said, "198503172010012005", None, &codes, &|_, _| None);
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
            history.draft(
                &said(text),
                "198503172010012005",
                before,
                &codes,
                &|_, _| None,
            )
        };
        let at = history.kind.position("tanggal_akhir").unwrap_or(99);
        let first = drafted(r#"{"akhirHukumTanggal":"01-03-2026"}"#, None);
        assert_eq!(first.cells[at], "2026-03-01");
        let row = Row {
            id: "1".to_owned(),
            kind: first.kind,
            cells: first.cells,
            unknown: first.unknown,
            papers: Vec::new(),
            made_at: None,
            changed_at: None,
        };
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
            let nip = "198503172010012005";
            history.draft(&said(text), nip, before, &codes, &named)
        };
        let told = |draft: &super::Draft| {
            let columns = ["jenis_jabatan", "jabatan", "unor"];
            columns.map(|name| draft.cells[draft.kind.position(name).unwrap_or(99)].clone())
        };
        let row = |sort: &str, name: &str| {
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
            Row {
                id: "1".to_owned(),
                kind,
                cells,
                unknown: Vec::new(),
                papers: Vec::new(),
                made_at: None,
                changed_at: None,
            }
        };
        let (same, other) = (unit("Dinas Arsip"), unit("Badan"));
        let to = |unit: &str| format!(r#"{{"unorId":"{unit}"}}"#);
        for sort in ["Fungsional", "2", "Pelaksana"] {
            let analyst = row(sort, "Analis");
            assert_eq!(
                told(&drafted(&to(&same), Some(&analyst))),
                [sort, "Analis", "Dinas Arsip"]
            );
            assert_eq!(
                told(&drafted(&to(&other), Some(&analyst))),
                [sort, "Analis", "Badan"]
            );
        }
        let head = row("Struktural", "Kepala Dinas");
        assert_eq!(told(&drafted(&to(&same), Some(&head)))[1], "Kepala Dinas");
        assert_eq!(told(&drafted(&to(&other), Some(&head)))[1], "Badan");
        assert_eq!(told(&drafted(&to(&other), None)), ["1", "Badan", "Badan"]);
        let risen = format!(r#"{{"unorId":"{same}","jenisJabatan":"1"}}"#);
        assert_eq!(
            told(&drafted(&risen, Some(&row("2", "Analis"))))[1],
            "Dinas Arsip"
        );
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
        let row = Row {
            id: "1".to_owned(),
            kind,
            cells: first.cells,
            unknown: first.unknown,
            papers: Vec::new(),
            made_at: None,
            changed_at: None,
        };
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
