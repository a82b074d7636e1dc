//! Keys that are lacking, wrong or changed, and sealed values that were altered or moved.

use std::path::Path;

use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_store::backup::{Backup, BackupError};
use satu_store::entry::{Entry, Linked};
use satu_store::{KeyError, KeyPlace, OPEN, Scope, Store, StoreError};
use sqlx::{AssertSqlSafe, Executor};

use crate::{NIP, assert_replays, databases, deliver, pool, source};

const OTHER: &str = "199001012023211001";

async fn filled(address: &str, key: &KeyPlace) -> Store {
    let store = Store::open(address, key).await.unwrap();
    let mut writer = store.begin().await.unwrap();
    let pusat = source("pusat", SourceKind::Central);
    writer.append(&pusat).await.unwrap();
    let rows: [&[(&str, &str)]; 2] = [
        &[
            ("nip", NIP),
            ("nama", "Contoh Satu"),
            ("nik", "3273015703850004"),
        ],
        &[
            ("nip", OTHER),
            ("nama", "Contoh Dua"),
            ("nik", "3273010101900001"),
        ],
    ];
    let said = deliver(&mut writer, "pusat", Kind::DataUtama, &rows).await;
    let moved = vec![(said[0], 1), (said[1], 2)];
    writer
        .append(&Entry::Linked(Linked { moved }))
        .await
        .unwrap();
    writer.commit().await.unwrap();
    store
}

fn at(folder: &Path, name: &str) -> KeyPlace {
    KeyPlace::File(folder.join(name))
}

