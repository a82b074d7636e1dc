//! Who must be compared to a record is found by key, and what no run has judged is known.

use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_linkage::{Keys, Spec};
use satu_store::entry::{Entry, Linked};
use satu_store::{Scope, Store};

use crate::{databases, deliver, key_file, source};

const ANI: &[(&str, &str)] = &[
    ("nip", "198503172010012005"),
    ("nik", "3273015703850004"),
    ("nama", "Ani Contoh"),
];

/// The blocking keys of a row that states these values.
fn keys(set: &[(&str, &str)]) -> Vec<u64> {
    let spec = Spec::parse(satu_linkage::ASN_SPEC).unwrap();
    let cell = |name: &str| {
        set.iter()
            .find(|(one, _)| *one == name)
            .map_or("", |one| one.1)
    };
    let cells: Vec<&str> = spec
        .fields()
        .iter()
        .map(|field| cell(&field.name))
        .collect();
    let keys = Keys::new(&spec).of(&cells);
    keys.into_iter().filter(|key| *key != 0).collect()
}

#[tokio::test]
async fn rows_are_found_by_key_from_their_linking_to_their_supersession() {
    let (folder, addresses) = databases().await;
    for (at, address) in addresses.iter().enumerate() {
        let store = Store::open(address, &key_file()).await.unwrap();
        let mut writer = store.begin().await.unwrap();
        for code in ["a", "b"] {
            writer
                .append(&source(code, SourceKind::Agency))
                .await
                .unwrap();
        }
        let a = deliver(&mut writer, "a", Kind::DataUtama, &[ANI]).await;
        let b = deliver(&mut writer, "b", Kind::DataUtama, &[ANI]).await;
        writer.commit().await.unwrap();

        let mut writer = store.begin().await.unwrap();
        assert_eq!(writer.unjudged(0, 10).await.unwrap(), [a[0], b[0]]);
        assert_eq!(writer.unjudged(a[0], 10).await.unwrap(), b);
        let all = keys(ANI);
        assert_eq!(all.len(), 2, "NIK and NIP");
        let found = writer.neighbours().having(&all, 9).await.unwrap();
        assert!(found.values().all(Vec::is_empty), "of nobody yet");
        let moved = vec![(a[0], 1), (b[0], 1)];
        writer
            .append(&Entry::Linked(Linked { moved }))
            .await
            .unwrap();
        writer.commit().await.unwrap();

        let mut writer = store.begin().await.unwrap();
        assert_eq!(writer.unjudged(0, 10).await.unwrap(), [0i64; 0]);
        let found = writer.neighbours().having(&all, 9).await.unwrap();
        assert!(found.values().all(|rows| *rows == [a[0], b[0]]));
        let found = writer.neighbours().having(&all, 1).await.unwrap();
        assert!(found.values().all(|rows| *rows == a), "no more than asked");
        // The source corrects its row: another NIK, the same NIP.
        let mut corrected = ANI.to_vec();
        corrected[1].1 = "3273015703850099";
        let new = deliver(&mut writer, "a", Kind::DataUtama, &[&corrected]).await;
        writer.commit().await.unwrap();

        let mut writer = store.begin().await.unwrap();
        assert_eq!(writer.unjudged(0, 10).await.unwrap(), new);
        let mut neighbours = writer.neighbours();
        let known = neighbours.statements(&[a[0], new[0]]).await.unwrap();
        assert_eq!(known.len(), 1, "a superseded row is no neighbour");
        assert_eq!((known[0].person, known[0].judged), (Some(1), false));
        for key in keys(&corrected) {
            let found = neighbours.having(&[key], 9).await.unwrap();
            let both = all.contains(&key);
            assert_eq!(
                found[&key],
                if both {
                    vec![b[0], new[0]]
                } else {
                    new.clone()
                }
            );
        }
        let nobody = Scope::agency("Kota Tiada");
        assert!(neighbours.within(&nobody, &[1]).await.unwrap().is_empty());
        assert_eq!(
            neighbours
                .within(&Scope::whole(), &[1, 2])
                .await
                .unwrap()
                .len(),
            1
        );
        drop(writer);
        let again = store
            .verify(&folder.path().join(format!("again{at}.db")))
            .await;
        assert_eq!(again.unwrap().differences, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_moment_that_others_read_beside_knows_when_it_is_past() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = Store::open(address, &key_file()).await.unwrap();
        let write = async |code| {
            let mut writer = store.begin().await.unwrap();
            let entry = source(code, SourceKind::Agency);
            writer.append(&entry).await.unwrap();
            writer.commit().await.unwrap();
        };
        write("a").await;
        let mut moment = store.moment().await.unwrap();
        // The first question fixes it.
        moment.neighbours().newest_model().await.unwrap();
        assert!(!moment.is_past().await.unwrap());
        // The connections beside are taken: this one reads by one alone, and what it reads is of one moment.
        let mut other = store.moment().await.unwrap();
        other.neighbours().newest_model().await.unwrap();
        write("b").await;
        assert!(moment.is_past().await.unwrap());
        assert!(!other.is_past().await.unwrap());
        drop((moment, other));
        let mut next = store.moment().await.unwrap();
        next.neighbours().newest_model().await.unwrap();
        assert!(!next.is_past().await.unwrap());
    }
}
