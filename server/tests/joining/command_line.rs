//! `confide user`, and `confide serve` used for real: the first administrator joins over a socket (CLI contracts).

use crate::joining::way::{ANOTHER, App, PASSWORD, codes};
use crate::joining::wire::Wire;
use crate::support::Page;
use crate::support::process::Running;
use serde_json::Value;
use std::{
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

pub(crate) fn confide(data: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_confide"))
        .args(arguments)
        .arg("--data")
        .arg(data)
        .env_clear()
        .output()
        .expect("the binary runs")
}

/// The objects it printed; fails unless it ended well.
#[track_caller]
fn printed(output: &Output) -> Vec<Value> {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("one object a line"))
        .collect()
}

pub(crate) fn code_of(output: &Output) -> String {
    printed(output)[0]["code"]
        .as_str()
        .expect("a code")
        .to_owned()
}

/// The code that an app shows at this moment of the machine's clock, or one step later.
#[expect(
    clippy::disallowed_methods,
    reason = "the process under test goes by the machine's clock"
)]
pub(crate) fn code(app: &App, later: u64) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    app.at(now.as_secs() + later)
}

/// A portal that really serves.
fn serve(data: &Path) -> (Running, u16) {
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port();
    let child = Command::new(env!("CARGO_BIN_EXE_confide"))
        .arg("serve")
        .env_clear()
        .env("CONFIDE_DATA_DIR", data)
        .env("CONFIDE_ADDRESS", format!("127.0.0.1:{port}"))
        .env("CONFIDE_PUBLIC_URL", format!("http://localhost:{port}"))
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    for _ in 0..600 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            break;
        }
        thread::sleep(Duration::from_millis(50));
    }
    (Running(child), port)
}

/// From the code on paper to the page after signing in, over a socket; the app.
async fn join(browser: &mut Wire, code_on_paper: &str, email: Option<&str>, password: &str) -> App {
    let form = browser.get("/join").await.expect(200).form("/join");
    let page = browser.submit(&form.fill("code", code_on_paper)).await;
    let (app, _, onward) = join_on(browser, page, email, password).await;
    assert_eq!(onward, "/home");
    app
}

/// From the answer to the code; the app, the recovery codes, and where the way goes on.
pub(crate) async fn join_on(
    browser: &mut Wire,
    page: Page,
    email: Option<&str>,
    password: &str,
) -> (App, Vec<String>, String) {
    let mut page = page.expect(303);
    if let Some(email) = email {
        assert_eq!(page.location(), Some("/join/email"));
        let form = browser
            .get("/join/email")
            .await
            .expect(200)
            .form("/join/email");
        page = browser.submit(&form.fill("email", email)).await.expect(303);
    }
    assert_eq!(page.location(), Some("/join/password"));
    let form = browser
        .get("/join/password")
        .await
        .expect(200)
        .form_with_field("again");
    let form = form.fill("password", password).fill("again", password);
    browser.submit(&form).await.expect(303);
    let form = browser.get("/join/second-step").await.expect(200);
    let form = form.form("/join/second-step").choose("which", "app");
    browser.submit(&form).await.expect(303);
    let page = browser.get("/join/app").await.expect(200);
    let app = App::of(&page);
    let form = page.form("/join/app").fill("code", &code(&app, 0));
    browser.submit(&form).await.expect(303);
    let page = browser.get("/join/codes").await.expect(200);
    let kept = codes(&page);
    assert_eq!(kept.len(), 10);
    let form = page.form("/join/codes").choose("kept", "yes");
    let page = browser.submit(&form).await.expect(303);
    (app, kept, page.location().expect("a way on").to_owned())
}

