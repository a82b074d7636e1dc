//! What is told of a person beside the histories: the main record, the family, retirement.

use satu_domain::Kind;
use serde_json::{Value, json};

use crate::answers as a;
use crate::codes::Codes;
use crate::histories::{HISTORIES, History};
use crate::record::{Row, Subject, answer};

impl Subject {
    /// The main record as the service shows it.
    pub fn main_told(&self, codes: &Codes) -> Value {
        let mut told = answer(a::DATA_UTAMA, self, &self.main, codes);
        // Years and months in one text, as the service has it beside the two numbers.
        let (years, months) = (
            self.main.cell("masa_kerja_tahun"),
            self.main.cell("masa_kerja_bulan"),
        );
        if !years.is_empty() {
            told["masaKerja"] = format!(
                "{years} Tahun {} Bulan",
                if months.is_empty() { "0" } else { months }
            )
            .into();
        }
        // A client takes it for a day; where the year alone is known, for the year's last.
        let year = self.main.cell("tahun_lulus");
        let graduated = self.graduated;
        let graduated = graduated.or_else(|| satu_domain::parse_date(&format!("{year}-12-31")));
        if let Some(day) = graduated {
            told["tahunLulus"] = crate::format::day(&day.to_string()).into();
        }
        if let Some(age) = self.ends_at() {
            told["bupPensiun"] = age.into();
        }
        if let Some(due) = self.retires() {
            told["tmtPensiun"] = crate::format::day(&due.to_string()).into();
        }
        told
    }

    /// The age at which the person's position ends (PP 11/2017 art. 239 and 240; UU 14/2005 art. 30 and 67 for
    /// teachers and lecturers, a professor's as BKN's list of positions has it); none where no birth date is
    /// known.
    fn ends_at(&self) -> Option<i16> {
        satu_domain::parse_date(self.main.cell("tanggal_lahir"))?;
        let job = self.main.cell("jabatan").to_uppercase();
        let eselon = self.main.cell("eselon").to_uppercase();
        let is = |words: &[&str]| words.iter().any(|word| job.starts_with(word));
        // Eselon I and II by name or by code: 10 to 12, 21 and 22.
        let leads = ["I.", "II.", "1", "2"]
            .iter()
            .any(|sign| eselon.starts_with(sign));
        Some(if is(&["GURU BESAR", "PROFESOR"]) {
            70
        } else if is(&["ASISTEN AHLI", "LEKTOR", "DOSEN"]) && !is(&["ASISTEN AHLI HAKIM"]) {
            65
        } else if is(&["GURU"]) {
            60
        } else if job.contains("AHLI UTAMA") {
            65
        } else if job.contains("AHLI MADYA") || leads {
            60
        } else {
            58
        })
    }

    /// The day from which the person is retired for age: the first of the month after it is reached.
    pub fn retires(&self) -> Option<jiff::civil::Date> {
        let born = satu_domain::parse_date(self.main.cell("tanggal_lahir"))?;
        let (year, month) = (born.year() + self.ends_at()?, born.month());
        let (year, month) = if month == 12 {
            (year + 1, 1)
        } else {
            (year, month + 1)
        };
        jiff::civil::Date::new(year, month, 1).ok()
    }

    fn family_of(&self, data: Value) -> Value {
        let mut told = json!({
            "idPns": self.id,
            "nipBaru": self.main.cell("nip"),
            "nipLama": self.main.cell("nip_lama"),
        });
        if let (Value::Object(told), Value::Object(data)) = (&mut told, data) {
            told.extend(data);
        }
        told
    }

    /// `pns.DataAnak`.
    pub fn children(&self, rows: &[Row], codes: &Codes) -> Value {
        let list = HISTORIES.iter().filter(|one| one.name == "anak");
        let list: Vec<Value> = list.flat_map(|one| one.all(self, rows, codes)).collect();
        self.family_of(json!({ "listAnak": list }))
    }

    /// `pns.DataPasangan`.
    pub fn spouses(&self, rows: &[Row], codes: &Codes) -> Value {
        let Some(history) = History::named("pasangan") else {
            return Value::Null;
        };
        let own = rows.iter().filter(|row| history.has(row, codes));
        let list: Vec<Value> = own
            .map(|row| {
                let marriage = answer(a::PERNIKAHAN, self, row, codes);
                json!({
                    "statusNikah": marriage["status"],
                    "dataPernikahan": marriage,
                    "orang": history.told(self, row, codes),
                })
            })
            .collect();
        self.family_of(json!({ "listPasangan": list }))
    }

    /// `pns.DataOrtu`. Where nobody states the mother as a relative, the main record names her.
    pub fn parents(&self, rows: &[Row], codes: &Codes) -> Value {
        let parent = |name: &str, key: &str, known: &str| {
            let found = History::named(name).and_then(|history| {
                let row = rows.iter().find(|row| history.has(row, codes))?;
                Some(history.told(self, row, codes))
            });
            let mut told = found.unwrap_or_else(|| {
                let empty = Row {
                    id: String::new(),
                    kind: Kind::Keluarga,
                    cells: Vec::new(),
                    unknown: Vec::new(),
                    papers: Vec::new(),
                    made_at: None,
                    changed_at: None,
                };
                let mut told = answer(a::ORANG_TUA, self, &empty, codes);
                told["id"] = Value::Null;
                if !known.is_empty() {
                    told["nama"] = known.into();
                }
                told
            });
            told[key] = told["id"].clone();
            told
        };
        self.family_of(json!({
            "ayah": parent("ayah", "ayahId", ""),
            "ibu": parent("ibu", "ibuId", self.main.cell("nama_ibu_kandung")),
        }))
    }

