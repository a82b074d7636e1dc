//! Who reaches which agencies and which of their units, on both databases.

use jiff::Timestamp;
use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_store::accounts::{Accounts, Role};
use satu_store::changes::ChangeKind;
use satu_store::entry::{Linked, Source, Unit, Units};
use satu_store::place::Places;
use satu_store::{Entry, OPEN, RawHasher, Scope, Store, UNITS, Writer};

use crate::{assert_replays, databases, deliver};

const NIPS: [&str; 6] = [
    "198503172010012005",
    "199001012015011001",
    "198711052011012002",
    "199203042019031002",
    "198001012005011003",
    "197905052004012001",
];

fn at(places: &str) -> Scope {
    Scope::places(&Places::from(places))
}

async fn tree(writer: &mut Writer, instansi: &str, rows: &[[&str; 3]]) {
    let units = rows.iter().map(|row| {
        let [id, name, above] = row.map(str::to_owned);
        Unit { id, name, above }
    });
    let units = units.collect();
    let instansi = instansi.to_owned();
    let entry = Entry::Units(Units { instansi, units });
    writer.append(&entry).await.unwrap();
}

/// Six persons: of the first agency one in a unit, one in the unit below it by its code, one in another
/// unit, one nowhere; one in a unit of the same name of another agency; one lent to the first agency.
async fn country(address: &str) -> (Store, Vec<i64>) {
    let store = Store::open(address, &crate::key_file()).await.unwrap();
    let mut writer = store.begin().await.unwrap();
    for (code, instansi) in [("a", "Provinsi Contoh"), ("b", "Kabupaten Contoh")] {
        let source = Source {
            code: code.into(),
            name: code.into(),
            kind: SourceKind::Agency,
            instansi: instansi.into(),
        };
        writer.append(&Entry::Source(source)).await.unwrap();
    }
    let placed = [
        ("Provinsi Contoh", "Provinsi Contoh", "Dinas  Kesehatan"),
        ("Provinsi Contoh", "", "U2"),
        ("Provinsi Contoh", "Provinsi Contoh", "Inspektorat"),
        ("Provinsi Contoh", "Provinsi Contoh", ""),
        ("Kabupaten Contoh", "Kabupaten Contoh", "Dinas Kesehatan"),
        ("Kabupaten Contoh", "Provinsi Contoh", "Dinas Kesehatan"),
    ];
    let row = |at: usize| {
        let (home, works, unit) = placed[at];
        [
            ("nip", NIPS[at]),
            ("nama", "Contoh Nama"),
            ("instansi_induk", home),
            ("instansi_kerja", works),
            ("unor", unit),
        ]
    };
    let rows: Vec<_> = (0..6).map(row).collect();
    let a: Vec<&[(&str, &str)]> = rows[..4].iter().map(|row| &row[..]).collect();
    let b: Vec<&[(&str, &str)]> = rows[4..].iter().map(|row| &row[..]).collect();
    let mut said = deliver(&mut writer, "a", Kind::DataUtama, &a).await;
    said.extend(deliver(&mut writer, "b", Kind::DataUtama, &b).await);
    let moved = said.iter().copied().zip(1..).collect();
    writer
        .append(&Entry::Linked(Linked { moved }))
        .await
        .unwrap();
    writer.commit().await.unwrap();
    (store, said)
}

