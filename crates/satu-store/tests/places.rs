//! Who reaches which agencies and which of their units, on both databases.

mod governing;
mod told;

use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_store::entry::{Linked, Source, Unit, Units};
use satu_store::place::Places;
use satu_store::{Entry, OPEN, Scope, Store, UNITS, Writer};

use crate::{databases, deliver};

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

#[tokio::test]
async fn a_control_character_in_the_name_of_a_unit_stops_no_loading() {
    let (folder, addresses) = databases().await;
    for (number, address) in addresses.iter().enumerate() {
        let store = Store::open(address, &crate::key_file()).await.unwrap();
        let mut writer = store.begin().await.unwrap();
        let rows = [["1", "Dinas", ""], ["2", "A\u{1}B", "1"], ["3", "A B", "1"]];
        tree(&mut writer, "Kota Contoh", &rows).await;
        writer.commit().await.unwrap();
        let scratch = folder.path().join(format!("{number}.db"));
        let verdict = store.verify(&scratch).await.unwrap();
        assert_eq!(verdict.differences, [""; 0]);
    }
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
