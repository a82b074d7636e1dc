//! What comes later is linked by itself as a whole run would link it. All persons are made up.

use std::collections::BTreeMap;
use std::path::Path;

use satu_domain::Kind;
use satu_registry::link::{Weights, link_all, link_all_by};
use satu_registry::link_new::link_new;
use satu_registry::matching::Matcher;
use satu_store::neighbours::Known;
use satu_synth::{Config, Country, SourceFile, generate};
use sqlx::Executor;

use super::*;

/// Where an empty database of each engine is.
pub async fn addresses(folder: &Path, name: &str) -> [String; 2] {
    let server = std::env::var("SATU_TEST_POSTGRES")
        .expect("run the tests with scripts/test, which starts a PostgreSQL");
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(&format!("{server}/postgres")).await;
    let name = format!("{name}_{}", std::process::id());
    let made = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    pool.unwrap().execute(made).await.unwrap();
    let file = folder.join(format!("{name}.db"));
    [
        file.to_string_lossy().into_owned(),
        format!("{server}/{name}"),
    ]
}

/// An empty database of each engine.
pub async fn empty(folder: &Path, name: &str) -> [Store; 2] {
    let [file, server] = addresses(folder, name).await;
    [
        Store::open(&file, &key_file()).await.unwrap(),
        Store::open(&server, &key_file()).await.unwrap(),
    ]
}

/// Ends all connections to a database of [`empty`] on the server.
async fn end_connections(name: &str) {
    let server = std::env::var("SATU_TEST_POSTGRES").unwrap();
    let pool = sqlx::AnyPool::connect(&format!("{server}/postgres")).await;
    let sql = "SELECT CAST(pg_terminate_backend(pid) AS INTEGER) FROM pg_stat_activity WHERE datname = $1";
    let name = format!("{name}_{}", std::process::id());
    let query = sqlx::query(sql).bind(name);
    query.execute(&pool.unwrap()).await.unwrap();
}

async fn take(store: &Store, file: &SourceFile) {
    let source = Source {
        code: file.source.clone(),
        name: file.source_name.clone(),
        kind: file.source_kind,
        instansi: file.instansi.clone(),
    };
    let delivery = Delivery {
        path: file.path.clone(),
        map: None,
        sheet: None,
        stated_on: Some(file.stated_on),
        way: Way::File,
    };
    let standard = Standard::new(CodeLists::core(), date(2026, 11, 24));
    take_in(store, &source, &delivery, &standard).await.unwrap();
}

fn country(folder: &Path, seed: u64) -> Country {
    let config = Config {
        persons: 1_500,
        seed,
        today: date(2026, 11, 24),
    };
    generate(&config, &folder.join("country")).unwrap()
}

async fn current(store: &Store) -> Vec<Known> {
    let mut reader = store.begin().await.unwrap();
    let gathered = reader.gather_current(700, Vec::new(), Vec::extend);
    gathered.await.unwrap()
}

