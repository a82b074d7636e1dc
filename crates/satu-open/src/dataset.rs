//! What each dataset is, and what each of its variables means.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::Both;
use crate::dimension::{Code, Dimension, TOTAL};
use crate::population::Table;
use crate::reference::{CODE_LIST, COLUMNS, RULES};
use crate::release::AGENCIES;

/// What kind of dataset it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Counts of persons.
    Statistics(Table),
    /// Codes and their names.
    CodeList,
    /// The data standard.
    Standard,
}

/// What a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Text, or a code.
    Text,
    /// A whole number.
    Number,
    /// A day.
    Day,
}

/// A variable: a column of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// The column's name in CSV.
    pub name: String,
    /// Its title.
    pub title: Both,
    /// What it means.
    pub about: Both,
    /// What it holds.
    pub holds: Holds,
    /// Its codes, where it has some that are known beforehand.
    pub codes: Vec<Code>,
}

/// A dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// The name, which is part of its address.
    pub name: String,
    /// What kind it is.
    pub kind: Kind,
    /// The title.
    pub title: Both,
    /// What it holds.
    pub about: Both,
    /// Keywords.
    pub keywords: Vec<Both>,
    /// The variables, in the order of the columns.
    pub variables: Vec<Variable>,
    /// Its versions, the newest first.
    pub versions: Vec<Version>,
}

/// A version of a dataset: what was released of it on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The day.
    pub day: Date,
    /// When it was released.
    pub released_at: Timestamp,
    /// SHA-256 of its CSV text, hexadecimal.
    pub hash: String,
}

/// Everything that was released.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// The datasets by name.
    pub datasets: Vec<Dataset>,
}

impl Catalogue {
    /// The dataset of a name.
    pub fn dataset(&self, name: &str) -> Option<&Dataset> {
        self.datasets.iter().find(|one| one.name == name)
    }

    /// When the newest dataset was released.
    pub fn changed(&self) -> Option<Timestamp> {
        let all = self.datasets.iter().flat_map(|one| &one.versions);
        all.map(|version| version.released_at).max()
    }
}

impl Dataset {
    /// The newest version, if there is one.
    pub fn newest(&self) -> Option<&Version> {
        self.versions.first()
    }

    /// Adds an older version; the same content as the next newer one makes that one older instead.
    pub fn add_older(&mut self, version: Version) {
        match self.versions.last_mut() {
            Some(last) if last.hash == version.hash => *last = version,
            _ => self.versions.push(version),
        }
    }

    /// The version of a day: what was the newest then. A release in which nothing changed has the
    /// text of the version before.
    pub fn version(&self, day: Date) -> Option<&Version> {
        self.versions.iter().find(|one| one.day == day)
    }

    /// The names of the columns of a version's CSV, which are not those of every version.
    pub fn columns_of(text: &str) -> Vec<&str> {
        let head = text.lines().next().unwrap_or_default();
        let head = head.trim_start_matches('\u{feff}').split(',');
        head.map(|name| name.trim_matches('"')).collect()
    }

    /// A dataset by its name and the columns of its CSV, without versions.
    pub fn described(name: &str, columns: &[&str]) -> Dataset {
        let kind = match Table::named(name) {
            Some(table) => Kind::Statistics(table),
            None if name == COLUMNS || name == RULES => Kind::Standard,
            None => Kind::CodeList,
        };
        let (title, about) = words(name, kind);
        let mut keywords = vec![
            Both::same("ASN"),
            Both::new("aparatur sipil negara", "civil service"),
        ];
        keywords.push(match kind {
            Kind::Statistics(_) => Both::new("statistik kepegawaian", "workforce statistics"),
            Kind::CodeList => Both::new("daftar kode", "code list"),
            Kind::Standard => Both::new("standar data", "data standard"),
        });
        Dataset {
            name: name.to_owned(),
            kind,
            title,
            about,
            keywords,
            variables: columns
                .iter()
                .map(|column| variable(kind, column))
                .collect(),
            versions: Vec::new(),
        }
    }
}

