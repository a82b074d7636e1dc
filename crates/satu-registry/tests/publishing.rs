//! A release of open data: what is in it, when there can be one, and that it stays.

use std::fmt::Write;

use jiff::civil::date;
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
