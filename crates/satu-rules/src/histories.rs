//! The histories: golongan, jabatan, pendidikan, keluarga, kinerja, diklat, hukuman disiplin, penghargaan.

use satu_domain::schema::{
    diklat, golongan, hukuman_disiplin as hd, jabatan, keluarga, kinerja, pendidikan,
};
use satu_domain::{Ekspektasi, Golongan as Rank, JenisJabatan, Nik, TingkatPendidikan};

use crate::row::Row;
use crate::rule::Check::{
    Broken, Code, Date, Education, Golongan, JenisJabatan as Position, Nip, NotFuture, Number,
    Required, Sex,
};
use crate::rule::{Rule, rules};

/// Words for a spouse and for the parents.
const PARTNER_OR_PARENT: [&str; 5] = ["pasangan", "suami", "istri", "ayah", "ibu"];

/// Words for a child; which of them draw an allowance is another matter (PP 7/1977 art. 16).
const CHILD: [&str; 4] = ["anak", "anak kandung", "anak angkat", STEPCHILD];

/// The child of a spouse, who may be the older one.
const STEPCHILD: &str = "anak tiri";

fn is_one_of(cell: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(cell))
}

/// Whether a cell says something that is neither in the code list nor one of its codes as the
/// regulation words them.
fn no_expectation(row: &Row<'_>, column: usize) -> bool {
    let cell = row.cells[column];
    !cell.is_empty()
        && Ekspektasi::parse(cell).is_none()
        && !row.lists.allows("nilai_perilaku_dan_hasil", cell)
}

