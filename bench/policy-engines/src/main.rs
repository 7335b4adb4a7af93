//! The same consent, decided by `domain`, by Cedar and by regorus: first that they agree, then how long they take.

#[path = "../../../domain/tests/decide_case/mod.rs"]
#[allow(dead_code, reason = "shared with the tests of domain")]
mod case;
mod cedar;
mod ours;
mod rego;
mod scenario;

use cedar::Cedar;
use domain::purpose::Purpose;
use ours::Ours;
use rego::Rego;
use scenario::{Question, Viewer, closed, end, grid, open, start};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Rounds of which the shortest counts: what else the machine does only ever adds.
const ROUNDS: usize = 21;
/// How long a round runs at least.
const ROUND: Duration = Duration::from_millis(60);

/// All three engines give the same answer to every question; some are permits, some denies.
fn agree() {
    let (mut permits, mut denies) = (0, 0);
    for question in grid() {
        let ours = Ours::of(&question).answers();
        let told = format!(
            "{:?}, {:?}, {}",
            question.viewer, question.purpose, question.now
        );
        assert_eq!(ours, Cedar::of(&question).answers(), "Cedar: {told}");
        assert_eq!(ours, Rego::of(&question).answers(), "regorus: {told}");
        permits += ours.iter().filter(|permit| **permit).count();
        denies += ours.iter().filter(|permit| !**permit).count();
    }
    assert!(permits > 60 && denies > 60, "both answers are asked for");
    println!(
        "The engines agree on {} decisions: {permits} permits, {denies} denies.\n",
        permits + denies
    );
}

/// Nanoseconds for one decision, in the shortest of the rounds.
fn time(decisions: usize, mut run: impl FnMut() -> usize) -> f64 {
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let (begun, mut runs) = (Instant::now(), 0_u32);
            while begun.elapsed() < ROUND {
                // Short runs in groups, so that reading the clock costs nothing.
                for _ in 0..32 {
                    black_box(run());
                }
                runs += 32;
            }
            begun.elapsed().as_secs_f64() * 1e9 / f64::from(runs) / decisions as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[0]
}

fn main() {
    agree();
    println!(
        "| answer | resources in a run | confide, ns | Cedar, ns | regorus, ns | Cedar / confide | regorus / confide |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    let inside = start() + (end() - start()) / 2;
    for (answer, viewer) in [("permit", Viewer::Member), ("deny", Viewer::Restricted)] {
        for count in [1, 100, 1_000] {
            let question = Question {
                viewer,
                purpose: Purpose::Treatment,
                now: inside,
                parts: if answer == "permit" {
                    open(count)
                } else {
                    closed(count)
                },
            };
            let expected = if answer == "permit" { count } else { 0 };
            let ours = Ours::of(&question);
            let cedar = Cedar::of(&question);
            let mut rego = Rego::of(&question);
            assert_eq!(ours.permits(), expected);
            assert_eq!(cedar.permits(), expected);
            assert_eq!(rego.permits(), expected);
            let ours = time(count, || black_box(&ours).permits());
            let cedar = time(count, || black_box(&cedar).permits());
            let rego = time(count, || rego.permits());
            println!(
                "| {answer} | {count} | {ours:.1} | {cedar:.0} | {rego:.0} | {:.0} | {:.0} |",
                cedar / ours,
                rego / ours
            );
        }
    }
}
