//! Programs that may ask, on both databases.

use jiff::{SignedDuration, Timestamp};
use satu_store::Store;
use satu_store::accounts::{Role, hashed};
use satu_store::backup::Backup;
use satu_store::clients::{Client, ClientError, Clients, Kept, Rights, TOKEN};
use satu_store::credentials::Recorded;
use satu_store::entry::Done;
use sqlx::Executor;

use crate::{NIP, databases, key_file, pool};

pub fn client(rights: &str) -> Client {
    Client {
        id: 0,
        key: "kunci".into(),
        name: " Simpeg Contoh ".into(),
        role: Role::Officer {
            places: "Kota Contoh".into(),
        },
        rights: Rights::parse(rights).unwrap(),
        purpose: "pertukaran".into(),
    }
}

/// Gives the program a new secret.
async fn turned(store: &Store, secret: &str, by: &str, now: Timestamp) {
    let client = store.clients().named("kunci").await.unwrap();
    let mut writer = store.begin().await.unwrap();
    let turned = writer.turn_program(&client, secret, None, by, now);
    turned.await.unwrap();
    writer.commit().await.unwrap();
}

#[test]
fn rights_are_named_and_written() {
    let rights = Rights::parse(" changes.read  people.read people.read ").unwrap();
    assert_eq!(rights.to_string(), "people.read changes.read");
    assert_eq!(Rights::parse("people.read semua"), Err("semua".into()));
    let one = Rights::parse("people.read people.sensitive").unwrap();
    assert_eq!(rights.within(&one).to_string(), "people.read");
    assert!(Rights::parse("").unwrap().is_empty());
}

#[tokio::test]
async fn a_program_is_made_found_and_refused() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let clients = Store::open(&address, &key_file()).await.unwrap().clients();
        let now = Timestamp::now();
        let add = async |client| clients.add(client, "", "rahasia 1", "satu", now).await;
        let wrong = [
            Client {
                name: " ".into(),
                ..client("people.read")
            },
            client(""),
            Client {
                role: Role::Asn { nip: NIP.into() },
                ..client("people.read")
            },
            Client {
                role: Role::Officer { places: " ".into() },
                ..client("people.read")
            },
            Client {
                purpose: " ".into(),
                ..client("people.sensitive")
            },
        ];
        for wrong in wrong {
            assert!(!matches!(
                add(wrong).await,
                Ok(_) | Err(ClientError::Store(_))
            ));
        }
        let made = add(client("people.read changes.read")).await.unwrap();
        assert_eq!((made.id, made.name.as_str()), (1, "Simpeg Contoh"));
        assert_eq!(clients.named("kunci").await.unwrap(), made);
        assert!(matches!(
            clients.named("lain").await,
            Err(ClientError::Unknown(_))
        ));
        let proven = clients.proven("kunci", "rahasia 1").await.unwrap();
        assert_eq!(proven.as_ref(), Some(&made));
        for (key, secret) in [("kunci", "rahasia"), ("kunci", ""), ("lain", "rahasia 1")] {
            assert_eq!(clients.proven(key, secret).await.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn secrets_change_without_a_pause_and_tokens_end() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = Store::open(&address, &key_file()).await.unwrap();
        let clients = store.clients();
        let start = Timestamp::now();
        let at = |hours: i64| start + SignedDuration::from_hours(hours);
        let made = clients
            .add(
                client("people.read statements.write"),
                "",
                "satu",
                "satu",
                start,
            )
            .await;
        let made = made.unwrap();
        let good = async |secret| clients.proven("kunci", secret).await.unwrap().is_some();

        let some = Rights::parse("people.read review.write").unwrap();
        let issued = clients.issue(&made, "satu", "token", &some, start + TOKEN, start);
        assert!(issued.await.unwrap());
        let found = clients.of_token("token", start).await.unwrap().unwrap();
        assert_eq!(
            (found.id, found.rights.to_string().as_str()),
            (made.id, "people.read")
        );
        assert_eq!(
            clients.of_token("token", start + TOKEN).await.unwrap(),
            None
        );
        assert_eq!(clients.of_token("lain", start).await.unwrap(), None);

        turned(&store, "dua", "satu", at(1)).await;
        assert!(good("satu").await && good("dua").await);
        let one = clients.one(made.id).await.unwrap().unwrap();
        assert_eq!((&one.client, one.owner.as_str()), (&made, ""));
        let kept = |made_at, used_at| Kept { made_at, used_at };
        let used = |at: Timestamp| Timestamp::from_microsecond(at.as_microsecond()).unwrap();
        assert_eq!(
            one.secrets,
            [
                kept(used(at(1)), None),
                kept(used(start), Some(used(start)))
            ]
        );
        assert_eq!(clients.list().await.unwrap(), [one]);
        assert_eq!(clients.one(made.id + 1).await.unwrap(), None);
        turned(&store, "tiga", "satu", at(2)).await;
        assert!(!good("satu").await && good("dua").await && good("tiga").await);
        assert!(clients.of_token("token", start).await.unwrap().is_some());
        clients.drop_old("kunci", "satu").await.unwrap();
        assert!(!good("dua").await && good("tiga").await);
        assert_eq!(clients.of_token("token", start).await.unwrap(), None);

        let ended = clients.issue(&made, "dua", "usang", &some, at(9), at(2));
        assert!(!ended.await.unwrap());
        for (token, hours) in [("lagi", 2), ("pula", 3)] {
            let issued = clients.issue(&made, "tiga", token, &some, at(9), at(hours));
            assert!(issued.await.unwrap());
        }
        let one = clients.one(made.id).await.unwrap().unwrap();
        assert_eq!(one.secrets, [kept(used(at(2)), Some(used(at(3))))]);
        clients.close("kunci", "satu").await.unwrap();
        let late = clients.issue(&made, "tiga", "terlambat", &some, at(9), at(2));
        assert!(!late.await.unwrap());
        assert!(!good("tiga").await);
        assert_eq!(clients.of_token("lagi", start).await.unwrap(), None);
        assert_eq!(clients.list().await.unwrap()[0].secrets, []);
        turned(&store, "empat", "satu", at(3)).await;
        assert!(good("empat").await);
    }
}

