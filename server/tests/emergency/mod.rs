//! Break-glass by HTTP alone: who opens a record in an emergency, what it opens and for how long, who is told, who
//! reviews it, and what the ledger says (LAW E1, 42 CFR 2.51; POLICY §4.2, §4.5).

mod asking;
mod journey;
mod open;
mod over;
mod review;
mod told;
