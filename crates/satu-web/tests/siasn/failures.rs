//! Failures, and oddities of requests that a compatible server meets.

use axum::http::{Method, StatusCode};
use satu_store::Scope;
use serde_json::{Value, json as object};

use super::documents::{PDF, document};
use super::{ANI, BUDI, Simpeg, id_of, multipart, saves};
use crate::api::{json, program, token};

pub async fn walked(simpeg: &Simpeg) {
    // Nothing there, and nothing within reach: the same answer, exactly.
    for nip in ["197001011990011001", BUDI, "bukan-nip", "%00"] {
        for path in [
            "pns/data-utama",
            "pns/rw-golongan",
            "pns/data-anak",
            "jabatan/pns",
        ] {
            let answer = simpeg.get(&format!("/{path}/{nip}")).await;
            if nip == "%00" {
                assert!(answer.status.is_client_error());
                continue;
            }
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path} {nip}");
            let told = json(&answer);
            assert_eq!(
                (&told["code"], &told["data"]),
                (&0.into(), &"Data tidak ditemukan".into())
            );
        }
    }
    let answer = simpeg.get(&format!("/pns/rw-tubel/{BUDI}")).await;
    assert_eq!(answer.status, 404);
    for path in ["partition/list-pg-instansi", "partition/profesi-instansi"] {
        let answer = simpeg.get(&format!("/{path}?nip={ANI}")).await;
        assert_eq!(
            (answer.status, &json(&answer)["data"]),
            (StatusCode::OK, &"Data tidak ditemukan".into())
        );
    }
    // Bad input.
    for path in [
        "pns/list-kp-instansi?tglAwal=01-01-2026&tglAkhir=31-12-2026",
        "pns/list-pensiun-instansi",
        "pns/list-pensiun-instansi?tglAwal=2026&tglAkhir=x",
        "pengadaan/list-pengadaan-instansi",
        "pns/data-utama-jabatansync",
        "pns/nilaiipasn",
        "download-dok",
        "pns/kp-instansi-byId",
    ] {
        let answer = simpeg.get(&format!("/{path}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(json(&answer)["code"], 0);
        assert!(json(&answer)["data"].is_string());
    }
    // Programs look at these two in capitals.
    for (path, status) in [
        ("data-utama-jabatansync?pns_orang_id=x", 404),
        ("data-utama-golongansync", 400),
    ] {
        let answer = simpeg.get(&format!("/pns/{path}")).await;
        assert_eq!(answer.status, status, "{path}");
        let told = json(&answer);
        assert_eq!((&told["Error"], &told["code"]), (&"true".into(), &0.into()));
        assert_eq!(told["Message"], told["message"]);
        assert!(told["Message"].is_string());
    }
    let mut stale = Simpeg {
        site: simpeg.site.clone(),
        gateway: simpeg.gateway.clone(),
        personal: "lama".to_owned(),
        base: simpeg.base,
    };
    let sync = format!("/pns/data-utama-jabatansync?pns_orang_id={ANI}");
    let told = json(&stale.get(&sync).await);
    assert_eq!(told["Message"], "invalid or expired jwt");
    "lama".clone_into(&mut stale.gateway);
    let told = json(&stale.get(&sync).await);
    assert_eq!(
        (&told["Error"], &told["Message"]),
        (&"true".into(), &"Invalid Credentials".into())
    );
    assert_eq!(told["code"], "900901");
    // A slip of the pen, and a wrong method.
    assert_eq!(simpeg.get(&format!("/pns/rw-ctln/{ANI}")).await.status, 404);
    assert_eq!(
        simpeg.delete(&format!("/pns/rw-cltn/{ANI}")).await.status,
        405
    );
    assert_eq!(simpeg.save("/pns/tiada", &object!({})).await.status, 404);

    // What the rules find is the reason; the row is nowhere.
    let id = simpeg.pns_id(ANI).await;
    let wrong = object!({"pnsOrangId": id, "hargaId": "201", "skDate": "31-02-2025", "skNomor": "salah", "tahun": 2025});
    let answer = simpeg.save("/penghargaan/save", &wrong).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let told = json(&answer);
    assert_eq!(
        (&told["success"], &told["code"]),
        (&false.into(), &0.into())
    );
    assert!(
        told["message"].as_str().unwrap().contains("Tanggal SK"),
        "{told}"
    );
    assert_eq!(told["mapData"], told["message"]);
    let rows = simpeg.data(&format!("/pns/rw-penghargaan/{ANI}")).await;
    assert!(
        rows.as_array()
            .unwrap()
            .iter()
            .all(|row| row["skNomor"] != "salah")
    );
    for body in ["", "[]", "nol", "{\"pnsOrangId\":", "--", "--x\r\n"] {
        let kind = Some("application/json");
        let answer = simpeg
            .send(Method::POST, "/penghargaan/save", kind, body.into())
            .await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
    }
    for owner in [BUDI, "tiada", "00000000-0000-8000-8000-000000000000"] {
        let body = object!({"pnsOrangId": owner, "hargaId": "201", "skDate": "01-02-2025", "skNomor": "1", "tahun": 2025});
        let answer = simpeg.save("/penghargaan/save", &body).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{owner}: {}",
            answer.body
        );
    }

    // A file as text in JSON.
    let text = object!({"file": "isi", "id_ref_dokumen": 872});
    for path in ["/upload-dok", "/upload-dok-rw", "/upload-dok-sk-kp"] {
        let answer = simpeg.save(path, &text).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(json(&answer)["code"], 0);
    }
    for content in [&b"MZ\x90"[..], b"<html>", b""] {
        let parts = [
            ("id_ref_dokumen", None, &b"872"[..]),
            ("file", Some("a.pdf"), content),
        ];
        assert_eq!(simpeg.upload("/upload-dok", &parts).await.status, 400);
    }
    let mut body = multipart(&[("file", Some("a.pdf"), b"%PDF-1.4")]);
    body.truncate(body.len() - 14);
    let kind = Some("multipart/form-data; boundary=batas7");
    assert_eq!(
        simpeg
            .send(Method::POST, "/upload-dok", kind, body)
            .await
            .status,
        400
    );
    let large = vec![b' '; (20 << 20) + 1];
    let answer = simpeg.send(Method::POST, "/upload-dok", kind, large).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);

    // Without the right to what is sensitive it stays out; without one to write nothing is written.
    program(&simpeg.site, "baca", true, "people.read").await;
    let reader = Simpeg {
        site: simpeg.site.clone(),
        gateway: token(&simpeg.site, "baca").await,
        personal: simpeg.personal.clone(),
        base: simpeg.base,
    };
    let answer = reader.get(&format!("/pns/data-utama/{ANI}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let data = &json(&answer)["data"];
    for field in [
        "nik",
        "noHp",
        "email",
        "alamat",
        "noNpwp",
        "bpjs",
        "nomorIdDocument",
        "noTelp",
    ] {
        assert!(data[field].is_null(), "{field}: {}", data[field]);
    }
    for path in ["rw-hukdis", "data-anak", "data-ortu", "data-pasangan"] {
        assert_eq!(
            reader.get(&format!("/pns/{path}/{ANI}")).await.status,
            403,
            "{path}"
        );
    }
    let body = object!({"pnsOrangId": id, "hargaId": "201", "skDate": "01-02-2025", "skNomor": "1", "tahun": 2025});
    assert_eq!(reader.save("/penghargaan/save", &body).await.status, 403);
    assert_eq!(reader.delete("/penghargaan/delete/x").await.status, 403);
    papers_are_kept_back_as_rows_are(simpeg, &reader).await;
}

/// A document of discipline or family is had by who may see those rows, whatever else it stands with.
async fn papers_are_kept_back_as_rows_are(simpeg: &Simpeg, reader: &Simpeg) {
    let pns = simpeg.pns_id(ANI).await;
    let uploaded = async |by: &Simpeg, sort: &str| {
        let parts = [
            ("id_ref_dokumen", None, sort.as_bytes()),
            ("file", Some("SK 7 ANI.pdf"), PDF),
        ];
        document(&by.upload("/upload-dok", &parts).await)
    };
    let path = |paper: &Value| {
        let uri = paper["dok_uri"].as_str().unwrap();
        format!("/download-dok?filePath={uri}")
    };
    let mut punished = saves::body("riwayat.RWHukDisCreate", &pns);
    let decree = uploaded(simpeg, "1").await;
    punished["path"] = object!([decree]);
    simpeg.saved("/hukdis/save", "rwHukdisId", &punished).await;
    let certificate = uploaded(simpeg, "2").await;
    let child = object!({"pnsOrangId": pns, "nama": "CONTOH KEDUA", "tglLahir": "01-01-2014", "path": [certificate]});
    simpeg
        .saved("/keluarga/anak/save", "rwAnakId", &child)
        .await;
    let loose = uploaded(simpeg, "882").await;
    let plain = uploaded(simpeg, "892").await;
    let looks = async || {
        let (store, scope) = (&simpeg.site.store, Scope::whole());
        let id = store.find(&scope, "nip", ANI).await.unwrap()[0];
        let looks = store.accesses(&scope, id, 999).await.unwrap();
        let full = looks.iter().filter(|look| look.purpose == "pertukaran");
        full.count()
    };
    for (paper, look) in [(&decree, 1), (&certificate, 1), (&loose, 0)] {
        let before = looks().await;
        assert_eq!(reader.get(&path(paper)).await.status, 403, "{paper}");
        assert_eq!(looks().await, before, "{paper}");
        assert_eq!(simpeg.get(&path(paper)).await.status, 200, "{paper}");
        assert_eq!(looks().await, before + look, "{paper}");
    }
    assert_eq!(reader.get(&path(&plain)).await.status, 200);

    // Who writes and may not see them does not learn their names by putting them to another row.
    program(&simpeg.site, "isi", true, "people.read statements.write").await;
    let writer = Simpeg {
        site: simpeg.site.clone(),
        gateway: token(&simpeg.site, "isi").await,
        personal: simpeg.personal.clone(),
        base: simpeg.base,
    };
    let award = |paper: &Value| object!({"pnsOrangId": pns, "hargaId": "201", "skDate": "01-02-2025", "skNomor": "7", "tahun": 2025, "path": [paper]});
    for paper in [&decree, &certificate, &loose] {
        let answer = writer.save("/penghargaan/save", &award(paper)).await;
        assert_eq!(answer.status, 403, "{paper}: {}", answer.body);
    }
    let answer = writer.save("/penghargaan/save", &award(&plain)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    // Its own goes where nobody without the right reads it.
    punished["skNomor"] = "8".into();
    punished["path"] = object!([uploaded(&writer, "882").await]);
    let answer = writer.save("/hukdis/save", &punished).await;
    assert!(!id_of(&answer, "rwHukdisId").is_empty());
}