#[tokio::test]
async fn tokens_that_come_together_are_told_apart() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let clients = Store::open(&address, &key_file()).await.unwrap().clients();
        let start = Timestamp::now();
        for number in 0..50 {
            let key = format!("kunci {number}");
            let client = Client {
                key: key.clone(),
                ..client("people.read")
            };
            let made = clients.add(client, "", &key, "satu", start).await.unwrap();
            let rights = Rights::parse("people.read").unwrap();
            let until = start
                + if number % 5 == 0 {
                    SignedDuration::ZERO
                } else {
                    TOKEN
                };
            let token = format!("token {number}");
            let issued = clients.issue(&made, &key, &token, &rights, until, start - TOKEN);
            assert!(issued.await.unwrap());
            if number % 7 == 0 {
                clients.close(&key, "satu").await.unwrap();
            }
        }
        let all = async |clients: &Clients| {
            let mut asked = tokio::task::JoinSet::new();
            for number in (0..200).map(|turn| turn % 60) {
                let clients = clients.clone();
                asked.spawn(async move {
                    let token = format!("token {number}");
                    (number, clients.of_token(&token, start).await)
                });
            }
            asked.join_all().await
        };
        for (number, found) in all(&clients).await {
            let good = number < 50 && number % 5 != 0 && number % 7 != 0;
            let key = good.then(|| format!("kunci {number}"));
            assert_eq!(
                found.unwrap().map(|client| client.key.clone()),
                key,
                "{number}"
            );
        }
        // What ends holds at once, whoever ended it: this process, or another with the same database.
        let other = Store::open(&address, &key_file()).await.unwrap().clients();
        for (by, number) in [(&clients, 1), (&other, 2), (&other, 3), (&clients, 4)] {
            let token = format!("token {number}");
            assert!(clients.of_token(&token, start).await.unwrap().is_some());
            by.close(&format!("kunci {number}"), "satu").await.unwrap();
            assert_eq!(clients.of_token(&token, start).await.unwrap(), None);
        }
        // A query that fails is everybody's failure, and nobody waits for ever.
        let pool = pool(&address).await;
        pool.execute("DROP TABLE client_token").await.unwrap();
        for (number, found) in all(&clients).await {
            assert!(found.is_err(), "{number}");
        }
    }
}

/// What the tables say otherwise than the ledger.
async fn differences(store: &Store) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let verdict = store.verify(&folder.path().join("again.db")).await.unwrap();
    verdict.differences
}

/// What was done and by whom, without numbers and moments.
fn acts(all: &[Recorded]) -> Vec<(Done, String)> {
    let act = |one: &Recorded| (one.act.done.clone(), one.act.by.clone());
    all.iter().map(act).collect()
}