/// A whole run by the same weights has nothing to add.
async fn assert_whole_run_agrees(store: &Store) {
    let head = store.head().await.unwrap();
    let again = link_all_by(store, Weights::Kept).await.unwrap();
    assert_eq!(again.moved, 0);
    assert_eq!(store.head().await.unwrap(), head);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_comes_last_is_linked_as_if_it_had_come_first() {
    const OTHER: &str = "198503172015032009";
    let folder = tempfile::tempdir().unwrap();
    for seed in [1, 2] {
        let country = country(folder.path(), seed);
        let small = |file: &&SourceFile| file.kind == Kind::DataUtama && file.rows < 300;
        let late: Vec<&SourceFile> = country.files.iter().filter(small).take(12).collect();
        assert_eq!(late.len(), 12);
        for store in empty(folder.path(), &format!("adding{seed}")).await {
            for file in &country.files {
                if !late.iter().any(|one| one.path == file.path) {
                    take(&store, file).await;
                }
            }
            let namesakes = format!(
                "{ANI},3273015703850004,Ani Contoh,1985-03-17,P\n{OTHER},3101015703857777,Ani Contoh,1985-03-17,P\n"
            );
            for source in ["dua", "tiga"] {
                let file = format!("{source}.csv");
                send(&store, source, folder.path(), &file, &namesakes).await;
            }
            let before = link_all(&store).await.unwrap();
            for pair in late.chunks(2) {
                for file in pair {
                    take(&store, file).await;
                }
                let added = link_new(&store).await.unwrap();
                assert!(added.moved > 0);
                assert!(added.records < before.records / 2, "{added:?}");
            }
            // The NIP of one and the NIK of the other.
            let mixed = format!("{ANI},3101015703857777,Ani Contoh,1985-03-17,P\n");
            send(&store, "empat", folder.path(), "empat.csv", &mixed).await;
            let added = link_new(&store).await.unwrap();
            assert!(added.doubts > 0, "{added:?}");
            let added = link_new(&store).await.unwrap();
            assert_eq!(added.moved, 0, "nothing is new any more");
            assert_whole_run_agrees(&store).await;
            assert_replays(&store).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_sent_again_with_corrections_is_judged_anew() {
    let folder = tempfile::tempdir().unwrap();
    let country = country(folder.path(), 3);
    for store in empty(folder.path(), "corrected").await {
        for file in &country.files {
            take(&store, file).await;
        }
        link_all(&store).await.unwrap();
        // Every third row of the payroll now names another person altogether.
        let payroll = country.files.iter().find(|file| file.source == "gaji");
        let payroll = payroll.unwrap();
        let text = std::fs::read_to_string(&payroll.path).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.truncate(400);
        for at in (1..400).step_by(3) {
            let mut cells: Vec<&str> = lines[at].split(',').collect();
            let nik = format!("99{at:014}");
            cells[1] = &nik;
            cells[2] = "Orang Lain Sekali";
            lines[at] = cells.join(",");
        }
        let corrected = SourceFile {
            path: folder.path().join("gaji-lagi.csv"),
            ..payroll.clone()
        };
        std::fs::write(&corrected.path, lines.join("\n")).unwrap();
        take(&store, &corrected).await;
        let added = link_new(&store).await.unwrap();
        assert!((400..2_000).contains(&added.records), "{added:?}");
        assert_whole_run_agrees(&store).await;
        assert_replays(&store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn officers_are_obeyed_when_a_file_is_added() {
    let folder = tempfile::tempdir().unwrap();
    for store in empty(folder.path(), "obeyed").await {
        let one = |at: u32| {
            format!(
                "1980{at:02}012010011001,32730101{at:02}800004,Orang {at} Contoh,1980-01-01,L\n"
            )
        };
        let mut rows: String = (10..60).map(one).collect();
        rows.push_str(ANI);
        rows.push_str(",3273015703850004,Ani Contoh,1985-03-17,P\n");
        send(&store, "a", folder.path(), "a.csv", &rows).await;
        link_all(&store).await.unwrap();
        let ani = who(&store, ANI).await;
        let verdict = Verdict::NotSame {
            records: vec![record("a", ANI), record("b", ANI_TYPO)],
            groups: Vec::new(),
        };
        decide(&store, verdict).await;
        let rows = format!("{ANI_TYPO},3273015703850004,Ani Contoh,1985-03-17,P\n");
        send(&store, "b", folder.path(), "b.csv", &rows).await;
        link_new(&store).await.unwrap();
        assert_ne!(who(&store, ANI_TYPO).await, ani);
        assert_whole_run_agrees(&store).await;
        let verdict = Verdict::Same {
            records: vec![record("c", BUDI), record("b", ANI_TYPO)],
        };
        decide(&store, verdict).await;
        let rows = format!("{BUDI},3273010101900004,Budi Contoh,1990-01-01,L\n");
        send(&store, "c", folder.path(), "c.csv", &rows).await;
        link_new(&store).await.unwrap();
        assert_eq!(who(&store, BUDI).await, who(&store, ANI_TYPO).await);
        assert_whole_run_agrees(&store).await;
        assert_replays(&store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_record_gets_the_answer_that_a_run_gives() {
    let folder = tempfile::tempdir().unwrap();
    let country = country(folder.path(), 4);
    let small = |file: &&SourceFile| file.kind == Kind::DataUtama && file.rows < 300;
    let late: Vec<&SourceFile> = country.files.iter().filter(small).take(6).collect();
    for store in empty(folder.path(), "matched").await {
        for file in &country.files {
            if !late.iter().any(|one| one.path == file.path) {
                take(&store, file).await;
            }
        }
        link_all(&store).await.unwrap();
        let before = current(&store).await;
        let last = before.iter().map(|one| one.seq).max().unwrap();
        let matcher = Matcher::default();
        // Row by row: asked first, then sent.
        let mut agreed = 0;
        for file in &late {
            take(&store, file).await;
        }
        let rows: Vec<Known> = current(&store)
            .await
            .into_iter()
            .filter(|one| one.seq > last && one.kind == Kind::DataUtama)
            .collect();
        let mut told = BTreeMap::new();
        let whole = Scope::whole();
        for row in &rows {
            let found = matcher.matches(&store, &whole, (&row.statement.cells, 5), |_| false);
            let found = found.await.unwrap();
            assert!(found.iter().skip(1).all(|one| !one.linked));
            told.insert(
                row.seq,
                found.first().filter(|one| one.linked).map(|one| one.person),
            );
        }
        // A server that was started again has ended the connections kept for matching, too.
        end_connections("matched").await;
        let again = matcher.matches(&store, &whole, (&rows[0].statement.cells, 5), |_| false);
        let again = again.await.unwrap();
        let again = again.first().filter(|one| one.linked);
        assert_eq!(again.map(|one| one.person), told[&rows[0].seq]);
        let known: std::collections::BTreeSet<i64> =
            before.iter().filter_map(|one| one.person).collect();
        link_all_by(&store, Weights::Kept).await.unwrap();
        for row in current(&store)
            .await
            .iter()
            .filter(|row| told.contains_key(&row.seq))
        {
            let given = row.person.filter(|person| known.contains(person));
            assert_eq!(told[&row.seq], given, "{:?}", row.statement.cells);
            agreed += usize::from(given.is_some());
        }
        assert!(agreed > 50, "{agreed}");
        // Out of reach nothing is told.
        let nobody = Scope::agency("Kota Tiada");
        for row in rows.iter().take(20) {
            let found = matcher.matches(&store, &nobody, (&row.statement.cells, 5), |_| false);
            assert!(found.await.unwrap().is_empty());
        }
    }
}
