//! `confide keys`, `backup` and `restore` as operators use them: exit codes, lost and wrong keys on both kinds of database
//! and with each kind of key, a rotation that is killed, a portal that serves meanwhile (CLI contracts; LAW F1).

use crate::support::process::{Running, err, text};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::Duration,
};
use store::testing::TempDatabase;
use tempfile::TempDir;

const RILEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/riley-novak.json");
const JORDAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/jordan-reyes.json");
const REFERENCE: &str = "Patient/demo-patient-3";

/// A place for a portal: a folder with a configuration, and the variables that go with it.
struct Place {
    folder: TempDir,
    variables: Vec<(String, String)>,
    database: Option<TempDatabase>,
}

impl Place {
    fn new(configuration: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let text = configuration.replace("DIR", text(folder.path()));
        fs::write(folder.path().join("confide.toml"), text).expect("a configuration");
        Self {
            folder,
            variables: Vec::new(),
            database: None,
        }
    }

    /// The same, with its records in that database.
    fn within(self, database: TempDatabase) -> Self {
        Self {
            database: Some(database),
            ..self
        }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_confide"));
        command
            .args(arguments)
            .arg("--config")
            .arg(self.file("confide.toml"))
            .env_clear()
            .envs(self.variables.iter().cloned());
        if let Some(database) = &self.database {
            command.env("CONFIDE_DATABASE_URL", database.url());
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary runs")
    }

    /// Runs it, and gives the one object it printed.
    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?}: {}",
            err(&output)
        );
        serde_json::from_slice(&output.stdout).expect("one object")
    }

    #[track_caller]
    fn fails(&self, arguments: &[&str], code: i32, says: &str) {
        let output = self.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {}",
            err(&output)
        );
        assert!(
            err(&output).contains(says),
            "{arguments:?}: {}",
            err(&output)
        );
        assert!(output.stdout.is_empty());
    }

    #[track_caller]
    fn is_whole(&self) {
        assert_eq!(self.json(&["audit", "verify"])["faults"], json!([]));
    }
}

const FILE: &str = "data_dir = \"DIR\"\n";

/// Every kind of database and of key that is here, by name.
fn places() -> Vec<(&'static str, Place)> {
    let key = "5c".repeat(32);
    let mut all = vec![
        ("SQLite, key file", Place::new(FILE)),
        (
            "SQLite, environment",
            Place::new("database_url = \"sqlite://DIR/confide.db?mode=rwc\"\n")
                .with("CONFIDE_KEY", &key),
        ),
    ];
    if let Some(database) = postgres() {
        let configuration = "key_file = \"DIR/confide.key\"\n";
        all.push((
            "PostgreSQL, key file",
            Place::new(configuration).within(database),
        ));
    }
    all.extend(token("house").map(|place| ("SQLite, token", place)));
    all
}

/// A new database, where `CONFIDE_TEST_POSTGRES` names one to make it beside.
fn postgres() -> Option<TempDatabase> {
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(TempDatabase::empty())
}

/// A place with a token of its own, where SoftHSM2 is here; under `CONFIDE_CI` it must be.
fn token(label: &str) -> Option<Place> {
    let module = "/usr/lib/softhsm/libsofthsm2.so";
    if !Path::new(module).exists() {
        eprintln!("SoftHSM2 is not here; what this shows of tokens was not shown");
        assert!(
            std::env::var_os("CONFIDE_CI").is_none(),
            "softhsm2 is missing"
        );
        return None;
    }
    let configuration = format!(
        "database_url = \"sqlite://DIR/confide.db?mode=rwc\"\n\
         [pkcs11]\nmodule = \"{module}\"\ntoken = \"{label}\"\npin_file = \"DIR/pin\"\n"
    );
    let place = Place::new(&configuration);
    let (tokens, conf) = (place.file("tokens"), place.file("softhsm2.conf"));
    fs::create_dir(&tokens).expect("a folder");
    fs::write(
        &conf,
        format!("directories.tokendir = {}\n", tokens.display()),
    )
    .expect("a file");
    fs::write(place.file("pin"), "4711-pin\n").expect("a file");
    let made = Command::new("softhsm2-util")
        .env("SOFTHSM2_CONF", &conf)
        .args(["--init-token", "--free", "--label", label])
        .args(["--pin", "4711-pin", "--so-pin", "so-4711-pin"])
        .output()
        .expect("softhsm2-util runs");
    assert!(made.status.success(), "{made:?}");
    let conf = text(&conf).to_owned();
    Some(place.with("SOFTHSM2_CONF", &conf))
}

