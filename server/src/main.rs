//! The process: reads its arguments, and makes the only real clock and the only real randomness there are.

use clap::Parser;
use confide::{World, cli::Cli};
use domain::clock::{Clock, Instant};
use std::{process::ExitCode, sync::Arc};
use store::entropy::Entropy;

/// Memory is written over when it is freed: what somebody looked at does not lie about after they signed out.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<mimalloc::MiMalloc> =
    zeroizing_alloc::ZeroAlloc(mimalloc::MiMalloc);

/// The machine's clock.
struct MachineClock;

impl Clock for MachineClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the time comes from"
    )]
    fn now(&self) -> Instant {
        use chrono::SubsecRound;
        chrono::Utc::now().trunc_subsecs(6)
    }
}

/// The operating system's randomness.
struct MachineEntropy;

impl Entropy for MachineEntropy {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where randomness comes from"
    )]
    fn fill(&self, to: &mut [u8]) {
        if getrandom::fill(to).is_err() {
            // Without randomness there are no keys, no nonces and no sessions: going on would be worse.
            eprintln!("confide: the operating system gives no randomness");
            std::process::abort();
        }
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    confide::run(
        cli,
        &World {
            clock: Arc::new(MachineClock),
            entropy: Arc::new(MachineEntropy),
            variables: std::env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
        },
    )
}
