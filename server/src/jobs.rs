//! What is done by itself, again and again, while the portal serves.

use domain::clock::Clock;
use std::{sync::Arc, time::Duration};
use store::Store;

/// How often sessions that are over are swept out. They are worth nothing before that either.
const SWEEP: Duration = Duration::from_mins(10);

/// Starts the jobs; they end with the runtime.
pub fn start(store: Store, clock: Arc<dyn Clock>) {
    tokio::spawn(async move {
        let sessions = store.sessions();
        loop {
            tokio::time::sleep(SWEEP).await;
            match sessions.delete_expired(clock.now()).await {
                Ok(0) => {}
                Ok(sessions) => tracing::info!(sessions, "swept out"),
                Err(error) => tracing::error!(%error, "sessions can't be swept out"),
            }
        }
    });
}
