//! What is sent with a form or a file.

use std::time::Duration;

use super::{ANI, HEAD, row};
use crate::browser::{Answer, Browser, PASSWORD};

/// Sends an extract to be compared.
pub async fn compare(browser: &mut Browser, mark: &str, agency: &str) -> Answer {
    let content = format!("{HEAD}{}", row(ANI));
    let fields = [
        ("tanda", None, mark),
        ("instansi", None, agency),
        ("tujuan", None, "verifikasi"),
        ("peta", Some(""), ""),
        ("berkas", Some("contoh.csv"), content.as_str()),
    ];
    browser.post_files("/kiriman/cocok", &fields).await
}

/// What a form holds beside its mark.
pub fn fields_of(path: &str) -> Vec<(&'static str, &'static str)> {
    let last = path.rsplit('/').next().unwrap();
    match (path, last) {
        ("/masuk", _) => vec![("nama", "asn"), ("sandi", PASSWORD)],
        ("/masuk/kode", _) => vec![("kode", "123456")],
        ("/akun/sandi", _) => vec![("sandi", "kata sandi salah"), ("baru", "x"), ("ulang", "x")],
        ("/akun/kedua", _) => {
            let seed = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
            vec![("benih", seed), ("kode", "123456"), ("sandi", "salah")]
        }
        ("/akun/kedua/lepas", _) => vec![("sandi", PASSWORD)],
        ("/pengguna/undang", _) => {
            vec![
                ("nama", "a b"),
                ("nama_lengkap", "Contoh"),
                ("peran", "asn"),
            ]
        }
        _ if path.starts_with("/usulan/") => vec![("putusan", "tolak"), ("alasan", "contoh")],
        (_, "peran") => vec![("peran", "asn"), ("nip", ANI[0])],
        _ if path.starts_with("/tautan/") => {
            vec![
                ("baru", "gerimis menulis peta"),
                ("ulang", "gerimis menulis peta"),
            ]
        }
        ("/akun/token/akhiri", _) => vec![("token", "tiada"), ("sandi", PASSWORD)],
        ("/akun/sesi", _) => vec![("sesi", "tiada"), ("sandi", PASSWORD)],
        ("/akun/sesi/lain", _) | (_, "rahasia") => vec![("sandi", PASSWORD)],
        ("/saya/hak", _) => vec![("tentang", "akses"), ("uraian", "contoh")],
        (_, "orang") => vec![("instansi", "Pemerintah Kota Contoh")],
        (_, "kabar") => vec![("kepada", "lembaga")],
        _ if path.starts_with("/permintaan/") => {
            vec![("putusan", "tolak"), ("jawaban", "contoh")]
        }
        _ if path.starts_with("/pelanggaran") => vec![
            ("diketahui", "2026-08-01T09:00"),
            ("data", "contoh"),
            ("cara", "contoh"),
            ("penanganan", "contoh"),
        ],
        (_, "buka") => vec![("tujuan", "layanan")],
        (_, "nilai") => vec![("kolom", "agama"), ("nilai", "Islam"), ("alasan", "contoh")],
        (_, "batal") => vec![("alasan", "contoh")],
        _ if path.starts_with("/tinjau/") => vec![("jawaban", "ragu"), ("alasan", "contoh")],
        _ => vec![],
    }
}

pub async fn upload(browser: &mut Browser, mark: &str, source: &str) -> Answer {
    let content = format!("{HEAD}{}", row(ANI));
    let fields = [
        ("tanda", None, mark),
        ("sumber", None, source),
        ("tanggal", None, "2026-08-01"),
        ("peta", Some(""), ""),
        ("berkas", Some("contoh.csv"), content.as_str()),
    ];
    browser.post_files("/kiriman/baru", &fields).await
}

/// Waits until nothing is under way.
pub async fn settled(browser: &mut Browser, path: &str) {
    while browser
        .get(path)
        .await
        .body
        .contains("http-equiv=\"refresh\"")
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
