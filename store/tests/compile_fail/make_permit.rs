//! A permit comes only from a decision, and can't be widened: its fields are private.
use domain::decide::Permit;

fn widen(permit: &mut Permit) {
    permit.masked = false;
}

fn main() {}
