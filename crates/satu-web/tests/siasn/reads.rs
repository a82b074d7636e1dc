//! What is read from golden records and histories.

use serde_json::Value;

use super::{ANI, Simpeg, has_all, schema};
use crate::api::json;

/// Reads by NIP, and the schema of their rows.
pub const HISTORIES: [(&str, &str); 19] = [
    ("rw-angkakredit", "riwayat.RwAngkaKreditResponse"),
    ("rw-cltn", "riwayat.RWCltnResponse"),
    ("rw-diklat", "riwayat.RWDiklatResponse"),
    ("rw-dp3", "riwayat.RwDp3Response"),
    ("rw-golongan", "riwayat.RWGolonganResponse"),
    ("rw-hukdis", "riwayat.RwHukdisResponse"),
    ("rw-jabatan", "riwayat.RwJabatanResponse"),
    ("rw-kinerjaperiodik", "riwayat.RwSkp22PeriodikResponse"),
    ("rw-kursus", "riwayat.RWKursusResponse"),
    ("rw-masakerja", "riwayat.RWMasaKerjaResponse"),
    ("rw-pemberhentian", "riwayat.RWPemberhentianResponse"),
    ("rw-pendidikan", "riwayat.RwPendidikanResponse"),
    ("rw-penghargaan", "riwayat.RwPenghargaanResponse"),
    ("rw-pindahinstansi", "riwayat.RwPindahInstansiResponse"),
    ("rw-pnsunor", "riwayat.RwPnsUnorResponse"),
    ("rw-pwk", "riwayat.RwPwkResponse"),
    ("rw-skp", "riwayat.RwSkpResponse"),
    ("rw-skp22", "riwayat.RwSkp22Response"),
    // Known from clients alone: no schema.
    ("rw-kgb", ""),
];

/// What programs read of the main record beyond the description.
const MORE: [&str; 12] = [
    "validNik",
    "pangkatAwal",
    "asnJenjangJabatan",
    "kode_jenjang_jabatan",
    "levelJabatan",
    "tanggal_taspen",
    "tabrum2",
    "kelas_jabatan",
    "karis_karsu",
    "tglSpmt",
    "genEmailAsn",
    "path",
];

