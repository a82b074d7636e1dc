//! What a program read it sends back: nothing changes but what it changed, whatever the register knows of
//! the ids.

use satu_domain::Kind;
use satu_store::Scope;
use serde_json::{Map, Value, json as object};

use super::saves::row;
use super::*;

/// Save; where its rows are read, and where in the answer they stand; its body's schema, or its fields.
const WAYS: [(&str, &str, &str, &str); 12] = [
    ("jabatan/save", "rw-jabatan", "", "riwayat.RwJabatanCreate"),
    (
        "jabatan/unorjabatan/save",
        "rw-jabatan",
        "",
        "riwayat.RwJabatanV2Create",
    ),
    ("diklat/save", "rw-diklat", "", "riwayat.RwDiklatCreate"),
    ("kursus/save", "rw-kursus", "", "riwayat.RwKursusCreate"),
    ("hukdis/save", "rw-hukdis", "", "riwayat.RWHukDisCreate"),
    (
        "penghargaan/save",
        "rw-penghargaan",
        "",
        "riwayat.RwPenghargaanCreate",
    ),
    ("skp22/save", "rw-skp22", "", "riwayat.RWSkpCreate22"),
    (
        "kinerjaperiodik/save",
        "rw-kinerjaperiodik",
        "",
        "riwayat.RWSkpPeriodikCreate",
    ),
    (
        "angkakredit/save",
        "rw-angkakredit",
        "",
        "riwayat.AngkaKreditCreate",
    ),
    (
        "sertifikasi/save",
        "rw-sertifikasi",
        "",
        "id pnsOrangId! namaSertifikasi! nomorSertifikat! tanggalSertifikat masaBerlakuSertMulai masaBerlakuSertSelasai",
    ),
    (
        "keluarga/anak/save",
        "data-anak",
        "/listAnak",
        "id pnsOrangId! nama! jenisAnakId jenisKelamin tglLahir nomorIdDocument statusHidup tglMeninggal alamat isPns",
    ),
    (
        "keluarga/pasangan/save",
        "data-pasangan",
        "/listPasangan",
        "id pnsOrangId! nama! tglLahir pasanganKe statusPernikahan statusHidup statusPekerjaanPasangan nomorIdentitas noAktaMenikah tglAktaMenikah noAktaCerai alamat",
    ),
];

/// Fields of saves that answers call otherwise.
const CALLED: [(&str, &str); 24] = [
    ("rwJabatanId", "rwJabatan"),
    ("instansiId", "instansiKerjaId"),
    ("nomorSertipikat", "noSertipikat"),
    ("jenisKursus", "jenisKursusId"),
    ("jenisKursusSertipikat", "jenisKursusSertifikat"),
    ("jenisHukumanId", "jenisHukuman"),
    ("alasanHukumanDisiplinId", "alasanHukumanDisiplin"),
    ("akhirHukumanTanggal", "akhirHukumTanggal"),
    ("golonganId", "golongan"),
    ("kedudukanHukumId", "kedudukanHukum"),
    ("kuadranKinerjaNilai", "KuadranKinerjaNilai"),
    ("perilakuKerjaNilai", "PerilakuKerjaNilai"),
    ("penilaiNama", "namaPenilai"),
    ("penilaiNipNrp", "nipNrpPenilai"),
    ("penilaiGolongan", "penilaiGolonganId"),
    ("penilaiUnorNama", "penilaiUnorNm"),
    ("koefisienId", "koefisenId"),
    ("jenisAnakId", "jenisAnak"),
    ("statusPernikahan", "status"),
    ("tglAktaMenikah", "tgglMenikah"),
    ("noAktaMenikah", "aktaMenikah"),
    ("noAktaCerai", "aktaCerai"),
    ("pasanganKe", "posisi"),
    ("statusPekerjaanPasangan", "isPns"),
];

