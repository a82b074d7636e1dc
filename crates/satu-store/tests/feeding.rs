//! The change feed: what is told to whom, and that nothing is ever passed over.

use std::time::Duration;

use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_store::backup::Backup;
use satu_store::changes::{Change, ChangeKind, Cursor};
use satu_store::entry::{Doubt, DoubtPair, Entry, Linked, RecordKey, Ruling, Source, Verdict};
use satu_store::{Scope, Store, StoreError, Writer};

use crate::{assert_replays, databases, deliver, key_file, source};

const ANI: &str = "198503172010012005";
const BUDI: &str = "199001012015011001";
const CITRA: &str = "198711052011012002";

async fn append(writer: &mut Writer, entry: Entry) -> i64 {
    writer.append(&entry).await.unwrap()
}

async fn link(writer: &mut Writer, moved: &[(i64, i64)]) {
    let moved = moved.to_vec();
    append(writer, Entry::Linked(Linked { moved })).await;
}

fn of_agency(code: &str, instansi: &str) -> Entry {
    Entry::Source(Source {
        code: code.into(),
        name: code.into(),
        kind: SourceKind::Agency,
        instansi: instansi.into(),
    })
}

/// What a reader is told after a place, in short, and the reader's place then.
async fn told(store: &Store, scope: &Scope, after: impl Into<Cursor>) -> (Vec<String>, Cursor) {
    let page = store.changes(scope, after, 100, false).await.unwrap();
    assert!(!page.more);
    let short = |change: &Change| {
        let mut text = format!("{} {}", change.kind.name(), change.person.unwrap_or(0));
        if let Some(other) = change.other.filter(|_| change.person.is_some()) {
            text = format!("{text} {other}");
        }
        for field in &change.fields {
            text.push(' ');
            text.push_str(field);
        }
        text
    };
    (page.changes.iter().map(short).collect(), page.cursor)
}

