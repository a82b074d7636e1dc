//! What is sent again changes nothing, unless it is to be read otherwise or something else was said since.
//! All persons are made up.

use jiff::civil::Date;

use super::adding::empty;
use super::*;

/// How bytes are to be read.
#[derive(Clone, Copy, Default)]
struct Way {
    map: Option<&'static str>,
    sheet: Option<&'static str>,
    stated_on: Option<Date>,
    by: satu_store::entry::Way,
}

/// The delivery's number, and whether it is new.
async fn sent(store: &Store, folder: &Path, rows: &str, way: Way) -> (i64, bool) {
    let path = folder.join("a.csv");
    std::fs::write(&path, rows).unwrap();
    let source = Source {
        code: "a".into(),
        name: "a".into(),
        kind: SourceKind::Agency,
        instansi: String::new(),
    };
    let delivery = Delivery {
        path,
        map: way.map.map(str::to_owned),
        sheet: way.sheet.map(str::to_owned),
        stated_on: way.stated_on,
        way: way.by,
    };
    let standard = Standard::new(CodeLists::core(), date(2026, 11, 24));
    match take_in(store, &source, &delivery, &standard).await.unwrap() {
        Taken::New(id, _) => (id, true),
        Taken::Already(id) => (id, false),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_are_taken_again_where_they_say_something_else() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "resending").await {
        let say = async |rows: &str, way: Way| sent(&store, folder.path(), rows, way).await;
        let one = format!("{HEAD}{ANI},3273015703850004,Ani Contoh,1985-03-17,P\n");
        let other = format!("{HEAD}{ANI},3273015703850004,Ani Lain,1985-03-17,P\n");
        let second = format!("{HEAD}{BUDI},3273010101900004,Budi Contoh,1990-01-01,L\n");
        let plain = Way::default();
        let (first, new) = say(&one, plain).await;
        assert!(new);
        let (next, new) = say(&second, plain).await;
        assert!(new);

        // Said again: nothing, also with the day that it spoke for, and after another file was taken in.
        let head = store.head().await.unwrap();
        let dated = |day| Way {
            stated_on: Some(date(2026, 11, day)),
            ..plain
        };
        for (rows, way, id) in [
            (&one, plain, first),
            (&one, dated(24), first),
            (&second, plain, next),
        ] {
            assert_eq!(say(rows, way).await, (id, false));
        }
        assert_eq!(store.head().await.unwrap(), head);

        // Another day, another sheet, another map: each is taken in once.
        let mapped = Way {
            map: Some("kind = \"data_utama\"\n"),
            ..plain
        };
        let sheet = Way {
            sheet: Some("Golongan"),
            ..plain
        };
        for way in [dated(2), sheet, mapped] {
            let (id, new) = say(&one, way).await;
            assert!(new);
            assert_eq!(say(&one, way).await, (id, false));
        }

        // Something else was said since: what is said last stands.
        say(&other, plain).await;
        let (_, new) = say(&one, plain).await;
        assert!(new);
        let head = store.head().await.unwrap();
        assert!(!say(&one, plain).await.1);
        assert_eq!(store.head().await.unwrap(), head);
        link_all(&store).await.unwrap();
        let id = who(&store, ANI).await;
        let person = store.person(&Scope::whole(), id, None, OPEN).await;
        let record = person.unwrap().unwrap().record;
        assert_eq!(record.value("nama"), Some("ANI CONTOH"));

        // A row that an officer ended stays so.
        let statements = store.person(&Scope::whole(), id, None, OPEN).await;
        let statement = statements.unwrap().unwrap().evidence[0].statement;
        satu_registry::single::end(&store, statement, "petugas", "salah orang")
            .await
            .unwrap();
        assert!(!say(&one, plain).await.1);
        assert_replays(&store).await;
    }
}

/// A row of the file, with this name.
fn ani(name: &str) -> String {
    format!("{ANI},3273015703850004,{name},1985-03-17,P\n")
}

