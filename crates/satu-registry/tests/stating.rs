//! One statement about a known person, while another process writes. All persons are made up.

use satu_registry::single::{Before, Outcome, Single, end, state};
use satu_store::StoreError;
use satu_store::entry::Linked;
use satu_store::rows::HistoryRow;

use super::adding::addresses;
use super::*;

/// A register of each engine as a site and a command have it open: Ani and Budi by the source `a`.
async fn registers(name: &str) -> (tempfile::TempDir, Vec<[Store; 2]>) {
    let folder = tempfile::tempdir().unwrap();
    let mut all = Vec::new();
    for address in addresses(folder.path(), name).await {
        let site = Store::open(&address, &key_file()).await.unwrap();
        let command = Store::open(&address, &key_file()).await.unwrap();
        let rows = format!(
            "{ANI},3273015703850004,Ani Contoh,1985-03-17,P\n{BUDI},3273010101900004,Budi Contoh,1990-01-01,L\n"
        );
        send(&site, "a", folder.path(), "a.csv", &rows).await;
        link_all(&site).await.unwrap();
        all.push([site, command]);
    }
    (folder, all)
}

/// The rows of a person, the main record aside.
async fn rows(store: &Store, person: i64) -> Vec<HistoryRow> {
    let found = store.rows_of(&Scope::whole(), person).await.unwrap();
    let history = |row: &HistoryRow| row.kind != Kind::DataUtama;
    found.into_iter().filter(history).collect()
}

fn agency(code: &str) -> Source {
    Source {
        code: code.into(),
        name: code.into(),
        kind: SourceKind::Agency,
        instansi: String::new(),
    }
}

/// What is stated of a person: a certificate of this name.
fn certificate(nip: &str, name: &str) -> Vec<String> {
    let value = |column: &&str| match *column {
        "nip" => nip,
        "jenis" => "sertifikasi",
        "uraian" => name,
        _ => "",
    };
    let columns = Kind::RiwayatLain.columns().iter();
    columns.map(|column| value(column).to_owned()).collect()
}

fn single<'a>(source: &'a Source, person: i64, cells: &'a [String], fact: &str) -> Single<'a> {
    Single {
        source,
        person,
        name: "sertifikasi/save",
        raw: b"{}",
        kind: Kind::RiwayatLain,
        cells,
        unknown: &[],
        fact: fact.to_owned(),
        before: Before::Any,
        instead_of: None,
        documents: &[],
        by: "petugas",
        on: date(2026, 11, 24),
    }
}

async fn said(store: &Store, single: Single<'_>) -> Result<Outcome, StoreError> {
    let standard = Standard::new(CodeLists::core(), date(2026, 11, 24));
    state(store, &standard, single).await
}

async fn stated(store: &Store, single: Single<'_>) -> i64 {
    match said(store, single).await.unwrap() {
        Outcome::Stated(statement) => statement,
        Outcome::Rejected(wrong) => panic!("{wrong:?}"),
    }
}

fn overtaken<T: std::fmt::Debug>(told: &Result<T, StoreError>) {
    assert!(matches!(told, Err(StoreError::Overtaken)), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_said_of_a_person_who_was_merged_while_it_waited() {
    let (_folder, registers) = registers("merged").await;
    for [site, command] in registers {
        let (ani, budi) = (who(&site, ANI).await, who(&site, BUDI).await);
        let (source, cells) = (agency("b"), certificate(BUDI, "Contoh"));
        // Another process has the ledger's lock, and makes one person of the two; the save waits for it.
        let mut run = command.begin().await.unwrap();
        let merging = async {
            let of_budi = run.statements_of(budi).await.unwrap();
            let moved = of_budi.into_iter().map(|one| (one, ani)).collect();
            let merged = Entry::Linked(Linked { moved });
            run.append(&merged).await.unwrap();
            run.commit().await.unwrap();
        };
        let save = single(&source, budi, &cells, "satu");
        let (told, ()) = tokio::join!(said(&site, save.clone()), merging);
        overtaken(&told);
        let gone = site.rows_of(&Scope::whole(), budi).await.unwrap();
        assert_eq!(gone.len(), 0, "the number that is gone stays so");
        assert_eq!(rows(&site, ani).await.len(), 0);
        let anew = Single {
            person: ani,
            ..save
        };
        stated(&site, anew).await;
        assert_eq!(rows(&site, ani).await.len(), 1);
        assert_replays(&site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_comes_in_the_place_of_a_row_that_another_wrote_over() {
    let (_folder, registers) = registers("overtaken").await;
    for [site, command] in registers {
        let ani = who(&site, ANI).await;
        let (a, b) = (agency("a"), agency("b"));
        let [first, second, third] = ["Satu", "Dua", "Tiga"].map(|name| certificate(ANI, name));
        let read = stated(&site, single(&a, ani, &first, "kunci")).await;
        let since = stated(&command, single(&a, ani, &second, "kunci")).await;
        // `b` would go on with the row of `a` as it was read, or delete it.
        let place = |instead_of| Single {
            instead_of: Some(instead_of),
            ..single(&b, ani, &third, "kunci-b")
        };
        overtaken(&said(&site, place(read)).await);
        overtaken(&end(&site, read, "petugas", "keliru").await);
        let stands: Vec<i64> = rows(&site, ani)
            .await
            .iter()
            .map(|one| one.statement)
            .collect();
        assert_eq!(stands, [since]);
        let moved = stated(&site, place(since)).await;
        end(&site, moved, "petugas", "keliru").await.unwrap();
        overtaken(&end(&site, moved, "petugas", "keliru").await);
        assert_eq!(rows(&site, ani).await.len(), 0);
        assert_replays(&site).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_not_made_from_cells_that_another_wrote_over() {
    let (_folder, registers) = registers("stale").await;
    for [site, command] in registers {
        let ani = who(&site, ANI).await;
        let source = agency("a");
        let [first, second, third] = ["Satu", "Dua", "Tiga"].map(|name| certificate(ANI, name));
        let on = |cells, before| Single {
            before: Before::Read(before),
            ..single(&source, ani, cells, "kunci")
        };
        let read = stated(&site, on(&first, None)).await;
        // Another process made the same row anew, and one more that nobody here had read.
        overtaken(&said(&command, on(&second, None)).await);
        let since = stated(&command, on(&second, Some(read))).await;
        overtaken(&said(&site, on(&third, Some(read))).await);
        assert_eq!(rows(&site, ani).await[0].statement, since);
        stated(&site, on(&third, Some(since))).await;
        let stands = rows(&site, ani).await;
        assert_eq!(stands.len(), 1);
        assert_eq!(stands[0].cells, third);
        // The row went to another person since it was read.
        let (budi, row) = (who(&site, BUDI).await, stands[0].statement);
        let mut run = command.begin().await.unwrap();
        let moved = vec![(row, budi)];
        run.append(&Entry::Linked(Linked { moved })).await.unwrap();
        run.commit().await.unwrap();
        overtaken(&said(&site, on(&first, Some(row))).await);
        assert_eq!(rows(&site, ani).await.len(), 0);
        assert_replays(&site).await;
    }
}
