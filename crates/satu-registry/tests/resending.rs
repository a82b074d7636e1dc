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
