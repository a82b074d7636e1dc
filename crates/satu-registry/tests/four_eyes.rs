//! Decisions that need a second person, on both databases.

use satu_registry::four_eyes::{
    Grant, OPERATOR, Taken, approve, close, concerns, propose_grant, propose_link, propose_program,
    refuse, set, withdraw,
};
use satu_registry::review::{Answer, Decider, ReviewError, decide, set_value, undo};
use satu_store::accounts::{Account, AccountError, Role};
use satu_store::clients::{Client, ClientError, Rights};
use satu_store::entry::{Act, FourEyes, Settled};
use satu_store::{Entry, OPEN, Scope, Store};

use crate::adding::empty;
use crate::deciding::{in_doubt, queue};
use crate::{ANI, BUDI, assert_replays, who};

const NIP: &str = "197905052004012001";

pub fn choice(on: bool, records: u64) -> FourEyes {
    let by = OPERATOR.to_owned();
    FourEyes { on, records, by }
}

pub fn decider<'a>(scope: &'a Scope, by: &'a str) -> Decider<'a> {
    let reason = "akta kelahiran sama";
    Decider { scope, by, reason }
}

pub async fn account(store: &Store, login: &str, role: Role) -> Account {
    let made = store.accounts().add(login, "Contoh Nama", role, "x").await;
    made.unwrap()
}

pub fn proposed(taken: Result<Taken, ReviewError>) -> i64 {
    match taken.unwrap() {
        Taken::Proposed(number) => number,
        done @ Taken::Done(_) => panic!("{done:?} without a second person"),
    }
}

