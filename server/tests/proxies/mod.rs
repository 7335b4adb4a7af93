//! Those who act for patients, by HTTP alone: chosen helpers, parents of minors, guardians, and those who act for the
//! deceased; what they see and sign, who ends it, and what the ledger says (LAW D1–D6, POLICY §4.3).

mod applying;
pub mod cast;
mod ending;
mod helpers;
mod minors;
mod naming;
mod office;
