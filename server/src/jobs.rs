//! What is done by itself, again and again, while the portal serves.

use crate::mail::{self, Post};
use portal::{Portal, session::timed_out};
use std::time::Duration;

/// How often what is over is swept out. It is worth nothing before that either.
const SWEEP: Duration = Duration::from_mins(10);
/// How often the outbox is looked into.
const POST: Duration = Duration::from_secs(15);

/// Starts the jobs; they end with the runtime. `post`: how letters go, if a way is set up.
pub fn start(portal: Portal, post: Option<Post>) {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(SWEEP).await;
            if let Err(error) = sweep(&portal).await {
                tracing::error!(%error, "can't be swept out");
            }
        }
    });
    if let Some(post) = post {
        tokio::spawn(async move {
            loop {
                if let Err(error) = post.deliver().await {
                    tracing::error!(%error, "the outbox can't be read");
                }
                tokio::time::sleep(POST).await;
            }
        });
    }
}

/// Sweeps out what is over: sessions, once nothing waits for their owners any more; counters; letters.
///
/// # Errors
/// When the store can't be used.
pub async fn sweep(portal: &Portal) -> Result<(), store::Error> {
    let store = portal.store();
    let now = portal.now();
    let sessions = store
        .sessions()
        .delete_expired(now - timed_out::KEPT_FOR)
        .await?;
    let counters = store.delete_forgotten_attempts(now).await?;
    if sessions > 0 || counters > 0 {
        tracing::info!(sessions, counters, "swept out");
    }
    mail::give_up(portal).await
}
