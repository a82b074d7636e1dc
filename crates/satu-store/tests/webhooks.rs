//! The addresses that are told of changes: who holds one, how far it has come, what is put aside.

use jiff::{SignedDuration, Timestamp};
use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_store::accounts::Role;
use satu_store::clients::{Client, Rights};
use satu_store::entry::{Entry, Linked};
use satu_store::{Scope, Store};

use crate::{databases, deliver, key_file, source};

async fn program(store: &Store, key: &str, role: Role) -> i64 {
    let client = Client {
        id: 0,
        key: key.into(),
        name: key.into(),
        role,
        rights: Rights::parse("changes.read").unwrap(),
        purpose: String::new(),
    };
    let made = store
        .clients()
        .add(client, "", key, "satu", Timestamp::now())
        .await;
    made.unwrap().id
}

/// Makes some persons, of each a change.
async fn persons(store: &Store, numbers: std::ops::Range<i64>) {
    let mut writer = store.begin().await.unwrap();
    writer
        .append(&source("pusat", SourceKind::Central))
        .await
        .unwrap();
    for person in numbers {
        let nip = format!("19850317201001{person:04}");
        let row = [("nip", nip.as_str()), ("nama", "Contoh")];
        let made = deliver(&mut writer, "pusat", Kind::DataUtama, &[&row]).await;
        let moved = vec![(made[0], person)];
        writer
            .append(&Entry::Linked(Linked { moved }))
            .await
            .unwrap();
    }
    writer.commit().await.unwrap();
}

