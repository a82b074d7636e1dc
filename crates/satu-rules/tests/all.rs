//! Every rule with a row that breaks it and one that does not. All persons are made up.

#![allow(clippy::unwrap_used)] // a test that panics has failed, as it should

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::civil::date;
use satu_domain::Kind;
use satu_domain::schema::is_date;
use satu_rules::{CodeLists, CrossRow, FileRule, Severity, Standard};

static STANDARD: LazyLock<Standard> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("satu-rules-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("instansi.csv"), "id,nama\nX1,Kota Contoh\n").unwrap();
    let mut lists = CodeLists::core();
    let loaded = lists.load_dir(&folder).unwrap();
    assert_eq!(
        loaded,
        [("instansi".to_owned(), folder.join("instansi.csv"))]
    );
    Standard::new(lists, date(2026, 11, 24))
});

/// A row of each kind that breaks no rule.
fn clean(kind: Kind) -> Vec<(&'static str, &'static str)> {
    match kind {
        Kind::DataUtama => vec![
            ("nip", "198503172010012005"),
            ("nik", "3273015703850004"),
            ("nama", "Contoh Nama"),
            ("nip_lama", "130123456"),
            ("tanggal_lahir", "17-03-1985"),
            ("jenis_kelamin", "P"),
            ("agama", "Islam"),
            ("status_kawin", "1"),
            ("email", "a@contoh.id"),
            ("nomor_hp", "081234567890"),
            ("npwp", "3273015703850004"),
            ("nomor_bpjs", "0001234567890"),
            ("jenis_pegawai", "PNS"),
            ("kedudukan_hukum", "01"),
            ("tmt_cpns", "2010-01-01"),
            ("tmt_pns", "2011-01-01"),
            ("golongan", "III/c"),
            ("tmt_golongan", "2020-04-01"),
            ("masa_kerja_tahun", "10"),
            ("masa_kerja_bulan", "3"),
            ("jenis_jabatan", "Pelaksana"),
            ("jabatan", "Pengolah Data"),
            ("tmt_jabatan", "2015-01-01"),
            ("tingkat_pendidikan", "S-1"),
            ("tahun_lulus", "2008"),
            ("instansi_induk", "Kota Contoh"),
            ("instansi_kerja", "x1"),
        ],
        Kind::Golongan => vec![
            ("nip", "198503172010012005"),
            ("golongan", "III/c"),
            ("tmt_golongan", "2020-04-01"),
            ("sk_nomor", "1"),
            ("sk_tanggal", "2020-03-01"),
            ("jenis_kp", "101"),
            ("masa_kerja_bulan", "3"),
        ],
        Kind::Jabatan => vec![
            ("nip", "198503172010012005"),
            ("jenis_jabatan", "1"),
            ("jabatan", "Kepala Seksi"),
            ("eselon", "IV.a"),
            ("tmt_jabatan", "2020-04-01"),
            ("tmt_pelantikan", "2020-04-02"),
            ("sk_tanggal", "2020-03-01"),
        ],
        Kind::Pendidikan => vec![
            ("nip", "198503172010012005"),
            ("tingkat_pendidikan", "S-1"),
            ("tahun_lulus", "2008"),
            ("tanggal_lulus", "2008-08-08"),
            ("gelar_belakang", "S.E."),
        ],
        Kind::Keluarga => vec![
            ("nip", "198503172010012005"),
            ("hubungan", "anak"),
            ("nama", "Contoh Anak"),
            ("tanggal_lahir", "2012-01-02"),
            ("jenis_kelamin", "L"),
            ("nik", "3273010201120001"),
            ("tanggal_menikah", "2010-02-02"),
            ("tanggal_cerai", "2020-02-02"),
        ],
        Kind::Kinerja => vec![
            ("nip", "198503172010012005"),
            ("tahun", "2025"),
            ("hasil_kinerja", "1"),
            ("perilaku_kerja", "2"),
            ("predikat", "BAIK"),
        ],
        Kind::Diklat => vec![
            ("nip", "198503172010012005"),
            ("jenis_diklat", "3"),
            ("nama_diklat", "Kearsipan"),
            ("tanggal_mulai", "2020-01-01"),
            ("tanggal_selesai", "2020-01-03"),
            ("jumlah_jam", "24"),
        ],
        Kind::HukumanDisiplin => vec![
            ("nip", "198503172010012005"),
            ("jenis_hukuman", "1"),
            ("sk_nomor", "1"),
            ("tmt_hukuman", "2020-01-01"),
            ("tanggal_akhir", "2020-07-01"),
        ],
        Kind::Penghargaan => vec![
            ("nip", "198503172010012005"),
            ("jenis_penghargaan", "201"),
            ("sk_tanggal", "2020-08-17"),
        ],
        Kind::RiwayatLain => vec![
            ("nip", "198503172010012005"),
            ("jenis", "sertifikasi"),
            ("tanggal", "2020-08-17"),
        ],
    }
}

