//! `data_utama`: who the person is.

use satu_domain::dates::whole_years;
use satu_domain::schema::data_utama::{
    agama, alamat, email, jenis_kelamin, nama, nama_ibu_kandung, nik, nip, nip_lama, nomor_bpjs,
    nomor_hp, npwp, status_kawin, tanggal_lahir, tempat_lahir,
};
use satu_domain::{NikError, NipError, NipLama, PersonName};

use crate::row::Row;
use crate::rule::Check::{Broken, Code, CrossRow, Date, NotFuture, Required, Sex, Text};
use crate::rule::{Check, Rule, rule};

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
    vec![
        rule!(
            DataUtama,
            "DU-001",
            nip,
            Error,
            Broken(|r| r.cells[nip].is_empty() && r.cells[nik].is_empty()),
            "NIP dan NIK kosong: isi sekurang-kurangnya salah satu.",
            "Both NIP and NIK are empty: give at least one.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            DataUtama,
            "DU-002",
            nip,
            Error,
            Check::Nip,
            "NIP bukan 18 angka yang benar (tanggal lahir, pengangkatan, jenis kelamin, nomor urut): salin kembali dari SK.",
            "The NIP is not 18 valid digits (birth date, appointment, sex, serial): copy it again from the decree.",
            "PerKa BKN 22/2007"
        ),
        rule!(
            DataUtama,
            "DU-003",
            nip,
            Error,
            Broken(|r| r.nip_error == Some(NipError::Scientific)),
            "Excel mengubah NIP menjadi bilangan dan angka akhirnya hilang: format kolom sebagai teks lalu isi ulang NIP.",
            "Excel turned the NIP into a number and lost its last digits: format the column as text and enter the NIP again.",
            "PerKa BKN 22/2007"
        ),
        rule!(
            DataUtama,
            "DU-004",
            nip_lama,
            Warning,
            Broken(|r| !r.cells[nip_lama].is_empty() && NipLama::parse(r.cells[nip_lama]).is_none()),
            "NIP lama bukan 9 angka: perbaiki atau kosongkan.",
            "The old NIP is not 9 digits: correct it or leave it empty.",
            "PerKa BKN 22/2007"
        ),
        rule!(
            DataUtama,
            "DU-005",
            nik,
            Error,
            Broken(|r| nik_is(NikError::Shape)(r)),
            "NIK bukan 16 angka: salin dari KTP-el; format kolom sebagai teks.",
            "The NIK is not 16 digits: copy it from the identity card; format the column as text.",
            "UU 23/2006 pasal 13"
        ),
        rule!(
            DataUtama,
            "DU-006",
            nik,
            Error,
            Broken(|r| nik_is(NikError::Filler)(r)),
            "NIK hanya pengisi (angka sama semua atau berakhir 000000): isi NIK yang sebenarnya atau kosongkan.",
            "The NIK is a filler (one digit repeated, or ending 000000): give the real one or leave it empty.",
            "UU 23/2006 pasal 13"
        ),
        rule!(
            DataUtama,
            "DU-007",
            nik,
            Warning,
            Broken(|r| nik_is(NikError::Province)(r)),
            "Dua angka pertama NIK bukan kode provinsi: periksa pada KTP-el.",
            "The first two digits of the NIK are no province code: check the identity card.",
            "Permendagri 72/2019 (kode wilayah)"
        ),
        rule!(
            DataUtama,
            "DU-008",
            nik,
            Warning,
            Broken(|r| nik_is(NikError::BirthDate)(r)),
            "Angka 7-12 NIK bukan tanggal lahir (perempuan: hari + 40): periksa pada KTP-el.",
            "Digits 7-12 of the NIK are not a birth date (women: day + 40): check the identity card.",
            "UU 23/2006 pasal 13"
        ),
        rule!(
            DataUtama,
            "DU-009",
            nik,
            Warning,
            Broken(|r| nik_is(NikError::Serial)(r)),
            "Nomor urut NIK (angka 13-16) 0000: periksa pada KTP-el.",
            "The serial of the NIK (digits 13-16) is 0000: check the identity card.",
            "UU 23/2006 pasal 13"
        ),
        rule!(
            DataUtama,
            "DU-010",
            nama,
            Error,
            Required,
            "Nama kosong: isi nama sesuai KTP-el.",
            "The name is empty: give it as on the identity card.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            DataUtama,
            "DU-011",
            nama,
            Error,
            Broken(|r| !r.cells[nama].is_empty() && !is_name(r.cells[nama])),
            "Tidak ada nama di kolom nama (hanya gelar, angka, atau tanda): isi nama.",
            "No name in the name column (only titles, digits or signs): give the name.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            DataUtama,
            "DU-012",
            nama,
            Warning,
            Broken(|r| r.cells[nama].contains(',')),
            "Gelar tercampur di kolom nama: pindahkan ke gelar_depan dan gelar_belakang.",
            "Titles are mixed into the name: move them to gelar_depan and gelar_belakang.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            DataUtama,
            "DU-013",
            nama,
            Warning,
            Broken(|r| r.cells[nama].bytes().any(|b| b.is_ascii_digit())),
            "Ada angka di dalam nama: perbaiki nama.",
            "The name has a digit in it: correct the name.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            DataUtama,
            "DU-014",
            nama,
            Error,
            Broken(|r| r.cells[nama].starts_with(['=', '+', '@'])),
            "Nama berawal seperti rumus lembar kerja: ketik ulang nama tanpa tanda di depannya.",
            "The name begins like a spreadsheet formula: type the name again without the sign.",
            "OWASP CSV injection"
        ),
        rule!(
            DataUtama,
            "DU-015",
            nama,
            Error,
            Text(200),
            "Nama lebih dari 200 huruf atau berisi karakter kendali: perbaiki nama.",
            "The name is over 200 letters or holds control characters: correct the name.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            DataUtama,
            "DU-016",
            tanggal_lahir,
            Error,
            Required,
            "Tanggal lahir kosong: isi YYYY-MM-DD atau DD-MM-YYYY.",
            "The birth date is empty: give YYYY-MM-DD or DD-MM-YYYY.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            DataUtama,
            "DU-017",
            tanggal_lahir,
            Error,
            Date,
            "Tanggal lahir bukan tanggal yang ada: tulis YYYY-MM-DD atau DD-MM-YYYY.",
            "The birth date is no date that exists: write YYYY-MM-DD or DD-MM-YYYY.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            DataUtama,
            "DU-018",
            tanggal_lahir,
            Error,
            NotFuture,
            "Tanggal lahir di masa depan: perbaiki.",
            "The birth date is in the future: correct it.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            DataUtama,
            "DU-019",
            tanggal_lahir,
            Warning,
            Broken(|r| age(r).is_some_and(|a| (0..18).contains(&a))),
            "Umur di bawah 18 tahun: periksa tanggal lahir.",
            "Younger than 18: check the birth date.",
            "PP 11/2017 pasal 23"
        ),
        rule!(
            DataUtama,
            "DU-020",
            tanggal_lahir,
            Warning,
            Broken(|r| r
                .nip
                .zip(r.facts.birth)
                .is_some_and(|(n, b)| n.birth_date() != b)),
            "Tanggal lahir berbeda dari NIP: periksa SK; bila diubah pengadilan, lampirkan penetapannya.",
            "The birth date differs from the NIP's: check the decree; if a court changed it, attach the ruling.",
            "PerKa BKN 22/2007"
        ),
        rule!(
            DataUtama,
            "DU-021",
            jenis_kelamin,
            Warning,
            Broken(|r| r.nip.zip(r.facts.sex).is_some_and(|(n, s)| n.sex() != s)),
            "Jenis kelamin berbeda dari NIP (angka ke-15): periksa keduanya.",
            "The sex differs from the NIP's (digit 15): check both.",
            "PerKa BKN 22/2007"
        ),
        rule!(
            DataUtama,
            "DU-022",
            tanggal_lahir,
            Warning,
            Broken(|r| r
                .facts
                .nik
                .zip(r.facts.birth)
                .is_some_and(|(n, b)| !n.matches_birth(b))),
            "Tanggal lahir berbeda dari NIK (angka 7-12): periksa pada KTP-el.",
            "The birth date differs from the NIK's (digits 7-12): check the identity card.",
            "UU 23/2006 pasal 13"
        ),
        rule!(
            DataUtama,
            "DU-023",
            jenis_kelamin,
            Warning,
            Broken(|r| r
                .facts
                .nik
                .zip(r.facts.sex)
                .is_some_and(|(n, s)| n.sex() != s)),
            "Jenis kelamin berbeda dari NIK (hari lahir + 40 untuk perempuan): periksa pada KTP-el.",
            "The sex differs from the NIK's (birth day + 40 for women): check the identity card.",
            "UU 23/2006 pasal 13"
        ),
        rule!(
            DataUtama,
            "DU-024",
            jenis_kelamin,
            Error,
            Sex,
            "Jenis kelamin tidak dikenal: isi L atau P.",
            "The sex is not known: write L or P.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            DataUtama,
            "DU-025",
            agama,
            Warning,
            Code("agama"),
            "Agama tidak ada di daftar kode: pakai kode atau nama dari daftar agama.",
            "The religion is not in the code list: use a code or name of the list agama.",
            "Daftar kode BKN agama"
        ),
        rule!(
            DataUtama,
            "DU-026",
            status_kawin,
            Warning,
            Code("status_kawin"),
            "Status kawin tidak ada di daftar kode: pakai kode atau nama dari daftar status_kawin.",
            "The marital status is not in the code list: use a code or name of the list status_kawin.",
            "Daftar kode BKN status_kawin"
        ),
        rule!(
            DataUtama,
            "DU-027",
            email,
            Warning,
            Broken(|r| !r.cells[email].is_empty()
                && r.cells[email]
                    .split_once('@')
                    .is_none_or(|(user, host)| user.is_empty()
                        || !host.contains('.')
                        || host.contains('@'))),
            "Alamat surel tidak berbentuk nama@domain: perbaiki atau kosongkan.",
            "The e-mail is not of the form name@domain: correct it or leave it empty.",
            "RFC 5321 bagian 4.1.2"
        ),
        rule!(
            DataUtama,
            "DU-028",
            nomor_hp,
            Warning,
            Broken(
                |r| !r.cells[nomor_hp].is_empty() && !(9..=15).contains(&digits(r.cells[nomor_hp]))
            ),
            "Nomor HP bukan 9-15 angka: tulis lengkap, misalnya 0812...",
            "The phone number is not 9-15 digits: write it in full, such as 0812...",
            "ITU-T E.164"
        ),
        rule!(
            DataUtama,
            "DU-029",
            npwp,
            Warning,
            Broken(|r| !r.cells[npwp].is_empty() && !matches!(digits(r.cells[npwp]), 15 | 16)),
            "NPWP bukan 15 atau 16 angka: salin dari kartu NPWP.",
            "The NPWP is not 15 or 16 digits: copy it from the tax card.",
            "PMK 112/PMK.03/2022"
        ),
        rule!(
            DataUtama,
            "DU-030",
            nomor_bpjs,
            Warning,
            Broken(|r| !r.cells[nomor_bpjs].is_empty() && digits(r.cells[nomor_bpjs]) != 13),
            "Nomor BPJS Kesehatan bukan 13 angka: salin dari kartu.",
            "The BPJS Kesehatan number is not 13 digits: copy it from the card.",
            "Kartu JKN BPJS Kesehatan"
        ),
        rule!(
            DataUtama,
            "DU-031",
            tempat_lahir,
            Error,
            Text(200),
            "Tempat lahir lebih dari 200 huruf atau berisi karakter kendali: perbaiki.",
            "The birthplace is over 200 letters or holds control characters: correct it.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            DataUtama,
            "DU-032",
            nama_ibu_kandung,
            Error,
            Text(200),
            "Nama ibu kandung lebih dari 200 huruf atau berisi karakter kendali: perbaiki.",
            "The mother's name is over 200 letters or holds control characters: correct it.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            DataUtama,
            "DU-033",
            alamat,
            Error,
            Text(1000),
            "Alamat lebih dari 1.000 huruf atau berisi karakter kendali: perbaiki.",
            "The address is over 1,000 letters or holds control characters: correct it.",
            "PerBKN 7/2023 pasal 4"
        ),
        rule!(
            DataUtama,
            "DU-090",
            nip,
            Warning,
            CrossRow,
            "NIP ini sudah ada di baris lain: hapus baris ganda atau perbaiki NIP.",
            "This NIP already stands in another row: remove the double row or correct the NIP.",
            "PerKa BKN 22/2007"
        ),
        rule!(
            DataUtama,
            "DU-091",
            nik,
            Warning,
            CrossRow,
            "NIK ini sudah ada dengan NIP lain: periksa apakah orang yang sama.",
            "This NIK already stands with another NIP: check whether it is the same person.",
            "UU 23/2006 pasal 13"
        ),
    ]
}
