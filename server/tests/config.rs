//! What the operator sets: what is taken, and what is said when it can't be.

use confide::config::{Config, ConfigError, KeySource, MailWay, SmtpSecurity, Variables};
use secrecy::ExposeSecret;
use std::{fs, path::PathBuf, time::Duration};
use tempfile::TempDir;

fn file(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("confide.toml");
    fs::write(&path, text).expect("a file");
    (folder, path)
}

fn load(text: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let (_folder, path) = file(text);
    let variables: Variables = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Config::load(Some(&path), &variables)
}

#[track_caller]
fn fault(text: &str, variables: &[(&str, &str)]) -> String {
    load(text, variables).expect_err("a fault").to_string()
}

#[test]
fn the_example_is_good() {
    let example = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/config.example.toml"))
        .expect("the example");
    let config = load(&example, &[]).expect("a good example");
    assert_eq!(config.address.port(), 8080);
    assert_eq!(config.session.idle, Duration::from_mins(15));
    assert_eq!(config.session.total, Duration::from_hours(12));
    assert_eq!(config.time_zone, chrono_tz::America::New_York);
    assert!(config.public_url_to_serve().is_ok());
    assert!(
        config
            .storage
            .database_url
            .expose_secret()
            .contains("/var/lib/confide/confide.db")
    );
}

#[test]
fn variables_win_over_the_file() {
    let config = load(
        "data_dir = \"/from/file\"\n[session]\nidle_minutes = 10\n",
        &[
            ("CONFIDE_SESSION__IDLE_MINUTES", "5"),
            ("CONFIDE_TRUSTED_PROXIES", "[\"10.0.0.0/8\", \"::1\"]"),
            (
                "CONFIDE_DATABASE_URL",
                "postgres://confide:sesame@db/confide",
            ),
            ("CONFIDE_CONFIG", "/not/a/key"),
            ("OTHER", "thing"),
        ],
    )
    .expect("good");
    assert_eq!(config.session.idle, Duration::from_mins(5));
    assert_eq!(config.trusted_proxies.len(), 2);
    assert!(
        config
            .storage
            .database_url
            .expose_secret()
            .starts_with("postgres:")
    );
    assert!(matches!(&config.storage.key, KeySource::File(path) if path.starts_with("/from/file")));
}

#[test]
fn faults_name_the_key_and_the_place() {
    let base = "data_dir = \"/d\"\n";
    for (text, expected) in [
        (
            "[session]\nidle_minutes = 60\n",
            "session.idle_minutes: must be between 1 and 15",
        ),
        (
            "[session]\ntotal_hours = 0\n",
            "session.total_hours: must be between 1 and 12",
        ),
        ("[log]\nformat = \"xml\"\n", "log.format: must be"),
    ] {
        let message = fault(&format!("{base}{text}"), &[]);
        assert!(message.contains(expected), "{message}");
        assert!(message.contains("confide.toml"), "{message}");
    }
    for (text, expected) in [
        (
            "address = \"here\"\n",
            "address: must be an address and a port",
        ),
        (
            "time_zone = \"Nowhere\"\n",
            "time_zone: must be the IANA name",
        ),
        (
            "public_url = \"https://a.example/path\"\n",
            "public_url: must be a scheme and a host only",
        ),
        (
            "trusted_proxies = [\"proxy\"]\n",
            "trusted_proxies: must be a list",
        ),
        ("colour = \"teal\"\n", "colour: there is no such key"),
        ("part2_organizations = 3\n", "part2_organizations: must be"),
    ] {
        let message = fault(&format!("{text}{base}"), &[]);
        assert!(message.contains(expected), "{message}");
        assert!(message.contains("confide.toml"), "{message}");
    }
    let message = fault(base, &[("CONFIDE_SESSION__IDLE_MINUTES", "soon")]);
    assert!(
        message.contains("environment variable CONFIDE_SESSION__IDLE_MINUTES"),
        "{message}"
    );
}

#[test]
fn all_faults_are_told_at_once() {
    let error = load("address = \"x\"\ntime_zone = \"y\"\n", &[]).expect_err("faults");
    assert_eq!(error.faults.len(), 4, "{error}");
}

