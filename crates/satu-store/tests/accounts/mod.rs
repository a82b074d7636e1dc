//! Accounts and sessions, on both databases.

mod identities;

use jiff::{SignedDuration, Timestamp};
use satu_store::Store;
use satu_store::accounts::{ANEW, AWAITS, AccountError, Browser, IDLE, KNOWN, LONGEST, Role};

use super::{NIP, databases, key_file};

fn officer() -> Role {
    Role::Officer {
        places: "Pemerintah Kota Contoh".into(),
    }
}

#[tokio::test]
async fn accounts_are_made_found_and_refused() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let accounts = Store::open(&address, &key_file()).await.unwrap().accounts();
        let made = accounts
            .add(" Petugas.Kota ", "Contoh Petugas", officer(), "hash one")
            .await
            .unwrap();
        assert_eq!(made.login, "petugas.kota");
        let (found, hash) = accounts.find("PETUGAS.kota").await.unwrap().unwrap();
        assert_eq!((&found, hash.as_str()), (&made, "hash one"));
        assert_eq!(accounts.find("petugas").await.unwrap(), None);

        let again = accounts.add("petugas.kota", "Lain", Role::Walidata, "x");
        assert!(matches!(again.await, Err(AccountError::Taken(_))));
        for login in ["ab", "", "a b c", "nama<b>", &"x".repeat(65)] {
            let made = accounts.add(login, "Contoh", Role::Walidata, "x").await;
            assert!(matches!(made, Err(AccountError::Login(_))), "{login:?}");
        }
        let nobody = accounts.add("tanpa.nama", " ", Role::Walidata, "x").await;
        assert!(matches!(nobody, Err(AccountError::Name)));
        let instansi = String::new();
        let nowhere = accounts.add(
            "tanpa",
            "Contoh",
            Role::Officer {
                places: instansi.into(),
            },
            "x",
        );
        assert!(matches!(nowhere.await, Err(AccountError::Instansi)));
        let nip = "123".to_owned();
        let wrong = accounts.add("asn", "Contoh", Role::Asn { nip }, "x");
        assert!(matches!(wrong.await, Err(AccountError::Nip(_))));

        let nip = NIP.to_owned();
        let asn = accounts
            .add("asn", "Contoh Nama", Role::Asn { nip }, "y")
            .await
            .unwrap();
        assert_ne!(asn.id, made.id);
        let (total, listed) = accounts.search("", 0, 9, Timestamp::now()).await.unwrap();
        assert_eq!(total, 2);
        let listed: Vec<_> = listed.into_iter().map(|one| one.account).collect();
        assert_eq!(listed, [asn.clone(), made]);
        assert_eq!(accounts.named("ASN").await.unwrap(), asn);
        let nobody = accounts.named("tiada").await;
        assert!(matches!(nobody, Err(AccountError::Unknown(_))));
    }
}

