//! The binary as operators call it: exit codes, and what goes to which stream.

use crate::support::process::{Running, err, out, text};
use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Command, Output, Stdio},
    time::Duration,
};

fn confide(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the binary runs")
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_confide"));
    command.args(arguments).env_clear();
    command
}

#[test]
fn usage() {
    assert_eq!(confide(&[]).status.code(), Some(2));
    assert_eq!(confide(&["dance"]).status.code(), Some(2));
    assert_eq!(confide(&["import"]).status.code(), Some(2));
    assert_eq!(confide(&["--help"]).status.code(), Some(0));
    assert_eq!(confide(&["--version"]).status.code(), Some(0));
}

#[test]
fn the_demo_is_for_this_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("demo");
    let output = confide(&["demo", "--addr", "0.0.0.0:0", "--data", text(&data)]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(!data.exists());
}

#[test]
fn fresh_leaves_other_directories_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("letter.txt"), "mine").expect("a file");
    let output = confide(&[
        "demo",
        "--addr",
        "127.0.0.1:0",
        "--fresh",
        "--data",
        text(folder.path()),
    ]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(folder.path().join("letter.txt").exists());
}

#[test]
fn serving_needs_a_configuration() {
    let output = confide(&["serve"]);
    assert_eq!(output.status.code(), Some(3), "{}", err(&output));
    assert!(err(&output).contains("data_dir"), "{}", err(&output));
    assert!(out(&output).is_empty());
}

#[test]
fn serving_refuses_another_databases_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let broken = folder.path().join("broken.json");
    fs::write(&broken, "{").expect("a file");
    // Makes database and key.
    let output = confide(&["import", "--data", text(&data), text(&broken)]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    let serve = |data: &Path| {
        command(&["serve"])
            .env("CONFIDE_DATA_DIR", data)
            .env("CONFIDE_PUBLIC_URL", "http://localhost:1")
            .output()
            .expect("the binary runs")
    };
    let key = data.join("confide.key");
    fs::rename(&key, data.join("elsewhere")).expect("moved");
    let output = serve(&data);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        err(&output).contains("key file is missing"),
        "{}",
        err(&output)
    );
    assert!(!key.exists());
    let other = folder.path().join("other");
    confide(&["import", "--data", text(&other), text(&broken)]);
    fs::copy(other.join("confide.key"), &key).expect("another key");
    let output = serve(&data);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        err(&output).contains("not the one the database was made with"),
        "{}",
        err(&output)
    );
}