/// No kind of key is made anew for a database that has one, and another's is refused; the right one still opens it.
#[test]
fn lost_and_wrong_keys() {
    for (name, place) in places() {
        assert_eq!(
            place.run(&["import", RILEY]).status.code(),
            Some(0),
            "{name}"
        );
        let before = place.json(&["keys", "status"]);
        match name {
            "SQLite, key file" | "PostgreSQL, key file" => {
                let (key, aside) = (place.file("confide.key"), place.file("aside"));
                fs::rename(&key, &aside).expect("moved");
                place.fails(&["keys", "status"], 3, "key file is missing");
                place.fails(&["import", RILEY], 3, "key file is missing");
                assert!(!key.exists(), "{name}: no new key stands in its place");
                let other = Place::new(FILE);
                assert_eq!(other.run(&["import", RILEY]).status.code(), Some(0));
                fs::copy(other.file("confide.key"), &key).expect("another's");
                let says = "not the one the database was made with";
                place.fails(&["import", JORDAN], 3, says);
                fs::rename(&aside, &key).expect("moved back");
            }
            "SQLite, environment" => {
                let mut wrong = place.command(&["import", JORDAN]);
                wrong.env("CONFIDE_KEY", "6d".repeat(32));
                let output = wrong.output().expect("the binary runs");
                assert_eq!(output.status.code(), Some(3));
                assert!(err(&output).contains("not the one the database was made with"));
            }
            _ => {
                let configuration = place.file("confide.toml");
                let right = fs::read_to_string(&configuration).expect("a configuration");
                let wrong = format!("{right}key = \"another\"\n");
                fs::write(&configuration, wrong).expect("written");
                place.fails(&["import", JORDAN], 3, "holds no AES key of that label");
                fs::write(&configuration, right).expect("written");
                fs::write(place.file("pin"), "wrong").expect("written");
                place.fails(&["keys", "status"], 3, "does not take the PIN");
                fs::write(place.file("pin"), "4711-pin").expect("written");
            }
        }
        assert_eq!(place.json(&["keys", "status"]), before, "{name}: as it was");
        place.is_whole();
    }
}

#[test]
fn what_is_typed_wrong() {
    let place = Place::new(FILE);
    place.fails(&["keys", "status"], 3, "no database");
    place.fails(&["keys", "rotate"], 2, "required");
    place.fails(
        &["keys", "rotate", "--data-keys", "--drop-old"],
        2,
        "cannot be used",
    );
    place.fails(&["keys", "rotate", "--drop-old", "--pause", "3"], 2, "");
    assert_eq!(place.run(&["import", RILEY]).status.code(), Some(0));
    place.fails(
        &["keys", "rotate", "--to-environment"],
        2,
        "CONFIDE_NEW_KEY is not set",
    );
    let shred = [
        "keys",
        "shred",
        "--patient",
        "Patient/nobody",
        "--reason",
        "r",
        "--yes",
    ];
    place.fails(&shred, 2, "no such patient");
    let shred = [
        "keys",
        "shred",
        "--patient",
        REFERENCE,
        "--reason",
        " ",
        "--yes",
    ];
    place.fails(&shred, 2, "say why");
}

/// From a file to the environment, and on into a token.
#[test]
fn the_wrapping_key_moves() {
    let place = Place::new(FILE);
    assert_eq!(place.run(&["import", RILEY]).status.code(), Some(0));
    let old = place.json(&["keys", "status"])["key"].clone();
    let new = "7e".repeat(32);
    let mut rotate = place.command(&["keys", "rotate", "--to-environment", "--json"]);
    let output = rotate
        .env("CONFIDE_NEW_KEY", &new)
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(!String::from_utf8_lossy(&output.stdout).contains(&new));
    let status = place.json(&["keys", "status"]);
    assert_eq!(
        (&status["key"], &status["wrapping_change_unfinished"]),
        (&old, &json!(true))
    );
    place.fails(
        &["keys", "rotate", "--data-keys", "--pause", "0"],
        3,
        "not finished",
    );

    let configuration = format!(
        "database_url = \"sqlite://{}\"\n",
        place.file("confide.db").display()
    );
    let next = Place::new(&configuration).with("CONFIDE_KEY", &new);
    assert_eq!(next.json(&["keys", "rotate", "--drop-old"])["patients"], 1);
    place.fails(
        &["keys", "status"],
        3,
        "not the one the database was made with",
    );
    let status = next.json(&["keys", "status"]);
    assert_eq!(
        (&status["provider"], &status["wrapping_change_unfinished"]),
        (&json!("environment"), &json!(false))
    );

    if let Some(last) = token("vault") {
        let configuration = last.file("confide.toml");
        let moved = fs::read_to_string(&configuration)
            .expect("a configuration")
            .replace(
                &format!("sqlite://{}", last.file("confide.db").display()),
                &format!("sqlite://{}", place.file("confide.db").display()),
            );
        fs::write(&configuration, moved).expect("written");
        let mut rotate = next.command(&["keys", "rotate", "--to-config", text(&configuration)]);
        rotate.envs(last.variables.iter().cloned());
        let output = rotate.output().expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        assert_eq!(last.json(&["keys", "rotate", "--drop-old"])["patients"], 1);
        assert_eq!(last.json(&["keys", "status"])["provider"], "token");
        last.is_whole();
    } else {
        next.is_whole();
    }
}

