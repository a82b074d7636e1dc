//! `data_utama`: employment, rank, position, education.

use satu_domain::dates::whole_years;
use satu_domain::schema::data_utama::{
    eselon, jabatan, jenis_jabatan, jenis_pegawai, kedudukan_hukum, masa_kerja_tahun, nip,
    tahun_lulus, tanggal_lahir, tmt_cpns,
};
use satu_domain::{JenisJabatan, JenisPegawai, KedudukanHukum};

use crate::row::{Row, later};
use crate::rule::Check::{
    Broken, Code, Date, Education, Golongan, JenisJabatan as Position, NotFuture, Number, Text,
};
use crate::rule::{Rule, rules};

/// Age in whole years at the appointment as CPNS.
fn age_at_cpns(row: &Row<'_>) -> Option<i16> {
    Some(whole_years(row.facts.birth?, row.facts.cpns?))
}

fn age_today(row: &Row<'_>) -> Option<i16> {
    Some(whole_years(row.facts.birth?, row.today))
}

fn pns_code(row: &Row<'_>) -> Option<u8> {
    row.facts.golongan?.pns_code()
}

/// Whole years from TMT CPNS until today.
fn years_served(row: &Row<'_>) -> Option<i64> {
    Some(i64::from(whole_years(row.facts.cpns?, row.today)))
}

/// Whether a legal state is said that the code list has neither as it is written nor by its two digits.
fn unlisted_state(row: &Row<'_>) -> bool {
    let listed = |text: &str| row.lists.allows("kedudukan_hukum", text);
    let cell = row.cells[kedudukan_hukum];
    let state = row.facts.state;
    !cell.is_empty()
        && !listed(cell)
        && state.is_none_or(|state| !listed(&format!("{:02}", state.code())))
}