#[tokio::test]
async fn each_reader_is_told_what_became_of_whom() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = Store::open(address, &key_file()).await.unwrap();
        let (kota, kabupaten) = (
            Scope::agency("Kota Contoh"),
            Scope::agency("Kabupaten Contoh"),
        );
        let whole = Scope::whole();
        let mut writer = store.begin().await.unwrap();
        append(&mut writer, of_agency("a", "Kota Contoh")).await;
        append(&mut writer, of_agency("b", "Kabupaten Contoh")).await;
        append(&mut writer, source("pusat", SourceKind::Central)).await;
        let ani = [
            ("nip", ANI),
            ("nama", "Ani"),
            ("instansi_induk", "Kota Contoh"),
        ];
        let budi = [("nip", BUDI), ("nama", "Budi")];
        let said_a = deliver(&mut writer, "a", Kind::DataUtama, &[&ani]).await;
        let said_b = deliver(&mut writer, "b", Kind::DataUtama, &[&budi]).await;
        let said_p = deliver(&mut writer, "pusat", Kind::DataUtama, &[&ani, &budi]).await;
        link(
            &mut writer,
            &[
                (said_a[0], 1),
                (said_b[0], 2),
                (said_p[0], 1),
                (said_p[1], 3),
            ],
        )
        .await;
        let (x, y) = (said_b[0].min(said_p[1]), said_b[0].max(said_p[1]));
        let pair = DoubtPair {
            a: x,
            b: y,
            weight: 0,
            probability: 500_000,
        };
        let doubt = Doubt {
            statements: vec![x, y],
            pairs: vec![pair],
        };
        let doubt = append(&mut writer, Entry::Doubt(doubt)).await;
        writer.commit().await.unwrap();
        let (all, at) = told(&store, &whole, 0).await;
        let created = ["person.created 1", "person.created 2", "person.created 3"];
        assert_eq!(all, [&["doubt.opened 0"], &created[..]].concat());
        assert_eq!(told(&store, &kota, 0).await, (vec![created[0].into()], at));
        assert_eq!(
            told(&store, &kabupaten, 0).await,
            (vec![created[1].into()], at)
        );
        assert_eq!(
            told(&store, &Scope::agency(""), 0).await.0,
            Vec::<String>::new()
        );

        // The same said again changes nothing, and nothing is told.
        let mut writer = store.begin().await.unwrap();
        deliver(&mut writer, "a", Kind::DataUtama, &[&ani]).await;
        writer.commit().await.unwrap();
        assert_eq!(told(&store, &whole, at).await, (vec![], at));

        // A new rank; and the two that were in doubt are one: person 3 is gone.
        let mut writer = store.begin().await.unwrap();
        let ranked = [&ani[..], &[("golongan", "III/b")]].concat();
        let ranked = deliver(&mut writer, "a", Kind::DataUtama, &[&ranked]).await;
        link(&mut writer, &[(said_p[1], 2)]).await;
        append(&mut writer, Entry::Withdrawn { doubt }).await;
        writer.commit().await.unwrap();
        let (all, next) = told(&store, &whole, at).await;
        let changed = "person.changed 1 golongan";
        assert_eq!(all, ["doubt.closed 0", changed, "person.merged 3 2"]);
        assert_eq!(told(&store, &kota, at).await.0, [changed]);
        // The doubt is of persons within the regency's reach by now.
        assert_eq!(told(&store, &kabupaten, at).await.0, ["doubt.closed 0"]);
        let at = next;

        // Taken apart again, and the person of the city moves to the regency.
        let mut writer = store.begin().await.unwrap();
        link(&mut writer, &[(said_p[1], 4)]).await;
        let record = RecordKey {
            source: "a".into(),
            fact: ANI.into(),
        };
        let verdict = Verdict::Value {
            record,
            field: "instansi_induk".into(),
            value: "KABUPATEN CONTOH".into(),
        };
        let ruling = Ruling {
            verdict,
            by: "walidata".into(),
            reason: "SK".into(),
        };
        append(&mut writer, Entry::Ruling(ruling)).await;
        writer.commit().await.unwrap();
        let (all, next) = told(&store, &whole, at).await;
        let moved = "person.changed 1 instansi_induk";
        assert_eq!(all, [moved, "person.split 2 4", "person.created 4 2"]);
        let regency = told(&store, &kabupaten, at).await.0;
        assert_eq!(regency, ["person.entered 1", moved, "person.split 2 4"]);
        // The city's own source still speaks of the person.
        assert_eq!(told(&store, &kota, at).await.0, [moved]);
        let at = next;

        // The city's record turns out to be somebody else's: person 1 leaves its reach.
        let mut writer = store.begin().await.unwrap();
        link(&mut writer, &[(ranked[0], 5)]).await;
        writer.commit().await.unwrap();
        let (city, next) = told(&store, &kota, at).await;
        assert!(city.contains(&"person.created 5 1".to_owned()), "{city:?}");
        // Who came back in the meantime has not left: the ruling went with the city's record.
        assert!(!city.contains(&"person.withdrawn 1".to_owned()), "{city:?}");
        let (regency, _) = told(&store, &kabupaten, at).await;
        assert!(
            regency.contains(&"person.withdrawn 1".to_owned()),
            "{regency:?}"
        );

        // A person of whom only one agency knows is gone: it is told, though nobody reaches them.
        let mut writer = store.begin().await.unwrap();
        let citra = [("nip", CITRA), ("nama", "Citra")];
        let said_c = deliver(&mut writer, "a", Kind::DataUtama, &[&citra]).await;
        link(&mut writer, &[(said_c[0], 6)]).await;
        writer.commit().await.unwrap();
        let mut writer = store.begin().await.unwrap();
        link(&mut writer, &[(said_c[0], 1)]).await;
        writer.commit().await.unwrap();
        let (city, _) = told(&store, &kota, next).await;
        assert_eq!(city.last().unwrap(), "person.merged 6 1", "{city:?}");
        assert!(
            !told(&store, &kabupaten, next)
                .await
                .0
                .iter()
                .any(|one| one.contains('6'))
        );

        let page = store.changes(&kota, 0, 100, true).await.unwrap();
        for change in page.changes {
            let values = change.values().unwrap().unwrap_or_default();
            let nip = values.iter().find(|(name, _)| *name == "nip");
            let nip = nip.map_or("", |(_, value)| value);
            assert_eq!(nip, change.nip, "{change:?}");
            let gone = matches!(change.kind, ChangeKind::Merged | ChangeKind::Withdrawn);
            assert_eq!(change.nip.is_empty(), gone, "{change:?}");
        }
        assert_replays(&store).await;
    }
}

