//! A release of open data: what is in it, when there can be one, and that it stays.

use std::fmt::Write;

use jiff::civil::date;
use satu_domain::canonical;
use satu_open::population::{COLUMNS, Population};
use satu_open::protect::Rule;
use satu_open::release::statistics;
use satu_registry::link::link_all;
use satu_registry::publish::{PublishError, publish};
use satu_registry::reference;
use satu_store::Store;
use satu_store::release::Released;

use crate::{assert_replays, key_file, send};

/// Men and women in turn, of different days and serials.
fn people(count: usize) -> String {
    (0..count).fold(String::new(), |mut rows, at| {
        let (month, day, serial) = (1 + at / 28 % 12, 1 + at % 28, 1 + at / 336);
        let (sex, digit, born) = if at % 2 == 0 { ("L", 1, day) } else { ("P", 2, day + 40) };
        let name: String = (0..5).map(|place| char::from(b'a' + (at / 26_usize.pow(place) % 26) as u8)).collect();
        let _ = writeln!(
            rows,
            "1985{month:02}{day:02}201001{digit}{serial:03},320101{born:02}{month:02}85{at:04},Contoh {name},1985-{month:02}-{day:02},{sex}"
        );
        rows
    })
}

async fn text(store: &Store, of: &[Released], dataset: &str) -> String {
    let one = of.iter().find(|one| one.dataset == dataset).unwrap();
    let mut bytes = Vec::new();
    store.read_raw(&one.raw, &mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_made_kept_and_not_followed_too_soon() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(
        &folder.path().join("satu.db").to_string_lossy(),
        &key_file(),
    )
    .await
    .unwrap();
    let first = date(2026, 11, 1);
    let refused = publish(&store, "walidata", first).await.unwrap_err();
    assert!(
        matches!(refused, PublishError::TooFew(few) if few.persons == 0),
        "{refused}"
    );
    let before = store.head().await.unwrap();

    send(&store, "a", folder.path(), "a.csv", &people(60)).await;
    link_all(&store).await.unwrap();
    assert_ne!(store.head().await.unwrap(), before);
    let outcome = publish(&store, "walidata", first).await.unwrap();
    assert_eq!((outcome.told.persons, outcome.told.agencies), (60, 0));
    let released = store.releases().await.unwrap();
    assert_eq!(released.len(), outcome.datasets);
    let ages = text(&store, &released, "asn-usia").await;
    assert!(ages.contains("\n_T,_T,_T,2026-11-01,60,F\n"), "{ages}");
    assert!(ages.contains("\n_T,P,Y40T44,2026-11-01,30,F\n"), "{ages}");
    assert!(
        text(&store, &released, "kode-agama")
            .await
            .contains("1,Islam")
    );
    assert!(
        text(&store, &released, "standar-aturan")
            .await
            .contains("DU-001")
    );
    assert!(
        text(&store, &released, "standar-kolom")
            .await
            .contains("data_utama,1,nip")
    );

    // More persons, and a code list of the register's own: in the next release, not in the last.
    send(&store, "b", folder.path(), "b.csv", &people(90)).await;
    link_all(&store).await.unwrap();
    let lists = folder.path().join("daftar");
    std::fs::create_dir(&lists).unwrap();
    std::fs::write(lists.join("agama.csv"), "id,nama\n9,Lain\n").unwrap();
    std::fs::write(lists.join("instansi.csv"), "id,nama\nA1,Kota Contoh\n").unwrap();
    reference::load(&store, &lists).await.unwrap();
    for day in [first, date(2026, 10, 1), date(2026, 11, 28)] {
        let refused = publish(&store, "walidata", day).await.unwrap_err();
        assert!(
            matches!(refused, PublishError::TooSoon { last, next } if last == first && next == date(2026, 11, 29)),
            "{refused}"
        );
    }
    assert_eq!(store.releases().await.unwrap(), released);
    publish(&store, "walidata", date(2026, 11, 29))
        .await
        .unwrap();
    let all = store.releases().await.unwrap();
    let (newer, older) = all.split_at(all.len() - released.len());
    assert_eq!(older, released);
    assert_eq!(text(&store, older, "asn-usia").await, ages);
    assert!(
        text(&store, newer, "asn-usia")
            .await
            .contains("\n_T,_T,_T,2026-11-29,90,F\n")
    );
    assert_eq!(text(&store, newer, "kode-agama").await, "id,nama\n9,Lain\n");
    assert_eq!(
        text(&store, newer, "kode-instansi").await,
        "id,nama\nA1,Kota Contoh\n"
    );
    assert_replays(&store).await;
}

/// The country of `satu demo`, as the central system has it: rows of [`COLUMNS`].
fn demo(persons: u64, seed: u64) -> Vec<[String; COLUMNS.len()]> {
    let folder = tempfile::tempdir().unwrap();
    let config = satu_synth::Config {
        persons,
        seed,
        today: date(2026, 11, 30),
    };
    satu_synth::generate(&config, folder.path()).unwrap();
    let mut reader = csv::Reader::from_path(folder.path().join("pusat.csv")).unwrap();
    let head = reader.headers().unwrap().clone();
    let place = |name: &str| head.iter().position(|one| one == name).unwrap();
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        COLUMNS.map(|name| canonical(name, &row[place(name)]))
    });
    rows.collect()
}

#[test]
fn the_country_of_the_demo_is_told_by_province() {
    for seed in 1..4 {
        let mut rows = demo(20_000, seed);
        // As in the demo, it is not known of a few where they work: payroll and a rejected row speak of them.
        let [agency, workplace] = ["instansi_induk", "lokasi_kerja"]
            .map(|name| COLUMNS.iter().position(|one| *one == name).unwrap());
        let central = rows
            .iter_mut()
            .filter(|row| row[agency].starts_with("KEMENTERIAN"));
        for row in central.step_by(1_000) {
            row[workplace].clear();
        }
        let mut population = Population::new(date(2026, 11, 30));
        for row in &rows {
            population.count(&row.each_ref().map(String::as_str));
        }
        let made = statistics(&population, Rule::default()).unwrap();
        let (_, table) = made
            .datasets
            .iter()
            .find(|(name, _)| name == "asn-provinsi")
            .unwrap();
        let mut named = 0;
        let (mut others, mut everybody) = (0, 0);
        for line in table.lines().filter(|line| line.starts_with("_T,_T,")) {
            let cells: Vec<&str> = line.split(',').collect();
            let persons: u64 = cells[4].parse().unwrap();
            match cells[2] {
                "_T" => everybody = persons,
                "_O" => others = persons,
                _ => named += 1,
            }
        }
        assert!(named >= 37, "{named} provinces under their names");
        assert!(
            others * 10 < everybody,
            "{others} of {everybody} in other provinces"
        );
        let agencies: std::collections::BTreeSet<&str> = table
            .lines()
            .skip(1)
            .filter_map(|line| line.split(',').next())
            .collect();
        assert_eq!(
            agencies.len(),
            1 + made.told.agencies,
            "every agency has its row: {agencies:?}"
        );
        assert_eq!(made.told.pooled, 0);
    }
}
