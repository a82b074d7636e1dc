//! Accounts that a provider signs in, on both databases.

use jiff::Timestamp;
use satu_store::Store;
use satu_store::accounts::{ANEW, AccountError, Browser, How, Means, Role};

use super::{NIP, databases, officer};

const ISSUER: &str = "https://sso.contoh.example/realms/asn";

#[tokio::test]
async fn a_subject_is_one_account_for_ever() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let accounts = Store::open(&address, &crate::key_file())
            .await
            .unwrap()
            .accounts();
        let now = Timestamp::now();
        let one = accounts.add("satu", "Contoh Satu", Role::Walidata, "hash");
        let one = one.await.unwrap();
        assert_eq!(accounts.of_identity(ISSUER, "s-1").await.unwrap(), None);
        assert_eq!(accounts.identity_since(one.id, ISSUER).await.unwrap(), None);
        assert!(
            accounts
                .link_identity(one.id, ISSUER, "s-1", now)
                .await
                .unwrap()
        );
        let found = accounts.of_identity(ISSUER, "s-1").await.unwrap().unwrap();
        assert_eq!((found.account.id, found.open), (one.id, true));
        let since = accounts.identity_since(one.id, ISSUER).await.unwrap();
        assert_eq!(since.unwrap().as_microsecond(), now.as_microsecond());
        // Another issuer's subject of the same name is somebody else, and so is another spelling.
        let other = "https://lain.example";
        assert_eq!(accounts.of_identity(other, "s-1").await.unwrap(), None);
        assert_eq!(accounts.of_identity(ISSUER, "S-1").await.unwrap(), None);

        // Made by its first sign-in: no password.
        let who = (ISSUER, "s-2");
        let two = accounts.add_with_identity("dua", "Contoh Dua", officer(), who, now);
        let two = two.await.unwrap();
        assert_eq!(accounts.find("dua").await.unwrap(), None);
        assert!(!accounts.has_password(two.id).await.unwrap());
        assert!(accounts.has_password(one.id).await.unwrap());
        let (_, listed) = accounts.search("dua", 0, 9, now).await.unwrap();
        assert!(listed[0].open);

        // Nobody takes another's subject over, nor a second one.
        for (account, subject) in [(two.id, "s-1"), (one.id, "s-3"), (one.id, "s-1")] {
            let taken = accounts.link_identity(account, ISSUER, subject, now).await;
            assert!(!taken.unwrap(), "{account} {subject}");
        }
        assert!(
            accounts
                .link_identity(one.id, other, "s-1", now)
                .await
                .unwrap()
        );
        let again = accounts.add_with_identity("tiga", "Contoh", Role::Walidata, who, now);
        assert!(matches!(again.await, Err(AccountError::Linked)));
        let nobody = accounts.named("tiga").await;
        assert!(matches!(nobody, Err(AccountError::Unknown(_))));
        let again =
            accounts.add_with_identity("dua", "Contoh", Role::Walidata, (ISSUER, "s-4"), now);
        assert!(matches!(again.await, Err(AccountError::Taken(_))));
        assert_eq!(accounts.of_identity(ISSUER, "s-4").await.unwrap(), None);

        let nip = NIP.to_owned();
        let asn = Role::Asn { nip };
        accounts.set_role(&two.login, &asn).await.unwrap();
        assert_eq!(accounts.of(two.id).await.unwrap().unwrap().role, asn);
        assert_eq!(accounts.of(one.id).await.unwrap().unwrap(), one);

        // Closed, its provider signs it in no longer; a link opens it again.
        accounts.close("dua").await.unwrap();
        let found = accounts.of_identity(ISSUER, "s-2").await.unwrap().unwrap();
        assert!(!found.open);
        let (_, listed) = accounts.search("dua", 0, 9, now).await.unwrap();
        assert!(!listed[0].open);
        let found = accounts.of_identity(ISSUER, "s-1").await.unwrap().unwrap();
        assert!(found.open, "another's is untouched");
        accounts
            .make_link(Some(two.id), "tautan", now + ANEW, now)
            .await
            .unwrap();
        accounts.use_link("tautan", "hash", now).await.unwrap();
        let found = accounts.of_identity(ISSUER, "s-2").await.unwrap().unwrap();
        assert!(found.open);

        assert!(accounts.unlink_identity(one.id, ISSUER).await.unwrap());
        assert!(!accounts.unlink_identity(one.id, ISSUER).await.unwrap());
        assert_eq!(accounts.of_identity(ISSUER, "s-1").await.unwrap(), None);
        assert!(accounts.of_identity(other, "s-1").await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_session_remembers_by_what_it_was_opened() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let accounts = Store::open(&address, &crate::key_file())
            .await
            .unwrap()
            .accounts();
        let now = Timestamp::now();
        let one = accounts.add("satu", "Contoh", Role::Walidata, "hash");
        let one = one.await.unwrap();
        let browser = Browser::default();
        for (token, means) in [
            ("a", Means::Password),
            ("b", Means::Provider),
            ("c", Means::ProviderTwice),
        ] {
            accounts
                .open_session_by(one.id, token, browser, &means.into(), false, now)
                .await
                .unwrap();
            let (how, at) = accounts.how(token).await.unwrap().unwrap();
            assert_eq!(how, means.into());
            assert_eq!(at.as_microsecond(), now.as_microsecond());
        }
        let asked = Timestamp::from_second(1_700_000_000).unwrap();
        for (token, sid, asked_at) in [
            ("f", None, Some(asked)),
            ("g", Some("sesi".to_owned()), None),
            ("h", Some("sesi".to_owned()), Some(asked)),
        ] {
            let how = How {
                means: Means::Provider,
                sid,
                asked_at,
            };
            accounts
                .open_session_by(one.id, token, browser, &how, false, now)
                .await
                .unwrap();
            let (found, _) = accounts.how(token).await.unwrap().unwrap();
            assert_eq!(found, how);
        }
        accounts
            .open_session(one.id, "d", browser, false, now)
            .await
            .unwrap();
        let (how, _) = accounts.how("d").await.unwrap().unwrap();
        assert_eq!(how, Means::Password.into());
        assert_eq!(accounts.how("e").await.unwrap(), None);
        // A session without a name is none that a provider has ended by its name.
        let nameless = accounts.end_provider_sessions(None, Some(""));
        assert_eq!(nameless.await.unwrap(), 0);
        let ended = accounts.end_provider_sessions(None, Some("sesi"));
        assert_eq!(ended.await.unwrap(), 2);
        let ended = accounts.end_provider_sessions(Some(one.id), Some("lain"));
        assert_eq!(ended.await.unwrap(), 3, "b, c and f, which no name tells");
        assert_eq!(accounts.how("f").await.unwrap(), None);
    }
}
