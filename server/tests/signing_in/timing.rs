//! LAW F8: a name that somebody has and one that nobody has are answered in the same time.

use super::{At, WRONG};
use crate::support::TestPortal;
use std::time::{Duration, Instant};

/// Tries of each kind.
const TRIES: u32 = 15;

#[expect(
    clippy::disallowed_methods,
    reason = "measures how long an answer takes"
)]
async fn answer(portal: &TestPortal, number: u32, name: &str) -> Duration {
    let at = At::new(&format!("198.51.100.{}", number + 1));
    let mut somebody = portal.anonymous();
    let began = Instant::now();
    at.password(&mut somebody, name, WRONG).await.expect(422);
    began.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Medians of tries taken turn by turn, so that what else the machine does meets both alike. A hash that is skipped for
/// names nobody has would make theirs many times shorter.
#[tokio::test]
async fn known_and_unknown_names_take_the_same_time() {
    let portal = TestPortal::new().await;
    let jordan = portal.person("Jordan Reyes").clone();
    // The first of each warms up.
    answer(&portal, 100, &jordan.sign_in).await;
    answer(&portal, 101, "nobody@demo.example").await;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..TRIES {
        // Waits of the account's own counter are no part of it.
        portal.clock.advance(chrono::TimeDelta::minutes(15));
        known.push(answer(&portal, number, &jordan.sign_in).await);
        unknown.push(
            answer(
                &portal,
                number + 50,
                &format!("nobody-{number}@demo.example"),
            )
            .await,
        );
    }
    let (known, unknown) = (median(known).as_secs_f64(), median(unknown).as_secs_f64());
    let ratio = unknown / known;
    assert!(
        (0.6..1.67).contains(&ratio),
        "a name that is known takes {known} s, one that is not {unknown} s"
    );
    // The hash is what takes the time: two of them, some milliseconds each at the least.
    assert!(unknown > 0.01, "{unknown} s: was anything hashed?");
}
