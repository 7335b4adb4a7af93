//! Letters: from the outbox to a mail server, or into a directory (LAW B6).

use super::At;
use super::smtp::{Answer, Smtp};
use crate::support::TestPortal;
use chrono::TimeDelta;
use confide::config::{Mail, MailWay, SmtpSecurity, SmtpServer};
use confide::mail::{Post, Tally};
use portal::letters::{self, Kind};
use std::path::Path;

fn by_smtp(smtp: &Smtp, security: SmtpSecurity) -> Mail {
    Mail {
        from: "no-reply@sender.example".to_owned(),
        sender_name: "Your account".to_owned(),
        way: MailWay::Smtp(SmtpServer {
            host: smtp.address.ip().to_string(),
            port: smtp.address.port(),
            security,
            credentials: None,
            certificate_authority: None,
        }),
    }
}

fn post(portal: &TestPortal, mail: &Mail) -> Post {
    Post::new(portal.portal.clone(), mail)
        .map_err(|failure| failure.message)
        .expect("a way")
}

async fn write(portal: &TestPortal, name: &str, kind: Kind) {
    let store = portal.portal.store();
    let account = store
        .account_by_sign_in(&portal.person(name).sign_in)
        .await
        .expect("an answer")
        .expect("an account");
    letters::post(store, account.id, kind)
        .await
        .expect("a letter");
}

const SENT: Tally = Tally {
    sent: 1,
    put_off: 0,
    dropped: 0,
};
const PUT_OFF: Tally = Tally {
    sent: 0,
    put_off: 1,
    dropped: 0,
};
const DROPPED: Tally = Tally {
    sent: 0,
    put_off: 0,
    dropped: 1,
};
const NOTHING: Tally = Tally {
    sent: 0,
    put_off: 0,
    dropped: 0,
};

/// LAW B6: from a sign-in on a new device to what the mail server got: neutral in every line.
#[tokio::test]
async fn a_sign_in_from_a_new_device_arrives_as_a_neutral_letter() {
    let portal = TestPortal::new().await;
    let smtp = Smtp::start().await;
    let jordan = portal.person("Jordan Reyes").clone();
    At::new("203.0.113.7")
        .sign_in(&portal, &mut portal.anonymous(), &jordan)
        .await;
    let post = post(&portal, &by_smtp(&smtp, SmtpSecurity::None));
    assert_eq!(post.deliver().await.expect("a delivery"), SENT);
    assert_eq!(post.deliver().await.expect("a delivery"), NOTHING);
    let messages = smtp.messages();
    assert_eq!(messages.len(), 1);
    let message = &messages[0];
    for header in [
        "From: \"Your account\" <no-reply@sender.example>",
        "Subject: About your account",
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(message.contains(header), "{header} in\n{message}");
    }
    assert!(message.contains(&format!("To: {}", jordan.sign_in)));
    assert!(message.contains("from a new device"), "{message}");
    let lower = message.to_lowercase();
    for word in [
        "http",
        "www",
        "health",
        "clinic",
        "program",
        "treatment",
        "patient",
        "record",
        "jordan reyes",
        "confide",
    ] {
        let found = lower
            .replace(&jordan.sign_in.to_lowercase(), "")
            .contains(word);
        assert!(!found, "{word} in\n{message}");
    }
    // The envelope names nobody else.
    let commands = smtp.commands();
    assert!(
        commands[0].1.starts_with("EHLO sender.example"),
        "{commands:?}"
    );
    let recipients = commands.iter().filter(|(_, line)| line.starts_with("RCPT"));
    assert_eq!(recipients.count(), 1);
}

/// A mail server that can't take it now gets it again, after waits that grow; what it answered stands in no log.
#[tokio::test]
async fn what_cannot_be_sent_now_is_sent_later() {
    let portal = TestPortal::new().await;
    let smtp = Smtp::start().await;
    smtp.answers(&[Answer::NotNow, Answer::FullAfterData, Answer::BreakOff]);
    write(&portal, "Jordan Reyes", Kind::PasswordChanged).await;
    let post = post(&portal, &by_smtp(&smtp, SmtpSecurity::None));
    assert_eq!(post.deliver().await.expect("a delivery"), PUT_OFF);
    assert_eq!(
        post.deliver().await.expect("a delivery"),
        NOTHING,
        "not before its time"
    );
    for wait in [1, 2, 4] {
        portal.clock.advance(TimeDelta::seconds(wait * 60 - 1));
        assert_eq!(post.deliver().await.expect("a delivery"), NOTHING);
        portal.clock.advance(TimeDelta::seconds(1));
        let tally = post.deliver().await.expect("a delivery");
        assert_eq!(tally, if wait == 4 { SENT } else { PUT_OFF }, "{wait}");
    }
    assert_eq!(smtp.messages().len(), 1, "once, and whole");
}

