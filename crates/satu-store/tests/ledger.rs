//! A story is kept, replayed and asked alike on both databases; an altered past is found.

use jiff::Timestamp;
use jiff::civil::date;
use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_store::entry::{Doubt, DoubtPair, Entry, Linked, RecordKey, Ruling, Verdict};
use satu_store::{OPEN, Scope, Store, Writer};
use sqlx::Executor;

use crate::{NIP, assert_replays, databases, deliver, key_file, pool, source};

/// A register, and a writer who has named the central source.
async fn begun(address: &str) -> (Store, Writer) {
    let store = Store::open(address, &key_file()).await.unwrap();
    let mut writer = store.begin().await.unwrap();
    writer
        .append(&source("pusat", SourceKind::Central))
        .await
        .unwrap();
    (store, writer)
}

#[tokio::test]
async fn a_story_ends_alike_on_both_and_replays() {
    let (_folder, addresses) = databases().await;
    let mut told = Vec::new();
    for address in &addresses {
        let (store, mut writer) = begun(address).await;
        writer
            .append(&source("gaji", SourceKind::Payroll))
            .await
            .unwrap();
        let a = deliver(
            &mut writer,
            "pusat",
            Kind::DataUtama,
            &[
                &[
                    ("nip", NIP),
                    ("nama", "Contoh Nama"),
                    ("golongan", "III/b"),
                    ("tmt_golongan", "2020-04-01"),
                ],
                &[("nip", "199001012023211001"), ("nama", "Contoh Lain")],
            ],
        )
        .await;
        let b = deliver(
            &mut writer,
            "gaji",
            Kind::DataUtama,
            &[
                &[
                    ("nip", NIP),
                    ("nama", "Contoh Namma"),
                    ("golongan", "III/b"),
                ],
                &[("nip", "196001011985031001"), ("nama", "Hantu Contoh")],
            ],
        )
        .await;
        let h = deliver(
            &mut writer,
            "pusat",
            Kind::Golongan,
            &[&[
                ("nip", NIP),
                ("golongan", "III/a"),
                ("tmt_golongan", "2014-04-01"),
            ]],
        )
        .await;
        let moved = vec![(a[0], 1), (b[0], 1), (a[1], 2), (b[1], 3), (h[0], 1)];
        writer
            .append(&Entry::Linked(Linked { moved }))
            .await
            .unwrap();
        let pairs = vec![DoubtPair {
            a: a[1],
            b: b[1],
            weight: -1500,
            probability: 260_000,
        }];
        let doubt = Doubt {
            statements: vec![a[1], b[1]],
            pairs,
        };
        writer.append(&Entry::Doubt(doubt)).await.unwrap();
        writer.commit().await.unwrap();
        let before = store.head().await.unwrap();
        let between = Timestamp::now();

        // A correction supersedes its row and stays the same person's.
        let mut writer = store.begin().await.unwrap();
        deliver(
            &mut writer,
            "gaji",
            Kind::DataUtama,
            &[&[("nip", NIP), ("nama", "Contoh Nama"), ("golongan", "III/c")]],
        )
        .await;
        let record = RecordKey {
            source: "gaji".into(),
            fact: NIP.into(),
        };
        let verdict = Verdict::Value {
            record,
            field: "golongan".into(),
            value: "III/c".into(),
        };
        let ruling = Entry::Ruling(Ruling {
            verdict,
            by: "walidata".into(),
            reason: "SK dilihat".into(),
        });
        let ruling = writer.append(&ruling).await.unwrap();
        writer.commit().await.unwrap();

        let one = store.find(&Scope::whole(), "nip", NIP).await.unwrap();
        assert_eq!(one, [1]);
        let now = store
            .person(&Scope::whole(), 1, None, OPEN)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(now.record.value("golongan"), Some("III/c"));
        assert_eq!(
            now.record.conflicts().count(),
            0,
            "the ruling ends the conflict"
        );
        assert_eq!(now.evidence.len(), 3);
        // Recorded time: what was known before the correction.
        let known = store.known_at(between).await.unwrap();
        assert_eq!(known, before.size);
        let then = store
            .person(&Scope::whole(), 1, None, known)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(then.record.value("golongan"), Some("III/b"));
        assert!(then.record.conflicts().any(|field| field.name == "nama"));
        // Valid time: the rank of 2018.
        let past = store
            .person(&Scope::whole(), 1, Some(date(2018, 1, 1)), known)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(past.record.value("tmt_golongan"), Some("2014-04-01"));
        // The ruling is about the rank of 2020, and says nothing of the one before.
        for (day, rank) in [
            (date(2018, 1, 1), ("III/a", "2014-04-01")),
            (date(2021, 1, 1), ("III/c", "2020-04-01")),
        ] {
            let asked = store.person(&Scope::whole(), 1, Some(day), OPEN).await;
            let record = asked.unwrap().unwrap().record;
            let held = record.value("golongan").zip(record.value("tmt_golongan"));
            assert_eq!(held, Some(rank));
        }

        // An officer takes the ruling back.
        let mut writer = store.begin().await.unwrap();
        writer
            .append(&Entry::Undone {
                ruling,
                by: "walidata".into(),
                reason: "keliru".into(),
            })
            .await
            .unwrap();
        writer.commit().await.unwrap();
        let again = store
            .person(&Scope::whole(), 1, None, OPEN)
            .await
            .unwrap()
            .unwrap();
        assert!(
            again
                .record
                .conflicts()
                .any(|field| field.name == "golongan")
        );

        let totals = store.totals(&Scope::whole()).await.unwrap();
        assert_eq!((totals.persons, totals.ghosts, totals.doubts), (3, 1, 1));
        assert_eq!(
            totals.rows,
            totals.accepted + totals.accepted_with_warnings + totals.rejected
        );
        assert_replays(&store).await;
        told.push((totals, format!("{:?}", again.record)));
    }
    assert_eq!(told[0], told[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_that_grows_meanwhile_is_verified_as_it_stood() {
    let (folder, addresses) = databases().await;
    for (number, address) in addresses.iter().enumerate() {
        let (store, writer) = begun(address).await;
        writer.commit().await.unwrap();
        let say = async |number: i64| {
            let mut writer = store.begin().await.unwrap();
            let name = format!("Contoh {number}");
            let row: &[&[(&str, &str)]] = &[&[("nip", NIP), ("nama", &name)]];
            let rows = deliver(&mut writer, "pusat", Kind::DataUtama, row).await;
            let moved = vec![(rows[0], number)];
            let linked = Entry::Linked(Linked { moved });
            writer.append(&linked).await.unwrap();
            writer.commit().await.unwrap();
        };
        say(1).await;
        let scratch = folder.path().join(format!("again{number}.db"));
        let verified = store.verify(&scratch);
        tokio::pin!(verified);
        let mut person = 1;
        let verdict = loop {
            person += 1;
            tokio::select! {
                biased;
                verdict = &mut verified => break verdict.unwrap(),
                () = say(person) => {}
            }
        };
        assert_eq!(verdict.differences, [""; 0]);
        let head = store.head().await.unwrap();
        assert!(verdict.entries < head.size, "somebody wrote meanwhile");
    }
}

#[tokio::test]
async fn what_is_not_committed_leaves_nothing() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let (store, mut writer) = begun(address).await;
        deliver(
            &mut writer,
            "pusat",
            Kind::DataUtama,
            &[&[("nip", NIP), ("nama", "Contoh")]],
        )
        .await;
        drop(writer);
        assert_eq!(store.head().await.unwrap().size, 0);
        assert_eq!(
            store.totals(&Scope::whole()).await.unwrap(),
            satu_store::ask::Totals::default()
        );
    }
}

#[tokio::test]
async fn two_writers_take_turns() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = Store::open(address, &key_file()).await.unwrap();
        let other = Store::open(address, &key_file()).await.unwrap();
        let write = async |store: Store, name: &'static str| {
            for _ in 0..10 {
                let mut writer = store.begin().await.unwrap();
                writer
                    .append(&source(name, SourceKind::Agency))
                    .await
                    .unwrap();
                writer.commit().await.unwrap();
            }
        };
        let one = tokio::spawn(write(store.clone(), "a"));
        let two = tokio::spawn(write(other, "b"));
        one.await.unwrap();
        two.await.unwrap();
        assert_eq!(store.head().await.unwrap().size, 20);
    }
}