#[test]
fn what_is_lacking_is_told_apart() {
    let error = load("", &[]).expect_err("lacking");
    assert!(error.only_missing(), "{error}");
    let error = load("address = \"x\"", &[]).expect_err("wrong and lacking");
    assert!(!error.only_missing(), "{error}");
    let config = load("data_dir = \"/d\"", &[]).expect("enough for commands");
    let error = config
        .public_url_to_serve()
        .expect_err("not enough to serve");
    assert!(error.only_missing());
    let config = load(
        "data_dir = \"/d\"\npublic_url = \"http://records.example.org\"",
        &[],
    )
    .expect("good");
    assert!(config.public_url_to_serve().is_err());
    let config = load(
        "data_dir = \"/d\"\npublic_url = \"http://localhost:8080\"",
        &[],
    )
    .expect("good");
    assert!(config.public_url_to_serve().is_ok());
}

#[test]
fn secrets_stand_in_no_file_and_in_no_message() {
    let secret = "correct-horse-battery";
    for text in [
        format!("data_dir = \"/d\"\ndatabase_url = \"postgres://u:{secret}@h/d\"\n"),
        format!("data_dir = \"/d\"\nkey = \"{secret}\"\n"),
        format!("data_dir = \"/d\"\ndatabase_url = [\"{secret}\"]\n"),
        format!("data_dir = \"/d\"\ndatabase_url = \"{secret}\"\n"),
        format!("data_dir = \"/d\"\ndatabase_url = \"{secret}\n"),
        format!("data_dir = \"/d\"\n{secret} =\n"),
    ] {
        let message = fault(&text, &[]);
        assert!(!message.contains(secret), "{message}");
    }
    let config = load(
        "data_dir = \"/d\"",
        &[
            (
                "CONFIDE_DATABASE_URL",
                "postgres://u:correct-horse-battery@h/d",
            ),
            ("CONFIDE_KEY", "correct-horse-battery"),
        ],
    )
    .expect("good");
    assert!(!format!("{config:?}").contains(secret));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Config::load(Some(&PathBuf::from("/no/such/confide.toml")), &Vec::new())
        .expect_err("a fault");
    assert!(error.to_string().contains("/no/such/confide.toml"));
    assert!(error.only_missing());
}

/// LAW C5: the patient notice names program, contact and effective date, all of them or none.
#[test]
fn the_notice_is_filled_in_whole() {
    let base = "data_dir = \"/d\"\n[notice]\n";
    assert!(
        load("data_dir = \"/d\"\n", &[])
            .expect("good")
            .notice
            .is_none()
    );
    let lines = [
        ("program", "program = \"Harbor Light\"\n"),
        ("contact", "contact = \"the privacy officer\"\n"),
        ("reached", "reached = \"555-0100\"\n"),
        ("effective", "effective = \"2026-03-01\"\n"),
    ];
    let whole: String = lines.iter().map(|(_, line)| *line).collect();
    let facts = load(&format!("{base}{whole}"), &[]).expect("good").notice;
    let facts = facts.expect("the facts");
    assert_eq!(facts.program, "Harbor Light");
    assert_eq!(facts.effective.to_string(), "2026-03-01");
    for (missing, _) in lines {
        let rest = lines.iter().filter(|(key, _)| *key != missing);
        let rest: String = rest.map(|(_, line)| *line).collect();
        let error = load(&format!("{base}{rest}"), &[]).expect_err(missing);
        assert!(
            error.to_string().contains(&format!("notice.{missing}")),
            "{error}"
        );
    }
    let wrong = whole.replace("2026-03-01", "soon");
    let error = load(&format!("{base}{wrong}"), &[]).expect_err("no day");
    assert!(error.to_string().contains("notice.effective"), "{error}");
}