/// One that is refused for good, or that nobody could send for three days, is dropped.
#[tokio::test]
async fn what_never_can_be_sent_is_dropped() {
    let portal = TestPortal::new().await;
    let smtp = Smtp::start().await;
    let post = post(&portal, &by_smtp(&smtp, SmtpSecurity::None));
    smtp.answers(&[Answer::Never]);
    write(&portal, "Jordan Reyes", Kind::FactorChanged).await;
    assert_eq!(post.deliver().await.expect("a delivery"), DROPPED);

    write(&portal, "Jordan Reyes", Kind::FactorChanged).await;
    portal.clock.advance(TimeDelta::days(3));
    assert_eq!(post.deliver().await.expect("a delivery"), DROPPED);

    // Also where no way is set up.
    write(&portal, "Jordan Reyes", Kind::FactorChanged).await;
    portal
        .clock
        .advance(TimeDelta::days(3) + TimeDelta::seconds(1));
    confide::jobs::sweep(&portal.portal).await.expect("a sweep");
    assert_eq!(post.deliver().await.expect("a delivery"), NOTHING);
    assert!(smtp.messages().is_empty());
}

/// A server that offers no STARTTLS where it is required gets neither a name nor a letter.
#[tokio::test]
async fn nothing_is_sent_in_clear_where_tls_is_required() {
    let portal = TestPortal::new().await;
    let smtp = Smtp::start().await;
    write(&portal, "Jordan Reyes", Kind::FactorChanged).await;
    let post = post(&portal, &by_smtp(&smtp, SmtpSecurity::StartTls));
    let tally = post.deliver().await.expect("a delivery");
    assert_eq!(tally.sent, 0, "{tally:?}");
    assert!(smtp.messages().is_empty());
    let commands = smtp.commands();
    assert!(
        commands
            .iter()
            .all(|(_, line)| line.starts_with("EHLO") || line.starts_with("QUIT")),
        "{commands:?}"
    );
}

/// By TLS, from the first byte or by STARTTLS: name, password and letter go only over the closed connection, and only to
/// a server with a certificate that is believed.
#[tokio::test]
async fn by_tls_to_whom_the_certificate_names() {
    let portal = TestPortal::new().await;
    for security in [SmtpSecurity::Tls, SmtpSecurity::StartTls] {
        let smtp = match security {
            SmtpSecurity::Tls => Smtp::start_with_tls().await,
            _ => Smtp::start_with_starttls().await,
        };
        let authority = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls/localhost.pem");
        let to = |host: &str, authority: Option<&Path>| Mail {
            way: MailWay::Smtp(SmtpServer {
                host: host.to_owned(),
                port: smtp.address.port(),
                security,
                credentials: Some(("sender".to_owned(), "sesame".into())),
                certificate_authority: authority.map(Path::to_owned),
            }),
            ..by_smtp(&smtp, security)
        };
        write(&portal, "Jordan Reyes", Kind::FactorChanged).await;
        // An authority that nobody knows, and a name that the certificate doesn't have.
        for wrong in [to("localhost", None), to("127.0.0.1", Some(&authority))] {
            let tally = post(&portal, &wrong).deliver().await.expect("a delivery");
            assert_eq!(tally, PUT_OFF, "{security:?}");
            portal.clock.advance(TimeDelta::hours(1));
        }
        assert!(
            smtp.commands().iter().all(|(closed, line)| {
                !closed && (line.starts_with("EHLO") || line.starts_with("STARTTLS"))
            }),
            "{:?}",
            smtp.commands()
        );
        let right = post(&portal, &to("localhost", Some(&authority)));
        assert_eq!(
            right.deliver().await.expect("a delivery"),
            SENT,
            "{security:?}"
        );
        assert_eq!(smtp.messages().len(), 1);
        let in_clear = smtp
            .commands()
            .into_iter()
            .filter(|(closed, line)| !closed && (line.contains("AUTH") || line.contains("MAIL")));
        assert_eq!(in_clear.count(), 0);
        assert!(
            smtp.commands()
                .iter()
                .any(|(closed, line)| *closed && line.starts_with("AUTH PLAIN"))
        );
    }
}

/// Two servers over one outbox send a letter once.
#[tokio::test]
async fn two_servers_send_a_letter_once() {
    let portal = TestPortal::new().await;
    let smtp = Smtp::start().await;
    for _ in 0..10 {
        write(&portal, "Jordan Reyes", Kind::FactorChanged).await;
    }
    let mail = by_smtp(&smtp, SmtpSecurity::None);
    let (one, other) = (post(&portal, &mail), post(&portal, &mail));
    let (one, other) = tokio::join!(one.deliver(), other.deliver());
    let sent = one.expect("a delivery").sent + other.expect("a delivery").sent;
    assert_eq!(sent, 10);
    assert_eq!(smtp.messages().len(), 10);
}

/// Into a directory: one file a letter, for its owner's eyes only.
#[tokio::test]
async fn a_directory_takes_letters_too() {
    let portal = TestPortal::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("letters");
    let mail = Mail {
        from: "no-reply@sender.example".to_owned(),
        sender_name: "Your account".to_owned(),
        way: MailWay::Directory(path.clone()),
    };
    let post = post(&portal, &mail);
    write(&portal, "Morgan Ellis", Kind::SessionsEnded).await;
    assert_eq!(post.deliver().await.expect("a delivery"), SENT);
    let files: Vec<_> = std::fs::read_dir(&path)
        .expect("the directory")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    assert_eq!(files.len(), 1);
    assert!(
        files[0]
            .extension()
            .is_some_and(|extension| extension == "eml")
    );
    let text = std::fs::read_to_string(&files[0]).expect("a letter");
    assert!(text.contains("signed you out on all devices"), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&files[0])
            .expect("the file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
