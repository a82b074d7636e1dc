//! By what persons are counted, and the codes of each.

use satu_domain::{Golongan, JenisJabatan, JenisPegawai, Province, TingkatPendidikan};

use crate::Both;

/// The code of a sum over a dimension (SDMX: `_T`).
pub const TOTAL: &str = "_T";
/// The code of what has no code of its own: other, pooled, or not stated (SDMX: `_O`).
pub const OTHER: &str = "_O";
/// The code of what is not known (SDMX: `_U`).
pub const UNKNOWN: &str = "_U";

/// By what persons are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// The agency that a person belongs to (`instansi_induk`).
    Instansi,
    /// Sex.
    JenisKelamin,
    /// Kind of employment.
    JenisPegawai,
    /// Rank of a PNS, grade of a PPPK.
    Golongan,
    /// Age in completed years on the day of the release, in bands.
    KelompokUsia,
    /// Highest level of education.
    TingkatPendidikan,
    /// Kind of position.
    JenisJabatan,
    /// The province of a regional government, or where somebody of another agency works.
    Provinsi,
}

/// A code and its name.
pub type Code = (String, Both);

const ROMAN: [&str; 17] = [
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV",
    "XVI", "XVII",
];

/// Bands of age: code, and the first year of the next band.
const AGES: [(&str, i16); 9] = [
    ("Y_LT25", 25),
    ("Y25T29", 30),
    ("Y30T34", 35),
    ("Y35T39", 40),
    ("Y40T44", 45),
    ("Y45T49", 50),
    ("Y50T54", 55),
    ("Y55T59", 60),
    ("Y_GE60", i16::MAX),
];

impl Dimension {
    /// All of them.
    pub const ALL: [Dimension; 8] = [
        Dimension::Instansi,
        Dimension::JenisKelamin,
        Dimension::JenisPegawai,
        Dimension::Golongan,
        Dimension::KelompokUsia,
        Dimension::TingkatPendidikan,
        Dimension::JenisJabatan,
        Dimension::Provinsi,
    ];

