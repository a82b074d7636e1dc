//! Open data as other people's programs read it: `rdflib`, `sdmx1`, a harvester, a Parquet reader.

use std::process::Command;

use arrow_array::{Array, Int64Array, StringArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::browser::driver::Site;

/// Asks the site with curl; what comes back.
fn fetched(address: &str) -> Vec<u8> {
    let output = Command::new("curl")
        .args(["-sSf", "--compressed", address])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{address}: {told}");
    output.stdout
}

#[test]
fn other_programs_read_the_open_data() {
    let site = Site::of("2000");
    let python = std::env::var("SATU_TEST_PYTHON")
        .expect("run the tests with scripts/test, which installs rdflib and sdmx1");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/open/read.py");
    let output = Command::new(python)
        .args([script, &site.address])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    // It says what it has read, so that reading nothing is no success.
    let told = String::from_utf8(output.stdout).unwrap();
    let read: Vec<u64> = told
        .split_whitespace()
        .map(|number| number.parse().unwrap())
        .collect();
    assert!(
        matches!(read[..], [datasets, figures, hidden] if datasets >= 20 && figures > 1_000 && hidden > 100),
        "{told}"
    );

    // The Parquet file holds what the CSV holds.
    let csv = fetched(&format!(
        "{}/data/asn-usia/{}.csv",
        site.address,
        day(&site)
    ));
    let parquet = fetched(&format!(
        "{}/data/asn-usia/{}.parquet",
        site.address,
        day(&site)
    ));
    let builder = ParquetRecordBatchReaderBuilder::try_new(parquet_bytes(&parquet)).unwrap();
    let batches: Vec<_> = builder.build().unwrap().map(Result::unwrap).collect();
    let mut rows = Vec::new();
    for batch in &batches {
        let text = |at: usize| {
            batch
                .column(at)
                .as_any()
                .downcast_ref::<StringArray>()
                .unwrap()
        };
        let counts = batch
            .column(4)
            .as_any()
            .downcast_ref::<Int64Array>()
            .unwrap();
        for row in 0..batch.num_rows() {
            let mut cells: Vec<String> = (0..4).map(|at| text(at).value(row).to_owned()).collect();
            let count = counts.is_valid(row).then(|| counts.value(row).to_string());
            cells.push(count.unwrap_or_default());
            cells.push(text(5).value(row).to_owned());
            rows.push(cells.join(","));
        }
    }
    let csv = String::from_utf8(csv).unwrap();
    let lines: Vec<&str> = csv.lines().skip(1).collect();
    assert!(lines.len() > 20);
    assert_eq!(lines, rows);
}

/// The day of the newest version, from the address that leads to it.
fn day(site: &Site) -> String {
    let output = Command::new("curl")
        .args(["-sS", "-o", "/dev/null", "-w", "%{redirect_url}"])
        .arg(format!("{}/data/asn-usia/terbaru.csv", site.address))
        .output()
        .unwrap();
    let to = String::from_utf8(output.stdout).unwrap();
    let file = to.rsplit('/').next().unwrap();
    file.strip_suffix(".csv").unwrap().to_owned()
}

fn parquet_bytes(bytes: &[u8]) -> std::fs::File {
    use std::io::{Seek, Write};
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    file
}