#[tokio::test]
async fn an_address_is_told_by_one_worker_at_a_time_and_from_where_it_was() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = Store::open(address, &key_file()).await.unwrap();
        persons(&store, 1..4).await;
        let hooks = store.webhooks();
        let instansi = "Kota Contoh".to_owned();
        let kota = program(
            &store,
            "kota",
            Role::Officer {
                places: instansi.into(),
            },
        )
        .await;
        let pusat = program(&store, "pusat", Role::Walidata).await;
        assert!(!hooks.any().await.unwrap());
        let now = Timestamp::now();
        let hold = SignedDuration::from_secs(60);
        let add =
            async |client: i64, url: &str| hooks.add(client, url, "", "n1", now).await.unwrap();
        let id = add(pusat, "https://a.example/").await.unwrap();
        let other = add(kota, "https://b.example/").await.unwrap();
        assert_eq!(
            hooks.one(id).await.unwrap().unwrap().place.id,
            3,
            "from now on"
        );
        assert_eq!(
            hooks.claim(now, hold).await.unwrap(),
            None,
            "nothing is new"
        );

        persons(&store, 4..7).await;
        let held = hooks.claim(now, hold).await.unwrap().unwrap();
        assert_eq!((held.id, held.client.id), (id, pusat));
        let second = hooks.claim(now, hold).await.unwrap().unwrap();
        assert_eq!(second.id, other);
        assert_eq!(hooks.claim(now, hold).await.unwrap(), None, "both are held");
        // A worker that was killed holds it no longer than this.
        let later = now + SignedDuration::from_secs(61);
        assert_eq!(hooks.claim(later, hold).await.unwrap().unwrap().place.id, 3);

        // How far it has come never goes back.
        let away = now + SignedDuration::from_mins(110);
        hooks.failed(other, "antri", away).await.unwrap();
        hooks.told(id, 5).await.unwrap();
        hooks.told(id, 4).await.unwrap();
        assert_eq!(hooks.one(id).await.unwrap().unwrap().place.id, 5);
        hooks.release(id, now).await.unwrap();
        hooks.failed(id, "antri", later).await.unwrap();
        assert_eq!(hooks.claim(now, hold).await.unwrap(), None, "it waits");
        let held = hooks.claim(later, hold).await.unwrap().unwrap();
        assert_eq!((held.id, held.tries, held.fault.as_str()), (id, 1, "antri"));

        // Put aside, tried again, and told.
        hooks
            .give_up(&held, 6, "tidak ada", 2, later)
            .await
            .unwrap();
        hooks.release(id, now).await.unwrap();
        let dead = hooks.dead(id, 0, 9).await.unwrap();
        assert_eq!(
            (dead.len(), dead[0].change, dead[0].tries, dead[0].again),
            (1, 6, 2, false)
        );
        assert_eq!(hooks.claim(later, hold).await.unwrap(), None);
        assert_eq!(hooks.again(id, Some(7)).await.unwrap(), 0);
        assert_eq!(hooks.again(id, None).await.unwrap(), 1);
        let held = hooks.claim(later, hold).await.unwrap().unwrap();
        assert_eq!((held.id, held.dead, held.lost), (id, 1, 1));
        hooks.settled(id, 6, Some("lagi")).await.unwrap();
        let dead = hooks.dead(id, 0, 9).await.unwrap();
        assert_eq!(
            (dead[0].tries, dead[0].again, dead[0].fault.as_str()),
            (3, false, "lagi")
        );
        hooks.settled(id, 6, None).await.unwrap();
        assert!(hooks.dead(id, 0, 9).await.unwrap().is_empty());

        // Two given up in a row, and it is left alone until somebody says so.
        persons(&store, 7..8).await;
        hooks
            .give_up(&held, 7, "tidak ada", 2, later)
            .await
            .unwrap();
        hooks.release(id, now).await.unwrap();
        assert!(hooks.one(id).await.unwrap().unwrap().stopped);
        persons(&store, 8..9).await;
        assert_eq!(hooks.claim(later, hold).await.unwrap(), None);
        hooks.resume(id).await.unwrap();
        assert_eq!(hooks.claim(later, hold).await.unwrap().unwrap().place.id, 7);

        // Whose they are; a new secret; a closed program is told nothing.
        let ids = async |scope: Scope| -> Vec<i64> {
            let all = hooks.within(&scope).await.unwrap();
            all.iter().map(|one| one.id).collect()
        };
        assert_eq!(ids(Scope::whole()).await, [id, other]);
        assert_eq!(ids(Scope::agency("kota contoh")).await, [other]);
        assert!(ids(Scope::agency("Kota Lain")).await.is_empty());
        hooks.rotate(id, "n2", later).await.unwrap();
        let turned = hooks.one(id).await.unwrap().unwrap();
        assert_eq!(turned.nonces, ["n2".to_owned(), "n1".to_owned()]);
        let end = later + SignedDuration::from_hours(1);
        assert_eq!(hooks.claim(end, hold).await.unwrap().unwrap().id, id);
        hooks.release(id, now).await.unwrap();
        store.clients().close("pusat", "satu").await.unwrap();
        assert_eq!(hooks.claim(end, hold).await.unwrap(), None);
        for number in 0..9 {
            assert!(
                add(kota, &format!("https://c.example/{number}"))
                    .await
                    .is_some()
            );
        }
        assert_eq!(
            add(kota, "https://c.example/").await,
            None,
            "no more than ten"
        );
        let last = hooks.of(kota).await.unwrap()[9].id;
        for gone in [id, last] {
            hooks.remove(gone).await.unwrap();
            assert_eq!(hooks.one(gone).await.unwrap(), None);
        }
        // A worker that still tells a removed address writes nothing on the one that follows.
        let again = hooks.add(kota, "https://d.example/", "", "n1", Timestamp::now());
        let again = again.await.unwrap().unwrap();
        assert!(again > last, "{again} is used again");
        assert!(hooks.dead(id, 0, 9).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn slow_addresses_keep_no_other_from_being_told() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = Store::open(address, &key_file()).await.unwrap();
        let hooks = store.webhooks();
        let (mut now, hold) = (Timestamp::now(), SignedDuration::from_hours(1));
        let slow = program(&store, "lambat", Role::Walidata).await;
        let others = [
            program(&store, "a", Role::Walidata).await,
            program(&store, "b", Role::Walidata).await,
        ];
        let mut added = Vec::new();
        for client in [slow, slow, slow, others[0], others[1]] {
            let id = hooks.add(client, "https://a.example/", "", "n", now).await;
            added.push(id.unwrap().unwrap());
        }
        persons(&store, 1..9).await;

        // Two of a program at a time, though it has more.
        let mut claimed = Vec::new();
        while let Some(hook) = hooks.claim(now, hold).await.unwrap() {
            claimed.push(hook.id);
        }
        let [first, second, third, a, b] = added[..] else {
            panic!("{added:?}")
        };
        assert_eq!(claimed, [first, second, a, b], "{address}");

        // Whoever had a turn comes after whoever has waited, however much is left to tell.
        let mut turns = Vec::new();
        for (place, id) in (1..).zip([first, a, second, third, b, first]) {
            now += SignedDuration::from_secs(30);
            hooks.told(id, place).await.unwrap();
            hooks.release(id, now).await.unwrap();
            turns.push(hooks.claim(now, hold).await.unwrap().unwrap().id);
        }
        assert_eq!(turns, [third, a, first, second, b, third], "{address}");
    }
}