/// Rows that no golden record names: past positions of units that are no more, trainings, a sanction.
async fn filed(site: &Site) {
    for rows in [
        format!(
            "nip,jenis_jabatan,jabatan,eselon,unor,instansi_kerja,satuan_kerja,tmt_jabatan,sk_nomor,sk_tanggal\n\
             {ANI},Fungsional,Analis Kebijakan Ahli Pertama,,Dinas Arsip,{AGENCY},Kantor Lama,2015-01-01,821/1/SK,2014-12-15\n\
             {ANI},Fungsional,Pustakawan Ahli Muda,,Dinas Perpustakaan,Pemerintah Kota Lama,Kantor Lama,2012-01-01,821/3/SK,2011-12-15\n\
             {ANI},Struktural,Kepala Bidang Arsip,III.b,Dinas Kesehatan,{AGENCY},Kantor Lama,2013-01-01,821/4/SK,2012-12-15\n\
             {ANI},Pelaksana,Pengelola Arsip,,Dinas  Kesehatan,{AGENCY},Kantor Lama,2011-01-01,821/5/SK,2010-12-15\n"
        ),
        format!(
            "nip,jenis_diklat,nama_diklat,penyelenggara,nomor_sertifikat,tanggal_mulai,tanggal_selesai,tahun,jumlah_jam\n\
             {ANI},1,Diklatpim Tingkat IV,LAN,D/1,2014-02-01,2014-05-01,2014,300\n\
             {ANI},11,Kursus Kearsipan,ANRI,K/1,2016-02-01,2016-02-05,2016,40\n\
             {ANI},Seminar/Workshop,Seminar Arsip,ANRI,K/2,2017-02-01,2017-02-02,2017,8\n"
        ),
        format!(
            "nip,jenis_hukuman,tingkat_hukuman,alasan,sk_nomor,sk_tanggal,tmt_hukuman,masa_tahun,masa_bulan,tanggal_akhir,nomor_pp\n\
             {ANI},TEGURAN LISAN,Ringan,Tidak masuk kerja,H/1,2015-02-01,2015-03-01,0,6,2015-09-01,94/2021\n"
        ),
        format!(
            "nip,tahun,periode,hasil_kinerja,perilaku_kerja,predikat,penilai_nip,penilai_nama\n\
             {ANI},2023,,Sesuai Ekspektasi,Di Atas Ekspektasi,Baik,198001012005011001,PENILAI CONTOH\n\
             {ANI},2024,Triwulan I,Sesuai Ekspektasi,Sesuai Ekspektasi,Baik,198001012005011001,PENILAI CONTOH\n"
        ),
        format!("nip,jenis,nomor,tanggal,uraian\n{ANI},Sertifikasi,S/1,2019-01-02,Arsiparis\n"),
        format!(
            "nip,hubungan,nama,jenis_kelamin,tanggal_lahir,nik,status,tanggal_menikah,akta_nikah,status_hidup\n\
             {ANI},Anak Tiri,ANAK TIRI CONTOH,L,2005-02-03,,,,,\n\
             {ANI},Suami,SUAMI CONTOH,L,1984-02-03,3273010302840001,Menikah,2009-02-01,7/2009,Hidup\n"
        ),
    ] {
        delivered(site, "sendiri", AGENCY, &rows).await;
    }
    link_all(&site.store).await.unwrap();
}

/// A body as programs make it of the row that they read.
fn body(told: &Value, fields: &str, pns: &str) -> Value {
    let mut all = Map::new();
    for field in fields.split(' ') {
        let (name, needed) = (field.trim_end_matches('!'), field.ends_with('!'));
        let called = CALLED.iter().find(|(one, _)| *one == name);
        let value = told
            .get(name)
            .or_else(|| told.get(called.map(|(_, told)| *told)?));
        let value = match name {
            "pnsId" | "pnsOrangId" | "pnsDinilaiOrang" | "pnsDinilaiId" => pns.into(),
            // What no source states must be said all the same; the standard has no column for it.
            _ if needed && value.is_none_or(Value::is_null) => "1".into(),
            _ => value.cloned().unwrap_or_default(),
        };
        all.insert(name.to_owned(), value);
    }
    Value::Object(all)
}

