#![no_main]
//! See `satu_fuzz::parquet`.

// The reader catches a panic of the library that it reads with; only one that leaves it is a fault.
libfuzzer_sys::fuzz_target!(
    init: { std::panic::set_hook(Box::new(|_| {})) },
    |bytes: &[u8]| satu_fuzz::parquet(bytes)
);