/// Until the line that contains it.
fn wait_for(child: &mut Child, words: &str) {
    let stderr = child.stderr.take().expect("piped");
    for line in BufReader::new(stderr).lines() {
        if line.expect("a line").contains(words) {
            return;
        }
    }
    panic!("it never said {words:?}");
}

/// A rotation that is killed at each of its steps goes on, and nothing is lost (`kill -9`).
#[test]
fn a_rotation_that_is_killed_goes_on() {
    let place = Place::new(FILE);
    for file in [RILEY, JORDAN] {
        assert_eq!(place.run(&["import", file]).status.code(), Some(0));
    }
    let patients = place.json(&["keys", "status"])["patients"]
        .as_u64()
        .expect("a number");
    let rotate = ["keys", "rotate", "--data-keys", "--progress", "--pause"];
    for (step, pause) in [
        ("announcing", "1"),
        ("waiting", "60"),
        ("sealed anew: 1 of", "0"),
        ("rows of the house", "0"),
    ] {
        let mut child = place
            .command(&[&rotate[..], &[pause]].concat())
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("it runs");
        wait_for(&mut child, step);
        child.kill().expect("killed");
        child.wait().expect("ended");
        place.is_whole();
        let status = place.json(&["keys", "status"]);
        assert_eq!(status["patients"], patients, "after {step}: {status}");
    }
    let done = place.json(&["keys", "rotate", "--data-keys", "--pause", "0"]);
    assert_eq!(done["patients"], patients);
    let status = place.json(&["keys", "status"]);
    assert_eq!(status["rotation"], Value::Null);
    let counted: u64 = status["patients_by_version"]
        .as_object()
        .expect("counts")
        .iter()
        .filter(|(version, _)| *version != "1")
        .filter_map(|(_, count)| count.as_u64())
        .sum();
    assert_eq!(counted, patients, "{status}");
    // Importing again opens and compares everything.
    assert_eq!(place.json(&["import", JORDAN])["new"], 0);
    place.is_whole();
}

fn serve(place: &Place) -> (Running, u16) {
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port();
    let child = place
        .command(&["serve"])
        .env("CONFIDE_ADDRESS", format!("127.0.0.1:{port}"))
        .env("CONFIDE_PUBLIC_URL", format!("http://localhost:{port}"))
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let running = Running(child);
    for _ in 0..600 {
        if get(port, "/readyz").is_some_and(|answer| answer.contains("200")) {
            return (running, port);
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("it does not serve");
}

/// The first line of the answer.
fn get(port: u16, path: &str) -> Option<String> {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).ok()?;
    connection
        .set_read_timeout(Some(Duration::from_secs(20)))
        .ok()?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: localhost:{port}\r\n\r\n");
    connection.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).ok()?;
    answer.lines().next().map(str::to_owned)
}

/// No core dumps, whatever the limit was before (LAW F1).
#[cfg(target_os = "linux")]
#[test]
fn a_process_that_serves_leaves_no_core() {
    let place = Place::new(FILE);
    let (running, _) = serve(&place);
    let limits = fs::read_to_string(format!("/proc/{}/limits", running.0.id())).expect("limits");
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .expect("a line on cores");
    let words: Vec<&str> = core.split_whitespace().collect();
    assert_eq!(&words[4..6], ["0", "0"], "{core}");
}

