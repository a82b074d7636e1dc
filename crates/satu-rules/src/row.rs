//! A row as the rules see it: the cells, and what they mean, parsed once.

use jiff::civil::Date;
use satu_domain::schema::data_utama as du;
use satu_domain::{Golongan, JenisPegawai, Kind, Nik, Nip, Sex, TingkatPendidikan, parse_date};

use crate::CodeLists;

/// What is known about a row before any rule looks at it.
pub struct Row<'a> {
    /// Cells in the order of the kind's columns.
    pub cells: &'a [&'a str],
    /// Loaded code lists.
    pub lists: &'a CodeLists,
    /// The day the check is for.
    pub today: Date,
    /// The NIP in column 0 of every kind, where it parses.
    pub nip: Option<Nip>,
    /// Identity facts of a `data_utama` row; all none for the histories.
    pub facts: Facts,
}

/// Identity and career facts, each none where the cell is empty or wrong.
#[derive(Default)]
pub struct Facts {
    pub nik: Option<Nik>,
    pub birth: Option<Date>,
    pub sex: Option<Sex>,
    pub golongan: Option<Golongan>,
    pub employment: Option<JenisPegawai>,
    pub education: Option<TingkatPendidikan>,
    pub cpns: Option<Date>,
    pub pns: Option<Date>,
    pub tmt_golongan: Option<Date>,
    pub tmt_jabatan: Option<Date>,
}

impl<'a> Row<'a> {
    pub fn new(kind: Kind, cells: &'a [&'a str], lists: &'a CodeLists, today: Date) -> Row<'a> {
        let facts = if kind == Kind::DataUtama {
            Facts {
                nik: Nik::parse(cells[du::nik]).ok(),
                birth: parse_date(cells[du::tanggal_lahir]),
                sex: Sex::parse(cells[du::jenis_kelamin]),
                golongan: Golongan::parse(cells[du::golongan]),
                employment: JenisPegawai::parse(cells[du::jenis_pegawai]),
                education: TingkatPendidikan::parse(cells[du::tingkat_pendidikan]),
                cpns: parse_date(cells[du::tmt_cpns]),
                pns: parse_date(cells[du::tmt_pns]),
                tmt_golongan: parse_date(cells[du::tmt_golongan]),
                tmt_jabatan: parse_date(cells[du::tmt_jabatan]),
            }
        } else {
            Facts::default()
        };
        Row {
            cells,
            lists,
            today,
            nip: Nip::parse(cells[0]).ok(),
            facts,
        }
    }

    /// The cell as a date.
    pub fn date(&self, column: usize) -> Option<Date> {
        parse_date(self.cells[column])
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