#[tokio::test]
async fn a_session_ends_by_age_idleness_password_or_will() {
    let (_folder, addresses) = databases().await;
    let second = SignedDuration::from_secs(1);
    for address in addresses {
        let store = Store::open(&address, &key_file()).await.unwrap();
        let accounts = store.accounts();
        let one = accounts
            .add("satu", "Contoh Satu", Role::Walidata, "x")
            .await
            .unwrap();
        let two = accounts
            .add("dua", "Contoh Dua", officer(), "x")
            .await
            .unwrap();
        let now = Timestamp::now();
        let browser = Browser {
            agent: "Peramban\u{7}",
            address: "192.0.2.7",
        };
        let open = async |account: i64, token: &str, at| {
            accounts
                .open_session(account, token, browser, false, at)
                .await
                .unwrap();
        };
        let whose = async |token: &str, at| accounts.session(token, at).await.unwrap();
        open(one.id, "token", now).await;
        assert_eq!(whose("token", now).await, Some(one.clone()));
        assert_eq!(whose("Token", now).await, None);
        // The name under which it is kept opens nothing.
        let kept = accounts.sessions(one.id, now).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!(
            (kept[0].agent.as_str(), kept[0].address.as_str()),
            ("Peramban", "192.0.2.7")
        );
        assert_ne!(kept[0].id, "token");
        assert_eq!(whose(&kept[0].id, now).await, None);

        // A long write to the ledger keeps nobody out.
        open(one.id, "sibuk", now).await;
        let writer = store.begin().await.unwrap();
        assert_eq!(whose("sibuk", now + IDLE / 2).await, Some(one.clone()));
        drop(writer);
        accounts.close_session("sibuk").await.unwrap();

        // Idle: an unused hour ends it; use keeps it awake, but only to its full age.
        assert_eq!(whose("token", now + IDLE).await, None);
        let mut at = now;
        while at + IDLE < now + LONGEST {
            at += IDLE - second;
            assert_eq!(whose("token", at).await, Some(one.clone()));
        }
        assert_eq!(whose("token", now + LONGEST).await, None);
        assert!(
            accounts
                .sessions(one.id, now + LONGEST)
                .await
                .unwrap()
                .is_empty()
        );

        // Nobody ends another's session.
        let at = now + LONGEST;
        open(one.id, "satu", at).await;
        open(two.id, "dua", at).await;
        let id = accounts.sessions(one.id, at).await.unwrap()[0].id.clone();
        assert!(!accounts.end_session(two.id, &id).await.unwrap());
        assert!(whose("satu", at).await.is_some());
        assert!(accounts.end_session(one.id, &id).await.unwrap());
        assert_eq!(whose("satu", at).await, None);
        assert_eq!(whose("dua", at).await, Some(two.clone()));
        accounts.close_session("dua").await.unwrap();
        assert_eq!(whose("dua", at).await, None);

        for token in ["a", "b", "c"] {
            open(one.id, token, at).await;
        }
        open(two.id, "d", at).await;
        assert_eq!(accounts.end_other_sessions(one.id, "b").await.unwrap(), 2);
        assert!(whose("b", at).await.is_some() && whose("d", at).await.is_some());
        assert_eq!((whose("a", at).await, whose("c", at).await), (None, None));
        open(one.id, "a", at).await;
        assert_eq!(accounts.end_sessions(Some(one.id)).await.unwrap(), 2);
        assert_eq!((whose("a", at).await, whose("b", at).await), (None, None));
        assert!(whose("d", at).await.is_some());
        open(one.id, "a", at).await;
        assert_eq!(accounts.end_sessions(None).await.unwrap(), 2);
        assert_eq!((whose("a", at).await, whose("d", at).await), (None, None));

        open(two.id, "tiga", at).await;
        open(one.id, "empat", at).await;
        accounts.set_password("DUA", "new").await.unwrap();
        assert_eq!(whose("tiga", at).await, None);
        assert!(whose("empat", at).await.is_some());
        assert_eq!(accounts.find("dua").await.unwrap().unwrap().1, "new");
        let nobody = accounts.set_password("tiada", "new").await;
        assert!(matches!(nobody, Err(AccountError::Unknown(_))));
    }
}

