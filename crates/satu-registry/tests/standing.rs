//! What a decision says of records that are one person already, and of records that came again.

use std::path::Path;

use satu_registry::four_eyes::{Taken, approve};
use satu_registry::link::link_all;
use satu_registry::review::{Answer, Decider, decide, undo};
use satu_store::entry::{Doubt, DoubtPair, Settled};
use satu_store::{Entry, OPEN, Scope, Store};

use crate::adding::empty;
use crate::deciding::{CITRA, in_doubt, queue};
use crate::four_eyes::{asking, proposed};
use crate::{ANI, ANI_TYPO, BUDI, assert_replays, send, send_file, who};

fn officer(scope: &Scope) -> Decider<'_> {
    Decider {
        scope,
        by: "satu",
        reason: "akta kelahiran",
    }
}

/// Ani of two sources, Budi and Citra; of each row its statement.
async fn people(store: &Store, folder: &Path) -> [i64; 4] {
    let rows = format!(
        "{ANI},3273015703850004,Ani Contoh,1985-03-17,P\n{BUDI},3273010101900004,Budi Contoh,1990-01-01,L\n\
         {CITRA},3273014511870004,Citra Contoh,1987-11-05,P\n"
    );
    send(store, "a", folder, "a.csv", &rows).await;
    let rows = format!("{ANI_TYPO},3273015703850004,Ani Contoh,1985-03-17,P\n");
    send(store, "b", folder, "b.csv", &rows).await;
    assert_eq!(link_all(store).await.unwrap().persons, 3);
    assert_eq!(who(store, ANI).await, who(store, ANI_TYPO).await);
    let mut found = [0; 4];
    for (at, nip) in [ANI, ANI_TYPO, BUDI, CITRA].iter().enumerate() {
        found[at] = said(store, nip).await;
    }
    found
}

/// The statement by which a NIP stands.
async fn said(store: &Store, nip: &str) -> i64 {
    let id = who(store, nip).await;
    let person = store.person(&Scope::whole(), id, None, OPEN).await.unwrap();
    let evidence = person.unwrap().evidence;
    evidence
        .iter()
        .find(|one| one.fact == nip)
        .unwrap()
        .statement
}

/// Puts pairs of statements in doubt.
async fn doubt(store: &Store, pairs: &[(i64, i64)]) -> i64 {
    let pair = |(a, b): &(i64, i64)| DoubtPair {
        a: *a.min(b),
        b: *a.max(b),
        weight: 0,
        probability: 500_000,
    };
    let mut statements: Vec<i64> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
    statements.sort_unstable();
    statements.dedup();
    let pairs = pairs.iter().map(pair).collect();
    let mut writer = store.begin().await.unwrap();
    let doubt = Entry::Doubt(Doubt { statements, pairs });
    let id = writer.append(&doubt).await.unwrap();
    writer.commit().await.unwrap();
    id
}

/// The pairs that wait, doubt by doubt.
async fn waiting(store: &Store) -> Vec<Vec<(i64, i64)>> {
    let mut found = Vec::new();
    for id in queue(store).await {
        let open = store.doubt(&Scope::whole(), id).await.unwrap().unwrap();
        let pairs = open.doubt.pairs.iter().map(|pair| (pair.a, pair.b));
        found.push(pairs.collect());
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn records_of_one_person_are_not_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "standing_one").await {
        let [ani, again, budi, _] = people(&store, folder.path()).await;
        let whole = Scope::whole();
        let by = officer(&whole);
        let id = doubt(&store, &[(ani, budi), (again, budi)]).await;
        let all = [ani, again, budi];
        decide(&store, &by, id, &all, Answer::NotSame)
            .await
            .unwrap();
        assert!(queue(&store).await.is_empty());
        let person = who(&store, ANI).await;
        let run = link_all(&store).await.unwrap();
        assert_eq!((run.persons, run.moved), (3, 0));
        assert_eq!(who(&store, ANI_TYPO).await, person);

        // Nothing is said of the two alone.
        let id = doubt(&store, &[(ani, budi), (again, budi)]).await;
        let head = store.head().await.unwrap();
        let refused = decide(&store, &by, id, &[ani, again], Answer::NotSame).await;
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("one person already"), "{refused}");
        assert_eq!(store.head().await.unwrap(), head);
        assert_replays(&store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_alone_tells_nobody_apart_whom_two_joined() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "standing_two").await {
        let (id, statements) = in_doubt(&store, folder.path()).await;
        let [_, _, dua, _] = asking(&store).await;
        let whole = Scope::whole();
        let by = officer(&whole);
        let merge = decide(&store, &by, id, &statements[..2], Answer::Same).await;
        approve(&store, &dua, proposed(merge), "ya").await.unwrap();
        let left = queue(&store).await;
        let apart = decide(&store, &by, left[0], &statements, Answer::NotSame).await;
        assert!(matches!(apart.unwrap(), Taken::Done(_)));
        assert_eq!(link_all(&store).await.unwrap().moved, 0);
        assert_eq!(who(&store, ANI).await, who(&store, BUDI).await);
        assert_ne!(who(&store, ANI).await, who(&store, CITRA).await);
        assert_replays(&store).await;
    }
}