#[test]
fn a_broken_file_is_refused_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let broken = folder.path().join("broken.json");
    fs::write(&broken, r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":7}}]}"#)
        .expect("a file");
    let output = confide(&["import", "--json", "--data", text(&data), text(&broken)]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    let line: Value = serde_json::from_str(out(&output).trim()).expect("one line of JSON");
    assert_eq!(line["error"]["entry"], 0, "{line}");
    assert!(line["error"]["reason"].is_string());
    assert!(err(&output).contains("broken.json"));
    let output = confide(&["label", "explain", "--json", text(&broken)]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(out(&output).is_empty());
}

#[test]
fn importing_twice_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let bundle = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/morgan-ellis.json");
    let import = || {
        let output = confide(&["import", "--json", "--data", text(&data), bundle]);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        serde_json::from_str::<Value>(out(&output).trim()).expect("one line of JSON")
    };
    let first = import();
    assert!(first["new"].as_u64() > Some(0), "{first}");
    assert_eq!(first["error"], Value::Null);
    let second = import();
    assert_eq!(
        (&second["new"], &second["changed"]),
        (&Value::from(0), &Value::from(0)),
        "{second}"
    );
    assert_eq!(second["unchanged"], first["new"]);
    let output = confide(&["audit", "verify", "--json", "--data", text(&data)]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let report: Value = serde_json::from_str(out(&output).trim()).expect("one line of JSON");
    assert_eq!(report["faults"], Value::Array(Vec::new()), "{report}");
}

#[test]
fn nothing_to_check_is_the_environments_fault() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = confide(&["audit", "verify", "--data", text(folder.path())]);
    assert_eq!(output.status.code(), Some(3), "{}", err(&output));
    assert!(
        fs::read_dir(folder.path())
            .expect("a folder")
            .next()
            .is_none(),
        "nothing was made"
    );
}

#[test]
fn a_code_is_explained() {
    let output = confide(&[
        "label",
        "explain",
        "--json",
        "--system",
        "http://hl7.org/fhir/sid/icd-10-cm",
        "--code",
        "F11.20",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let line: Value = serde_json::from_str(out(&output).trim()).expect("one line of JSON");
    assert!(
        line["segments"].to_string().contains("substance-use"),
        "{line}"
    );
}

#[test]
fn the_configuration_is_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = folder.path().join("good.toml");
    fs::write(
        &good,
        "data_dir = \"/d\"\npublic_url = \"https://records.example.org\"\n",
    )
    .expect("a file");
    let output = confide(&["config", "check", "--config", text(&good)]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(out(&output).contains("The configuration is good."));
    let wrong = folder.path().join("wrong.toml");
    fs::write(&wrong, "data_dir = \"/d\"\n[session]\nidle_minutes = 99\n").expect("a file");
    let output = confide(&["config", "check", "--config", text(&wrong)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        err(&output).contains("session.idle_minutes"),
        "{}",
        err(&output)
    );
    assert!(out(&output).is_empty());
    assert_eq!(
        confide(&["serve", "--config", text(&wrong)]).status.code(),
        Some(2)
    );
}

#[test]
fn the_demo_serves_and_stops_when_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, sheet) = (folder.path().join("demo"), folder.path().join("sheet.json"));
    let child = command(&[
        "demo",
        "--addr",
        "127.0.0.1:0",
        "--data",
        text(&data),
        "--sheet",
        text(&sheet),
    ])
    .stdout(Stdio::piped())
    .spawn()
    .expect("the binary runs");
    let mut running = Running(child);
    let stdout = running.0.stdout.take().expect("a pipe");
    let line = BufReader::new(stdout)
        .lines()
        .map_while(Result::ok)
        .find(|line| line.contains("http://localhost:"))
        .expect("the address on the sheet");
    let port = line.trim().rsplit(':').next().expect("a port").to_owned();
    let people: Value =
        serde_json::from_slice(&fs::read(&sheet).expect("the sheet")).expect("JSON");
    for key in [
        "name",
        "role",
        "sign_in",
        "password",
        "totp_secret",
        "what_for",
    ] {
        assert!(people[0][key].is_string(), "{key}");
    }
    let mut connection = TcpStream::connect(format!("127.0.0.1:{port}")).expect("a connection");
    connection
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a limit");
    connection
        .write_all(
            b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
        )
        .expect("sent");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("content-security-policy"), "{answer}");
    // No TLS here, and nothing that would send a browser there.
    assert!(
        !answer.contains("strict-transport-security") && !answer.contains("upgrade-insecure"),
        "{answer}"
    );
    #[cfg(unix)]
    {
        let pid = running.0.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .expect("kill runs")
                .success()
        );
        assert_eq!(running.0.wait().expect("an end").code(), Some(0));
    }
}

/// Each open page holds a connection: a process that starts with few open files asks for as many as it may have.
#[cfg(unix)]
#[test]
fn there_may_be_more_connections_than_the_soft_limit() {
    let folder = tempfile::tempdir().expect("a folder");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let child = Command::new("sh")
        .args(["-c", "ulimit -S -n 64 && exec \"$0\" serve"])
        .arg(env!("CARGO_BIN_EXE_confide"))
        .env_clear()
        .env("CONFIDE_DATA_DIR", folder.path())
        .env("CONFIDE_ADDRESS", address.to_string())
        .env(
            "CONFIDE_PUBLIC_URL",
            format!("http://localhost:{}", address.port()),
        )
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let _running = Running(child);
    let until_it_listens = (0..600).find(|_| {
        std::thread::sleep(Duration::from_millis(50));
        TcpStream::connect(address).is_ok()
    });
    assert!(until_it_listens.is_some(), "it never listened");
    let mut open = Vec::new();
    for number in 0..200 {
        let mut connection = TcpStream::connect(address).expect("a connection");
        connection
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("a limit");
        connection
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .expect("sent");
        let mut status = [0; 12];
        connection.read_exact(&mut status).expect("an answer");
        assert_eq!(&status, b"HTTP/1.1 200", "{number}");
        open.push(connection);
    }
}
