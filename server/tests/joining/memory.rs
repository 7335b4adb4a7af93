//! What stays of somebody's visit once they have signed out: nothing in the files, the log, the temporary folder, or the
//! memory of the process that served them (LAW F1; docs/threat-model.md).

use crate::joining::command_line::{code, code_of, confide, join_on};
use crate::joining::way::PASSWORD;
use crate::joining::wire::Wire;
use crate::support::process::Running;
use aho_corasick::AhoCorasick;
use data_encoding::BASE32_NOPAD;
use serde_json::json;
use std::{
    fs::{self, File},
    net::{TcpListener, TcpStream},
    os::unix::fs::FileExt,
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

/// Read on the way to the page, and hidden on it until somebody has sorted it.
const NOTE: &str = "Vexed by quinces, jumps at lightning; wants zinc";
const CONDITION: &str = "Frobnicating dyspepsia of the left elbow";
const FAMILY: &str = "Quackenbosch";
const EMAIL: &str = "zephyrine-q@example.org";

/// A patient whom nothing else in the program resembles.
fn bundle() -> serde_json::Value {
    let patient = json!({"reference": "Patient/memory"});
    json!({
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"resource": {
                "resourceType": "Patient", "id": "memory", "birthDate": "1971-05-17",
                "name": [{"use": "official", "family": FAMILY, "given": ["Zephyrine"]}],
            }},
            {"resource": {
                "resourceType": "Condition", "id": "c1", "subject": patient,
                "clinicalStatus": {"coding": [{
                    "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active",
                }]},
                "code": {
                    "coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "K30"}],
                    "text": CONDITION,
                },
                "note": [{"text": NOTE}],
                "recordedDate": "2026-03-04",
            }},
        ],
    })
}

fn serve(folder: &Path) -> (Running, u16) {
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port();
    let log = File::create(folder.join("log")).expect("a log");
    let child = Command::new(env!("CARGO_BIN_EXE_confide"))
        .arg("serve")
        .env_clear()
        .env("TMPDIR", folder.join("tmp"))
        .env("CONFIDE_DATA_DIR", folder.join("data"))
        .env("CONFIDE_ADDRESS", format!("127.0.0.1:{port}"))
        .env("CONFIDE_PUBLIC_URL", format!("http://localhost:{port}"))
        .env("CONFIDE_LOG__FILTER", "debug")
        .stderr(Stdio::from(log))
        .spawn()
        .expect("the binary runs");
    let running = Running(child);
    for _ in 0..600 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return (running, port);
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("it does not serve");
}

/// Everything that the process can write to, by the name of the mapping. What is in the program file itself is no secret.
/// `None`: this user may not look, which is as it should be.
fn memory(process: u32) -> Option<Vec<(String, Vec<u8>)>> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).ok()?;
    let memory = File::open(format!("/proc/{process}/mem")).ok()?;
    let mut found = Vec::new();
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next()?, words.next()?);
        let name = words.nth(3).unwrap_or("nameless").to_owned();
        if !rights.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-')?;
        let from = u64::from_str_radix(from, 16).ok()?;
        let to = u64::from_str_radix(to, 16).ok()?;
        let mut bytes = vec![0; usize::try_from(to - from).ok()?];
        // A mapping that is gone by now, or was never touched, holds nothing.
        if memory.read_exact_at(&mut bytes, from).is_ok() {
            found.push((name, bytes));
        }
    }
    Some(found)
}

/// The secrets that are in there, with where.
fn found(secrets: &[(String, Vec<u8>)], place: &str, bytes: &[u8]) -> Vec<String> {
    let all = AhoCorasick::new(secrets.iter().map(|(_, secret)| secret)).expect("needles");
    let mut found: Vec<String> = all
        .find_overlapping_iter(bytes)
        .map(|hit| {
            let (name, _) = &secrets[hit.pattern().as_usize()];
            format!("{name} in {place} at {}", hit.start())
        })
        .collect();
    found.dedup();
    found
}

