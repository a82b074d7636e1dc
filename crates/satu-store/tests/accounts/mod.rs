//! Accounts and sessions, on both databases.

use jiff::{SignedDuration, Timestamp};
use satu_store::Store;
use satu_store::accounts::{AccountError, IDLE, LONGEST, Role};

use super::{NIP, databases};

fn officer() -> Role {
    Role::Officer {
        instansi: "Pemerintah Kota Contoh".into(),
    }
}

#[tokio::test]
async fn accounts_are_made_found_and_refused() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let accounts = Store::open(&address).await.unwrap().accounts();
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
        let nowhere = accounts.add("tanpa", "Contoh", Role::Officer { instansi }, "x");
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
        assert_eq!(accounts.list().await.unwrap(), [asn, made]);
    }
}

#[tokio::test]
async fn a_session_ends_by_age_idleness_password_or_will() {
    let (_folder, addresses) = databases().await;
    let second = SignedDuration::from_secs(1);
    for address in addresses {
        let store = Store::open(&address).await.unwrap();
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
        let open = async |account: i64, token: &str, at| {
            accounts
                .open_session(account, token, "Peramban\u{7}", at)
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
        assert_eq!(kept[0].agent, "Peramban");
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