    /// `pns.NilaiIpAsn`: the register holds no index, so every value is empty.
    pub fn indices(&self, codes: &Codes) -> Value {
        let mut told = answer(a::IP_ASN, self, &self.main, codes);
        told["instansiKerjaId"] = codes
            .id("instansi", self.main.cell("instansi_kerja"))
            .into();
        told
    }

    /// A row of `list-pensiun-instansi`.
    pub fn pension(&self, due: jiff::civil::Date, codes: &Codes) -> Value {
        let mut told = answer(a::PENSION, self, &self.main, codes);
        told["tglLahir"] = crate::format::day(self.main.cell("tanggal_lahir")).into();
        told["tmtPensiun"] = crate::format::midnight(due).into();
        told["golonganId"] = codes.id("golongan", self.main.cell("golongan")).into();
        told["instansiId"] = codes
            .id("instansi", self.main.cell("instansi_kerja"))
            .into();
        told["detailLayananNama"] = "BUP".into();
        told
    }
}

#[cfg(test)]
mod tests {
    use satu_domain::Kind;

    use crate::codes::Codes;
    use crate::record::{Row, Subject};

    #[test]
    fn the_year_of_graduation_is_the_day_that_a_history_states_or_the_years_last() {
        let school = |cells: &[(&str, &str)]| {
            let kind = Kind::Pendidikan;
            let mut all = vec![String::new(); kind.columns().len()];
            for (column, value) in cells {
                (*value).clone_into(&mut all[kind.position(column).unwrap_or(99)]);
            }
            Row {
                id: String::new(),
                kind,
                cells: all,
                unknown: Vec::new(),
                papers: Vec::new(),
                made_at: None,
                changed_at: None,
            }
        };
        let golden = |year: &'static str| {
            move |column: &str| match column {
                "tahun_lulus" => year.to_owned(),
                "tingkat_pendidikan" => "S-1".to_owned(),
                _ => String::new(),
            }
        };
        let rows = [
            school(&[
                ("tingkat_pendidikan", "SLTA"),
                ("tanggal_lulus", "2003-06-01"),
            ]),
            school(&[
                ("tingkat_pendidikan", "Akta IV"),
                ("tanggal_lulus", "2008-12-01"),
            ]),
            school(&[
                ("tingkat_pendidikan", "S1"),
                ("tanggal_lulus", "2008-08-20"),
            ]),
            school(&[("tingkat_pendidikan", "S1"), ("tahun_lulus", "2008")]),
        ];
        let told = |year, rows: &[Row]| {
            let subject = Subject::new("x".to_owned(), golden(year), rows);
            subject.main_told(&Codes::read([]))["tahunLulus"].clone()
        };
        assert_eq!(told("2008", &rows), "20-08-2008");
        // Of another level, where that year has no other.
        assert_eq!(told("2008", &rows[..2]), "01-12-2008");
        assert_eq!(told("2009", &rows), "31-12-2009");
        assert_eq!(told("2009", &[]), "31-12-2009");
        assert!(told("", &rows).is_null());
    }

    /// Of the list `jabatan_fungsional` of BKN, its column `usia_bup`; of eselon, UU 20/2023 art. 55.
    #[test]
    fn a_position_ends_at_the_age_that_the_law_gives_it() {
        for (job, eselon, age) in [
            ("Guru Besar / Profesor", "", 70),
            ("Profesor", "", 70),
            ("Lektor Kepala", "", 65),
            ("LEKTOR", "", 65),
            ("Asisten Ahli", "", 65),
            ("Asisten Ahli Hakim Konstitusi Ahli Muda", "", 58),
            ("Guru Ahli Pertama", "", 60),
            ("Guru Ahli Utama", "", 60),
            ("Dokter Ahli Utama", "", 65),
            ("Dokter Ahli Madya", "", 60),
            ("Dokter Ahli Muda", "", 58),
            ("Sekretaris Jenderal", "I.a", 60),
            ("Sekretaris Jenderal", "11", 60),
            ("Kepala Dinas", "II.B", 60),
            ("Kepala Dinas", "22", 60),
            ("Kepala Bidang", "III.a", 58),
            ("Kepala Bidang", "31", 58),
            ("Kepala Seksi", "IV.b", 58),
            ("Kepala Seksi", "42", 58),
            ("Pengelola Surat", "99", 58),
        ] {
            let golden = |column: &str| {
                let cells = [
                    ("tanggal_lahir", "1985-12-17"),
                    ("jabatan", job),
                    ("eselon", eselon),
                ];
                let found = cells.iter().find(|(name, _)| *name == column);
                found.map_or(String::new(), |(_, value)| (*value).to_owned())
            };
            let subject = Subject::new("x".to_owned(), golden, &[]);
            let told = subject.main_told(&Codes::default());
            assert_eq!(told["bupPensiun"], age, "{job} {eselon}");
            let due = format!("01-01-{}", 1986 + age);
            assert_eq!(told["tmtPensiun"], due, "{job} {eselon}");
        }
    }
}