/// For each rule, the cells that turn a clean row into one that breaks it.
const BREAKS: &[(&str, &[(&str, &str)])] = &[
    ("DU-001", &[("nip", ""), ("nik", "")]),
    ("DU-002", &[("nip", "19850317201001200")]),
    ("DU-003", &[("nip", "1.98503E+17")]),
    ("DU-004", &[("nip_lama", "13")]),
    ("DU-005", &[("nik", "327301570385000")]),
    ("DU-006", &[("nik", "0000000000000000")]),
    ("DU-007", &[("nik", "2973015703850004")]),
    ("DU-008", &[("nik", "3273013202850004")]),
    ("DU-009", &[("nik", "3273015703850000")]),
    ("DU-010", &[("nama", "")]),
    ("DU-011", &[("nama", "123")]),
    ("DU-012", &[("nama", "Contoh, S.E.")]),
    ("DU-013", &[("nama", "C0ntoh")]),
    ("DU-014", &[("nama", "=cmd()")]),
    ("DU-015", &[("nama", "Contoh\u{1}")]),
    ("DU-016", &[("tanggal_lahir", "")]),
    ("DU-017", &[("tanggal_lahir", "31-02-1985")]),
    ("DU-018", &[("tanggal_lahir", "2027-01-01")]),
    ("DU-019", &[("tanggal_lahir", "2010-01-01")]),
    ("DU-020", &[("tanggal_lahir", "1985-03-18")]),
    ("DU-021", &[("jenis_kelamin", "L")]),
    ("DU-022", &[("tanggal_lahir", "1985-03-18")]),
    ("DU-023", &[("jenis_kelamin", "L")]),
    ("DU-024", &[("jenis_kelamin", "X")]),
    ("DU-025", &[("agama", "lain sekali")]),
    ("DU-026", &[("status_kawin", "9")]),
    ("DU-027", &[("email", "a@b")]),
    ("DU-028", &[("nomor_hp", "0812")]),
    ("DU-029", &[("npwp", "12")]),
    ("DU-030", &[("nomor_bpjs", "12")]),
    ("DU-031", &[("tempat_lahir", "a\u{0}b")]),
    ("DU-032", &[("nama_ibu_kandung", "a\u{0}b")]),
    ("DU-033", &[("alamat", "a\u{0}b")]),
    ("DU-040", &[("jenis_pegawai", "honorer")]),
    ("DU-041", &[("kedudukan_hukum", "cuti")]),
    ("DU-042", &[("tmt_cpns", "2010")]),
    ("DU-043", &[("tmt_pns", "2010")]),
    ("DU-044", &[("tmt_golongan", "2010")]),
    ("DU-045", &[("tmt_jabatan", "2010")]),
    ("DU-046", &[("tmt_cpns", "2027-01-01")]),
    ("DU-047", &[("tmt_cpns", "2010-02-01")]),
    ("DU-048", &[("tmt_pns", "2009-01-01")]),
    ("DU-049", &[("tmt_golongan", "2009-01-01")]),
    ("DU-050", &[("tmt_jabatan", "2009-01-01")]),
    ("DU-051", &[("tmt_cpns", "2001-01-01")]),
    ("DU-052", &[("tmt_cpns", "2026-04-01")]),
    ("DU-053", &[("golongan", "V/a")]),
    ("DU-054", &[("golongan", "IX")]),
    ("DU-055", &[("golongan", "II/a")]),
    ("DU-056", &[("jenis_pegawai", "PPPK")]),
    ("DU-057", &[("masa_kerja_tahun", "banyak")]),
    ("DU-058", &[("masa_kerja_bulan", "12")]),
    ("DU-059", &[("masa_kerja_tahun", "27")]),
    ("DU-060", &[("jenis_jabatan", "raja")]),
    ("DU-061", &[("eselon", "VI")]),
    ("DU-062", &[("jenis_jabatan", "Struktural")]),
    ("DU-063", &[("jabatan", "")]),
    ("DU-064", &[("tingkat_pendidikan", "S-9")]),
    ("DU-065", &[("tahun_lulus", "08")]),
    ("DU-066", &[("tahun_lulus", "1990")]),
    ("DU-067", &[("tanggal_lahir", "1950-03-17")]),
    ("DU-068", &[("tanggal_lahir", "1967-03-17")]),
    ("DU-069", &[("kedudukan_hukum", "99")]),
    ("DU-070", &[("instansi_induk", "Kota Entah")]),
    ("DU-071", &[("instansi_kerja", "Kota Entah")]),
    ("DU-072", &[("unor", "a\u{0}b")]),
    ("DU-073", &[("nip", "")]),
    ("DU-074", &[("tmt_cpns", "")]),
    ("GOL-001", &[("nip", "")]),
    ("GOL-002", &[("nip", "1")]),
    ("GOL-003", &[("golongan", "")]),
    ("GOL-004", &[("golongan", "V/z")]),
    ("GOL-005", &[("tmt_golongan", "")]),
    ("GOL-006", &[("tmt_golongan", "kemarin")]),
    ("GOL-007", &[("sk_nomor", "")]),
    ("GOL-008", &[("sk_tanggal", "kemarin")]),
    ("GOL-009", &[("jenis_kp", "999")]),
    ("GOL-010", &[("tmt_golongan", "2009-01-01")]),
    ("GOL-011", &[("golongan", "IX")]),
    ("GOL-012", &[("masa_kerja_bulan", "12")]),
    ("GOL-013", &[("tanggal_pertek", "kemarin")]),
    ("JAB-001", &[("nip", "")]),
    ("JAB-002", &[("nip", "1")]),
    ("JAB-003", &[("jabatan", "")]),
    ("JAB-004", &[("jenis_jabatan", "raja")]),
    ("JAB-005", &[("tmt_jabatan", "")]),
    ("JAB-006", &[("tmt_jabatan", "kemarin")]),
    ("JAB-007", &[("eselon", "")]),
    ("JAB-008", &[("eselon", "VI")]),
    ("JAB-009", &[("tmt_pelantikan", "kemarin")]),
    ("JAB-010", &[("sk_tanggal", "kemarin")]),
    ("PEN-001", &[("nip", "")]),
    ("PEN-002", &[("nip", "1")]),
    ("PEN-003", &[("tingkat_pendidikan", "")]),
    ("PEN-004", &[("tingkat_pendidikan", "S-9")]),
    ("PEN-005", &[("tahun_lulus", "08")]),
    ("PEN-006", &[("tanggal_lulus", "kemarin")]),
    ("PEN-007", &[("tahun_lulus", "2009")]),
    ("PEN-008", &[("tingkat_pendidikan", "SMA")]),
    ("KEL-001", &[("nip", "")]),
    ("KEL-002", &[("nip", "1")]),
    ("KEL-003", &[("hubungan", "tetangga")]),
    ("KEL-004", &[("nama", "")]),
    ("KEL-005", &[("tanggal_lahir", "kemarin")]),
    ("KEL-006", &[("jenis_kelamin", "X")]),
    ("KEL-007", &[("nik", "1")]),
    ("KEL-008", &[("tanggal_menikah", "kemarin")]),
    ("KEL-009", &[("tanggal_cerai", "2009-01-01")]),
    ("KEL-010", &[("tanggal_lahir", "1980-01-01")]),
    ("KEL-011", &[("tanggal_cerai", "kemarin")]),
    ("KEL-012", &[("tanggal_meninggal", "kemarin")]),
    ("KIN-001", &[("nip", "")]),
    ("KIN-002", &[("nip", "1")]),
    ("KIN-003", &[("tahun", "")]),
    ("KIN-004", &[("tahun", "25")]),
    ("KIN-005", &[("hasil_kinerja", "7")]),
    ("KIN-006", &[("perilaku_kerja", "7")]),
    ("KIN-007", &[("predikat", "LUMAYAN")]),
    ("KIN-008", &[("predikat", "SANGAT BAIK")]),
    ("DIK-001", &[("nip", "")]),
    ("DIK-002", &[("nip", "1")]),
    ("DIK-003", &[("nama_diklat", "")]),
    ("DIK-004", &[("jenis_diklat", "99")]),
    ("DIK-005", &[("tanggal_selesai", "kemarin")]),
    ("DIK-006", &[("tanggal_selesai", "2019-01-01")]),
    ("DIK-007", &[("jumlah_jam", "0")]),
    ("DIK-008", &[("tanggal_mulai", "kemarin")]),
    ("HKD-001", &[("nip", "")]),
    ("HKD-002", &[("nip", "1")]),
    ("HKD-003", &[("jenis_hukuman", "")]),
    ("HKD-004", &[("jenis_hukuman", "999")]),
    ("HKD-005", &[("sk_nomor", "")]),
    ("HKD-006", &[("tmt_hukuman", "kemarin")]),
    ("HKD-007", &[("tanggal_akhir", "2019-01-01")]),
    ("HKD-008", &[("sk_tanggal", "kemarin")]),
    ("HKD-009", &[("tanggal_akhir", "kemarin")]),
    ("PGH-001", &[("nip", "")]),
    ("PGH-002", &[("nip", "1")]),
    ("PGH-003", &[("jenis_penghargaan", "")]),
    ("PGH-004", &[("jenis_penghargaan", "999")]),
    ("PGH-005", &[("sk_tanggal", "kemarin")]),
    ("PGH-006", &[("sk_tanggal", "2027-01-01")]),
    ("RWL-001", &[("nip", "")]),
    ("RWL-002", &[("nip", "1")]),
    ("RWL-003", &[("jenis", "")]),
    ("RWL-004", &[("tanggal", "kemarin")]),
];

