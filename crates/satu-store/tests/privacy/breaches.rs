//! Whom a breach touches, and who sees it.

use jiff::{SignedDuration, Timestamp};
use satu_store::access::Opening;
use satu_store::accounts::Role;
use satu_store::entry::{Entry, Linked};
use satu_store::privacy::{Adding, Affected, Breach, Told};
use satu_store::{OPEN, Scope, Store};

use super::{TOLD, added, words};
use crate::asking::{ANI, BUDI, CITRA, two_agencies};
use crate::clients::client;
use crate::{assert_replays, at, databases, deliver, moved};

/// Of the masked openings of a day the first alone is on record.
#[tokio::test]
async fn a_record_opened_earlier_that_day_is_among_those_that_a_breach_touches() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = two_agencies(&address).await;
        let whole = Scope::whole();
        let opening = |person, hour| Opening {
            person,
            by: "petugas".to_owned(),
            at: at(hour),
        };
        // In Jakarta the day of the breach begins at 17:00 UTC, hour 41.
        let [ani, budi, citra] = [ANI, BUDI, CITRA].map(|nip| person(&store, nip));
        let (ani, budi, citra) = (ani.await, budi.await, citra.await);
        let openings = [opening(ani, 40), opening(budi, 42), opening(citra, 51)];
        store.note_openings(&openings).await.unwrap();
        let persons = [ani];
        let full = store.note_access(&persons, "petugas", "layanan", at(42));
        full.await.unwrap();
        let id = store.note_breach(at(60), words(TOLD), "walidata");
        let id = id.await.unwrap();
        let whom = Affected::LookedAt {
            login: "petugas".into(),
            from: at(45),
            until: at(50),
        };
        assert_eq!(added((&store, "walidata"), &whole, id, whom).await, 1);
        let touched = store.affected(&whole, id, 9).await.unwrap();
        assert_eq!(touched.iter().map(|one| one.0).collect::<Vec<_>>(), [budi]);
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
        let id = store.note_breach(at(10), words(TOLD), "walidata");
        let id = id.await.unwrap();
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
        let affect = async |scope, id, whom| added((&store, "walidata"), scope, id, whom).await;
        assert_eq!(affect(&kota, id, looked(5)).await, 1);
        assert_eq!(affect(&whole, id, looked(5)).await, 1);
        assert_eq!(affect(&whole, id, looked(5)).await, 0);
        assert_eq!(affect(&whole, id, Affected::Nip(CITRA.into())).await, 1);
        let agency = Affected::Agency("KABUPATEN contoh".into());
        assert_eq!(affect(&whole, id, agency).await, 0);
        assert_eq!(affect(&whole, 1, Affected::Nip(CITRA.into())).await, 0);

        let seen = async |scope: &Scope| store.count_affected(scope, id).await.unwrap();
        assert_eq!((seen(&whole).await, seen(&kota).await), (3, 2));
        let persons = store.affected(&kota, id, 9).await.unwrap();
        let names: Vec<_> = persons.iter().map(|one| (one.0, one.2.as_str())).collect();
        assert_eq!(names, [(ani, ANI), (citra, CITRA)]);
        let two = store.affected(&whole, id, 2).await.unwrap();
        assert_eq!([two[0].0, two[1].0, two.len() as i64], [ani, budi, 2]);

        let breach = store.breach(&whole, id).await.unwrap().unwrap();
        assert_eq!((breach.words.clone(), breach.found), (words(TOLD), at(10)));
        assert_eq!(breach.by, "walidata");
        assert!(!breach.late(at(82)) && breach.late(at(83)));
        let tell = async |id, whom| store.note_told(id, whom, "walidata").await.unwrap();
        assert!(tell(id, Told::Persons).await);
        assert!(!tell(id, Told::Persons).await && !tell(1, Told::Public).await);
        let breach = store.breaches(&Scope::own(BUDI)).await.unwrap().remove(0);
        let first = breach.told(Told::Persons).unwrap();
        assert_eq!(breach.told, [Some(first), None, None]);
        let early = |breach: Breach| Breach {
            found: first - SignedDuration::from_hours(1),
            ..breach
        };
        let breach = early(breach);
        assert!(breach.late(breach.due() + SignedDuration::from_hours(1)));
        assert!(tell(id, Told::Authority).await);
        let again = words(["NIK", "Sandi tertebak", "Akun ditutup, sandi diganti"]);
        let retold = store.retell_breach(id, again.clone(), "walidata");
        assert!(retold.await.unwrap());
        let retold = store.retell_breach(1, again.clone(), "walidata");
        assert!(!retold.await.unwrap());
        let breach = early(store.breaches(&whole).await.unwrap().remove(0));
        assert!(!breach.late(Timestamp::MAX), "both were told in time");
        assert_eq!((&breach.words, breach.told[0]), (&again, Some(first)));
        assert_eq!(
            store.breaches(&Scope::agency("Kota Lain")).await.unwrap(),
            []
        );
    }
}

