//! Saves that only clients show, and the ids of rows.

use serde_json::{Value, json as object};

use super::documents::{PDF, document};
use super::saves::row;
use super::{ANI, Simpeg, has_all, schema};
use crate::api::json;

/// Saves that only clients show.
pub async fn others(simpeg: &Simpeg, pns: &str) {
    for (path, key, body, read, field) in [
        (
            "sertifikasi/save",
            "rwSertifikasiId",
            object!({"pnsOrangId": pns, "namaSertifikasi": "Arsiparis", "nomorSertifikat": "1/2025", "masaBerlakuSertSelasai": "31-12-2028"}),
            "rw-sertifikasi",
            "masaBerlakuSertSelasai",
        ),
        // The owner under a name that answers have.
        (
            "sertifikasi/save",
            "rwSertifikasiId",
            object!({"pns": pns, "namaSertifikasi": "Arsiparis", "nomorSertifikat": "2/2025"}),
            "rw-sertifikasi",
            "nomorSertifikat",
        ),
        (
            "tubel/save",
            "rwTubelId",
            object!({"pnsOrangId": pns, "namaSekolah": "Universitas Contoh", "tglMulai": "01-09-2025"}),
            "rw-tubel",
            "namaSekolah",
        ),
        (
            "kompetensi/potensi/save",
            "rwPotensiId",
            object!({"pnsOrangId": pns, "intelektual": "4", "total": "21"}),
            "rw-potensi",
            "intelektual",
        ),
        (
            "kompetensi/kompetensi/save",
            "rwKompetensiId",
            object!({"pnsId": pns, "integritas": "3", "perekatBangsa": "3"}),
            "rw-kompetensi",
            "perekatBangsa",
        ),
    ] {
        let id = simpeg.saved(&format!("/{path}"), key, &body).await;
        let rows = simpeg.data(&format!("/pns/{read}/{ANI}")).await;
        assert_eq!(row(&rows, &id).unwrap()[field], body[field], "{path}");
    }
    // A field in the other spelling is read under the service's.
    let certificate = object!({"pnsOrang": pns, "namaSertifikasi": "Arsiparis", "nomorSertifikat": "3/2025", "masaBerlakuSertSelesai": "31-12-2029"});
    let id = simpeg
        .saved("/sertifikasi/save", "rwSertifikasiId", &certificate)
        .await;
    let rows = simpeg.data(&format!("/pns/rw-sertifikasi/{ANI}")).await;
    assert_eq!(
        row(&rows, &id).unwrap()["masaBerlakuSertSelasai"],
        "31-12-2029"
    );
    let spouse = object!({"pnsOrangId": pns, "nama": "CONTOH SUAMI", "tglLahir": "01-01-1984", "pasanganKe": "1",
        "statusPernikahan": "1", "noAktaMenikah": "7/2009", "tglAktaMenikah": "01-02-2009"});
    simpeg
        .saved("/keluarga/pasangan/save", "rwPasanganId", &spouse)
        .await;
    let family = simpeg.data(&format!("/pns/data-pasangan/{ANI}")).await;
    let told = &family["listPasangan"][0];
    has_all("spouse", told, &schema("pns.Pasangan").0);
    has_all("spouse", &told["orang"], &schema("pns.OrangResp").0);
    has_all(
        "marriage",
        &told["dataPernikahan"],
        &schema("pns.PnsOrangIstriResponse").0,
    );
    assert_eq!(told["orang"]["tglLahir"], "01-01-1984");
    assert_eq!(told["dataPernikahan"]["tgglMenikah"], "01-02-2009");
    let child = object!({"pnsOrangId": pns, "nama": "CONTOH ANAK", "jenisKelamin": "M", "tglLahir": "01-01-2012", "jenisAnakId": "1"});
    simpeg
        .saved("/keluarga/anak/save", "rwAnakId", &child)
        .await;
    let family = simpeg.data(&format!("/pns/data-anak/{ANI}")).await;
    has_all("child", &family["listAnak"][0], &schema("pns.ListAnak").0);
    assert_eq!(family["listAnak"][0]["jenisKelamin"], "M");
    let talent = object!({"pns_id": pns, "box": "9", "sumbu_x": "80", "sumbu_y": "90", "total_sumbu": "170"});
    simpeg
        .saved("/tm/talentmapping-save", "talentMappingId", &talent)
        .await;
    let act = object!({"pnsId": pns, "kegiatanId": "1", "realisasi": "2", "waktu": "08:00"});
    let act = simpeg
        .saved("/dashboard/aktivity/save", "aktivityId", &act)
        .await;
    assert_eq!(
        simpeg
            .delete(&format!("/dashboard/aktivity/delete/{act}"))
            .await
            .status,
        200
    );
    let event = object!({"instansiId": "1", "namaKegiatan": "Uji", "tahun": 2026, "tanggalMulai": "01-02-2026"});
    let kept = simpeg
        .saved("/kompetensi/refkegiataninstansi/save", "id", &event)
        .await;
    // It is no document: neither to be had as one nor to be put to a row.
    for place in [kept.clone(), format!("peremajaan/dokumen/{kept}.pdf")] {
        let answer = simpeg.get(&format!("/download-dok?filePath={place}")).await;
        assert_eq!(answer.status, 404, "{}", answer.body);
        let award = object!({"pnsOrangId": pns, "hargaId": "202", "skDate": "17-08-2023", "skNomor": "K1", "tahun": 2023,
            "path": [{"dok_id": "892", "dok_uri": place}]});
        assert_eq!(simpeg.save("/penghargaan/save", &award).await.status, 400);
    }
    let events = simpeg.data("/kompetensi/refkegiatan").await;
    assert_eq!(
        (&events[0]["namaKegiatan"], &events[0]["tahun"]),
        (&"Uji".into(), &"2026".into())
    );

    // The main record.
    let update = object!({"pns_orang_id": pns, "nomor_hp": "081299990000", "email_gov": "ani@contoh.go.id", "taspen_nomor": "T1",
        "karis_karsu": "K1", "kelas_jabatan": "9", "tanggal_taspen": "01-02-2020", "nomor_telpon": "021",
        // Not a program's to say.
        "nama": "BUKAN ANI", "golRuangAkhir": "IV/e", "golRuangAkhirId": "45", "mkTahun": 40});
    let answer = simpeg.save("/pns/data-utama-update", &update).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let data = simpeg.data(&format!("/pns/data-utama/{ANI}")).await;
    for (field, value) in [
        ("noHp", "081299990000"),
        ("emailGov", "ani@contoh.go.id"),
        ("noTaspen", "T1"),
        ("karis_karsu", "K1"),
        ("kelas_jabatan", "9"),
        ("noTelp", "021"),
        ("tanggal_taspen", "2020-02-01T00:00:00+07:00"),
        ("nama", "ANI CONTOH"),
        ("golRuangAkhir", "III/c"),
        ("golRuangAkhirId", "33"),
    ] {
        assert_eq!(data[field], value, "{field}");
    }
    assert_eq!(data["mkTahun"], 12);
    assert_eq!(data["email"], "ani@contoh.id");
    let emptied = object!({"pns_orang_id": pns, "email": ""});
    let answer = simpeg.save("/pns/data-utama-update", &emptied).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let data = simpeg.data(&format!("/pns/data-utama/{ANI}")).await;
    assert!(data["email"].is_null(), "{}", data["email"]);
    assert_eq!(data["noHp"], "081299990000");
    let cpns = object!({"pns_orang_id": pns, "nomor_sk_cpns": "813/1", "tgl_sk_cpns": "20-12-2009", "tmt_pns": "01-01-2011"});
    let answer = simpeg.save("/cpns/save", &cpns).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let told = json(&answer)["mapData"].as_object().unwrap().clone();
    assert_eq!(told.len(), 1);
    // Programs hand in the document of an appointment under the id that the save answered.
    let id = told.values().next().and_then(Value::as_str).unwrap();
    let parts = [
        ("id_riwayat", None, id.as_bytes()),
        ("id_ref_dokumen", None, &b"889"[..]),
        ("file", Some("SK CPNS.pdf"), PDF),
    ];
    let kept = document(&simpeg.upload("/upload-dok-rw", &parts).await);
    let data = simpeg.data(&format!("/pns/data-utama/{ANI}")).await;
    assert_eq!(data["path"]["889"]["dok_uri"], kept["dok_uri"]);
    for (field, value) in [
        ("nomorSkCpns", "813/1"),
        ("tglSkCpns", "20-12-2009"),
        ("tmtPns", "01-01-2011"),
        ("emailGov", "ani@contoh.go.id"),
    ] {
        assert_eq!(data[field], value, "{field}");
    }
}

