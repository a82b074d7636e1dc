//! Open data: statistics from which nobody's data can be worked out, the code lists and the data
//! standard, and their description in the forms that catalogues and statistical offices read.
//!
//! A release is a day's set of datasets, each a CSV text that never changes afterwards. What
//! [`population`] counts, [`release`] turns into tables; [`protect`] hides cells so that every small
//! one could as well be a larger one. [`dcat`], [`csvw`], [`ckan`] and [`sdmx`] describe and carry
//! what was released. The crate knows no database and no HTTP.

pub mod both;
mod categories;
pub mod ckan;
pub mod csvw;
pub mod dataset;
pub mod dcat;
pub mod dimension;
mod pooling;
pub mod population;
pub mod protect;
pub mod rdf;
mod ready;
pub mod reference;
pub mod release;
pub mod sdmx;

pub use both::Both;
