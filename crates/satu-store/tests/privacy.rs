//! The registers of UU 27/2022, on both databases.

use jiff::{SignedDuration, Timestamp};
use satu_store::privacy::{About, Affected, CLOCK, Told, Verdict};
use satu_store::{Scope, Store};

use crate::asking::{ANI, BUDI, CITRA, two_agencies};
use crate::databases;

/// UU 27/2022 art. 30, 32, 41 and 46 all say three times 24 hours.
#[test]
fn the_clock_is_that_of_the_law() {
    assert_eq!(CLOCK, SignedDuration::from_hours(72));
}

fn at(hours: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours)
}

#[tokio::test]
async fn a_request_is_seen_within_reach_and_answered_once() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = two_agencies(&address).await;
        let kota = Scope::agency("Kota Contoh");
        let first = store.ask(ANI, About::Correction, "Agama salah", at(1));
        let first = first.await.unwrap();
        let second = store.ask(BUDI, About::Access, "", at(2)).await.unwrap();
        let third = store.ask(CITRA, About::Objection, "x'; --", at(3));
        let third = third.await.unwrap();

        let ids = async |scope: &Scope| {
            let (all, waiting, found) = store.requests(scope, 0, 9).await.unwrap();
            assert_eq!(all, found.len() as i64);
            let ids: Vec<i64> = found.iter().map(|one| one.id).collect();
            (waiting, ids)
        };
        assert_eq!(ids(&Scope::whole()).await, (3, vec![first, second, third]));
        assert_eq!(ids(&kota).await, (2, vec![first, third]));
        assert_eq!(ids(&Scope::own(BUDI)).await, (1, vec![second]));
        assert_eq!(ids(&Scope::agency("Kota Lain")).await, (0, vec![]));
        assert_eq!(store.request(&kota, second).await.unwrap(), None);

        let asked = store.request(&kota, first).await.unwrap().unwrap();
        assert_eq!(
            (asked.about, asked.text.as_str()),
            (About::Correction, "Agama salah")
        );
        assert_eq!(
            (asked.at, asked.due(), &asked.verdict),
            (at(1), at(73), &None)
        );
        assert!(!asked.late(at(73)) && asked.late(at(74)));

        let verdict = |hours| Verdict {
            at: at(hours),
            by: "petugas".into(),
            granted: true,
            answer: "Sudah dibetulkan".into(),
        };
        assert!(!store.answer(&kota, second, &verdict(5)).await.unwrap());
        assert!(store.answer(&kota, first, &verdict(80)).await.unwrap());
        assert!(!store.answer(&kota, first, &verdict(90)).await.unwrap());
        let asked = store.request(&kota, first).await.unwrap().unwrap();
        assert_eq!(asked.verdict, Some(verdict(80)));
        assert!(asked.late(at(0)), "it was answered after 79 hours");
        assert_eq!(ids(&kota).await, (1, vec![third, first]));
        let (all, _, found) = store.requests(&kota, 1, 1).await.unwrap();
        assert_eq!((all, found[0].id), (2, first));
    }
}

#[tokio::test]
async fn a_breach_is_seen_by_whom_it_touches() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = two_agencies(&address).await;
        let (whole, kota) = (Scope::whole(), Scope::agency("Kota Contoh"));
        let [ani, budi, citra] = [ANI, BUDI, CITRA].map(|nip| person(&store, nip));
        let (ani, budi, citra) = (ani.await, budi.await, citra.await);
        let told = [
            "NIK dan alamat",
            "Akun petugas dipakai orang lain",
            "Akun ditutup",
        ];
        let id = store.note_breach(at(10), "walidata", told).await.unwrap();
        assert!(store.breach(&kota, id).await.unwrap().is_none());

        // Only what was looked at in those hours, and only within reach.
        let look = async |person, hours| {
            let persons = [person];
            let noted = store.note_access(&persons, "petugas", "layanan", at(hours));
            noted.await.unwrap();
        };
        look(ani, 4).await;
        look(budi, 5).await;
        look(citra, 9).await;
        let looked = |until| Affected::LookedAt {
            login: "petugas".into(),
            from: at(4),
            until: at(until),
        };
        assert_eq!(store.affect(&kota, id, &looked(5)).await.unwrap(), 1);
        assert_eq!(store.affect(&whole, id, &looked(5)).await.unwrap(), 1);
        assert_eq!(store.affect(&whole, id, &looked(5)).await.unwrap(), 0);
        let nip = Affected::Nip(CITRA.into());
        assert_eq!(store.affect(&whole, id, &nip).await.unwrap(), 1);
        let agency = Affected::Agency("KABUPATEN contoh".into());
        assert_eq!(store.affect(&whole, id, &agency).await.unwrap(), 0);

        let seen = async |scope: &Scope| store.breach(scope, id).await.unwrap().unwrap().affected;
        assert_eq!((seen(&whole).await, seen(&kota).await), (3, 2));
        let persons = store.affected(&kota, id, 0, 9).await.unwrap();
        let names: Vec<_> = persons.iter().map(|one| (one.0, one.2.as_str())).collect();
        assert_eq!(names, [(ani, ANI), (citra, CITRA)]);
        assert_eq!(store.affected(&whole, id, ani, 1).await.unwrap()[0].0, budi);

        let breach = store.breach(&whole, id).await.unwrap().unwrap();
        assert_eq!([&breach.data, &breach.how, &breach.handling], told);
        assert!(!breach.late(at(82)) && breach.late(at(83)));
        store.note_told(id, Told::Persons, at(20)).await.unwrap();
        store.note_told(id, Told::Persons, at(30)).await.unwrap();
        let breach = store.breaches(&Scope::own(BUDI)).await.unwrap().remove(0);
        assert_eq!(breach.told, [Some(at(20)), None, None]);
        assert!(breach.late(at(83)), "the authority was not told");
        store.note_told(id, Told::Authority, at(40)).await.unwrap();
        let again = ["NIK", "Sandi tertebak", "Akun ditutup, sandi diganti"];
        store.retell_breach(id, again).await.unwrap();
        let breach = store.breaches(&whole).await.unwrap().remove(0);
        assert!(!breach.late(at(999)));
        assert_eq!([&breach.data, &breach.how, &breach.handling], again);
        assert_eq!(
            store.breaches(&Scope::agency("Kota Lain")).await.unwrap(),
            []
        );
    }
}

async fn person(store: &Store, nip: &str) -> i64 {
    store.find(&Scope::whole(), "nip", nip).await.unwrap()[0]
}
