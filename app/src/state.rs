//! What every page is given.

use crate::demo::DemoAids;
use portal::Portal;
use std::{fmt, sync::Arc};

/// What the server hands to the pages. Cheap to clone; every page and server function finds it
/// by `use_context::<app::State>()`.
#[derive(Clone)]
pub struct State {
    portal: Portal,
    demo: Option<Arc<dyn DemoAids>>,
}

impl State {
    /// For real use: nothing of the demo is there, and nothing can put it there later.
    pub fn serve(portal: Portal) -> Self {
        Self { portal, demo: None }
    }

    /// For the demo: a banner on every page, and the sign-in sheet on the sign-in pages.
    pub fn demo(portal: Portal, aids: Arc<dyn DemoAids>) -> Self {
        Self {
            portal,
            demo: Some(aids),
        }
    }

    /// The journeys.
    pub fn portal(&self) -> &Portal {
        &self.portal
    }

    /// The demo's conveniences; `None` in real use.
    pub fn aids(&self) -> Option<&dyn DemoAids> {
        self.demo.as_deref()
    }
}

impl fmt::Debug for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "State(demo: {})", self.demo.is_some())
    }
}
