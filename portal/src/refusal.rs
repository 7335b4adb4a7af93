//! Why something is not done: one closed set, each with a plain page of its own (UX, "Errors a person sees").

/// What a person is told; the inner reason is for the log alone.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// "We can't show this page": missing, denied or foreign, always the same (LAW B5).
    #[error("not available")]
    NotAvailable,
    /// Nobody is signed in, or the session ended.
    #[error("sign in first")]
    SignInFirst,
    /// Somebody acted for another, and may not any more: told once, before they are in their own place again.
    #[error("no longer acts for anybody")]
    ActingEnded,
    /// A fresh second factor is needed for this action.
    #[error("step up first")]
    StepUpFirst,
    /// What was sent makes no sense for a form of ours.
    #[error("the request is not one this page sends")]
    BadRequest,
    /// Not possible now: the store, the ledger, the session or a worker can't be used, so nothing is shown.
    #[error("not possible now")]
    Unavailable(#[source] Cause),
}

/// What stood in the way.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The session.
    #[error("the session could not be read or written")]
    Session,
    /// The record changed faster than it could be decided on.
    #[error("the record's policy kept changing")]
    Changing,
    /// A worker thread, or the limit on how many work at once.
    #[error("a worker is not available")]
    Worker,
    /// A passkey, or what it takes to ask for one, could not be written down.
    #[error("a passkey could not be written down")]
    Passkey,
    /// A document could not be laid out.
    #[error("a document could not be made")]
    Document,
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<store::DiscloseError> for Refusal {
    fn from(error: store::DiscloseError) -> Self {
        Self::Unavailable(match error {
            store::DiscloseError::Store(error) => Cause::Store(error),
            // Callers decide again on `Stale`; one that is left over means the record kept changing.
            store::DiscloseError::Stale => Cause::Changing,
        })
    }
}

impl From<store::ChangeError> for Refusal {
    fn from(error: store::ChangeError) -> Self {
        match error {
            store::ChangeError::NotFound | store::ChangeError::AlreadyEnded => Self::NotAvailable,
            store::ChangeError::Store(error) => error.into(),
        }
    }
}

impl From<tower_sessions::session::Error> for Refusal {
    fn from(_: tower_sessions::session::Error) -> Self {
        Self::Unavailable(Cause::Session)
    }
}