/// A clock that was a year ahead, and is right again.
#[tokio::test]
async fn what_a_wrong_clock_held_is_told_when_it_is_right() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = Store::open(address, &key_file()).await.unwrap();
        let pusat = program(&store, "pusat", Role::Walidata).await;
        let hooks = store.webhooks();
        let (now, hold) = (Timestamp::now(), SignedDuration::from_mins(2));
        let ahead = now + SignedDuration::from_hours(365 * 24);
        let id = hooks.add(pusat, "https://a.example/", "", "n", ahead);
        let id = id.await.unwrap().unwrap();
        persons(&store, 1..3).await;
        // Added, claimed by a worker that is killed, and tried in vain, all by that clock.
        assert!(hooks.claim(ahead, hold).await.unwrap().is_some());
        let held = hooks.claim(now, hold).await.unwrap();
        assert_eq!(held.map(|hook| hook.id), Some(id), "{address}");
        assert_eq!(hooks.claim(now, hold).await.unwrap(), None, "it is held");
        hooks.failed(id, "antri", ahead).await.unwrap();
        hooks.release(id, now).await.unwrap();
        let held = hooks.claim(now, hold).await.unwrap();
        assert_eq!(held.map(|hook| hook.id), Some(id), "{address}");
        hooks.release(id, now).await.unwrap();

        // What waits as it should waits still.
        let later = now + SignedDuration::from_hours(1);
        hooks.failed(id, "antri", later).await.unwrap();
        assert_eq!(hooks.claim(now, hold).await.unwrap(), None);
        hooks.release(id, now).await.unwrap();
        assert_eq!(hooks.claim(now, hold).await.unwrap(), None);
        assert!(hooks.claim(later, hold).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn an_address_whose_place_is_gone_is_left_alone_at_the_newest() {
    let (_folder, addresses) = databases().await;
    for address in &addresses {
        let store = Store::open(address, &key_file()).await.unwrap();
        let pusat = program(&store, "pusat", Role::Walidata).await;
        let hooks = store.webhooks();
        let (now, hold) = (Timestamp::now(), SignedDuration::from_mins(2));
        let id = hooks.add(pusat, "https://a.example/", "", "n", now).await;
        let id = id.unwrap().unwrap();
        persons(&store, 1..4).await;
        let all = store.changes(&Scope::whole(), 0, 9, false).await.unwrap();
        let [first, second, ..] = &all.changes[..] else {
            panic!("{all:?}")
        };
        // Where it is, it is with the mark.
        hooks.told(id, first.cursor()).await.unwrap();
        let hook = hooks.claim(now, hold).await.unwrap().unwrap();
        assert_eq!(hook.place, first.cursor());
        assert!(store.has_place(hook.place).await.unwrap());
        hooks
            .give_up(&hook, second.cursor(), "lain", 9, now)
            .await
            .unwrap();
        assert_eq!(hooks.one(id).await.unwrap().unwrap().place, second.cursor());
        hooks.release(id, now).await.unwrap();

        // A place beyond the end is noticed, too: a worker takes the address.
        hooks.told(id, 9).await.unwrap();
        let hook = hooks.claim(now, hold).await.unwrap().unwrap();
        assert!(!store.has_place(hook.place).await.unwrap());
        let newest = store.newest_change().await.unwrap();
        hooks.lose_place(id, newest, "feed").await.unwrap();
        hooks.release(id, now).await.unwrap();
        let hook = hooks.one(id).await.unwrap().unwrap();
        assert_eq!((hook.place, hook.stopped, hook.dead), (all.cursor, true, 0));
        persons(&store, 4..5).await;
        assert_eq!(
            hooks.claim(now, hold).await.unwrap(),
            None,
            "it is left alone"
        );
        hooks.resume(id).await.unwrap();
        assert_eq!(hooks.claim(now, hold).await.unwrap().unwrap().place, newest);
    }
}