    /// The column in CSV.
    pub fn column(self) -> &'static str {
        match self {
            Dimension::Instansi => "instansi",
            Dimension::JenisKelamin => "jenis_kelamin",
            Dimension::JenisPegawai => "jenis_pegawai",
            Dimension::Golongan => "golongan",
            Dimension::KelompokUsia => "kelompok_usia",
            Dimension::TingkatPendidikan => "tingkat_pendidikan",
            Dimension::JenisJabatan => "jenis_jabatan",
            Dimension::Provinsi => "provinsi",
        }
    }

    /// The identifier in SDMX.
    pub fn id(self) -> String {
        self.column().to_ascii_uppercase()
    }

    /// Its name.
    pub fn title(self) -> Both {
        match self {
            Dimension::Instansi => Both::new("Instansi induk", "Home agency"),
            Dimension::JenisKelamin => Both::new("Jenis kelamin", "Sex"),
            Dimension::JenisPegawai => Both::new("Jenis pegawai", "Kind of employment"),
            Dimension::Golongan => Both::new(
                "Golongan ruang PNS atau golongan PPPK",
                "Rank of a PNS or grade of a PPPK",
            ),
            Dimension::KelompokUsia => Both::new("Kelompok usia", "Age band"),
            Dimension::TingkatPendidikan => Both::new("Tingkat pendidikan", "Level of education"),
            Dimension::JenisJabatan => Both::new("Jenis jabatan", "Kind of position"),
            Dimension::Provinsi => Both::new("Provinsi", "Province"),
        }
    }

    /// What it means.
    pub fn about(self) -> Both {
        match self {
            Dimension::Instansi => Both::new(
                "Kode instansi induk, lihat dataset asn-instansi; _T nasional, _O instansi kecil yang digabung.",
                "Code of the home agency, see the dataset asn-instansi; _T the country, _O small agencies pooled.",
            ),
            Dimension::JenisKelamin => Both::new(
                "L laki-laki, P perempuan, _T keduanya.",
                "L men, P women, _T both.",
            ),
            Dimension::JenisPegawai => Both::new(
                "PNS, CPNS, atau PPPK; _T semuanya, _O lainnya.",
                "PNS, CPNS or PPPK; _T all, _O other.",
            ),
            Dimension::Golongan => Both::new(
                "Golongan ruang PNS dan CPNS (I_A sampai IV_E) atau golongan PPPK (I sampai XVII); _T semuanya, _O lainnya.",
                "Rank of PNS and CPNS (I_A to IV_E) or grade of PPPK (I to XVII); _T all, _O other.",
            ),
            Dimension::KelompokUsia => Both::new(
                "Usia dalam tahun penuh pada hari rilis; _T semuanya.",
                "Age in completed years on the day of the release; _T all.",
            ),
            Dimension::TingkatPendidikan => Both::new(
                "Tingkat pendidikan terakhir, SD sampai S3; _T semuanya, _O lainnya.",
                "Highest level of education, SD to S3; _T all, _O other.",
            ),
            Dimension::JenisJabatan => Both::new(
                "Struktural, fungsional, atau pelaksana (UU 20/2023 pasal 13); _T semuanya, _O lainnya.",
                "Structural, functional or general staff (Law 20/2023 article 13); _T all, _O other.",
            ),
            Dimension::Provinsi => Both::new(
                "Kode provinsi Kemendagri. Bagi pegawai pemerintah daerah: provinsi pemerintah daerah itu, dari nama \
                 instansi_induk. Bagi yang lain: provinsi tempat kerja, dari lokasi_kerja yang menyebut nama provinsi, \
                 kabupaten, atau kota. _U tidak diketahui: lokasi_kerja kosong atau tidak dikenal; _T semuanya; _O \
                 provinsi yang digabung karena orangnya terlalu sedikit.",
                "Province code of the Ministry of Home Affairs. Of a regional government's staff: that government's \
                 province, from the name of instansi_induk. Of others: the province of the place of work, from a \
                 lokasi_kerja that names a province, kabupaten or kota. _U unknown: lokasi_kerja empty or not \
                 recognised; _T all; _O provinces pooled because they have too few persons.",
            ),
        }
    }

    /// Its codes without [`TOTAL`]; of agencies only [`OTHER`], as the others come with a release.
    pub fn codes(self) -> Vec<Code> {
        let plain = |codes: &[(&str, Both)]| -> Vec<Code> {
            let own = codes
                .iter()
                .map(|(code, name)| ((*code).to_owned(), name.clone()));
            own.collect()
        };
        let mut codes = match self {
            Dimension::Instansi => Vec::new(),
            Dimension::JenisKelamin => {
                return plain(&[
                    ("L", Both::new("Laki-laki", "Men")),
                    ("P", Both::new("Perempuan", "Women")),
                ]);
            }
            Dimension::JenisPegawai => plain(&[
                ("PNS", Both::same("PNS")),
                ("CPNS", Both::same("CPNS")),
                ("PPPK", Both::same("PPPK")),
            ]),
            Dimension::Golongan => ranks()
                .map(|rank| (rank_code(rank), Both::same(rank.to_string())))
                .collect(),
            Dimension::KelompokUsia => ages(),
            Dimension::TingkatPendidikan => LEVELS
                .iter()
                .map(|(_, code)| ((*code).to_owned(), Both::same(*code)))
                .collect(),
            Dimension::JenisJabatan => plain(&[
                ("STRUKTURAL", Both::new("Jabatan struktural", "Structural")),
                ("FUNGSIONAL", Both::new("Jabatan fungsional", "Functional")),
                ("PELAKSANA", Both::new("Jabatan pelaksana", "General staff")),
            ]),
            Dimension::Provinsi => {
                let named = Province::all();
                let named = named.map(|one| (province_code(one), Both::same(one.name())));
                let rest = [
                    (UNKNOWN, Both::new("Tidak diketahui", "Unknown")),
                    (OTHER, Both::new("Lainnya, digabung", "Other, pooled")),
                ];
                let rest = rest.map(|(code, name)| (code.to_owned(), name));
                return named.chain(rest).collect();
            }
        };
        codes.push((
            OTHER.to_owned(),
            Both::new("Lainnya atau tidak disebut", "Other or not stated"),
        ));
        codes
    }
}

fn ages() -> Vec<Code> {
    let name = |at: usize| match (at, AGES[at].1) {
        (0, next) => Both {
            id: format!("Di bawah {next} tahun").into(),
            en: format!("Under {next}").into(),
        },
        (at, i16::MAX) => Both {
            id: format!("{} tahun ke atas", AGES[at - 1].1).into(),
            en: format!("{} and over", AGES[at - 1].1).into(),
        },
        (at, next) => {
            let from = AGES[at - 1].1;
            Both {
                id: format!("{from} sampai {} tahun", next - 1).into(),
                en: format!("{from} to {}", next - 1).into(),
            }
        }
    };
    (0..AGES.len())
        .map(|at| (AGES[at].0.to_owned(), name(at)))
        .collect()
}

