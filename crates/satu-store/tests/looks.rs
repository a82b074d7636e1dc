//! The record of looks, on both databases.

use satu_store::access::{Access, OPENED, Opening};
use satu_store::{OPEN, Scope, Store};

use crate::asking::{BUDI, two_agencies};
use crate::{assert_replays, at, databases, key_file, moved};

/// The hours of the looks at a person within reach, the newest first.
async fn hours(store: &Store, scope: &Scope, person: i64) -> Vec<i64> {
    let looks = store.accesses(scope, person, 9).await.unwrap();
    let hour = |look: &Access| look.at.as_second() / 3_600;
    looks.iter().map(hour).collect()
}

#[tokio::test]
async fn looks_follow_whom_a_person_was_merged_into() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = two_agencies(&address).await;
        let (whole, own, kota) = (
            Scope::whole(),
            Scope::own(BUDI),
            Scope::agency("Kota Contoh"),
        );
        let budi = store.person(&whole, 2, None, OPEN).await.unwrap().unwrap();
        let budi: Vec<i64> = budi.evidence.iter().map(|one| one.statement).collect();
        let look = async |person, hour| {
            let persons = [person];
            let noted = store.note_access(&persons, "petugas", "layanan", at(hour));
            noted.await.unwrap();
        };
        look(1, 1).await;
        look(2, 2).await;
        moved(&store, &budi, 7).await;
        look(7, 3).await;
        moved(&store, &budi, 8).await;
        look(8, 4).await;
        assert_eq!(hours(&store, &own, 8).await, [4, 3, 2]);
        assert_eq!(hours(&store, &whole, 8).await, [4, 3, 2]);
        assert_eq!(hours(&store, &kota, 8).await, [0; 0]);
        assert_eq!(hours(&store, &own, 2).await, [0; 0], "the number is gone");
        let newest = store.accesses(&own, 8, 2).await.unwrap();
        assert_eq!(newest.len(), 2, "no more than were asked for");

        // Back under the first number: the others are its own now, and its own count once.
        moved(&store, &budi, 2).await;
        assert_eq!(hours(&store, &own, 2).await, [4, 3, 2]);

        // With another's, and apart again: each keeps what was seen under their number.
        moved(&store, &budi, 1).await;
        assert_eq!(hours(&store, &whole, 1).await, [4, 3, 2, 1]);
        assert_eq!(hours(&store, &kota, 1).await, [4, 3, 2, 1]);
        moved(&store, &budi, 2).await;
        assert_eq!(hours(&store, &whole, 1).await, [1]);
        assert_eq!(hours(&store, &own, 2).await, [4, 3, 2]);
        assert_replays(&store).await;
    }
}

#[tokio::test]
async fn an_opening_is_on_record_once_a_day() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = two_agencies(&address).await;
        let opening = |person, by: &str, hour| Opening {
            person,
            by: by.to_owned(),
            at: at(hour),
        };
        // In Jakarta a day begins at 17:00 UTC.
        let first = [
            opening(2, "petugas", 16),
            opening(2, "petugas", 17),
            opening(2, "petugas", 18),
            opening(1, "petugas", 18),
            opening(2, "x'; --", 18),
        ];
        store.note_openings(&first).await.unwrap();
        store.note_openings(&first).await.unwrap();
        store.note_openings(&[]).await.unwrap();
        // What was looked at in full is another thing.
        let full = store.note_access(&[2], "petugas", "layanan", at(42)).await;
        full.unwrap();
        store.close().await;

        let store = Store::open(&address, &key_file()).await.unwrap();
        let later = [opening(2, "petugas", 40), opening(2, "petugas", 43)];
        store.note_openings(&later).await.unwrap();
        let looks = store.accesses(&Scope::own(BUDI), 2, 9).await.unwrap();
        let told: Vec<(i64, &str, &str)> = looks
            .iter()
            .map(|look| {
                let hour = look.at.as_second() / 3_600;
                (hour, look.by.as_str(), look.purpose.as_str())
            })
            .collect();
        assert_eq!(
            told,
            [
                (43, "petugas", OPENED),
                (42, "petugas", "layanan"),
                (18, "x'; --", OPENED),
                (17, "petugas", OPENED),
                (16, "petugas", OPENED),
            ],
            "{address}"
        );
        assert_eq!(hours(&store, &Scope::whole(), 1).await, [18]);
        assert_replays(&store).await;
    }
}