fn budi(name: &str) -> String {
    format!("{BUDI},3273010101900004,{name},1990-01-01,L\n")
}

/// The golden name of a person.
async fn named(store: &Store, nip: &str) -> String {
    let id = who(store, nip).await;
    let person = store.person(&Scope::whole(), id, None, OPEN).await;
    let record = person.unwrap().unwrap().record;
    record.value("nama").unwrap().to_owned()
}

/// A program saves another name for Ani, as the source that the files are of.
async fn saved(store: &Store, name: &str) {
    use satu_registry::single::{Before, Outcome, Single, state};

    let source = store.sources(&Scope::whole()).await.unwrap().remove(0);
    let mut cells = vec![String::new(); Kind::DataUtama.columns().len()];
    for (column, value) in [
        ("nip", ANI),
        ("nik", "3273015703850004"),
        ("nama", name),
        ("tanggal_lahir", "1985-03-17"),
        ("jenis_kelamin", "P"),
    ] {
        value.clone_into(&mut cells[Kind::DataUtama.position(column).unwrap()]);
    }
    let single = Single {
        source: &source,
        person: who(store, ANI).await,
        name: "pns/data-utama-update",
        raw: name.as_bytes(),
        kind: Kind::DataUtama,
        cells: &cells,
        unknown: &[],
        fact: ANI.to_owned(),
        before: Before::Any,
        instead_of: None,
        documents: &[],
        by: "petugas",
        on: date(2026, 11, 24),
    };
    let standard = Standard::new(CodeLists::core(), date(2026, 11, 24));
    let told = state(store, &standard, single).await.unwrap();
    assert!(matches!(told, Outcome::Stated(_)), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_saved_outlasts_a_file_that_says_nothing_new() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "resending_saved").await {
        let say = async |rows: &str, way: Way| {
            let told = sent(&store, folder.path(), &format!("{HEAD}{rows}"), way).await;
            link_all(&store).await.unwrap();
            told
        };
        let plain = Way::default();
        let posted = Way {
            by: satu_store::entry::Way::Statements,
            ..plain
        };
        let both = format!("{}{}", ani("Ani Contoh"), budi("Budi Contoh"));
        let (first, _) = say(&both, plain).await;
        saved(&store, "Ani Simpan").await;
        link_all(&store).await.unwrap();
        let head = store.head().await.unwrap();
        assert_eq!(say(&both, plain).await, (first, false));
        assert_eq!(store.head().await.unwrap(), head);
        assert_eq!(named(&store, ANI).await, "ANI SIMPAN");

        // Nor by a file that is another for another's sake.
        let other = format!("{}{}", ani("Ani Contoh"), budi("Budi Lain"));
        let (second, new) = say(&other, plain).await;
        assert!(new);
        assert_eq!(named(&store, ANI).await, "ANI SIMPAN");
        assert_eq!(named(&store, BUDI).await, "BUDI LAIN");
        assert_eq!(say(&other, plain).await, (second, false));
        let counts = store.submission(&Scope::whole(), second).await;
        let counts = counts.unwrap().unwrap().receipt;
        assert_eq!((counts.rows, counts.rejected), (2, 0));

        // A source that goes back to what it said before is heard, row by row.
        let (_, new) = say(&both, plain).await;
        assert!(new);
        assert_eq!(named(&store, BUDI).await, "BUDI CONTOH");
        assert_eq!(named(&store, ANI).await, "ANI SIMPAN");

        // So are what the file says otherwise than before, and a day that is named.
        assert!(say(&ani("Ani Baru"), plain).await.1);
        assert_eq!(named(&store, ANI).await, "ANI BARU");
        saved(&store, "Ani Simpan Lagi").await;
        assert!(!say(&ani("Ani Baru"), plain).await.1);
        let dated = Way {
            stated_on: Some(date(2026, 11, 25)),
            ..plain
        };
        assert!(say(&ani("Ani Baru"), dated).await.1);
        assert_eq!(named(&store, ANI).await, "ANI BARU");

        // What a program posts is not taken back by the file, nor what it saves by what it posted; what it
        // posts after something else is heard.
        assert!(say(&ani("Ani Kirim"), posted).await.1);
        let (file, new) = say(&ani("Ani Baru"), plain).await;
        assert!(!new, "{file}");
        assert_eq!(named(&store, ANI).await, "ANI KIRIM");
        assert!(say(&ani("Ani Dua"), posted).await.1);
        assert!(say(&ani("Ani Kirim"), posted).await.1);
        assert_eq!(named(&store, ANI).await, "ANI KIRIM");
        saved(&store, "Ani Tiga").await;
        assert!(!say(&ani("Ani Kirim"), posted).await.1);
        assert_eq!(named(&store, ANI).await, "ANI TIGA");
        assert_replays(&store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_agree_where_they_overlap_are_taken_in_once() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "resending_overlap").await {
        let say = async |rows: &str| {
            let rows = format!("{HEAD}{rows}");
            sent(&store, folder.path(), &rows, Way::default()).await
        };
        let all = format!("{}{}", ani("Ani Contoh"), budi("Budi Contoh"));
        let changes = ani("Ani Contoh");
        let told = [say(&all).await, say(&changes).await];
        assert!(told.iter().all(|(_, new)| *new));
        let head = store.head().await.unwrap();
        for _ in 0..2 {
            assert_eq!(say(&all).await, (told[0].0, false));
            assert_eq!(say(&changes).await, (told[1].0, false));
        }
        assert_eq!(store.head().await.unwrap(), head);

        // Where they say two things of one row, what is said last stands, each time.
        say(&ani("Ani Lain")).await;
        assert!(say(&all).await.1);
        assert!(say(&ani("Ani Lain")).await.1);
        assert_replays(&store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_edition_rejected_comes_in_with_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "resending_edition").await {
        let rows = format!("{HEAD}{}{ANI},1,Ani,1985-03-17,P\n", budi("Budi Contoh"));
        let say = async || sent(&store, folder.path(), &rows, Way::default()).await;
        // As an edition of before left it, whose name no entry tells: both rows rejected.
        let source = Source {
            code: "a".into(),
            name: "a".into(),
            kind: SourceKind::Agency,
            instansi: String::new(),
        };
        let mut writer = store.begin().await.unwrap();
        let blob = satu_store::RawHasher::of(rows.as_bytes()).unwrap();
        writer.keep_raw(&blob, rows.as_bytes()).await.unwrap();
        writer.append(&Entry::Source(source)).await.unwrap();
        let submission = satu_store::entry::Submission {
            source: "a".into(),
            file: "a.csv".into(),
            kind: Kind::DataUtama,
            blob,
            stated_on: date(2026, 11, 1),
            map: None,
            sheet: None,
            way: satu_store::entry::Way::File,
            unknown: Vec::new(),
            standard: None,
        };
        let submission = writer.append(&Entry::Submission(submission)).await.unwrap();
        let receipt = satu_store::entry::Receipt {
            submission,
            rows: 2,
            rejected: 2,
            ..satu_store::entry::Receipt::default()
        };
        writer.append(&Entry::Receipt(receipt)).await.unwrap();
        writer.commit().await.unwrap();

        let (id, new) = say().await;
        assert!(new);
        let told = store.submission(&Scope::whole(), id).await.unwrap();
        assert_eq!(told.unwrap().receipt.rejected, 1, "one still is");
        let head = store.head().await.unwrap();
        assert_eq!(say().await, (id, false));
        assert_eq!(store.head().await.unwrap(), head);

        // A code list that is loaded makes another edition.
        let lists = folder.path().join("lists");
        std::fs::create_dir_all(&lists).unwrap();
        std::fs::write(lists.join("agama.csv"), "id,nama\n1,Islam\n").unwrap();
        reference::load(&store, &lists).await.unwrap();
        let (again, new) = say().await;
        assert!(new);
        assert_eq!(say().await, (again, false));
        assert_replays(&store).await;
    }
}
