//! One made-up civil servant: a pure function of the seed and a number, so no person is kept in memory.

use jiff::civil::{Date, date};
use satu_domain::schema::data_utama as du;
use satu_domain::{Kind, TingkatPendidikan};

use crate::names;
use crate::rng::Rng;

pub type Cells = Vec<String>;

/// Level, programme and title of each education (shares: BKN, 1 November 2025).
const EDUCATION: [(&str, &str, &str, u64); 13] = [
    ("SD", "Sekolah Dasar", "", 1),
    ("SLTP", "SLTP", "", 2),
    ("SLTA", "SLTA IPS", "", 12),
    ("D-II", "D-II PGSD", "A.Ma.", 2),
    ("D-III", "D-III Keperawatan", "A.Md.Kep.", 5),
    ("D-III", "D-III Kebidanan", "A.Md.Keb.", 5),
    ("S-1", "S-1 Pendidikan Guru Sekolah Dasar", "S.Pd.", 30),
    ("S-1", "S-1 Ekonomi", "S.E.", 14),
    ("S-1", "S-1 Ilmu Hukum", "S.H.", 10),
    ("S-1", "S-1 Teknik Sipil", "S.T.", 8),
    ("S-2", "S-2 Administrasi Publik", "M.Si.", 6),
    ("S-2", "S-2 Manajemen Pendidikan", "M.Pd.", 4),
    ("S-3", "S-3 Administrasi Publik", "M.Si.", 1),
];
const RANKS: [u8; 17] = [
    11, 12, 13, 14, 21, 22, 23, 24, 31, 32, 33, 34, 41, 42, 43, 44, 45,
];

/// The country as persons see it.
pub struct World<'a> {
    pub seed: u64,
    pub total: u64,
    pub today: Date,
    pub agencies: &'a [crate::country::Agency],
    /// Where each agency's persons begin, and the end.
    pub bounds: &'a [u64],
}

/// A person: the true cells, and what the faults need to know.
pub struct Person {
    pub cells: Cells,
    pub woman: bool,
    /// An earlier NIP as PPPK.
    pub earlier_nip: Option<String>,
    /// Has left the service, in the central system's knowledge.
    pub left: bool,
    /// `twin` or `namesake` where the person resembles the one before.
    pub resembles: Option<&'static str>,
}

struct Core {
    woman: bool,
    pppk: bool,
    start: Date,
    birth_year: i16,
}

fn rank(code: u8) -> String {
    let roman = ["I", "II", "III", "IV"][usize::from(code / 10 - 1)];
    format!("{roman}/{}", char::from(b'a' + code % 10 - 1))
}

