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

/// Somebody who takes what is sent, and answers as told.
fn witness(answers: &'static [u16]) -> (Url, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for answer in answers {
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
            let mut stream = reader.into_inner();
            write!(
                stream,
                "HTTP/1.1 {answer} So\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
            .expect("an answer");
            tell.send(String::from_utf8(body).expect("text"))
                .expect("a listener");
        }
    });
    let url = Url::parse(&format!("http://{address}/add-checkpoint")).expect("a URL");
    (url, told)
}

/// LAW F3, RFC 6962 §2.1.2: what is sent proves that the log goes on from what was taken before. What the other side
/// refuses is sent again.
#[tokio::test]
async fn what_is_sent_proves_that_the_log_goes_on() {
    let portal = TestPortal::new().await;
    let (url, told) = witness(&[503, 200, 200]);
    let audit = Audit {
        url: Some(url),
        ..Audit::default()
    };
    let store = portal.portal.store().clone();
    let mut publisher = Publisher::new(store.clone(), audit);
    let patience = Duration::from_secs(20);
    assert!(publisher.publish().await.is_err(), "it was not taken");
    let refused = told.recv_timeout(patience).expect("the first");
    publisher.publish().await.expect("it is sent again");
    let first = told.recv_timeout(patience).expect("the second");
    assert_eq!(refused, first);
    let note = first
        .strip_prefix("old 0\n\n")
        .expect("no older one is known");
    let before = Checkpoint::read(note, &store.public_key()).expect("a checkpoint");
    for _ in 0..5 {
        something_new(&portal).await;
    }
    publisher.publish().await.expect("it is sent");
    let next = told.recv_timeout(patience).expect("the third");
    let (proof, note) = next.split_once("\n\n").expect("a proof and a note");
    let now = Checkpoint::read(note, &store.public_key()).expect("a checkpoint");
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
