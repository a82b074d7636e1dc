//! Who may ask for what, and how persons are found.

use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_store::deliveries::FindingFilter;
use satu_store::entry::{Doubt, DoubtPair, Entry, Linked, RecordKey, Ruling, Source, Verdict};
use satu_store::{OPEN, Scope, Store};

use crate::{databases, deliver, key_file};

pub const ANI: &str = "198503172010012005";
pub const BUDI: &str = "199001012015011001";
pub const CITRA: &str = "198711052011012002";

fn of_agency(code: &str, kind: SourceKind, instansi: &str) -> Entry {
    Entry::Source(Source {
        code: code.into(),
        name: format!("Sumber {code}"),
        kind,
        instansi: instansi.into(),
    })
}

/// Two agencies with one person each, and the centre with these and a third that it places with
/// the first agency; a doubt inside the first agency, and one between both.
pub async fn two_agencies(address: &str) -> Store {
    let store = Store::open(address, &key_file()).await.unwrap();
    let mut writer = store.begin().await.unwrap();
    for entry in [
        of_agency("a", SourceKind::Agency, "Kota Contoh"),
        of_agency("b", SourceKind::Agency, "Kabupaten Contoh"),
        of_agency("pusat", SourceKind::Central, ""),
    ] {
        writer.append(&entry).await.unwrap();
    }
    let ani = [("nip", ANI), ("nama", "Ani Soekarno")];
    let budi = [("nip", BUDI), ("nama", "Budi Contoh")];
    let citra = [
        ("nip", CITRA),
        ("nama", "Citra Contoh"),
        ("instansi_induk", "KOTA  contoh"),
    ];
    let a = deliver(&mut writer, "a", Kind::DataUtama, &[&ani]).await;
    let b = deliver(&mut writer, "b", Kind::DataUtama, &[&budi]).await;
    let p = deliver(
        &mut writer,
        "pusat",
        Kind::DataUtama,
        &[&ani[..], &budi[..], &citra[..]],
    )
    .await;
    let moved = vec![(a[0], 1), (b[0], 2), (p[0], 1), (p[1], 2), (p[2], 3)];
    writer
        .append(&Entry::Linked(Linked { moved }))
        .await
        .unwrap();
    for (x, y) in [(a[0], p[2]), (a[0], b[0])] {
        let pair = DoubtPair {
            a: x.min(y),
            b: x.max(y),
            weight: 1_000,
            probability: 700_000,
        };
        let doubt = Doubt {
            statements: vec![x.min(y), x.max(y)],
            pairs: vec![pair],
        };
        writer.append(&Entry::Doubt(doubt)).await.unwrap();
    }
    let verdict = Verdict::NotSame {
        records: vec![
            RecordKey {
                source: "a".into(),
                fact: ANI.into(),
            },
            RecordKey {
                source: "b".into(),
                fact: BUDI.into(),
            },
        ],
        groups: Vec::new(),
    };
    let ruling = Ruling {
        verdict,
        by: "pusat".into(),
        reason: "contoh".into(),
    };
    writer.append(&Entry::Ruling(ruling)).await.unwrap();
    writer.commit().await.unwrap();
    store
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_beyond_their_reach() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = two_agencies(&address).await;
        let a = Scope::agency("Kota Contoh");
        for (scope, persons, submissions, doubts, decisions) in [
            (Scope::whole(), vec![1, 2, 3], 3, 2, 1),
            (a.clone(), vec![1, 3], 1, 1, 0),
            (Scope::agency("kabupaten  contoh"), vec![2], 1, 0, 0),
            (Scope::agency("Kota Lain"), vec![], 0, 0, 0),
            // The centre's sources have no agency: an empty name must not reach them.
            (Scope::agency(""), vec![], 0, 0, 0),
            (Scope::own(BUDI), vec![2], 0, 0, 0),
            (Scope::own(""), vec![], 0, 0, 0),
        ] {
            let what = format!("{scope:?} on {address}");
            let mut seen = Vec::new();
            for person in 1..=4 {
                if let Some(found) = store.person(&scope, person, None, OPEN).await.unwrap() {
                    seen.push(found.id);
                }
            }
            assert_eq!(seen, persons, "persons of {what}");
            let totals = store.totals(&scope).await.unwrap();
            assert_eq!(totals.persons, persons.len() as i64, "count of {what}");
            assert_eq!(totals.doubts, doubts, "doubts of {what}");
            let queue = store.queue(&scope, 0, 10).await.unwrap();
            assert_eq!(
                (queue.0, queue.1.len() as i64),
                (doubts, doubts),
                "queue of {what}"
            );
            for id in store.queue(&Scope::whole(), 0, 10).await.unwrap().1 {
                let doubt = store.doubt(&scope, id).await.unwrap();
                assert_eq!(doubt.is_some(), queue.1.contains(&id), "{id} of {what}");
            }
            let sent = store.submissions(&scope).await.unwrap();
            assert_eq!(sent.len(), submissions, "submissions of {what}");
            assert_eq!(
                store.source_states(&scope).await.unwrap().len(),
                submissions,
                "sources of {what}"
            );
            assert_eq!(
                store.decisions(&scope, 10).await.unwrap().len(),
                decisions,
                "decisions of {what}"
            );
            let mut found = Vec::new();
            for nip in [ANI, BUDI, CITRA] {
                found.extend(store.find(&scope, "nip", nip).await.unwrap());
                for hit in store.search(&scope, nip, 10).await.unwrap() {
                    assert!(persons.contains(&hit.person), "search of {what}");
                }
            }
            assert_eq!(found, persons, "find of {what}");
        }
        for one in store.submissions(&Scope::whole()).await.unwrap() {
            let id = one.receipt.submission;
            let own = one.submission.source == "a";
            let read = store.submission(&a, id).await.unwrap();
            assert_eq!(read.is_some(), own, "{address}");
            let filter = FindingFilter::default();
            let (count, rows) = store.findings(&a, id, &filter, 0, 10).await.unwrap();
            assert_eq!((count == 1, rows.len() == 1), (own, own), "{address}");
            let counts = store.finding_counts(&a, id).await.unwrap();
            assert_eq!(counts.len() == 1, own, "{address}");
        }
        let now = jiff::Timestamp::from_second(1_800_000_000).unwrap();
        store
            .note_access(&[1, 2], "petugas", "tinjau", now)
            .await
            .unwrap();
        for person in [1, 2] {
            let looks = store.accesses(&a, person, 10).await.unwrap();
            assert_eq!(looks.len() == 1, person == 1, "{address}");
            let own = store.accesses(&Scope::own(BUDI), person, 10).await.unwrap();
            assert_eq!(own.len() == 1, person == 2, "{address}");
        }
        let agencies = store.agency_states(&a).await.unwrap();
        assert_eq!(agencies.len(), 1, "{address}");
        assert_eq!(agencies[0].persons, 2, "{address}");
    }
}

