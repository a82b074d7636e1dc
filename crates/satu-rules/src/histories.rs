//! The histories: golongan, jabatan, pendidikan, keluarga, kinerja, diklat, hukuman disiplin, penghargaan.

use satu_domain::schema::{
    diklat, golongan, hukuman_disiplin as hd, jabatan, keluarga, kinerja, pendidikan, penghargaan,
    riwayat_lain,
};
use satu_domain::{Golongan as Rank, JenisJabatan, Nik, TingkatPendidikan};

use crate::row::Row;
use crate::rule::Check::{
    Broken, Code, Date, Education, Golongan, JenisJabatan as Position, Nip, NotFuture, Number,
    Required, Sex,
};
use crate::rule::{Rule, rule};

fn is_one_of(cell: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(cell))
}

/// 1 above, 2 at, 3 below expectation.
fn expectation(cell: &str) -> Option<usize> {
    let words = [
        ["1", "DIATAS ESPEKTASI"],
        ["2", "SESUAI ESPEKTASI"],
        ["3", "DIBAWAH ESPEKTASI"],
    ];
    words.iter().position(|words| is_one_of(cell, words))
}

/// The predicate that result and behaviour give (PermenPANRB 6/2022): 1 sangat baik to 5 sangat kurang.
fn predicate(result: usize, behaviour: usize) -> usize {
    match (result, behaviour) {
        (0, 0) => 0,
        (0 | 1, 0 | 1) => 1,
        (2, 0 | 1) => 2,
        (0 | 1, _) => 3,
        _ => 4,
    }
}

fn wrong_predicate(row: &Row<'_>) -> bool {
    const NAMES: [[&str; 2]; 5] = [
        ["1", "SANGAT BAIK"],
        ["2", "BAIK"],
        ["3", "BUTUH PERBAIKAN"],
        ["4", "KURANG"],
        ["5", "SANGAT KURANG"],
    ];
    let said = NAMES
        .iter()
        .position(|names| is_one_of(row.cells[kinerja::predikat], names));
    let parts = expectation(row.cells[kinerja::hasil_kinerja])
        .zip(expectation(row.cells[kinerja::perilaku_kerja]));
    said.zip(parts)
        .is_some_and(|(said, (result, behaviour))| said != predicate(result, behaviour))
}

