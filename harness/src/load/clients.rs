//! Many at a time, each asking again as soon as it has its answer.

use crate::{browser::Browser, fault::Fault, process};
use std::{
    thread,
    time::{Duration, Instant},
};

/// What one measurement came to.
pub struct Measured {
    /// How many at a time.
    pub clients: usize,
    /// Bytes of the largest answer.
    pub bytes: usize,
    took: Duration,
    /// How long each answer took, sorted.
    each: Vec<Duration>,
}

impl Measured {
    /// How many answers.
    pub fn count(&self) -> u64 {
        u64::try_from(self.each.len()).unwrap_or(u64::MAX)
    }

    /// Answers a second.
    #[expect(clippy::cast_precision_loss, reason = "a figure to be read")]
    pub fn rate(&self) -> f64 {
        self.count() as f64 / self.took.as_secs_f64()
    }

    /// Milliseconds within which so many of a hundred answers came.
    pub fn percentile(&self, hundredths: usize) -> f64 {
        let place = self.each.len().saturating_mul(hundredths) / 100;
        let at = self.each.get(place).or(self.each.last());
        at.map_or(f64::NAN, |took| took.as_secs_f64() * 1_000.0)
    }
}

/// Has each ask for this address until the time is over. Every answer must be 200.
pub fn measure(browsers: Vec<Browser>, path: &str, time: Duration) -> Result<Measured, Fault> {
    let clients = browsers.len();
    let began = process::now();
    let answers: Vec<Result<(Vec<Duration>, usize), Fault>> = thread::scope(|scope| {
        let all: Vec<_> = browsers
            .into_iter()
            .map(|browser| scope.spawn(move || ask(browser, path, began, time)))
            .collect();
        all.into_iter()
            .map(|one| {
                one.join()
                    .unwrap_or_else(|_| Err(Fault::Machine("a client broke off".to_owned())))
            })
            .collect()
    });
    let took = began.elapsed();
    let mut each = Vec::new();
    let mut bytes = 0;
    for answer in answers {
        let (times, largest) = answer?;
        each.extend(times);
        bytes = bytes.max(largest);
    }
    each.sort_unstable();
    Ok(Measured {
        clients,
        bytes,
        took,
        each,
    })
}

fn ask(
    mut browser: Browser,
    path: &str,
    began: Instant,
    time: Duration,
) -> Result<(Vec<Duration>, usize), Fault> {
    let mut times = Vec::new();
    let mut largest = 0;
    while began.elapsed() < time {
        let asked = process::now();
        let page = browser.get(path)?.expect(200)?;
        times.push(asked.elapsed());
        largest = largest.max(page.body.len());
    }
    Ok((times, largest))
}
