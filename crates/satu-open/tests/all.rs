//! Open data as somebody outside meets it. All persons are made up.

#![allow(clippy::unwrap_used)] // a test that panics has failed, as it should

mod attack;
mod catalogue;
mod disclosure;
mod numbers;
mod provinces;
mod sdmx;