fn row(kind: Kind, edits: &[(&str, &'static str)]) -> Vec<&'static str> {
    let mut cells = vec![""; kind.columns().len()];
    for (column, value) in clean(kind).iter().chain(edits) {
        cells[kind.position(column).unwrap()] = value;
    }
    cells
}

fn broken(standard: &Standard, kind: Kind, cells: &[&str]) -> Vec<&'static str> {
    let mut findings = Vec::new();
    standard.check_row(kind, cells, &mut findings);
    findings.iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn each_rule_finds_its_row_and_leaves_the_clean_one_alone() {
    let standard = &*STANDARD;
    for kind in Kind::ALL {
        assert_eq!(
            broken(standard, kind, &row(kind, &[])),
            Vec::<&str>::new(),
            "{}",
            kind.name()
        );
    }
    for rule in standard.rules() {
        if matches!(rule.id, "DU-090" | "DU-091") {
            continue;
        }
        let edits = BREAKS
            .iter()
            .find(|(id, _)| *id == rule.id)
            .unwrap_or_else(|| panic!("{} has no breaking row", rule.id))
            .1;
        let found = broken(standard, rule.kind, &row(rule.kind, edits));
        assert!(found.contains(&rule.id), "{} not in {found:?}", rule.id);
    }
}

#[test]
fn a_column_of_dates_takes_dates_alone() {
    for kind in Kind::ALL {
        for column in kind.columns().iter().filter(|column| is_date(column)) {
            let mut findings = Vec::new();
            let cells = row(kind, &[(column, "31-02-2020")]);
            STANDARD.check_row(kind, &cells, &mut findings);
            let refused = findings.iter().any(|finding| {
                kind.columns()[finding.column] == *column
                    && finding.rule.severity == Severity::Error
            });
            assert!(refused, "{} {column}", kind.name());
        }
    }
}

#[test]
fn family_has_the_words_that_the_service_of_siasn_tells_apart() {
    let told = |edits: &[(&str, &'static str)]| {
        broken(&STANDARD, Kind::Keluarga, &row(Kind::Keluarga, edits))
    };
    for word in ["Pasangan", "SUAMI", "istri", "Ayah", "IBU"] {
        let elder = [("hubungan", word), ("tanggal_lahir", "1958-01-01")];
        assert_eq!(told(&elder), Vec::<&str>::new(), "{word}");
    }
    for word in ["Anak", "Anak Kandung", "ANAK ANGKAT", "anak tiri"] {
        assert_eq!(told(&[("hubungan", word)]), Vec::<&str>::new(), "{word}");
        let elder = [("hubungan", word), ("tanggal_lahir", "1980-01-01")];
        let found = if word == "anak tiri" {
            vec![]
        } else {
            vec!["KEL-010"]
        };
        assert_eq!(told(&elder), found, "{word}");
    }
}

#[test]
fn a_legal_state_is_one_of_the_list_by_code_or_by_name() {
    let told = |state| {
        let cells = row(Kind::DataUtama, &[("kedudukan_hukum", state)]);
        broken(&STANDARD, Kind::DataUtama, &cells)
    };
    for state in ["", "01", "1", "15", "aktif", "Tugas Belajar"] {
        assert_eq!(told(state), Vec::<&str>::new(), "{state}");
    }
    for state in ["45", "10", "00", "0", "100", "001"] {
        assert_eq!(told(state), ["DU-041"], "{state}");
    }
    // A list that the register loads counts in place of the one that ships.
    let mut lists = CodeLists::core();
    let own = "id,nama\n45,Contoh\n".as_bytes();
    lists.add("kedudukan_hukum", own).unwrap();
    let own = Standard::new(lists, date(2026, 11, 24));
    for (state, found) in [("45", vec![]), ("01", vec!["DU-041"])] {
        let cells = row(Kind::DataUtama, &[("kedudukan_hukum", state)]);
        let told = broken(&own, Kind::DataUtama, &cells);
        let told: Vec<_> = told.into_iter().filter(|id| *id == "DU-041").collect();
        assert_eq!(told, found, "{state}");
    }
}

#[test]
fn expectations_are_read_as_the_regulation_and_as_the_list_spell_them() {
    let told = |result, behaviour, predicate| {
        let edits = [
            ("hasil_kinerja", result),
            ("perilaku_kerja", behaviour),
            ("predikat", predicate),
        ];
        broken(&STANDARD, Kind::Kinerja, &row(Kind::Kinerja, &edits))
    };
    // The nine of PermenPANRB 6/2022.
    let (above, at, below) = (
        "Di Atas Ekspektasi",
        "Sesuai Ekspektasi",
        "Di Bawah Ekspektasi",
    );
    for (result, behaviour, predicate) in [
        (above, above, "Sangat Baik"),
        (above, at, "Baik"),
        (at, above, "Baik"),
        (at, at, "Baik"),
        (below, above, "Butuh Perbaikan"),
        (below, at, "Butuh Perbaikan"),
        (above, below, "Kurang"),
        (at, below, "Kurang"),
        (below, below, "Sangat Kurang"),
    ] {
        assert_eq!(told(result, behaviour, predicate), Vec::<&str>::new());
    }
    assert_eq!(told(below, below, "Sangat Baik"), ["KIN-008"]);
    assert_eq!(told("DIATAS ESPEKTASI", "1", "Baik"), ["KIN-008"]);
    let listed = told("DIBAWAH ESPEKTASI", "DIBAWAH ESPEKTASI", "5");
    assert_eq!(listed, Vec::<&str>::new());
    assert_eq!(told("di atas", "2", "Baik"), ["KIN-005"]);
}

#[test]
fn the_same_number_twice_is_found_across_rows() {
    let mut cross = CrossRow::default();
    let mut found = Vec::new();
    let mut observe = |edits: &[(&str, &'static str)], number| {
        let cells = row(Kind::DataUtama, edits);
        let numbers = STANDARD.check_row(Kind::DataUtama, &cells, &mut Vec::new());
        cross.observe(Kind::DataUtama, numbers, number, &mut found);
    };
    observe(&[], 2);
    observe(&[("nip", "198001012005011001"), ("nik", "")], 3);
    observe(&[], 4);
    observe(&[("nip", "198503172010012006")], 5);
    let told: Vec<_> = found.iter().map(|f| (f.rule.id, f.other_row)).collect();
    assert_eq!(told, [("DU-090", 2), ("DU-091", 2)]);
}

#[test]
fn the_standard_is_whole() {
    let standard = &*STANDARD;
    let of_files = FileRule::ALL.map(|rule| rule.id);
    let ids: BTreeSet<_> = standard
        .rules()
        .iter()
        .map(|rule| rule.id)
        .chain(of_files)
        .collect();
    let rules = standard.rules().len() + of_files.len();
    assert_eq!(ids.len(), rules, "an id is used twice");
    assert!(ids.len() >= 80, "{}", ids.len());
    for rule in standard.rules() {
        for text in [rule.message_id, rule.message_en, rule.source] {
            assert!(text.len() > 5, "{}", rule.id);
        }
        assert!(matches!(rule.severity, Severity::Error | Severity::Warning));
    }
    assert!(BREAKS.iter().all(|(id, _)| ids.contains(id)));
}

#[test]
fn the_page_in_the_docs_is_the_standard_as_it_is() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/standard.md");
    let page = satu_rules::standard_markdown(&STANDARD);
    if std::env::var_os("SATU_WRITE_DOCS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(path).unwrap(),
        page,
        "run SATU_WRITE_DOCS=1 cargo test -p satu-rules"
    );
}

#[test]
fn a_short_row_or_a_strange_one_never_panics() {
    let standard = &*STANDARD;
    for kind in Kind::ALL {
        for cells in [
            vec![],
            vec![""],
            vec!["\u{0}"; 3],
            vec!["=1+1"; 60],
            vec!["ééééééééééééééééééé"; 40],
        ] {
            broken(standard, kind, &cells);
        }
    }
}