impl World<'_> {
    pub fn agency_of(&self, index: u64) -> usize {
        (self.bounds.partition_point(|b| *b <= index) - 1).min(self.agencies.len() - 1)
    }

    /// Spreads numbers so that neighbours share neither birthday nor serial.
    fn spread(&self, index: u64) -> u64 {
        let mut step = (self.total * 618 / 1000) | 1;
        while gcd(step, self.total) != 1 {
            step += 2;
        }
        (u128::from(index) * u128::from(step) % u128::from(self.total)) as u64
    }

    fn core(&self, slot: u64, attempt: u64) -> Core {
        let rng = &mut Rng::new(self.seed, slot, 10 + attempt);
        let (woman, pppk) = (rng.chance(56_000), rng.chance(36_000));
        let years = if pppk {
            rng.between(0, 4)
        } else {
            match rng.weighted(&[19, 17, 22, 40, 2]) {
                0 => rng.between(0, 4),
                1 => rng.between(6, 14),
                2 => rng.between(15, 20),
                3 => rng.between(21, 30),
                _ => rng.between(31, 34),
            }
        };
        let months = years * 12 + rng.between(1, 11);
        let now = self.today.year() * 12 + i16::from(self.today.month()) - 1 - months;
        let start = date(now / 12, (now % 12 + 1) as i8, 1);
        let age = if pppk {
            rng.between(22, 45) + rng.between(0, 7)
        } else {
            rng.between(21, 35).min(56 - years)
        };
        Core {
            woman,
            pppk,
            start,
            birth_year: start.year() - age,
        }
    }

    /// Numbers 364,635 apart share birthday and serial: the later one draws again until it differs.
    fn own_core(&self, slot: u64) -> Core {
        const BLOCK: u64 = 999 * 365;
        let mut taken: Vec<(i16, Date, bool)> = Vec::new();
        let mut at = slot % BLOCK;
        loop {
            let mut attempt = 0;
            let core = loop {
                let core = self.core(at, attempt);
                if !taken.contains(&(core.birth_year, core.start, core.woman)) {
                    break core;
                }
                attempt += 1;
            };
            if at == slot {
                return core;
            }
            taken.push((core.birth_year, core.start, core.woman));
            at += BLOCK;
        }
    }

    pub fn person(&self, index: u64) -> Person {
        let rng = &mut Rng::new(self.seed, index, 1);
        // Some resemble the one before: a twin, or another person of the same name and birth date.
        let like = |index: u64| Rng::new(self.seed, index, 2).below(1000);
        let follows = index > 0
            && self.agency_of(index - 1) == self.agency_of(index)
            && like(index) < 4
            && like(index - 1) >= 4;
        let (twin, namesake) = (follows && like(index) < 2, follows && like(index) >= 2);
        let agency = &self.agencies[self.agency_of(index)];
        let slot = self.spread(index);
        let birth_slot = if follows {
            self.spread(index - 1)
        } else {
            slot
        };
        let core = self.own_core(birth_slot);
        let woman = core.woman;
        let day = (birth_slot / 999 + birth_slot % 999 * 7) % 365;
        let birth = date(core.birth_year, 1, 1).saturating_add(jiff::Span::new().days(day as i64));
        let left = !core.pppk && core.birth_year + 54 < self.today.year() && rng.chance(8_000);
        let province = agency
            .province
            .unwrap_or_else(|| *rng.pick(&[&31u8, &32, &33, &35, &36, &12, &73]));
        let people = names::people_of(province, rng);
        let mut name = names::name(people, woman, rng);
        let mut mother = names::name(people, true, rng);
        let mut place = rng
            .often(&agency.places.iter().map(String::as_str).collect::<Vec<_>>())
            .to_owned();
        if follows {
            let other = self.person_alone(index - 1);
            if twin {
                let end = name.rsplit(' ').next().unwrap_or_default().to_owned();
                let first = other.0.split(' ').next().unwrap_or_default().to_owned();
                name = format!("{first} {end}");
                place = other.1;
                mother = other.2;
            } else {
                name = other.0;
            }
        }
        let years = i64::from(satu_domain::dates::whole_years(core.start, self.today));
        let (mut level, program, title, _) = EDUCATION[rng.weighted(&EDUCATION.map(|e| e.3))];
        if level.is_empty() {
            level = "S-1";
        }
        let span =
            TingkatPendidikan::parse(level).map_or((31, 34), TingkatPendidikan::regular_span);
        let low = RANKS.iter().position(|r| *r == span.0).unwrap_or(0);
        let high = RANKS.iter().position(|r| *r == span.1).unwrap_or(low);
        let steps = (high - low).min((years / 4) as usize);
        let golongan = if core.pppk {
            match level {
                "SD" => "I",
                "SLTP" => "IV",
                "SLTA" => "V",
                "D-II" => "VI",
                "D-III" => "VII",
                "S-1" => "IX",
                "S-2" => "X",
                _ => "XI",
            }
            .to_owned()
        } else {
            rank(RANKS[low + steps])
        };
        let graded = date(
            core.start.year() + 4 * if core.pppk { 0 } else { steps as i16 },
            core.start.month(),
            1,
        );
        let sex = if woman { 2 } else { 1 };
        let digits = format!("{}{:02}{:02}", birth.year(), birth.month(), birth.day());
        let serial = slot % 999 + 1;
        let class = if core.pppk { 21 } else { core.start.month() };
        let nip = format!("{digits}{}{class:02}{sex}{serial:03}", core.start.year());
        let recent = !core.pppk && core.start.year() >= 2022 && rng.chance(12_000);
        let earlier_nip =
            recent.then(|| format!("{digits}{}22{sex}{serial:03}", core.start.year() - 1));
        let mut cells = vec![String::new(); Kind::DataUtama.columns().len()];
        let mut set = |column: usize, value: &str| value.clone_into(&mut cells[column]);
        let region = u32::from(province) * 100 + 1 + rng.below(9) as u32;
        let nik_day = birth.day() + if woman { 40 } else { 0 };
        set(
            du::nik,
            &format!(
                "{region}{:02}{nik_day:02}{:02}{:02}{:04}",
                rng.between(1, 20),
                birth.month(),
                birth.year() % 100,
                1 + rng.below(9998)
            ),
        );
        set(du::nip, &nip);
        if core.start.year() < 2008 {
            set(
                du::nip_lama,
                &format!(
                    "{}{:07}",
                    rng.pick(&["13", "50", "40", "39"]),
                    rng.below(9_999_999)
                ),
            );
        }
        set(du::nama, &name);
        set(du::gelar_depan, if level == "S-3" { "Dr." } else { "" });
        set(du::gelar_belakang, title);
        set(du::tempat_lahir, &place);
        set(du::tanggal_lahir, &birth.to_string());
        set(du::jenis_kelamin, if woman { "P" } else { "L" });
        set(du::agama, names::religion(people, rng));
        set(
            du::status_kawin,
            if rng.chance(82_000) {
                "Menikah"
            } else {
                "Belum Kawin"
            },
        );
        set(du::nama_ibu_kandung, &mother);
        let user: String = name
            .to_lowercase()
            .chars()
            .filter(char::is_ascii_lowercase)
            .collect();
        set(
            du::email,
            &format!("{user}{}@contoh.go.id", rng.below(1_000_000)),
        );
        set(
            du::nomor_hp,
            &format!("08{}{:08}", rng.between(11, 59), rng.below(100_000_000)),
        );
        set(
            du::alamat,
            &format!(
                "Jl. {} No. {}, {place}",
                rng.pick(&["Merdeka", "Sudirman", "Diponegoro", "Melati", "Kartini"]),
                1 + rng.below(200)
            ),
        );
        set(
            du::npwp,
            &format!(
                "{:015}",
                100_000_000_000_000 + rng.below(800_000_000_000_000)
            ),
        );
        set(
            du::nomor_bpjs,
            &format!("0001{:09}", rng.below(1_000_000_000)),
        );
        set(
            du::jenis_pegawai,
            if core.pppk {
                "PPPK"
            } else if years < 1 {
                "CPNS"
            } else {
                "PNS"
            },
        );
        set(du::kedudukan_hukum, if left { "88" } else { "Aktif" });
        if !core.pppk {
            set(du::tmt_cpns, &core.start.to_string());
            if years >= 1 {
                set(
                    du::tmt_pns,
                    &date(core.start.year() + 1, core.start.month(), 1).to_string(),
                );
            }
        }
        set(du::golongan, &golongan);
        set(du::tmt_golongan, &graded.to_string());
        set(du::masa_kerja_tahun, &years.to_string());
        set(
            du::masa_kerja_bulan,
            &((i16::from(self.today.month()) - i16::from(core.start.month())).rem_euclid(12))
                .to_string(),
        );
        let higher = matches!(level, "S-1" | "S-2" | "S-3");
        let kind = if higher && !core.pppk && years >= 8 && rng.chance(19_000) {
            0
        } else if rng.chance(67_000) {
            1
        } else {
            2
        };
        let grade = if years < 8 {
            "Ahli Pertama"
        } else if years < 18 {
            "Ahli Muda"
        } else {
            "Ahli Madya"
        };
        let (kind_name, position) = match (kind, title) {
            (0, _) => (
                "Struktural",
                format!(
                    "Kepala {}",
                    rng.pick(&[
                        "Bidang Perencanaan",
                        "Subbagian Umum",
                        "Seksi Pelayanan",
                        "Bagian Keuangan"
                    ])
                ),
            ),
            (1, "S.Pd." | "M.Pd." | "A.Ma.") => ("Fungsional", format!("Guru {grade}")),
            (1, "A.Md.Kep.") => ("Fungsional", "Perawat Terampil".to_owned()),
            (1, "A.Md.Keb.") => ("Fungsional", "Bidan Terampil".to_owned()),
            (1, "") => ("Fungsional", "Pranata Komputer Terampil".to_owned()),
            (1, _) => (
                "Fungsional",
                format!(
                    "{} {grade}",
                    rng.pick(&["Analis Kebijakan", "Perencana", "Auditor", "Analis Hukum"])
                ),
            ),
            _ => (
                "Pelaksana",
                rng.pick(&[
                    "Penata Layanan Operasional",
                    "Pengadministrasi Perkantoran",
                    "Operator Layanan Operasional",
                ])
                .to_owned(),
            ),
        };
        set(du::jenis_jabatan, kind_name);
        set(du::jabatan, &position);
        set(
            du::eselon,
            if kind == 0 {
                rng.often(&["IV.a", "III.b", "III.a", "II.b"])
            } else {
                ""
            },
        );
        set(du::tmt_jabatan, &graded.to_string());
        set(du::tingkat_pendidikan, level);
        set(du::pendidikan, program);
        set(
            du::tahun_lulus,
            &(birth.year() + if higher { 23 } else { 19 }).to_string(),
        );
        set(du::instansi_induk, &agency.name);
        set(du::instansi_kerja, &agency.name);
        set(
            du::unor,
            rng.often(&[
                "Dinas Pendidikan",
                "Dinas Kesehatan",
                "Sekretariat – Bagian Umum",
                "Inspektorat",
                "Dinas Perhubungan",
                "Badan Kepegawaian",
            ]),
        );
        // A central body has offices in several towns, the most persons in the first.
        let office = match agency.province {
            None => (index % 7).min(index / 7 % 7) as usize,
            Some(_) => 0,
        };
        set(
            du::lokasi_kerja,
            agency.places.get(office).map_or("", String::as_str),
        );
        Person {
            cells,
            woman,
            earlier_nip,
            left,
            resembles: if twin {
                Some("twin")
            } else {
                namesake.then_some("namesake")
            },
        }
    }

    /// Name, place and mother of a person whom another one resembles.
    fn person_alone(&self, index: u64) -> (String, String, String) {
        let cells = self.person(index).cells;
        let cell = |column: usize| cells[column].clone();
        (
            cell(du::nama),
            cell(du::tempat_lahir),
            cell(du::nama_ibu_kandung),
        )
    }
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
