//! `data_utama`: who the person is.

use satu_domain::dates::whole_years;
use satu_domain::schema::data_utama::{
    email, nama, nik, nip, nip_lama, nomor_bpjs, nomor_hp, npwp,
};
use satu_domain::{NikError, NipError, NipLama, PersonName};

use crate::row::Row;
use crate::rule::Check::{Broken, Code, CrossRow, Date, NotFuture, Required, Sex, Text};
use crate::rule::{Check, Rule, rules};

fn nik_is(wanted: NikError) -> impl Fn(&Row<'_>) -> bool {
    move |row| row.facts.nik_error == Some(wanted) && !row.cells[nik].is_empty()
}

/// Whether a name is left without the titles. Where each word holds a letter, whichever are left do.
fn is_name(cell: &str) -> bool {
    let lettered = |word: &str| word.chars().any(char::is_alphabetic);
    let head = cell.split_once(',').map_or(cell, |(head, _)| head);
    let mut words = head.split_whitespace().peekable();
    (words.peek().is_some() && words.all(lettered)) || PersonName::parse(cell).is_some()
}

fn digits(cell: &str) -> usize {
    cell.bytes().filter(u8::is_ascii_digit).count()
}

fn age(row: &Row<'_>) -> Option<i16> {
    row.facts.birth.map(|birth| whole_years(birth, row.today))
}

