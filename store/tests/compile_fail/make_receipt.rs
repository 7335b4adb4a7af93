//! A receipt comes only from a committed disclosure.
use store::Receipt;

fn main() {
    let _ = Receipt {
        patient: todo!(),
        committed: todo!(),
        key: todo!(),
        leave: todo!(),
    };
}
