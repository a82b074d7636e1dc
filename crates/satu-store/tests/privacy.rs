//! The registers of UU 27/2022, on both databases.

mod breaches;

use jiff::{SignedDuration, Timestamp};
use satu_store::backup::Backup;
use satu_store::entry::{BreachWords, Entry, Privacy, PrivacyAct};
use satu_store::privacy::{About, Adding, Affected, Asked, CLOCK, Told};
use satu_store::{KeyPlace, Scope, Store};
use sqlx::{AssertSqlSafe, Executor};

use crate::asking::{ANI, BUDI, CITRA, two_agencies};
use crate::{assert_replays, at, databases, key_file, pool};

/// UU 27/2022 art. 30, 32, 41 and 46 all say three times 24 hours.
#[test]
fn the_clock_is_that_of_the_law() {
    assert_eq!(CLOCK, SignedDuration::from_hours(72));
}

fn words([data, how, handling]: [&str; 3]) -> BreachWords {
    BreachWords {
        data: data.into(),
        how: how.into(),
        handling: handling.into(),
    }
}

/// How many new persons one adds to a breach.
async fn added((store, by): (&Store, &str), scope: &Scope, id: i64, whom: Affected) -> u64 {
    match store.affect(scope, id, &[whom], by).await.unwrap() {
        Adding::Added(count) => count,
        Adding::Unknown(unknown) => panic!("{unknown:?}"),
    }
}

#[tokio::test]
async fn a_request_is_seen_within_reach_and_answered_once() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = two_agencies(&address).await;
        let kota = Scope::agency("Kota Contoh");
        let before = Timestamp::now();
        let first = store.ask(ANI, About::Correction, "Agama salah", "ani");
        let first = first.await.unwrap();
        let second = store.ask(BUDI, About::Access, "", "budi").await.unwrap();
        let third = store.ask(CITRA, About::Objection, "x'; --", "citra");
        let third = third.await.unwrap();

        let ids = async |scope: &Scope| {
            let (all, waiting, found) = store.requests(scope, 0, 9).await.unwrap();
            assert_eq!(all, found.len() as i64);
            let ids: Vec<i64> = found.iter().map(|one| one.id).collect();
            (waiting, ids)
        };
        assert_eq!(ids(&Scope::whole()).await, (3, vec![first, second, third]));
        assert_eq!(ids(&kota).await, (2, vec![first, third]));
        assert_eq!(ids(&Scope::own(BUDI)).await, (1, vec![second]));
        assert_eq!(ids(&Scope::agency("Kota Lain")).await, (0, vec![]));
        assert_eq!(store.request(&kota, second).await.unwrap(), None);

        let asked = store.request(&kota, first).await.unwrap().unwrap();
        assert_eq!(
            (asked.about, asked.text.as_str(), &asked.verdict),
            (About::Correction, "Agama salah", &None)
        );
        assert!(asked.at >= before && asked.at <= Timestamp::now());
        assert_eq!(asked.due(), asked.at + SignedDuration::from_hours(72));
        let later = |hours| asked.at + SignedDuration::from_hours(hours);
        assert!(!asked.late(later(72)) && asked.late(later(73)));

        let answer = async |id, text| {
            let answered = store.answer(&kota, id, true, text, "petugas");
            answered.await.unwrap()
        };
        assert!(!answer(second, "Sudah").await);
        assert!(!answer(1, "Sudah").await);
        assert!(answer(first, "Sudah dibetulkan").await);
        assert!(!answer(first, "Sekali lagi").await);
        let again = store.request(&kota, first).await.unwrap().unwrap();
        let verdict = again.verdict.clone().unwrap();
        assert_eq!(
            (
                verdict.by.as_str(),
                verdict.granted,
                verdict.answer.as_str()
            ),
            ("petugas", true, "Sudah dibetulkan")
        );
        assert!(verdict.at > asked.at && !again.late(later(999)));
        let slow = Asked {
            at: asked.at - SignedDuration::from_hours(79),
            ..again
        };
        assert!(slow.late(at(0)), "it was answered after 79 hours");
        assert_eq!(ids(&kota).await.1.last(), Some(&first));
        let (all, _, found) = store.requests(&kota, 1, 1).await.unwrap();
        assert_eq!((all, found[0].id), (2, first));
    }
}

const TOLD: [&str; 3] = [
    "NIK dan alamat",
    "Akun petugas dipakai orang lain",
    "Akun ditutup",
];