/// A doubt closes because a source has sent one of its records again: who was told that it opened is told
/// so, then and whenever they read.
#[tokio::test]
async fn a_doubt_about_a_record_that_came_again_is_told_closed() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = Store::open(address, &key_file()).await.unwrap();
        let kota = Scope::agency("Kota Contoh");
        let two = Scope::places(&"Kota Contoh\nKabupaten Lain".into());
        let kabupaten = Scope::agency("Kabupaten Contoh");
        let mut writer = store.begin().await.unwrap();
        append(&mut writer, of_agency("a", "Kota Contoh")).await;
        append(&mut writer, of_agency("b", "Kabupaten Contoh")).await;
        let ani = [("nip", ANI), ("nama", "Ani")];
        let budi = [("nip", BUDI), ("nama", "Budi")];
        let said = deliver(&mut writer, "a", Kind::DataUtama, &[&ani, &budi]).await;
        let citra = [("nip", CITRA), ("nama", "Citra")];
        let other = deliver(&mut writer, "b", Kind::DataUtama, &[&citra]).await;
        let moved = [(said[0], 1), (said[1], 2), (other[0], 3)];
        link(&mut writer, &moved).await;
        let doubt = async |writer: &mut Writer, a: i64, b: i64| {
            let (a, b) = (a.min(b), a.max(b));
            let (weight, probability) = (0, 500_000);
            let pairs = vec![DoubtPair {
                a,
                b,
                weight,
                probability,
            }];
            let statements = vec![a, b];
            append(writer, Entry::Doubt(Doubt { statements, pairs })).await
        };
        let open = doubt(&mut writer, said[0], said[1]).await;
        let between = doubt(&mut writer, said[0], other[0]).await;
        writer.commit().await.unwrap();
        let opened = ["doubt.opened 0", "person.created 1", "person.created 2"];
        let (first, at) = told(&store, &kota, 0).await;
        assert_eq!(first, opened, "{address}");

        // Sent again, and nothing has run yet.
        let mut writer = store.begin().await.unwrap();
        let again = deliver(&mut writer, "a", Kind::DataUtama, &[&ani]).await;
        writer.commit().await.unwrap();
        assert_eq!(told(&store, &kota, 0).await.0, opened, "{address}");
        let mut writer = store.begin().await.unwrap();
        let anew = doubt(&mut writer, again[0], said[1]).await;
        append(&mut writer, Entry::Withdrawn { doubt: open }).await;
        append(&mut writer, Entry::Withdrawn { doubt: between }).await;
        writer.commit().await.unwrap();
        for scope in [&kota, &two] {
            let (news, _) = told(&store, scope, at).await;
            assert_eq!(news, ["doubt.opened 0", "doubt.closed 0"], "{address}");
        }
        assert!(told(&store, &kabupaten, at).await.0.is_empty(), "{address}");

        // The two are one by now: what was said of them is still told.
        let mut writer = store.begin().await.unwrap();
        link(&mut writer, &[(said[1], 1)]).await;
        append(&mut writer, Entry::Withdrawn { doubt: anew }).await;
        writer.commit().await.unwrap();
        let (all, _) = told(&store, &kota, 0).await;
        let doubts = all.iter().filter(|one| one.starts_with("doubt"));
        let doubts: Vec<&str> = doubts.map(|one| &one[6..12]).collect();
        assert_eq!(
            doubts,
            ["opened", "opened", "closed", "closed"],
            "{address}"
        );
    }
}

