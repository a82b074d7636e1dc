//! Who is told that somebody comes or goes.

use satu_domain::Kind;
use satu_store::changes::ChangeKind;
use satu_store::{Entry, RawHasher, Scope, Store, UNITS, Writer};

use super::{NIPS, at, country, tree};
use crate::{assert_replays, databases, deliver};

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