/// How letters go: closed to others unless the mail server is on this machine, and no password in the file.
#[test]
fn mail_goes_by_tls_or_not_far() {
    let base = "data_dir = \"/d\"\n";
    assert!(load(base, &[]).expect("good").mail.is_none());
    let from = "from = \"no-reply@example.org\"\n";
    for (url, host, port, security) in [
        (
            "smtps://mail.example.org",
            "mail.example.org",
            465,
            SmtpSecurity::Tls,
        ),
        (
            "smtp://mail.example.org",
            "mail.example.org",
            587,
            SmtpSecurity::StartTls,
        ),
        (
            "smtp://mail.example.org:2525",
            "mail.example.org",
            2525,
            SmtpSecurity::StartTls,
        ),
        (
            "smtp://127.0.0.1:1025",
            "127.0.0.1",
            1025,
            SmtpSecurity::None,
        ),
        ("smtp://[::1]", "::1", 25, SmtpSecurity::None),
        ("smtps://localhost", "localhost", 465, SmtpSecurity::Tls),
    ] {
        let text = format!("{base}[mail]\n{from}smtp_url = \"{url}\"\n");
        let mail = load(&text, &[]).expect("good").mail.expect("mail");
        assert_eq!(mail.sender_name, "Your account");
        let MailWay::Smtp(server) = mail.way else {
            panic!("{url} is no mail server");
        };
        assert_eq!(
            (server.host.as_str(), server.port, server.security),
            (host, port, security)
        );
        assert!(server.credentials.is_none());
    }
    let secret = [(
        "CONFIDE_MAIL__SMTP_URL",
        "smtps://us%40er:p%40ss@mail.example.org",
    )];
    let config = load(&format!("{base}[mail]\n{from}"), &secret).expect("good");
    assert!(!format!("{config:?}").contains("p@ss"));
    let Some(MailWay::Smtp(server)) = config.mail.map(|mail| mail.way) else {
        panic!("no mail server");
    };
    let (user, password) = server.credentials.expect("credentials");
    assert_eq!((user.as_str(), password.expose_secret()), ("us@er", "p@ss"));
    for (keys, expected) in [
        (
            "from = \"a@example.org\"\nsmtp_url = \"smtps://u:sesame@mail.example.org\"",
            "mail.smtp_url: must not hold a password here",
        ),
        ("from = \"a@example.org\"", "mail: needs one of"),
        (
            "from = \"a@example.org\"\ndirectory = \"/m\"\nsmtp_url = \"smtps://mail.example.org\"",
            "mail: needs one of",
        ),
        ("directory = \"/m\"", "mail.from: is needed"),
        (
            "from = \"somebody\"\ndirectory = \"/m\"",
            "mail.from: must be an e-mail address",
        ),
        (
            "from = \"a@example.org\"\nsmtp_url = \"http://mail.example.org\"",
            "mail.smtp_url: must be",
        ),
        (
            "from = \"a@example.org\"\nsmtp_url_file = \"/no/such/file\"",
            "mail.smtp_url_file: names",
        ),
        (
            "from = \"a@example.org\"\ndirectory = \"/m\"\nsender_name = \" \"",
            "mail.sender_name: must be",
        ),
    ] {
        let message = fault(&format!("{base}[mail]\n{keys}\n"), &[]);
        assert!(message.contains(expected), "{message}");
        assert!(!message.contains("sesame"), "{message}");
    }
}

/// Where checkpoints of the ledger go: by TLS, without a password in the address, as often as is sensible.
#[test]
fn checkpoints_go_by_tls_or_not_far() {
    let base = "data_dir = \"/d\"\n";
    let audit = load(base, &[]).expect("good").audit;
    assert_eq!(audit.every, Duration::from_mins(10));
    assert!(audit.file.is_none() && audit.url.is_none());
    let keys = "[audit]\ncheckpoint_every = 5\ncheckpoint_file = \"/mnt/kept/checkpoints\"\n";
    let audit = load(&format!("{base}{keys}"), &[]).expect("good").audit;
    assert_eq!(audit.every, Duration::from_mins(5));
    assert_eq!(audit.file, Some(PathBuf::from("/mnt/kept/checkpoints")));
    let url = |url: &str| format!("{base}[audit]\ncheckpoint_url = \"{url}\"\n");
    for good in ["https://witness.example.org/add", "http://127.0.0.1:9000/"] {
        assert!(load(&url(good), &[]).expect("good").audit.url.is_some());
    }
    for bad in [
        "http://witness.example.org/",
        "ftp://witness.example.org/",
        "https://name:hunter2@witness.example.org/",
        "witness",
    ] {
        let message = fault(&url(bad), &[]);
        assert!(message.contains("audit.checkpoint_url"), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
    for minutes in ["0", "1441"] {
        let message = fault(
            &format!("{base}[audit]\ncheckpoint_every = {minutes}\n"),
            &[],
        );
        assert!(message.contains("audit.checkpoint_every"), "{message}");
    }
}