pub fn rules() -> Vec<Rule> {
    vec![
        rule!(
            Golongan,
            "GOL-001",
            golongan::nip,
            Error,
            Required,
            "NIP kosong: isi NIP pemilik riwayat.",
            "The NIP is empty: say whose history this is.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Golongan,
            "GOL-002",
            golongan::nip,
            Error,
            Nip,
            "NIP bukan 18 angka yang benar: salin dari SK.",
            "The NIP is not 18 valid digits: copy it from the decree.",
            "PerKa BKN 22/2007"
        ),
        rule!(
            Golongan,
            "GOL-003",
            golongan::golongan,
            Error,
            Required,
            "Golongan kosong: isi dari SK.",
            "The golongan is empty: give it from the decree.",
            "PP 99/2000"
        ),
        rule!(
            Golongan,
            "GOL-004",
            golongan::golongan,
            Error,
            Golongan,
            "Golongan tidak ada: isi I/a-IV/e atau I-XVII.",
            "No such golongan: write I/a-IV/e or I-XVII.",
            "PP 99/2000; Perpres 11/2024"
        ),
        rule!(
            Golongan,
            "GOL-005",
            golongan::tmt_golongan,
            Error,
            Required,
            "TMT golongan kosong: isi dari SK.",
            "TMT golongan is empty: give it from the decree.",
            "PP 99/2000"
        ),
        rule!(
            Golongan,
            "GOL-006",
            golongan::tmt_golongan,
            Error,
            Date,
            "TMT golongan bukan tanggal yang ada: tulis YYYY-MM-DD.",
            "TMT golongan is no date that exists: write YYYY-MM-DD.",
            "PP 99/2000"
        ),
        rule!(
            Golongan,
            "GOL-007",
            golongan::sk_nomor,
            Warning,
            Required,
            "Nomor SK kosong: isi nomor keputusan.",
            "The decree number is empty: give it.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Golongan,
            "GOL-008",
            golongan::sk_tanggal,
            Error,
            Date,
            "Tanggal SK bukan tanggal yang ada: tulis YYYY-MM-DD.",
            "The decree's date is no date that exists: write YYYY-MM-DD.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Golongan,
            "GOL-009",
            golongan::jenis_kp,
            Warning,
            Code("jenis_kenaikan_pangkat"),
            "Jenis kenaikan pangkat tidak ada di daftar kode: pakai kode 101-211.",
            "The kind of promotion is not in the code list: use a code 101-211.",
            "Daftar kode BKN jenis_kenaikan_pangkat"
        ),
        rule!(
            Golongan,
            "GOL-010",
            golongan::tmt_golongan,
            Warning,
            Broken(|r| r
                .nip
                .and_then(satu_domain::Nip::tmt_cpns)
                .zip(r.date(golongan::tmt_golongan))
                .is_some_and(|(start, tmt)| tmt < start)),
            "TMT golongan lebih awal dari TMT CPNS di NIP: periksa SK.",
            "TMT golongan is earlier than the NIP's TMT CPNS: check the decree.",
            "PP 99/2000"
        ),
        rule!(
            Golongan,
            "GOL-011",
            golongan::golongan,
            Warning,
            Broken(|r| r
                .nip
                .zip(Rank::parse(r.cells[golongan::golongan]))
                .is_some_and(|(nip, rank)| nip.is_pppk() != rank.is_pppk())),
            "Golongan tidak cocok dengan bentuk NIP: periksa PNS atau PPPK.",
            "The golongan does not fit the form of the NIP: check PNS or PPPK.",
            "Perpres 98/2020"
        ),
        rule!(
            Golongan,
            "GOL-012",
            golongan::masa_kerja_bulan,
            Warning,
            Number(0, 11),
            "Masa kerja (bulan) bukan 0-11: jadikan tahun bila 12 atau lebih.",
            "The months of service are not 0-11: turn 12 or more into years.",
            "PP 7/1977"
        ),
        rule!(
            Jabatan,
            "JAB-001",
            jabatan::nip,
            Error,
            Required,
            "NIP kosong: isi NIP pemilik riwayat.",
            "The NIP is empty: say whose history this is.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Jabatan,
            "JAB-002",
            jabatan::nip,
            Error,
            Nip,
            "NIP bukan 18 angka yang benar: salin dari SK.",
            "The NIP is not 18 valid digits: copy it from the decree.",
            "PerKa BKN 22/2007"
        ),
        rule!(
            Jabatan,
            "JAB-003",
            jabatan::jabatan,
            Error,
            Required,
            "Nama jabatan kosong: isi dari SK.",
            "The position is empty: give it from the decree.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Jabatan,
            "JAB-004",
            jabatan::jenis_jabatan,
            Warning,
            Position,
            "Jenis jabatan tidak dikenal: isi Struktural, Fungsional, atau Pelaksana.",
            "The kind of position is not known: write Struktural, Fungsional or Pelaksana.",
            "UU 20/2023 pasal 13"
        ),
        rule!(
            Jabatan,
            "JAB-005",
            jabatan::tmt_jabatan,
            Error,
            Required,
            "TMT jabatan kosong: isi dari SK.",
            "TMT jabatan is empty: give it from the decree.",
            "PP 11/2017"
        ),
        rule!(
            Jabatan,
            "JAB-006",
            jabatan::tmt_jabatan,
            Error,
            Date,
            "TMT jabatan bukan tanggal yang ada: tulis YYYY-MM-DD.",
            "TMT jabatan is no date that exists: write YYYY-MM-DD.",
            "PP 11/2017"
        ),
        rule!(
            Jabatan,
            "JAB-007",
            jabatan::eselon,
            Warning,
            Broken(|r| r.cells[jabatan::eselon].is_empty()
                && JenisJabatan::parse(r.cells[jabatan::jenis_jabatan])
                    == Some(JenisJabatan::Struktural)),
            "Jabatan struktural tanpa eselon: isi eselon.",
            "A structural position without eselon: give it.",
            "PP 13/2002"
        ),
        rule!(
            Jabatan,
            "JAB-008",
            jabatan::eselon,
            Warning,
            Code("eselon"),
            "Eselon tidak ada di daftar kode: pakai daftar eselon.",
            "The eselon is not in the code list: use the list eselon.",
            "Daftar kode BKN eselon"
        ),
        rule!(
            Jabatan,
            "JAB-009",
            jabatan::tmt_pelantikan,
            Error,
            Date,
            "TMT pelantikan bukan tanggal yang ada: tulis YYYY-MM-DD.",
            "The inauguration date is no date that exists: write YYYY-MM-DD.",
            "PP 11/2017"
        ),
        rule!(
            Jabatan,
            "JAB-010",
            jabatan::sk_tanggal,
            Error,
            Date,
            "Tanggal SK bukan tanggal yang ada: tulis YYYY-MM-DD.",
            "The decree's date is no date that exists: write YYYY-MM-DD.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Pendidikan,
            "PEN-001",
            pendidikan::nip,
            Error,
            Required,
            "NIP kosong: isi NIP pemilik riwayat.",
            "The NIP is empty: say whose history this is.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Pendidikan,
            "PEN-002",
            pendidikan::nip,
            Error,
            Nip,
            "NIP bukan 18 angka yang benar: salin dari SK.",
            "The NIP is not 18 valid digits: copy it from the decree.",
            "PerKa BKN 22/2007"
        ),
        rule!(
            Pendidikan,
            "PEN-003",
            pendidikan::tingkat_pendidikan,
            Error,
            Required,
            "Tingkat pendidikan kosong: isi SD sampai S-3.",
            "The level of education is empty: give SD to S-3.",
            "Daftar kode BKN pendidikan"
        ),
        rule!(
            Pendidikan,
            "PEN-004",
            pendidikan::tingkat_pendidikan,
            Error,
            Education,
            "Tingkat pendidikan tidak dikenal: pakai SD sampai S-3 atau kodenya.",
            "The level of education is not known: use SD to S-3 or its code.",
            "Daftar kode BKN pendidikan"
        ),
        rule!(
            Pendidikan,
            "PEN-005",
            pendidikan::tahun_lulus,
            Warning,
            Number(1940, 2100),
            "Tahun lulus bukan tahun: tulis empat angka.",
            "The year of graduation is no year: write four digits.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Pendidikan,
            "PEN-006",
            pendidikan::tanggal_lulus,
            Error,
            Date,
            "Tanggal lulus bukan tanggal yang ada: tulis YYYY-MM-DD.",
            "The date of graduation is no date that exists: write YYYY-MM-DD.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Pendidikan,
            "PEN-007",
            pendidikan::tahun_lulus,
            Warning,
            Broken(|r| r
                .number(pendidikan::tahun_lulus)
                .zip(r.date(pendidikan::tanggal_lulus))
                .is_some_and(|(year, date)| year != i64::from(date.year()))),
            "Tahun lulus berbeda dari tanggal lulus: samakan dengan ijazah.",
            "Year and date of graduation differ: follow the diploma.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Pendidikan,
            "PEN-008",
            pendidikan::gelar_belakang,
            Warning,
            Broken(|r| !r.cells[pendidikan::gelar_belakang].is_empty()
                && TingkatPendidikan::parse(r.cells[pendidikan::tingkat_pendidikan])
                    .is_some_and(|level| level <= TingkatPendidikan::Slta)),
            "Ada gelar pada pendidikan SLTA ke bawah: periksa tingkat pendidikan.",
            "A degree with schooling up to SLTA: check the level of education.",
            "UU 12/2012 pasal 26"
        ),
        rule!(
            Keluarga,
            "KEL-001",
            keluarga::nip,
            Error,
            Required,
            "NIP kosong: isi NIP pegawai.",
            "The NIP is empty: give the employee's.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Keluarga,
            "KEL-002",
            keluarga::nip,
            Error,
            Nip,
            "NIP bukan 18 angka yang benar: salin dari SK.",
            "The NIP is not 18 valid digits: copy it from the decree.",
            "PerKa BKN 22/2007"
        ),
        rule!(
            Keluarga,
            "KEL-003",
            keluarga::hubungan,
            Error,
            Broken(|r| !is_one_of(
                r.cells[keluarga::hubungan],
                &["pasangan", "suami", "istri", "anak"]
            )),
            "Hubungan tidak dikenal: isi pasangan atau anak.",
            "The relation is not known: write pasangan (spouse) or anak (child).",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Keluarga,
            "KEL-004",
            keluarga::nama,
            Error,
            Required,
            "Nama anggota keluarga kosong: isi nama.",
            "The family member's name is empty: give it.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Keluarga,
            "KEL-005",
            keluarga::tanggal_lahir,
            Error,
            Date,
            "Tanggal lahir bukan tanggal yang ada: tulis YYYY-MM-DD.",
            "The birth date is no date that exists: write YYYY-MM-DD.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Keluarga,
            "KEL-006",
            keluarga::jenis_kelamin,
            Error,
            Sex,
            "Jenis kelamin tidak dikenal: isi L atau P.",
            "The sex is not known: write L or P.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Keluarga,
            "KEL-007",
            keluarga::nik,
            Warning,
            Broken(|r| !r.cells[keluarga::nik].is_empty()
                && Nik::parse(r.cells[keluarga::nik]).is_err()),
            "NIK anggota keluarga tidak benar: salin dari kartu keluarga.",
            "The family member's NIK is not valid: copy it from the family card.",
            "UU 23/2006 pasal 13"
        ),
        rule!(
            Keluarga,
            "KEL-008",
            keluarga::tanggal_menikah,
            Error,
            Date,
            "Tanggal menikah bukan tanggal yang ada: tulis YYYY-MM-DD.",
            "The wedding date is no date that exists: write YYYY-MM-DD.",
            "PP 10/1983"
        ),
        rule!(
            Keluarga,
            "KEL-009",
            keluarga::tanggal_cerai,
            Warning,
            Broken(|r| r.after(keluarga::tanggal_menikah, keluarga::tanggal_cerai)),
            "Tanggal cerai lebih awal dari tanggal menikah: periksa akta.",
            "The divorce is earlier than the wedding: check the certificates.",
            "PP 10/1983"
        ),
        rule!(
            Keluarga,
            "KEL-010",
            keluarga::tanggal_lahir,
            Warning,
            Broken(|r| is_one_of(r.cells[keluarga::hubungan], &["anak"])
                && r.nip
                    .zip(r.date(keluarga::tanggal_lahir))
                    .is_some_and(|(nip, birth)| birth <= nip.birth_date())),
            "Anak lahir sebelum orang tuanya: periksa tanggal lahir.",
            "A child born before the parent: check the birth date.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Kinerja,
            "KIN-001",
            kinerja::nip,
            Error,
            Required,
            "NIP kosong: isi NIP pegawai yang dinilai.",
            "The NIP is empty: say who was assessed.",
            "PermenPANRB 6/2022"
        ),
        rule!(
            Kinerja,
            "KIN-002",
            kinerja::nip,
            Error,
            Nip,
            "NIP bukan 18 angka yang benar: salin dari SK.",
            "The NIP is not 18 valid digits: copy it from the decree.",
            "PerKa BKN 22/2007"
        ),
        rule!(
            Kinerja,
            "KIN-003",
            kinerja::tahun,
            Error,
            Required,
            "Tahun penilaian kosong: isi empat angka.",
            "The year of assessment is empty: write four digits.",
            "PermenPANRB 6/2022"
        ),
        rule!(
            Kinerja,
            "KIN-004",
            kinerja::tahun,
            Error,
            Number(1979, 2100),
            "Tahun penilaian bukan tahun: tulis empat angka.",
            "The year of assessment is no year: write four digits.",
            "PP 10/1979 (DP3)"
        ),
        rule!(
            Kinerja,
            "KIN-005",
            kinerja::hasil_kinerja,
            Warning,
            Code("nilai_perilaku_dan_hasil"),
            "Hasil kinerja tidak ada di daftar kode: pakai di atas, sesuai, atau di bawah ekspektasi.",
            "The work result is not in the code list: above, at or below expectation.",
            "PermenPANRB 6/2022"
        ),
        rule!(
            Kinerja,
            "KIN-006",
            kinerja::perilaku_kerja,
            Warning,
            Code("nilai_perilaku_dan_hasil"),
            "Perilaku kerja tidak ada di daftar kode: pakai di atas, sesuai, atau di bawah ekspektasi.",
            "The behaviour is not in the code list: above, at or below expectation.",
            "PermenPANRB 6/2022"
        ),
        rule!(
            Kinerja,
            "KIN-007",
            kinerja::predikat,
            Warning,
            Code("kuadran_kinerja"),
            "Predikat tidak ada di daftar kode: pakai Sangat Baik sampai Sangat Kurang.",
            "The predicate is not in the code list: Sangat Baik to Sangat Kurang.",
            "PermenPANRB 6/2022"
        ),
        rule!(
            Kinerja,
            "KIN-008",
            kinerja::predikat,
            Warning,
            Broken(wrong_predicate),
            "Predikat tidak sesuai dengan hasil dan perilaku kerja: hitung ulang.",
            "The predicate does not follow from result and behaviour: work it out again.",
            "PermenPANRB 6/2022"
        ),
        rule!(
            Diklat,
            "DIK-001",
            diklat::nip,
            Error,
            Required,
            "NIP kosong: isi NIP peserta.",
            "The NIP is empty: give the participant's.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Diklat,
            "DIK-002",
            diklat::nip,
            Error,
            Nip,
            "NIP bukan 18 angka yang benar: salin dari SK.",
            "The NIP is not 18 valid digits: copy it from the decree.",
            "PerKa BKN 22/2007"
        ),
        rule!(
            Diklat,
            "DIK-003",
            diklat::nama_diklat,
            Error,
            Required,
            "Nama diklat kosong: isi dari sertifikat.",
            "The training's name is empty: give it from the certificate.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Diklat,
            "DIK-004",
            diklat::jenis_diklat,
            Warning,
            Code("jenis_diklat"),
            "Jenis diklat tidak ada di daftar kode: pakai daftar jenis_diklat.",
            "The kind of training is not in the code list: use the list jenis_diklat.",
            "Daftar kode BKN jenis_diklat"
        ),
        rule!(
            Diklat,
            "DIK-005",
            diklat::tanggal_selesai,
            Error,
            Date,
            "Tanggal selesai bukan tanggal yang ada: tulis YYYY-MM-DD.",
            "The end date is no date that exists: write YYYY-MM-DD.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Diklat,
            "DIK-006",
            diklat::tanggal_selesai,
            Warning,
            Broken(|r| r.after(diklat::tanggal_mulai, diklat::tanggal_selesai)),
            "Diklat selesai sebelum mulai: periksa kedua tanggal.",
            "The training ends before it begins: check both dates.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            Diklat,
            "DIK-007",
            diklat::jumlah_jam,
            Warning,
            Number(1, 5000),
            "Jumlah jam bukan bilangan 1-5000: periksa sertifikat.",
            "The hours are no number from 1 to 5000: check the certificate.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            HukumanDisiplin,
            "HKD-001",
            hd::nip,
            Error,
            Required,
            "NIP kosong: isi NIP pegawai.",
            "The NIP is empty: give the employee's.",
            "PP 94/2021"
        ),
        rule!(
            HukumanDisiplin,
            "HKD-002",
            hd::nip,
            Error,
            Nip,
            "NIP bukan 18 angka yang benar: salin dari SK.",
            "The NIP is not 18 valid digits: copy it from the decree.",
            "PerKa BKN 22/2007"
        ),
        rule!(
            HukumanDisiplin,
            "HKD-003",
            hd::jenis_hukuman,
            Error,
            Required,
            "Jenis hukuman kosong: isi dari SK.",
            "The sanction is empty: give it from the decree.",
            "PP 94/2021 pasal 8"
        ),
        rule!(
            HukumanDisiplin,
            "HKD-004",
            hd::jenis_hukuman,
            Warning,
            Code("jenis_hukuman"),
            "Jenis hukuman tidak ada di daftar kode: pakai daftar jenis_hukuman.",
            "The sanction is not in the code list: use the list jenis_hukuman.",
            "Daftar kode BKN jenis_hukuman"
        ),
        rule!(
            HukumanDisiplin,
            "HKD-005",
            hd::sk_nomor,
            Error,
            Required,
            "Nomor SK kosong: hukuman tanpa keputusan tidak dicatat.",
            "The decree number is empty: no sanction is recorded without a decree.",
            "PP 94/2021 pasal 31"
        ),
        rule!(
            HukumanDisiplin,
            "HKD-006",
            hd::tmt_hukuman,
            Error,
            Date,
            "TMT hukuman bukan tanggal yang ada: tulis YYYY-MM-DD.",
            "The sanction's date is no date that exists: write YYYY-MM-DD.",
            "PP 94/2021"
        ),
        rule!(
            HukumanDisiplin,
            "HKD-007",
            hd::tanggal_akhir,
            Warning,
            Broken(|r| r.after(hd::tmt_hukuman, hd::tanggal_akhir)),
            "Hukuman berakhir sebelum mulai: periksa kedua tanggal.",
            "The sanction ends before it begins: check both dates.",
            "PP 94/2021"
        ),
        rule!(
            Penghargaan,
            "PGH-001",
            penghargaan::nip,
            Error,
            Required,
            "NIP kosong: isi NIP penerima.",
            "The NIP is empty: give the recipient's.",
            "UU 20/2009"
        ),
        rule!(
            Penghargaan,
            "PGH-002",
            penghargaan::nip,
            Error,
            Nip,
            "NIP bukan 18 angka yang benar: salin dari SK.",
            "The NIP is not 18 valid digits: copy it from the decree.",
            "PerKa BKN 22/2007"
        ),
        rule!(
            Penghargaan,
            "PGH-003",
            penghargaan::jenis_penghargaan,
            Error,
            Required,
            "Jenis penghargaan kosong: isi kode atau nama.",
            "The award is empty: give its code or name.",
            "UU 20/2009"
        ),
        rule!(
            Penghargaan,
            "PGH-004",
            penghargaan::jenis_penghargaan,
            Warning,
            Code("penghargaan"),
            "Penghargaan tidak ada di daftar kode: pakai daftar penghargaan.",
            "The award is not in the code list: use the list penghargaan.",
            "Daftar kode BKN penghargaan"
        ),
        rule!(
            Penghargaan,
            "PGH-005",
            penghargaan::sk_tanggal,
            Error,
            Date,
            "Tanggal SK bukan tanggal yang ada: tulis YYYY-MM-DD.",
            "The decree's date is no date that exists: write YYYY-MM-DD.",
            "UU 20/2009"
        ),
        rule!(
            Penghargaan,
            "PGH-006",
            penghargaan::sk_tanggal,
            Warning,
            NotFuture,
            "Tanggal SK di masa depan: periksa SK.",
            "The decree's date is in the future: check the decree.",
            "UU 20/2009"
        ),
        rule!(
            RiwayatLain,
            "RWL-001",
            riwayat_lain::nip,
            Error,
            Required,
            "NIP kosong: isi NIP pemilik riwayat.",
            "The NIP is empty: give that of whose history it is.",
            "PerBKN 7/2023"
        ),
        rule!(
            RiwayatLain,
            "RWL-002",
            riwayat_lain::nip,
            Error,
            Nip,
            "NIP bukan 18 angka yang benar: salin dari SK.",
            "The NIP is not 18 valid digits: copy it from the decree.",
            "PerKa BKN 22/2007"
        ),
        rule!(
            RiwayatLain,
            "RWL-003",
            riwayat_lain::jenis,
            Error,
            Required,
            "Jenis riwayat kosong: isi, misalnya sertifikasi.",
            "The sort of history is empty: give it, such as sertifikasi.",
            "PerBKN 7/2023"
        ),
        rule!(
            RiwayatLain,
            "RWL-004",
            riwayat_lain::tanggal,
            Error,
            Date,
            "Tanggal bukan tanggal yang ada: tulis YYYY-MM-DD.",
            "The date is no date that exists: write YYYY-MM-DD.",
            "PerBKN 7/2023"
        ),
    ]
}