pub async fn walked(simpeg: &Simpeg) {
    let data = simpeg.data(&format!("/pns/data-utama/{ANI}")).await;
    has_all("data utama", &data, &schema("pns.DataUtamaResponse").0);
    has_all("data utama", &data, &MORE);
    for (field, value) in [
        ("nipBaru", ANI),
        ("nama", "ANI CONTOH"),
        ("tglLahir", "17-03-1985"),
        ("jenisKelamin", "F"),
        ("agamaId", "1"),
        ("golRuangAkhirId", "33"),
        ("golRuangAkhir", "III/c"),
        ("pangkatAkhir", "Penata"),
        ("tmtGolAkhir", "01-04-2022"),
        ("jenisJabatanId", "2"),
        ("tkPendidikanTerakhirId", "40"),
        ("kedudukanPnsId", "01"),
        ("jenisKawinId", "1"),
        ("nik", "3273015703850004"),
        ("noHp", "081234567890"),
        ("tmtPensiun", "01-04-2043"),
        // A year alone is stated; programs read it as a day.
        ("tahunLulus", "31-12-2008"),
    ] {
        assert_eq!(data[field], value, "{field}");
    }
    // Whole numbers are what the description declares as such; the others are texts.
    assert_eq!(
        (&data["mkTahun"], &data["bupPensiun"]),
        (&Value::from(12), &Value::from(58))
    );
    assert_eq!(data["jabatanFungsionalNama"], data["jabatanNama"]);
    assert!(data["jabatanFungsionalUmumNama"].is_null());
    let id = data["id"].as_str().unwrap();
    assert_eq!(id.len(), 36);

    for (path, name) in HISTORIES {
        let rows = simpeg.data(&format!("/pns/{path}/{ANI}")).await;
        for row in rows.as_array().unwrap() {
            has_all(path, row, &schema(name).0);
        }
    }
    let ranks = simpeg.data(&format!("/pns/rw-golongan/{ANI}")).await;
    assert_eq!(ranks.as_array().unwrap().len(), 1);
    let rank = &ranks[0];
    assert_eq!(rank["golonganId"], "32");
    assert_eq!(rank["pangkat"], "Penata Muda Tingkat I");
    assert_eq!(
        (&rank["tmtGolongan"], &rank["skTanggal"]),
        (&"01-04-2018".into(), &"15-03-2018".into())
    );
    assert_eq!(
        (&rank["idPns"], &rank["jenisKPId"]),
        (&Value::from(id), &"101".into())
    );
    for path in [
        format!("/jabatan/pns/{ANI}"),
        format!("/pns/rw-jabatan/{ANI}"),
    ] {
        let jobs = simpeg.data(&path).await;
        assert_eq!(jobs[0]["namaJabatan"], "Analis Kebijakan Ahli Pertama");
        assert_eq!(jobs[0]["tmtJabatan"], "01-01-2015");
        has_all(
            &path,
            &jobs[0],
            &[
                "jenisPenugasanId",
                "jenisMutasiId",
                "subJabatanId",
                "tmtMutasi",
            ],
        );
        let row = simpeg
            .data(&format!("/jabatan/id/{}", jobs[0]["id"].as_str().unwrap()))
            .await;
        assert_eq!(row, jobs[0]);
    }
    let schools = simpeg.data(&format!("/pns/rw-pendidikan/{ANI}")).await;
    assert_eq!(schools[0]["nomorIjasah"], "77/UN/2008");

    let parents = simpeg.data(&format!("/pns/data-ortu/{ANI}")).await;
    has_all("parents", &parents, &schema("pns.DataOrtu").0);
    has_all(
        "father",
        &parents["ayah"],
        &schema("pns.DataAyahResponse").0,
    );
    has_all("mother", &parents["ibu"], &schema("pns.DataIbuResponse").0);
    assert_eq!(parents["ayah"]["nama"], "AYAH CONTOH");
    assert_eq!(parents["ayah"]["ayahId"], parents["ayah"]["id"]);
    assert_eq!(parents["ibu"]["nama"], "SITI CONTOH");
    for (path, name, list) in [
        ("data-anak", "pns.DataAnak", "listAnak"),
        ("data-pasangan", "pns.DataPasangan", "listPasangan"),
    ] {
        let family = simpeg.data(&format!("/pns/{path}/{ANI}")).await;
        has_all(path, &family, &schema(name).0);
        assert!(family[list].is_array());
    }
    for path in [
        format!("/pns/nilaiipasn/{ANI}?nipBaru={ANI}"),
        format!("/pns/nilaiipasn?nipBaru={ANI}"),
    ] {
        let index = simpeg.data(&path).await;
        has_all(
            "index",
            &index,
            &[
                "kualifikasi",
                "kompetensi",
                "kinerja",
                "disiplin",
                "subtotal",
                "tahun",
            ],
        );
    }
    // Every form at once that some program takes for success.
    for path in [
        format!("/pns/data-utama-jabatansync?pns_orang_id={id}"),
        format!("/pns/data-utama-golongansync/{id}"),
    ] {
        let told = json(&simpeg.get(&path).await);
        assert_eq!(told["Error"], "false");
        assert_eq!((&told["code"], &told["success"]), (&1.into(), &true.into()));
        assert!(told["Message"].is_string());
    }
    let units = simpeg.data("/referensi/ref-unor").await;
    let (fields, _) = schema("referensi.UnorResponse");
    let capital = |field: &&str| field[..1].to_uppercase() + &field[1..];
    let fields: Vec<String> = fields.iter().map(capital).collect();
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    has_all("unit", &units[0], &fields);
    assert_eq!(units[0]["NamaUnor"], "DINAS ARSIP");
    assert_eq!(units[0]["Id"], data["unorId"]);
    // Another agency's units are none of it; the swapped limit is none.
    assert_eq!(units.as_array().unwrap().len(), 1);
    let swapped = simpeg
        .data("/referensi/ref-unor?limit=0&offset=10000")
        .await;
    assert_eq!(swapped, units);
    let none = simpeg.data("/referensi/ref-unor?limit=5&offset=1").await;
    assert_eq!(none, serde_json::json!([]));

    let retired = simpeg
        .data("/pns/list-pensiun-instansi?tglAwal=01-01-2043&tglAkhir=31-12-2043")
        .await;
    let left = simpeg
        .data("/pemberhentian/list?tglAwal=01-01-2043&tglAkhir=31-12-2043")
        .await;
    assert_eq!(left, retired);
    assert_eq!(retired[0]["nipBaru"], ANI);
    assert_eq!(retired[0]["tmtPensiun"], "2043-04-01T00:00:00+07:00");
    let by_nip = simpeg
        .data(&format!("/pns/list-pensiun-instansibynip?nip={ANI}"))
        .await;
    assert_eq!(by_nip, retired);
    for path in [
        "/pns/list-kp-instansi?periode=2026-04-01",
        "/pns/kp-instansi-byId?idUsulan=1",
        "/pns/kp-instansi-byId?IdUsulan=1",
        "/pengadaan/list-pengadaan-instansi?tahun=2026",
        "/pengadaan/dokumen-pengadaan",
        "/pengadaan/dokumen-pengadaan?tahun=2026",
        "/idis/usulan-pelaporan?limit=1&offset=0",
        "/idis/usulan-pelaporan-detail",
        "/imut/simpeg/usulan/list",
        "/tm/detail-nilai-sumbu-tm",
        "/kompetensi/refkegiatan",
        "/kompetensi/refinstitusipenkom",
    ] {
        assert_eq!(simpeg.data(path).await, serde_json::json!([]), "{path}");
    }
}
