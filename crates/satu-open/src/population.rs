//! Who is counted, and as what.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rustc_hash::FxHashSet;
use satu_domain::{Gazetteer, Golongan, Province, Sex, parse_date};
use satu_rules::CodeLists;

use crate::dimension::{
    Dimension, OTHER, UNKNOWN, age_code, employment_code, level_code, position_code, province_code,
    rank_code, ranks_of,
};

/// The columns of the golden record that persons are counted by; nothing else of it is read.
pub const COLUMNS: [&str; 9] = [
    "kedudukan_hukum",
    "jenis_kelamin",
    "instansi_induk",
    "jenis_pegawai",
    "golongan",
    "tanggal_lahir",
    "tingkat_pendidikan",
    "jenis_jabatan",
    "lokasi_kerja",
];

/// The codes of `kedudukan_hukum` under which nobody is in service any more.
const ENDED: [&str; 11] = [
    "52", "66", "67", "68", "69", "70", "77", "88", "89", "98", "99",
];

/// A table of statistics: by agency and sex, and by what its [`Table::dimensions`] say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// By kind of employment and rank.
    Golongan,
    /// By age band.
    Usia,
    /// By level of education.
    Pendidikan,
    /// By kind of position.
    Jabatan,
    /// By province.
    Provinsi,
}

/// Tables.
const TABLES: usize = 5;

/// A column of a table: the code of its group (none in a table without groups), and its own.
pub type Column = (&'static str, String);

impl Table {
    /// All of them.
    pub const ALL: [Table; TABLES] = [
        Table::Golongan,
        Table::Usia,
        Table::Pendidikan,
        Table::Jabatan,
        Table::Provinsi,
    ];

    /// The dimensions beside agency and sex; where there are two, the first groups the second.
    pub fn dimensions(self) -> &'static [Dimension] {
        match self {
            Table::Golongan => &[Dimension::JenisPegawai, Dimension::Golongan],
            Table::Usia => &[Dimension::KelompokUsia],
            Table::Pendidikan => &[Dimension::TingkatPendidikan],
            Table::Jabatan => &[Dimension::JenisJabatan],
            Table::Provinsi => &[Dimension::Provinsi],
        }
    }

    /// Every column that can be.
    pub fn columns(self) -> Vec<Column> {
        if self == Table::Golongan {
            let kinds = ["PNS", "CPNS", "PPPK", OTHER];
            let columns =
                kinds.map(|kind| ranks_of(kind).into_iter().map(move |rank| (kind, rank)));
            return columns.into_iter().flatten().collect();
        }
        let codes = self.dimensions().iter().flat_map(|one| one.codes());
        codes.map(|(code, _)| ("", code)).collect()
    }
}

/// The counts of one agency: by table, sex (men first) and column.
pub type Counts = [[Vec<u64>; 2]; TABLES];

/// An agency.
pub struct Agency {
    /// The province that it is a regional government of; none where its name says nothing of that.
    pub province: Option<Province>,
    /// Its persons.
    pub counts: Counts,
}

/// Persons as they are being counted.
pub struct Population {
    day: Date,
    ended: FxHashSet<String>,
    gazetteer: Gazetteer,
    columns: [Vec<Column>; TABLES],
    agencies: BTreeMap<String, Agency>,
    left_out: LeftOut,
}

/// Who is not in the statistics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Not in service any more.
    pub ended: u64,
    /// No sex is stated.
    pub without_sex: u64,
}

impl Population {
    /// Nobody yet; ages are those on a day.
    pub fn new(day: Date) -> Population {
        let mut ended = FxHashSet::default();
        for (name, text) in CodeLists::shipped() {
            if *name != "kedudukan_hukum" {
                continue;
            }
            let lines = text.lines().filter_map(|line| line.split_once(','));
            for (code, name) in lines.filter(|(code, _)| ENDED.contains(code)) {
                ended.extend([code.to_owned(), name.trim_matches('"').to_uppercase()]);
            }
        }
        Population {
            day,
            ended,
            gazetteer: Gazetteer::default(),
            columns: Table::ALL.map(Table::columns),
            agencies: BTreeMap::new(),
            left_out: LeftOut::default(),
        }
    }

    /// The day of the ages.
    pub fn day(&self) -> Date {
        self.day
    }

    /// Who was left out.
    pub fn left_out(&self) -> LeftOut {
        self.left_out
    }

    /// The agencies, as the golden records name them; an empty name where none is stated.
    pub fn agencies(&self) -> &BTreeMap<String, Agency> {
        &self.agencies
    }