/// The same in another form: nothing as an empty text, ids in capitals without hyphens.
fn otherwise(body: &Value) -> Value {
    let plain = |value: &Value| match value {
        Value::Null => "".into(),
        Value::String(text) if satu_siasn::digits(text).is_some() => {
            text.replace('-', "").to_uppercase().into()
        }
        other => other.clone(),
    };
    let all = body.as_object().unwrap().iter();
    let all = all.map(|(name, value)| (name.clone(), plain(value)));
    Value::Object(all.collect())
}

impl Simpeg {
    /// What the register's rows about the person say.
    async fn cells(&self, nip: &str) -> Vec<(Kind, Vec<String>)> {
        let (store, whole) = (&self.site.store, Scope::whole());
        let person = store.find(&whole, "nip", nip).await.unwrap()[0];
        let rows = store.rows_of(&whole, person).await.unwrap();
        let mut all: Vec<_> = rows.into_iter().map(|row| (row.kind, row.cells)).collect();
        all.sort();
        all
    }

    async fn rows(&self, read: &str, at: &str) -> Vec<Value> {
        let data = self.data(&format!("/pns/{read}/{ANI}")).await;
        let rows = data.pointer(at).unwrap().as_array().unwrap();
        let flat = rows.iter().map(|row| {
            let mut flat = row.clone();
            for part in ["orang", "dataPernikahan"] {
                if let Some(part) = row.get(part).and_then(Value::as_object) {
                    flat.as_object_mut().unwrap().extend(part.clone());
                }
            }
            flat
        });
        flat.collect()
    }

    /// The row of a list whose field says this.
    async fn which(&self, read: &str, field: &str, value: &str) -> Value {
        let rows = self.rows(read, "").await;
        let found = rows.iter().find(|row| row[field] == value);
        found
            .unwrap_or_else(|| panic!("{read} {value}: {rows:?}"))
            .clone()
    }
}

fn fields(says: &str) -> String {
    let line = SCHEMAS
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{says}: ")));
    line.unwrap_or(says).to_owned()
}

async fn unchanged(simpeg: &Simpeg, pns: &str) {
    let credit = super::saves::body("riwayat.AngkaKreditCreate", pns);
    let saved = simpeg.saved("/angkakredit/save", "rwAngkaKreditId", &credit);
    saved.await;
    for (save, read, at, says) in WAYS {
        let rows = simpeg.rows(read, at).await;
        assert!(!rows.is_empty(), "{read}");
        for told in rows {
            let sent = body(&told, &fields(says), pns);
            for sent in [sent.clone(), otherwise(&sent), sent] {
                let before = simpeg.cells(ANI).await;
                let answer = simpeg.save(&format!("/{save}"), &sent).await;
                assert_eq!(answer.status, StatusCode::OK, "{save}: {}", answer.body);
                let after = simpeg.cells(ANI).await;
                let new: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
                assert!(
                    after == before,
                    "{save} {sent}\nmade {new:?}\nof {before:?}"
                );
                let now = simpeg.rows(read, at).await;
                let now = now.iter().find(|row| row["id"] == told["id"]).unwrap();
                for (field, value) in told.as_object().unwrap() {
                    let kept =
                        value.is_null() || ["created_at", "updated_at"].contains(&field.as_str());
                    assert!(
                        kept || now[field] == *value,
                        "{save} {field}: {}",
                        now[field]
                    );
                }
            }
        }
    }
}

/// What differs between two states of the register, by kind and column.
fn differs(
    before: &[(Kind, Vec<String>)],
    after: &[(Kind, Vec<String>)],
) -> Vec<(&'static str, String)> {
    let gone = before.iter().filter(|row| !after.contains(row));
    let new = after.iter().filter(|row| !before.contains(row));
    let (gone, new): (Vec<_>, Vec<_>) = (gone.collect(), new.collect());
    assert_eq!((gone.len(), new.len()), (1, 1), "{gone:?} {new:?}");
    let columns = gone[0].0.columns().iter().enumerate();
    columns
        .filter(|(at, _)| gone[0].1[*at] != new[0].1[*at])
        .map(|(at, column)| (*column, new[0].1[at].clone()))
        .collect()
}

