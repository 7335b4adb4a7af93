//! The staff: who may do what, who gives and ends roles, what happens to accounts that nobody uses (issue "Staff"), by
//! HTTP alone. One binary for all, so that it is linked once.

#[allow(dead_code, reason = "each test file uses its own part")]
#[path = "../recovery_case/recover.rs"]
mod recover;
#[path = "../support/mod.rs"]
mod support;
#[allow(dead_code, reason = "each test file uses its own part")]
#[path = "../joining/way.rs"]
mod way;

mod assignments;
mod cast;
mod dormant;
mod duties;
mod house_ledger;
mod organizations;
mod people;
mod review;
mod roles_by_routes;
mod second_person;
mod terms;
