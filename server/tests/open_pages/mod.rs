//! Open pages close (issue "Open pages close", POLICY §5, §6): who is told, of what, how soon, and who is not. By HTTP
//! alone.

mod close;
mod patients;
mod session;
mod silence;

use crate::support::{Browser, Clinician, Events, Page};
use domain::id::PatientId;
use std::time::Duration;

/// So soon a page is told.
const SOON: Duration = Duration::from_secs(1);
/// By then whoever looks by themselves has looked (every two seconds).
const LOOKED: Duration = Duration::from_millis(4500);

/// The first page of a chart, for treatment.
async fn chart(clinician: &mut Clinician<'_>, patient: PatientId) -> Page {
    clinician.declare(patient, "treatment").await.expect(200)
}

/// The numbers of the pages that are told to close in time, in order.
async fn closed(events: &mut Events, count: usize, within: Duration) -> Vec<usize> {
    let mut numbers = Vec::new();
    for _ in 0..count {
        let (event, data) = events.next(within).await.expect("it is told in time");
        assert_eq!(event, "close");
        numbers.push(data.parse().expect("a number"));
    }
    numbers.sort_unstable();
    numbers
}

/// Fails if anything is told.
async fn silent(events: &mut Events) {
    let told = events.next(LOOKED).await;
    assert_eq!(told, None);
}

/// A page of one's own.
async fn page(browser: &mut Browser<'_>, path: &str) -> Page {
    browser.get(path).await.expect(200)
}