async fn what_differs_alone(simpeg: &Simpeg, pns: &str) {
    let saved = async |save: &str, sent: &Value| {
        let before = simpeg.cells(ANI).await;
        let answer = simpeg.save(save, sent).await;
        assert_eq!(answer.status, StatusCode::OK, "{save}: {}", answer.body);
        differs(&before, &simpeg.cells(ANI).await)
    };
    // A number, in rows of whose ids nothing is known beyond them.
    for (save, read, says, field, number, column) in [
        (
            "jabatan/save",
            "rw-jabatan",
            "riwayat.RwJabatanCreate",
            "nomorSk",
            "821/3/SK",
            "sk_nomor",
        ),
        (
            "jabatan/save",
            "rw-jabatan",
            "riwayat.RwJabatanCreate",
            "nomorSk",
            "821/4/SK",
            "sk_nomor",
        ),
        (
            "diklat/save",
            "rw-diklat",
            "riwayat.RwDiklatCreate",
            "nomor",
            "D/1",
            "nomor_sertifikat",
        ),
        (
            "hukdis/save",
            "rw-hukdis",
            "riwayat.RWHukDisCreate",
            "skNomor",
            "H/1",
            "sk_nomor",
        ),
    ] {
        let told = simpeg.which(read, field, number).await;
        let mut sent = body(&told, &fields(says), pns);
        let other = format!("{number}/B");
        sent[field] = other.as_str().into();
        assert_eq!(saved(&format!("/{save}"), &sent).await, [(column, other)]);
    }
    // A course of another sort is not called by it, where it has a name.
    let told = simpeg
        .which("rw-kursus", "namaKursus", "Kursus Kearsipan")
        .await;
    let mut sent = body(&told, &fields("riwayat.RwKursusCreate"), pns);
    sent.as_object_mut().unwrap().remove("namaKursus");
    sent["jenisDiklatId"] = "12".into();
    assert_eq!(
        saved("/kursus/save", &sent).await,
        [("jenis_diklat", "12".to_owned())]
    );
    // A stepchild and a husband stay what they are.
    for (save, read, at) in [
        ("/keluarga/anak/save", "data-anak", "/listAnak"),
        ("/keluarga/pasangan/save", "data-pasangan", "/listPasangan"),
    ] {
        let told = simpeg.rows(read, at).await[0].clone();
        let nama = format!("{} BARU", told["nama"].as_str().unwrap());
        let sent = object!({"id": told["id"], "pnsOrangId": pns, "nama": nama});
        assert_eq!(saved(save, &sent).await, [("nama", nama)]);
    }
}

