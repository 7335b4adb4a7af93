//! What the process says about itself: ids, counts and timings on stderr (docs/logging.md says what, and what never).

use crate::config::LogFormat;
use std::panic::PanicHookInfo;
use tracing::Subscriber;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// What is logged unless told otherwise. `sqlx` would quote slow statements, and the session layer calls a session that
/// timed out suspicious.
pub const DEFAULT_FILTER: &str =
    "warn,sqlx=error,tower_sessions_core=error,confide=info,app=info,portal=info,store=info";

/// A subscriber that writes events to `writer`.
///
/// A filter that can't be read is checked with the configuration; here the default takes its place.
pub fn subscriber<W>(
    format: LogFormat,
    filter: &str,
    writer: W,
) -> Box<dyn Subscriber + Send + Sync + 'static>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        // It would be said on stderr by a macro that panics where that is a file on a full disk, and take the request along.
        .log_internal_errors(false)
        .with_writer(writer);
    match format {
        LogFormat::Text => Box::new(builder.finish()),
        LogFormat::Json => Box::new(
            builder
                .json()
                .flatten_event(true)
                .with_current_span(true)
                .with_span_list(false)
                .finish(),
        ),
    }
}

/// Sends the process's events to stderr from now on, and panics by place only: a panic's message may
/// hold what was being worked on.
pub fn start(format: LogFormat, filter: &str) {
    // A second call (tests) keeps the first subscriber.
    let _ = tracing::subscriber::set_global_default(subscriber(format, filter, std::io::stderr));
    std::panic::set_hook(Box::new(place_of_panic));
}

fn place_of_panic(info: &PanicHookInfo<'_>) {
    if let Some(place) = info.location() {
        tracing::error!(file = place.file(), line = place.line(), "panic");
    } else {
        tracing::error!("panic");
    }
}