/// Everything asks for a second person; two accounts of one civil servant, and two others.
pub async fn asking(store: &Store) -> [Account; 4] {
    let satu = account(store, "satu", Role::Walidata).await;
    let alone = set(store, choice(true, 0), "contoh").await;
    assert!(matches!(alone, Err(ReviewError::Alone)));
    let lagi = account(store, "satu.lagi", Role::Walidata).await;
    for login in ["satu", "satu.lagi"] {
        store.accounts().set_nip(login, NIP).await.unwrap();
    }
    let alone = set(store, choice(true, 0), "contoh").await;
    assert!(matches!(alone, Err(ReviewError::Alone)), "one person twice");
    let dua = account(store, "dua", Role::Walidata).await;
    let tiga = account(store, "tiga", Role::Walidata).await;
    let done = set(store, choice(true, 0), "").await.unwrap();
    assert!(matches!(done, Taken::Done(_)));
    [satu, lagi, dua, tiga]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_waits_for_another_person_and_is_done_once() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "eyes_merge").await {
        let (doubt, statements) = in_doubt(&store, folder.path()).await;
        let whole = Scope::whole();
        let [satu, lagi, dua, tiga] = asking(&store).await;
        let petugas = Role::Officer {
            places: "Kota Lain".into(),
        };
        let petugas = account(&store, "petugas", petugas).await;
        let asn = account(&store, "asn", Role::Asn { nip: ANI.into() }).await;

        // That records are not of one person moves nothing, and neither does not knowing.
        let by = decider(&whole, "satu");
        let unsure = decide(&store, &by, doubt, &[], Answer::NotSure).await;
        assert!(matches!(unsure.unwrap(), Taken::Done(_)));
        let merge = async || decide(&store, &by, doubt, &statements[..2], Answer::Same).await;
        let proposal = proposed(merge().await);
        assert_eq!(proposed(merge().await), proposal, "once");
        assert_eq!(queue(&store).await, [doubt]);
        assert_ne!(who(&store, ANI).await, who(&store, BUDI).await);
        let told = store.proposal(&dua.role, proposal).await.unwrap().unwrap();
        assert_eq!((told.proposal.persons.len(), told.proposal.records), (2, 1));
        assert_eq!(told.proposal.by, "satu");

        let head = store.head().await.unwrap();
        for own in [&satu, &lagi] {
            let refused = approve(&store, own, proposal, "ya").await;
            assert!(matches!(refused, Err(ReviewError::Own)), "{refused:?}");
            let refused = refuse(&store, own, proposal, "ya").await;
            assert!(matches!(refused, Err(ReviewError::Own)), "{refused:?}");
        }
        for stranger in [&petugas, &asn] {
            let refused = approve(&store, stranger, proposal, "ya").await;
            assert!(matches!(refused, Err(ReviewError::NotThere(_))));
        }
        let refused = approve(&store, &dua, proposal, " ").await;
        assert!(matches!(refused, Err(ReviewError::NoReason)));
        let refused = withdraw(&store, &dua, proposal, "ya").await;
        assert!(matches!(refused, Err(ReviewError::NotOwn)));
        assert_eq!(store.head().await.unwrap(), head);

        let (one, two) = tokio::join!(
            approve(&store, &dua, proposal, "benar"),
            approve(&store, &tiga, proposal, "benar")
        );
        let won = [&one, &two].map(|done| matches!(done, Ok(Settled::Approved)));
        let late = [&one, &two].map(|done| matches!(done, Err(ReviewError::NotThere(_))));
        assert!(won[0] != won[1] && late[0] != late[1], "{one:?} {two:?}");
        assert_eq!(who(&store, ANI).await, who(&store, BUDI).await);
        let decisions = store.decisions(&whole, 9).await.unwrap();
        assert_eq!(decisions.len(), 1);
        assert_eq!(decisions[0].by, "satu");

        // Taking it back is another such decision; who proposed it may think again.
        let undone = proposed(undo(&store, &by, decisions[0].id).await);
        let taken_back = withdraw(&store, &lagi, undone, "ragu").await.unwrap();
        assert_eq!(taken_back, Settled::Withdrawn);
        assert_eq!(who(&store, ANI).await, who(&store, BUDI).await);
        let again = proposed(undo(&store, &by, decisions[0].id).await);
        assert_ne!(again, undone);
        let refused = refuse(&store, &dua, again, "tidak").await.unwrap();
        assert_eq!(refused, Settled::Refused);
        let last = proposed(undo(&store, &by, decisions[0].id).await);
        assert_eq!(
            approve(&store, &dua, last, "benar").await.unwrap(),
            Settled::Approved
        );
        assert_ne!(who(&store, ANI).await, who(&store, BUDI).await);
        let all = store.proposals(&dua.role, 9).await.unwrap();
        let ends: Vec<_> = all
            .iter()
            .map(|one| one.answered.as_ref().unwrap().1.answer)
            .collect();
        let told = [
            Settled::Approved,
            Settled::Refused,
            Settled::Withdrawn,
            Settled::Approved,
        ];
        assert_eq!(ends, told);
        assert!(store.proposals(&petugas.role, 9).await.unwrap().is_empty());
        assert!(store.proposals(&asn.role, 9).await.unwrap().is_empty());
        assert_replays(&store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_changed_since_is_not_done() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "eyes_stale").await {
        let (doubt, statements) = in_doubt(&store, folder.path()).await;
        let whole = Scope::whole();
        let [_, _, dua, _] = asking(&store).await;
        let by = decider(&whole, "satu");
        let merge = decide(&store, &by, doubt, &statements, Answer::Same).await;
        let merge = proposed(merge);
        // A value that says nothing of their status is one person's to set; theirs is not.
        let ani = who(&store, ANI).await;
        let agama = set_value(&store, &by, ani, "agama", "Islam").await.unwrap();
        assert!(matches!(agama, Taken::Done(_)));
        let status = set_value(&store, &by, ani, "kedudukan_hukum", "Pensiun").await;
        let status = proposed(status);
        let value = async || {
            let person = store.person(&whole, ani, None, OPEN).await.unwrap();
            person
                .unwrap()
                .record
                .value("kedudukan_hukum")
                .map(str::to_owned)
        };
        assert_eq!(value().await, None);

        let mut writer = store.begin().await.unwrap();
        writer.append(&Entry::Withdrawn { doubt }).await.unwrap();
        writer.commit().await.unwrap();
        assert_eq!(
            approve(&store, &dua, merge, "benar").await.unwrap(),
            Settled::Stale
        );
        assert_ne!(who(&store, ANI).await, who(&store, BUDI).await);
        let told = store.proposal(&dua.role, merge).await.unwrap().unwrap();
        assert_eq!(told.answered.unwrap().1.answer, Settled::Stale);
        approve(&store, &dua, status, "benar").await.unwrap();
        assert_eq!(value().await.as_deref(), Some("PENSIUN"));
        let ruling = store.decisions(&whole, 9).await.unwrap()[0].id;
        proposed(undo(&store, &by, ruling).await);
        // A value that was proposed of another record than the one that stands now is not set.
        let back = set_value(&store, &by, ani, "kedudukan_hukum", "Aktif").await;
        let back = proposed(back);
        let agama = set_value(&store, &by, ani, "agama", "Katolik")
            .await
            .unwrap();
        assert!(matches!(agama, Taken::Done(_)));
        assert_eq!(
            approve(&store, &dua, back, "benar").await.unwrap(),
            Settled::Stale
        );
        assert_eq!(value().await.as_deref(), Some("PENSIUN"));
        assert_replays(&store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_a_role_or_a_wide_program_alone() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "eyes_grant").await {
        let (doubt, statements) = in_doubt(&store, folder.path()).await;
        let [satu, _, dua, tiga] = asking(&store).await;
        let accounts = store.accounts();
        let give = async |login: &str, name: &str, role: &Role| {
            let grant = Grant {
                login,
                name,
                role,
                nip: "",
            };
            propose_grant(&store, &grant, "satu", "tugas baru").await
        };
        let officer = Role::Officer {
            places: "Kota A > Dinas\nKota B".into(),
        };
        let own = Role::Asn { nip: ANI.into() };
        assert_eq!(give("asn", "Contoh", &own).await.unwrap(), None);
        let new = give("Baru", "Contoh Baru", &officer)
            .await
            .unwrap()
            .unwrap();
        let Taken::Proposed(new) = new else { panic!() };
        assert!(accounts.named("baru").await.is_err());
        let admin = Role::Administrator {
            places: "Kota A".into(),
        };
        let admin = account(&store, "admin", admin).await;
        let beyond = approve(&store, &admin, new, "ya").await;
        assert!(matches!(beyond, Err(ReviewError::NotThere(_))));
        approve(&store, &dua, new, "benar").await.unwrap();
        assert_eq!(accounts.named("baru").await.unwrap().role, officer);

        // Taking somebody's role away is a decision, too.
        let other = Role::Asn { nip: BUDI.into() };
        let down = give("dua", "", &other).await.unwrap().unwrap();
        assert!(matches!(down, Taken::Proposed(_)));
        assert_eq!(accounts.named("dua").await.unwrap().role, dua.role);
        approve(&store, &tiga, down.number(), "ya").await.unwrap();
        assert_eq!(accounts.named("dua").await.unwrap().role, other);
        let again = give("dua", "", &dua.role).await.unwrap().unwrap();
        approve(&store, &tiga, again.number(), "ya").await.unwrap();

        // Nobody approves what they are given themselves.
        let up = give("dua", "", &Role::Walidata).await.unwrap().unwrap();
        let refused = approve(&store, &dua, up.number(), "ya").await;
        assert!(matches!(refused, Err(ReviewError::Own)));
        approve(&store, &tiga, up.number(), "ya").await.unwrap();
        let late = give("nanti", "Contoh", &officer).await.unwrap().unwrap();
        account(&store, "nanti", own).await;
        assert_eq!(
            approve(&store, &dua, late.number(), "ya").await.unwrap(),
            Settled::Stale
        );
        assert!(matches!(
            accounts.named("nanti").await.unwrap().role,
            Role::Asn { .. }
        ));

        let client = Client {
            id: 0,
            key: "kunci".into(),
            name: "Dasbor".into(),
            role: Role::Walidata,
            rights: Rights::parse("review.write").unwrap(),
            purpose: String::new(),
        };
        let wide = propose_program(&store, &client, "", OPERATOR, "dasbor")
            .await
            .unwrap();
        approve(&store, &satu, wide.unwrap().number(), "benar")
            .await
            .unwrap();
        assert_eq!(
            store.clients().named("kunci").await.unwrap().rights,
            client.rights
        );
        // What a program proposes is not for who answers for it.
        let nobody = store.clients().set_owner("kunci", "tiada", OPERATOR).await;
        assert!(matches!(nobody, Err(ClientError::Owner(_))));
        store
            .clients()
            .set_owner("kunci", " DUA ", OPERATOR)
            .await
            .unwrap();
        let whole = Scope::whole();
        let by = decider(&whole, "program:kunci");
        let merge = decide(&store, &by, doubt, &statements, Answer::Same).await;
        let merge = proposed(merge);
        let refused = approve(&store, &dua, merge, "ya").await;
        assert!(matches!(refused, Err(ReviewError::Own)));

        // The setting itself is changed by two.
        let off = proposed(set(&store, choice(false, 0), "contoh").await);
        assert!(store.four_eyes().await.unwrap().on);
        approve(&store, &tiga, off, "benar").await.unwrap();
        assert!(!store.four_eyes().await.unwrap().on);
        let done = decide(&store, &by, doubt, &statements, Answer::Same).await;
        assert!(matches!(done.unwrap(), Taken::Done(_)));
        assert_eq!(
            approve(&store, &tiga, merge, "ya").await.unwrap(),
            Settled::Stale
        );
        assert_replays(&store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_holds_an_account_and_who_answers_for_a_program_outlast_the_proposal() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "eyes_holder").await {
        let (doubt, statements) = in_doubt(&store, folder.path()).await;
        let [_, lagi, dua, tiga] = asking(&store).await;
        let accounts = store.accounts();
        accounts.set_nip("dua", BUDI).await.unwrap();
        let give = async |login: &str, name: &str, nip: &str| {
            let role = &Role::Walidata;
            let grant = Grant {
                login,
                name,
                role,
                nip,
            };
            propose_grant(&store, &grant, "tiga", "tugas baru").await
        };
        let wrong = give("baru", "Contoh", "123").await;
        let none = matches!(wrong, Err(ReviewError::Account(AccountError::Nip(_))));
        assert!(none, "{wrong:?}");
        // Whose second account it is to be does not approve it, and is known as its holder then.
        let spaced = format!(" {BUDI}");
        let new = give("baru", "Contoh", &spaced).await.unwrap().unwrap();
        let refused = approve(&store, &dua, new.number(), "ya").await;
        assert!(matches!(refused, Err(ReviewError::Own)), "{refused:?}");
        let told = store.proposal(&lagi.role, new.number()).await.unwrap();
        let told = told.unwrap();
        assert!(concerns(&store, &dua, &told).await.unwrap());
        assert!(!concerns(&store, &lagi, &told).await.unwrap());
        approve(&store, &lagi, new.number(), "benar").await.unwrap();
        assert!(accounts.same_person("baru", "dua").await.unwrap());
        let baru = accounts.named("baru").await.unwrap();
        let whole = Scope::whole();
        let by = decider(&whole, "dua");
        let merge = proposed(decide(&store, &by, doubt, &statements, Answer::Same).await);
        let refused = approve(&store, &baru, merge, "ya").await;
        assert!(matches!(refused, Err(ReviewError::Own)), "{refused:?}");
        // So it is of an account that is there already.
        account(&store, "lama", Role::Walidata).await;
        let held = give("lama", "", NIP).await.unwrap().unwrap();
        approve(&store, &dua, held.number(), "benar").await.unwrap();
        assert!(accounts.same_person("lama", "satu").await.unwrap());

        let client = Client {
            id: 0,
            key: "kunci".into(),
            name: "Dasbor".into(),
            role: Role::Walidata,
            rights: Rights::parse("review.write").unwrap(),
            purpose: String::new(),
        };
        let propose =
            async |owner: &str| propose_program(&store, &client, owner, OPERATOR, "dasbor").await;
        let nobody = propose("tiada").await;
        let unknown = matches!(nobody, Err(ReviewError::Account(AccountError::Unknown(_))));
        assert!(unknown, "{nobody:?}");
        let unnamed = Client {
            name: " ".into(),
            ..client.clone()
        };
        let refused = propose_program(&store, &unnamed, "", OPERATOR, "dasbor").await;
        let without = matches!(refused, Err(ReviewError::Client(ClientError::Name)));
        assert!(without, "{refused:?}");
        let wide = propose("Tiga").await.unwrap().unwrap().number();
        let refused = approve(&store, &tiga, wide, "ya").await;
        assert!(matches!(refused, Err(ReviewError::Own)), "{refused:?}");
        approve(&store, &dua, wide, "benar").await.unwrap();
        assert!(accounts.same_person("program:kunci", "tiga").await.unwrap());

        // The operator alone makes one of an agency; an account does not.
        let role = Role::Officer {
            places: "Pemerintah Kota Contoh".into(),
        };
        let city = Client {
            key: "kota".into(),
            role,
            ..client.clone()
        };
        let alone = propose_program(&store, &city, "", OPERATOR, "").await;
        assert_eq!(alone.unwrap(), None);
        let waits = propose_program(&store, &city, "", "satu", "SIMPEG").await;
        let waits = waits.unwrap().unwrap().number();
        approve(&store, &dua, waits, "benar").await.unwrap();
        let made = store.clients().named("kota").await.unwrap();
        assert_eq!(made.role, city.role);

        // Who was shown its secret could have proposed by it: they do not approve, by no account.
        accounts.shown_secret(made.id, "dua").await.unwrap();
        accounts.shown_secret(made.id, "dua").await.unwrap();
        let role = &Role::Walidata;
        let grant = Grant {
            login: "kelima",
            name: "Contoh",
            role,
            nip: "",
        };
        let by_program = propose_grant(&store, &grant, "program:kota", "tugas").await;
        let by_program = by_program.unwrap().unwrap().number();
        for one in [&dua, &baru] {
            let refused = approve(&store, one, by_program, "ya").await;
            assert!(matches!(refused, Err(ReviewError::Own)), "{refused:?}");
        }
        approve(&store, &tiga, by_program, "benar").await.unwrap();
        assert_replays(&store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_opens_another_s_account_alone_or_leaves_too_few() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "eyes_link").await {
        let before = account(&store, "sendiri", Role::Walidata).await;
        let half = "a".repeat(64);
        let link = async |account: &Account| {
            let taken = propose_link(&store, account, &half, "satu", "lupa kata sandi").await;
            taken.unwrap()
        };
        assert_eq!(link(&before).await, None, "off");
        close(&store, "sendiri").await.unwrap();
        let [satu, lagi, dua, tiga] = asking(&store).await;
        let asn = account(&store, "asn", Role::Asn { nip: ANI.into() }).await;
        assert_eq!(link(&asn).await, None, "their own account answers nothing");
        let new = link(&dua).await.unwrap().number();
        for concerned in [&satu, &lagi, &dua] {
            let refused = approve(&store, concerned, new, "ya").await;
            assert!(matches!(refused, Err(ReviewError::Own)), "{refused:?}");
        }
        let approved = approve(&store, &tiga, new, "ia menelepon").await;
        assert_eq!(approved.unwrap(), Settled::Approved);
        // What was asked for one role opens no other.
        let officer = Role::Officer {
            places: "Kota A".into(),
        };
        let petugas = account(&store, "petugas", officer).await;
        let late = link(&petugas).await.unwrap().number();
        let accounts = store.accounts();
        accounts.set_role("petugas", &Role::Walidata).await.unwrap();
        let stale = approve(&store, &dua, late, "ya").await.unwrap();
        assert_eq!(stale, Settled::Stale);

        // satu and satu.lagi are one person: of the others one may go, no more, by no way.
        close(&store, "petugas").await.unwrap();
        close(&store, "asn").await.unwrap();
        close(&store, "tiga").await.unwrap();
        let few = close(&store, "dua").await;
        assert!(matches!(few, Err(ReviewError::Alone)), "{few:?}");
        assert!(accounts.find("dua").await.unwrap().is_some());
        let (login, role) = ("satu", Role::Asn { nip: BUDI.into() });
        let grant = Grant {
            login,
            name: "",
            role: &role,
            nip: "",
        };
        let down = propose_grant(&store, &grant, OPERATOR, "pindah").await;
        let down = down.unwrap().unwrap().number();
        // The second account of the same person stands in for the first.
        assert_eq!(
            approve(&store, &dua, down, "ya").await.unwrap(),
            Settled::Approved
        );
        let few = close(&store, "satu.lagi").await;
        assert!(matches!(few, Err(ReviewError::Alone)), "{few:?}");
        let login = "satu.lagi";
        let down = propose_grant(&store, &Grant { login, ..grant }, OPERATOR, "pindah").await;
        let few = approve(&store, &dua, down.unwrap().unwrap().number(), "ya").await;
        assert!(matches!(few, Err(ReviewError::Alone)), "{few:?}");
        assert_replays(&store).await;
    }
}

/// Entries of before the fields.
#[test]
fn a_program_without_an_owner_is_read() {
    let old = r#"{"a":"program","key":"k","name":"n","rights":"people.read","purpose":""}"#;
    let act: Act = serde_json::from_str(old).unwrap();
    let owner = matches!(&act, Act::Program { owner, .. } if owner.is_empty());
    assert!(owner, "{act:?}");
    assert_eq!(serde_json::to_string(&act).unwrap(), old);
}