    /// Counts a person by the values of [`COLUMNS`], each in its one written form.
    pub fn count(&mut self, values: &[&str; COLUMNS.len()]) {
        let [
            state,
            sex,
            agency,
            employment,
            rank,
            born,
            level,
            position,
            workplace,
        ] = *values;
        if self.ended.contains(state) {
            self.left_out.ended += 1;
            return;
        }
        let sex = match Sex::parse(sex) {
            Some(Sex::Man) => 0,
            Some(Sex::Woman) => 1,
            None => {
                self.left_out.without_sex += 1;
                return;
            }
        };
        let employment = employment_code(employment);
        let rank = Golongan::parse(rank).map_or_else(|| OTHER.to_owned(), rank_code);
        let age = parse_date(born).map_or(OTHER, |born| {
            age_code(satu_domain::dates::whole_years(born, self.day) as i16)
        });
        if !self.agencies.contains_key(agency) {
            let none = std::array::from_fn(|at| {
                let zeros = vec![0; self.columns[at].len()];
                [zeros.clone(), zeros]
            });
            let made = Agency {
                province: self.gazetteer.government(agency),
                counts: none,
            };
            self.agencies.insert(agency.to_owned(), made);
        }
        let Some(Agency { province, counts }) = self.agencies.get_mut(agency) else {
            return;
        };
        let province = province.or_else(|| self.gazetteer.province(workplace));
        let province = province.map_or_else(|| UNKNOWN.to_owned(), province_code);
        let codes: [(&str, &str); TABLES] = [
            (employment, rank.as_str()),
            ("", age),
            ("", level_code(level)),
            ("", position_code(position)),
            ("", province.as_str()),
        ];
        for (at, (group, code)) in codes.into_iter().enumerate() {
            let place = |code: &str| {
                let mut columns = self.columns[at].iter();
                columns.position(|(of, own)| *of == group && own == code)
            };
            // A rank that the kind of employment cannot have is not stated.
            if let Some(column) = place(code).or_else(|| place(OTHER)) {
                counts[at][sex][column] += 1;
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_person_is_counted_once_in_every_table_or_not_at_all() {
        let mut population = Population::new(date(2026, 11, 25));
        let one = [
            "AKTIF",
            "L",
            "KOTA CONTOH",
            "PNS",
            "III/a",
            "1990-11-26",
            "S-1",
            "PELAKSANA",
            "BOGOR",
        ];
        population.count(&one);
        for (at, value) in [(0, "88"), (0, "PENSIUN"), (0, "MENCAPAI BUP"), (1, "")] {
            let mut other = one;
            other[at] = value;
            population.count(&other);
        }
        let mut odd = one;
        (odd[4], odd[5], odd[6], odd[7], odd[8]) = ("IX", "", "?", "", "?");
        population.count(&odd);
        let told = LeftOut {
            ended: 3,
            without_sex: 1,
        };
        assert_eq!(population.left_out(), told);
        let counts = &population.agencies()["KOTA CONTOH"].counts;
        for (at, table) in Table::ALL.into_iter().enumerate() {
            assert_eq!(counts[at][0].iter().sum::<u64>(), 2);
            assert_eq!(counts[at][1].iter().sum::<u64>(), 0);
            let columns = table.columns();
            let counted: Vec<_> = counts[at][0]
                .iter()
                .zip(&columns)
                .filter(|(n, _)| **n > 0)
                .collect();
            assert_eq!(counted.len(), 2, "{counted:?}");
            let rest = if table == Table::Provinsi {
                UNKNOWN
            } else {
                OTHER
            };
            assert!(counted.iter().any(|(_, (_, code))| code == rest));
        }
        let ages = Table::Usia.columns();
        let band = ages.iter().position(|(_, code)| code == "Y35T39").unwrap();
        assert_eq!(counts[1][0][band], 1);
    }

    #[test]
    fn a_regional_government_says_the_province_of_its_staff() {
        let mut population = Population::new(date(2026, 11, 25));
        for (agency, workplace) in [
            ("PEMERINTAH KAB. BOGOR", "JAKARTA"),
            ("KEMENTERIAN AGAMA", "Kab. Bogor"),
            ("KEMENTERIAN AGAMA", ""),
        ] {
            population.count(&["", "L", agency, "", "", "", "", "", workplace]);
        }
        let columns = Table::Provinsi.columns();
        let persons = |agency: &str, code: &str| {
            let at = columns.iter().position(|(_, own)| own == code).unwrap();
            population.agencies()[agency].counts[4][0][at]
        };
        assert_eq!(persons("PEMERINTAH KAB. BOGOR", "32"), 1);
        assert_eq!(persons("KEMENTERIAN AGAMA", "32"), 1);
        assert_eq!(persons("KEMENTERIAN AGAMA", UNKNOWN), 1);
    }
}
