//! The staff: who may do what, who gives and ends roles, what happens to accounts that nobody uses (issue "Staff"), by
//! HTTP alone.

mod assignments;
pub mod cast;
mod dormant;
mod duties;
mod house_ledger;
mod organizations;
mod people;
mod review;
mod roles_by_routes;
mod second_person;
mod terms;