#[tokio::test]
async fn what_is_done_to_programs_and_tokens_stands_in_the_ledger() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let store = Store::open(&address, &key_file()).await.unwrap();
        let (accounts, clients, now) = (store.accounts(), store.clients(), Timestamp::now());
        let account = accounts.add("dua", "Contoh", Role::Walidata, "").await;
        let account = account.unwrap();
        // What is not done is not written, and what cannot be written is not done.
        let nobody = clients.add(client("people.read"), "tiada", "rahasia 0", "satu", now);
        assert!(matches!(nobody.await, Err(ClientError::Owner(_))));
        for missing in [
            clients.named("kunci").await.map(|_| ()),
            clients.set_owner("kunci", "dua", "satu").await,
            clients.close("kunci", "satu").await,
        ] {
            assert!(matches!(missing, Err(ClientError::Unknown(_))));
        }
        assert_eq!(store.end_tokens(&account, "dua").await.unwrap(), 0);
        assert!(!store.end_token(&account, "tiada", "dua").await.unwrap());
        assert_eq!(store.head().await.unwrap().size, 0);

        let later = |hours: i64| now + SignedDuration::from_hours(hours);
        let add = clients.add(client("people.read"), "DUA", "rahasia 1", "satu", now);
        add.await.unwrap();
        clients
            .set_owner("kunci", " Dua ", "operator:")
            .await
            .unwrap();
        turned(&store, "rahasia 2", "dua", later(1)).await;
        clients.drop_old("kunci", "dua").await.unwrap();
        clients.close("kunci", "satu").await.unwrap();
        let key = || "kunci".to_owned();
        let owner = || "dua".to_owned();
        let made = Done::ProgramMade {
            key: key(),
            name: "Simpeg Contoh".into(),
            rights: "people.read".into(),
            purpose: "pertukaran".into(),
            places: "Kota Contoh".into(),
            owner: owner(),
        };
        let owned = Done::ProgramOwned {
            key: key(),
            owner: owner(),
        };
        let turned_once = Done::ProgramTurned {
            key: key(),
            proposal: None,
        };
        let expected = [
            (made, "satu"),
            (owned, "operator:"),
            (turned_once, "dua"),
            (Done::ProgramOldDropped { key: key() }, "dua"),
            (Done::ProgramClosed { key: key() }, "satu"),
        ];
        let programs = store.program_history("kunci").await.unwrap();
        let expected = expected.map(|(done, by)| (done, by.to_owned()));
        assert_eq!(acts(&programs), expected);
        assert!(programs.iter().all(|one| one.at >= now));

        let until = Timestamp::from_second(now.as_second() + 999).unwrap();
        for token in ["token 1", "token 2"] {
            let made = store.make_token(&account, token, "SIMPEG", until, "dua");
            made.await.unwrap();
        }
        // One of a password is a sign-in like any other.
        accounts
            .issue_personal(account.id, "token 3", until, now)
            .await
            .unwrap();
        let id = hashed("token 1");
        assert!(store.end_token(&account, &id, "dua").await.unwrap());
        assert!(!store.end_token(&account, &id, "dua").await.unwrap());
        assert_eq!(store.end_tokens(&account, "operator:").await.unwrap(), 2);
        let (login, name) = (owner, || "SIMPEG".to_owned());
        let token = || Done::TokenMade {
            login: login(),
            name: name(),
            until,
        };
        let ended = Done::TokenEnded {
            login: login(),
            name: name(),
        };
        let all = Done::TokensEnded {
            login: login(),
            count: 2,
        };
        let expected = [token(), token(), ended].map(|done| (done, "dua".to_owned()));
        let tokens = store.token_history("dua").await.unwrap();
        assert_eq!(acts(&tokens[..3]), expected);
        assert_eq!(acts(&tokens[3..]), [(all, "operator:".to_owned())]);
        assert_eq!(store.program_history("dua").await.unwrap(), []);

        // Nothing of a secret.
        let size = store.head().await.unwrap().size;
        assert_eq!(size, 9);
        for seq in 1..=size {
            let entry = store.entry(seq).await.unwrap().unwrap();
            let text = serde_json::to_string(&entry).unwrap();
            for secret in ["rahasia 1", "rahasia 2", "token 1", "token 2"] {
                let hash = hashed(secret);
                assert!(!text.contains(secret) && !text.contains(&hash), "{text}");
            }
        }
        // It is computed again from the ledger, and goes where the ledger goes.
        assert_eq!(differences(&store).await, [""; 0]);
        let mut bytes = Vec::new();
        store.backup(&mut bytes).await.unwrap();
        let (_restored, restored) = databases().await;
        for other in restored {
            let other = Store::open(&other, &key_file()).await.unwrap();
            let backup = Backup::open(std::io::Cursor::new(&bytes)).unwrap();
            other.restore(backup).await.unwrap();
            assert_eq!(other.program_history("kunci").await.unwrap(), programs);
            assert_eq!(other.token_history("dua").await.unwrap(), tokens);
            assert_eq!(differences(&other).await, [""; 0]);
        }
        let gone = "DELETE FROM credential WHERE id = 2";
        pool(&address).await.execute(gone).await.unwrap();
        assert!(differences(&store).await[0].starts_with("credential: "));
    }
}