/// A backup taken while the portal serves comes back elsewhere; never over anything.
#[test]
fn backup_and_restore() {
    for (name, place) in places() {
        assert_eq!(
            place.run(&["import", RILEY]).status.code(),
            Some(0),
            "{name}"
        );
        let (running, port) = serve(&place);
        let file = place.file("copy.backup");
        let made = place.json(&["backup", "--to", text(&file)]);
        assert!(made["rows"].as_u64() > Some(10), "{name}: {made}");
        assert!(get(port, "/").is_some());
        drop(running);
        place.fails(&["backup", "--to", text(&file)], 3, "is there already");
        let bytes = fs::read(&file).expect("a backup");
        for secret in ["Novak", "Riley", "Immunization", "demo-patient-3"] {
            let found = bytes
                .windows(secret.len())
                .any(|some| some == secret.as_bytes());
            assert!(!found, "{name}: the backup tells {secret:?}");
        }
        place.fails(&["restore", text(&file)], 3, "already");

        // Elsewhere, with the same key.
        let before = place.json(&["keys", "status"]);
        let place = if name == "PostgreSQL, key file" {
            let there =
                Place::new("key_file = \"DIR/confide.key\"\n").within(postgres().expect("another"));
            fs::copy(place.file("confide.key"), there.file("confide.key")).expect("the key");
            there
        } else {
            for ending in ["", "-wal", "-shm"] {
                let _ = fs::remove_file(place.file(&format!("confide.db{ending}")));
            }
            place
        };
        let back = place.json(&["restore", text(&file)]);
        assert_eq!(
            (&back["backup"], &back["entries"]),
            (&made["backup"], &made["entries"])
        );
        let after = place.json(&["keys", "status"]);
        assert_eq!(after, before, "{name}");
        place.is_whole();
        let left: Vec<_> = fs::read_dir(place.folder.path())
            .expect("a folder")
            .filter_map(|it| it.ok()?.file_name().into_string().ok())
            .filter(|name| name.starts_with('.'))
            .collect();
        assert!(left.is_empty(), "{name}: {left:?}");
        let (_running, port) = serve(&place);
        assert!(get(port, "/").is_some_and(|line| line.contains("200")));
    }
}

/// What does not come back leaves nothing behind.
#[test]
fn a_backup_that_is_no_good() {
    let place = Place::new(FILE);
    assert_eq!(place.run(&["import", RILEY]).status.code(), Some(0));
    let file = place.file("copy.backup");
    place.json(&["backup", "--to", text(&file)]);
    let mut bytes = fs::read(&file).expect("a backup");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&file, &bytes).expect("written");
    let there = Place::new(FILE);
    let restore = ["restore", text(&file)];
    there.fails(&restore, 3, "key file is missing");
    assert!(!there.file("confide.key").exists());
    let other = Place::new(FILE);
    assert_eq!(other.run(&["import", RILEY]).status.code(), Some(0));
    fs::copy(other.file("confide.key"), there.file("confide.key")).expect("another key");
    there.fails(&restore, 3, "not the one the backup was made with");
    fs::copy(place.file("confide.key"), there.file("confide.key")).expect("the key");
    there.fails(&restore, 2, "changed or is not whole");
    fs::write(&file, "a letter").expect("written");
    there.fails(&restore, 2, "not a backup");
    let left = fs::read_dir(there.folder.path()).expect("a folder").count();
    assert_eq!(left, 2, "the configuration and the key, and nothing else");
}

/// Shredded from the command line: typed again, gone, and the ledger whole.
#[test]
fn a_record_is_shredded() {
    for (name, place) in places() {
        assert_eq!(
            place.run(&["import", RILEY]).status.code(),
            Some(0),
            "{name}"
        );
        let shred = [
            "keys",
            "shred",
            "--patient",
            REFERENCE,
            "--reason",
            "asked for",
        ];
        let mut child = place
            .command(&shred)
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("it runs");
        child
            .stdin
            .take()
            .expect("piped")
            .write_all(b"Patient/another\n")
            .expect("typed");
        assert_eq!(child.wait().expect("ended").code(), Some(2), "{name}");
        assert_eq!(place.json(&["keys", "status"])["patients"], 1, "{name}");
        let mut child = place
            .command(&shred)
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("it runs");
        let typed = format!("{REFERENCE}\n");
        let mut stdin = child.stdin.take().expect("piped");
        stdin.write_all(typed.as_bytes()).expect("typed");
        drop(stdin);
        assert_eq!(child.wait().expect("ended").code(), Some(0), "{name}");
        let status = place.json(&["keys", "status"]);
        assert_eq!(
            (&status["patients"], &status["shredded"]),
            (&json!(0), &json!(1))
        );
        let verified = place.json(&["audit", "verify"]);
        assert_eq!(
            (&verified["faults"], &verified["shredded"]),
            (&json!([]), &json!(1))
        );
        place.fails(&[&shred[..], &["--yes"]].concat(), 2, "no such patient");
        place.fails(&["user", "add", "--patient", REFERENCE], 2, "");
    }
}
