//! Asking the office to act for somebody: what is taken, and what is told (LAW D4, B5).

use crate::proxies::cast::somebody;
use crate::support::{Browser, ORIGIN, Page, TestPortal};
use axum::{
    body::Body,
    http::{Request, header},
};
use store::{Application, ApplicationState, Chain, Event, HistoryQuery};

/// A whole PDF, as small as one is.
pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj <<>> endobj\nstartxref\n9\n%%EOF\n";
const BOUNDARY: &str = "----court-order-7d1f";

/// A form with files: names, and names of files with their content.
pub struct Parts(Vec<u8>);

impl Parts {
    pub fn new() -> Self {
        Self(Vec::new())
    }

    pub fn field(mut self, name: &str, value: &str) -> Self {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        self.0.extend(head.as_bytes());
        self
    }

    pub fn file(mut self, file: &str, kind: &str, bytes: &[u8]) -> Self {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"documents\"; filename=\"{file}\"\r\nContent-Type: {kind}\r\n\r\n"
        );
        self.0.extend(head.as_bytes());
        self.0.extend(bytes);
        self.0.extend(b"\r\n");
        self
    }

    fn end(mut self) -> Vec<u8> {
        self.0.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
        self.0
    }
}

/// Sends it from one of our own pages.
pub async fn send(browser: &mut Browser<'_>, parts: Parts) -> Page {
    raw(browser, parts.end(), ORIGIN).await
}

async fn raw(browser: &mut Browser<'_>, body: Vec<u8>, origin: &str) -> Page {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let request = Request::post("/proxies/apply")
        .header(header::ACCEPT, "text/html")
        .header(header::ORIGIN, origin)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, kind)
        .header(header::CONTENT_LENGTH, body.len())
        .body(Body::from(body))
        .expect("a request");
    browser.send(request).await
}

/// The answers of a parent of somebody.
pub fn parent_of(name: &str, birth: &str) -> Parts {
    Parts::new()
        .field("kind", "parent")
        .field("name", name)
        .field("birth", birth)
        .field("until", "")
}

/// Everything that was asked for, the newest first.
pub async fn applications(test: &TestPortal) -> Vec<Application> {
    let all = test.portal.store().applications().await;
    all.expect("applications")
}

