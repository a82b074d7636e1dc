//! Linking obeys officers, keeps person numbers, and changes nothing when nothing changed.
//! All persons are made up.

#![allow(clippy::unwrap_used)] // a test that panics has failed, as it should

mod adding;
mod deciding;
mod declaring;
mod four_eyes;
mod program_secret;
mod publishing;
mod resending;
mod second_person;
mod standing;
mod stating;

use std::path::Path;

use jiff::civil::date;
use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_registry::intake::{Delivery, TakeInError, Taken, take_in};
use satu_registry::link::link_all;
use satu_registry::reference;
use satu_rules::{CodeLists, Standard};
use satu_store::entry::{Entry, RecordKey, Ruling, Source, Verdict, Way};
use satu_store::{KeyPlace, OPEN, Scope, Store};

/// The key file of every register that a test makes.
fn key_file() -> KeyPlace {
    KeyPlace::File(concat!(env!("CARGO_TARGET_TMPDIR"), "/registry.key").into())
}

const HEAD: &str = "nip,nik,nama,tanggal_lahir,jenis_kelamin\n";
const ANI: &str = "198503172010012005";
const ANI_TYPO: &str = "198503172010012006";
const BUDI: &str = "199001012015011001";

async fn send(store: &Store, code: &str, folder: &Path, file: &str, rows: &str) -> Taken {
    send_file(store, code, &folder.join(file), &format!("{HEAD}{rows}")).await
}

async fn send_file(store: &Store, code: &str, path: &Path, text: &str) -> Taken {
    std::fs::write(path, text).unwrap();
    let source = Source {
        code: code.into(),
        name: code.into(),
        kind: SourceKind::Agency,
        instansi: String::new(),
    };
    let delivery = Delivery {
        path: path.to_owned(),
        map: None,
        sheet: None,
        stated_on: Some(date(2026, 11, 1)),
        way: Way::File,
    };
    let standard = Standard::new(CodeLists::core(), date(2026, 11, 24));
    take_in(store, &source, &delivery, &standard).await.unwrap()
}

async fn decide(store: &Store, verdict: Verdict) -> i64 {
    let mut writer = store.begin().await.unwrap();
    let ruling = Ruling {
        verdict,
        by: "petugas".into(),
        reason: "berkas dilihat".into(),
    };
    let id = writer.append(&Entry::Ruling(ruling)).await.unwrap();
    writer.commit().await.unwrap();
    id
}

async fn undo(store: &Store, ruling: i64) {
    let mut writer = store.begin().await.unwrap();
    let entry = Entry::Undone {
        ruling,
        by: "petugas".into(),
        reason: "keliru".into(),
    };
    writer.append(&entry).await.unwrap();
    writer.commit().await.unwrap();
}

/// The person under each of these numbers.
async fn who(store: &Store, nip: &str) -> i64 {
    let found = store.find(&Scope::whole(), "nip", nip).await.unwrap();
    assert_eq!(found.len(), 1, "{nip}");
    found[0]
}

async fn assert_replays(store: &Store) {
    let folder = tempfile::tempdir().unwrap();
    let verdict = store.verify(&folder.path().join("again.db")).await.unwrap();
    assert_eq!(verdict.differences, Vec::<String>::new());
}

