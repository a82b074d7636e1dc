//! Makes a country: `generate PERSONS SEED DIR`, and prints what it made as JSON-like text.

use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [persons, seed, folder] = words.as_slice() else {
        return Err("usage: generate PERSONS SEED DIR".into());
    };
    let config = satu_synth::Config {
        persons: persons.parse()?,
        seed: seed.parse()?,
        today: jiff::civil::date(2026, 1, 1),
    };
    let country = satu_synth::generate(&config, Path::new(folder))?;
    let rows: u64 = country.files.iter().map(|f| f.rows).sum();
    println!(
        "{} files, {rows} rows, {} persons, {} ghosts",
        country.files.len(),
        country.persons,
        country.ghosts
    );
    println!("{:#?}", country.faults);
    Ok(())
}
