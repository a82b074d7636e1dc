//! Saves and deletes: what a program saves it reads again, changes and takes away.

use serde_json::{Map, Value, json as object};

use super::{ANI, Simpeg, has_all, id_of, schema};
use crate::api::json;

/// Save, its body's schema, its key; where the row is read, and its answer's schema; where it is
/// deleted, if anywhere; a field that both bodies have.
type Way = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
);

const WAYS: [Way; 12] = [
    (
        "angkakredit/save",
        "riwayat.AngkaKreditCreate",
        "rwAngkaKreditId",
        "rw-angkakredit",
        "riwayat.RwAngkaKreditResponse",
        Some("angkakredit/delete"),
        "nomorSk",
    ),
    (
        "diklat/save",
        "riwayat.RwDiklatCreate",
        "rwDiklatId",
        "rw-diklat",
        "riwayat.RWDiklatResponse",
        Some("diklat/delete"),
        "nomor",
    ),
    (
        "hukdis/save",
        "riwayat.RWHukDisCreate",
        "rwHukdisId",
        "rw-hukdis",
        "riwayat.RwHukdisResponse",
        None,
        "skNomor",
    ),
    (
        "jabatan/save",
        "riwayat.RwJabatanCreate",
        "rwJabatanId",
        "rw-jabatan",
        "riwayat.RwJabatanResponse",
        Some("jabatan/delete"),
        "nomorSk",
    ),
    (
        "jabatan/unorjabatan/save",
        "riwayat.RwJabatanV2Create",
        "rwJabatanId",
        "rw-jabatan",
        "riwayat.RwJabatanResponse",
        Some("jabatan/delete"),
        "nomorSk",
    ),
    (
        "kinerjaperiodik/save",
        "riwayat.RWSkpPeriodikCreate",
        "rwKinerjaPeriodikId",
        "rw-kinerjaperiodik",
        "riwayat.RwSkp22PeriodikResponse",
        Some("kinerjaperiodik/delete"),
        "penilaiNipNrp",
    ),
    (
        "kursus/save",
        "riwayat.RwKursusCreate",
        "rwKursusId",
        "rw-kursus",
        "riwayat.RWKursusResponse",
        Some("kursus/delete"),
        "namaKursus",
    ),
    (
        "penghargaan/save",
        "riwayat.RwPenghargaanCreate",
        "rwPenghargaanId",
        "rw-penghargaan",
        "riwayat.RwPenghargaanResponse",
        Some("penghargaan/delete"),
        "skNomor",
    ),
    (
        "skp/save",
        "riwayat.RWSkpCreate",
        "rwSkpId",
        "rw-skp",
        "riwayat.RwSkpResponse",
        None,
        "penilaiNama",
    ),
    (
        "skp/2021/save",
        "riwayat.RWSkp2021Create",
        "rwSkpId",
        "rw-skp",
        "riwayat.RwSkpResponse",
        None,
        "penilaiNama",
    ),
    (
        "skp22/save",
        "riwayat.RWSkpCreate22",
        "rwSkpId",
        "rw-skp22",
        "riwayat.RwSkp22Response",
        None,
        "statusPenilai",
    ),
    (
        "kgb/save",
        "",
        "rwKgbId",
        "rw-kgb",
        "",
        Some("kgb/delete"),
        "nomorSk",
    ),
];

/// A value that fits a field of a save.
fn value(field: &str, pns: &str) -> Value {
    match field {
        "path" => object!([]),
        "pnsId" | "pnsOrangId" | "pnsDinilaiOrang" | "pnsDinilaiId" => pns.into(),
        "jenisJabatan" => "2".into(),
        "id" | "eselonId" | "jabatanFungsionalUmumId" => Value::Null,
        "hargaId" => "201".into(),
        "jenisDiklatId" => "11".into(),
        "periodikId" => "3".into(),
        "hasilKinerjaNilai" | "perilakuKerjaNilai" | "kuadranKinerjaNilai" => 2.into(),
        "tahun" | "tahunKursus" | "tahunMulaiPenilaian" | "tahunSelesaiPenilaian" => 2025.into(),
        "jumlahJam" => 24.into(),
        "bulanMulaiPenilaian" => 1.into(),
        "bulanSelesaiPenilaian" => 3.into(),
        "masaTahun" | "masaBulan" | "jenisHukumanId" => "1".into(),
        "akhirHukumanTanggal" => "01-03-2026".into(),
        "tahunMulaiPenailan" | "tahunSelesaiPenailan" => "2025".into(),
        "penilaiNipNrp" => "198001012005011001".into(),
        _ if field.starts_with("tmt") || field.contains("anggal") || field == "skDate" => {
            "15-02-2025".into()
        }
        _ if field.starts_with("nilai") || field == "jumlah" => object!(85.5),
        _ => format!("isi {field}").into(),
    }
}

fn body(name: &str, pns: &str) -> Value {
    if name.is_empty() {
        return object!({"pnsId": pns, "gajiBaru": "4000000", "gajiLama": "3900000", "nomorSk": "822/1",
            "tanggalSk": "15-02-2025", "tmtGajiBaru": "01-03-2025", "masaKerja": "14"});
    }
    let (fields, _) = schema(name);
    let all = fields
        .iter()
        .map(|field| ((*field).to_owned(), value(field, pns)));
    Value::Object(all.collect::<Map<_, _>>())
}

/// A row of a list by its id, in either spelling.
fn row<'a>(rows: &'a Value, id: &str) -> Option<&'a Value> {
    rows.as_array().unwrap().iter().find(|row| row["id"] == id)
}

/// Whether two values are the same but for text and number.
fn alike(one: &Value, two: &Value) -> bool {
    let plain = |value: &Value| value.to_string().trim_matches('"').to_owned();
    plain(one) == plain(two)
}