fn record(source: &str, nip: &str) -> RecordKey {
    RecordKey {
        source: source.into(),
        fact: nip.into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn officers_are_obeyed_through_every_later_run() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(
        &folder.path().join("satu.db").to_string_lossy(),
        &key_file(),
    )
    .await
    .unwrap();
    let one = format!(
        "{ANI},3273015703850004,Ani Contoh,1985-03-17,P\n{BUDI},3273010101900004,Budi Contoh,1990-01-01,L\n"
    );
    send(&store, "a", folder.path(), "a.csv", &one).await;
    let two = format!("{ANI_TYPO},3273015703850004,Ani Contoh,1985-03-17,P\n");
    send(&store, "b", folder.path(), "b.csv", &two).await;
    let first = link_all(&store).await.unwrap();
    assert_eq!((first.records, first.persons, first.moved), (3, 2, 3));
    assert_eq!(who(&store, ANI).await, who(&store, ANI_TYPO).await);
    let (ani, budi) = (who(&store, ANI).await, who(&store, BUDI).await);

    let head = store.head().await.unwrap();
    let again = link_all(&store).await.unwrap();
    assert_eq!((again.persons, again.moved), (2, 0));
    assert_eq!(
        store.head().await.unwrap(),
        head,
        "nothing new to say, nothing said"
    );

    // An officer tells the two apart; the person keeps its number on one side.
    let apart = decide(
        &store,
        Verdict::NotSame {
            records: vec![record("a", ANI), record("b", ANI_TYPO)],
            groups: Vec::new(),
        },
    )
    .await;
    assert_eq!(link_all(&store).await.unwrap().persons, 3);
    assert_ne!(who(&store, ANI).await, who(&store, ANI_TYPO).await);
    assert!([who(&store, ANI).await, who(&store, ANI_TYPO).await].contains(&ani));
    // A corrected row is still the record that was ruled on.
    let corrected = format!("{ANI_TYPO},3273015703850004,Ani Contoh Sekali,1985-03-17,P\n");
    send(&store, "b", folder.path(), "b2.csv", &corrected).await;
    assert_eq!(link_all(&store).await.unwrap().persons, 3);
    // Taken back, the evidence speaks again.
    undo(&store, apart).await;
    assert_eq!(link_all(&store).await.unwrap().persons, 2);

    let together = decide(
        &store,
        Verdict::Same {
            records: vec![record("a", ANI), record("a", BUDI)],
        },
    )
    .await;
    assert_eq!(link_all(&store).await.unwrap().persons, 1);
    undo(&store, together).await;
    assert_eq!(link_all(&store).await.unwrap().persons, 2);
    assert!(who(&store, BUDI).await == budi || who(&store, ANI).await == ani);
    assert_replays(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_change_nothing_and_a_correction_supersedes() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(
        &folder.path().join("satu.db").to_string_lossy(),
        &key_file(),
    )
    .await
    .unwrap();
    let rows = format!("{ANI},3273015703850004,Ani Contoh,1985-03-17,P\n");
    assert!(matches!(
        send(&store, "a", folder.path(), "a.csv", &rows).await,
        Taken::New(..)
    ));
    let head = store.head().await.unwrap();
    assert!(matches!(
        send(&store, "a", folder.path(), "again.csv", &rows).await,
        Taken::Already(2)
    ));
    assert_eq!(store.head().await.unwrap(), head);
    link_all(&store).await.unwrap();
    let rows = format!("{ANI},3273015703850004,Ani Lain,1985-03-17,P\n");
    send(&store, "a", folder.path(), "b.csv", &rows).await;
    let person = store
        .person(&Scope::whole(), who(&store, ANI).await, None, OPEN)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(person.record.value("nama"), Some("ANI LAIN"));
    let before = store
        .person(&Scope::whole(), person.id, None, head.size + 1)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(before.record.value("nama"), Some("ANI CONTOH"));
    assert_replays(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_units_says_what_is_below_what() {
    let folder = tempfile::tempdir().unwrap();
    let lists = folder.path().join("lists");
    std::fs::create_dir(&lists).unwrap();
    let rows = "id,nama,diatasan_id,instansi\n1,Dinas,,Kota A\n2,Bidang,1,KOTA a\n3,Biro,1,\n4,Seksi,2,Kota B\n";
    std::fs::write(lists.join("unor.csv"), rows).unwrap();
    let address = folder.path().join("satu.db");
    let store = Store::open(&address.to_string_lossy(), &key_file())
        .await
        .unwrap();
    assert_eq!(reference::load(&store, &lists).await.unwrap(), ["unor"]);
    let at = |places: &str| Scope::places(&places.into());
    for (upper, lower, held) in [
        ("Kota A > Dinas", "Kota A > 2", true),
        ("Kota A > 1", "Kota A > Bidang", true),
        ("Kota A > Bidang", "Kota A > Dinas", false),
        ("Kota A > Dinas", "Kota A > Biro", false),
        ("Kota A > Dinas", "Kota B > Seksi", false),
        ("Kota B > 4", "Kota B > Seksi", true),
    ] {
        let told = store.covers(&at(upper), &at(lower)).await.unwrap();
        assert_eq!(told, held, "{upper}, {lower}");
    }
    assert_replays(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn loaded_code_lists_judge_later_rows() {
    let folder = tempfile::tempdir().unwrap();
    let lists = folder.path().join("lists");
    std::fs::create_dir(&lists).unwrap();
    std::fs::write(lists.join("agama.csv"), "id,nama\n1,Kepercayaan Contoh\n").unwrap();
    let store = Store::open(
        &folder.path().join("satu.db").to_string_lossy(),
        &key_file(),
    )
    .await
    .unwrap();
    assert_eq!(reference::load(&store, &lists).await.unwrap(), ["agama"]);
    let head = store.head().await.unwrap();
    assert_eq!(
        reference::load(&store, &lists).await.unwrap(),
        Vec::<String>::new()
    );
    assert_eq!(store.head().await.unwrap(), head);
    let standard = reference::standard(&store, date(2026, 11, 24))
        .await
        .unwrap();
    let mut cells = vec![""; Kind::DataUtama.columns().len()];
    cells[Kind::DataUtama.position("agama").unwrap()] = "Islam";
    let mut findings = Vec::new();
    standard.check_row(Kind::DataUtama, &cells, &mut findings);
    let columns: Vec<_> = findings
        .iter()
        .map(|f| Kind::DataUtama.columns()[f.column])
        .collect();
    assert!(columns.contains(&"agama"), "{columns:?}");
    assert_replays(&store).await;
}
