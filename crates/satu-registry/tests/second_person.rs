//! Who the second person may not be, and that there always is one, on both databases.

use satu_registry::four_eyes::{approve, close, concerns, refuse, withdraw};
use satu_registry::review::{Answer, ReviewError, decide, set_value, undo};
use satu_store::Scope;
use satu_store::entry::Settled;

use crate::adding::empty;
use crate::deciding::in_doubt;
use crate::four_eyes::{asking, decider, proposed};
use crate::{ANI, BUDI, assert_replays, who};

/// What changes somebody's own record is for others to approve, by whatever NIP their records know them.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_approves_what_is_about_themselves() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "eyes_self").await {
        let (doubt, statements) = in_doubt(&store, folder.path()).await;
        let [_, _, dua, tiga] = asking(&store).await;
        store.accounts().set_nip("dua", ANI).await.unwrap();
        let whole = Scope::whole();
        let by = decider(&whole, "satu");
        let retired = async |nip: &str| {
            let person = who(&store, nip).await;
            let status = set_value(&store, &by, person, "kedudukan_hukum", "Pensiun").await;
            proposed(status)
        };
        let (own, another) = (retired(ANI).await, retired(BUDI).await);
        let merge = decide(&store, &by, doubt, &statements[..2], Answer::Same).await;
        let merge = proposed(merge);
        for about in [own, merge] {
            let refused = approve(&store, &dua, about, "ya").await;
            assert!(matches!(refused, Err(ReviewError::Own)), "{refused:?}");
            let refused = refuse(&store, &dua, about, "tidak").await;
            assert!(matches!(refused, Err(ReviewError::Own)), "{refused:?}");
            let told = store.proposal(&dua.role, about).await.unwrap().unwrap();
            assert!(concerns(&store, &dua, &told).await.unwrap());
            assert!(!concerns(&store, &tiga, &told).await.unwrap());
        }
        let done = approve(&store, &dua, another, "benar").await.unwrap();
        assert_eq!(done, Settled::Approved);
        let done = approve(&store, &tiga, merge, "benar").await.unwrap();
        assert_eq!(done, Settled::Approved);

        // Of two who are one person now, either NIP is theirs.
        assert_eq!(who(&store, ANI).await, who(&store, BUDI).await);
        let decisions = store.decisions(&whole, 9).await.unwrap();
        let merged = decisions.iter().max_by_key(|one| one.id).unwrap().id;
        let apart = proposed(undo(&store, &by, merged).await);
        for nip in [ANI, BUDI] {
            store.accounts().set_nip("dua", nip).await.unwrap();
            let refused = approve(&store, &dua, apart, "ya").await;
            assert!(matches!(refused, Err(ReviewError::Own)), "{refused:?}");
        }

        // One's own may be taken back, whomever it touches.
        store.accounts().set_nip("satu", ANI).await.unwrap();
        let satu = store.accounts().named("satu").await.unwrap();
        let taken = withdraw(&store, &satu, apart, "keliru").await.unwrap();
        assert_eq!(taken, Settled::Withdrawn);
        assert_replays(&store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_closings_at_once_leave_two_persons() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "eyes_close").await {
        asking(&store).await;
        // satu and satu.lagi are one person: of three, one may go.
        let (one, two) = tokio::join!(close(&store, "dua"), close(&store, "tiga"));
        let gone = [&one, &two].map(Result::is_ok);
        let kept = [&one, &two].map(|done| matches!(done, Err(ReviewError::Alone)));
        assert!(gone[0] != gone[1] && kept[0] != kept[1], "{one:?} {two:?}");
        assert_eq!(store.accounts().centres("").await.unwrap(), 2);
    }
}
