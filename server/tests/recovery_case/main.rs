//! Help for somebody who lost every way in, and the addresses at which an account's owner is told, by HTTP alone (LAW B6,
//! F6, F7). One binary for all, so that it is linked once.

#[allow(dead_code, reason = "each test file uses its own part")]
#[path = "../staff/cast.rs"]
mod cast;
#[path = "../support/mod.rs"]
mod support;
#[allow(dead_code, reason = "each test file uses its own part")]
#[path = "../joining/way.rs"]
mod way;

mod addresses;
mod case;
mod letters;
mod lookup;
#[allow(dead_code, reason = "each test binary uses its own part")]
mod recover;
mod second;