#[tokio::test]
async fn pages_join_without_a_gap_and_without_a_repetition() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = Store::open(address, &key_file()).await.unwrap();
        let mut writer = store.begin().await.unwrap();
        append(&mut writer, source("pusat", SourceKind::Central)).await;
        let nips: Vec<String> = (0..1_234)
            .map(|at| format!("19850317201001{at:04}"))
            .collect();
        let rows: Vec<[(&str, &str); 2]> = nips
            .iter()
            .map(|nip| [("nip", nip.as_str()), ("nama", "Contoh")])
            .collect();
        let rows: Vec<&[(&str, &str)]> = rows.iter().map(|row| &row[..]).collect();
        let made = deliver(&mut writer, "pusat", Kind::DataUtama, &rows).await;
        let moved: Vec<(i64, i64)> = made.iter().copied().zip(1..).collect();
        link(&mut writer, &moved).await;
        writer.commit().await.unwrap();
        let (mut persons, mut at) = (Vec::new(), Cursor::BEGINNING);
        loop {
            let page = store
                .changes(&Scope::whole(), at, 100, false)
                .await
                .unwrap();
            persons.extend(page.changes.iter().filter_map(|change| change.person));
            at = page.cursor;
            if !page.more {
                break;
            }
        }
        assert_eq!(persons, (1..=1_234).collect::<Vec<_>>());
        assert_eq!(at, store.newest_change().await.unwrap());
        assert_eq!(at.id, store.last_change().await.unwrap());
        // There is no place beyond the end, or before the beginning.
        for nowhere in [i64::MIN, -1, at.id + 1, i64::MAX] {
            let page = store.changes(&Scope::whole(), nowhere, 5, false).await;
            assert!(matches!(page, Err(StoreError::OtherFeed)), "{nowhere}");
        }
    }
}

/// One transaction that makes a person, and takes its time before it commits.
async fn slowly(store: &Store, person: i64, wait: u64) {
    let mut writer = store.begin().await.unwrap();
    let nip = format!("19850317201001{person:04}");
    let row = [("nip", nip.as_str()), ("nama", "Contoh")];
    let made = deliver(&mut writer, "pusat", Kind::DataUtama, &[&row]).await;
    link(&mut writer, &[(made[0], person)]).await;
    tokio::time::sleep(Duration::from_millis(wait)).await;
    if person % 5 == 0 {
        drop(writer); // What is rolled back leaves no number behind.
    } else {
        writer.commit().await.unwrap();
    }
}

/// Writers that commit early, late or never, in several processes' stead (each has its own
/// connections), while a reader follows: it gets every change once, in the order of the numbers.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_commits_late_is_never_passed_over() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = Store::open(address, &key_file()).await.unwrap();
        let mut writer = store.begin().await.unwrap();
        append(&mut writer, source("pusat", SourceKind::Central)).await;
        writer.commit().await.unwrap();

        let other = Store::open(address, &key_file()).await.unwrap();
        let mut stores = Vec::new();
        for _ in 0..4 {
            stores.push(Store::open(address, &key_file()).await.unwrap());
        }
        // While a transaction is open, what it wrote is not there, and no other gets ahead of it.
        let mut late = store.begin().await.unwrap();
        let row = [("nip", ANI), ("nama", "Ani")];
        let made = deliver(&mut late, "pusat", Kind::DataUtama, &[&row]).await;
        link(&mut late, &[(made[0], 1)]).await;
        let ahead = tokio::spawn(async move { slowly(&other, 2, 0).await });
        tokio::time::sleep(Duration::from_millis(200)).await;
        let page = store.changes(&Scope::whole(), 0, 10, false).await.unwrap();
        assert_eq!((page.changes.len(), page.cursor), (0, Cursor::BEGINNING));
        assert!(!ahead.is_finished());
        late.commit().await.unwrap();
        ahead.await.unwrap();

        let mut writers = Vec::new();
        for (number, store) in (0..).zip(stores) {
            writers.push(tokio::spawn(async move {
                for turn in 0..8 {
                    let person = 3 + number * 8 + turn;
                    slowly(&store, person, (person * 7 % 13) as u64).await;
                }
            }));
        }
        let reading = async |after| {
            let page = store
                .changes(&Scope::whole(), after, 3, false)
                .await
                .unwrap();
            let ids: Vec<i64> = page.changes.iter().map(|change| change.id).collect();
            (ids, page.cursor, page.more)
        };
        let (mut seen, mut at) = (Vec::new(), Cursor::BEGINNING);
        loop {
            let done = writers.iter().all(tokio::task::JoinHandle::is_finished);
            let (ids, cursor, more) = reading(at).await;
            seen.extend(ids);
            at = cursor;
            if done && !more {
                break;
            }
        }
        for writer in writers {
            writer.await.unwrap();
        }
        let count = (1..35).filter(|person| person % 5 != 0).count() as i64;
        assert_eq!(seen, (1..=count).collect::<Vec<_>>());
        assert_replays(&store).await;
    }
}