/// LAW B5: whether there is such a record, whoever asks is told the same, byte for byte.
#[tokio::test]
async fn the_answer_is_the_same_for_a_record_and_for_none() {
    let mut told = Vec::new();
    let mut found = Vec::new();
    for (who, name, birth) in [
        ("One Asker", "Casey Brandt", "2011-08-14"),
        ("One Asker", "Nobody Brandt", "2011-08-14"),
    ] {
        let test = TestPortal::new().await;
        crate::proxies::cast::family(&test, true).await;
        let entry = somebody(&test, who).await;
        let mut asker = test.anonymous().sign_in(&entry).await;
        let parts = parent_of(name, birth).file("birth.pdf", "application/pdf", PDF);
        let page = send(&mut asker, parts).await.expect(303);
        assert_eq!(page.location(), Some("/proxies"));
        let page = asker.get("/proxies").await.expect(200);
        let page = page.shows("The office has not decided yet");
        told.push(page.essence(&[name, who]));
        found.push(applications(&test).await[0].patient.is_some());
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(found, [true, false]);
}

/// LAW D4: nothing is granted by asking; the application stands in the patient's ledger.
#[tokio::test]
async fn asking_grants_nothing() {
    let test = TestPortal::new().await;
    let family = crate::proxies::cast::family(&test, true).await;
    let entry = somebody(&test, "One Asker").await;
    let mut asker = test.anonymous().sign_in(&entry).await;
    let place = test.length(family.patient).await;
    let parts = parent_of("casey  BRANDT", "2011-08-14").file("b.pdf", "application/pdf", PDF);
    send(&mut asker, parts).await.expect(303);
    let entries = test.since(family.patient, place).await;
    assert!(matches!(
        entries[..],
        [ref entry] if matches!(entry.body.event, Event::ApplicationMade { .. })
    ));
    asker
        .post("/proxies/switch", format!("for={}", family.patient))
        .await
        .expect(404);
    let mut minor = test.anonymous().sign_in(&family.minor).await;
    let page = minor.get("/access-history").await.expect(200);
    page.shows("Someone asked to act for you");
    test.assert_sound().await;
}

/// What is not a whole PDF, PNG or JPEG by its content is not taken, whatever it is called; nothing of it is kept.
#[tokio::test]
async fn only_documents_are_taken() {
    let test = TestPortal::new().await;
    let entry = somebody(&test, "One Asker").await;
    let mut asker = test.anonymous().sign_in(&entry).await;
    let html = b"<html><script>alert(1)</script></html>";
    let mut polyglot = b"<script>alert(1)</script>".to_vec();
    polyglot.extend(PDF);
    for (name, kind, bytes) in [
        ("order.pdf", "application/pdf", html.as_slice()),
        ("order.pdf", "application/pdf", b"".as_slice()),
        ("order.pdf.exe", "application/pdf", b"MZ\x90\x00".as_slice()),
        ("order.svg", "image/png", b"<svg/>".as_slice()),
        ("order.pdf", "application/pdf", polyglot.as_slice()),
        ("order.docx", "application/pdf", b"PK\x03\x04".as_slice()),
        (
            "order.pdf",
            "application/pdf",
            b"%PDF-1.7 cut off".as_slice(),
        ),
    ] {
        let parts = parent_of("Casey Brandt", "2011-08-14").file(name, kind, bytes);
        let page = send(&mut asker, parts).await.expect(422);
        let page = page.shows("not a whole PDF, JPEG, or PNG");
        // What was typed is kept.
        assert_eq!(
            page.form_with_field("name").value("name"),
            Some("Casey Brandt")
        );
    }
    // One bad file among good ones: nothing is taken.
    let parts = parent_of("Casey Brandt", "2011-08-14")
        .file("a.pdf", "application/pdf", PDF)
        .file("b.pdf", "application/pdf", html);
    send(&mut asker, parts).await.expect(422);
    let none = parent_of("Casey Brandt", "2011-08-14");
    let page = send(&mut asker, none).await.expect(422);
    page.shows("Pick at least one file.");
    // A field for files that was left empty, as browsers send it.
    let empty = parent_of("Casey Brandt", "2011-08-14").file("", "application/octet-stream", b"");
    let page = send(&mut asker, empty).await.expect(422);
    page.shows("Pick at least one file.");
    assert!(applications(&test).await.is_empty());
}

/// Too many and too large: the answer is a page, and nothing is kept.
#[tokio::test]
async fn there_is_a_limit() {
    let test = TestPortal::new().await;
    let entry = somebody(&test, "One Asker").await;
    let mut asker = test.anonymous().sign_in(&entry).await;
    let mut many = parent_of("Casey Brandt", "2011-08-14");
    for _ in 0..6 {
        many = many.file("a.pdf", "application/pdf", PDF);
    }
    send(&mut asker, many).await.expect(413);
    let mut large = PDF.to_vec();
    large.resize(10 * 1024 * 1024 + 1, b' ');
    let parts = parent_of("Casey Brandt", "2011-08-14").file("a.pdf", "application/pdf", &large);
    send(&mut asker, parts).await.expect(413);
    let longest = parent_of(&"x".repeat(9 * 1024), "2011-08-14");
    send(&mut asker, longest.file("a.pdf", "application/pdf", PDF))
        .await
        .expect(413);
    raw(&mut asker, vec![b'x'; 52 * 1024 * 1024], ORIGIN)
        .await
        .expect(413);
    assert!(applications(&test).await.is_empty());
    // Only here: everywhere else a form is small.
    let body = "a=".to_owned() + &"x".repeat(100 * 1024);
    asker.post("/proxies/accept", body).await.expect(400);
}

/// A body that is broken off, or no form with files at all, is no form of ours.
#[tokio::test]
async fn a_broken_form_is_refused() {
    let test = TestPortal::new().await;
    let entry = somebody(&test, "One Asker").await;
    let mut asker = test.anonymous().sign_in(&entry).await;
    let whole = parent_of("Casey Brandt", "2011-08-14")
        .file("a.pdf", "application/pdf", PDF)
        .end();
    let half = whole[..whole.len() - 30].to_vec();
    raw(&mut asker, half, ORIGIN).await.expect(400);
    raw(&mut asker, Vec::new(), ORIGIN).await.expect(400);
    asker.post("/proxies/apply", "name=x").await.expect(400);
    raw(&mut asker, whole, "https://elsewhere.example")
        .await
        .expect(403);
    assert!(applications(&test).await.is_empty());
}

/// The name that a file came with is kept for the officer's eyes, without its path, and the database holds neither name
/// nor content in clear.
#[tokio::test]
async fn a_files_name_and_content_are_sealed() {
    let test = TestPortal::new().await;
    let entry = somebody(&test, "One Asker").await;
    let mut asker = test.anonymous().sign_in(&entry).await;
    let mut content = b"%PDF-1.7\n% quixotic-marmalade\nstartxref\n9\n%%EOF\n".to_vec();
    content.extend(b"\n");
    let parts = parent_of("Wilhelmina Testcase", "2011-08-14").file(
        "..\\..\\zanzibar-order.pdf",
        "application/pdf",
        &content,
    );
    send(&mut asker, parts).await.expect(303);
    let kept = applications(&test).await;
    assert_eq!(kept[0].documents[0].name, "zanzibar-order.pdf");
    assert_eq!(kept[0].state, ApplicationState::Waiting);
    let words = ["zanzibar", "quixotic", "Wilhelmina"];
    assert_eq!(test.in_clear(&words).await, [""; 0]);
    // Nobody's record: the house keeps it.
    let house = test.portal.store();
    let entries = house.entries(Chain::House, HistoryQuery::default()).await;
    let made = |event: &Event| matches!(event, Event::ApplicationMade { .. });
    assert!(
        entries
            .expect("entries")
            .iter()
            .any(|entry| made(&entry.body.event))
    );
}

/// Five of one person may wait.
#[tokio::test]
async fn five_may_wait() {
    let test = TestPortal::new().await;
    let entry = somebody(&test, "One Asker").await;
    let mut asker = test.anonymous().sign_in(&entry).await;
    for _ in 0..5 {
        let parts = parent_of("Casey Brandt", "2011-08-14").file("a.pdf", "application/pdf", PDF);
        send(&mut asker, parts).await.expect(303);
    }
    let parts = parent_of("Casey Brandt", "2011-08-14").file("a.pdf", "application/pdf", PDF);
    let page = send(&mut asker, parts).await.expect(422);
    page.shows("5 requests that wait");
}

/// Nobody asks for somebody while acting for another, and staff don't ask here.
#[tokio::test]
async fn who_may_ask() {
    let test = TestPortal::new().await;
    let family = crate::proxies::cast::family(&test, true).await;
    let mut parent = crate::proxies::cast::acting(&test, &family).await;
    parent.get("/proxies/apply").await.expect(404);
    let parts = parent_of("Jordan Reyes", "1990-01-01").file("a.pdf", "application/pdf", PDF);
    send(&mut parent, parts).await.expect(404);
    let mut okafor = test.okafor().await;
    okafor.get("/proxies/apply").await.expect(404);
    let parts = parent_of("Jordan Reyes", "1990-01-01").file("a.pdf", "application/pdf", PDF);
    send(&mut okafor, parts).await.expect(404);
    let mut nobody = test.anonymous();
    let parts = parent_of("Jordan Reyes", "1990-01-01").file("a.pdf", "application/pdf", PDF);
    let page = send(&mut nobody, parts).await.expect(303);
    assert_eq!(page.location(), Some("/sign-in"));
}
