//! Checkpoints go where whoever keeps the database can't change them; what fails is tried again and stops nothing.

use crate::support::TestPortal;
use confide::{checkpoints::Publisher, config::Audit};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::mpsc,
    time::Duration,
};
use store::ledger::checkpoint::{Checkpoint, notes};
use store::ledger::merkle::extends;
use store::signing::PublicKey;
use store::{Chain, Event, Stamp};
use url::Url;

async fn something_new(portal: &TestPortal) {
    let store = portal.portal.store();
    let appended = store.append(&Stamp::SYSTEM, Chain::House, Event::SignedOut);
    appended.await.expect("an entry");
}

/// Each checkpoint is appended to the file once; a file that can't be written is a failure, and the next time it goes.
#[tokio::test]
async fn each_checkpoint_goes_to_the_file_once() {
    let portal = TestPortal::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("there").join("checkpoints.txt");
    let audit = Audit {
        file: Some(file.clone()),
        ..Audit::default()
    };
    let store = portal.portal.store().clone();
    let mut publisher = Publisher::new(store.clone(), audit);
    assert!(
        publisher.publish().await.is_err(),
        "there is no such folder"
    );
    fs::create_dir(folder.path().join("there")).expect("a folder");
    publisher.publish().await.expect("it goes");
    publisher.publish().await.expect("nothing is new");
    something_new(&portal).await;
    publisher.publish().await.expect("it goes");
    let kept = notes(&fs::read_to_string(&file).expect("a file"));
    assert_eq!(kept.len(), 2);
    let key = store.public_key();
    let read = |note: &str| Checkpoint::read(note, &key).expect("a checkpoint");
    assert_eq!(read(&kept[1]).after, read(&kept[0]).size);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

/// How long what was sent may be under way.
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody who takes so many requests, answers each with a status and a text, and tells what was sent.
fn listening(
    requests: usize,
    mut answer: impl FnMut(&str) -> (u16, String) + Send + 'static,
) -> (Url, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for _ in 0..requests {
            let (stream, _) = listener.accept().expect("somebody");
            let mut reader = BufReader::new(stream);
            let mut length = 0;
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).expect("a line");
                let line = line.trim().to_ascii_lowercase();
                if let Some(value) = line.strip_prefix("content-length:") {
                    length = value.trim().parse().expect("a number");
                }
                if line.is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("a body");
            let body = String::from_utf8(body).expect("text");
            let (status, text) = answer(&body);
            let length = text.len();
            let mut stream = reader.into_inner();
            write!(
                stream,
                "HTTP/1.1 {status} So\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{text}"
            )
            .expect("an answer");
            tell.send(body).expect("a listener");
        }
    });
    let url = Url::parse(&format!("http://{address}/add-checkpoint")).expect("a URL");
    (url, told)
}

/// Somebody who takes what is sent, and answers as told.
fn witness(answers: &[(u16, &str)]) -> (Url, mpsc::Receiver<String>) {
    let answers: Vec<(u16, String)> = answers
        .iter()
        .map(|(status, text)| (*status, (*text).to_owned()))
        .collect();
    let requests = answers.len();
    let mut answers = answers.into_iter();
    listening(requests, move |_| answers.next().expect("an answer"))
}

/// A witness that remembers the size of what it took last, and tells it to whoever begins elsewhere.
fn remembering(requests: usize) -> (Url, mpsc::Receiver<String>) {
    let mut known: u64 = 0;
    listening(requests, move |request| {
        let (proof, note) = request.split_once("\n\n").expect("a proof and a note");
        if proof.lines().next() != Some(format!("old {known}").as_str()) {
            return (409, format!("{known}\n"));
        }
        let size = note.lines().nth(1).expect("a size");
        known = size.parse().expect("a number");
        (200, String::new())
    })
}

/// The checkpoint of a request that proves its log to go on from that one.
fn goes_on(request: &str, before: &Checkpoint, key: &PublicKey) -> Checkpoint {
    let (proof, note) = request.split_once("\n\n").expect("a proof and a note");
    let now = Checkpoint::read(note, key).expect("a checkpoint");
    let mut proof = proof.lines();
    assert_eq!(proof.next(), Some(format!("old {}", before.size).as_str()));
    let path: Vec<[u8; 32]> = proof
        .map(|node| {
            let bytes = data_encoding::BASE64
                .decode(node.as_bytes())
                .expect("base64");
            bytes.try_into().expect("a hash")
        })
        .collect();
    assert!(extends(
        (&before.root, before.size),
        (&now.root, now.size),
        &path
    ));
    now
}

