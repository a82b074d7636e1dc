//! What one more file and one more record cost: `adding DB FILE... LAST`, used by `bench/match`.
//!
//! Takes all files but the last in and links them; takes the last in, asks of each of its rows whose it
//! is, one after the other, and all of them once more, then links it; then runs the whole linkage by the same weights, which
//! should find nothing to say. Prints one JSON document. A database that holds the files is used as it stands.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;

use satu_domain::Kind;
use satu_domain::resolve::SourceKind;
use satu_registry::intake::{Delivery, take_in};
use satu_registry::link::{Weights, link_all, link_all_by};
use satu_registry::link_new::link_new;
use satu_registry::matching::Matcher;
use satu_rules::{CodeLists, Standard};
use satu_store::entry::{Source, Way};
use satu_store::{KeyPlace, Scope, Store};

/// Rows asked about at most.
const ASKED: usize = 10_000;

async fn take(store: &Store, standard: &Standard, path: &Path) -> Result<(), Box<dyn Error>> {
    let code = path.file_stem().unwrap_or_default().to_string_lossy();
    let kind = match &*code {
        "pusat" => SourceKind::Central,
        "gaji" => SourceKind::Payroll,
        _ => SourceKind::Agency,
    };
    let source = Source {
        code: code.clone().into_owned(),
        name: code.into_owned(),
        kind,
        instansi: String::new(),
    };
    let delivery = Delivery {
        path: path.to_owned(),
        map: None,
        sheet: None,
        stated_on: Some(jiff::civil::date(2026, 1, 1)),
        way: Way::File,
    };
    take_in(store, &source, &delivery, standard).await?;
    Ok(())
}

/// Processor seconds of this process so far, user and system.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split(' ').skip(12).take(2);
    ticks.filter_map(|one| one.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn lap((cpu_s, at): (f64, Instant)) -> serde_json::Value {
    serde_json::json!({"cpu_s": cpu() - cpu_s, "wall_s": at.elapsed().as_secs_f64()})
}

/// Asks of each of these rows whose it is, one after the other.
async fn asked(
    store: &Store,
    matcher: &Matcher,
    rows: &[Vec<String>],
) -> Result<serde_json::Value, Box<dyn Error>> {
    let (mut took, mut found) = (Vec::with_capacity(rows.len()), 0);
    let began = (cpu(), Instant::now());
    for row in rows {
        let at = Instant::now();
        let told = matcher
            .matches(store, &Scope::whole(), (row, 10), |_| false)
            .await?;
        took.push(at.elapsed().as_secs_f64() * 1e3);
        found += usize::from(told.first().is_some_and(|one| one.linked));
    }
    let together = lap(began);
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took.get((took.len() as f64 * share) as usize).copied();
    Ok(serde_json::json!({
        "asked": took.len(), "together": together, "found": found,
        "p50_ms": at(0.5), "p99_ms": at(0.99), "most_ms": took.last(),
    }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [db, files @ .., last] = words.as_slice() else {
        return Err("usage: adding DB FILE... LAST".into());
    };
    let standard = Standard::new(CodeLists::core(), jiff::civil::date(2026, 1, 1));
    let store = Store::open(db, &KeyPlace::OfUser).await?;
    let began = (cpu(), Instant::now());
    for file in files {
        take(&store, &standard, Path::new(file)).await?;
    }
    let intake = lap(began);
    let began = (cpu(), Instant::now());
    let base = match store.model().await? {
        Some(_) => None,
        None => Some(link_all(&store).await?),
    };
    let linking = lap(began);
    let began = (cpu(), Instant::now());
    take(&store, &standard, &PathBuf::from(last)).await?;
    let late = lap(began);
    let mut reader = store.begin().await?;
    let new = reader.unjudged(0, ASKED as i64).await?;
    let rows = reader.neighbours().statements(&new).await?;
    drop(reader);
    let rows = rows.into_iter().filter(|row| row.kind == Kind::DataUtama);
    let rows: Vec<Vec<String>> = rows.map(|row| row.statement.cells).collect();
    let matcher = Matcher::default();
    let cold = asked(&store, &matcher, &rows).await?;
    let warm = asked(&store, &matcher, &rows).await?;
    let began = (cpu(), Instant::now());
    let added = link_new(&store).await?;
    let adding = lap(began);
    let head = store.head().await?;
    let began = (cpu(), Instant::now());
    let again = link_all_by(&store, Weights::Kept).await?;
    let whole = lap(began);
    let told = serde_json::json!({
        "base": base, "intake": intake, "link_all": linking, "late_intake": late,
        "match": cold, "match_again": warm,
        "added": added, "link_new": adding,
        "again": again, "link_all_again": whole, "same": store.head().await? == head,
    });
    println!("{told:#}");
    Ok(())
}