/// Title and description.
fn words(name: &str, kind: Kind) -> (Both, Both) {
    if let Kind::Statistics(table) = kind {
        let title = match table {
            Table::Golongan => Both::new(
                "Jumlah ASN menurut instansi, jenis kelamin, jenis pegawai, dan golongan",
                "Civil servants by agency, sex, kind of employment and rank",
            ),
            Table::Usia => Both::new(
                "Jumlah ASN menurut instansi, jenis kelamin, dan kelompok usia",
                "Civil servants by agency, sex and age band",
            ),
            Table::Pendidikan => Both::new(
                "Jumlah ASN menurut instansi, jenis kelamin, dan tingkat pendidikan",
                "Civil servants by agency, sex and level of education",
            ),
            Table::Jabatan => Both::new(
                "Jumlah ASN menurut instansi, jenis kelamin, dan jenis jabatan",
                "Civil servants by agency, sex and kind of position",
            ),
            Table::Provinsi => Both::new(
                "Jumlah ASN menurut provinsi, instansi, dan jenis kelamin",
                "Civil servants by province, agency and sex",
            ),
        };
        let about = Both::new(
            "ASN yang masih bertugas menurut data induk pada hari rilis. Angka 1 sampai 4 disembunyikan, \
             begitu pula angka lain yang dapat dipakai menghitungnya; nol dan jumlah nasional selalu tampil.",
            "Civil servants in service by the register on the day of the release. Counts of 1 to 4 are hidden, \
             and so are others from which these could be worked out; zeros and national figures are always shown.",
        );
        if table != Table::Provinsi {
            return (title, about);
        }
        let more = Both::new(
            " Pegawai pemerintah daerah dihitung dalam provinsi pemerintah daerahnya, yang lain dalam provinsi tempat \
             kerjanya. Di tabel ini lebih banyak instansi dapat digabung dalam _O daripada di tabel lain.",
            " Staff of regional governments are counted in their government's province, others where they work. More \
             agencies can be pooled as _O in this table than in others.",
        );
        let about = Both {
            id: about.id + more.id,
            en: about.en + more.en,
        };
        return (title, about);
    }
    match name {
        AGENCIES => (
            Both::new(
                "Instansi dalam statistik ASN",
                "Agencies in the civil service statistics",
            ),
            Both::new(
                "Kode instansi yang dipakai statistik pada rilis yang sama, dan provinsi pemerintah daerah. Instansi kecil \
                 digabung dalam kode _O.",
                "The codes of agencies in the statistics of the same release, and the province of a regional government. \
                 Small agencies are pooled as _O.",
            ),
        ),
        COLUMNS => (
            Both::new(
                "Standar data ASN: kolom",
                "Civil service data standard: columns",
            ),
            Both::new(
                "Kolom setiap jenis data kepegawaian, dalam urutan standar.",
                "The columns of each kind of personnel data, in the order of the standard.",
            ),
        ),
        RULES => (
            Both::new(
                "Standar data ASN: aturan",
                "Civil service data standard: rules",
            ),
            Both::new(
                "Aturan pemeriksaan setiap baris data kepegawaian, dengan tingkat, pesan, dan dasar hukumnya.",
                "The rules that each row of personnel data is held against, with severity, message and legal basis.",
            ),
        ),
        other => {
            let list = other
                .strip_prefix(CODE_LIST)
                .unwrap_or(other)
                .replace('-', " ");
            (
                Both {
                    id: format!("Daftar kode: {list}").into(),
                    en: format!("Code list: {list}").into(),
                },
                Both {
                    id: format!("Kode dan nama {list} yang berlaku dalam standar data ASN.").into(),
                    en: format!("Codes and names of {list} in the civil service data standard.")
                        .into(),
                },
            )
        }
    }
}

