//! `satu standard`: the rules of the data standard.

use std::process::ExitCode;

use satu_rules::{CodeLists, FileRule, Standard, standard_markdown};

use crate::print;

/// List the rules.
#[derive(clap::Args)]
pub struct Args {
    /// Print the documentation page (Markdown) instead of a list.
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// Prints the standard.
pub fn run(args: &Args) -> ExitCode {
    let standard = Standard::new(CodeLists::core(), satu_domain::dates::today());
    if args.markdown {
        print(&standard_markdown(&standard));
    } else if args.json {
        let of_files = FileRule::ALL.map(|rule| {
            serde_json::json!({
                "id": rule.id,
                "kind": "*",
                "column": "-",
                "severity": rule.severity.name(),
                "message_id": rule.message_id,
                "message_en": rule.message_en,
                "source": rule.source,
            })
        });
        let of_rows = standard.rules().iter().map(|rule| {
            serde_json::json!({
                "id": rule.id,
                "kind": rule.kind.name(),
                "column": rule.kind.columns()[rule.column],
                "severity": rule.severity.name(),
                "message_id": rule.message_id,
                "message_en": rule.message_en,
                "source": rule.source,
            })
        });
        let rules: Vec<_> = of_files.into_iter().chain(of_rows).collect();
        print(&format!("{}\n", serde_json::json!({ "rules": rules })));
    } else {
        for rule in FileRule::ALL {
            print(&format!(
                "{}  {:7}  {:18}  {}\n",
                rule.id,
                rule.severity.name(),
                "-",
                rule.message_en
            ));
        }
        for rule in standard.rules() {
            print(&format!(
                "{}  {:7}  {:18}  {}\n",
                rule.id,
                rule.severity.name(),
                rule.kind.columns()[rule.column],
                rule.message_en
            ));
        }
    }
    ExitCode::SUCCESS
}