#[tokio::test]
async fn who_goes_on_in_a_queue_misses_nothing_that_waits() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = two_agencies(&address).await;
        let whole = Scope::whole();
        let written = async |entry: Entry| {
            let mut writer = store.begin().await.unwrap();
            writer.append(&entry).await.unwrap();
            writer.commit().await.unwrap();
        };
        let behind = async |scope: &Scope, place| {
            let part = store.queue_behind(scope, place, 10).await.unwrap();
            let (places, ids): (Vec<i64>, Vec<i64>) = part.into_iter().unzip();
            assert!(places.is_sorted(), "{places:?} on {address}");
            (places, ids)
        };
        let (places, ids) = behind(&whole, 0).await;
        assert_eq!(ids, store.queue(&whole, 0, 10).await.unwrap().1);
        let [inside, between] = ids[..] else {
            panic!("{ids:?} on {address}")
        };
        let own = Scope::agency("Kota Contoh");
        assert_eq!(behind(&own, 0).await.1, [inside]);
        assert_eq!(behind(&whole, places[0]).await.1, [between]);
        written(Entry::Deferred {
            doubt: inside,
            by: "pusat".into(),
            reason: "contoh".into(),
        })
        .await;
        let (later, ids) = behind(&whole, 0).await;
        assert_eq!(ids, [between, inside]);
        assert_eq!(ids, store.queue(&whole, 0, 10).await.unwrap().1);
        assert_eq!(behind(&whole, later[1]).await.1, Vec::<i64>::new());
        written(Entry::Withdrawn { doubt: between }).await;
        assert_eq!(behind(&whole, later[0]).await.1, [inside]);
        assert_eq!(behind(&own, later[0]).await.1, [inside]);
    }
}

