//! The session cookie (LAW F1). What a session holds, and when it is over, is `portal::session`'s.

use async_trait::async_trait;
use domain::clock::Clock;
use portal::session::timed_out::{KEPT_FOR, TIMED_OUT};
use std::{fmt, sync::Arc, time::Duration};
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store,
};

/// The name of the cookie. The prefix makes browsers insist on `Secure`, on `Path=/` and on this very host
/// (RFC 6265bis §4.1.3.2).
pub const NAME: &str = "__Host-confide";
/// The name in the demo, which has no TLS and so can't have the prefix.
pub const DEMO_NAME: &str = "confide";

/// How the cookie is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cookie {
    /// Only for the demo on this machine: no `Secure`, and a plain name.
    pub plain: bool,
    /// The session ends after so long without a request.
    pub idle: Duration,
}

/// The layer that gives handlers a `tower_sessions::Session`.
pub fn layer<S: SessionStore + Clone>(sessions: S, cookie: Cookie) -> SessionManagerLayer<S> {
    let idle = time::Duration::try_from(cookie.idle).unwrap_or(time::Duration::minutes(15));
    // The session is over before: the server goes by its own clock. The cookie stays a little longer, so that whoever
    // was away too long is told why, and finds again what they had in hand.
    let kept = idle + time::Duration::seconds(KEPT_FOR.num_seconds());
    SessionManagerLayer::new(sessions)
        .with_name(if cookie.plain { DEMO_NAME } else { NAME })
        .with_secure(!cookie.plain)
        .with_http_only(true)
        // Lax, not Strict: who follows a link in a mail of ours is still signed in. Changes of state
        // are checked by `same_origin` besides.
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(kept))
}

/// A session store that goes by the injected clock: the library asks the machine's own.
#[derive(Clone)]
pub struct ByClock<S> {
    inner: S,
    clock: Arc<dyn Clock>,
    idle: Duration,
}

impl<S> ByClock<S> {
    /// Sessions end `idle` after they were last written; what somebody had in hand waits for as long as it is kept.
    pub fn new(inner: S, clock: Arc<dyn Clock>, idle: Duration) -> Self {
        Self { inner, clock, idle }
    }

    fn in_time(&self, record: &Record) -> Record {
        let mut record = record.clone();
        let now = self.clock.now().timestamp_micros();
        if let Ok(now) =
            OffsetDateTime::from_unix_timestamp_nanos(i128::from(now).saturating_mul(1000))
        {
            let waits = record.data.contains_key(TIMED_OUT);
            record.expiry_date = if waits {
                now + self.idle.max(KEPT_FOR.to_std().unwrap_or(self.idle))
            } else {
                now + self.idle
            };
        }
        record
    }
}

impl<S: fmt::Debug> fmt::Debug for ByClock<S> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("ByClock").field(&self.inner).finish()
    }
}

#[async_trait]
impl<S: SessionStore> SessionStore for ByClock<S> {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let mut timed = self.in_time(record);
        self.inner.create(&mut timed).await?;
        // The id may have been drawn anew.
        *record = timed;
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.inner.save(&self.in_time(record)).await
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        self.inner.load(id).await
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.inner.delete(id).await
    }
}