/// Nor while a decision that joins them has still to be obeyed.
#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_stands_is_not_contradicted() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "standing_bound").await {
        let (id, statements) = in_doubt(&store, folder.path()).await;
        let whole = Scope::whole();
        let by = officer(&whole);
        let first = decide(&store, &by, id, &statements[..2], Answer::Same).await;
        let left = queue(&store).await[0];
        let second = decide(&store, &by, left, &statements[1..], Answer::Same).await;
        second.unwrap();
        assert!(queue(&store).await.is_empty(), "all three are one");
        undo(&store, &by, first.unwrap().number()).await.unwrap();
        assert_ne!(who(&store, BUDI).await, who(&store, CITRA).await);
        let [a, b, c] = statements;
        assert_eq!(waiting(&store).await, [[(a, b), (b, c)]]);
        let back = queue(&store).await[0];
        let apart = decide(&store, &by, back, &statements, Answer::NotSame).await;
        let run = link_all(&store).await.unwrap();
        assert_eq!(who(&store, BUDI).await, who(&store, CITRA).await);
        assert_eq!(run.persons, 2);
        assert!(apart.is_err(), "{apart:?}");
        assert_replays(&store).await;
    }
}

/// By two answers that contradict each other nobody alone takes apart what two joined.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_apart_is_not_joined_by_way_of_others() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "standing_chain").await {
        let (id, statements) = in_doubt(&store, folder.path()).await;
        let [a, b, c] = statements;
        let whole = Scope::whole();
        let by = officer(&whole);
        let same = decide(&store, &by, id, &[a, b], Answer::Same).await;
        let same = same.unwrap().number();
        let left = queue(&store).await[0];
        let apart = decide(&store, &by, left, &[a, c], Answer::NotSame).await;
        let apart = apart.unwrap().number();
        assert_eq!(waiting(&store).await, [[(b, c)]]);
        let left = queue(&store).await[0];
        let head = store.head().await.unwrap();
        let join = async || decide(&store, &by, left, &[b, c], Answer::Same).await;
        let refused = join().await.unwrap_err().to_string();
        assert!(refused.contains("different persons"), "{refused}");
        assert_eq!(store.head().await.unwrap(), head);
        // Once nothing joins the first two, the other two may be one.
        undo(&store, &by, same).await.unwrap();
        let left = doubt(&store, &[(b, c)]).await;
        let joined = decide(&store, &by, left, &[b, c], Answer::Same).await;
        joined.unwrap();
        assert_eq!(link_all(&store).await.unwrap().persons, 2);
        assert_eq!(who(&store, BUDI).await, who(&store, CITRA).await);
        let decisions = store.decisions(&whole, 9).await.unwrap();
        assert!(decisions.iter().any(|one| one.id == apart && !one.undone));
        assert_replays(&store).await;
    }
}

