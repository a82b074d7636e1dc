//! How an answer is filled: from a person's main record or a history row, and from what a program
//! once saved.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use satu_domain::{Kind, TingkatPendidikan};
use serde_json::{Map, Value, json};

use crate::codes::Codes;
use crate::format::{day, moment, timestamp};

/// What a saved field is called among the columns that the standard does not know.
pub const KEPT: &str = "siasn.";
/// Under which of these the name of the history stands.
pub(crate) const HISTORY: &str = "siasn";

/// A document as the service shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// The code of what sort of document it is.
    pub sort: String,
    /// Its file's name.
    pub name: String,
    /// Where it is to be had.
    pub uri: String,
}

/// A row of a history.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// Its kind in the standard.
    pub kind: Kind,
    /// Its cells, in the order of the kind's columns.
    pub cells: Vec<String>,
    /// Columns outside the standard.
    pub unknown: Vec<(String, String)>,
    /// Documents that bear it out.
    pub papers: Vec<Paper>,
    /// When it was first recorded; none where it is not known.
    pub made_at: Option<Timestamp>,
    /// When it was last changed.
    pub changed_at: Option<Timestamp>,
}

/// A person, as far as the asker may see.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The person's id.
    pub id: String,
    /// The golden record as a row of `data_utama`; empty cells where nothing may be shown.
    pub main: Row,
    /// The day of graduation that the histories state for the golden record's year of it.
    pub(crate) graduated: Option<Date>,
}

