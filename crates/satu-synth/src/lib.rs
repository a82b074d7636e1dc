//! A seeded synthetic civil service with known truth and realistic faults.
//!
//! Every person is a pure function of the seed and a number, and files are written row by row, so
//! memory does not grow with the country: only one workbook of at most 5,000 rows is held at a time.

mod country;
mod faults;
mod names;
mod output;
mod person;
mod rng;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_domain::schema::{data_utama as du, golongan, jabatan, kinerja, pendidikan};
use serde::{Deserialize, Serialize};

use output::{Dialect, Output, csv_error};
use person::{Person, World};
use rng::Rng;

/// What country to make.
pub struct Config {
    /// Real persons, at least 100.
    pub persons: u64,
    /// The same seed makes the same bytes.
    pub seed: u64,
    /// The day of the country: ages and years of service are as of it.
    pub today: Date,
}

/// One file of one source.
#[derive(Debug, Clone, Serialize)]
pub struct SourceFile {
    /// The source's code: `pusat`, `gaji`, `simpeg-p32`.
    pub source: String,
    /// The source's name.
    pub source_name: String,
    /// What kind of system it is.
    pub source_kind: SourceKind,
    /// The agency's name as `instansi_induk` writes it; empty for `pusat` and `gaji`.
    pub instansi: String,
    /// Where the file lies.
    pub path: PathBuf,
    /// The kind of its rows.
    pub kind: Kind,
    /// Rows without the header.
    pub rows: u64,
    /// The day the extract speaks for.
    pub stated_on: Date,
}

/// What was made.
#[derive(Debug, Clone, Serialize)]
pub struct Country {
    /// Every file.
    pub files: Vec<SourceFile>,
    /// `file,row,person,fault` for each `data_utama` row.
    pub truth: PathBuf,
    /// Real persons who stand in at least one file.
    pub persons: u64,
    /// Paid in `gaji` with nobody behind them.
    pub ghosts: u64,
    /// Rows per fault.
    pub faults: BTreeMap<String, u64>,
}

/// One line of the truth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TruthRow {
    /// The file's name.
    pub file: String,
    /// The row as in the file; the header is row 1.
    pub row: u64,
    /// Who it is.
    pub person: u64,
    /// Labels joined by `;`, empty for a clean row.
    pub fault: String,
}

/// The truth of a country: an iterator of its rows.
pub struct Truth {
    path: PathBuf,
    rows: csv::DeserializeRecordsIntoIter<std::fs::File, TruthRow>,
}

impl Iterator for Truth {
    type Item = Result<TruthRow, SynthError>;
    fn next(&mut self) -> Option<Self::Item> {
        self.rows
            .next()
            .map(|row| row.map_err(csv_error(&self.path)))
    }
}

/// Why a country could not be made or its truth not read.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    /// Too small to have 38 provinces.
    #[error("a country needs at least 100 persons, not {0}: ask for more")]
    TooFew(u64),
    /// The disk refused.
    #[error("{path} cannot be written: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A CSV file cannot be written or read.
    #[error("{path} is not usable as CSV: {source}")]
    Csv {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: csv::Error,
    },
    /// A workbook cannot be written.
    #[error("workbook {path} cannot be written: {source}")]
    Workbook {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: Box<rust_xlsxwriter::XlsxError>,
    },
}

/// Reads `truth.csv` row by row. Errors when the file is missing or a row is malformed.
pub fn read_truth(path: &Path) -> Result<Truth, SynthError> {
    let reader = csv::Reader::from_path(path).map_err(csv_error(path))?;
    Ok(Truth {
        path: path.to_owned(),
        rows: reader.into_deserialize(),
    })
}

const PAYROLL: [usize; 8] = [
    du::nip,
    du::nik,
    du::nama,
    du::tanggal_lahir,
    du::jenis_kelamin,
    du::golongan,
    du::tmt_golongan,
    du::instansi_induk,
];

fn plain(columns: Vec<usize>) -> Dialect {
    Dialect {
        separator: b',',
        bom: false,
        windows: false,
        dates: 0,
        own_headers: false,
        columns,
    }
}

struct Maker<'a> {
    world: World<'a>,
    truth: csv::Writer<std::fs::File>,
    truth_path: PathBuf,
    faults: BTreeMap<String, u64>,
}