fn variable(kind: Kind, column: &str) -> Variable {
    let dimension = Dimension::ALL
        .into_iter()
        .find(|one| one.column() == column);
    if let (Kind::Statistics(_), Some(dimension)) = (kind, dimension) {
        let mut codes = vec![(TOTAL.to_owned(), Both::new("Jumlah", "Total"))];
        codes.extend(dimension.codes());
        if dimension == Dimension::Instansi {
            // The others come with each release.
            codes.clear();
        }
        return Variable {
            name: column.to_owned(),
            title: dimension.title(),
            about: dimension.about(),
            holds: Holds::Text,
            codes,
        };
    }
    let (title, about, holds) = told(kind, column);
    let codes = if column == "kerahasiaan" {
        vec![
            ("F".to_owned(), Both::new("Terbuka", "Free")),
            ("C".to_owned(), Both::new("Disembunyikan", "Confidential")),
        ]
    } else {
        Vec::new()
    };
    Variable {
        name: column.to_owned(),
        title,
        about,
        holds,
        codes,
    }
}

fn told(kind: Kind, column: &str) -> (Both, Both, Holds) {
    let statistics = matches!(kind, Kind::Statistics(_));
    let (title, about) = match column {
        "periode" => (
            Both::new("Hari rilis", "Day of the release"),
            Both::new(
                "Hari yang digambarkan angka ini.",
                "The day that the figure is about.",
            ),
        ),
        "jumlah" => (
            Both::new("Jumlah orang", "Persons"),
            Both::new(
                "Banyaknya ASN; kosong bila disembunyikan.",
                "How many civil servants; empty where hidden.",
            ),
        ),
        "kerahasiaan" => (
            Both::new("Kerahasiaan", "Confidentiality"),
            Both::new(
                "F: terbuka. C: disembunyikan agar tidak ada orang yang dapat dikenali.",
                "F: free. C: hidden so that nobody can be recognised.",
            ),
        ),
        "id" | "kode" => (
            Both::new("Kode", "Code"),
            Both::new(
                "Kode; nol di depan berarti.",
                "The code; leading zeros count.",
            ),
        ),
        "nama" => (
            Both::new("Nama", "Name"),
            Both::new("Nama untuk kode ini.", "What the code stands for."),
        ),
        "provinsi" => (
            Both::new("Provinsi", "Province"),
            Both::new(
                "Kode provinsi Kemendagri dari pemerintah daerah, menurut namanya; kosong bagi yang lain.",
                "Province code (Ministry of Home Affairs) of a regional government, by its name; empty for others.",
            ),
        ),
        "jenis_data" => (
            Both::new("Jenis data", "Kind of data"),
            Both::new(
                "Jenis data kepegawaian; * untuk semua.",
                "The kind of personnel data; * for any.",
            ),
        ),
        "nomor" => (
            Both::new("Nomor urut", "Position"),
            Both::new(
                "Urutan kolom, mulai dari 1.",
                "The column's position, from 1.",
            ),
        ),
        "kolom" => (
            Both::new("Kolom", "Column"),
            Both::new("Nama kolom.", "The name of the column."),
        ),
        "tingkat" => (
            Both::new("Tingkat", "Severity"),
            Both::new(
                "error menolak baris; warning meloloskannya dengan tanda.",
                "error rejects the row; warning lets it pass, marked.",
            ),
        ),
        "pesan" => (
            Both::new("Pesan", "Message"),
            Both::new(
                "Pesan dalam bahasa Indonesia.",
                "The message in Indonesian.",
            ),
        ),
        "pesan_en" => (
            Both::new("Pesan (Inggris)", "Message (English)"),
            Both::new("Pesan dalam bahasa Inggris.", "The message in English."),
        ),
        "dasar" => (
            Both::new("Dasar", "Source"),
            Both::new(
                "Peraturan yang mendasari aturan.",
                "The regulation that the rule rests on.",
            ),
        ),
        other => {
            let title = Both::same(other.replace('_', " "));
            (title.clone(), title)
        }
    };
    let holds = match column {
        "periode" if statistics => Holds::Day,
        "jumlah" if statistics => Holds::Number,
        "nomor" if kind == Kind::Standard => Holds::Number,
        _ => Holds::Text,
    };
    (title, about, holds)
}