#[tokio::test]
async fn a_link_gives_a_password_once() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let accounts = Store::open(&address, &key_file()).await.unwrap().accounts();
        let now = Timestamp::now();
        let until = now + ANEW;
        // The first: only while there is no account.
        accounts.make_link(None, "nol", until, now).await.unwrap();
        accounts
            .make_link(None, "pertama", until, now)
            .await
            .unwrap();
        assert_eq!(accounts.link("nol", now).await.unwrap(), None);
        assert_eq!(accounts.link("pertama", now).await.unwrap(), Some(None));
        assert_eq!(accounts.link("pertama", until).await.unwrap(), None);
        assert!(
            accounts
                .use_link("pertama", "x", now)
                .await
                .unwrap()
                .is_none()
        );
        let wrong = accounts.use_first_link("pertama", "a b", "Contoh", "x", now);
        assert!(matches!(wrong.await, Err(AccountError::Login(_))));
        let first = accounts.use_first_link("pertama", "satu", "Contoh Satu", "hash", now);
        let first = first.await.unwrap().unwrap();
        assert_eq!(first.role, Role::Walidata);
        accounts.make_link(None, "kedua", until, now).await.unwrap();
        assert_eq!(accounts.link("kedua", now).await.unwrap(), None);
        for token in ["pertama", "kedua"] {
            let again = accounts.use_first_link(token, "dua", "Contoh", "x", now);
            assert_eq!(again.await.unwrap(), None);
        }

        // An invitation: no sign-in before it is used, and no second use.
        let invited = accounts
            .add("dua", "Contoh Dua", officer(), "")
            .await
            .unwrap();
        assert_eq!(accounts.find("dua").await.unwrap(), None);
        let link = accounts.make_link(Some(invited.id), "undangan", until, now);
        link.await.unwrap();
        let told = accounts.search("DUA", 0, 9, now).await.unwrap();
        assert_eq!(
            (told.0, told.1[0].open, told.1[0].second),
            (1, false, false)
        );
        assert_eq!(told.1[0].link.unwrap().as_second(), until.as_second());
        let found = accounts.link("undangan", now).await.unwrap();
        assert_eq!(found, Some(Some(invited.clone())));
        assert_eq!(
            accounts.use_link("undangan", "x", until).await.unwrap(),
            None
        );
        assert_eq!(accounts.use_link("Undangan", "x", now).await.unwrap(), None);
        let used = accounts.use_link("undangan", "baru", now).await.unwrap();
        assert_eq!(used, Some(invited.clone()));
        assert_eq!(accounts.use_link("undangan", "x", now).await.unwrap(), None);
        assert_eq!(accounts.find("dua").await.unwrap().unwrap().1, "baru");

        // A new password ends the sessions; a closed account has nothing left to sign in with.
        let open = async |token| {
            let opened = accounts.open_session(invited.id, token, Browser::default(), false, now);
            opened.await.unwrap();
        };
        open("sesi").await;
        accounts
            .make_link(Some(invited.id), "lupa", until, now)
            .await
            .unwrap();
        accounts.use_link("lupa", "lagi", now).await.unwrap();
        assert_eq!(accounts.session("sesi", now).await.unwrap(), None);
        open("sesi").await;
        accounts
            .make_link(Some(invited.id), "lupa", until, now)
            .await
            .unwrap();
        accounts
            .know_browser(invited.id, "peramban", now)
            .await
            .unwrap();
        accounts
            .set_second(invited.id, "n", 1, &["kode".into()], None)
            .await
            .unwrap();
        accounts.close("DUA").await.unwrap();
        assert_eq!(accounts.find("dua").await.unwrap(), None);
        assert_eq!(accounts.session("sesi", now).await.unwrap(), None);
        assert_eq!(accounts.link("lupa", now).await.unwrap(), None);
        assert_eq!(accounts.second(invited.id).await.unwrap(), None);
        assert!(!accounts.take_code(invited.id, "kode").await.unwrap());
        assert!(
            !accounts
                .knows_browser("dua", "peramban", now)
                .await
                .unwrap()
        );
        assert_eq!(accounts.search("%", 0, 9, now).await.unwrap().0, 0);
        assert_eq!(
            accounts.search("contoh", 1, 9, now).await.unwrap().1.len(),
            1
        );
    }
}

/// A token that a password gave is a sign-in: it ends where all others do. One that its owner named goes on
/// until it is ended itself.
#[tokio::test]
async fn what_ends_the_sessions_ends_the_tokens_of_the_password() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = Store::open(&address, &key_file()).await.unwrap();
        let accounts = store.accounts();
        let made = accounts.add("satu", "Contoh", officer(), "x").await;
        let one = made.unwrap();
        let made = accounts.add("dua", "Contoh", officer(), "x").await;
        let two = made.unwrap();
        let now = Timestamp::now();
        let until = now + ANEW;
        let named = store.make_token(&one, "bernama", "SIMPEG", until, "satu");
        named.await.unwrap();
        let give = async |at: i32| {
            for (account, whose) in [(one.id, "satu"), (two.id, "dua")] {
                let token = format!("{whose} {at}");
                let given = accounts.issue_personal(account, &token, until, now);
                given.await.unwrap();
            }
        };
        let good = async |token: &str| accounts.of_personal(token, now).await.unwrap().is_some();
        let left = async |at: i32| {
            let two = good(&format!("dua {at}")).await;
            [good(&format!("satu {at}")).await, two]
        };

        give(0).await;
        let opened = accounts.open_session(one.id, "a", Browser::default(), false, now);
        opened.await.unwrap();
        let id = accounts.sessions(one.id, now).await.unwrap()[0].id.clone();
        assert!(accounts.end_session(one.id, &id).await.unwrap());
        assert_eq!(left(0).await, [true, true], "one session is one session");
        accounts.set_password("satu", "y").await.unwrap();
        assert_eq!(left(0).await, [false, true], "a new password");
        give(1).await;
        let link = accounts.make_link(Some(one.id), "tautan", until, now);
        link.await.unwrap();
        accounts.use_link("tautan", "y", now).await.unwrap();
        assert_eq!(left(1).await, [false, true], "a link");
        give(2).await;
        let opened = async |token| {
            let opened = accounts.open_session(one.id, token, Browser::default(), false, now);
            opened.await.unwrap();
        };
        let open = async |token| accounts.session(token, now).await.unwrap().is_some();
        opened("b").await;
        opened("c").await;
        let set = accounts.set_second(one.id, "nonce", 7, &[], Some("c"));
        set.await.unwrap();
        assert_eq!(left(2).await, [false, true], "another factor");
        assert_eq!([open("b").await, open("c").await], [false, true]);
        give(6).await;
        opened("d").await;
        assert!(accounts.remove_second(one.id, Some("d")).await.unwrap());
        assert_eq!(left(6).await, [false, true], "no factor any more");
        assert_eq!([open("c").await, open("d").await], [false, true]);
        give(7).await;
        accounts.end_other_sessions(one.id, "d").await.unwrap();
        assert_eq!(left(7).await, [false, true], "the end of other sessions");
        accounts.close_session("d").await.unwrap();
        give(3).await;
        assert_eq!(accounts.end_sessions(Some(one.id)).await.unwrap(), 0);
        assert_eq!(left(3).await, [false, true], "the end of sessions");
        give(4).await;
        let ended = accounts.end_provider_sessions(Some(one.id), None);
        ended.await.unwrap();
        assert_eq!(left(4).await, [false, true], "the provider's word");
        give(5).await;
        accounts.end_sessions(None).await.unwrap();
        assert_eq!(left(5).await, [false, false], "the end of all sessions");
        assert!(good("bernama").await);
    }
}