/// What a person's records are of whom is settled anew; whom a breach touches follows.
#[tokio::test]
async fn who_is_touched_stays_so_whatever_becomes_of_the_records() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = two_agencies(&address).await;
        let whole = Scope::whole();
        // One whose record has no NIP, and stands under the number alone.
        let mut writer = store.begin().await.unwrap();
        let row = [("nik", "3273010403920001"), ("nama", "Dewi Contoh")];
        let dewi = deliver(&mut writer, "a", satu_domain::Kind::DataUtama, &[&row]).await[0];
        writer.commit().await.unwrap();
        let budi = store.person(&whole, 2, None, OPEN).await.unwrap().unwrap();
        let budi: Vec<i64> = budi.evidence.iter().map(|one| one.statement).collect();
        moved(&store, &[dewi], 4).await;
        let id = store.note_breach(at(1), words(TOLD), "walidata");
        let id = id.await.unwrap();
        let agency = Affected::Agency("Kota Contoh".into());
        let whom = [Affected::Nip(BUDI.into()), agency];
        let all = store.affect(&whole, id, &whom, "walidata").await;
        assert_eq!(all.unwrap(), Adding::Added(4));
        let touched = async || {
            let persons = store.affected(&whole, id, 9).await.unwrap();
            let count = store.count_affected(&whole, id).await.unwrap();
            assert_eq!(count, persons.len() as i64);
            let numbers = persons.into_iter().map(|(person, ..)| person);
            numbers.collect::<Vec<i64>>()
        };
        assert_eq!(touched().await, [1, 2, 3, 4]);
        moved(&store, &budi, 7).await;
        assert_eq!(touched().await, [1, 3, 4, 7]);
        let own = store.breaches(&Scope::own(BUDI)).await.unwrap();
        let count = store.count_affected(&Scope::own(BUDI), id).await.unwrap();
        assert_eq!((own.len(), count), (1, 1));
        moved(&store, &budi, 1).await;
        assert_eq!(touched().await, [1, 3, 4]);
        moved(&store, &budi, 2).await;
        assert_eq!(touched().await, [1, 2, 3, 4]);
        assert_replays(&store).await;
    }
}

/// By whom nobody is found is told, all of it, and nobody else is added meanwhile.
#[tokio::test]
async fn persons_are_added_all_or_none() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = two_agencies(&address).await;
        let (whole, kota) = (Scope::whole(), Scope::agency("Kota Contoh"));
        let id = store.note_breach(at(1), words(TOLD), "walidata");
        let id = id.await.unwrap();
        let nip = |nip: &str| Affected::Nip(nip.into());
        let agency = |name: &str| Affected::Agency(name.into());
        let looked = |login: &str| Affected::LookedAt {
            login: login.into(),
            from: at(4),
            until: at(5),
        };
        // Of an account that is no more the record of looks knows.
        let persons = [person(&store, ANI).await];
        let noted = store.note_access(&persons, "dahulu", "layanan", at(9));
        noted.await.unwrap();
        let officer = Role::Officer {
            places: "Kota Contoh".into(),
        };
        let accounts = store.accounts();
        accounts.add("ada", "Ada", officer, "x").await.unwrap();
        let made = client("people.read");
        let (clients, now) = (store.clients(), Timestamp::now());
        clients.add(made, "", "rahasia", "ada", now).await.unwrap();

        let head = store.head().await.unwrap();
        let nobody = [
            nip("199203042019031009"),
            looked("tiada"),
            agency("Kota Tiada"),
        ];
        let some = [nip(ANI), agency("Kabupaten Contoh")];
        let both = [some.as_slice(), &nobody].concat();
        let none = store.affect(&whole, id, &both, "walidata").await;
        assert_eq!(none.unwrap(), Adding::Unknown(nobody.to_vec()));
        let outside = [nip(CITRA), nip(BUDI)];
        let none = store.affect(&kota, id, &outside, "walidata").await;
        assert_eq!(none.unwrap(), Adding::Unknown(vec![nip(BUDI)]));
        assert_eq!(store.head().await.unwrap(), head);
        assert!(touched(&store, &whole, id).await.is_empty());

        let all = [some.as_slice(), &some].concat();
        for count in [2, 0] {
            let new = store.affect(&whole, id, &all, "walidata").await;
            assert_eq!(new.unwrap(), Adding::Added(count));
        }
        for login in ["dahulu", "ada", "program:kunci"] {
            let new = added((&store, "walidata"), &whole, id, looked(login));
            assert_eq!(new.await, 0, "{login}");
        }
    }
}

/// Puts a breach on the register that touches the person of a NIP.
async fn breach_of(store: &Store, nip: &str) -> i64 {
    let id = store.note_breach(at(1), words(TOLD), "walidata");
    let id = id.await.unwrap();
    let whom = Affected::Nip(nip.into());
    let whole = Scope::whole();
    assert_eq!(added((store, "walidata"), &whole, id, whom).await, 1);
    id
}