/// An empty directory, a command, a code: the first administrator signs in to a portal that really serves, and is helped
/// from the machine when everything is lost.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_administrator() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let add = [
        "user",
        "add",
        "--name",
        "Sam Whitfield",
        "--role",
        "administrator",
        "--json",
    ];
    let output = confide(&data, &add);
    let on_paper = code_of(&output);
    assert!(!String::from_utf8_lossy(&output.stderr).contains(&on_paper));
    let listed = printed(&confide(&data, &["user", "list", "--json"]));
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["state"], "invited");
    assert_eq!(listed[0]["roles"], serde_json::json!(["administrator"]));
    assert!(listed[0].get("name").is_none());

    let (_running, port) = serve(&data);
    let mut sam = Wire::new(port);
    let app = join(&mut sam, &on_paper, Some("sam@example.org"), PASSWORD).await;
    sam.get("/account").await.expect(200).shows("Sam Whitfield");

    // Signs in again, elsewhere.
    let mut elsewhere = Wire::new(port);
    let form = elsewhere.get("/sign-in").await.expect(200).form("/sign-in");
    let form = form
        .fill("sign-in", "sam@example.org")
        .fill("password", PASSWORD);
    elsewhere.submit(&form).await.expect(303);
    let form = elsewhere.get("/sign-in/verify").await.expect(200);
    let form = form.form_with_field("code").fill("code", &code(&app, 30));
    elsewhere.submit(&form).await.expect(303);
    elsewhere
        .get("/account")
        .await
        .expect(200)
        .shows("Sam Whitfield");

    let listed = printed(&confide(&data, &["user", "list", "--json", "--names"]));
    assert_eq!(listed.len(), 1, "the invitation is gone: {listed:?}");
    assert_eq!(listed[0]["state"], "active");
    assert_eq!(listed[0]["name"], "Sam Whitfield");
    assert_eq!(listed[0]["sign_in"], "sam@example.org");
    assert!(listed[0]["last_used"].is_string());
    let account = listed[0]["account"].as_str().expect("an id").to_owned();

    let ended = printed(&confide(
        &data,
        &["user", "end-sessions", &account, "--json"],
    ));
    assert_eq!(ended[0]["ended"], 2);
    assert_eq!(sam.get("/account").await.location(), Some("/sign-in"));

    let fresh = code_of(&confide(
        &data,
        &["user", "reset-factors", &account, "--json"],
    ));
    let listed = printed(&confide(&data, &["user", "list", "--json"]));
    assert_eq!(
        (listed.len(), &listed[0]["state"]),
        (1, &Value::from("reset"))
    );
    let form = sam.get("/sign-in").await.expect(200).form("/sign-in");
    let form = form
        .fill("sign-in", "sam@example.org")
        .fill("password", PASSWORD);
    sam.submit(&form).await.expect(422);
    let mut back = Wire::new(port);
    join(&mut back, &fresh, None, ANOTHER).await;
    back.get("/account")
        .await
        .expect(200)
        .shows("sam@example.org");
    let listed = printed(&confide(&data, &["user", "list", "--json"]));
    assert_eq!(listed[0]["account"], Value::from(account));
    assert_eq!(listed[0]["state"], "active");
    let output = confide(&data, &["audit", "verify", "--json"]);
    assert_eq!(printed(&output)[0]["faults"], serde_json::json!([]));
}

/// A patient who was imported is invited by reference, with the birth date of the record.
#[test]
fn a_patient_is_invited() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let bundle = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/riley-novak.json");
    assert_eq!(confide(&data, &["import", bundle]).status.code(), Some(0));
    let reference = "Patient/demo-patient-3";
    let output = confide(&data, &["user", "add", "--patient", reference, "--json"]);
    let told = printed(&output);
    assert_eq!(told[0]["birth_date"], true);
    assert_eq!(told[0]["code"].as_str().map(str::len), Some(19));
    let output = confide(&data, &["user", "add", "--patient", reference]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.contains("birth date") && !text.contains("Novak"),
        "{text}"
    );
}

/// Exit codes of the contract: 2 for what was typed, 3 for what isn't there. Nothing is made by a look.
#[test]
fn what_goes_wrong_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let nobody = "0b6c7a52-3c0f-4e39-9d0b-2a4f6c1d8e77";
    for (arguments, expected) in [
        (vec!["user", "list"], 3),
        (vec!["user", "end-sessions", nobody], 3),
        (vec!["user", "add", "--name", "A B"], 2),
        (vec!["user", "add", "--role", "administrator"], 2),
        (vec!["user", "add", "--name", "A B", "--role", "king"], 2),
        (vec!["user", "add", "--name", "A B", "--role", "patient"], 2),
    ] {
        let output = confide(&data, &arguments);
        assert_eq!(output.status.code(), Some(expected), "{arguments:?}");
        assert!(output.stdout.is_empty());
        assert!(!output.stderr.is_empty());
        assert!(!data.exists(), "{arguments:?}");
    }
    let add = [
        "user", "add", "--name", "A B", "--role", "support", "--json",
    ];
    assert_eq!(confide(&data, &add).status.code(), Some(0));
    for arguments in [
        vec!["user", "end-sessions", nobody],
        vec!["user", "reset-factors", nobody],
        vec!["user", "reset-factors", "Sam"],
        vec!["user", "add", "--patient", "Patient/none"],
        vec![
            "user",
            "add",
            "--person",
            "Practitioner/none",
            "--role",
            "billing",
        ],
        vec!["user", "add", "--name", " ", "--role", "billing"],
        vec![
            "user",
            "add",
            "--name",
            "C D",
            "--role",
            "billing",
            "--organization",
            "none",
        ],
    ] {
        let output = confide(&data, &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}