impl Maker<'_> {
    /// Writes one person into one file, spoilt as that file happens to.
    fn write(
        &mut self,
        out: &mut Output,
        shown: &[usize],
        who: (u64, &Person),
        purpose: u64,
        extra: &[&'static str],
    ) -> Result<(), SynthError> {
        let (index, person) = who;
        let rng = &mut Rng::new(self.world.seed, index, purpose);
        let mut cells = person.cells.clone();
        let mut labels = faults::spoil(&mut cells, person, rng, shown);
        labels.extend(extra);
        if person.left && purpose != 100 {
            "Aktif".clone_into(&mut cells[du::kedudukan_hukum]);
            labels.push(if index % 3 == 0 {
                "deceased_active"
            } else {
                "retired_active"
            });
        }
        if index > 0 && purpose != 100 && rng.chance(200) {
            cells[du::nip].clone_from(&self.world.person(index - 1).cells[du::nip]);
            labels.push("nip_reused");
        }
        labels.extend(person.resembles);
        for label in &labels {
            *self.faults.entry((*label).to_owned()).or_default() += 1;
        }
        let row = out.row(&cells)?;
        let file = out
            .path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        self.truth
            .serialize(TruthRow {
                file,
                row,
                person: index,
                fault: labels.join(";"),
            })
            .map_err(csv_error(&self.truth_path))
    }
}

/// Makes the country in a folder, which is created if it is missing. Files of the same name are replaced.
///
/// Histories (one row per person and kind, from `pusat`) come with countries of up to 50,000 persons.
pub fn generate(config: &Config, folder: &Path) -> Result<Country, SynthError> {
    if config.persons < 100 {
        return Err(SynthError::TooFew(config.persons));
    }
    std::fs::create_dir_all(folder).map_err(|source| SynthError::Io {
        path: folder.to_owned(),
        source,
    })?;
    let (agencies, bounds) = country::agencies(config.persons);
    let ghosts = config.persons * 4 / 1000;
    let truth_path = folder.join("truth.csv");
    let mut maker = Maker {
        world: World {
            seed: config.seed,
            total: config.persons + ghosts,
            today: config.today,
            agencies: &agencies,
            bounds: &bounds,
        },
        truth: csv::Writer::from_path(&truth_path).map_err(csv_error(&truth_path))?,
        truth_path: truth_path.clone(),
        faults: BTreeMap::new(),
    };
    let all: Vec<usize> = (0..Kind::DataUtama.columns().len()).collect();
    let mut central = Output::create(
        folder.join("pusat.csv"),
        Kind::DataUtama,
        plain(all.clone()),
        false,
    )?;
    let mut payroll = Output::create(
        folder.join("gaji.csv"),
        Kind::DataUtama,
        plain(PAYROLL.to_vec()),
        false,
    )?;
    let mut histories = Vec::new();
    if config.persons <= 50_000 {
        for kind in [
            Kind::Golongan,
            Kind::Jabatan,
            Kind::Pendidikan,
            Kind::Kinerja,
        ] {
            let columns = (0..kind.columns().len()).collect();
            histories.push((
                kind,
                Output::create(
                    folder.join(format!("pusat-{}.csv", kind.name())),
                    kind,
                    plain(columns),
                    false,
                )?,
            ));
        }
    }
    let mut files = Vec::new();
    let describe =
        |out: &Output, source: &str, name: &str, source_kind, instansi: &str, kind| SourceFile {
            source: source.to_owned(),
            source_name: name.to_owned(),
            source_kind,
            instansi: instansi.to_owned(),
            path: out.path.clone(),
            kind,
            rows: out.rows - 1,
            stated_on: config.today,
        };
    for (at, agency) in agencies.iter().enumerate() {
        let rng = &mut Rng::new(config.seed, at as u64, 50);
        let workbook = rng.below(3) == 0 && bounds[at + 1] - bounds[at] <= 4_500;
        let encoding = rng.below(3);
        let spare = [
            du::npwp,
            du::nomor_bpjs,
            du::alamat,
            du::nip_lama,
            du::nama_ibu_kandung,
        ];
        let lean = rng.below(3) == 0;
        let columns: Vec<usize> = all
            .iter()
            .copied()
            .filter(|c| !lean || !spare.contains(c))
            .collect();
        let dialect = Dialect {
            separator: *rng.pick(&[&b',', &b';', &b'\t']),
            bom: encoding == 1,
            windows: encoding == 2 && !workbook,
            dates: rng.below(3),
            own_headers: rng.below(2) == 0,
            columns: columns.clone(),
        };
        let ending = if workbook { "xlsx" } else { "csv" };
        let mut out = Output::create(
            folder.join(format!("{}.{ending}", agency.code)),
            Kind::DataUtama,
            dialect,
            workbook,
        )?;
        for index in bounds[at]..bounds[at + 1] {
            let person = maker.world.person(index);
            let rng = &mut Rng::new(config.seed, index, 3);
            let (in_central, in_payroll) = (rng.chance(96_000), rng.chance(93_000));
            let own = rng.chance(97_000) || !(in_central || in_payroll);
            if own {
                maker.write(&mut out, &columns, (index, &person), 102, &[])?;
                if rng.chance(600) {
                    maker.write(&mut out, &columns, (index, &person), 103, &["duplicate"])?;
                }
            }
            if in_payroll {
                maker.write(&mut payroll, &PAYROLL, (index, &person), 101, &[])?;
            }
            if in_central {
                maker.write(&mut central, &all, (index, &person), 100, &[])?;
                for (kind, out) in &mut histories {
                    out.row(&history(*kind, &person.cells, config.today))?;
                }
            }
        }
        // Those who came from the next agency still stand here.
        let next = (at + 1) % agencies.len();
        for index in bounds[next]..bounds[next + 1] {
            if Rng::new(config.seed, index, 4).chance(800) {
                let mut person = maker.world.person(index);
                agency
                    .name
                    .clone_into(&mut person.cells[du::instansi_induk]);
                agency
                    .name
                    .clone_into(&mut person.cells[du::instansi_kerja]);
                maker.write(&mut out, &columns, (index, &person), 104, &["mover"])?;
            }
        }
        out.finish()?;
        files.push(describe(
            &out,
            &agency.code,
            &format!("SIMPEG {}", agency.name),
            SourceKind::Agency,
            &agency.name,
            Kind::DataUtama,
        ));
    }
    for index in config.persons..config.persons + ghosts {
        let mut person = maker.world.person(index);
        person.left = false;
        let agency = &agencies[(index % agencies.len() as u64) as usize];
        agency
            .name
            .clone_into(&mut person.cells[du::instansi_induk]);
        maker.write(&mut payroll, &PAYROLL, (index, &person), 101, &["ghost"])?;
    }
    for (out, code, name, kind) in [
        (
            &mut central,
            "pusat",
            "Sistem kepegawaian pusat",
            SourceKind::Central,
        ),
        (
            &mut payroll,
            "gaji",
            "Sistem penggajian",
            SourceKind::Payroll,
        ),
    ] {
        out.finish()?;
        files.push(describe(out, code, name, kind, "", Kind::DataUtama));
    }
    for (kind, mut out) in histories {
        out.finish()?;
        files.push(describe(
            &out,
            "pusat",
            "Sistem kepegawaian pusat",
            SourceKind::Central,
            "",
            kind,
        ));
    }
    maker.truth.flush().map_err(|source| SynthError::Io {
        path: truth_path.clone(),
        source,
    })?;
    Ok(Country {
        files,
        truth: truth_path,
        persons: config.persons,
        ghosts,
        faults: maker.faults,
    })
}