/// What fills a field where no program saved it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum From {
    /// Nothing: the register does not know it.
    Empty,
    /// A text that is the same for all.
    Always(&'static str),
    /// The row's id.
    RowId,
    /// The person's id.
    Person,
    /// A field of the person's golden record.
    Main(&'static str),
    /// A column.
    Cell(&'static str),
    /// A column that holds a day.
    Day(&'static str),
    /// The id of what a column names, by a code list.
    Code(&'static str, &'static str),
    /// The name of what a column names, by a code list.
    Name(&'static str, &'static str),
    /// A whole number; a JSON number in the answer.
    Int(&'static str),
    /// The id of what a column names, by a code list; a JSON number in the answer.
    Coded(&'static str, &'static str),
    /// A moment that a program saved, maybe as a day.
    Moment,
    /// True or false; JSON's own in the answer.
    Truth,
    /// The sex as the service writes it, `M` or `F`.
    Sex(&'static str),
    /// The id of the position, where it is of this sort.
    JobId(&'static str),
    /// The position, where it is of this sort.
    Job(&'static str),
    /// The year of a day.
    YearOf(&'static str),
    /// When the row was made.
    Made,
    /// When it was changed.
    Changed,
    /// Its documents.
    Path,
}

impl From {
    /// The row's column that fills it; none where no column does.
    pub(crate) fn column(self) -> Option<&'static str> {
        match self {
            From::Cell(column)
            | From::Day(column)
            | From::Code(_, column)
            | From::Name(_, column)
            | From::Int(column)
            | From::Coded(_, column)
            | From::Sex(column)
            | From::YearOf(column) => Some(column).filter(|column| !column.is_empty()),
            From::JobId(_) | From::Job(_) => Some("jabatan"),
            _ => None,
        }
    }
}

/// A field of an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// Names under which a save says the same.
    pub also: &'static [&'static str],
    /// What fills it.
    pub from: From,
    /// Whether only an answer of one row has it: programs that store lists have no column for it.
    pub alone: bool,
}

/// The code lists of positions, by sort.
pub(crate) const JOBS: [(&str, &str); 3] = [
    ("1", "jabatan_struktural"),
    ("2", "jabatan_fungsional"),
    ("4", "jabatan_fungsional_umum"),
];

impl Row {
    /// What a column says; empty where it says nothing.
    pub(crate) fn cell(&self, column: &str) -> &str {
        let at = self.kind.position(column);
        at.and_then(|at| self.cells.get(at))
            .map_or("", String::as_str)
    }

    /// What a program saved under a name.
    pub(crate) fn kept(&self, name: &str) -> Option<&str> {
        self.unknown
            .iter()
            .find(|(header, _)| header.strip_prefix(KEPT) == Some(name))
            .map(|(_, value)| value.as_str())
    }

    /// The history that it was saved to; none where it came another way.
    pub(crate) fn history(&self) -> Option<&str> {
        let found = self.unknown.iter().find(|(header, _)| header == HISTORY);
        found.map(|(_, value)| value.as_str())
    }
}

fn text(value: &str) -> Value {
    if value.is_empty() {
        Value::Null
    } else {
        Value::from(value)
    }
}

fn number(value: &str) -> Value {
    if let Ok(whole) = value.trim().parse::<i64>() {
        return Value::from(whole);
    }
    match value.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Value::from(number),
        _ => Value::Null,
    }
}

/// An answer: every declared field, filled as far as anything is known.
pub(crate) fn answer<'a>(
    fields: impl IntoIterator<Item = &'a Field>,
    subject: &Subject,
    row: &Row,
    codes: &Codes,
) -> Value {
    let fields = fields.into_iter();
    let all = fields.map(|field| (field.name.to_owned(), filled(field, subject, row, codes)));
    Value::Object(all.collect())
}

pub(crate) fn filled(field: &Field, subject: &Subject, row: &Row, codes: &Codes) -> Value {
    let mut names = std::iter::once(&field.name).chain(field.also);
    // What the golden record says is not a program's to say: it says it in a column, as every source does.
    let golden = matches!(field.from, From::Main(_))
        || row.kind == Kind::DataUtama && field.from.column().is_some();
    let kept = names.find_map(|name| row.kept(name)).filter(|_| !golden);
    match field.from {
        From::RowId => return Value::from(row.id.as_str()),
        From::Person => return Value::from(subject.id.as_str()),
        From::Made => return row.made_at.map_or(Value::Null, |at| moment(at).into()),
        From::Changed => return row.changed_at.map_or(Value::Null, |at| moment(at).into()),
        From::Path => return path_of(&row.papers, row.kept("path")),
        From::Always(word) => return text(word),
        From::Int(column) => return number(kept.unwrap_or_else(|| row.cell(column))),
        From::Coded(list, column) => {
            let value = kept.unwrap_or_else(|| row.cell(column));
            return number(codes.id(list, value).as_deref().unwrap_or_default());
        }
        From::Moment => return text(&kept.map_or_else(String::new, timestamp)),
        From::Truth => return kept.map_or(Value::Null, |kept| truth(kept).into()),
        _ => {}
    }
    if let Some(kept) = kept.filter(|kept| !kept.is_empty()) {
        // A day is written as the service writes it, however the program wrote it.
        return match field.from {
            From::Day(_) => text(&day(kept)),
            From::Empty if is_day(field.name) => text(&day(kept)),
            _ => text(kept),
        };
    }
    let of = |column: &str, told: &dyn Fn(&str) -> String| match row.cell(column) {
        "" => Value::Null,
        value => text(&told(value)),
    };
    let id = |list: &str, value: &str| codes.id(list, value).unwrap_or_default();
    match field.from {
        From::Main(column) => text(subject.main.cell(column)),
        From::Cell(column) => text(row.cell(column)),
        From::Day(column) => of(column, &day),
        From::Code(list, column) => of(column, &|value| id(list, value)),
        From::Name(list, column) => of(column, &|value| codes.name(list, value)),
        From::Sex(column) => of(column, &|value| match value {
            "L" => "M".to_owned(),
            "P" => "F".to_owned(),
            other => other.to_owned(),
        }),
        From::YearOf(column) => of(column, &|value| {
            let date = satu_domain::parse_date(value);
            date.map_or_else(|| value.to_owned(), |date| date.year().to_string())
        }),
        From::JobId(sort) => job(sort, row, codes, &id),
        From::Job(sort) => job(sort, row, codes, &|_, value| value.to_owned()),
        _ => Value::Null,
    }
}

fn job(sort: &str, row: &Row, codes: &Codes, told: &dyn Fn(&str, &str) -> String) -> Value {
    let (value, is) = (row.cell("jabatan"), row.cell("jenis_jabatan"));
    if value.is_empty() || codes.id("jenis_jabatan", is).as_deref() != Some(sort) {
        return Value::Null;
    }
    let list = JOBS.iter().find(|(one, _)| *one == sort);
    list.map_or(Value::Null, |(_, list)| text(&told(list, value)))
}

/// Whether a field that only programs fill holds a day.
fn is_day(name: &str) -> bool {
    ["tanggal", "tgl", "tgg", "tmt"]
        .iter()
        .any(|sign| name.starts_with(sign))
        || name.contains("Tanggal")
}

fn truth(text: &str) -> bool {
    matches!(
        text.trim().to_ascii_lowercase().as_str(),
        "1" | "true" | "ya" | "y"
    )
}

/// The documents of a row as its field `path` shows them: an object by the sort of document. What a
/// program saved that is none of ours is shown as it came.
pub fn path_of(papers: &[Paper], saved: Option<&str>) -> Value {
    let mut all = Map::new();
    let saved: Option<Value> = saved.and_then(|text| serde_json::from_str(text).ok());
    let listed = match saved {
        Some(Value::Array(list)) => list,
        Some(Value::Object(map)) => map.into_iter().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    };
    for one in listed {
        let Value::Object(one) = one else { continue };
        let sort = match one.get("dok_id") {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => continue,
        };
        all.insert(sort, Value::Object(one));
    }
    for paper in papers {
        all.insert(paper.sort.clone(), paper.told());
    }
    Value::Object(all)
}

impl Paper {
    /// The document as one object.
    pub fn told(&self) -> Value {
        json!({
            "dok_id": self.sort,
            "dok_nama": self.name,
            "dok_uri": self.uri,
            "object": self.uri,
            "slug": self.sort,
        })
    }
}

/// What programs saved of a person's main record, gathered from the rows that say it; the last one
/// said stands.
pub(crate) fn gathered(rows: &[Row]) -> Vec<(String, String)> {
    let mut all: BTreeMap<&str, &str> = BTreeMap::new();
    let mut main: Vec<&Row> = rows
        .iter()
        .filter(|row| row.kind == Kind::DataUtama)
        .collect();
    main.sort_by_key(|row| row.changed_at);
    for row in main {
        for (header, value) in &row.unknown {
            if header.starts_with(KEPT) {
                all.insert(header, value);
            }
        }
    }
    let owned = |(header, value): (&str, &str)| (header.to_owned(), value.to_owned());
    all.into_iter().map(owned).collect()
}

/// The day in this year on which a row says that somebody graduated; of several rows it is one of this
/// level's, where there is one.
fn graduated(rows: &[Row], year: &str, level: &str) -> Option<Date> {
    let level = TingkatPendidikan::parse(level);
    let days = rows.iter().filter(|row| row.kind == Kind::Pendidikan);
    let days = days.filter_map(|row| {
        let day = satu_domain::parse_date(row.cell("tanggal_lulus"))?;
        let same = TingkatPendidikan::parse(row.cell("tingkat_pendidikan")) == level;
        (day.year().to_string() == year).then_some((!same, day))
    });
    days.min().map(|(_, day)| day)
}

impl Subject {
    /// A person: the golden record by column, and what programs saved of it.
    pub fn new(id: String, golden: impl Fn(&str) -> String, rows: &[Row]) -> Subject {
        let columns = Kind::DataUtama.columns();
        let main = Row {
            id: id.clone(),
            kind: Kind::DataUtama,
            cells: columns.iter().map(|column| golden(column)).collect(),
            unknown: gathered(rows),
            papers: rows
                .iter()
                .filter(|row| row.kind == Kind::DataUtama)
                .flat_map(|row| row.papers.clone())
                .collect(),
            made_at: None,
            changed_at: None,
        };
        Subject {
            graduated: graduated(
                rows,
                main.cell("tahun_lulus"),
                main.cell("tingkat_pendidikan"),
            ),
            id,
            main,
        }
    }
}

#[cfg(test)]
mod tests {
    use satu_domain::Kind;

    use super::{Row, Subject};
    use crate::codes::Codes;
    use crate::histories::History;

    fn row(kind: Kind, cells: Vec<String>, unknown: Vec<(String, String)>) -> Row {
        Row {
            id: String::new(),
            kind,
            cells,
            unknown,
            papers: Vec::new(),
            made_at: None,
            changed_at: None,
        }
    }

    #[test]
    fn an_assessment_of_a_period_is_a_number_whether_a_file_names_it_or_numbers_it() {
        let history = History::named("kinerjaperiodik").unwrap_or_else(|| panic!("no history"));
        let codes = Codes::read([
            (
                "nilai_perilaku_dan_hasil",
                &b"id,nama\n2,SESUAI ESPEKTASI\n"[..],
            ),
            ("kuadran_kinerja", &b"id,nama\n2,BAIK\n"[..]),
        ]);
        let told = |result: &str, quadrant: &str, unknown: Vec<(String, String)>| {
            let mut cells = vec![String::new(); history.kind.columns().len()];
            for (column, value) in [
                ("hasil_kinerja", result),
                ("perilaku_kerja", result),
                ("predikat", quadrant),
            ] {
                value.clone_into(&mut cells[history.kind.position(column).unwrap_or(99)]);
            }
            let row = row(history.kind, cells, unknown);
            history.told(
                &Subject::new(String::new(), |_| String::new(), &[]),
                &row,
                &codes,
            )
        };
        let fields = [
            "hasilKinerjaNilai",
            "perilakuKerjaNilai",
            "kuadranKinerjaNilai",
        ];
        for (result, quadrant) in [("SESUAI ESPEKTASI", "Baik"), ("2", "2")] {
            let told = told(result, quadrant, Vec::new());
            assert_eq!(fields.map(|field| told[field].clone()), [2, 2, 2], "{told}");
            assert_eq!(told["hasilKinerja"], "SESUAI ESPEKTASI");
        }
        assert!(told("", "lain", Vec::new())[fields[2]].is_null());
        assert_eq!(told("85.5", "", Vec::new())[fields[0]], 85.5);
        let saved = vec![("siasn.hasilKinerjaNilai".to_owned(), "3".to_owned())];
        assert_eq!(told("2", "", saved)[fields[0]], 3);
    }

    /// A history's answer about a row with these cells, or with what a program saved.
    fn told(
        name: &str,
        cells: &[(&str, &str)],
        saved: &[(&str, &str)],
        codes: &Codes,
    ) -> serde_json::Value {
        let history = History::named(name).unwrap_or_else(|| panic!("no history"));
        let mut all = vec![String::new(); history.kind.columns().len()];
        for (column, value) in cells {
            (*value).clone_into(&mut all[history.kind.position(column).unwrap_or(99)]);
        }
        let saved = saved.iter();
        let saved = saved.map(|(name, value)| (format!("siasn.{name}"), (*value).to_owned()));
        let row = row(history.kind, all, saved.collect());
        let subject = Subject::new(String::new(), |_| String::new(), &[]);
        history.told(&subject, &row, codes)
    }

    #[test]
    fn a_total_is_a_text_and_a_timestamp_is_one() {
        let codes = Codes::default();
        let sum = told("dp3", &[], &[("jumlah", "85.5")], &codes);
        assert_eq!(sum["jumlah"], "85.5");
        for (said, shown) in [
            ("01-02-2020", "2020-02-01T00:00:00+07:00"),
            ("2020-02-01T08:15:00+07:00", "2020-02-01T08:15:00+07:00"),
            ("kemarin", "kemarin"),
        ] {
            let leave = told("cltn", &[], &[("tanggalLetterBkn", said)], &codes);
            assert_eq!(leave["tanggalLetterBkn"], shown);
        }
        let none = told("cltn", &[], &[], &codes);
        assert!(none["tanggalLetterBkn"].is_null());
    }

    /// The letters are those of BKN's list `jenis_hukuman`.
    #[test]
    fn a_level_of_sanction_is_its_letter_whoever_says_it() {
        let codes = Codes::read([]);
        for (said, id) in [
            ("Ringan", "R"),
            ("SEDANG", "S"),
            ("berat", "B"),
            ("Hukuman Ringan", "R"),
            ("R", "R"),
            ("lain", "lain"),
        ] {
            let sanction = told("hukdis", &[("tingkat_hukuman", said)], &[], &codes);
            assert_eq!(sanction["jenisTingkatHukumanId"], id, "{said}");
        }
        let saved = told("hukdis", &[], &[("jenisTingkatHukumanId", "B")], &codes);
        assert_eq!(saved["jenisTingkatHukumanId"], "B");
    }

    #[test]
    fn what_a_program_saved_hides_nothing_of_the_golden_record() {
        let unknown = [
            ("nama", "X"),
            ("golRuangAkhir", "IV/e"),
            ("golRuangAkhirId", "45"),
            ("pangkatAkhir", "Pembina Utama"),
            ("tglLahir", "01-01-1999"),
            ("jenisKelamin", "M"),
            ("mkTahun", "40"),
            ("jabatanFungsionalNama", "Y"),
            ("agama", "Z"),
            ("noTelp", "021"),
            ("emailGov", "a@contoh.go.id"),
        ];
        let unknown = unknown.map(|(name, value)| (format!("siasn.{name}"), value.to_owned()));
        let saved = row(Kind::DataUtama, Vec::new(), unknown.to_vec());
        let golden = |column: &str| {
            let value = match column {
                "nama" => "ANI CONTOH",
                "golongan" => "III/c",
                "tanggal_lahir" => "1985-03-17",
                "jenis_kelamin" => "P",
                "masa_kerja_tahun" => "12",
                "jenis_jabatan" => "2",
                "jabatan" => "Analis",
                _ => "",
            };
            value.to_owned()
        };
        let codes = Codes::read([
            ("golongan", &b"id,nama\n33,III/c\n"[..]),
            ("jenis_jabatan", &b"id,nama\n2,Fungsional\n"[..]),
        ]);
        let subject = Subject::new("1".to_owned(), golden, &[saved]);
        let told = subject.main_told(&codes);
        for (field, value) in [
            ("nama", "ANI CONTOH"),
            ("golRuangAkhir", "III/c"),
            ("golRuangAkhirId", "33"),
            ("pangkatAkhir", "Penata"),
            ("tglLahir", "17-03-1985"),
            ("jenisKelamin", "F"),
            ("jabatanFungsionalNama", "Analis"),
            // What no column holds is as it was saved.
            ("noTelp", "021"),
            ("emailGov", "a@contoh.go.id"),
        ] {
            assert_eq!(told[field], value, "{field}");
        }
        assert_eq!(told["mkTahun"], 12);
        // Nor where no source says anything.
        assert!(told["agama"].is_null(), "{}", told["agama"]);
        let day = jiff::civil::date(2043, 4, 1);
        assert_eq!(subject.pension(day, &codes)["nama"], "ANI CONTOH");
    }
}