#[tokio::test]
async fn every_act_is_an_entry_of_the_ledger() {
    let (folder, addresses) = databases().await;
    for (nth, address) in addresses.iter().enumerate() {
        let store = two_agencies(address).await;
        let (whole, before) = (Scope::whole(), store.head().await.unwrap().size);
        let (text, answer) = ("Alamat lama saya tersebar", "Sudah dihapus");
        let asked = store.ask(ANI, About::Objection, text, "ani").await.unwrap();
        let answered = store.answer(&whole, asked, false, answer, "petugas");
        assert!(answered.await.unwrap());
        let breach = store.note_breach(at(5), words(TOLD), "dua").await.unwrap();
        let whom = Affected::Agency("Kabupaten Contoh".into());
        assert_eq!(added((&store, "dua"), &whole, breach, whom).await, 1);
        let retold = words(["NIK", "Sandi tertebak", "Akun ditutup"]);
        assert!(
            store
                .retell_breach(breach, retold.clone(), "tiga")
                .await
                .unwrap()
        );
        assert!(
            store
                .note_told(breach, Told::Authority, "dua")
                .await
                .unwrap()
        );

        let expected = [
            (
                "ani",
                PrivacyAct::Requested {
                    nip: ANI.into(),
                    about: About::Objection,
                    text: text.into(),
                },
            ),
            (
                "petugas",
                PrivacyAct::RequestAnswered {
                    request: asked,
                    granted: false,
                    answer: answer.into(),
                },
            ),
            (
                "dua",
                PrivacyAct::BreachNoted {
                    found: at(5),
                    words: words(TOLD),
                },
            ),
            (
                "dua",
                PrivacyAct::BreachTouches {
                    breach,
                    persons: vec![(2, BUDI.into())],
                },
            ),
            (
                "tiga",
                PrivacyAct::BreachRetold {
                    breach,
                    words: retold,
                },
            ),
            (
                "dua",
                PrivacyAct::BreachTold {
                    breach,
                    whom: Told::Authority,
                },
            ),
        ];
        let size = store.head().await.unwrap().size;
        assert_eq!(size - before, expected.len() as i64);
        for (seq, (by, act)) in (before + 1..).zip(expected) {
            let by = by.to_owned();
            let entry = store.entry(seq).await.unwrap();
            assert_eq!(entry, Some(Entry::Privacy(Privacy { act, by })));
        }

        // It is computed again from the ledger, and goes where the ledger goes.
        assert_replays(&store).await;
        let registers = async |store: &Store| {
            let (.., requests) = store.requests(&whole, 0, 9).await.unwrap();
            let breaches = store.breaches(&whole).await.unwrap();
            let touched = store.affected(&whole, breach, 9).await.unwrap();
            (requests, breaches, touched)
        };
        let kept = registers(&store).await;
        assert_eq!(kept.0[0].text, text);
        assert_eq!(kept.0[0].verdict.as_ref().unwrap().answer, answer);
        let mut bytes = Vec::new();
        store.backup(&mut bytes).await.unwrap();
        let (_targets, targets) = databases().await;
        for other in &targets {
            let other = Store::open(other, &key_file()).await.unwrap();
            let backup = Backup::open(std::io::Cursor::new(&bytes)).unwrap();
            other.restore(backup).await.unwrap();
            assert_eq!(registers(&other).await, kept);
            assert_replays(&other).await;
        }
        let (_moved, moved) = databases().await;
        for other in &moved {
            let other = Store::open(other, &key_file()).await.unwrap();
            store.copy_to(&other).await.unwrap();
            assert_eq!(registers(&other).await, kept);
        }

        // A row that is not what the ledger gives is found, and no row makes an entry say what it
        // does not.
        let pool = pool(address).await;
        for (change, back) in [
            ("privacy_request SET nip = 'x'", format!("nip = '{ANI}'")),
            (
                "privacy_request SET answered_by = 1",
                format!("answered_by = {}", asked + 1),
            ),
            (
                "breach SET found_at = 1",
                format!("found_at = {}", at(5).as_microsecond()),
            ),
            ("breach SET words = id", format!("words = {}", breach + 2)),
            ("breach SET told_public = 9", "told_public = 0".to_owned()),
            ("breach_person SET nip = ''", format!("nip = '{BUDI}'")),
            (
                "breach_person SET person_id = 3",
                "person_id = 2".to_owned(),
            ),
        ] {
            let table = change.split(' ').next().unwrap();
            let update = format!("UPDATE {change}");
            pool.execute(AssertSqlSafe(update)).await.unwrap();
            let scratch = folder.path().join(format!("{nth}{}.db", change.len()));
            let verdict = store.verify(&scratch).await.unwrap();
            std::fs::remove_file(&scratch).unwrap();
            let [told] = &verdict.differences[..] else {
                panic!("{change}: {:?}", verdict.differences)
            };
            assert!(told.starts_with(&format!("{table}: ")), "{told}");
            let update = format!("UPDATE {table} SET {back}");
            pool.execute(AssertSqlSafe(update)).await.unwrap();
        }
        assert_replays(&store).await;
        assert_eq!(registers(&store).await, kept);
    }
}

/// Under a new master key they read as before.
#[tokio::test]
async fn what_was_asked_is_readable_under_a_new_key() {
    let (folder, addresses) = databases().await;
    for (nth, address) in addresses.iter().enumerate() {
        let key = KeyPlace::File(folder.path().join(format!("kunci{nth}")));
        let store = Store::open(address, &key).await.unwrap();
        let asked = store.ask(ANI, About::Access, "Salinan", "ani");
        let asked = asked.await.unwrap();
        let breach = store.note_breach(at(5), words(TOLD), "dua").await.unwrap();
        store.rotate_key().await.unwrap();
        let again = Store::open(address, &key).await.unwrap();
        let whole = Scope::whole();
        let answered = again.answer(&whole, asked, true, "Terlampir", "petugas");
        assert!(answered.await.unwrap());
        for store in [&store, &again] {
            let one = store.request(&whole, asked).await.unwrap().unwrap();
            assert_eq!(one.text, "Salinan");
            assert_eq!(one.verdict.unwrap().answer, "Terlampir");
            let one = store.breach(&whole, breach).await.unwrap().unwrap();
            assert_eq!(one.words, words(TOLD));
        }
    }
}