/// A register that was restored gives numbers again: a place of before is told from the one that has its
/// number now.
#[tokio::test]
async fn a_place_is_not_taken_for_another_after_a_restore() {
    let (_folder, addresses) = databases().await;
    let (_other, restored) = databases().await;
    // From each engine into the other.
    for (address, to) in addresses.iter().zip(restored.iter().rev()) {
        let store = Store::open(address, &key_file()).await.unwrap();
        let mut writer = store.begin().await.unwrap();
        append(&mut writer, source("pusat", SourceKind::Central)).await;
        writer.commit().await.unwrap();
        for person in 1..4 {
            slowly(&store, person, 0).await;
        }
        let mut bytes = Vec::new();
        store.backup(&mut bytes).await.unwrap();
        for person in [4, 6] {
            slowly(&store, person, 0).await;
        }
        let whole = Scope::whole();
        let all = store.changes(&whole, 0, 9, false).await.unwrap();
        let places: Vec<Cursor> = all.changes.iter().map(Change::cursor).collect();
        assert_eq!((places.len(), places[4]), (5, all.cursor));

        let store = Store::open_to_fill(to, &key_file()).await.unwrap();
        let backup = Backup::open(std::io::Cursor::new(&bytes[..])).unwrap();
        store.restore(backup).await.unwrap();
        let after = async |cursor| {
            let page = store.changes(&whole, cursor, 9, false).await?;
            Ok::<_, StoreError>((
                page.changes.iter().map(|one| one.id).collect::<Vec<_>>(),
                page.cursor,
            ))
        };
        // What the backup held is as it was; what came later is not there.
        assert_eq!(after(places[0]).await.unwrap(), (vec![2, 3], places[2]));
        assert_eq!(after(places[2]).await.unwrap(), (vec![], places[2]));
        for gone in &places[3..] {
            assert!(matches!(after(*gone).await, Err(StoreError::OtherFeed)));
        }
        // The register grows past it with others.
        for person in 7..10 {
            slowly(&store, person, 0).await;
        }
        let (ids, newest) = after(places[2]).await.unwrap();
        assert_eq!(ids, [4, 5, 6]);
        for gone in &places[3..] {
            assert!(matches!(after(*gone).await, Err(StoreError::OtherFeed)));
            assert!(!store.has_place(*gone).await.unwrap());
        }
        assert!(newest.id == 6 && store.has_place(newest).await.unwrap());
        // A number alone, as there were before marks, is taken as it is.
        assert_eq!(after(Cursor::from(4)).await.unwrap(), (vec![5, 6], newest));
        let read: Cursor = places[0].to_string().parse().unwrap();
        assert_eq!(read, places[0]);
    }
}
