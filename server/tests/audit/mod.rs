//! The ledger as others than the portal see it: signed, proven, checked, copied out (LAW F3, G3).

mod command_line;
mod copied;
mod proof;
mod publishing;

use crate::support::{
    TestPortal,
    process::{err, out},
};
use serde_json::Value;
use std::process::{Command, Output};

/// `confide audit …`, as an operator calls it.
fn audit(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_confide"))
        .arg("audit")
        .args(arguments)
        .env_clear()
        .output()
        .expect("the binary runs")
}

/// The same, of this portal's own ledger.
fn audit_of(portal: &TestPortal, arguments: &[&str]) -> Output {
    portal
        .command()
        .arg("audit")
        .args(arguments)
        .arg("--data")
        .arg(portal.place().folder())
        .output()
        .expect("the binary runs")
}

/// What was printed, as JSON.
fn json(output: &Output) -> Value {
    serde_json::from_str(out(output).trim()).expect("one line of JSON")
}

/// That it ended with this exit code; what it printed.
#[track_caller]
fn ended(output: &Output, code: i32) -> String {
    assert_eq!(
        output.status.code(),
        Some(code),
        "{}{}",
        out(output),
        err(output)
    );
    out(output)
}