/// Levels of education in ascending order, each with its code.
const LEVELS: [(TingkatPendidikan, &str); 10] = [
    (TingkatPendidikan::Sd, "SD"),
    (TingkatPendidikan::Sltp, "SLTP"),
    (TingkatPendidikan::Slta, "SLTA"),
    (TingkatPendidikan::D1, "D1"),
    (TingkatPendidikan::D2, "D2"),
    (TingkatPendidikan::D3, "D3"),
    (TingkatPendidikan::D4, "D4"),
    (TingkatPendidikan::S1, "S1"),
    (TingkatPendidikan::S2, "S2"),
    (TingkatPendidikan::S3, "S3"),
];

/// Every rank and grade there is.
fn ranks() -> impl Iterator<Item = Golongan> {
    let pns = (11..=45).filter_map(|code: u8| Golongan::parse(&code.to_string()));
    pns.chain((1..=17).map(Golongan::Pppk))
}

/// The code of a rank: `III_A` of a PNS, `IX` of a PPPK.
pub fn rank_code(rank: Golongan) -> String {
    rank.to_string().to_ascii_uppercase().replace('/', "_")
}

/// The code of an age in completed years.
pub fn age_code(years: i16) -> &'static str {
    let band = AGES.iter().find(|(_, next)| years < *next);
    band.map_or(OTHER, |(code, _)| code)
}

/// The code of a level of education.
pub fn level_code(text: &str) -> &'static str {
    let level = TingkatPendidikan::parse(text);
    let known = LEVELS.iter().find(|(known, _)| Some(*known) == level);
    known.map_or(OTHER, |(_, code)| code)
}

/// The code of a kind of position.
pub fn position_code(text: &str) -> &'static str {
    match JenisJabatan::parse(text) {
        Some(JenisJabatan::Struktural) => "STRUKTURAL",
        Some(JenisJabatan::Fungsional) => "FUNGSIONAL",
        Some(JenisJabatan::Pelaksana) => "PELAKSANA",
        None => OTHER,
    }
}

/// The code of a kind of employment, from a short word or one of the long names of the code list.
pub fn employment_code(text: &str) -> &'static str {
    let first = text.split_whitespace().next().unwrap_or_default();
    match JenisPegawai::parse(first) {
        Some(JenisPegawai::Pns) => "PNS",
        Some(JenisPegawai::Cpns) => "CPNS",
        Some(JenisPegawai::Pppk) => "PPPK",
        None => OTHER,
    }
}

/// The code of a province: two digits.
pub fn province_code(province: Province) -> String {
    province.code().to_string()
}

/// The codes of golongan that a kind of employment can have, [`OTHER`] last.
pub fn ranks_of(employment: &str) -> Vec<String> {
    let mut codes: Vec<String> = match employment {
        "PNS" | "CPNS" => ranks()
            .filter(|rank| !rank.is_pppk())
            .map(rank_code)
            .collect(),
        "PPPK" => ROMAN.iter().map(|&roman| roman.to_owned()).collect(),
        _ => Vec::new(),
    };
    codes.push(OTHER.to_owned());
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_an_identifier_and_stands_once() {
        for dimension in Dimension::ALL {
            let codes = dimension.codes();
            for (at, (code, name)) in codes.iter().enumerate() {
                let plain = code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
                assert!(
                    plain && !name.id.is_empty() && !name.en.is_empty(),
                    "{code}"
                );
                assert!(
                    !codes[..at].iter().any(|(other, _)| other == code),
                    "{code}"
                );
            }
        }
        assert_eq!(Dimension::Golongan.codes().len(), 35);
    }

    #[test]
    fn values_find_their_codes() {
        assert_eq!(age_code(24), "Y_LT25");
        assert_eq!(age_code(25), "Y25T29");
        assert_eq!(age_code(60), "Y_GE60");
        assert_eq!(level_code("S-1"), "S1");
        assert_eq!(level_code("?"), OTHER);
        assert_eq!(position_code("STRUKTURAL"), "STRUKTURAL");
        assert_eq!(
            employment_code("PNS PUSAT YANG BEKERJA PADA DEPARTEMEN/LEMBAGA"),
            "PNS"
        );
        assert_eq!(employment_code("PPPK PARUH WAKTU"), "PPPK");
        assert_eq!(employment_code(""), OTHER);
        assert!(ranks_of("PPPK").contains(&"IX".to_owned()));
        assert_eq!(ranks_of("PNS").len(), 18);
        for employment in ["PNS", "PPPK"] {
            for code in ranks_of(employment) {
                assert!(
                    Dimension::Golongan
                        .codes()
                        .iter()
                        .any(|(known, _)| *known == code)
                );
            }
        }
    }
}