/// The predicate that result and behaviour give (PermenPANRB 6/2022): 0 sangat baik to 4 sangat kurang.
fn predicate(result: Ekspektasi, behaviour: Ekspektasi) -> usize {
    use Ekspektasi::{DiAtas, DiBawah, Sesuai};
    match (result, behaviour) {
        (DiAtas, DiAtas) => 0,
        (DiAtas | Sesuai, DiAtas | Sesuai) => 1,
        (DiBawah, DiAtas | Sesuai) => 2,
        (DiAtas | Sesuai, DiBawah) => 3,
        (DiBawah, DiBawah) => 4,
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
    let parts = Ekspektasi::parse(row.cells[kinerja::hasil_kinerja])
        .zip(Ekspektasi::parse(row.cells[kinerja::perilaku_kerja]));
    said.zip(parts)
        .is_some_and(|(said, (result, behaviour))| said != predicate(result, behaviour))
}

pub fn rules() -> Vec<Rule> {
    rules! {
        Golongan golongan {
            "GOL-001" Error nip "PerBKN 7/2023 pasal 4": Required,
                "NIP kosong: isi NIP pemilik riwayat.",
                "The NIP is empty: say whose history this is.";
            "GOL-002" Error nip "PerKa BKN 22/2007": Nip,
                "NIP bukan 18 angka yang benar: salin dari SK.",
                "The NIP is not 18 valid digits: copy it from the decree.";
            "GOL-003" Error golongan "PP 99/2000": Required,
                "Golongan kosong: isi dari SK.",
                "The golongan is empty: give it from the decree.";
            "GOL-004" Error golongan "PP 99/2000; Perpres 11/2024": Golongan,
                "Golongan tidak ada: isi I/a-IV/e atau I-XVII.",
                "No such golongan: write I/a-IV/e or I-XVII.";
            "GOL-005" Error tmt_golongan "PP 99/2000": Required,
                "TMT golongan kosong: isi dari SK.",
                "TMT golongan is empty: give it from the decree.";
            "GOL-006" Error tmt_golongan "PP 99/2000": Date,
                "TMT golongan bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "TMT golongan is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "GOL-007" Warning sk_nomor "PerBKN 7/2023 pasal 4": Required,
                "Nomor SK kosong: isi nomor keputusan.",
                "The decree number is empty: give it.";
            "GOL-008" Error sk_tanggal "PerBKN 7/2023 pasal 4": Date,
                "Tanggal SK bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The decree's date is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "GOL-009" Warning jenis_kp "Daftar kode BKN jenis_kenaikan_pangkat":
                Code("jenis_kenaikan_pangkat"),
                "Jenis kenaikan pangkat tidak ada di daftar kode: pakai kode 101-211.",
                "The kind of promotion is not in the code list: use a code 101-211.";
            "GOL-010" Warning tmt_golongan "PP 99/2000":
                Broken(|r| r
                    .nip
                    .and_then(satu_domain::Nip::tmt_cpns)
                    .zip(r.date(golongan::tmt_golongan))
                    .is_some_and(|(start, tmt)| tmt < start)),
                "TMT golongan lebih awal dari TMT CPNS di NIP: periksa SK.",
                "TMT golongan is earlier than the NIP's TMT CPNS: check the decree.";
            "GOL-011" Warning golongan "Perpres 98/2020":
                Broken(|r| r
                    .nip
                    .zip(Rank::parse(r.cells[golongan::golongan]))
                    .is_some_and(|(nip, rank)| nip.is_pppk() != rank.is_pppk())),
                "Golongan tidak cocok dengan bentuk NIP: periksa PNS atau PPPK.",
                "The golongan does not fit the form of the NIP: check PNS or PPPK.";
            "GOL-012" Warning masa_kerja_bulan "PP 7/1977": Number(0, 11),
                "Masa kerja (bulan) bukan 0-11: jadikan tahun bila 12 atau lebih.",
                "The months of service are not 0-11: turn 12 or more into years.";
            "GOL-013" Error tanggal_pertek "PerBKN 7/2023 pasal 4": Date,
                "Tanggal pertek bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The date of the technical consent is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
        }
        Jabatan jabatan {
            "JAB-001" Error nip "PerBKN 7/2023 pasal 4": Required,
                "NIP kosong: isi NIP pemilik riwayat.",
                "The NIP is empty: say whose history this is.";
            "JAB-002" Error nip "PerKa BKN 22/2007": Nip,
                "NIP bukan 18 angka yang benar: salin dari SK.",
                "The NIP is not 18 valid digits: copy it from the decree.";
            "JAB-003" Error jabatan "PerBKN 7/2023 pasal 4": Required,
                "Nama jabatan kosong: isi dari SK.",
                "The position is empty: give it from the decree.";
            "JAB-004" Warning jenis_jabatan "UU 20/2023 pasal 13": Position,
                "Jenis jabatan tidak dikenal: isi Struktural, Fungsional, atau Pelaksana.",
                "The kind of position is not known: write Struktural, Fungsional or Pelaksana.";
            "JAB-005" Error tmt_jabatan "PP 11/2017": Required,
                "TMT jabatan kosong: isi dari SK.",
                "TMT jabatan is empty: give it from the decree.";
            "JAB-006" Error tmt_jabatan "PP 11/2017": Date,
                "TMT jabatan bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "TMT jabatan is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "JAB-007" Warning eselon "PP 13/2002":
                Broken(|r| r.cells[jabatan::eselon].is_empty()
                    && JenisJabatan::parse(r.cells[jabatan::jenis_jabatan])
                        == Some(JenisJabatan::Struktural)),
                "Jabatan struktural tanpa eselon: isi eselon.",
                "A structural position without eselon: give it.";
            "JAB-008" Warning eselon "Daftar kode BKN eselon": Code("eselon"),
                "Eselon tidak ada di daftar kode: pakai daftar eselon.",
                "The eselon is not in the code list: use the list eselon.";
            "JAB-009" Error tmt_pelantikan "PP 11/2017": Date,
                "TMT pelantikan bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The inauguration date is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "JAB-010" Error sk_tanggal "PerBKN 7/2023 pasal 4": Date,
                "Tanggal SK bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The decree's date is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
        }
        Pendidikan pendidikan {
            "PEN-001" Error nip "PerBKN 7/2023 pasal 4": Required,
                "NIP kosong: isi NIP pemilik riwayat.",
                "The NIP is empty: say whose history this is.";
            "PEN-002" Error nip "PerKa BKN 22/2007": Nip,
                "NIP bukan 18 angka yang benar: salin dari SK.",
                "The NIP is not 18 valid digits: copy it from the decree.";
            "PEN-003" Error tingkat_pendidikan "Daftar kode BKN pendidikan": Required,
                "Tingkat pendidikan kosong: isi SD sampai S-3.",
                "The level of education is empty: give SD to S-3.";
            "PEN-004" Error tingkat_pendidikan "Daftar kode BKN pendidikan": Education,
                "Tingkat pendidikan tidak dikenal: pakai SD sampai S-3 atau kodenya.",
                "The level of education is not known: use SD to S-3 or its code.";
            "PEN-005" Warning tahun_lulus "PerBKN 7/2023 pasal 4": Number(1940, 2100),
                "Tahun lulus bukan tahun: tulis empat angka.",
                "The year of graduation is no year: write four digits.";
            "PEN-006" Error tanggal_lulus "PerBKN 7/2023 pasal 4": Date,
                "Tanggal lulus bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The date of graduation is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "PEN-007" Warning tahun_lulus "PerBKN 7/2023 pasal 4":
                Broken(|r| r
                    .number(pendidikan::tahun_lulus)
                    .zip(r.date(pendidikan::tanggal_lulus))
                    .is_some_and(|(year, date)| year != i64::from(date.year()))),
                "Tahun lulus berbeda dari tanggal lulus: samakan dengan ijazah.",
                "Year and date of graduation differ: follow the diploma.";
            "PEN-008" Warning gelar_belakang "UU 12/2012 pasal 26":
                Broken(|r| !r.cells[pendidikan::gelar_belakang].is_empty()
                    && TingkatPendidikan::parse(r.cells[pendidikan::tingkat_pendidikan])
                        .is_some_and(|level| level <= TingkatPendidikan::Slta)),
                "Ada gelar pada pendidikan SLTA ke bawah: periksa tingkat pendidikan.",
                "A degree with schooling up to SLTA: check the level of education.";
        }
        Keluarga keluarga {
            "KEL-001" Error nip "PerBKN 7/2023 pasal 4": Required,
                "NIP kosong: isi NIP pegawai.",
                "The NIP is empty: give the employee's.";
            "KEL-002" Error nip "PerKa BKN 22/2007": Nip,
                "NIP bukan 18 angka yang benar: salin dari SK.",
                "The NIP is not 18 valid digits: copy it from the decree.";
            "KEL-003" Error hubungan "PerBKN 7/2023 pasal 4":
                Broken(|r| !is_one_of(r.cells[keluarga::hubungan], &PARTNER_OR_PARENT)
                    && !is_one_of(r.cells[keluarga::hubungan], &CHILD)),
                "Hubungan tidak dikenal: isi pasangan, anak, ayah, atau ibu.",
                "The relation is not known: write pasangan (spouse), anak (child), ayah (father) or ibu (mother).";
            "KEL-004" Error nama "PerBKN 7/2023 pasal 4": Required,
                "Nama anggota keluarga kosong: isi nama.",
                "The family member's name is empty: give it.";
            "KEL-005" Error tanggal_lahir "PerBKN 7/2023 pasal 4": Date,
                "Tanggal lahir bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The birth date is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "KEL-006" Error jenis_kelamin "PerBKN 7/2023 pasal 4": Sex,
                "Jenis kelamin tidak dikenal: isi L atau P.",
                "The sex is not known: write L or P.";
            "KEL-007" Warning nik "UU 23/2006 pasal 13":
                Broken(|r| !r.cells[keluarga::nik].is_empty()
                    && Nik::parse(r.cells[keluarga::nik]).is_err()),
                "NIK anggota keluarga tidak benar: salin dari kartu keluarga.",
                "The family member's NIK is not valid: copy it from the family card.";
            "KEL-008" Error tanggal_menikah "PP 10/1983": Date,
                "Tanggal menikah bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The wedding date is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "KEL-009" Warning tanggal_cerai "PP 10/1983":
                Broken(|r| r.after(keluarga::tanggal_menikah, keluarga::tanggal_cerai)),
                "Tanggal cerai lebih awal dari tanggal menikah: periksa akta.",
                "The divorce is earlier than the wedding: check the certificates.";
            "KEL-010" Warning tanggal_lahir "PerBKN 7/2023 pasal 4":
                Broken(|r| is_one_of(r.cells[keluarga::hubungan], &CHILD)
                    && !is_one_of(r.cells[keluarga::hubungan], &[STEPCHILD])
                    && r.nip
                        .zip(r.date(keluarga::tanggal_lahir))
                        .is_some_and(|(nip, birth)| birth <= nip.birth_date())),
                "Anak lahir sebelum orang tuanya: periksa tanggal lahir.",
                "A child born before the parent: check the birth date.";
            "KEL-011" Error tanggal_cerai "PP 10/1983": Date,
                "Tanggal cerai bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The date of the divorce is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "KEL-012" Error tanggal_meninggal "PerBKN 7/2023 pasal 4": Date,
                "Tanggal meninggal bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The date of death is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
        }
        Kinerja kinerja {
            "KIN-001" Error nip "PermenPANRB 6/2022": Required,
                "NIP kosong: isi NIP pegawai yang dinilai.",
                "The NIP is empty: say who was assessed.";
            "KIN-002" Error nip "PerKa BKN 22/2007": Nip,
                "NIP bukan 18 angka yang benar: salin dari SK.",
                "The NIP is not 18 valid digits: copy it from the decree.";
            "KIN-003" Error tahun "PermenPANRB 6/2022": Required,
                "Tahun penilaian kosong: isi empat angka.",
                "The year of assessment is empty: write four digits.";
            "KIN-004" Error tahun "PP 10/1979 (DP3)": Number(1979, 2100),
                "Tahun penilaian bukan tahun: tulis empat angka.",
                "The year of assessment is no year: write four digits.";
            "KIN-005" Warning hasil_kinerja "PermenPANRB 6/2022":
                Broken(|r| no_expectation(r, kinerja::hasil_kinerja)),
                "Hasil kinerja tidak ada di daftar kode: pakai 1 (di atas ekspektasi), 2 (sesuai), atau 3 (di bawah).",
                "The work result is not in the code list: use 1 (above expectation), 2 (at) or 3 (below).";
            "KIN-006" Warning perilaku_kerja "PermenPANRB 6/2022":
                Broken(|r| no_expectation(r, kinerja::perilaku_kerja)),
                "Perilaku kerja tidak ada di daftar kode: pakai 1 (di atas ekspektasi), 2 (sesuai), atau 3 (di bawah).",
                "The behaviour is not in the code list: use 1 (above expectation), 2 (at) or 3 (below).";
            "KIN-007" Warning predikat "PermenPANRB 6/2022": Code("kuadran_kinerja"),
                "Predikat tidak ada di daftar kode: pakai Sangat Baik sampai Sangat Kurang.",
                "The predicate is not in the code list: Sangat Baik to Sangat Kurang.";
            "KIN-008" Warning predikat "PermenPANRB 6/2022": Broken(wrong_predicate),
                "Predikat tidak sesuai dengan hasil dan perilaku kerja: hitung ulang.",
                "The predicate does not follow from result and behaviour: work it out again.";
        }
        Diklat diklat {
            "DIK-001" Error nip "PerBKN 7/2023 pasal 4": Required,
                "NIP kosong: isi NIP peserta.",
                "The NIP is empty: give the participant's.";
            "DIK-002" Error nip "PerKa BKN 22/2007": Nip,
                "NIP bukan 18 angka yang benar: salin dari SK.",
                "The NIP is not 18 valid digits: copy it from the decree.";
            "DIK-003" Error nama_diklat "PerBKN 7/2023 pasal 4": Required,
                "Nama diklat kosong: isi dari sertifikat.",
                "The training's name is empty: give it from the certificate.";
            "DIK-004" Warning jenis_diklat "Daftar kode BKN jenis_diklat": Code("jenis_diklat"),
                "Jenis diklat tidak ada di daftar kode: pakai daftar jenis_diklat.",
                "The kind of training is not in the code list: use the list jenis_diklat.";
            "DIK-005" Error tanggal_selesai "PerBKN 7/2023 pasal 4": Date,
                "Tanggal selesai bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The end date is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "DIK-006" Warning tanggal_selesai "PerBKN 7/2023 pasal 4":
                Broken(|r| r.after(diklat::tanggal_mulai, diklat::tanggal_selesai)),
                "Diklat selesai sebelum mulai: periksa kedua tanggal.",
                "The training ends before it begins: check both dates.";
            "DIK-007" Warning jumlah_jam "PerBKN 7/2023 pasal 4": Number(1, 5000),
                "Jumlah jam bukan bilangan 1-5000: periksa sertifikat.",
                "The hours are no number from 1 to 5000: check the certificate.";
            "DIK-008" Error tanggal_mulai "PerBKN 7/2023 pasal 4": Date,
                "Tanggal mulai bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The start date is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
        }
        HukumanDisiplin hukuman_disiplin {
            "HKD-001" Error nip "PP 94/2021": Required,
                "NIP kosong: isi NIP pegawai.",
                "The NIP is empty: give the employee's.";
            "HKD-002" Error nip "PerKa BKN 22/2007": Nip,
                "NIP bukan 18 angka yang benar: salin dari SK.",
                "The NIP is not 18 valid digits: copy it from the decree.";
            "HKD-003" Error jenis_hukuman "PP 94/2021 pasal 8": Required,
                "Jenis hukuman kosong: isi dari SK.",
                "The sanction is empty: give it from the decree.";
            "HKD-004" Warning jenis_hukuman "Daftar kode BKN jenis_hukuman": Code("jenis_hukuman"),
                "Jenis hukuman tidak ada di daftar kode: pakai daftar jenis_hukuman.",
                "The sanction is not in the code list: use the list jenis_hukuman.";
            "HKD-005" Error sk_nomor "PP 94/2021 pasal 31": Required,
                "Nomor SK kosong: hukuman tanpa keputusan tidak dicatat.",
                "The decree number is empty: no sanction is recorded without a decree.";
            "HKD-006" Error tmt_hukuman "PP 94/2021": Date,
                "TMT hukuman bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The sanction's date is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "HKD-007" Warning tanggal_akhir "PP 94/2021":
                Broken(|r| r.after(hd::tmt_hukuman, hd::tanggal_akhir)),
                "Hukuman berakhir sebelum mulai: periksa kedua tanggal.",
                "The sanction ends before it begins: check both dates.";
            "HKD-008" Error sk_tanggal "PP 94/2021 pasal 31": Date,
                "Tanggal SK bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The decree's date is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "HKD-009" Error tanggal_akhir "PP 94/2021": Date,
                "Tanggal akhir hukuman bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The sanction's last date is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
        }
        Penghargaan penghargaan {
            "PGH-001" Error nip "UU 20/2009": Required,
                "NIP kosong: isi NIP penerima.",
                "The NIP is empty: give the recipient's.";
            "PGH-002" Error nip "PerKa BKN 22/2007": Nip,
                "NIP bukan 18 angka yang benar: salin dari SK.",
                "The NIP is not 18 valid digits: copy it from the decree.";
            "PGH-003" Error jenis_penghargaan "UU 20/2009": Required,
                "Jenis penghargaan kosong: isi kode atau nama.",
                "The award is empty: give its code or name.";
            "PGH-004" Warning jenis_penghargaan "Daftar kode BKN penghargaan": Code("penghargaan"),
                "Penghargaan tidak ada di daftar kode: pakai daftar penghargaan.",
                "The award is not in the code list: use the list penghargaan.";
            "PGH-005" Error sk_tanggal "UU 20/2009": Date,
                "Tanggal SK bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The decree's date is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "PGH-006" Warning sk_tanggal "UU 20/2009": NotFuture,
                "Tanggal SK di masa depan: periksa SK.",
                "The decree's date is in the future: check the decree.";
        }
        RiwayatLain riwayat_lain {
            "RWL-001" Error nip "PerBKN 7/2023": Required,
                "NIP kosong: isi NIP pemilik riwayat.",
                "The NIP is empty: give that of whose history it is.";
            "RWL-002" Error nip "PerKa BKN 22/2007": Nip,
                "NIP bukan 18 angka yang benar: salin dari SK.",
                "The NIP is not 18 valid digits: copy it from the decree.";
            "RWL-003" Error jenis "PerBKN 7/2023": Required,
                "Jenis riwayat kosong: isi, misalnya sertifikasi.",
                "The sort of history is empty: give it, such as sertifikasi.";
            "RWL-004" Error tanggal "PerBKN 7/2023": Date,
                "Tanggal bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The date is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
        }
    }
}
