//! Documents: up, into a save, and down again.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json as object};

use super::{ANI, Simpeg, has_all, id_of, multipart, schema};
use crate::api::{json, program, token};
use crate::browser::{Answer, asked};

pub const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9";

pub fn document(answer: &Answer) -> Value {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let told = json(answer);
    assert_eq!(told["code"], 1);
    has_all(
        "document",
        &told["data"],
        &schema("referensi.RefDokumenCreate").0,
    );
    told["data"].clone()
}

async fn downloaded(simpeg: &Simpeg, document: &Value) {
    let uri = document["dok_uri"].as_str().unwrap();
    for path in [uri.to_owned(), uri.replace('/', "%2F")] {
        let answer = simpeg.get(&format!("/download-dok?filePath={path}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), Some("application/pdf"));
        assert_eq!(answer.body.as_bytes(), PDF);
    }
}

pub async fn walked(simpeg: &Simpeg) {
    let pns = simpeg.pns_id(ANI).await;
    // Into the path of a save.
    let parts = [
        ("id_ref_dokumen", None, &b"892"[..]),
        ("file", Some("../../SK 1.pdf"), PDF),
    ];
    let first = document(&simpeg.upload("/upload-dok", &parts).await);
    assert_eq!(
        (&first["dok_id"], &first["dok_nama"]),
        (&"892".into(), &"SK 1.pdf".into())
    );
    downloaded(simpeg, &first).await;
    let award = object!({"pnsOrangId": pns, "hargaId": "202", "skDate": "17-08-2023", "skNomor": "D1", "tahun": 2023, "path": [first]});
    let id = simpeg
        .saved("/penghargaan/save", "rwPenghargaanId", &award)
        .await;
    let row = simpeg.data(&format!("/penghargaan/id/{id}")).await;
    assert_eq!(row["path"]["892"]["dok_uri"], first["dok_uri"]);
    // To a row that is there.
    let parts = [
        ("id_riwayat", None, id.as_bytes()),
        ("id_ref_dokumen", None, &b"872"[..]),
        ("file", Some("SK.pdf"), PDF),
    ];
    let second = document(&simpeg.upload("/upload-dok-rw", &parts).await);
    let row = simpeg.data(&format!("/penghargaan/id/{id}")).await;
    assert_eq!(row["path"]["872"]["dok_uri"], second["dok_uri"]);
    assert_eq!(row["path"]["892"]["dok_uri"], first["dok_uri"]);
    // A change of the row keeps them; a change of the path does too.
    let mut change = award.clone();
    change["id"] = id.as_str().into();
    change["skNomor"] = "D2".into();
    change["path"] = Value::Null;
    simpeg
        .saved("/penghargaan/save", "rwPenghargaanId", &change)
        .await;
    let row = simpeg.data(&format!("/penghargaan/id/{id}")).await;
    assert_eq!(row["skNomor"], "D2");
    assert_eq!(row["path"]["872"]["dok_uri"], second["dok_uri"]);
    let parts = [
        ("id_riwayat", None, &b"tiada"[..]),
        ("id_ref_dokumen", None, &b"872"[..]),
        ("file", Some("SK.pdf"), PDF),
    ];
    assert_eq!(simpeg.upload("/upload-dok-rw", &parts).await.status, 404);

    // Of a case, and in the odd shape: a multipart body that says it is JSON.
    let parts = [
        ("id_usulan", None, &b"u1"[..]),
        ("no_sk", None, &b"1/2026"[..]),
        ("tgl_sk", None, &b"01-02-2026"[..]),
        ("file", Some("SK.pdf"), PDF),
    ];
    document(&simpeg.upload("/upload-dok-sk-kp", &parts).await);
    let kind = Some("application/json");
    let odd = simpeg
        .send(Method::POST, "/upload-dok-sk-kp", kind, multipart(&parts))
        .await;
    downloaded(simpeg, &document(&odd)).await;
    let parts = [
        ("no_peserta", None, &b"p1"[..]),
        ("no_sk", None, &b"1/2026"[..]),
        ("tgl_sk", None, &b"01-02-2026"[..]),
        ("file", Some("SK.pdf"), PDF),
    ];
    document(&simpeg.upload("/upload-dok-sk-nip", &parts).await);

    saves_with_documents(simpeg, &pns).await;
    photo(simpeg, &pns).await;

    // Out of reach: another agency's program cannot have it, nor learn that it is there.
    let stranger = Simpeg {
        site: simpeg.site.clone(),
        gateway: {
            program(&simpeg.site, "luar", false, super::RIGHTS).await;
            token(&simpeg.site, "luar").await
        },
        personal: {
            let accounts = simpeg.site.store.accounts();
            let role = satu_store::accounts::Role::Officer {
                places: "Pemerintah Kota Lain".into(),
            };
            let made = accounts
                .add("tetangga", "Contoh Tetangga", role, "")
                .await
                .unwrap();
            let now = jiff::Timestamp::now();
            let until = now + jiff::SignedDuration::from_hours(1);
            accounts
                .issue_personal(made.id, "token-tetangga", until, now)
                .await
                .unwrap();
            "token-tetangga".to_owned()
        },
        base: simpeg.base,
    };
    let path = format!(
        "/download-dok?filePath={}",
        first["dok_uri"].as_str().unwrap()
    );
    let answer = stranger.get(&path).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    for path in [
        "/download-dok?filePath=../../etc/passwd",
        "/download-dok?filePath=peremajaan/tiada.pdf",
    ] {
        assert_eq!(simpeg.get(path).await.status, StatusCode::NOT_FOUND);
    }
    let theirs = object!({"pnsOrangId": super::BUDI, "hargaId": "202", "skDate": "17-08-2023", "skNomor": "D1", "tahun": 2023, "path": [first]});
    assert_eq!(
        stranger.save("/penghargaan/save", &theirs).await.status,
        400
    );
    assert_eq!(
        stranger
            .delete(&format!("/penghargaan/delete/{id}"))
            .await
            .status,
        404
    );
    // Without the tokens there is no document.
    let bare = asked(
        &simpeg.site,
        Method::GET,
        &format!("/apisiasn/1.0{path}"),
        &[],
        "",
    )
    .await;
    assert_eq!(bare.status, StatusCode::UNAUTHORIZED);
}

/// A save and its documents in one request, fields in snake case.
async fn saves_with_documents(simpeg: &Simpeg, pns: &str) {
    let pns = pns.as_bytes();
    let save = async |path: &str,
                      key: &str,
                      parts: &[(&str, Option<&str>, &[u8])],
                      read: &str,
                      sorts: &[&str]| {
        let answer = simpeg.upload(path, parts).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        let id = id_of(&answer, key);
        let rows = simpeg.data(&format!("/pns/{read}/{ANI}")).await;
        let row = rows
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["id"] == id.as_str());
        let row = row.unwrap_or_else(|| panic!("{path}: {rows}")).clone();
        for sort in sorts {
            downloaded(simpeg, &row["path"][sort]).await;
        }
        row
    };
    let row = save(
        "/jabatan/unorjabatan/document/save",
        "rwJabatanId",
        &[
            ("pns_id", None, pns),
            ("jenis_jabatan", None, b"4"),
            ("unor_id", None, b"u"),
            ("instansi_id", None, b"i"),
            ("jabatan_fungsional_umum_id", None, b"j"),
            ("nomor_sk", None, b"821/9"),
            ("tanggal_sk", None, b"01-02-2025"),
            ("tmt_jabatan", None, b"01-03-2025"),
            ("dok_sk_jabatan", Some("a.pdf"), PDF),
            ("dok_surat_pelantikan", Some("b.pdf"), PDF),
            ("dok_sk_mutasi", Some("c.pdf"), PDF),
        ],
        "rw-jabatan",
        &["872", "873", "mutasi"],
    )
    .await;
    assert_eq!(
        (&row["nomorSk"], &row["tmtJabatan"]),
        (&"821/9".into(), &"01-03-2025".into())
    );
    let row = save(
        "/angkakredit/document/save",
        "rwAngkaKreditId",
        &[
            ("pns_id", None, pns),
            ("nomor_sk", None, b"AK/9"),
            ("tanggal_sk", None, b"01-02-2025"),
            ("bulan_mulai_penilaian", None, b"1"),
            ("tahun_mulai_penilaian", None, b"2024"),
            ("bulan_selesai_penilaian", None, b"12"),
            ("kredit_baru_total", None, b"25.5"),
            ("dok_pak", Some("a.pdf"), PDF),
            ("sk_pak", Some("b.pdf"), PDF),
        ],
        "rw-angkakredit",
        &["879", "880"],
    )
    .await;
    assert_eq!(
        (&row["bulanMulaiPenailan"], &row["kreditBaruTotal"]),
        (&"1".into(), &"25.5".into())
    );
    assert!(
        row["created_at"]
            .as_str()
            .unwrap()
            .parse::<jiff::Timestamp>()
            .is_ok()
    );
    save(
        "/skp22/document/save",
        "rwSkpId",
        &[
            ("pnsDinilaiOrang", None, pns),
            ("tahun", None, b"2024"),
            ("hasilKinerjaNilai", None, b"1"),
            ("perilakuKerjaNilai", None, b"1"),
            ("kuadranKinerjaNilai", None, b"1"),
            ("file", Some("a.pdf"), PDF),
        ],
        "rw-skp22",
        &["891"],
    )
    .await;
    save(
        "/diklat/document/save",
        "rwDiklatId",
        &[
            ("pns_orang_id", None, pns),
            ("latihan_struktural_id", None, b"3"),
            ("nomor", None, b"D/9"),
            ("tanggal", None, b"01-02-2025"),
            ("tanggal_selesai", None, b"05-02-2025"),
            ("jumlah_jam", None, b"40"),
            ("tahun", None, b"2025"),
            ("institusi_penyelenggara", None, b"LAN"),
            ("file", Some("a.pdf"), PDF),
        ],
        "rw-diklat",
        &["874"],
    )
    .await;
    let row = save(
        "/kursus/document/save",
        "rwKursusId",
        &[
            ("pns_orang_id", None, pns),
            ("jenis_diklat_id", None, b"9"),
            ("nama_kursus", None, b"Arsip digital"),
            ("tahun_kursus", None, b"2025"),
            ("nomor_sertipikat", None, b"K/9"),
            ("jumlah_jam", None, b"8"),
            ("file", Some("a.pdf"), PDF),
        ],
        "rw-kursus",
        &["881"],
    )
    .await;
    assert_eq!(
        (&row["noSertipikat"], &row["jumlahJam"]),
        (&"K/9".into(), &8.into())
    );
    save(
        "/penghargaan/document/save",
        "rwPenghargaanId",
        &[
            ("pns_orang_id", None, pns),
            ("harga_id", None, b"201"),
            ("tahun", None, b"2022"),
            ("sk_nomor", None, b"P/9"),
            ("sk_date", None, b"17-08-2022"),
            ("file", Some("a.pdf"), PDF),
            // A browser sends a file that was not chosen without a name and without content.
            ("lampiran", Some(""), b""),
        ],
        "rw-penghargaan",
        &["892"],
    )
    .await;
    let parts: &[(&str, Option<&str>, &[u8])] = &[
        ("pns_orang_id", None, pns),
        ("nomor_sk_cpns", None, b"813/2"),
        ("tgl_sk_cpns", None, b"20-12-2009"),
        ("tmt_melaksanakan_tugas", None, b"01-01-2010"),
        ("file", Some("a.pdf"), PDF),
    ];
    let answer = simpeg.upload("/cpns/document/save", parts).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let data = simpeg.data(&format!("/pns/data-utama/{ANI}")).await;
    assert_eq!(data["nomorSkCpns"], "813/2");
    downloaded(simpeg, &data["path"]["889"]).await;
}

async fn photo(simpeg: &Simpeg, pns: &str) {
    assert_eq!(
        simpeg.get(&format!("/pns/photo/{pns}")).await.status,
        StatusCode::NOT_FOUND
    );
    let parts = [
        ("pns_id", None, pns.as_bytes()),
        ("file", Some("a.jpg"), JPEG),
    ];
    document(&simpeg.upload("/upload-photo", &parts).await);
    let answer = simpeg.get(&format!("/pns/photo/{pns}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), Some("image/jpeg"));
    for other in [PDF, b"\n%PDF-1.4\n"] {
        let parts = [
            ("pns_id", None, pns.as_bytes()),
            ("file", Some("a.pdf"), other),
        ];
        assert_eq!(
            simpeg.upload("/upload-photo", &parts).await.status,
            StatusCode::BAD_REQUEST
        );
    }
}