pub async fn walked(simpeg: &Simpeg) {
    let pns = simpeg.pns_id(ANI).await;
    for (save, said, key, read, told, delete, common) in WAYS {
        let list = format!("/pns/{read}/{ANI}");
        let before = simpeg.data(&list).await.as_array().unwrap().len();
        let sent = body(said, &pns);
        let id = simpeg.saved(&format!("/{save}"), key, &sent).await;
        let rows = simpeg.data(&list).await;
        let found = row(&rows, &id).unwrap_or_else(|| panic!("{save}: {rows}"));
        if !told.is_empty() {
            has_all(save, found, &schema(told).0);
        }
        // Every field that both have is read as it was saved.
        for (field, value) in sent.as_object().unwrap() {
            let kept = found
                .get(field)
                .filter(|_| !matches!(field.as_str(), "id" | "path"));
            if let Some(kept) = kept {
                assert!(alike(kept, value), "{save} {field}: {kept} for {value}");
            }
        }
        // Sent once more it makes no second row.
        assert_eq!(
            simpeg.saved(&format!("/{save}"), key, &sent).await,
            id,
            "{save}"
        );
        if !said.is_empty() {
            for needed in schema(said).1 {
                let mut short = sent.clone();
                short.as_object_mut().unwrap().remove(needed);
                let answer = simpeg.save(&format!("/{save}"), &short).await;
                assert_eq!(
                    answer.status, 400,
                    "{save} without {needed}: {}",
                    answer.body
                );
            }
            if let Some(one) = read
                .strip_prefix("rw-")
                .filter(|one| *one != "kinerjaperiodik")
            {
                let same = simpeg.data(&format!("/{one}/id/{id}")).await;
                assert!(row(&rows, &id) == Some(&same), "{save}");
            }
        }
        // Changed: the id stays, the rest too.
        let mut changed = sent.clone();
        changed["id"] = id.as_str().into();
        changed[common] = "198001012005011002".into();
        assert_eq!(
            simpeg.saved(&format!("/{save}"), key, &changed).await,
            id,
            "{save}"
        );
        let rows = simpeg.data(&list).await;
        assert_eq!(rows.as_array().unwrap().len(), before + 1, "{save}");
        assert!(
            row(&rows, &id).unwrap()[common] == "198001012005011002"
                || common == "statusPenilai"
                    && alike(&row(&rows, &id).unwrap()[common], &changed[common]),
            "{save}"
        );
        if let Some(delete) = delete {
            let answer = simpeg.delete(&format!("/{delete}/{id}")).await;
            assert_eq!(answer.status, 200, "{delete}: {}", answer.body);
            assert_eq!(id_of(&answer, key), id);
            let rows = simpeg.data(&list).await;
            assert!(
                row(&rows, &id).is_none() && rows.as_array().unwrap().len() == before,
                "{delete}"
            );
            let again = simpeg.delete(&format!("/{delete}/{id}")).await;
            assert_eq!(again.status, 404, "{delete}");
            assert_eq!(json(&again)["data"], "Data tidak ditemukan");
        }
    }
    others(simpeg, &pns).await;
    ids(simpeg, &pns).await;
}

/// Saves that only clients show.
async fn others(simpeg: &Simpeg, pns: &str) {
    for (path, key, body, read, field) in [
        (
            "sertifikasi/save",
            "rwSertifikasiId",
            object!({"pnsOrangId": pns, "namaSertifikasi": "Arsiparis", "nomorSertifikat": "1/2025", "masaBerlakuSertSelasai": "31-12-2028"}),
            "rw-sertifikasi",
            "masaBerlakuSertSelasai",
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
    simpeg
        .saved("/kompetensi/refkegiataninstansi/save", "id", &event)
        .await;
    let events = simpeg.data("/kompetensi/refkegiatan").await;
    assert_eq!(
        (&events[0]["namaKegiatan"], &events[0]["tahun"]),
        (&"Uji".into(), &"2026".into())
    );

    // The main record.
    let update = object!({"pns_orang_id": pns, "nomor_hp": "081299990000", "email_gov": "ani@contoh.go.id", "taspen_nomor": "T1",
        "karis_karsu": "K1", "kelas_jabatan": "9", "tanggal_taspen": "01-02-2020", "nomor_telpon": "021"});
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
        ("nama", "ANI CONTOH"),
        ("golRuangAkhirId", "33"),
    ] {
        assert_eq!(data[field], value, "{field}");
    }
    let cpns = object!({"pns_orang_id": pns, "nomor_sk_cpns": "813/1", "tgl_sk_cpns": "20-12-2009", "tmt_pns": "01-01-2011"});
    let answer = simpeg.save("/cpns/save", &cpns).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(json(&answer)["mapData"].as_object().unwrap().len() == 1);
    let data = simpeg.data(&format!("/pns/data-utama/{ANI}")).await;
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
async fn ids(simpeg: &Simpeg, pns: &str) {
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
    // Not of another person, and not by another history.
    let stolen = object!({"id": id, "pnsOrangId": pns, "hargaId": "201", "skDate": "17-08-2024", "skNomor": "1", "tahun": 2024});
    assert_eq!(simpeg.save("/penghargaan/save", &stolen).await.status, 400);
}

/// What was saved is in the ledger: folded anew, it gives the same.
pub async fn the_ledger_gives_all_of_it_again(simpeg: &Simpeg) {
    let verdict = simpeg
        .site
        .store
        .verify(&simpeg.site.folder().join("lagi.db"))
        .await
        .unwrap();
    assert!(verdict.differences.is_empty(), "{:?}", verdict.differences);
}