/// The numbers of those whom a breach touches, within reach.
async fn touched(store: &Store, scope: &Scope, id: i64) -> Vec<i64> {
    let persons = store.affected(scope, id, 9).await.unwrap();
    let count = store.count_affected(scope, id).await.unwrap();
    assert_eq!(count, persons.len() as i64, "{scope:?}");
    let seen = store.breach(scope, id).await.unwrap();
    let listed = store.breaches(scope).await.unwrap();
    let there = scope.is_whole() || !persons.is_empty();
    assert_eq!((seen.is_some(), listed.len() == 1), (there, there));
    persons.into_iter().map(|(person, ..)| person).collect()
}

/// A record that states a NIP of somebody else makes nobody read of what is that one's.
#[tokio::test]
async fn whoever_is_said_to_have_a_nip_and_has_another_is_not_told() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = two_agencies(&address).await;
        let mistaken = [("nama", "Ani Soekarno"), ("nip", BUDI)];
        for round in [1, 2] {
            let mut writer = store.begin().await.unwrap();
            let kind = satu_domain::Kind::DataUtama;
            let said = deliver(&mut writer, "a", kind, &[&mistaken]).await[0];
            let moved = vec![(said, 1)];
            let linked = Entry::Linked(Linked { moved });
            writer.append(&linked).await.unwrap();
            writer.commit().await.unwrap();
            assert_eq!(
                store
                    .find(&Scope::whole(), "nip", BUDI)
                    .await
                    .unwrap()
                    .len(),
                2
            );
            if round == 1 {
                breach_of(&store, BUDI).await;
            }
        }
        let breach = store.breaches(&Scope::whole()).await.unwrap().remove(0).id;
        for (scope, expected) in [
            (Scope::whole(), vec![2]),
            (Scope::own(BUDI), vec![2]),
            (Scope::own(ANI), vec![]),
            (Scope::agency("Kabupaten Contoh"), vec![2]),
            (Scope::agency("Kota Contoh"), vec![]),
        ] {
            assert_eq!(touched(&store, &scope, breach).await, expected);
        }
    }
}

/// Whose NIP was mended is told under the new one, and who bears the old one is told, too.
#[tokio::test]
async fn whose_nip_was_mended_is_told_as_well_as_who_has_it_now() {
    const OLD: &str = "199203042019031002";
    const NEW: &str = "199203042019031003";
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = two_agencies(&address).await;
        let said = async |nik: &'static str, nip: &'static str| {
            let row = [("nik", nik), ("nip", nip), ("nama", "Eka Contoh")];
            let mut writer = store.begin().await.unwrap();
            let kind = satu_domain::Kind::DataUtama;
            let said = deliver(&mut writer, "b", kind, &[&row]).await[0];
            writer.commit().await.unwrap();
            said
        };
        let (eka, other) = ("3273014403920001", "3273014403920002");
        moved(&store, &[said(eka, OLD).await], 8).await;
        let id = breach_of(&store, OLD).await;
        // The same record, told anew: it stays the person's.
        let mended = said(eka, NEW).await;
        let (whole, old, new) = (Scope::whole(), Scope::own(OLD), Scope::own(NEW));
        let kabupaten = Scope::agency("Kabupaten Contoh");
        for scope in [&whole, &new, &kabupaten] {
            assert_eq!(touched(&store, scope, id).await, [8]);
        }
        assert!(touched(&store, &old, id).await.is_empty());
        moved(&store, &[said(other, OLD).await], 9).await;
        for (scope, expected) in [
            (&whole, vec![8, 9]),
            (&kabupaten, vec![8, 9]),
            (&new, vec![8]),
            (&old, vec![9]),
        ] {
            assert_eq!(touched(&store, scope, id).await, expected);
        }
        // No one twice, whether the other is named too or both become one.
        let whom = Affected::Nip(OLD.into());
        assert_eq!(added((&store, "walidata"), &whole, id, whom).await, 1);
        for (to, expected) in [
            (8, [8, 9].as_slice()),
            (9, &[9]),
            (8, &[8, 9]),
            (2, &[2, 9]),
        ] {
            moved(&store, &[mended], to).await;
            for scope in [&whole, &kabupaten] {
                assert_eq!(touched(&store, scope, id).await, expected, "to {to}");
            }
        }
        // On with the person into whom it was merged, whatever is told of the record since.
        assert_eq!(touched(&store, &Scope::own(BUDI), id).await, [2]);
        said(eka, "").await;
        let budi = store.person(&whole, 2, None, OPEN).await.unwrap().unwrap();
        let budi: Vec<i64> = budi.evidence.iter().map(|one| one.statement).collect();
        moved(&store, &budi, 3).await;
        for scope in [&whole, &kabupaten] {
            assert_eq!(touched(&store, scope, id).await, [3, 9]);
        }
        assert_eq!(touched(&store, &Scope::own(BUDI), id).await, [3]);
        assert_replays(&store).await;
    }
}

async fn person(store: &Store, nip: &str) -> i64 {
    store.find(&Scope::whole(), "nip", nip).await.unwrap()[0]
}