/// Two persons were taken for one for a while: what was known then of the other is for who reaches them.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_in_the_past_what_is_another_s_now() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = two_agencies(&address).await;
        let all = store.person(&Scope::whole(), 2, None, OPEN).await.unwrap();
        let of_budi: Vec<i64> = all.unwrap().evidence.iter().map(|e| e.statement).collect();
        assert_eq!(of_budi.len(), 2);
        let link = async |person: i64| {
            let moved = of_budi.iter().map(|one| (*one, person)).collect();
            let mut writer = store.begin().await.unwrap();
            let linked = Entry::Linked(Linked { moved });
            let known = writer.append(&linked).await.unwrap();
            writer.commit().await.unwrap();
            known
        };
        let known = link(1).await;
        let reads = async |scope: &Scope, person: i64| {
            let found = store.person(scope, person, None, known).await.unwrap();
            let rows = found.into_iter().flat_map(|found| {
                let name = found.record.value("nama").map(str::to_owned);
                let nips = found.evidence.into_iter().map(|one| one.cells[0].clone());
                nips.chain(name).collect::<Vec<String>>()
            });
            rows.collect::<Vec<String>>()
        };
        let [a, b] = ["Kota Contoh", "Kabupaten Contoh"].map(Scope::agency);
        // Who reaches the one person reaches all that is the person's.
        assert_eq!(reads(&a, 1).await.len(), 5, "{address}");
        link(2).await;
        // One of them has come again since.
        let mut writer = store.begin().await.unwrap();
        let budi = [("nip", BUDI), ("nama", "Budi Baru")];
        deliver(&mut writer, "b", Kind::DataUtama, &[&budi]).await;
        writer.commit().await.unwrap();
        assert_eq!(reads(&Scope::whole(), 1).await.len(), 5, "{address}");
        for scope in [a, Scope::own(ANI)] {
            let own = [ANI, ANI, "ANI SOEKARNO"];
            assert_eq!(reads(&scope, 1).await, own, "{scope:?} on {address}");
        }
        for scope in [b, Scope::own(BUDI)] {
            assert!(reads(&scope, 1).await.is_empty(), "{scope:?} on {address}");
            assert!(reads(&scope, 2).await.is_empty(), "nothing was of them");
            let before = store.person(&scope, 2, None, known - 1).await.unwrap();
            assert_eq!(before.unwrap().evidence.len(), 2, "{scope:?} on {address}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_in_the_question_is_forgiven() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = two_agencies(&address).await;
        for (question, persons) in [
            ("Ani Soekarno", vec![1]),
            ("sukarno ani", vec![1]),
            ("Sukanro", vec![1]),   // two letters swapped
            ("Sukarn", vec![1]),    // the beginning
            ("Sukarnno A", vec![]), // one letter is no beginning
            ("Cytra Conto", vec![3]),
            ("contoh", vec![2, 3]),
            ("Bukan Siapa", vec![]),
            ("", vec![]),
            ("' OR 1=1 --", vec![]),
            (ANI, vec![1]),
            ("19850317 201001", vec![1]),
            ("198503172010012006", vec![1]), // the last digit wrong
            ("198503172010010025", vec![]),  // two slips
        ] {
            let hits = store.search(&Scope::whole(), question, 10).await.unwrap();
            let found: Vec<i64> = hits.iter().map(|hit| hit.person).collect();
            assert_eq!(found, persons, "{question:?} on {address}");
        }
        // A name that nobody has any more leaves no spelling behind.
        let mut writer = store.begin().await.unwrap();
        let row = [("nip", ANI), ("nama", "Ani Hatta")];
        deliver(&mut writer, "a", Kind::DataUtama, &[&row]).await;
        deliver(&mut writer, "pusat", Kind::DataUtama, &[&row]).await;
        writer.commit().await.unwrap();
        let hits = store.search(&Scope::whole(), "Sukarno", 10).await.unwrap();
        assert!(hits.is_empty(), "{address}");
        let folder = tempfile::tempdir().unwrap();
        let verdict = store.verify(&folder.path().join("again.db")).await.unwrap();
        assert_eq!(verdict.differences, Vec::<String>::new(), "{address}");
    }
}

#[tokio::test]
async fn who_asks_together_gets_their_own_and_no_more() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = two_agencies(&address).await;
        let reaches = [
            (Scope::whole(), vec![ANI, BUDI, CITRA]),
            (Scope::agency("Kota Contoh"), vec![ANI, CITRA]),
            (Scope::agency("Kabupaten Contoh"), vec![BUDI]),
            (Scope::own(BUDI), vec![BUDI]),
            (Scope::nothing(), vec![]),
        ];
        let mut asked = tokio::task::JoinSet::new();
        for turn in 0..300_usize {
            let (scope, reached) = reaches[turn % 5].clone();
            // Of the persons 1 to 4 there is no fourth.
            let id = turn / 5 % 4;
            let store = store.clone();
            let one = asked.spawn(async move {
                let found = store.golden(&scope, id as i64 + 1).await.unwrap();
                let nip = [ANI, BUDI, CITRA]
                    .get(id)
                    .filter(|nip| reached.contains(nip));
                let found = found.and_then(|record| record.value("nip").map(str::to_owned));
                assert_eq!(found.as_deref(), nip.copied(), "{scope:?} {id}");
            });
            if turn % 7 == 0 {
                // Who goes away takes nobody's answer along.
                one.abort();
            }
            if turn % 50 == 0 {
                tokio::task::yield_now().await;
            }
        }
        let mut told = 0;
        while let Some(ended) = asked.join_next().await {
            match ended {
                Ok(()) => told += 1,
                Err(error) => assert!(error.is_cancelled(), "{error}"),
            }
        }
        assert!(told >= 257, "{told}");
    }
}
