//! Whether patients spread evenly over the shards of a database: a million ids of each kind on 32 shards.
//!
//! `cargo run --release -p store --features testing --example shards`
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it says what came of it; figures to be read, of numbers far below 2^52"
)]

use domain::id::PatientId;
use sha2::{Digest, Sha256};
use store::entropy::{Entropy, random};
use store::testing::TestEntropy;

const SHARDS: usize = 32;
const PATIENTS: u32 = 1_000_000;

fn main() {
    let entropy = TestEntropy::new(32);
    let drawn = |_| PatientId::from_random(random(&entropy));
    let derived = |number: u32| PatientId::derived("source", &format!("Patient/{number}"));
    println!("| ids | placed by | most patients on a shard | fewest | most entries on a shard |");
    println!("| --- | --- | ---: | ---: | ---: |");
    for (name, hashed) in [("a hash of the id", true), ("the id's first bits", false)] {
        count("drawn", name, hashed, &entropy, drawn);
        count("derived", name, hashed, &entropy, derived);
    }
}

fn count(
    kind: &str,
    placed: &str,
    hashed: bool,
    entropy: &dyn Entropy,
    id: impl Fn(u32) -> PatientId,
) {
    let mut patients = [0_u64; SHARDS];
    let mut entries = [0_u64; SHARDS];
    for number in 0..PATIENTS {
        let id = id(number);
        let first = if hashed {
            Sha256::digest(id.0.as_bytes())[0]
        } else {
            id.0.as_bytes()[0]
        };
        let shard = usize::from(first) % 256 * SHARDS / 256;
        patients[shard] += 1;
        entries[shard] += entries_of_one(entropy);
    }
    let mean = |all: &[u64; SHARDS]| all.iter().sum::<u64>() as f64 / SHARDS as f64;
    let most = |all: &[u64; SHARDS]| *all.iter().max().expect("shards") as f64;
    let fewest = *patients.iter().min().expect("shards") as f64;
    println!(
        "| {kind} | {placed} | {:+.2} % | {:+.2} % | {:+.2} % |",
        (most(&patients) / mean(&patients) - 1.0) * 100.0,
        (fewest / mean(&patients) - 1.0) * 100.0,
        (most(&entries) / mean(&entries) - 1.0) * 100.0,
    );
}

/// Most have a few, one in a thousand has hundreds, a few have very many: a Pareto distribution with the exponent 1.5, at least 3, at most a
/// hundred thousand.
fn entries_of_one(entropy: &dyn Entropy) -> u64 {
    let bits = u64::from_be_bytes(random(entropy)) >> 11;
    let uniform = (bits as f64 + 1.0) / (2_f64.powi(53) + 1.0);
    (3.0 * uniform.powf(-1.0 / 1.5)).min(100_000.0) as u64
}
