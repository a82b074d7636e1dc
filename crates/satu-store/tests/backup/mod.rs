//! What is carried is all there at the other end, and what is damaged is told.

use std::io::{Cursor, Read};

use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_store::accounts::Role;
use satu_store::backup::{Backup, BackupError, Carried};
use satu_store::entry::{Entry, Linked};
use satu_store::{OPEN, Scope, Store};
use sha2::{Digest, Sha256};
use sqlx::Executor;

use crate::{NIP, assert_replays, databases, deliver, key_file, pool, source};

/// A register with two linked persons; a name is one that has to be quoted.
async fn filled(address: &str) -> Store {
    let store = Store::open(address, &key_file()).await.unwrap();
    let mut writer = store.begin().await.unwrap();
    let pusat = source("pusat", SourceKind::Central);
    writer.append(&pusat).await.unwrap();
    let rows = deliver(
        &mut writer,
        "pusat",
        Kind::DataUtama,
        &[
            &[("nip", NIP), ("nama", "Contoh \"Nama\" {a,b}\\")],
            &[("nip", "199001012023211001"), ("nama", "Contoh Lain")],
        ],
    )
    .await;
    let moved = vec![(rows[0], 1), (rows[1], 2)];
    let linked = Entry::Linked(Linked { moved });
    writer.append(&linked).await.unwrap();
    writer.commit().await.unwrap();
    let accounts = store.accounts();
    let made = accounts.add("satu", "Contoh", Role::Walidata, "hash").await;
    let codes = ["kode".to_owned()];
    let id = made.unwrap().id;
    let second = accounts.set_second(id, "nonce", 7, &codes, None);
    second.await.unwrap();
    let now = jiff::Timestamp::now();
    let linked = accounts.link_identity(id, "https://sso.contoh.example", "s-1", now);
    assert!(linked.await.unwrap());
    store
}

async fn backed_up(store: &Store) -> (Vec<u8>, Carried) {
    let mut bytes = Vec::new();
    let carried = store.backup(&mut bytes).await.unwrap();
    (bytes, carried)
}

fn opened(bytes: &[u8]) -> Result<Backup<Cursor<&[u8]>>, BackupError> {
    Backup::open(Cursor::new(bytes))
}

async fn assert_empty(store: &Store) {
    let (_, carried) = backed_up(store).await;
    // Its keys are all that it holds.
    assert_eq!((carried.entries, carried.rows), (0, 1));
    assert_eq!(
        store.totals(&Scope::whole()).await.unwrap(),
        satu_store::ask::Totals::default()
    );
}

#[tokio::test]
async fn a_register_is_the_same_at_the_other_end() {
    let (_folder, addresses) = databases().await;
    for from in &addresses {
        let store = filled(from).await;
        let (bytes, carried) = backed_up(&store).await;
        assert_eq!(carried.root, store.head().await.unwrap().root);
        assert_eq!(carried.rows, 6);
        let person = store
            .person(&Scope::whole(), 1, None, OPEN)
            .await
            .unwrap()
            .unwrap();
        let (_restored, restored) = databases().await;
        let (_copied, copied) = databases().await;
        for (one, two) in restored.iter().zip(&copied) {
            let one = Store::open(one, &key_file()).await.unwrap();
            let two = Store::open(two, &key_file()).await.unwrap();
            let told = one.restore(opened(&bytes).unwrap()).await.unwrap();
            assert_eq!(told, carried);
            assert_eq!(store.copy_to(&two).await.unwrap(), carried);
            for other in [&one, &two] {
                assert_replays(other).await;
                let again = other
                    .person(&Scope::whole(), 1, None, OPEN)
                    .await
                    .unwrap()
                    .unwrap();
                assert_eq!(again.record, person.record);
                let accounts = other.accounts();
                let (account, hash) = accounts.find("satu").await.unwrap().unwrap();
                assert_eq!(hash, "hash");
                let second = accounts.second(account.id).await.unwrap().unwrap();
                assert_eq!((second.nonce.as_str(), second.codes), ("nonce", 1));
                let identity = accounts.of_identity("https://sso.contoh.example", "s-1");
                let identity = identity.await.unwrap().unwrap();
                assert!(identity.open && identity.account == account);
                assert_eq!(backed_up(other).await.1, carried);
            }
            // What holds data is not filled, neither from a file nor from a database.
            let again = one.restore(opened(&bytes).unwrap()).await;
            assert!(matches!(again, Err(BackupError::NotEmpty)), "{again:?}");
            let again = store.copy_to(&two).await;
            assert!(matches!(again, Err(BackupError::NotEmpty)), "{again:?}");
        }
    }
}

#[tokio::test]
async fn a_backup_holds_what_was_committed_when_it_began() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = filled(address).await;
        let before = store.head().await.unwrap();
        let mut writer = store.begin().await.unwrap();
        let gaji = source("gaji", SourceKind::Payroll);
        writer.append(&gaji).await.unwrap();
        let mut snapshot = store.snapshot().await.unwrap();
        let (_, carried) = backed_up(&store).await;
        assert_eq!((carried.entries, carried.root), (before.size, before.root));
        writer.commit().await.unwrap();
        // What began before goes on seeing what it saw.
        let seen = snapshot.entries(0, 1_000).await.unwrap();
        assert_eq!(seen.len() as i64, before.size);
        drop(snapshot);
        assert_eq!(backed_up(&store).await.1.entries, before.size + 1);
    }
}

