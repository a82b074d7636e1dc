//! Databases and backups opened by hand: no NIK, no telephone number, no e-mail address in them.

mod needles;

use std::collections::BTreeSet;
use std::path::PathBuf;

use axum::http::StatusCode;
use jiff::civil::date;
use needles::{Needles, personal};
use satu_registry::intake::{Delivery, take_in};
use satu_registry::link::link_all;
use satu_registry::review::{Decider, set_value};
use satu_registry::single::keep;
use satu_rules::{CodeLists, Standard};
use satu_store::Scope;
use satu_store::entry::{Document, Source, Way};
use satu_store::privacy::About;
use satu_synth::{Config, generate};
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{AnyPool, AssertSqlSafe, Column, Row, ValueRef};

use crate::browser::{Browser, PASSWORD, Site, delivered, hidden, site, site_on_postgres};

const NIP: &str = "198503172010012005";
const NIK: &str = "3273015703850004";
/// One record, and one that is rejected with its NIK.
const ROWS: &str = "nip,nik,nama,tanggal_lahir,jenis_kelamin,email,nomor_hp,alamat\n\
    198503172010012005,3273015703850004,ANI CONTOH,1985-03-17,P,ani@contoh.id,081234567890,Jalan Contoh Panjang 17\n\
    199001012015011001,3273010101900001,BUDI,1990-01-01,L,budi@contoh.id,081298765432,Jalan Contoh Pendek 3\n\
    19900101,3273010101910009,CITRA,1991-13-01,X,citra@contoh.id,081298765431,Jalan Contoh 4\n";
/// Her child.
const FAMILY: &str = "nip,hubungan,nama,jenis_kelamin,tanggal_lahir,nik\n\
    198503172010012005,ANAK,CICI CONTOH,P,2012-05-06,3273014605120001\n";
/// What officers and she herself wrote.
const WRITTEN: [&str; 4] = [
    "085211112222",
    "kantor.ani@contoh.id",
    "085233334444",
    "Jalan Contoh Panjang 17",
];

/// A country and a register's use: deliveries, linking, looks, decisions, requests, documents.
async fn used(site: &Site) -> Needles {
    let folder = site.folder().join("negeri");
    std::fs::create_dir(&folder).unwrap();
    let config = Config {
        persons: 100,
        seed: 7,
        today: date(2026, 11, 24),
    };
    let country = generate(&config, &folder).unwrap();
    let standard = Standard::new(CodeLists::core(), date(2026, 11, 24));
    let mut values = [ROWS, FAMILY]
        .map(personal)
        .into_iter()
        .flatten()
        .collect::<BTreeSet<_>>();
    for file in &country.files {
        if file.path.extension().is_some_and(|end| end == "csv") {
            let bytes = std::fs::read(&file.path).unwrap();
            values.extend(personal(&String::from_utf8_lossy(&bytes)));
        }
        let source = Source {
            code: file.source.clone(),
            name: file.source_name.clone(),
            kind: file.source_kind,
            instansi: file.instansi.clone(),
        };
        let delivery = Delivery {
            path: file.path.clone(),
            map: None,
            sheet: None,
            stated_on: Some(file.stated_on),
            way: Way::File,
        };
        take_in(&site.store, &source, &delivery, &standard)
            .await
            .unwrap();
    }
    let sent = delivered(site, "sendiri", "Pemerintah Kota Contoh", ROWS).await;
    delivered(site, "keluarga", "Pemerintah Kota Contoh", FAMILY).await;
    link_all(&site.store).await.unwrap();
    values.extend(WRITTEN.map(str::to_owned));

    let everything = Scope::whole();
    let id = site.store.find(&everything, "nik", NIK).await.unwrap()[0];
    let found = site.store.search(&everything, NIK, 10).await.unwrap();
    assert!(found.len() == 1 && found[0].exact && found[0].person == id);
    // A digit wrong in the NIK, or the beginning of the NIP, finds her too.
    for question in ["3273015703850014", "19850317"] {
        let found = site.store.search(&everything, question, 10).await.unwrap();
        assert!(found.iter().any(|hit| hit.person == id), "{question}");
    }
    let mut officer = Browser::new(site);
    officer.sign_in("walidata", PASSWORD, "/").await;
    let page = officer.get(&format!("/orang/{id}")).await;
    assert!(page.status == StatusCode::OK && !page.body.contains(NIK));
    let mark = hidden(&page.body, "tanda");
    let looked = [("tanda", mark.as_str()), ("tujuan", "layanan")];
    let opened = officer.post(&format!("/orang/{id}/buka"), &looked).await;
    let shown = match opened.header("location") {
        Some(to) => officer.get(to).await.body,
        None => opened.body,
    };
    assert!(shown.contains(NIK), "{shown}");
    let rows = officer.get(&format!("/kiriman/{sent}")).await;
    assert_eq!(rows.status, StatusCode::OK);
    let searched = officer.get(&format!("/cari?q={NIK}")).await;
    assert_eq!(searched.status, StatusCode::OK);

    let decider = Decider {
        scope: &everything,
        by: "walidata",
        reason: "Nomor 085211112222 dikonfirmasi",
    };
    set_value(&site.store, &decider, id, "email", "kantor.ani@contoh.id")
        .await
        .unwrap();
    let text = "Nomor saya 085233334444";
    let asked = site.store.ask(NIP, About::Correction, text, "asn");
    let asked = asked.await.unwrap();
    let answer = "Menjadi 085233334444";
    let answered = site
        .store
        .answer(&everything, asked, true, answer, "walidata");
    assert!(answered.await.unwrap());
    let told = site.store.request(&everything, asked).await.unwrap();
    let told = told.unwrap();
    assert!(told.text == text && told.verdict.unwrap().answer == answer);
    let document = Document {
        name: format!("KTP {NIK}.pdf"),
        media: "application/pdf".into(),
        blob: String::new(),
        sort: String::new(),
        instansi: String::new(),
        by: "walidata".into(),
        said: vec![("nik".into(), NIK.into())],
    };
    keep(&site.store, document, NIK.as_bytes(), None)
        .await
        .unwrap();
    let scratch = site.folder().join("ulang.db");
    assert!(
        site.store
            .verify(&scratch)
            .await
            .unwrap()
            .differences
            .is_empty()
    );
    Needles::new(values)
}

