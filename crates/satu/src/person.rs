//! `satu person`: one golden record with where each value comes from.

use std::fmt::Write;
use std::process::ExitCode;

use jiff::civil::Date;
use satu_domain::canonical;
use satu_domain::dates::ends_in_jakarta;
use satu_domain::resolve::{Field, Offer};
use satu_store::ask::Person;
use satu_store::{OPEN, Scope};
use serde_json::json;

use crate::database::{Database, refused};
use crate::{Failure, print};

/// Show one golden record. Exit code: 0 found, 1 not found.
#[derive(clap::Args)]
pub struct Args {
    /// A NIP that any source states for the person, now or before.
    nip: String,
    /// About which day (YYYY-MM-DD); else now.
    #[arg(long)]
    as_of: Option<Date>,
    /// As known at the end of which day in Jakarta (YYYY-MM-DD); else now.
    #[arg(long)]
    known_on: Option<Date>,
    /// Say for each value who states it, why it stands, and what lost.
    #[arg(long)]
    why: bool,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: Database,
}

/// Shows every person of whom the NIP is stated.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    args.database.with_existing(async |store| {
        let known = match args.known_on {
            None => OPEN,
            Some(day) => {
                let end = ends_in_jakarta(day).ok_or_else(|| Failure {
                    message: format!("{day} has no end"),
                    hint: "Give a day of our time to --known-on.".to_owned(),
                })?;
                store.known_at(end).await.map_err(|error| refused(&error))?
            }
        };
        let nip = canonical("nip", &args.nip);
        let mut persons = Vec::new();
        for id in store.find(&Scope::whole(), "nip", &nip).await.map_err(|error| refused(&error))? {
            let person = store.person(&Scope::whole(), id, args.as_of, known).await.map_err(|error| refused(&error))?;
            persons.extend(person);
        }
        if args.json {
            let documents: Vec<_> = persons.iter().map(document).collect();
            print(&format!("{}\n", json!({ "persons": documents })));
        } else {
            for person in &persons {
                print(&written(person, args.why));
            }
        }
        if persons.is_empty() {
            eprintln!("satu: nobody is known under the NIP {nip}\n  Check the number; `satu link` makes persons of new rows.");
        }
        Ok(ExitCode::from(u8::from(persons.is_empty())))
    })
}

fn document(person: &Person) -> serde_json::Value {
    let evidence: Vec<_> = person
        .evidence
        .iter()
        .map(|one| {
            json!({
                "statement": one.statement,
                "kind": one.kind,
                "source": one.source,
                "file": one.file,
                "row": one.row,
                "stated_on": one.stated_on,
            })
        })
        .collect();
    json!({
        "person": person.id,
        "conflicts": person.record.conflicts().count(),
        "fields": person.record.fields,
        "evidence": evidence,
    })
}

fn written(person: &Person, why: bool) -> String {
    let mut text = format!("person {}\n", person.id);
    for field in &person.record.fields {
        let _ = writeln!(text, "  {:18} {}", field.name, field.winner.value);
        if why {
            let _ = writeln!(
                text,
                "  {:18}   {}: {}",
                "",
                reason(field),
                said_by(&field.winner)
            );
            for loser in &field.losers {
                let _ = writeln!(
                    text,
                    "  {:18}   lost: {} ({})",
                    "",
                    loser.value,
                    said_by(loser)
                );
            }
        }
    }
    if why {
        let _ = writeln!(text, "  made of");
        for one in &person.evidence {
            let _ = writeln!(
                text,
                "    statement {}: {} by {}, {} row {}, for {}",
                one.statement,
                one.kind.name(),
                one.source,
                one.file,
                one.row,
                one.stated_on
            );
        }
    }
    text
}

fn reason(field: &Field) -> &'static str {
    use satu_domain::resolve::Reason;
    match field.reason {
        Reason::Unopposed => "nobody says otherwise",
        Reason::Ruling => "an officer decided",
        Reason::Authority => "the field's authority says so",
        Reason::Agreement => "more sources say so",
        Reason::Recency => "it was said last",
        Reason::Tie => "all else equal, the first in the alphabet",
    }
}

fn said_by(offer: &Offer) -> String {
    let numbers: Vec<String> = offer
        .by
        .statements
        .iter()
        .map(ToString::to_string)
        .collect();
    format!(
        "{} in statement {}",
        offer.by.sources.join(", "),
        numbers.join(", ")
    )
}
