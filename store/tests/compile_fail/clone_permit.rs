//! A permit is used once.
fn twice(permit: &domain::decide::Permit) -> domain::decide::Permit {
    permit.clone()
}

fn main() {}
