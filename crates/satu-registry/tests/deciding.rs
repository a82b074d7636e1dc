//! What officers decide takes effect at once, can be taken back, and replays.

use satu_registry::link::link_all;
use satu_registry::review::{Answer, Decider, ReviewError, decide, evidence, set_value, undo};
use satu_store::entry::{Doubt, DoubtPair};
use satu_store::{Entry, OPEN, Scope, Store};

use crate::{ANI, BUDI, assert_replays, key_file, send, who};

pub const CITRA: &str = "198711052011012002";

/// Three persons of one source, and a doubt about all three.
pub async fn in_doubt(store: &Store, folder: &std::path::Path) -> (i64, [i64; 3]) {
    let rows = format!(
        "{ANI},3273015703850004,Ani Contoh,1985-03-17,P\n{BUDI},3273010101900004,Budi Contoh,1990-01-01,L\n\
         {CITRA},3273014511870004,Citra Contoh,1987-11-05,P\n"
    );
    send(store, "a", folder, "a.csv", &rows).await;
    link_all(store).await.unwrap();
    let mut statements = [0; 3];
    for (at, nip) in [ANI, BUDI, CITRA].iter().enumerate() {
        let id = who(store, nip).await;
        let person = store.person(&Scope::whole(), id, None, OPEN).await.unwrap();
        statements[at] = person.unwrap().evidence[0].statement;
    }
    let pair = |a, b| DoubtPair {
        a: statements[a],
        b: statements[b],
        weight: 0,
        probability: 500_000,
    };
    let doubt = Doubt {
        statements: statements.to_vec(),
        pairs: vec![pair(0, 1), pair(0, 2), pair(1, 2)],
    };
    let mut writer = store.begin().await.unwrap();
    let id = writer.append(&Entry::Doubt(doubt)).await.unwrap();
    writer.commit().await.unwrap();
    (id, statements)
}

pub async fn queue(store: &Store) -> Vec<i64> {
    store.queue(&Scope::whole(), 0, 100).await.unwrap().1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_takes_effect_and_can_be_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("satu.db");
    let store = Store::open(&path.to_string_lossy(), &key_file())
        .await
        .unwrap();
    let (doubt, statements) = in_doubt(&store, folder.path()).await;
    let whole = Scope::whole();
    let officer = Decider {
        scope: &whole,
        by: "pusat",
        reason: "akta kelahiran sama",
    };
    let open = store.doubt(&whole, doubt).await.unwrap().unwrap();
    let told = evidence(&store, &open).await.unwrap();
    assert_eq!(told.len(), 3);
    assert!(
        told[0]
            .fields
            .iter()
            .any(|field| field.field == "nik" && field.weight < 0.0)
    );

    // What cannot be decided leaves nothing behind.
    let head = store.head().await.unwrap();
    let unsaid = Decider {
        reason: "  ",
        ..officer
    };
    let elsewhere = Scope::agency("Kota Lain");
    let stranger = Decider {
        scope: &elsewhere,
        ..officer
    };
    for (decider, doubt, chosen, answer) in [
        (&unsaid, doubt, &statements[..], Answer::Same),
        (&stranger, doubt, &statements[..], Answer::Same),
        (&stranger, doubt, &statements[..], Answer::NotSure),
        (&officer, doubt + 1, &statements[..], Answer::Same),
        (&officer, doubt, &statements[..1], Answer::NotSame),
        (&officer, doubt, &[0, 1][..], Answer::NotSame),
    ] {
        decide(&store, decider, doubt, chosen, answer)
            .await
            .unwrap_err();
    }
    assert_eq!(store.head().await.unwrap(), head);

    decide(&store, &officer, doubt, &[], Answer::NotSure)
        .await
        .unwrap();
    assert_eq!(queue(&store).await, [doubt]);
    let open = store.doubt(&whole, doubt).await.unwrap().unwrap();
    assert_eq!(open.deferred.unwrap().0, "pusat");

    // Two of three are one person; the third stays in doubt.
    let (ani, budi) = (who(&store, ANI).await, who(&store, BUDI).await);
    let ruling = decide(&store, &officer, doubt, &statements[..2], Answer::Same)
        .await
        .unwrap()
        .number();
    assert_eq!(who(&store, ANI).await, who(&store, BUDI).await);
    assert_eq!(store.totals(&whole).await.unwrap().persons, 2);
    let left = queue(&store).await;
    assert_eq!(left.len(), 1);
    assert_ne!(left, [doubt]);
    let again = decide(&store, &officer, doubt, &statements[..2], Answer::Same).await;
    assert!(
        matches!(again, Err(ReviewError::NotThere(_))),
        "decided twice"
    );
    assert_eq!(link_all(&store).await.unwrap().moved, 0, "linking obeys");

    undo(&store, &officer, ruling).await.unwrap();
    assert_eq!(
        (who(&store, ANI).await, who(&store, BUDI).await),
        (ani, budi)
    );
    let back = queue(&store).await;
    assert_eq!(back.len(), 1, "one doubt about all three stands again");
    let open = store.doubt(&whole, back[0]).await.unwrap().unwrap();
    assert_eq!(open.doubt.pairs.len(), 3);
    let twice = undo(&store, &officer, ruling).await;
    assert!(matches!(twice, Err(ReviewError::NotThere(_))));

    decide(&store, &officer, back[0], &statements, Answer::NotSame)
        .await
        .unwrap();
    assert_eq!(store.totals(&whole).await.unwrap().persons, 3);
    assert!(queue(&store).await.is_empty());
    let decisions = store.decisions(&whole, 10).await.unwrap();
    assert_eq!(decisions.len(), 2);
    assert!(decisions[1].undone && !decisions[0].undone);
    assert_replays(&store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_an_officer_sets_stands_until_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("satu.db");
    let store = Store::open(&path.to_string_lossy(), &key_file())
        .await
        .unwrap();
    in_doubt(&store, folder.path()).await;
    let whole = Scope::whole();
    let officer = Decider {
        scope: &whole,
        by: "pusat",
        reason: "ijazah",
    };
    let ani = who(&store, ANI).await;
    let name = async |store: &Store| {
        let person = store
            .person(&Scope::whole(), ani, None, OPEN)
            .await
            .unwrap();
        person.unwrap().record.value("nama").unwrap().to_owned()
    };
    let ruling = set_value(&store, &officer, ani, "nama", "Ani  Benar")
        .await
        .unwrap()
        .number();
    assert_eq!(name(&store).await, "ANI BENAR");
    for (field, value) in [("tidak_ada", "x"), ("nama", " ")] {
        let refused = set_value(&store, &officer, ani, field, value).await;
        assert!(matches!(refused, Err(ReviewError::Field(_))), "{field}");
    }
    for (field, value) in [
        ("tanggal_lahir", "17 Maret 1985"),
        ("tmt_cpns", "1 January 2010"),
        ("nik", "327301570385"),
        ("nip", "12"),
        ("golongan", "IIIa1"),
        ("jenis_kelamin", "X"),
    ] {
        let refused = set_value(&store, &officer, ani, field, value).await;
        assert!(matches!(refused, Err(ReviewError::Value(_))), "{field}");
    }
    undo(&store, &officer, ruling).await.unwrap();
    assert_eq!(name(&store).await, "ANI CONTOH");
    assert_replays(&store).await;
}