pub fn rules() -> Vec<Rule> {
    rules! {
        DataUtama data_utama {
            "DU-001" Error nip "PerBKN 7/2023 pasal 4":
                Broken(|r| r.cells[nip].is_empty() && r.cells[nik].is_empty()),
                "NIP dan NIK kosong: isi sekurang-kurangnya salah satu.",
                "Both NIP and NIK are empty: give at least one.";
            "DU-002" Error nip "PerKa BKN 22/2007": Check::Nip,
                "NIP bukan 18 angka yang benar (tanggal lahir, pengangkatan, jenis kelamin, nomor urut): salin kembali dari SK.",
                "The NIP is not 18 valid digits (birth date, appointment, sex, serial): copy it again from the decree.";
            "DU-003" Error nip "PerKa BKN 22/2007":
                Broken(|r| r.nip_error == Some(NipError::Scientific)),
                "Excel mengubah NIP menjadi bilangan dan angka akhirnya hilang: format kolom sebagai teks lalu isi ulang NIP.",
                "Excel turned the NIP into a number and lost its last digits: format the column as text and enter the NIP again.";
            "DU-004" Warning nip_lama "PerKa BKN 22/2007":
                Broken(|r| !r.cells[nip_lama].is_empty() && NipLama::parse(r.cells[nip_lama]).is_none()),
                "NIP lama bukan 9 angka: perbaiki atau kosongkan.",
                "The old NIP is not 9 digits: correct it or leave it empty.";
            "DU-005" Error nik "UU 23/2006 pasal 13": Broken(|r| nik_is(NikError::Shape)(r)),
                "NIK bukan 16 angka: salin dari KTP-el; format kolom sebagai teks.",
                "The NIK is not 16 digits: copy it from the identity card; format the column as text.";
            "DU-006" Error nik "UU 23/2006 pasal 13": Broken(|r| nik_is(NikError::Filler)(r)),
                "NIK hanya pengisi (angka sama semua atau berakhir 000000): isi NIK yang sebenarnya atau kosongkan.",
                "The NIK is a filler (one digit repeated, or ending 000000): give the real one or leave it empty.";
            "DU-007" Warning nik "Permendagri 72/2019 (kode wilayah)":
                Broken(|r| nik_is(NikError::Province)(r)),
                "Dua angka pertama NIK bukan kode provinsi: periksa pada KTP-el.",
                "The first two digits of the NIK are no province code: check the identity card.";
            "DU-008" Warning nik "UU 23/2006 pasal 13": Broken(|r| nik_is(NikError::BirthDate)(r)),
                "Angka 7-12 NIK bukan tanggal lahir (perempuan: hari + 40): periksa pada KTP-el.",
                "Digits 7-12 of the NIK are not a birth date (women: day + 40): check the identity card.";
            "DU-009" Warning nik "UU 23/2006 pasal 13": Broken(|r| nik_is(NikError::Serial)(r)),
                "Nomor urut NIK (angka 13-16) 0000: periksa pada KTP-el.",
                "The serial of the NIK (digits 13-16) is 0000: check the identity card.";
            "DU-010" Error nama "PerBKN 7/2023 pasal 4": Required,
                "Nama kosong: isi nama sesuai KTP-el.",
                "The name is empty: give it as on the identity card.";
            "DU-011" Error nama "PerBKN 7/2023 pasal 4":
                Broken(|r| !r.cells[nama].is_empty() && !is_name(r.cells[nama])),
                "Tidak ada nama di kolom nama (hanya gelar, angka, atau tanda): isi nama.",
                "No name in the name column (only titles, digits or signs): give the name.";
            "DU-012" Warning nama "PerBKN 7/2023 pasal 4": Broken(|r| r.cells[nama].contains(',')),
                "Gelar tercampur di kolom nama: pindahkan ke gelar_depan dan gelar_belakang.",
                "Titles are mixed into the name: move them to gelar_depan and gelar_belakang.";
            "DU-013" Warning nama "PerBKN 7/2023 pasal 4":
                Broken(|r| r.cells[nama].bytes().any(|b| b.is_ascii_digit())),
                "Ada angka di dalam nama: perbaiki nama.",
                "The name has a digit in it: correct the name.";
            "DU-014" Error nama "OWASP CSV injection":
                Broken(|r| r.cells[nama].starts_with(['=', '+', '@'])),
                "Nama berawal seperti rumus lembar kerja: ketik ulang nama tanpa tanda di depannya.",
                "The name begins like a spreadsheet formula: type the name again without the sign.";
            "DU-015" Error nama "PerBKN 7/2023 pasal 4": Text(200),
                "Nama lebih dari 200 huruf atau berisi karakter kendali: perbaiki nama.",
                "The name is over 200 letters or holds control characters: correct the name.";
            "DU-016" Error tanggal_lahir "PerBKN 7/2023 pasal 4": Required,
                "Tanggal lahir kosong: isi YYYY-MM-DD atau DD-MM-YYYY.",
                "The birth date is empty: give YYYY-MM-DD or DD-MM-YYYY.";
            "DU-017" Error tanggal_lahir "PerBKN 7/2023 pasal 4": Date,
                "Tanggal lahir bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
                "The birth date is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.";
            "DU-018" Error tanggal_lahir "PerBKN 7/2023 pasal 4": NotFuture,
                "Tanggal lahir di masa depan: perbaiki.",
                "The birth date is in the future: correct it.";
            "DU-019" Warning tanggal_lahir "PP 11/2017 pasal 23":
                Broken(|r| age(r).is_some_and(|a| (0..18).contains(&a))),
                "Umur di bawah 18 tahun: periksa tanggal lahir.",
                "Younger than 18: check the birth date.";
            "DU-020" Warning tanggal_lahir "PerKa BKN 22/2007":
                Broken(|r| r
                    .nip
                    .zip(r.facts.birth)
                    .is_some_and(|(n, b)| n.birth_date() != b)),
                "Tanggal lahir berbeda dari NIP: periksa SK; bila diubah pengadilan, lampirkan penetapannya.",
                "The birth date differs from the NIP's: check the decree; if a court changed it, attach the ruling.";
            "DU-021" Warning jenis_kelamin "PerKa BKN 22/2007":
                Broken(|r| r.nip.zip(r.facts.sex).is_some_and(|(n, s)| n.sex() != s)),
                "Jenis kelamin berbeda dari NIP (angka ke-15): periksa keduanya.",
                "The sex differs from the NIP's (digit 15): check both.";
            "DU-022" Warning tanggal_lahir "UU 23/2006 pasal 13":
                Broken(|r| r
                    .facts
                    .nik
                    .zip(r.facts.birth)
                    .is_some_and(|(n, b)| !n.matches_birth(b))),
                "Tanggal lahir berbeda dari NIK (angka 7-12): periksa pada KTP-el.",
                "The birth date differs from the NIK's (digits 7-12): check the identity card.";
            "DU-023" Warning jenis_kelamin "UU 23/2006 pasal 13":
                Broken(|r| r
                    .facts
                    .nik
                    .zip(r.facts.sex)
                    .is_some_and(|(n, s)| n.sex() != s)),
                "Jenis kelamin berbeda dari NIK (hari lahir + 40 untuk perempuan): periksa pada KTP-el.",
                "The sex differs from the NIK's (birth day + 40 for women): check the identity card.";
            "DU-024" Error jenis_kelamin "PerBKN 7/2023 pasal 4": Sex,
                "Jenis kelamin tidak dikenal: isi L atau P.",
                "The sex is not known: write L or P.";
            "DU-025" Warning agama "Daftar kode BKN agama": Code("agama"),
                "Agama tidak ada di daftar kode: pakai kode atau nama dari daftar agama.",
                "The religion is not in the code list: use a code or name of the list agama.";
            "DU-026" Warning status_kawin "Daftar kode BKN status_kawin": Code("status_kawin"),
                "Status kawin tidak ada di daftar kode: pakai kode atau nama dari daftar status_kawin.",
                "The marital status is not in the code list: use a code or name of the list status_kawin.";
            "DU-027" Warning email "RFC 5321 bagian 4.1.2":
                Broken(|r| !r.cells[email].is_empty()
                    && r.cells[email]
                        .split_once('@')
                        .is_none_or(|(user, host)| user.is_empty()
                            || !host.contains('.')
                            || host.contains('@'))),
                "Alamat surel tidak berbentuk nama@domain: perbaiki atau kosongkan.",
                "The e-mail is not of the form name@domain: correct it or leave it empty.";
            "DU-028" Warning nomor_hp "ITU-T E.164":
                Broken(
                    |r| !r.cells[nomor_hp].is_empty() && !(9..=15).contains(&digits(r.cells[nomor_hp]))
                ),
                "Nomor HP bukan 9-15 angka: tulis lengkap, misalnya 0812...",
                "The phone number is not 9-15 digits: write it in full, such as 0812...";
            "DU-029" Warning npwp "PMK 112/PMK.03/2022":
                Broken(|r| !r.cells[npwp].is_empty() && !matches!(digits(r.cells[npwp]), 15 | 16)),
                "NPWP bukan 15 atau 16 angka: salin dari kartu NPWP.",
                "The NPWP is not 15 or 16 digits: copy it from the tax card.";
            "DU-030" Warning nomor_bpjs "Kartu JKN BPJS Kesehatan":
                Broken(|r| !r.cells[nomor_bpjs].is_empty() && digits(r.cells[nomor_bpjs]) != 13),
                "Nomor BPJS Kesehatan bukan 13 angka: salin dari kartu.",
                "The BPJS Kesehatan number is not 13 digits: copy it from the card.";
            "DU-031" Error tempat_lahir "PerBKN 7/2023 pasal 4": Text(200),
                "Tempat lahir lebih dari 200 huruf atau berisi karakter kendali: perbaiki.",
                "The birthplace is over 200 letters or holds control characters: correct it.";
            "DU-032" Error nama_ibu_kandung "PerBKN 7/2023 pasal 4": Text(200),
                "Nama ibu kandung lebih dari 200 huruf atau berisi karakter kendali: perbaiki.",
                "The mother's name is over 200 letters or holds control characters: correct it.";
            "DU-033" Error alamat "PerBKN 7/2023 pasal 4": Text(1000),
                "Alamat lebih dari 1.000 huruf atau berisi karakter kendali: perbaiki.",
                "The address is over 1,000 letters or holds control characters: correct it.";
            "DU-090" Warning nip "PerKa BKN 22/2007": CrossRow,
                "NIP ini sudah ada di baris lain: hapus baris ganda atau perbaiki NIP.",
                "This NIP already stands in another row: remove the double row or correct the NIP.";
            "DU-091" Warning nik "UU 23/2006 pasal 13": CrossRow,
                "NIK ini sudah ada dengan NIP lain: periksa apakah orang yang sama.",
                "This NIK already stands with another NIP: check whether it is the same person.";
        }
    }
}
