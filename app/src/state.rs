//! What every page is given.

use crate::state::placeholder::Portal;

/// What the server hands to the pages. Cheap to clone; every page and server function finds it
/// by `use_context::<app::State>()`.
#[derive(Clone, Default)]
pub struct State {
    /// The journeys.
    pub portal: Portal,
    /// Whether this is the demo: a banner on every page says so.
    pub demo: bool,
}

/// Stands in for `portal::Portal` until that exists.
pub mod placeholder {
    /// Nothing yet.
    #[derive(Clone, Default)]
    pub struct Portal;
}