/// Ids of the service of before, which stand in the program's own tables.
async fn ids_of_before(simpeg: &Simpeg, pns: &str) {
    const OLD: &str = "A5EB03E241F8F6A0E040640A040252AD";
    let told = simpeg.which("rw-jabatan", "nomorSk", "821/4/SK").await;
    let whole = body(&told, &fields("riwayat.RwJabatanCreate"), pns);
    for field in ["unorId", "instansiId", "satuanKerjaId", "eselonId"] {
        let mut sent = whole.clone();
        sent[field] = OLD.into();
        let before = simpeg.cells(ANI).await;
        simpeg.saved("/jabatan/save", "rwJabatanId", &sent).await;
        assert_eq!(simpeg.cells(ANI).await, before, "{field}");
        let now = simpeg.which("rw-jabatan", "nomorSk", "821/4/SK").await;
        let called = if field == "instansiId" {
            "instansiKerjaId"
        } else {
            field
        };
        assert_eq!(now[called], OLD);
        assert_eq!(now["unorNama"], told["unorNama"]);
        simpeg.saved("/jabatan/save", "rwJabatanId", &whole).await;
        let now = simpeg.which("rw-jabatan", "nomorSk", "821/4/SK").await;
        assert_eq!(now[called], told[called], "{field}");
    }
    // A new position of which nothing else says what it is cannot be taken.
    let mut new = whole.clone();
    for (field, value) in [
        ("id", Value::Null),
        ("jenisJabatan", "2".into()),
        ("jabatanFungsionalId", OLD.into()),
        ("nomorSk", "821/9/SK".into()),
    ] {
        new[field] = value;
    }
    let answer = simpeg.save("/jabatan/save", &new).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    let why = json(&answer)["message"].as_str().unwrap().to_owned();
    assert!(why.contains("jabatanFungsionalId tidak dikenal"), "{why}");
    // What the person was before is known by its id, and a unit's id is read without hyphens.
    let past = simpeg.which("rw-jabatan", "nomorSk", "821/3/SK").await;
    let now = simpeg.which("rw-jabatan", "nomorSk", "821/1/SK").await;
    let plain = |value: &Value| value.as_str().unwrap().replace('-', "").to_uppercase();
    new["jabatanFungsionalId"] = plain(&past["jabatanFungsionalId"]).into();
    new["unorId"] = plain(&now["unorId"]).into();
    new["instansiId"] = plain(&now["instansiKerjaId"]).into();
    let id = simpeg.saved("/jabatan/save", "rwJabatanId", &new).await;
    let rows = simpeg.data(&format!("/pns/rw-jabatan/{ANI}")).await;
    let made = row(&rows, &id).unwrap();
    for (field, of) in [
        ("namaJabatan", &past),
        ("unorNama", &now),
        ("instansiKerjaNama", &now),
    ] {
        let told = |row: &Value| row[field].as_str().map(str::to_uppercase);
        assert_eq!(told(made), told(of), "{field}");
    }
    // Nor does one reach the main record.
    let main = format!("/pns/data-utama/{ANI}");
    let sent = object!({"pns_orang_id": pns, "lokasi_kerja_id": OLD});
    let answer = simpeg.save("/pns/data-utama-update", &sent).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let data = simpeg.data(&main).await;
    assert_eq!(data["lokasiKerja"], "KOTA CONTOH");
}