#[tokio::test]
async fn a_second_factor_is_taken_once_a_step_and_once_a_code() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let accounts = Store::open(&address, &key_file()).await.unwrap().accounts();
        let one = accounts
            .add("satu", "Contoh", Role::Walidata, "x")
            .await
            .unwrap();
        let two = accounts.add("dua", "Contoh", officer(), "x").await.unwrap();
        assert_eq!(accounts.second(one.id).await.unwrap(), None);
        assert!(!accounts.take_step(one.id, 7).await.unwrap());
        let codes = ["a".to_owned(), "b".to_owned()];
        accounts
            .set_second(one.id, "nonce", 7, &codes, None)
            .await
            .unwrap();
        for (step, taken) in [
            (6, false),
            (7, false),
            (8, true),
            (8, false),
            (7, false),
            (9, true),
        ] {
            assert_eq!(
                accounts.take_step(one.id, step).await.unwrap(),
                taken,
                "{step}"
            );
        }
        assert!(!accounts.take_code(two.id, "a").await.unwrap());
        assert!(accounts.take_code(one.id, "a").await.unwrap());
        assert!(!accounts.take_code(one.id, "a").await.unwrap());
        let left = accounts.second(one.id).await.unwrap().unwrap();
        assert_eq!(
            (left.nonce.as_str(), left.last_step, left.codes),
            ("nonce", 9, 1)
        );
        accounts
            .set_second(one.id, "lain", 3, &codes[..1], None)
            .await
            .unwrap();
        assert!(!accounts.take_code(one.id, "b").await.unwrap());
        assert!(accounts.remove_second(one.id, None).await.unwrap());
        assert!(!accounts.remove_second(one.id, None).await.unwrap());
        assert!(!accounts.take_code(one.id, "a").await.unwrap());

        // A sign-in that awaits its second factor signs nobody in, and not for long.
        let now = Timestamp::now();
        let opened = accounts.open_session(one.id, "t", Browser::default(), true, now);
        opened.await.unwrap();
        assert_eq!(accounts.session("t", now).await.unwrap(), None);
        assert!(accounts.sessions(one.id, now).await.unwrap().is_empty());
        assert_eq!(
            accounts.awaiting("t", now).await.unwrap(),
            Some(one.clone())
        );
        assert_eq!(accounts.awaiting("t", now + AWAITS).await.unwrap(), None);
        let opened = accounts.open_session(one.id, "u", Browser::default(), false, now);
        opened.await.unwrap();
        assert_eq!(accounts.awaiting("u", now).await.unwrap(), None);

        // A browser is known for the login that signed in there, and for no other.
        accounts.know_browser(one.id, "p", now).await.unwrap();
        assert!(accounts.knows_browser("SATU", "p", now).await.unwrap());
        assert!(!accounts.knows_browser("dua", "p", now).await.unwrap());
        assert!(!accounts.knows_browser("satu", "q", now).await.unwrap());
        assert!(
            !accounts
                .knows_browser("satu", "p", now + KNOWN)
                .await
                .unwrap()
        );
    }
}
