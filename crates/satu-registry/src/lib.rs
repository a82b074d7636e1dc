//! The use cases: hold a file against the standard, take it in, link, ask, release open data.

pub mod check;
pub mod four_eyes;
pub mod intake;
pub mod link;
pub mod link_new;
pub mod matching;
mod part;
pub mod program_secret;
pub mod publish;
pub mod reconcile;
pub mod reference;
pub mod report;
pub mod review;
pub mod score;
pub mod single;
pub mod table;
pub mod typed;
