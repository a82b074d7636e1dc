//! `satu publish`: open data.

use std::process::ExitCode;

use satu_domain::dates::today;
use satu_registry::publish::{Outcome, PublishError, publish};

use crate::database::{Database, refused};
use crate::{Failure, print};

/// Release open data: statistics, code lists and the standard as of today.
///
/// What is released stays at its address for good. Releases lie 28 days apart at least. Small
/// numbers are hidden, and others with them, so that nobody can be worked out: docs/open-data.md.
#[derive(clap::Args)]
pub struct Args {
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    database: Database,
}

/// A failure to release, with what to do about it.
pub fn failed(error: &PublishError) -> Failure {
    match error {
        PublishError::Store(inner) => refused(inner),
        other => Failure::new(other, other.hint()),
    }
}

/// Releases.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    args.database.with_existing(async |store| {
        let day = today();
        let outcome = publish(&store, "operator", day).await;
        let Outcome {
            entry,
            datasets,
            told,
        } = outcome.map_err(|error| failed(&error))?;
        if args.json {
            let document = serde_json::json!({
                "version": day.to_string(),
                "entry": entry,
                "datasets": datasets,
                "persons": told.persons,
                "not_in_service": told.left_out.ended,
                "without_sex": told.left_out.without_sex,
                "agencies": told.agencies,
                "agencies_pooled": told.pooled,
                "cells": told.cells,
                "hidden_small": told.small,
                "hidden_complementary": told.complementary,
            });
            print(&format!("{document}\n"));
        } else {
            print(&format!(
                "{datasets} datasets released as {day} (ledger entry {entry})\n\
                 persons        {} in service; left out: {} not in service, {} without a sex\n\
                 agencies       {} by name, {} pooled\n\
                 cells          {} above zero; hidden: {} small, {} so that those stay hidden\n",
                told.persons,
                told.left_out.ended,
                told.left_out.without_sex,
                told.agencies,
                told.pooled,
                told.cells,
                told.small,
                told.complementary,
            ));
        }
        Ok(ExitCode::SUCCESS)
    })
}