/// Nor by way of records that linkage made one with theirs.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_apart_is_not_joined_by_way_of_what_linkage_joined() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "standing_linked").await {
        let [ani, again, budi, _] = people(&store, folder.path()).await;
        let whole = Scope::whole();
        let by = officer(&whole);
        let id = doubt(&store, &[(ani, budi), (again, budi)]).await;
        let apart = decide(&store, &by, id, &[ani, budi], Answer::NotSame).await;
        let apart = apart.unwrap().number();
        let left = queue(&store).await[0];
        let head = store.head().await.unwrap();
        let join = async || decide(&store, &by, left, &[again, budi], Answer::Same).await;
        let refused = join().await.unwrap_err().to_string();
        assert!(refused.contains("different persons"), "{refused}");
        assert_eq!(store.head().await.unwrap(), head);
        assert_eq!(link_all(&store).await.unwrap().moved, 0);
        undo(&store, &by, apart).await.unwrap();
        let back = queue(&store).await[0];
        let join = decide(&store, &by, back, &[again, budi], Answer::Same).await;
        join.unwrap();
        assert_eq!(link_all(&store).await.unwrap().persons, 2);
        assert_replays(&store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_one_person_by_now_is_in_doubt_no_more() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "standing_left").await {
        let [ani, again, budi, citra] = people(&store, folder.path()).await;
        let whole = Scope::whole();
        let by = officer(&whole);
        let id = doubt(&store, &[(ani, budi), (again, budi)]).await;
        let other = doubt(&store, &[(again, budi), (budi, citra)]).await;
        doubt(&store, &[(ani, citra)]).await;
        let same = decide(&store, &by, id, &[ani, budi], Answer::Same).await;
        let same = same.unwrap().number();
        let ordered = |a: i64, b: i64| (a.min(b), a.max(b));
        let (left, stays) = (ordered(budi, citra), ordered(ani, citra));
        let mut open = waiting(&store).await.concat();
        open.sort_unstable();
        let mut told = [left, stays];
        told.sort_unstable();
        assert_eq!(open, told);
        assert!(!queue(&store).await.contains(&other));

        undo(&store, &by, same).await.unwrap();
        let mut open = waiting(&store).await.concat();
        open.sort_unstable();
        let mut told = [left, stays, ordered(ani, budi), ordered(again, budi)];
        told.sort_unstable();
        assert_eq!(open, told);
        assert_replays(&store).await;
    }
}

const RANK: &str = "nip,golongan,tmt_golongan,sk_nomor,sk_tanggal,jenis_kp\n";

/// Budi's rank, under a decree of this number.
async fn rank(store: &Store, folder: &Path, decree: &str) {
    let rows = format!("{RANK}{BUDI},III/a,2016-01-01,{decree},2015-12-20,1\n");
    send_file(store, "a", &folder.join("rank.csv"), &rows).await;
}

/// What a source said of Budi comes again: his record, and his rank.
async fn comes_again(store: &Store, folder: &Path, name: &str) {
    let rows = format!("{BUDI},3273010101900004,{name},1990-01-01,L\n");
    send(store, "a", folder, &format!("{name}.csv"), &rows).await;
    rank(store, folder, name).await;
}

/// How many statements each of these persons has, and of which number.
async fn counts(store: &Store) -> [(i64, usize); 3] {
    let mut found = [(0, 0); 3];
    for (at, nip) in [ANI, BUDI, CITRA].iter().enumerate() {
        let id = who(store, nip).await;
        let person = store.person(&Scope::whole(), id, None, OPEN).await.unwrap();
        found[at] = (id, person.unwrap().evidence.len());
    }
    found
}

