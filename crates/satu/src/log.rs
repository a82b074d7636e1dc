//! The log: to standard error, one line an event, the time in UTC, then `name=value` (docs/operating.md).

use std::io::{IsTerminal, Write, stderr};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Standard error, to which each write is one line: what comes from outside cannot begin another.
struct Lines;

impl Write for Lines {
    fn write(&mut self, event: &[u8]) -> std::io::Result<usize> {
        let (line, end) = match event {
            [line @ .., b'\n'] => (line, &b"\n"[..]),
            line => (line, &b""[..]),
        };
        let mut whole = Vec::with_capacity(event.len());
        for byte in line {
            match byte {
                b'\n' => whole.extend_from_slice(b"\\n"),
                b'\r' => whole.extend_from_slice(b"\\r"),
                byte => whole.push(*byte),
            }
        }
        whole.extend_from_slice(end);
        stderr().write_all(&whole)?;
        Ok(event.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        stderr().flush()
    }
}

/// Begins to log. `RUST_LOG` says how much; unsaid, warnings and the security events.
pub fn begin() {
    let wanted = std::env::var("RUST_LOG").ok();
    let level = wanted
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| {
            let quiet = Targets::new().with_default(LevelFilter::WARN);
            quiet.with_target("security", LevelFilter::INFO)
        });
    let written = tracing_subscriber::fmt::layer()
        .with_ansi(stderr().is_terminal())
        .with_writer(|| Lines);
    // Refused where a subscriber already is, which then does the work.
    let _ = tracing_subscriber::registry()
        .with(written.with_filter(level))
        .try_init();
}