/// The patients' data keys of that place.
async fn data_keys(data: &Path) -> Vec<[u8; 32]> {
    let key = store::keys::KeyFile::open(&data.join("confide.key")).expect("the key");
    let store = store::Store::open(
        store::Options::new(format!("sqlite://{}", data.join("confide.db").display())),
        Arc::new(key),
        Arc::new(store::testing::TestClock::new()),
        Arc::new(store::testing::TestEntropy::new(1)),
    )
    .await
    .expect("the store");
    let keys = store::testing::patient_keys(&store).await;
    store.close().await.expect("closed");
    keys
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story, told once")]
async fn what_was_looked_at_is_gone_after_signing_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    fs::create_dir(folder.path().join("tmp")).expect("a folder");
    let file = folder.path().join("memory.json");
    fs::write(&file, bundle().to_string()).expect("a file");
    let path = file.to_str().expect("a plain path");
    assert_eq!(confide(&data, &["import", path]).status.code(), Some(0));
    fs::remove_file(&file).expect("removed");
    let invited = confide(
        &data,
        &["user", "add", "--patient", "Patient/memory", "--json"],
    );
    let (running, port) = serve(folder.path());

    // Joins, looks at the record, takes a name to sign in with, signs out.
    let mut browser = Wire::new(port);
    let form = browser.get("/join").await.expect(200).form("/join");
    let form = form
        .fill("code", &code_of(&invited))
        .fill("birth", "1971-05-17");
    let page = browser.submit(&form).await;
    let (app, codes, onward) = join_on(&mut browser, page, Some(EMAIL), PASSWORD).await;
    assert_eq!(onward, "/join/notice");
    let form = browser.get("/join/notice").await.expect(200);
    browser.submit(&form.form("/join/notice")).await.expect(303);
    let page = browser.get("/records").await.expect(200);
    let record = page
        .links()
        .into_iter()
        .find(|link| link.starts_with("/records/"))
        .expect("the condition");
    browser.get(&record).await.expect(200).shows(CONDITION);
    browser.get("/account").await.expect(200).shows(FAMILY);
    browser.get("/access-history").await.expect(200);
    let page = browser.get("/home").await.expect(200);
    browser
        .submit(&page.form("/api/sign-out"))
        .await
        .expect(303);
    // And comes once more, with a code of the app.
    let form = browser.get("/sign-in").await.expect(200).form("/sign-in");
    let form = form.fill("sign-in", EMAIL).fill("password", PASSWORD);
    browser.submit(&form).await.expect(303);
    let form = browser.get("/sign-in/verify").await.expect(200);
    let form = form.form_with_field("code").fill("code", &code(&app, 30));
    browser.submit(&form).await.expect(303);
    browser.get(&record).await.expect(200).shows(CONDITION);
    let page = browser.get("/home").await.expect(200);
    browser
        .submit(&page.form("/api/sign-out"))
        .await
        .expect(303);
    // The last connection is let go.
    thread::sleep(Duration::from_millis(500));

    let text = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let mut secrets = vec![
        text("the note", NOTE),
        text("the condition", CONDITION),
        text("the name", FAMILY),
        text("the e-mail", EMAIL),
        text("the password", PASSWORD),
        text("the app's secret", &BASE32_NOPAD.encode(app.secret())),
        ("the app's secret, raw".to_owned(), app.secret().to_vec()),
    ];
    secrets.extend(codes.iter().map(|code| text("a recovery code", code)));
    secrets.push(text("a recovery code, bare", &codes[0].replace('-', "")));
    for (number, key) in data_keys(&data).await.iter().enumerate() {
        secrets.push((format!("data key {number}"), key.to_vec()));
    }

    let mut faults = Vec::new();
    let mut looked_at = 0;
    for entry in fs::read_dir(&data).expect("the data").flatten() {
        let bytes = fs::read(entry.path()).expect("a file");
        looked_at += bytes.len();
        faults.extend(found(&secrets, &entry.path().display().to_string(), &bytes));
    }
    assert!(looked_at > 50_000);
    let log = fs::read(folder.path().join("log")).expect("the log");
    assert!(!log.is_empty());
    faults.extend(found(&secrets, "the log", &log));
    let temporary = fs::read_dir(folder.path().join("tmp")).expect("a folder");
    assert_eq!(
        temporary.count(),
        0,
        "nothing is written to the temporary folder"
    );

    if let Some(memory) = memory(running.0.id()) {
        // This one is in there: the search can find something.
        let public = [text(
            "the public address",
            &format!("http://localhost:{port}"),
        )];
        let there = memory
            .iter()
            .any(|(name, bytes)| !found(&public, name, bytes).is_empty());
        assert!(there, "the search finds what is there");
        // A data key that was in use leaves copies on the stacks of the process's threads, which nothing writes over:
        // docs/operations.md says so, and files and logs are searched for it all the same.
        let gone: Vec<(String, Vec<u8>)> = secrets
            .iter()
            .filter(|(name, _)| !name.starts_with("data key"))
            .cloned()
            .collect();
        for (name, bytes) in &memory {
            faults.extend(found(&gone, &format!("memory, {name}"), bytes));
        }
    } else {
        eprintln!("another process's memory can't be read by this user; that part was not shown");
        assert!(std::env::var_os("CONFIDE_CI").is_none(), "run as root");
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