/// LAW F3, RFC 6962 §2.1.2: what is sent proves that the log goes on from what was taken before. What the other side
/// refuses is sent again.
#[tokio::test]
async fn what_is_sent_proves_that_the_log_goes_on() {
    let portal = TestPortal::new().await;
    let (url, told) = witness(&[(503, ""), (200, ""), (200, "")]);
    let audit = Audit {
        url: Some(url),
        ..Audit::default()
    };
    let store = portal.portal.store().clone();
    let mut publisher = Publisher::new(store.clone(), audit);
    assert!(publisher.publish().await.is_err(), "it was not taken");
    let refused = told.recv_timeout(PATIENCE).expect("the first");
    publisher.publish().await.expect("it is sent again");
    let first = told.recv_timeout(PATIENCE).expect("the second");
    assert_eq!(refused, first);
    let note = first
        .strip_prefix("old 0\n\n")
        .expect("no older one is known");
    let before = Checkpoint::read(note, &store.public_key()).expect("a checkpoint");
    for _ in 0..5 {
        something_new(&portal).await;
    }
    publisher.publish().await.expect("it is sent");
    let next = told.recv_timeout(PATIENCE).expect("the third");
    goes_on(&next, &before, &store.public_key());
}

/// C2SP tlog-witness: a witness tells the size it knows when the proof begins elsewhere, and gets the proof from there
/// at once. So the log goes on after a start, and with several servers.
#[tokio::test]
async fn a_witness_tells_where_the_proof_begins() {
    let portal = TestPortal::new().await;
    let (url, told) = remembering(7);
    let audit = Audit {
        url: Some(url),
        ..Audit::default()
    };
    let store = portal.portal.store().clone();
    let key = store.public_key();
    let next = || told.recv_timeout(PATIENCE).expect("a request");
    let mut one = Publisher::new(store.clone(), audit.clone());
    one.publish().await.expect("it is sent");
    let first = next();
    let note = first.strip_prefix("old 0\n\n").expect("nothing was known");
    let first = Checkpoint::read(note, &key).expect("a checkpoint");

    // Another process, which doesn't know what was sent before.
    something_new(&portal).await;
    let mut other = Publisher::new(store.clone(), audit.clone());
    other.publish().await.expect("it is sent");
    assert!(next().starts_with("old 0\n\n"));
    let second = goes_on(&next(), &first, &key);

    // The one from before still serves, and the other has sent since.
    something_new(&portal).await;
    one.publish().await.expect("it is sent");
    goes_on(&next(), &first, &key);
    let third = goes_on(&next(), &second, &key);

    // Nothing is new since: the witness has it already.
    let mut last = Publisher::new(store, audit);
    last.publish().await.expect("it is sent");
    assert!(next().starts_with("old 0\n\n"));
    assert!(next().starts_with(&format!("old {}\n\n", third.size)));
    last.publish().await.expect("nothing is new");
}

/// What the witness knows stays known when the second try fails.
#[tokio::test]
async fn a_size_that_was_told_is_kept() {
    let portal = TestPortal::new().await;
    let (url, told) = witness(&[(409, "1\n"), (503, ""), (200, "")]);
    let audit = Audit {
        url: Some(url),
        ..Audit::default()
    };
    let mut publisher = Publisher::new(portal.portal.store().clone(), audit);
    something_new(&portal).await;
    something_new(&portal).await;
    assert!(publisher.publish().await.is_err(), "it was not taken");
    publisher.publish().await.expect("it is sent again");
    for begins in ["old 0\n\n", "old 1\n", "old 1\n"] {
        let request = told.recv_timeout(PATIENCE).expect("a request");
        assert!(request.starts_with(begins), "{begins:?}");
    }
}

/// A size that can't be one is not gone on from: there is no second try, and the next round begins as this one did.
#[tokio::test]
async fn a_size_that_makes_no_sense_is_not_followed() {
    let portal = TestPortal::new().await;
    something_new(&portal).await;
    something_new(&portal).await;
    let long = "0".repeat(10_000);
    for text in [
        "",
        "\n",
        "old 1\n",
        "+1\n",
        "-1\n",
        " 1\n",
        "1\r\n",
        "1\n\n",
        "0\n",
        "999999999999\n",
        "99999999999999999999\n",
        "\u{664}\n",
        long.as_str(),
    ] {
        let (url, told) = witness(&[(409, text), (200, "")]);
        let audit = Audit {
            url: Some(url),
            ..Audit::default()
        };
        let mut publisher = Publisher::new(portal.portal.store().clone(), audit);
        assert!(publisher.publish().await.is_err(), "{text:?}");
        publisher.publish().await.expect("it is sent again");
        for _ in 0..2 {
            let request = told.recv_timeout(PATIENCE).expect("a request");
            assert!(request.starts_with("old 0\n\n"), "{text:?}");
        }
    }
}

/// Nobody listens: that is a failure of this one thing, and checkpoints are made all the same.
#[tokio::test]
async fn an_address_that_is_down_stops_nothing() {
    let portal = TestPortal::new().await;
    let gone = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = gone.local_addr().expect("an address");
    drop(gone);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("checkpoints.txt");
    let audit = Audit {
        url: Url::parse(&format!("http://{address}/")).ok(),
        file: Some(file.clone()),
        ..Audit::default()
    };
    let mut publisher = Publisher::new(portal.portal.store().clone(), audit);
    assert!(publisher.publish().await.is_err());
    assert_eq!(notes(&fs::read_to_string(&file).expect("a file")).len(), 1);
    let last = portal.portal.store().last_checkpoint().await;
    assert!(last.expect("an answer").is_some());
}
