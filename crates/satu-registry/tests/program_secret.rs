//! A program's new secret while a second person is needed, on both databases.

use jiff::{SignedDuration, Timestamp};
use satu_registry::four_eyes::{OPERATOR, Taken, approve, propose_program, refuse, set};
use satu_registry::program_secret::{give_secret, secret_approved};
use satu_registry::review::ReviewError;
use satu_store::Store;
use satu_store::accounts::{INVITED, Role};
use satu_store::clients::{Client, Rights};
use satu_store::entry::{Done, Settled};

use crate::adding::empty;
use crate::assert_replays;
use crate::four_eyes::{account, asking, choice, proposed};

fn client(key: &str, role: Role) -> Client {
    Client {
        id: 0,
        key: key.into(),
        name: "Dasbor".into(),
        role,
        rights: Rights::parse("people.read").unwrap(),
        purpose: String::new(),
    }
}

async fn good(store: &Store, key: &str, secret: &str) -> bool {
    store.clients().proven(key, secret).await.unwrap().is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_of_a_program_needs_two_persons() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "eyes_secret").await {
        let clients = store.clients();
        let city = || Role::Officer {
            places: "Kota Contoh".into(),
        };
        for (key, role) in [("pusat", Role::Walidata), ("kota", city())] {
            let made = clients.add(client(key, role), "", "lama", "satu", Timestamp::now());
            made.await.unwrap();
        }
        // While four eyes are off, one gives it.
        let pusat = clients.named("pusat").await.unwrap();
        let done = give_secret(&store, &pusat, "mula", "satu", "").await;
        assert!(matches!(done.unwrap(), Taken::Done(_)));
        assert!(good(&store, "pusat", "mula").await);

        let [satu, lagi, dua, tiga] = asking(&store).await;
        let role = Role::Administrator {
            places: "Kota Contoh".into(),
        };
        let admin = account(&store, "admin", role).await;
        for key in ["pusat", "kota"] {
            let program = clients.named(key).await.unwrap();
            let give = async |secret: &str, by: &str| {
                give_secret(&store, &program, secret, by, "kebocoran").await
            };
            let unsaid = give_secret(&store, &program, "a", "satu", " ").await;
            assert!(matches!(unsaid, Err(ReviewError::NoReason)));
            let waits = proposed(give("a", "satu").await);
            assert_eq!(proposed(give("b", "satu").await), waits, "once");
            assert_eq!(proposed(give("c", "dua").await), waits, "whoever asks");
            // Not by who proposed it, nor by another account of theirs, nor beyond one's places.
            for own in [&satu, &lagi] {
                let refused = approve(&store, own, waits, "ya").await;
                assert!(matches!(refused, Err(ReviewError::Own)), "{refused:?}");
            }
            let seen = store.proposal(&admin.role, waits).await.unwrap();
            assert_eq!(seen.is_some(), key == "kota");
            approve(&store, &dua, waits, "benar").await.unwrap();
            for secret in ["a", "b", "c"] {
                assert!(!good(&store, key, secret).await, "nothing is given yet");
            }
            // Who approved it is given nothing, who proposed it a secret, once.
            let other = proposed(give("d", "dua").await);
            assert_ne!(other, waits);
            assert!(!good(&store, key, "d").await);
            refuse(&store, &satu, other, "tidak perlu").await.unwrap();
            let taken = give_secret(&store, &program, "e", "satu.lagi", "").await;
            assert!(matches!(taken.unwrap(), Taken::Done(_)));
            assert!(
                good(&store, key, "e").await && good(&store, key, "lama").await == (key == "kota")
            );
            let last = store.program_history(key).await.unwrap().pop().unwrap();
            let turned = Done::ProgramTurned {
                key: key.to_owned(),
                proposal: Some(waits),
            };
            assert_eq!((last.act.done, last.act.by.as_str()), (turned, "satu.lagi"));
            let again = proposed(give("f", "satu").await);
            assert!(!good(&store, key, "f").await);
            refuse(&store, &tiga, again, "sudah ada").await.unwrap();
            let refused = proposed(give("g", "satu").await);
            assert!(refused > again && !good(&store, key, "g").await);

            // What was approved before the program was closed opens it no more, nor what is long ago.
            approve(&store, &tiga, refused, "benar").await.unwrap();
            let now = Timestamp::now();
            let approved = async |now| secret_approved(&store, &program, "satu", now).await;
            assert_eq!(approved(now).await.unwrap(), Some(refused));
            let late = now + INVITED + SignedDuration::from_secs(60);
            assert_eq!(approved(late).await.unwrap(), None);
            clients.close(key, "tiga").await.unwrap();
            assert_eq!(approved(Timestamp::now()).await.unwrap(), None);
            proposed(give("h", "satu").await);
            assert!(!good(&store, key, "h").await && !good(&store, key, "e").await);
        }
        // Who proposed a program takes its first secret by what made it, the operator too.
        for by in [OPERATOR, "satu"] {
            let key = format!("baru {}", by.len());
            let new = client(&key, Role::Walidata);
            let waits = propose_program(&store, &new, "", by, "dasbor").await;
            let waits = waits.unwrap().unwrap().number();
            assert_eq!(
                approve(&store, &dua, waits, "benar").await.unwrap(),
                Settled::Approved
            );
            let new = clients.named(&key).await.unwrap();
            proposed(give_secret(&store, &new, "i", "tiga", "coba").await);
            let taken = give_secret(&store, &new, "j", by, "").await;
            assert!(matches!(taken.unwrap(), Taken::Done(_)));
            assert!(good(&store, &key, "j").await && !good(&store, &key, "i").await);
            proposed(give_secret(&store, &new, "k", by, "lagi").await);
            assert!(!good(&store, &key, "k").await);
        }
        let off = proposed(set(&store, choice(false, 0), "contoh").await);
        approve(&store, &tiga, off, "benar").await.unwrap();
        let taken = give_secret(&store, &pusat, "l", "dua", "").await;
        assert!(matches!(taken.unwrap(), Taken::Done(_)));
        assert_replays(&store).await;
    }
}
