//! `satu demo`: a synthetic country, taken in by the same road as real files, linked, scored and
//! served.

use std::path::Path;
use std::process::ExitCode;

use rustc_hash::FxHashMap;
use satu_domain::dates::today;
use satu_domain::{Golongan, Kind};
use satu_registry::intake::{Delivery, TakeInError, take_in};
use satu_registry::link::{Outcome, link_all};
use satu_registry::publish::publish;
use satu_registry::score::{Score, score};
use satu_rules::{CodeLists, Standard, lowest_base_salary};
use satu_store::ask::Totals;
use satu_store::entry::{Source, Way};
use satu_store::{Scope, Store};
use satu_synth::{Config, SynthError, generate, read_truth};

use satu_web::Lang;

use crate::database::{Database, refused};
use crate::guests::Guests;
use crate::serve::{self, Listen};
use crate::{Failure, print};

/// Make a synthetic country, take it in, link it, say what was found, and serve the site.
#[derive(clap::Args)]
pub struct Args {
    /// How many civil servants.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(100..=6_000_000))]
    persons: u64,
    /// The same seed makes the same country.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Do not serve the site afterwards.
    #[arg(long)]
    no_serve: bool,
    #[command(flatten)]
    listen: Listen,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: Database,
}

/// Months of a year, for what ghosts cost.
const MONTHS: u64 = 12;

/// Runs the demo on an empty database.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let settings = args.listen.settings()?;
    args.database.with(async |store| {
        if store.head().await.map_err(|error| refused(&error))?.size > 0 {
            return Err(Failure {
                message: "the demo fills an empty database, and this one holds data".to_owned(),
                hint: "Name another one: satu demo --db demo.db".to_owned(),
            });
        }
        let folder = tempfile::tempdir().map_err(|error| {
            Failure::new(&error, "Make room in the folder for temporary files.")
        })?;
        // Taken before the work begins: an address in use should not be found out after it.
        let listener = if args.no_serve {
            None
        } else {
            Some(args.listen.listener().await?)
        };
        let told = play(&store, args, folder.path()).await?;
        if args.json {
            print(&format!("{}\n", told.document()));
        } else {
            print(&told.lines());
        }
        if let Some(listener) = listener {
            serve::on(store, listener, settings).await?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

struct Told {
    totals: Totals,
    outcome: Outcome,
    score: Score,
    sources: usize,
    ghost_cost: u64,
    guests: Guests,
}

async fn play(store: &Store, args: &Args, folder: &Path) -> Result<Told, Failure> {
    let config = Config {
        persons: args.persons,
        seed: args.seed,
        today: today(),
    };
    let synth =
        |error: &SynthError| Failure::new(error, "Make room in the folder for temporary files.");
    let country = generate(&config, folder).map_err(|error| synth(&error))?;
    let standard = Standard::new(CodeLists::core(), config.today);
    for file in &country.files {
        eprintln!("taking in {} ({} rows)", file.path.display(), file.rows);
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
        take_in(store, &source, &delivery, &standard)
            .await
            .map_err(|error| match &error {
                TakeInError::Store(inner) => refused(inner),
                other => Failure::new(other, other.hint()),
            })?;
    }
    eprintln!("linking");
    let outcome = link_all(store)
        .await
        .map_err(|error| Failure::new(&error, "Nothing was linked; run `satu link`."))?;
    let mut truth: FxHashMap<(String, u64), u64> = FxHashMap::default();
    for row in read_truth(&country.truth).map_err(|error| synth(&error))? {
        let row = row.map_err(|error| synth(&error))?;
        truth.insert((row.file, row.row), row.person);
    }
    publish(store, "operator", config.today)
        .await
        .map_err(|error| crate::publish::failed(&error))?;
    let linked = linked(store, &truth).await?;
    let ghosts = store
        .ghosts(&Scope::whole())
        .await
        .map_err(|error| refused(&error))?;
    let cost = |rank: &str| Golongan::parse(rank).map_or(0, lowest_base_salary) * MONTHS;
    Ok(Told {
        totals: store
            .totals(&Scope::whole())
            .await
            .map_err(|error| refused(&error))?,
        outcome,
        score: score(linked),
        sources: store
            .sources(&Scope::whole())
            .await
            .map_err(|error| refused(&error))?
            .len(),
        ghost_cost: ghosts
            .iter()
            .map(|(_, record)| record.value("golongan").map_or(0, cost))
            .sum(),
        guests: Guests::invite(store).await?,
    })
}

/// Each identity row in the ledger: the person it was linked to, and the person it truly is of.
async fn linked(
    store: &Store,
    truth: &FxHashMap<(String, u64), u64>,
) -> Result<Vec<(i64, u64)>, Failure> {
    let submissions = store
        .submissions(&Scope::whole())
        .await
        .map_err(|error| refused(&error))?;
    let files: FxHashMap<i64, String> = submissions
        .into_iter()
        .map(|one| (one.receipt.submission, one.submission.file))
        .collect();
    let mut reader = store.begin().await.map_err(|error| refused(&error))?;
    let rows = reader.gather_current(10_000, Vec::new(), |rows, page| {
        let rows_of = page.into_iter().filter(|one| one.kind == Kind::DataUtama);
        rows.extend(rows_of.map(|one| (one.person, one.statement.submission, one.statement.row)));
    });
    let rows = rows.await.map_err(|error| refused(&error))?;
    let both = |(person, submission, row): (Option<i64>, i64, u64)| {
        let file = files.get(&submission)?;
        Some((person?, *truth.get(&(file.clone(), row))?))
    };
    Ok(rows.into_iter().filter_map(both).collect())
}

impl Told {
    fn document(&self) -> serde_json::Value {
        serde_json::json!({
            "rows_in": self.totals.rows,
            "accepted": self.totals.accepted,
            "accepted_with_warnings": self.totals.accepted_with_warnings,
            "rejected": self.totals.rejected,
            "persons": self.totals.persons,
            "duplicates": self.outcome.duplicates,
            "conflicts": self.totals.conflicts,
            "ghosts": self.totals.ghosts,
            "ghost_cost_a_year": self.ghost_cost,
            "doubts": self.totals.doubts,
            "link": self.score,
            "accounts": self.guests.document(),
        })
    }

    fn lines(&self) -> String {
        let t = &self.totals;
        let number = |number: i64| Lang::Id.number(number);
        format!(
            "A synthetic country (no real persons), {} sources, {} files\n\
             rows in        {}\n\
             accepted       {}\n\
             with warnings  {}\n\
             rejected       {}\n\
             persons        {}\n\
             duplicates     {} rows beyond the first that one source has of one person\n\
             conflicts      {} fields; {} groups of records wait for a person to look\n\
             ghosts         {} paid and nowhere else: at least Rp {} a year\n\
             linkage        precision {:.4}, recall {:.4}, F1 {:.4} against the known truth\n\
             {}",
            self.sources,
            number(t.submissions),
            number(t.rows),
            number(t.accepted),
            number(t.accepted_with_warnings),
            number(t.rejected),
            number(t.persons),
            number(self.outcome.duplicates as i64),
            number(t.conflicts),
            number(t.doubts),
            number(t.ghosts),
            number(self.ghost_cost as i64),
            self.score.precision,
            self.score.recall,
            self.score.f1,
            self.guests.lines(),
        )
    }
}
