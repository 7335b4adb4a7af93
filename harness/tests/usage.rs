//! What is typed wrong is said, and a program that is not there is named. `.ci/run` takes the binary that this test has built.

use std::process::{Command, Output};

fn harness(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_harness"))
        .args(arguments)
        .output()
        .expect("the binary runs")
}

#[test]
fn each_command_is_named() {
    let help = harness(&["--help"]);
    assert!(help.status.success());
    let text = String::from_utf8_lossy(&help.stdout).into_owned();
    for command in ["away", "crash", "growth", "load", "memory", "order"] {
        assert!(text.contains(command), "{command} is not in\n{text}");
    }
}

#[test]
fn a_program_that_is_not_there_is_named() {
    for command in ["away", "crash", "growth", "load", "memory"] {
        let output = harness(&[command, "--confide", "/nowhere/confide"]);
        assert_eq!(output.status.code(), Some(3), "{command}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("/nowhere/confide"), "{said}");
        assert!(output.stdout.is_empty());
    }
    assert_eq!(
        harness(&["crash", "--rounds", "many"]).status.code(),
        Some(2)
    );
}