/// The persons that a scope reaches, asked in each of the ways there are.
async fn reached(store: &Store, scope: &Scope) -> Vec<i64> {
    let people = store.people(scope, 0, 100).await.unwrap();
    let people: Vec<i64> = people.into_iter().map(|(id, _)| id).collect();
    for id in 1..=6 {
        let one = store.person(scope, id, None, OPEN).await.unwrap();
        assert_eq!(one.is_some(), people.contains(&id), "{scope:?} {id}");
    }
    let totals = store.totals(scope).await.unwrap();
    assert_eq!(totals.persons, people.len() as i64, "{scope:?}");
    let mut snapshot = store.snapshot().await.unwrap();
    let after = snapshot.persons_after(scope, 0, 100).await.unwrap();
    assert_eq!(after, people, "{scope:?}");
    people
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_reaches_what_is_in_it_and_below_it() {
    let (folder, addresses) = databases().await;
    for (number, address) in addresses.into_iter().enumerate() {
        let (store, _) = country(&address).await;
        let dinas = at("Provinsi Contoh > Dinas Kesehatan");
        let told = [
            ("Provinsi Contoh", vec![1, 2, 3, 4, 6]),
            ("Kabupaten Contoh", vec![5, 6]),
            ("provinsi contoh > DINAS kesehatan", vec![1, 6]),
            ("Kabupaten Contoh > Dinas Kesehatan", vec![5]),
            (
                "Provinsi Contoh > Dinas Kesehatan\nProvinsi Contoh > Inspektorat",
                vec![1, 3, 6],
            ),
            (
                "Provinsi Contoh > Inspektorat\nKabupaten Contoh",
                vec![3, 5, 6],
            ),
            ("Provinsi Contoh\nKabupaten Contoh", vec![1, 2, 3, 4, 5, 6]),
            ("Dinas Kesehatan", vec![]),
            ("", vec![]),
        ];
        for (places, persons) in &told {
            assert_eq!(&reached(&store, &at(places)).await, persons, "{places}");
        }
        // A unit has no deliveries; of several places, those of the agencies.
        for (places, count) in [
            ("Provinsi Contoh > Inspektorat", 0),
            ("Provinsi Contoh > Inspektorat\nKabupaten Contoh", 1),
            ("Provinsi Contoh\nKabupaten Contoh", 2),
        ] {
            let sent = store.submissions(&at(places)).await.unwrap();
            assert_eq!(sent.len(), count, "{places}");
            assert_eq!(store.sources(&at(places)).await.unwrap().len(), count);
        }
        // The tree says what is below.
        let mut writer = store.begin().await.unwrap();
        let rows = [["U1", "Dinas Kesehatan", ""], ["U2", "Bidang Gizi", "U1"]];
        tree(&mut writer, "PROVINSI contoh", &rows).await;
        tree(
            &mut writer,
            "Provinsi Contoh Utara",
            &[["U1", "", ""], ["U2", "", "U1"]],
        )
        .await;
        writer.commit().await.unwrap();
        for (places, persons) in [
            ("Provinsi Contoh > Dinas Kesehatan", vec![1, 2, 6]),
            ("Provinsi Contoh > u1", vec![1, 2, 6]),
            ("Provinsi Contoh > Bidang Gizi", vec![2]),
            ("Kabupaten Contoh > Dinas Kesehatan", vec![5]),
            ("Kabupaten Contoh > U1", vec![]),
        ] {
            assert_eq!(reached(&store, &at(places)).await, persons, "{places}");
        }
        assert!(
            store
                .covers(&dinas, &at("Provinsi Contoh > U2"))
                .await
                .unwrap()
        );
        assert!(store.covers(&at("Provinsi Contoh"), &dinas).await.unwrap());
        assert!(store.covers(&dinas, &Scope::own(NIPS[1])).await.unwrap());
        for beyond in [
            at("Provinsi Contoh"),
            at("Provinsi Contoh > Inspektorat"),
            at("Provinsi Contoh Utara > U2"),
            Scope::own(NIPS[4]),
            Scope::own(""),
            Scope::whole(),
        ] {
            assert!(!store.covers(&dinas, &beyond).await.unwrap(), "{beyond:?}");
        }
        let states = store.agency_states(&dinas).await.unwrap();
        let states: Vec<_> = states
            .into_iter()
            .map(|one| (one.agency, one.persons))
            .collect();
        let told = [
            ("PROVINSI CONTOH > DINAS KESEHATAN", 2),
            ("PROVINSI CONTOH > U2", 1),
        ];
        assert_eq!(states, told.map(|(name, count)| (name.to_owned(), count)));
        let whole = store.agency_states(&Scope::whole()).await.unwrap();
        assert_eq!(whole.len(), 2);
        let verdict = store
            .verify(&folder.path().join(format!("{number}.db")))
            .await;
        assert_eq!(verdict.unwrap().differences, [""; 0]);
        // A list that is loaded anew forgets what it no longer tells of.
        let mut writer = store.begin().await.unwrap();
        let (name, blob) = (UNITS.to_owned(), "x".to_owned());
        writer
            .append(&Entry::CodeList { name, blob })
            .await
            .unwrap();
        writer.commit().await.unwrap();
        assert_eq!(reached(&store, &dinas).await, [1, 6]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_is_told_who_comes_and_who_goes() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let (store, _) = country(&address).await;
        let [dinas, inspektorat] =
            ["Dinas Kesehatan", "Inspektorat"].map(|unit| at(&format!("Provinsi Contoh > {unit}")));
        let last = |page: &satu_store::changes::ChangePage| page.changes.last().unwrap().id;
        let before = store.changes(&Scope::whole(), 0, 100, false).await.unwrap();
        let mut writer = store.begin().await.unwrap();
        let row = [
            ("nip", NIPS[0]),
            ("nama", "Contoh Nama"),
            ("instansi_induk", "Provinsi Contoh"),
            ("instansi_kerja", "Provinsi Contoh"),
            ("unor", "Inspektorat"),
        ];
        deliver(&mut writer, "a", Kind::DataUtama, &[&row]).await;
        writer.commit().await.unwrap();
        for (scope, told) in [
            (&dinas, vec![ChangeKind::Withdrawn]),
            (&inspektorat, vec![ChangeKind::Entered, ChangeKind::Changed]),
            (&at("Provinsi Contoh"), vec![ChangeKind::Changed]),
            (&at("Kabupaten Contoh"), vec![]),
        ] {
            let page = store
                .changes(scope, last(&before), 100, false)
                .await
                .unwrap();
            let kinds: Vec<_> = page.changes.iter().map(|one| one.kind).collect();
            assert_eq!(kinds, told, "{scope:?}");
        }
    }
}

/// The list of units, as it is loaded: every row an agency's unit with the one above it.
async fn load(writer: &mut Writer, rows: &[[&str; 3]]) {
    let text = format!("{rows:?}");
    let (name, blob) = (UNITS.to_owned(), RawHasher::of(text.as_bytes()).unwrap());
    writer.keep_raw(&blob, text.as_bytes()).await.unwrap();
    let entry = Entry::CodeList { name, blob };
    writer.append(&entry).await.unwrap();
    tree(writer, "Provinsi Contoh", rows).await;
}

/// What each of these places is told after a number.
async fn each_told(store: &Store, after: i64, told: &[(&str, &[&str])]) {
    for (places, expected) in told {
        let page = store.changes(&at(places), after, 100, false).await.unwrap();
        let short = |one: &satu_store::changes::Change| {
            assert_eq!(one.other, None);
            format!("{} {}", &one.kind.name()[7..], one.person.unwrap())
        };
        let found: Vec<String> = page.changes.iter().map(short).collect();
        assert_eq!(&found, expected, "{places}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_is_told_who_comes_and_goes_with_the_tree() {
    const SEKDA: [&str; 3] = ["U0", "Sekretariat Daerah", ""];
    const DINAS: [&str; 3] = ["U1", "Dinas Kesehatan", "U0"];
    const INSPEKTORAT: [&str; 3] = ["U3", "Inspektorat", "U0"];
    let of_dinas = [SEKDA, DINAS, ["U2", "Bidang Gizi", "U1"], INSPEKTORAT];
    let of_inspektorat = [SEKDA, DINAS, ["U2", "Bidang Gizi", "U3"], INSPEKTORAT];
    let moves = async |writer: &mut Writer, person: usize| {
        let row = [
            ("nip", NIPS[person - 1]),
            ("nama", "Contoh Nama"),
            ("instansi_induk", "Provinsi Contoh"),
            ("unor", "Inspektorat"),
        ];
        deliver(writer, "a", Kind::DataUtama, &[&row]).await;
    };
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let (store, _) = country(&address).await;
        let nobody: &[&str] = &[];
        // The first list: who is placed by name comes to those who reach by code, and the other way round.
        let begun = store.last_change().await.unwrap();
        let mut writer = store.begin().await.unwrap();
        load(&mut writer, &of_dinas).await;
        writer.commit().await.unwrap();
        let told = [
            ("Provinsi Contoh > Dinas Kesehatan", &["entered 2"][..]),
            (
                "Provinsi Contoh > U1",
                &["entered 1", "entered 2", "entered 6"],
            ),
            (
                "Provinsi Contoh > U0",
                &["entered 1", "entered 2", "entered 3", "entered 6"],
            ),
            ("Provinsi Contoh > Bidang Gizi", &["entered 2"]),
            ("Provinsi Contoh > U2", nobody),
            ("Provinsi Contoh > Inspektorat", nobody),
            ("Provinsi Contoh > U3", &["entered 3"]),
            ("Provinsi Contoh", nobody),
            ("Kabupaten Contoh > Dinas Kesehatan", nobody),
        ];
        each_told(&store, begun, &told).await;

        // A unit goes over to another, with those in it; who is above both hears nothing.
        let last = store.last_change().await.unwrap();
        let mut writer = store.begin().await.unwrap();
        load(&mut writer, &of_inspektorat).await;
        writer.commit().await.unwrap();
        let told = [
            ("Provinsi Contoh > Dinas Kesehatan", &["withdrawn 2"][..]),
            ("Provinsi Contoh > U1", &["withdrawn 2"]),
            ("Provinsi Contoh > Inspektorat", &["entered 2"]),
            (
                "Provinsi Contoh > Dinas Kesehatan\nProvinsi Contoh > U3",
                &["entered 2"],
            ),
            ("Provinsi Contoh > Sekretariat Daerah", nobody),
            ("Provinsi Contoh > U2", nobody),
            ("Provinsi Contoh", nobody),
        ];
        each_told(&store, last, &told).await;
        assert_eq!(store.last_change().await.unwrap(), last + 4);

        // A list that says the same tells nobody anything.
        let last = store.last_change().await.unwrap();
        let mut writer = store.begin().await.unwrap();
        load(&mut writer, &of_inspektorat).await;
        writer.commit().await.unwrap();
        assert_eq!(store.last_change().await.unwrap(), last);

        // A source and the list at once.
        let mut writer = store.begin().await.unwrap();
        moves(&mut writer, 1).await;
        load(&mut writer, &of_dinas).await;
        writer.commit().await.unwrap();
        let told = [
            (
                "Provinsi Contoh > Dinas Kesehatan",
                &["withdrawn 1", "entered 2"][..],
            ),
            (
                "Provinsi Contoh > U3",
                &["entered 1", "changed 1", "withdrawn 2"],
            ),
            ("Provinsi Contoh > U0", &["changed 1"]),
            ("Provinsi Contoh", &["changed 1"]),
        ];
        each_told(&store, last, &told).await;

        // Who left a unit has left those above it, also for who reads when the unit has gone too.
        let last = store.last_change().await.unwrap();
        let mut writer = store.begin().await.unwrap();
        moves(&mut writer, 2).await;
        writer.commit().await.unwrap();
        let mut writer = store.begin().await.unwrap();
        load(&mut writer, &of_inspektorat).await;
        writer.commit().await.unwrap();
        let told = [
            ("Provinsi Contoh > U1", &["withdrawn 2"][..]),
            ("Provinsi Contoh > U3", &["entered 2", "changed 2"]),
            ("Provinsi Contoh > U2", &["withdrawn 2"]),
        ];
        each_told(&store, last, &told).await;

        // Without a list a unit is itself alone.
        let last = store.last_change().await.unwrap();
        let mut writer = store.begin().await.unwrap();
        load(&mut writer, &[]).await;
        writer.commit().await.unwrap();
        let told = [
            (
                "Provinsi Contoh > U3",
                &["withdrawn 1", "withdrawn 2", "withdrawn 3"][..],
            ),
            ("Provinsi Contoh > Inspektorat", nobody),
        ];
        each_told(&store, last, &told).await;
        assert_replays(&store).await;
    }
}

async fn logins(accounts: &Accounts, by: &Role, part: (i64, i64)) -> (i64, Vec<String>) {
    let found = accounts.search_of(by, "", part.0, part.1, Timestamp::now());
    let (total, found) = found.await.unwrap();
    let logins = found.into_iter().map(|one| one.account.login);
    (total, logins.collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_governs_what_is_theirs_and_no_higher() {
    let (_folder, addresses) = databases().await;
    for address in addresses {
        let (store, _) = country(&address).await;
        let accounts = store.accounts();
        let admin = |places: &str| Role::Administrator {
            places: places.into(),
        };
        let officer = |places: &str| Role::Officer {
            places: places.into(),
        };
        let asn = |nip: &str| Role::Asn { nip: nip.into() };
        let of_province = admin("Provinsi Contoh");
        assert_eq!(of_province.scope(), Scope::nothing());
        for (login, role, governed) in [
            ("pusat", Role::Walidata, false),
            ("prov.admin", of_province.clone(), true),
            ("prov.petugas", officer("Provinsi Contoh"), true),
            (
                "prov.unit",
                officer("Provinsi Contoh > Dinas Kesehatan"),
                true,
            ),
            (
                "prov.unit.admin",
                admin("Provinsi Contoh > Inspektorat"),
                true,
            ),
            ("kab.petugas", officer("Kabupaten Contoh"), false),
            ("dua", officer("Provinsi Contoh\nKabupaten Contoh"), false),
            ("asn.prov", asn(NIPS[0]), true),
            ("asn.kab", asn(NIPS[4]), false),
        ] {
            let made = accounts
                .add(login, "Contoh", role.clone(), "x")
                .await
                .unwrap();
            assert_eq!(made.role, role);
            assert_eq!(accounts.named(login).await.unwrap().role, role);
            let told = accounts.governs(&of_province, &role).await.unwrap();
            assert_eq!(told, governed, "{login}");
            let found = accounts.governed(&of_province, made.id).await.unwrap();
            assert_eq!(found.is_some(), governed, "{login}");
            // Officers and civil servants look after nobody.
            assert!(
                !accounts
                    .governs(&officer("Provinsi Contoh"), &role)
                    .await
                    .unwrap()
            );
            assert!(accounts.governs(&Role::Walidata, &role).await.unwrap());
        }
        let own = [
            "prov.admin",
            "prov.petugas",
            "prov.unit",
            "prov.unit.admin",
            "asn.prov",
        ];
        assert_eq!(
            logins(&accounts, &of_province, (0, 9)).await,
            (5, own.map(str::to_owned).to_vec())
        );
        let page = logins(&accounts, &of_province, (3, 2)).await;
        assert_eq!(
            page,
            (5, own[3..].iter().map(|one| (*one).to_owned()).collect())
        );
        let page = logins(&accounts, &of_province, (4, 2)).await;
        assert_eq!(page, (5, vec!["asn.prov".to_owned()]));
        let of_unit = admin("Provinsi Contoh > Inspektorat");
        assert_eq!(
            logins(&accounts, &of_unit, (0, 9)).await.1,
            ["prov.unit.admin"]
        );
        assert_eq!(logins(&accounts, &Role::Walidata, (0, 9)).await.0, 9);

        let given = accounts
            .set_role("prov.unit", &officer("Provinsi Contoh"))
            .await;
        assert_eq!(given.unwrap().role, officer("Provinsi Contoh"));
        assert!(accounts.set_role("prov.unit", &officer(" ")).await.is_err());
        assert!(accounts.set_role("prov.unit", &asn("1")).await.is_err());
        assert!(accounts.set_role("tiada", &Role::Walidata).await.is_err());
        let many: Vec<String> = (0..101).map(|one| format!("Kota {one}")).collect();
        let many = many.join("\n");
        assert!(
            accounts
                .set_role("prov.unit", &officer(&many))
                .await
                .is_err()
        );
    }
}