pub fn rules() -> Vec<Rule> {
    rules! {
        DataUtama data_utama {
            "DU-040" Warning jenis_pegawai "UU 20/2023 pasal 5; daftar kode BKN jenis_pegawai":
                Broken(|r| !r.cells[jenis_pegawai].is_empty()
                    && r.facts.employment.is_none()
                    && !r.lists.allows("jenis_pegawai", r.cells[jenis_pegawai])),
                "Jenis pegawai tidak dikenal: isi PNS, CPNS, PPPK, atau kode daftar jenis_pegawai.",
                "The kind of employee is not known: write PNS, CPNS, PPPK or a code of the list jenis_pegawai.";
            "DU-041" Warning kedudukan_hukum "Daftar kode BKN kedudukan_hukum":
                Broken(unlisted_state),
                "Kedudukan hukum tidak ada di daftar kode: pakai kode atau nama dari daftar kedudukan_hukum.",
                "The legal state is not in the code list: use a code or name of the list kedudukan_hukum.";
            "DU-042" Error tmt_cpns "PerBKN 7/2023 pasal 4": Date,
                "TMT CPNS bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "TMT CPNS is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "DU-043" Error tmt_pns "PerBKN 7/2023 pasal 4": Date,
                "TMT PNS bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "TMT PNS is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "DU-044" Error tmt_golongan "PerBKN 7/2023 pasal 4": Date,
                "TMT golongan bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "TMT golongan is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "DU-045" Error tmt_jabatan "PerBKN 7/2023 pasal 4": Date,
                "TMT jabatan bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "TMT jabatan is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "DU-046" Warning tmt_cpns "PP 11/2017 pasal 30": NotFuture,
                "TMT CPNS di masa depan: periksa SK.",
                "TMT CPNS is in the future: check the decree.";
            "DU-047" Warning tmt_cpns "PerKa BKN 22/2007":
                Broken(|r| r
                    .nip
                    .and_then(satu_domain::Nip::tmt_cpns)
                    .zip(r.facts.cpns)
                    .is_some_and(|(n, t)| (n.year(), n.month()) != (t.year(), t.month()))),
                "TMT CPNS berbeda dari NIP (angka 9-14): periksa SK CPNS.",
                "TMT CPNS differs from the NIP's (digits 9-14): check the CPNS decree.";
            "DU-048" Warning tmt_pns "PP 11/2017 pasal 34":
                Broken(|r| later(r.facts.cpns, r.facts.pns)),
                "TMT PNS lebih awal dari TMT CPNS: periksa kedua SK.",
                "TMT PNS is earlier than TMT CPNS: check both decrees.";
            "DU-049" Warning tmt_golongan "PP 99/2000 pasal 1":
                Broken(|r| later(r.facts.cpns, r.facts.tmt_golongan)),
                "TMT golongan lebih awal dari TMT CPNS: periksa SK.",
                "TMT golongan is earlier than TMT CPNS: check the decree.";
            "DU-050" Warning tmt_jabatan "PP 11/2017 pasal 1":
                Broken(|r| later(r.facts.cpns, r.facts.tmt_jabatan)),
                "TMT jabatan lebih awal dari TMT CPNS: periksa SK.",
                "TMT jabatan is earlier than TMT CPNS: check the decree.";
            "DU-051" Warning tmt_cpns "PP 11/2017 pasal 23":
                Broken(|r| age_at_cpns(r).is_some_and(|a| a < 18)),
                "Umur saat diangkat CPNS di bawah 18 tahun: periksa tanggal lahir dan TMT CPNS.",
                "Younger than 18 at appointment: check birth date and TMT CPNS.";
            "DU-052" Warning tmt_cpns "PP 11/2017 pasal 23":
                Broken(|r| age_at_cpns(r).is_some_and(|a| a > 40)
                    && r.facts.employment != Some(JenisPegawai::Pppk)),
                "Umur saat diangkat CPNS di atas 40 tahun: periksa tanggal lahir dan TMT CPNS.",
                "Older than 40 at appointment: check birth date and TMT CPNS.";
            "DU-053" Error golongan "PP 99/2000; Perpres 11/2024": Golongan,
                "Golongan tidak ada: isi I/a sampai IV/e untuk PNS, I sampai XVII untuk PPPK.",
                "No such golongan: write I/a to IV/e for PNS, I to XVII for PPPK.";
            "DU-054" Warning golongan "PP 99/2000; Perpres 98/2020":
                Broken(
                    |r| matches!((r.facts.employment, r.facts.golongan), (Some(kind), Some(rank)) if (kind == JenisPegawai::Pppk) != rank.is_pppk())
                ),
                "Golongan tidak cocok dengan jenis pegawai: PNS memakai I/a-IV/e, PPPK memakai I-XVII.",
                "The golongan does not fit the kind of employee: PNS have I/a-IV/e, PPPK have I-XVII.";
            "DU-055" Warning golongan "PP 99/2000 jo. PP 12/2002":
                Broken(|r| r
                    .facts
                    .education
                    .zip(pns_code(r))
                    .is_some_and(|(e, g)| g < e.regular_span().0)),
                "Golongan di bawah golongan awal untuk pendidikan ini: periksa apakah ijazah sudah diakui.",
                "The golongan is below where this education starts: check whether the diploma has been recognised.";
            "DU-056" Warning jenis_pegawai "PerKa BKN 22/2007":
                Broken(
                    |r| matches!((r.nip, r.facts.employment), (Some(number), Some(kind)) if number.is_pppk() != (kind == JenisPegawai::Pppk))
                ),
                "Bentuk NIP tidak cocok dengan jenis pegawai (angka 13-14 di atas 12 berarti PPPK): periksa keduanya.",
                "The form of the NIP does not fit the kind of employee (digits 13-14 above 12 mean PPPK): check both.";
            "DU-057" Warning masa_kerja_tahun "PP 7/1977": Number(0, 50),
                "Masa kerja (tahun) bukan bilangan 0-50: perbaiki.",
                "The years of service are no number from 0 to 50: correct them.";
            "DU-058" Warning masa_kerja_bulan "PP 7/1977": Number(0, 11),
                "Masa kerja (bulan) bukan bilangan 0-11: jadikan tahun bila 12 atau lebih.",
                "The months of service are no number from 0 to 11: turn 12 or more into years.";
            "DU-059" Warning masa_kerja_tahun "PP 99/2000 pasal 1; PP 7/1977":
                Broken(|r| r
                    .number(masa_kerja_tahun)
                    .zip(years_served(r))
                    .is_some_and(|(said, served)| served >= 0 && said > served + 10)),
                "Masa kerja jauh lebih lama dari TMT CPNS sampai kini: periksa, atau sertakan SK peninjauan masa kerja.",
                "The years of service far exceed the time since TMT CPNS: check, or attach the decree that recognises earlier service.";
            "DU-060" Warning jenis_jabatan "UU 20/2023 pasal 13": Position,
                "Jenis jabatan tidak dikenal: isi Struktural, Fungsional, atau Pelaksana.",
                "The kind of position is not known: write Struktural, Fungsional or Pelaksana.";
            "DU-061" Warning eselon "Daftar kode BKN eselon": Code("eselon"),
                "Eselon tidak ada di daftar kode: pakai kode atau nama dari daftar eselon.",
                "The eselon is not in the code list: use a code or name of the list eselon.";
            "DU-062" Warning eselon "PP 13/2002":
                Broken(|r| r.cells[eselon].is_empty()
                    && r.facts.position == Some(JenisJabatan::Struktural)),
                "Jabatan struktural tanpa eselon: isi eselon.",
                "A structural position without eselon: give the eselon.";
            "DU-063" Warning jabatan "PerBKN 7/2023 pasal 4":
                Broken(|r| r.cells[jabatan].is_empty() && !r.cells[jenis_jabatan].is_empty()),
                "Jenis jabatan diisi tetapi nama jabatan kosong: isi jabatan.",
                "The kind of position is given but its name is empty: give the position.";
            "DU-064" Warning tingkat_pendidikan "Daftar kode BKN pendidikan": Education,
                "Tingkat pendidikan tidak dikenal: pakai SD sampai S-3 atau kodenya.",
                "The level of education is not known: use SD to S-3 or its code.";
            "DU-065" Warning tahun_lulus "PerBKN 7/2023 pasal 4": Number(1940, 2100),
                "Tahun lulus bukan tahun: tulis empat angka.",
                "The year of graduation is no year: write four digits.";
            "DU-066" Warning tahun_lulus "PerBKN 7/2023 pasal 4":
                Broken(|r| r
                    .number(tahun_lulus)
                    .zip(r.date(tanggal_lahir))
                    .is_some_and(|(year, birth)| year < i64::from(birth.year()) + 10)),
                "Lulus sebelum berumur 10 tahun: periksa tahun lulus dan tanggal lahir.",
                "Graduated before the age of 10: check year and birth date.";
            "DU-067" Warning kedudukan_hukum "UU 20/2023 pasal 55":
                Broken(|r| r.facts.state == Some(KedudukanHukum::AKTIF)
                    && age_today(r).is_some_and(|a| a > 70)),
                "Aktif tetapi umur di atas 70 tahun, batas usia pensiun tertinggi: perbarui kedudukan hukum.",
                "Active but older than 70, the highest retirement age: update the legal state.";
            "DU-068" Warning kedudukan_hukum "UU 20/2023 pasal 55":
                Broken(|r| r.facts.state == Some(KedudukanHukum::AKTIF)
                    && age_today(r).is_some_and(|a| a > 58)
                    && r.facts.position == Some(JenisJabatan::Pelaksana)),
                "Pelaksana aktif di atas usia pensiun 58 tahun: perbarui kedudukan hukum atau jabatan.",
                "An active pelaksana beyond the retirement age of 58: update the legal state or the position.";
            "DU-069" Warning kedudukan_hukum "UU 11/1969 pasal 9":
                Broken(|r| matches!(
                    r.facts.state,
                    Some(KedudukanHukum::BUP | KedudukanHukum::PENSIUN)
                ) && age_today(r).is_some_and(|a| a < 45)),
                "Pensiun karena usia tetapi umur di bawah 45 tahun: periksa kedudukan hukum.",
                "Retired for age but younger than 45: check the legal state.";
            "DU-070" Warning instansi_induk "Daftar kode BKN instansi": Code("instansi"),
                "Instansi induk tidak ada di daftar instansi: pakai kode atau nama resmi.",
                "The owning agency is not in the list instansi: use its code or official name.";
            "DU-071" Warning instansi_kerja "Daftar kode BKN instansi": Code("instansi"),
                "Instansi kerja tidak ada di daftar instansi: pakai kode atau nama resmi.",
                "The employing agency is not in the list instansi: use its code or official name.";
            "DU-072" Error unor "PerBKN 7/2023 pasal 4": Text(500),
                "Unit organisasi lebih dari 500 huruf atau berisi karakter kendali: perbaiki.",
                "The organisation unit is over 500 letters or holds control characters: correct it.";
            "DU-073" Warning nip "PerKa BKN 22/2007":
                Broken(|r| r.cells[nip].is_empty() && r.facts.employment == Some(JenisPegawai::Pns)),
                "PNS tanpa NIP: isi NIP dari SK.",
                "A PNS without NIP: give the NIP from the decree.";
            "DU-074" Warning tmt_cpns "PP 11/2017 pasal 30":
                Broken(|r| r.cells[tmt_cpns].is_empty()
                    && matches!(
                        r.facts.employment,
                        Some(JenisPegawai::Pns | JenisPegawai::Cpns)
                    )),
                "TMT CPNS kosong: isi dari SK CPNS.",
                "TMT CPNS is empty: give it from the CPNS decree.";
        }
    }
}