fn history(kind: Kind, person: &[String], today: Date) -> Vec<String> {
    let mut row = vec![String::new(); kind.columns().len()];
    row[0].clone_from(&person[du::nip]);
    let mut copy = |to: usize, from: usize| row[to].clone_from(&person[from]);
    match kind {
        Kind::Golongan => {
            copy(golongan::golongan, du::golongan);
            copy(golongan::tmt_golongan, du::tmt_golongan);
            copy(golongan::sk_tanggal, du::tmt_golongan);
            row[golongan::sk_nomor] = format!("823/{}/SK", &person[du::nip][14..]);
            "101".clone_into(&mut row[golongan::jenis_kp]);
        }
        Kind::Jabatan => {
            copy(jabatan::jenis_jabatan, du::jenis_jabatan);
            copy(jabatan::jabatan, du::jabatan);
            copy(jabatan::eselon, du::eselon);
            copy(jabatan::unor, du::unor);
            copy(jabatan::instansi_kerja, du::instansi_kerja);
            copy(jabatan::tmt_jabatan, du::tmt_jabatan);
            row[jabatan::sk_nomor] = format!("821/{}/SK", &person[du::nip][14..]);
        }
        Kind::Pendidikan => {
            copy(pendidikan::tingkat_pendidikan, du::tingkat_pendidikan);
            copy(pendidikan::pendidikan, du::pendidikan);
            copy(pendidikan::tahun_lulus, du::tahun_lulus);
            copy(pendidikan::gelar_belakang, du::gelar_belakang);
        }
        _ => {
            row[kinerja::tahun] = (today.year() - 1).to_string();
            "SESUAI ESPEKTASI".clone_into(&mut row[kinerja::hasil_kinerja]);
            "SESUAI ESPEKTASI".clone_into(&mut row[kinerja::perilaku_kerja]);
            "BAIK".clone_into(&mut row[kinerja::predikat]);
        }
    }
    row
}
