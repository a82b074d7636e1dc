//! A row as the rules see it: the cells, and what they mean, parsed once.

use jiff::civil::Date;
use satu_domain::schema::data_utama as du;
use satu_domain::{
    Golongan, JenisJabatan, JenisPegawai, KedudukanHukum, Kind, Nik, NikError, Nip, NipError, Sex,
    TingkatPendidikan, parse_date,
};

use crate::CodeLists;

/// What is known about a row before any rule looks at it.
pub struct Row<'a> {
    /// Cells in the order of the kind's columns.
    pub cells: &'a [&'a str],
    /// Loaded code lists.
    pub lists: &'a CodeLists,
    /// The day the check is for.
    pub today: Date,
    /// The kind of the row.
    pub kind: Kind,
    /// The NIP in column 0 of every kind, where it parses, and why it does not.
    pub nip: Option<Nip>,
    pub nip_error: Option<NipError>,
    /// Identity facts of a `data_utama` row; all none for the histories.
    pub facts: Facts,
}

/// Identity and career facts, each none where the cell is empty or wrong.
#[derive(Default)]
pub struct Facts {
    pub nik: Option<Nik>,
    pub nik_error: Option<NikError>,
    pub birth: Option<Date>,
    pub sex: Option<Sex>,
    pub golongan: Option<Golongan>,
    pub employment: Option<JenisPegawai>,
    pub state: Option<KedudukanHukum>,
    pub position: Option<JenisJabatan>,
    pub education: Option<TingkatPendidikan>,
    pub cpns: Option<Date>,
    pub pns: Option<Date>,
    pub tmt_golongan: Option<Date>,
    pub tmt_jabatan: Option<Date>,
}

impl<'a> Row<'a> {
    pub fn new(kind: Kind, cells: &'a [&'a str], lists: &'a CodeLists, today: Date) -> Row<'a> {
        let facts = if kind == Kind::DataUtama {
            let nik = Nik::parse(cells[du::nik]);
            Facts {
                nik: nik.ok(),
                nik_error: nik.err(),
                birth: parse_date(cells[du::tanggal_lahir]),
                sex: Sex::parse(cells[du::jenis_kelamin]),
                golongan: Golongan::parse(cells[du::golongan]),
                employment: JenisPegawai::parse(cells[du::jenis_pegawai]),
                state: KedudukanHukum::parse(cells[du::kedudukan_hukum]),
                position: JenisJabatan::parse(cells[du::jenis_jabatan]),
                education: TingkatPendidikan::parse(cells[du::tingkat_pendidikan]),
                cpns: parse_date(cells[du::tmt_cpns]),
                pns: parse_date(cells[du::tmt_pns]),
                tmt_golongan: parse_date(cells[du::tmt_golongan]),
                tmt_jabatan: parse_date(cells[du::tmt_jabatan]),
            }
        } else {
            Facts::default()
        };
        let nip = Nip::parse(cells[0]);
        Row {
            cells,
            lists,
            today,
            kind,
            nip: nip.ok(),
            nip_error: nip.err(),
            facts,
        }
    }

    /// The cell as a date.
    pub fn date(&self, column: usize) -> Option<Date> {
        match column {
            du::tanggal_lahir if self.is_identity() => self.facts.birth,
            du::tmt_cpns if self.is_identity() => self.facts.cpns,
            du::tmt_pns if self.is_identity() => self.facts.pns,
            du::tmt_golongan if self.is_identity() => self.facts.tmt_golongan,
            du::tmt_jabatan if self.is_identity() => self.facts.tmt_jabatan,
            _ => parse_date(self.cells[column]),
        }
    }

    /// The cell as a rank.
    pub fn golongan(&self, column: usize) -> Option<Golongan> {
        match column {
            du::golongan if self.is_identity() => self.facts.golongan,
            _ => Golongan::parse(self.cells[column]),
        }
    }

    /// The cell as a kind of position.
    pub fn position(&self, column: usize) -> Option<JenisJabatan> {
        match column {
            du::jenis_jabatan if self.is_identity() => self.facts.position,
            _ => JenisJabatan::parse(self.cells[column]),
        }
    }

    /// The cell as a level of education.
    pub fn education(&self, column: usize) -> Option<TingkatPendidikan> {
        match column {
            du::tingkat_pendidikan if self.is_identity() => self.facts.education,
            _ => TingkatPendidikan::parse(self.cells[column]),
        }
    }

    /// The cell as a sex.
    pub fn sex(&self, column: usize) -> Option<Sex> {
        match column {
            du::jenis_kelamin if self.is_identity() => self.facts.sex,
            _ => Sex::parse(self.cells[column]),
        }
    }

    /// Why the cell is no NIP.
    pub fn nip_error(&self, column: usize) -> Option<NipError> {
        match column {
            0 => self.nip_error,
            _ => Nip::parse(self.cells[column]).err(),
        }
    }

    /// Whether the facts are those of the cells.
    fn is_identity(&self) -> bool {
        self.kind == Kind::DataUtama
    }

    /// The cell as a whole number.
    pub fn number(&self, column: usize) -> Option<i64> {
        self.cells[column].parse().ok()
    }

    /// Both given and the first later than the second.
    pub fn after(&self, first: usize, second: usize) -> bool {
        later(self.date(first), self.date(second))
    }
}

/// Both known and the first later than the second.
pub fn later(first: Option<Date>, second: Option<Date>) -> bool {
    matches!((first, second), (Some(a), Some(b)) if a > b)
}