#[tokio::test]
async fn an_altered_past_is_found() {
    for change in [
        "UPDATE ledger SET body = (SELECT l.body FROM ledger l WHERE l.seq = 2) WHERE seq = 3",
        "UPDATE ledger SET recorded_at = recorded_at + 1 WHERE seq = 2",
        "DELETE FROM ledger WHERE seq = 3",
        "UPDATE person SET nama = 'LAIN' WHERE person_id = 1",
        "UPDATE person SET record = (SELECT body FROM ledger WHERE seq = 3)",
        "UPDATE finding SET value = (SELECT body FROM ledger WHERE seq = 3)",
        "DELETE FROM finding",
        "DELETE FROM lookup",
        "UPDATE member SET person_id = 9",
        "UPDATE raw_part SET hash = 'x'",
        "UPDATE submission SET accepted = accepted + 1",
        "UPDATE look SET purpose = 'lain'",
        "DELETE FROM look",
    ] {
        let (_folder, addresses) = databases().await;
        for address in &addresses {
            let (store, mut writer) = begun(address).await;
            let rows = deliver(
                &mut writer,
                "pusat",
                Kind::DataUtama,
                &[&[("nip", NIP), ("nama", "Contoh")]],
            )
            .await;
            writer
                .append(&Entry::Linked(Linked {
                    moved: vec![(rows[0], 1)],
                }))
                .await
                .unwrap();
            writer.commit().await.unwrap();
            let now = Timestamp::now();
            let looked = store.note_access(&[1], "petugas", "tinjau", now);
            looked.await.unwrap();
            assert_replays(&store).await;
            let pool = pool(address).await;
            let touched = pool.execute(change).await.unwrap().rows_affected();
            assert!(touched > 0, "{change}");
            let folder = tempfile::tempdir().unwrap();
            let verdict = store.verify(&folder.path().join("again.db")).await.unwrap();
            assert!(!verdict.differences.is_empty(), "{change} on {address}");
        }
    }
}
