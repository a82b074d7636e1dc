//! Saves and deletes: what a program saves it reads again, changes and takes away.

use serde_json::{Map, Value, json as object};

use super::{ANI, Simpeg, id_of, more, reads, schema};
use crate::api::json;

/// Save, its body's schema, its key, empty where the id stands alone; where the row is read, and its answer's schema; where it is
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
        "",
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
        "",
        "rw-skp",
        "riwayat.RwSkpResponse",
        None,
        "penilaiNama",
    ),
    (
        "skp22/save",
        "riwayat.RWSkpCreate22",
        "",
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

/// A body of a schema in which every field is filled.
pub fn body(name: &str, pns: &str) -> Value {
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
pub fn row<'a>(rows: &'a Value, id: &str) -> Option<&'a Value> {
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
            reads::stored(read, found, told);
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
                for (field, value) in found.as_object().unwrap() {
                    assert_eq!(&same[field], value, "{save} {field}");
                }
                // Beside what a list tells, what else was saved.
                for field in ["bobot", "jenisKompetensi", "skalaHarga", "sumber"] {
                    let value = sent.get(field).filter(|_| same.get(field).is_some());
                    assert!(
                        value.is_none_or(|value| alike(&same[field], value)),
                        "{field}"
                    );
                }
                assert!(same["path"].is_object(), "{save}");
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
    more::others(simpeg, &pns).await;
    more::ids(simpeg, &pns).await;
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
