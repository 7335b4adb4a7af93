//! Pages over a portal whose store is new, empty and gone after the test.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test takes what it needs of this"
)]

use app::{DemoAids, DemoPerson, State};
use portal::{Options, Portal};
use std::sync::Arc;
use store::testing::TempStore;

/// A portal with nothing in it.
pub struct Stage {
    store: TempStore,
    portal: Portal,
}

impl Stage {
    pub async fn new() -> Self {
        let store = TempStore::new().await;
        let portal = Portal::new(store.store.clone(), Options::default());
        Self { store, portal }
    }

    /// As under `confide demo`.
    pub fn demo(&self) -> State {
        State::demo(self.portal.clone(), Arc::new(Sheet))
    }

    /// As under `confide serve`.
    pub fn serve(&self) -> State {
        State::serve(self.portal.clone())
    }
}

/// A sign-in sheet of one person.
struct Sheet;

impl DemoAids for Sheet {
    fn people(&self) -> Vec<DemoPerson> {
        vec![DemoPerson {
            name: "Jordan Reyes".into(),
            role: "patient".into(),
            what_for: "Look at the records.".into(),
            sign_in: "jordan@demo.example".into(),
            password: "amber-harbor-lantern-93".into(),
            code: Some("123456".into()),
        }]
    }
}