#[tokio::test]
async fn any_altered_or_missing_byte_is_found() {
    let (_folder, addresses) = databases().await;
    let (bytes, _) = backed_up(&filled(&addresses[0]).await).await;
    assert!(opened(&bytes).is_ok());
    let mut state: u64 = 20_261_125;
    for turn in 0..2_000 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let at = (state >> 33) as usize % bytes.len();
        let mut altered = bytes.clone();
        if turn % 4 == 0 {
            altered.truncate(at);
        } else {
            altered[at] ^= 1 << (turn % 8);
        }
        assert!(opened(&altered).is_err(), "byte {at} of {}", bytes.len());
    }
    let longer = [bytes.as_slice(), b"\n"].concat();
    assert!(matches!(opened(&longer), Err(BackupError::Damaged(_))));
    let foreign = opened(b"nip,nama\n199001012023211001,Contoh\n");
    assert!(matches!(foreign, Err(BackupError::Foreign)));
}

/// A backup with other content, or of another version, whose checksum is right all the same.
fn forged(bytes: &[u8], version: u8, change: impl Fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let (header, rest) = bytes.split_at(12);
    let mut parts = Vec::new();
    zstd::Decoder::new(&rest[..rest.len() - 32])
        .unwrap()
        .read_to_end(&mut parts)
        .unwrap();
    let mut made = header.to_vec();
    made[8] = version;
    made.extend(zstd::encode_all(change(parts).as_slice(), 3).unwrap());
    let checksum = Sha256::digest(&made);
    made.extend(checksum);
    made
}

fn replaced(parts: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = parts
        .windows(old.len())
        .position(|window| window == old)
        .unwrap();
    [&parts[..at], new, &parts[at + old.len()..]].concat()
}

#[tokio::test]
async fn what_does_not_give_its_root_is_not_restored() {
    let (_folder, addresses) = databases().await;
    let (bytes, carried) = backed_up(&filled(&addresses[0]).await).await;
    let kept = |parts: Vec<u8>| parts;
    let half = |parts: Vec<u8>| parts[..parts.len() / 2].to_vec();
    // The last byte of the last entry, before the letter that ends all.
    let altered = |mut parts: Vec<u8>| {
        let at = parts.len() - 2;
        parts[at] ^= 1;
        parts
    };
    let uprooted = |parts: Vec<u8>| replaced(&parts, carried.root.as_bytes(), &[b'0'; 64]);
    // Without the one row between the head and the first part of a delivery.
    let keyless = |parts: Vec<u8>| {
        let find = |name: &[u8]| parts.windows(8).position(|window| window == name);
        let [from, to] = [b"data_key", b"raw_part"].map(|name| find(name).unwrap() - 9);
        [&parts[..from], &parts[to..]].concat()
    };
    let unended = |parts: Vec<u8>| parts[..parts.len() - 1].to_vec();
    let unknown = |parts: Vec<u8>| replaced(&parts, b"raw_part", b"raw_pert");
    let column = |parts: Vec<u8>| replaced(&parts, b"packed", b"p);-- ");
    let (_targets, targets) = databases().await;
    for target in &targets {
        let store = Store::open(target, &key_file()).await.unwrap();
        let cases: [(&str, Vec<u8>); 7] = [
            ("half", forged(&bytes, 2, half)),
            ("altered", forged(&bytes, 2, altered)),
            ("uprooted", forged(&bytes, 2, uprooted)),
            ("keyless", forged(&bytes, 2, keyless)),
            ("unended", forged(&bytes, 2, unended)),
            ("unknown", forged(&bytes, 2, unknown)),
            ("column", forged(&bytes, 2, column)),
        ];
        for (case, made) in cases {
            let error = store.restore(opened(&made).unwrap()).await.unwrap_err();
            let told = match case {
                "uprooted" => matches!(error, BackupError::Root { .. }),
                "unknown" => matches!(error, BackupError::Table(_)),
                _ => matches!(error, BackupError::Damaged(_)),
            };
            assert!(told, "{case}: {error:?}");
            assert_empty(&store).await;
        }
        for (format, hint) in [(1u8, "`satu intake`"), (3, "or a later one")] {
            let other = opened(&forged(&bytes, format, kept)).err().unwrap();
            assert!(matches!(other, BackupError::Format(found) if found == u32::from(format)));
            assert!(other.hint().contains(hint), "{}", other.hint());
        }
        for (table, hint) in [
            ("breach", "before the ledger held them"),
            ("x", "that wrote"),
        ] {
            let error = BackupError::Table(table.to_owned());
            assert!(error.hint().contains(hint), "{}", error.hint());
        }
        let made = forged(&bytes, 2, kept);
        let told = store.restore(opened(&made).unwrap()).await.unwrap();
        assert_eq!(told, carried);
    }
}

#[tokio::test]
async fn an_altered_ledger_is_not_carried() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = filled(address).await;
        let pool = pool(address).await;
        pool.execute(
            "UPDATE ledger SET body = (SELECT l.body FROM ledger l WHERE l.seq = 2) WHERE seq = 3",
        )
        .await
        .unwrap();
        let told = store.backup(std::io::sink()).await;
        assert!(matches!(told, Err(BackupError::Root { .. })), "{told:?}");
        let (_targets, targets) = databases().await;
        for target in &targets {
            let other = Store::open(target, &key_file()).await.unwrap();
            let told = store.copy_to(&other).await;
            assert!(matches!(told, Err(BackupError::Damaged(_))), "{told:?}");
            assert_empty(&other).await;
        }
    }
}
