//! Those who act for patients, by HTTP alone: chosen helpers, parents of minors, guardians, and those who act for the
//! deceased; what they see and sign, who ends it, and what the ledger says (LAW D1–D6, POLICY §4.3).

#[path = "../support/mod.rs"]
mod support;
#[allow(dead_code, reason = "each test file uses its own part")]
#[path = "../joining/way.rs"]
mod way;

mod applying;
mod cast;
mod ending;
mod helpers;
mod minors;
mod naming;
mod office;