/// A row that the agency changed stays one when its first source sends it again.
async fn one_row_of_one_id(simpeg: &Simpeg, pns: &str) {
    let central = async |more: &str| {
        let rows = format!(
            "nip,jenis_penghargaan,sk_nomor,sk_tanggal,tahun\n{ANI},202,PUSAT/7,2015-08-17,2015\n{more}"
        );
        delivered(&simpeg.site, "pusat", "", &rows).await;
        link_all(&simpeg.site.store).await.unwrap();
    };
    central("").await;
    let list = format!("/pns/rw-penghargaan/{ANI}");
    let told = simpeg.which("rw-penghargaan", "skNomor", "PUSAT/7").await;
    let id = told["id"].as_str().unwrap();
    let mut sent = body(&told, &fields("riwayat.RwPenghargaanCreate"), pns);
    let now = async || {
        let rows = simpeg.data(&list).await;
        let own = rows
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["id"] == id);
        own.map(|row| row["skDate"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    for (day, more) in [("18-08-2015", "\n"), ("19-08-2015", "\n\n")] {
        sent["skDate"] = day.into();
        assert_eq!(
            simpeg
                .saved("/penghargaan/save", "rwPenghargaanId", &sent)
                .await,
            id
        );
        assert_eq!(now().await, [day]);
        central(more).await;
        assert_eq!(now().await, [day]);
        assert_eq!(
            simpeg.data(&format!("/penghargaan/id/{id}")).await["skDate"],
            day
        );
    }
    let answer = simpeg.delete(&format!("/penghargaan/delete/{id}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(now().await.is_empty());
    let answer = simpeg.delete(&format!("/penghargaan/delete/{id}")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

const HEAD: &str = "nip,nik,nama,tanggal_lahir,jenis_kelamin,email,instansi_induk,instansi_kerja,unor,lokasi_kerja\n";

/// The agency's usual row of the person.
async fn monthly(simpeg: &Simpeg, email: &str) {
    let ani = format!(
        "{ANI},3273015703850004,ANI CONTOH,1985-03-17,P,{email},{AGENCY},{AGENCY},Dinas Arsip,KOTA CONTOH\n"
    );
    delivered(&simpeg.site, "sendiri", AGENCY, &[HEAD, &ani].concat()).await;
}

/// What programs saved of the main record outlives the agency's files, which say what they say.
async fn kept_through_files(simpeg: &Simpeg, pns: &str) {
    let main = format!("/pns/data-utama/{ANI}");
    for (save, sent) in [
        (
            "/cpns/save",
            object!({"pns_orang_id": pns, "nomor_sk_cpns": "813/77", "tgl_sk_cpns": "20-12-2009"}),
        ),
        (
            "/pns/data-utama-update",
            object!({"pns_orang_id": pns, "nomor_telpon": "021", "email_gov": "ani@contoh.go.id", "email": "simpeg@contoh.id"}),
        ),
    ] {
        let answer = simpeg.save(save, &sent).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
    let told = async |of: &[(&str, Value)]| {
        let data = simpeg.data(&main).await;
        for (field, value) in of {
            assert_eq!(data[field], *value, "{field}");
        }
    };
    let saved = [
        ("nomorSkCpns", "813/77".into()),
        ("tglSkCpns", "20-12-2009".into()),
        ("noTelp", "021".into()),
        ("emailGov", "ani@contoh.go.id".into()),
    ];
    told(&saved).await;
    told(&[("email", "simpeg@contoh.id".into())]).await;
    monthly(simpeg, "berkas@contoh.id").await;
    told(&saved).await;
    told(&[("email", "berkas@contoh.id".into())]).await;
    // A save goes on from there, and what it empties stays so.
    let sent = object!({"pns_orang_id": pns, "nomor_telpon": "", "karis_karsu": "K1"});
    let answer = simpeg.save("/pns/data-utama-update", &sent).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    monthly(simpeg, "").await;
    told(&saved[..2]).await;
    told(&[("noTelp", Value::Null), ("karis_karsu", "K1".into())]).await;
    told(&saved[3..]).await;
}

/// What names a row must be there.
async fn named(simpeg: &Simpeg, pns: &str) {
    for (save, owner, field) in [
        ("kgb/save", "pnsId", "gajiBaru"),
        ("tubel/save", "pnsOrangId", "namaSekolah"),
        ("sertifikasi/save", "pnsOrangId", "namaSertifikasi"),
        ("tm/talentmapping-save", "pns_id", "box"),
        ("dashboard/aktivity/save", "pnsId", "kegiatanId"),
        ("kompetensi/potensi/save", "pnsOrangId", "total"),
        ("keluarga/anak/save", "pnsOrangId", "nama"),
    ] {
        let answer = simpeg
            .save(&format!("/{save}"), &object!({owner: pns}))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{save}: {}",
            answer.body
        );
        let why = json(&answer)["data"].as_str().unwrap().to_owned();
        assert_eq!(why, format!("{field} wajib diisi"));
    }
}

/// What the program of a person with many rows does, on both databases.
macro_rules! on_both {
    ($($step:ident),*) => {$(
        mod $step {
            use crate::browser::{site, site_on_postgres};

            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite() {
                let (simpeg, pns) = super::filled(site(false).await).await;
                super::$step(&simpeg, &pns).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgresql() {
                let site = site_on_postgres(satu_web::Settings::default()).await;
                let (simpeg, pns) = super::filled(site).await;
                super::$step(&simpeg, &pns).await;
            }
        }
    )*};
}

on_both!(
    unchanged,
    what_differs_alone,
    ids_of_before,
    one_row_of_one_id,
    kept_through_files,
    named
);

async fn filled(site: Site) -> (Simpeg, String) {
    let simpeg = simpeg(site).await;
    monthly(&simpeg, "ani@contoh.id").await;
    filed(&simpeg.site).await;
    let pns = simpeg.pns_id(ANI).await;
    (simpeg, pns)
}
