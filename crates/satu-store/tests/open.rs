//! What is counted for statistics, and what is released, on both databases.

use jiff::civil::date;
use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_store::backup::Backup;
use satu_store::entry::{Entry, Linked, Release};
use satu_store::{RawHasher, Scope, Store};
use sqlx::Executor;

use crate::{NIP, assert_replays, databases, deliver, key_file, source};

/// Three persons of two agencies, and one of whom payroll alone speaks.
async fn filled(store: &Store) {
    let mut writer = store.begin().await.unwrap();
    for (code, kind) in [
        ("pusat", SourceKind::Central),
        ("gaji", SourceKind::Payroll),
    ] {
        writer.append(&source(code, kind)).await.unwrap();
    }
    let person = |nip, sex, agency| {
        [
            ("nip", nip),
            ("nama", "Contoh"),
            ("jenis_kelamin", sex),
            ("instansi_induk", agency),
        ]
    };
    let rows = [
        person(NIP, "P", "Kota \"Contoh\""),
        person("199001012015011001", "L", "Kota \"Contoh\""),
        person("198801022015011003", "L", "Kota Lain"),
    ];
    let rows: Vec<&[(&str, &str)]> = rows.iter().map(|row| &row[..]).collect();
    let said = deliver(&mut writer, "pusat", Kind::DataUtama, &rows).await;
    let ghost = person("196001011985031001", "L", "Kota Lain");
    let paid = deliver(&mut writer, "gaji", Kind::DataUtama, &[&ghost[..]]).await;
    let moved = said.into_iter().chain(paid).zip(1..).collect();
    writer
        .append(&Entry::Linked(Linked { moved }))
        .await
        .unwrap();
    writer.commit().await.unwrap();
}

#[tokio::test]
async fn every_person_in_reach_is_counted_once_and_no_ghost() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = Store::open(address, &key_file()).await.unwrap();
        filled(&store).await;
        let counted = async |scope: Scope| {
            let mut seen = Vec::new();
            let columns = ["instansi_induk", "jenis_kelamin", "golongan"];
            let done = store.tally(&scope, columns, |values| {
                seen.push(values.map(str::to_owned));
            });
            done.await.unwrap();
            seen.sort();
            seen
        };
        let row = |agency: &str, sex: &str| [agency.to_owned(), sex.to_owned(), String::new()];
        let contoh = [row("KOTA \"CONTOH\"", "L"), row("KOTA \"CONTOH\"", "P")];
        let mut all = contoh.to_vec();
        all.push(row("KOTA LAIN", "L"));
        assert_eq!(counted(Scope::whole()).await, all);
        assert_eq!(counted(Scope::agency("Kota \"Contoh\"")).await, contoh);
        assert_eq!(counted(Scope::agency("Kota Tiada")).await, [[""; 3]; 0]);
    }
}

async fn released(store: &Store, day: i8, text: &str) {
    let raw = RawHasher::of(text.as_bytes()).unwrap();
    let mut writer = store.begin().await.unwrap();
    writer.keep_raw(&raw, text.as_bytes()).await.unwrap();
    let release = Release {
        version: date(2026, 11, day),
        by: "walidata".to_owned(),
        datasets: vec![
            ("asn-usia".to_owned(), raw.clone()),
            ("kode-agama".to_owned(), raw),
        ],
    };
    writer.append(&Entry::Release(release)).await.unwrap();
    writer.commit().await.unwrap();
}

#[tokio::test]
async fn a_release_stays_and_is_carried_and_held_to_its_hash() {
    let (folder, addresses) = databases().await;
    for (at, address) in addresses.iter().enumerate() {
        let store = Store::open(address, &key_file()).await.unwrap();
        filled(&store).await;
        assert_eq!(store.last_release().await.unwrap(), 0);
        for day in [1, 29] {
            released(&store, day, &format!("instansi,jumlah\n_T,{day}\n")).await;
        }
        let all = store.releases().await.unwrap();
        let told: Vec<_> = all
            .iter()
            .map(|one| (one.version.day(), one.dataset.as_str()))
            .collect();
        let names = ["asn-usia", "kode-agama"];
        assert_eq!(
            told,
            [(29, names[0]), (29, names[1]), (1, names[0]), (1, names[1])]
        );
        assert_eq!(store.last_release().await.unwrap(), all[0].entry);
        assert_replays(&store).await;

        let mut bytes = Vec::new();
        store.backup(&mut bytes).await.unwrap();
        let other = folder.path().join(format!("lain{at}.db"));
        let other = Store::open(&other.to_string_lossy(), &key_file())
            .await
            .unwrap();
        let backup = Backup::open(std::io::Cursor::new(bytes)).unwrap();
        other.restore(backup).await.unwrap();
        assert_eq!(other.releases().await.unwrap(), all);
        let mut text = Vec::new();
        assert!(other.read_raw(&all[2].raw, &mut text).await.unwrap());
        assert_eq!(text, b"instansi,jumlah\n_T,1\n");

        // Other bytes in place of the released ones are found.
        let swap = "UPDATE raw_part SET packed = (SELECT wrapped FROM data_key)";
        let url = match at {
            0 => format!("sqlite:{address}"),
            _ => address.clone(),
        };
        let pool = sqlx::AnyPool::connect(&url).await.unwrap();
        pool.execute(swap).await.unwrap();
        let verdict = store
            .verify(&folder.path().join(format!("ulang{at}.db")))
            .await
            .unwrap();
        let told = verdict.differences.join("\n");
        assert!(told.contains("release 2026-11-01 of asn-usia"), "{told}");
    }
}