/// The error with which a register does not open.
async fn refused(address: &str, key: &KeyPlace) -> KeyError {
    match Store::open(address, key).await {
        Err(StoreError::Key(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_register_opens_by_its_own_key_alone() {
    let (folder, addresses) = databases().await;
    for (nth, address) in addresses.iter().enumerate() {
        let name = format!("satu{nth}.key");
        let key = at(folder.path(), &name);
        let store = filled(address, &key).await;
        assert_eq!(store.made_key_file(), Some(&*folder.path().join(&name)));
        assert!(
            Store::open(address, &key)
                .await
                .unwrap()
                .made_key_file()
                .is_none()
        );

        // No file is made for what holds data.
        let lost = at(folder.path(), "tiada.key");
        assert!(matches!(
            refused(address, &lost).await,
            KeyError::Missing { .. }
        ));
        assert!(!folder.path().join("tiada.key").exists());
        let strange = at(folder.path(), &format!("lain{nth}.key"));
        let other = folder.path().join(format!("lain{nth}.db"));
        Store::open(&other.to_string_lossy(), &strange)
            .await
            .unwrap();
        assert!(matches!(
            refused(address, &strange).await,
            KeyError::Wrong { .. }
        ));

        // Without a key nothing that is sealed is opened, and nothing is written.
        let sealed = Store::open_sealed(address).await.unwrap();
        assert_eq!(sealed.head().await.unwrap(), store.head().await.unwrap());
        for told in [
            sealed.golden(&Scope::whole(), 1).await.err(),
            sealed.entry(1).await.err(),
            sealed.begin().await.err(),
            sealed.search(&Scope::whole(), NIP, 1).await.err(),
        ] {
            assert!(
                matches!(told, Some(StoreError::Key(KeyError::Unopened))),
                "{told:?}"
            );
        }

        // The wrapped key altered, moved to another number or another register, or taken out.
        let pool = pool(address).await;
        let flip = "UPDATE data_key SET wrapped = (SELECT body FROM ledger WHERE seq = 1)";
        for (change, back) in [
            (flip, None),
            (
                "UPDATE data_key SET id = 2",
                Some("UPDATE data_key SET id = 1"),
            ),
            ("UPDATE data_key SET register = 'lain'", None),
        ] {
            let mut tx = pool.begin().await.unwrap();
            let kept: (i64, String, String, Vec<u8>) =
                sqlx::query_as("SELECT id, register, master, wrapped FROM data_key")
                    .fetch_one(&mut *tx)
                    .await
                    .unwrap();
            tx.execute(change).await.unwrap();
            tx.commit().await.unwrap();
            assert!(
                matches!(refused(address, &key).await, KeyError::Wrapped(_)),
                "{change}"
            );
            if let Some(back) = back {
                pool.execute(back).await.unwrap();
            }
            let sql = "UPDATE data_key SET register = $1, wrapped = $2";
            sqlx::query(sql)
                .bind(kept.1)
                .bind(kept.3)
                .execute(&pool)
                .await
                .unwrap();
            Store::open(address, &key).await.unwrap();
        }
        pool.execute("DELETE FROM data_key").await.unwrap();
        assert!(matches!(refused(address, &key).await, KeyError::Unsealed));
        assert!(matches!(refused(address, &lost).await, KeyError::Unsealed));
    }
}

#[tokio::test]
async fn who_opens_an_empty_database_at_once_gets_the_same_key() {
    let (folder, addresses) = databases().await;
    for (nth, address) in addresses.iter().enumerate() {
        let key = at(folder.path(), &format!("satu{nth}.key"));
        let open = || {
            let (address, key) = (address.clone(), key.clone());
            tokio::spawn(async move { Store::open(&address, &key).await.unwrap() })
        };
        let openings: Vec<_> = (0..4).map(|_| open()).collect();
        let mut secrets = Vec::new();
        for opening in openings {
            secrets.push(opening.await.unwrap().worked_out(&[b"sama"]).unwrap());
        }
        secrets.dedup();
        assert_eq!(secrets.len(), 1);
    }
}

/// A value in the database is replaced by that of another row, by itself cut short, and by itself with a
/// bit flipped.
#[tokio::test]
async fn what_is_altered_or_moved_does_not_open() {
    let (folder, addresses) = databases().await;
    for (nth, address) in addresses.iter().enumerate() {
        let key = at(folder.path(), &format!("satu{nth}.key"));
        let store = filled(address, &key).await;
        assert_replays(&store).await;
        let pool = pool(address).await;
        for (table, column, row, other) in [
            (
                "ledger",
                "body",
                "seq = 3",
                "SELECT body FROM ledger WHERE seq = 4",
            ),
            (
                "person",
                "record",
                "person_id = 1",
                "SELECT record FROM person WHERE person_id = 2",
            ),
            (
                "finding",
                "value",
                "number = 0",
                "SELECT body FROM ledger WHERE seq = 5",
            ),
            (
                "raw_part",
                "packed",
                "part = 0",
                "SELECT body FROM ledger WHERE seq = 5",
            ),
        ] {
            let read = format!("SELECT {column} FROM {table} WHERE {row}");
            let (kept,): (Vec<u8>,) = sqlx::query_as(AssertSqlSafe(read))
                .fetch_one(&pool)
                .await
                .unwrap();
            let (moved,): (Vec<u8>,) = sqlx::query_as(other).fetch_one(&pool).await.unwrap();
            let put = async |bytes: &[u8]| {
                let sql = AssertSqlSafe(format!("UPDATE {table} SET {column} = $1 WHERE {row}"));
                let done = sqlx::query(sql).bind(bytes.to_vec()).execute(&pool).await;
                assert_eq!(done.unwrap().rows_affected(), 1, "{table}");
            };
            let mut wrong = vec![moved, Vec::new(), kept[..kept.len() - 1].to_vec()];
            for at in [0, 1, 2, 13, 14, 19, 20, kept.len() / 2, kept.len() - 1] {
                let mut flipped = kept.clone();
                flipped[at] ^= 0x10;
                wrong.push(flipped);
            }
            for bytes in wrong {
                put(&bytes).await;
                let scope = Scope::whole();
                let told = match table {
                    "ledger" => store.entry(3).await.err(),
                    "person" => store.golden(&scope, 1).await.err(),
                    "finding" => {
                        let filter = satu_store::deliveries::FindingFilter::default();
                        store.findings(&scope, 2, &filter, 0, 9).await.err()
                    }
                    _ => {
                        let sent = store.submissions(&scope).await.unwrap();
                        let blob = &sent[0].submission.blob;
                        store.read_raw(blob, &mut Vec::new()).await.err()
                    }
                };
                assert!(
                    matches!(told, Some(StoreError::Sealed { .. })),
                    "{table}: {told:?}"
                );
            }
            put(&kept).await;
        }
        assert_replays(&store).await;
    }
}

#[tokio::test]
async fn a_new_master_key_opens_all_and_the_old_one_can_go() {
    let (folder, addresses) = databases().await;
    for (nth, address) in addresses.iter().enumerate() {
        let file = folder.path().join(format!("satu{nth}.key"));
        let key = KeyPlace::File(file.clone());
        let store = filled(address, &key).await;
        let old = std::fs::read(&file).unwrap();
        let before = store.keys_shown().await.unwrap();
        assert_eq!((before.masters.len(), &before.masters[0].1), (1, &vec![1]));
        let mut early = Vec::new();
        store.backup(&mut early).await.unwrap();

        let first = before.masters[0].0.clone();
        let new = store.rotate_key().await.unwrap();
        let shown = store.keys_shown().await.unwrap();
        assert_eq!(
            shown.masters,
            [(new.clone(), vec![1]), (first.clone(), vec![])]
        );
        assert_eq!((shown.register, &shown.file), (before.register, &file));
        // What was open goes on, and what opens now sees the same.
        let again = Store::open(address, &key).await.unwrap();
        for store in [&store, &again] {
            assert_eq!(
                store
                    .find(&Scope::whole(), "nik", "3273015703850004")
                    .await
                    .unwrap(),
                [1]
            );
            assert_replays(store).await;
        }
        assert_eq!(
            store.worked_out(&[b"x"]).unwrap(),
            again.worked_out(&[b"x"]).unwrap()
        );
        let nobody = again.drop_key(&new).await;
        assert!(
            matches!(nobody, Err(StoreError::Key(KeyError::NotSpare(_)))),
            "{nobody:?}"
        );

        // A backup of before needs the old key, which the file still has; then it has not.
        let restored = async |name: &str| {
            let other = folder.path().join(format!("{name}{nth}.db"));
            let other = Store::open_to_fill(&other.to_string_lossy(), &key)
                .await
                .unwrap();
            let backup = Backup::open(std::io::Cursor::new(&early)).unwrap();
            other.restore(backup).await.map(|_| other)
        };
        let other = restored("dulu").await.unwrap();
        assert_replays(&other).await;
        assert!(
            other
                .person(&Scope::whole(), 1, None, OPEN)
                .await
                .unwrap()
                .is_some()
        );
        again.drop_key(&first).await.unwrap();
        let told = restored("lepas").await.map(|_| ());
        let wrong = matches!(
            told,
            Err(BackupError::Store(StoreError::Key(KeyError::Wrong { .. })))
        );
        assert!(wrong, "{told:?}");
        assert_replays(&Store::open(address, &key).await.unwrap()).await;
        // The old file alone opens nothing any more.
        std::fs::write(&file, old).unwrap();
        assert!(matches!(
            refused(address, &key).await,
            KeyError::Wrong { .. }
        ));
    }
}