/// Every value of every table, as bytes: numbers in decimal digits.
async fn values(pool: &AnyPool) -> Vec<(String, Vec<u8>)> {
    let postgres = pool.acquire().await.unwrap().backend_name() == "PostgreSQL";
    let sql = if postgres {
        "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    };
    let tables: Vec<(String,)> = sqlx::query_as(sql).fetch_all(pool).await.unwrap();
    assert!(tables.len() > 30);
    let mut found = Vec::new();
    for (table,) in tables {
        let sql = AssertSqlSafe(format!("SELECT * FROM {table}"));
        for row in sqlx::query(sql).fetch_all(pool).await.unwrap() {
            for column in row.columns() {
                let name = format!("{table}.{}", column.name());
                found.push((name, value(&row, column.ordinal())));
            }
        }
    }
    found
}

fn value(row: &AnyRow, at: usize) -> Vec<u8> {
    let raw = row.try_get_raw(at).unwrap();
    match raw.type_info().kind() {
        AnyTypeInfoKind::Null => Vec::new(),
        AnyTypeInfoKind::Text => row.get::<String, _>(at).into_bytes(),
        AnyTypeInfoKind::Blob => row.get(at),
        _ => row.get::<i64, _>(at).to_string().into_bytes(),
    }
}

/// The files that a database is kept in.
async fn files(site: &Site, pool: &AnyPool) -> Vec<PathBuf> {
    let postgres = pool.acquire().await.unwrap().backend_name() == "PostgreSQL";
    let folder = if postgres {
        sqlx::query("CHECKPOINT").execute(pool).await.unwrap();
        let sql = "SELECT current_setting('data_directory') || '/base/' || CAST(oid AS TEXT) \
                   FROM pg_database WHERE datname = current_database()";
        let (folder,): (String,) = sqlx::query_as(sql).fetch_one(pool).await.unwrap();
        PathBuf::from(folder)
    } else {
        site.folder().to_owned()
    };
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let of_database = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        path.is_file() && (postgres || name.starts_with("satu.db"))
    };
    files.filter(of_database).collect()
}

fn assert_none(needles: &Needles, what: &str, bytes: &[u8]) {
    let found = needles.within(bytes);
    assert!(found.is_empty(), "{what} holds {found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_database_tells_no_nik_and_no_way_to_reach_anybody() {
    for site in [
        site(false).await,
        site_on_postgres(satu_web::Settings::default()).await,
    ] {
        let needles = used(&site).await;
        assert!(needles.values.len() > 200, "{}", needles.values.len());
        let pool = site.pool().await;
        let mut told = BTreeSet::new();
        for (name, value) in values(&pool).await {
            assert_none(&needles, &name, &value);
            told.insert(name);
        }
        for name in [
            "ledger.body",
            "raw_part.packed",
            "finding.value",
            "person.record",
            "lookup.value",
        ] {
            assert!(told.contains(name), "{name} is empty");
        }
        let names = Needles::new([NIP.to_owned()]);
        let mut read = false;
        for file in files(&site, &pool).await {
            let bytes = match std::fs::read(&file) {
                // PostgreSQL takes files of its own away at any time.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                bytes => bytes.unwrap(),
            };
            assert_none(&needles, &file.to_string_lossy(), &bytes);
            // What stands open is found: the files are those of this database.
            read |= !names.within(&bytes).is_empty();
        }
        assert!(read);
        let mut backup = Vec::new();
        site.store.backup(&mut backup).await.unwrap();
        assert_none(&needles, "the backup", &backup);
        assert!(
            !names.within(&backup).is_empty(),
            "the backup was not unpacked"
        );

        // The same eyes find every value where it stands open: in what was delivered, and in a table.
        let mut delivered = BTreeSet::new();
        for folder in [site.folder().to_owned(), site.folder().join("negeri")] {
            for file in std::fs::read_dir(folder)
                .unwrap()
                .map(|file| file.unwrap().path())
            {
                if file.extension().is_some_and(|end| end == "csv") {
                    delivered.extend(needles.within(&std::fs::read(file).unwrap()));
                }
            }
        }
        let written = WRITTEN.map(str::to_owned);
        let open: BTreeSet<_> = needles.values.difference(&delivered).cloned().collect();
        assert!(open.iter().all(|value| written.contains(value)), "{open:?}");
        for table in ["ledger_head SET root", "account SET name"] {
            let sql = AssertSqlSafe(format!("UPDATE {table} = '{NIK}'"));
            sqlx::query(sql).execute(&pool).await.unwrap();
            let all = values(&pool).await;
            let seen = all
                .iter()
                .filter(|(_, value)| !needles.within(value).is_empty());
            assert!(seen.count() > 0, "{table}");
        }
    }
}
