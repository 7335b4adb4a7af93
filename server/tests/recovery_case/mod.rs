//! Help for somebody who lost every way in, and the addresses at which an account's owner is told, by HTTP alone (LAW B6,
//! F6, F7).

mod addresses;
mod case;
mod letters;
mod lookup;
#[allow(dead_code, reason = "each test binary uses its own part")]
pub mod recover;
mod second;
