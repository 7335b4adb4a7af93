//! A permit comes only from a decision.
use domain::decide::Permit;

fn forge(permit: Permit) -> Permit {
    Permit {
        masked: false,
        ..permit
    }
}

fn main() {}
