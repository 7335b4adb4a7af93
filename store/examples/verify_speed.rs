//! How long checking a ledger takes without keys, and making its log: entries a second.
//!
//! `cargo run --release -p store --features testing --example verify_speed -- CHAINS ENTRIES_EACH`
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::expect_used,
    reason = "it measures the machine's own time, and says what came of it"
)]

use std::time::{Duration, Instant};
use store::testing::{TempStore, fill_ledger};
use store::{Expected, LedgerCopy, Options};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut numbers = std::env::args()
        .skip(1)
        .map(|number| number.parse::<u64>().expect("a number"));
    let chains = numbers.next().unwrap_or(1_000);
    let each = numbers.next().unwrap_or(100);
    let temp = TempStore::new().await;
    fill_ledger(&temp.store, chains, each).await;
    let start = Instant::now();
    let newest = temp.store.checkpoint().await.expect("a checkpoint");
    let entries = newest.expect("entries").checkpoint.size;
    say("into the log and signed", entries, start.elapsed());
    let url = format!("sqlite://{}", temp.file().display());
    let copy = LedgerCopy::open(&Options::new(url)).await.expect("a copy");
    for _ in 0..3 {
        let (start, processor) = (Instant::now(), processor_time());
        let report = copy.verify(&Expected::default(), |_, _| {}).await;
        let report = report.expect("a report");
        assert!(report.is_sound(), "{:?}", report.faults.first());
        say("checked, by the clock", report.entries, start.elapsed());
        if let Some((before, after)) = processor.zip(processor_time()) {
            say(
                "checked, by the processor",
                report.entries,
                after.saturating_sub(before),
            );
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a figure to be read, of numbers far below 2^52"
)]
fn say(what: &str, entries: u64, took: Duration) {
    let rate = entries as f64 / took.as_secs_f64();
    println!("{what}: {entries} entries in {took:?}, {rate:.0} a second");
}

/// The processor's time that this process took so far, on Linux.
fn processor_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    // A hundred ticks a second, whatever the machine.
    Some(Duration::from_millis(
        user.checked_add(system)?.checked_mul(10)?,
    ))
}