/// Ani, Budi with a rank and Citra, all in doubt.
async fn ranked(store: &Store, folder: &Path) -> (i64, [i64; 3]) {
    let (_, statements) = in_doubt(store, folder).await;
    rank(store, folder, "12/K").await;
    link_all(store).await.unwrap();
    let [a, b, c] = statements;
    let id = doubt(store, &[(a, b), (a, c), (b, c)]).await;
    (id, statements)
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_came_again_go_back_too() {
    let folder = tempfile::tempdir().unwrap();
    for run in [false, true] {
        for store in empty(folder.path(), &format!("standing_again_{run}")).await {
            let (id, statements) = ranked(&store, folder.path()).await;
            let whole = Scope::whole();
            let by = officer(&whole);
            let before = counts(&store).await;
            assert_eq!(before.map(|(_, count)| count), [1, 2, 1]);
            let same = decide(&store, &by, id, &statements[..2], Answer::Same).await;
            let same = same.unwrap().number();
            assert_eq!(counts(&store).await[0].1, 3);
            comes_again(&store, folder.path(), "Budi Baru").await;
            if run {
                assert_eq!(link_all(&store).await.unwrap().moved, 0, "obeyed");
            }
            comes_again(&store, folder.path(), "Budi Contoh Baru").await;
            undo(&store, &by, same).await.unwrap();
            assert_eq!(counts(&store).await, before);
            // The doubt is of the records as they stand, where all who reach them see it.
            let now = [said(&store, ANI).await, said(&store, BUDI).await];
            assert!(waiting(&store).await.concat().contains(&(now[0], now[1])));
            for id in queue(&store).await {
                let open = store.doubt(&whole, id).await.unwrap().unwrap();
                assert!(
                    open.doubt
                        .statements
                        .iter()
                        .all(|one| *one != statements[1])
                );
            }
            link_all(&store).await.unwrap();
            assert_eq!(counts(&store).await, before);
            assert_replays(&store).await;
        }
    }
}

/// What is said of Budi, and of Ani, for the first time while they are taken for one.
async fn new_meanwhile(store: &Store, folder: &Path) {
    let rows = format!(
        "{BUDI},3273010101900004,Budi Contoh,1990-01-01,L\n{ANI},3273015703850004,Ani Contoh,1985-03-17,P\n"
    );
    send(store, "b", folder, "b.csv", &rows).await;
    let rows = ",3273010101900004,Budi Contoh,1990-01-01,L\n";
    send(store, "c", folder, "c.csv", rows).await;
    let rows = format!(
        "{RANK}{BUDI},III/b,2020-04-01,40/K,2020-03-20,1\n{ANI},III/d,2020-04-01,41/K,2020-03-20,1\n"
    );
    send_file(store, "b", &folder.join("ranks.csv"), &rows).await;
    let linked = link_all(store).await.unwrap();
    assert_eq!((linked.persons, linked.moved), (2, 5), "all are of the one");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_meanwhile_goes_with_whose_number_it_bears() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "standing_meanwhile").await {
        let (_, [a, b, _]) = ranked(&store, folder.path()).await;
        let [_, _, dua, _] = asking(&store).await;
        let whole = Scope::whole();
        let by = officer(&whole);
        let before = counts(&store).await.map(|(person, _)| person);
        for round in [1, 2] {
            let id = doubt(&store, &[(a, b)]).await;
            let merge = decide(&store, &by, id, &[a, b], Answer::Same).await;
            approve(&store, &dua, proposed(merge), "ya").await.unwrap();
            let same = store.decisions(&whole, 1).await.unwrap()[0].id;
            if round == 1 {
                new_meanwhile(&store, folder.path()).await;
            }
            let back = proposed(undo(&store, &by, same).await);
            let told = store.proposal(&dua.role, back).await.unwrap().unwrap();
            assert_eq!(told.proposal.records, 5, "Budi's, the three new ones too");
            let settled = approve(&store, &dua, back, "ya").await.unwrap();
            assert_eq!(settled, Settled::Approved);
            let [ani, budi, citra] = before;
            let after = [(ani, 3), (budi, 5), (citra, 1)];
            assert_eq!(counts(&store).await, after);
            assert_eq!(link_all(&store).await.unwrap().moved, 0);
            assert_eq!(counts(&store).await, after);
            assert_replays(&store).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_does_not_let_one_undo_what_two_decided() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "standing_eyes").await {
        let (id, statements) = ranked(&store, folder.path()).await;
        let [_, _, dua, _] = asking(&store).await;
        let whole = Scope::whole();
        let by = officer(&whole);
        let before = counts(&store).await;
        let merge = decide(&store, &by, id, &statements[..2], Answer::Same).await;
        approve(&store, &dua, proposed(merge), "ya").await.unwrap();
        let same = store.decisions(&whole, 1).await.unwrap()[0].id;
        comes_again(&store, folder.path(), "Budi Baru").await;
        let back = proposed(undo(&store, &by, same).await);
        let told = store.proposal(&dua.role, back).await.unwrap().unwrap();
        assert_eq!(told.proposal.records, 2);
        comes_again(&store, folder.path(), "Budi Contoh Baru").await;
        let settled = approve(&store, &dua, back, "ya").await.unwrap();
        assert_eq!(settled, Settled::Approved);
        assert_eq!(counts(&store).await, before);
        assert_replays(&store).await;
    }
}

/// A doubt about a record that came again, before a run has seen it.
#[tokio::test(flavor = "multi_thread")]
async fn whose_a_record_is_outlasts_a_delivery() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "standing_late").await {
        let (id, statements) = ranked(&store, folder.path()).await;
        let [_, _, dua, _] = asking(&store).await;
        let whole = Scope::whole();
        let by = officer(&whole);
        comes_again(&store, folder.path(), "Budi Baru").await;
        let merge = decide(&store, &by, id, &statements[..2], Answer::Same).await;
        approve(&store, &dua, proposed(merge), "ya").await.unwrap();
        assert_eq!(who(&store, ANI).await, who(&store, BUDI).await);
        assert_eq!(counts(&store).await[0].1, 3);
        assert_replays(&store).await;
    }
}
