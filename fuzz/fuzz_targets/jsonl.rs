#![no_main]
//! See `satu_fuzz::jsonl`.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| satu_fuzz::jsonl(bytes));