/// Ids: of others, of the time before this register, of another history.
pub async fn ids(simpeg: &Simpeg, pns: &str) {
    let award = |id: &str, number: &str| object!({"id": id, "pnsOrangId": pns, "hargaId": "201", "skDate": "17-08-2024", "skNomor": number, "tahun": 2024});
    let list = format!("/pns/rw-penghargaan/{ANI}");
    // An id from the service as it was stays the row's.
    let old = "A5EB03E23BFBF6A0E040640A040252AD";
    assert_eq!(
        simpeg
            .saved("/penghargaan/save", "rwPenghargaanId", &award(old, "1"))
            .await,
        old
    );
    assert_eq!(
        simpeg
            .saved(
                "/penghargaan/save",
                "rwPenghargaanId",
                &award(&old.to_lowercase(), "2")
            )
            .await,
        old
    );
    let rows = simpeg.data(&list).await;
    let own = rows
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["ID"] == old);
    let own: Vec<&Value> = own.collect();
    assert!(own.len() == 1 && own[0]["skNomor"] == "2", "{rows}");
    // The id of an award in the address of credit points: nothing, and the award stays.
    let answer = simpeg.delete(&format!("/angkakredit/delete/{old}")).await;
    assert_eq!(answer.status, 404);
    assert!(row(&simpeg.data(&list).await, old).is_some());
    assert_eq!(
        simpeg
            .delete(&format!("/penghargaan/delete/{old}"))
            .await
            .status,
        200
    );
    assert!(row(&simpeg.data(&list).await, old).is_none());
    assert_eq!(
        simpeg
            .delete(&format!("/penghargaan/delete/{pns}"))
            .await
            .status,
        404
    );

    // A row that another source states goes on as the agency's, with its id; deleted, it is gone.
    let rows = simpeg.data(&list).await;
    let count = rows.as_array().unwrap().len();
    let mut all = rows.as_array().unwrap().iter();
    let central = all.find(|row| row["skNomor"] == "PUSAT/1").unwrap();
    let id = central["id"].as_str().unwrap();
    for number in ["PUSAT/2", "PUSAT/3"] {
        let change = award(id, number);
        assert_eq!(
            simpeg
                .saved("/penghargaan/save", "rwPenghargaanId", &change)
                .await,
            id
        );
        let rows = simpeg.data(&list).await;
        assert_eq!(row(&rows, id).unwrap()["skNomor"], number);
        assert_eq!(rows.as_array().unwrap().len(), count);
    }
    let before = simpeg
        .data(&format!("/penghargaan/id/{}", id.to_uppercase()))
        .await;
    assert_eq!(before["skNomor"], "PUSAT/3");
    assert_eq!(
        simpeg
            .delete(&format!("/penghargaan/delete/{id}"))
            .await
            .status,
        200
    );
    assert_eq!(
        simpeg.data(&list).await.as_array().unwrap().len(),
        count - 1
    );

    // A row that came in a file, changed and deleted by its id.
    let jobs = format!("/pns/rw-jabatan/{ANI}");
    let rows = simpeg.data(&jobs).await;
    let first = rows
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["nomorSk"] == "821/1/SK")
        .unwrap();
    let id = first["id"].as_str().unwrap();
    let change = object!({"id": id, "pnsId": pns, "nomorSk": "821/1/SK", "instansiId": first["instansiKerjaId"],
        "satuanKerjaId": "x", "unorId": first["unorId"], "tmtPelantikan": "05-01-2015",
        "jabatanFungsionalId": first["jabatanFungsionalId"], "jenisJabatan": "2"});
    assert_eq!(
        simpeg.saved("/jabatan/save", "rwJabatanId", &change).await,
        id
    );
    let rows = simpeg.data(&jobs).await;
    let now = row(&rows, id).unwrap();
    assert_eq!(
        (&now["tmtPelantikan"], &now["tmtJabatan"]),
        (&"05-01-2015".into(), &"01-01-2015".into())
    );
    assert_eq!(
        now["unorNama"].as_str().map(str::to_uppercase).as_deref(),
        Some("DINAS ARSIP")
    );
    // What must be said says nothing of what a functional position is called.
    let short = object!({"id": id, "pnsId": pns, "nomorSk": "821/1/SK", "instansiId": first["instansiKerjaId"],
        "satuanKerjaId": "x", "unorId": first["unorId"]});
    simpeg.saved("/jabatan/save", "rwJabatanId", &short).await;
    let rows = simpeg.data(&jobs).await;
    for field in ["namaJabatan", "jabatanFungsionalNama", "jenisJabatan"] {
        assert_eq!(row(&rows, id).unwrap()[field], now[field], "{field}");
    }
    assert!(now["namaJabatan"] != now["unorNama"]);
    // The description does not require the day from which a position is held.
    let short = object!({"pnsId": pns, "nomorSk": "821/2", "instansiId": "i", "satuanKerjaId": "s", "unorId": "u",
        "tmtPelantikan": "05-02-2016"});
    let short = simpeg.saved("/jabatan/save", "rwJabatanId", &short).await;
    let now = simpeg.data(&format!("/jabatan/id/{short}")).await;
    assert_eq!(
        (&now["tmtJabatan"], &now["jenisJabatan"]),
        (&"05-02-2016".into(), &"1".into())
    );
    // Not of another person, and not by another history.
    let stolen = object!({"id": id, "pnsOrangId": pns, "hargaId": "201", "skDate": "17-08-2024", "skNomor": "1", "tahun": 2024});
    assert_eq!(simpeg.save("/penghargaan/save", &stolen).await.status, 400);
}
