//! The signed document (LAW A1): what was read is what is kept, under the server's signature, and anybody can check it.

use super::making::REVIEW;
use crate::proxies::cast::{ALONE, MINOR, acting, family, sign, somebody, switch};
use crate::support::{Article, Browser, Page, Patient, Picks, TestPortal, disclosures, records};
use domain::consent::Answer;
use domain::decide::Action;
use domain::id::{AuthorityId, ConsentId, PersonId};
use domain::label::{Label, LabelSet};
use domain::party::Span;
use domain::state::{Authority, AuthorityKind, AuthorityState};
use portal::sharing::document::{SignedFile, Unreadable};
use std::collections::BTreeSet;
use std::process::{Command, Output};
use store::{Entry, Event, PersonRecord, Stamp};

/// Everyday health alone, to Dr. Okafor.
pub const EVERYDAY: Picks<'static> = Picks {
    segments: &["general"],
    part2: false,
    ..Picks::OKAFOR_TREATS
};
/// Where single items are picked.
const ITEMS: &str = "/sharing/new/items?page=1";
/// Where it is signed.
const SIGN: &str = "/sharing/new/sign";
/// Jordan's name, as the directory has it.
const JORDAN: &str = "Jordan Alexis Reyes";

impl Patient<'_> {
    /// The items on the pages of single items: the id of each, and how it is shown there.
    pub async fn choices(&mut self) -> Vec<(String, Article)> {
        let mut all = Vec::new();
        for page in self.pages(ITEMS.to_owned()).await {
            let (ids, articles) = (listed(&page), page.articles());
            assert_eq!(ids.len(), articles.len());
            all.extend(ids.into_iter().zip(articles));
        }
        all
    }

    /// Puts these single items in, leaves those out, and names no other.
    pub async fn single_items(&mut self, put_in: &[&str], left_out: &[&str]) {
        for page in self.pages(ITEMS.to_owned()).await {
            let mut form = page.form_with_field("listed");
            for id in listed(&page) {
                for (name, picked) in [("in", put_in), ("out", left_out)] {
                    form = if picked.contains(&id.as_str()) {
                        form.choose(name, &id)
                    } else {
                        form.clear(name, &id)
                    };
                }
            }
            self.submit(&form.press("Save and go back"))
                .await
                .expect(303);
        }
    }
}

/// The ids of the items on a page of single items, in their order.
fn listed(page: &Page) -> Vec<String> {
    let sent = page.form_with_field("listed").encoded();
    url::form_urlencoded::parse(sent.as_bytes())
        .filter(|(name, _)| name == "listed")
        .map(|(_, id)| id.into_owned())
        .collect()
}

/// The first of these items that is shown so.
pub fn first(choices: &[(String, Article)], so: impl Fn(&Article) -> bool) -> &(String, Article) {
    choices
        .iter()
        .find(|(_, shown)| so(shown))
        .expect("an item that is shown so")
}

/// The signed document of a consent, as somebody saves it.
pub async fn saved_by(browser: &mut Browser<'_>, consent: ConsentId) -> SignedFile {
    let path = format!("/sharing/{consent}/document");
    let file = browser.post(&path, "form=json").await.expect(200);
    let file = SignedFile::read(&file.bytes).expect("a signed consent");
    assert!(file.is_signed());
    file
}

/// Everything that a document says.
pub fn said(file: &SignedFile) -> String {
    serde_json::to_string(&file.document).expect("words")
}

/// What stands in the row of this name.
fn answer<'f>(rows: &'f [Answer], name: &str) -> &'f [String] {
    rows.iter()
        .find(|row| row.name == name)
        .map(|row| row.words.as_slice())
        .unwrap_or_default()
}

/// Whether one of the looks among these entries is a preview of just these items.
pub fn looked_at(entries: &[Entry], ids: &[&str]) -> bool {
    let wanted: BTreeSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    disclosures(entries).iter().any(|look| {
        let seen: BTreeSet<String> = look.ids().into_iter().collect();
        look.action == Action::Preview && seen == wanted
    })
}

/// Somebody whom the office verified as Jordan's guardian, acting for them.
pub async fn guardian<'a>(portal: &'a TestPortal, name: &str, scope: LabelSet) -> Patient<'a> {
    let entry = somebody(portal, name).await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let now = portal.portal.now();
    let authority = Authority {
        id: AuthorityId::derived("test", name),
        person: PersonId::derived("test", name),
        kind: AuthorityKind::Guardian { scope },
        state: AuthorityState::Verified { at: now },
        span: Span {
            from: now,
            until: None,
        },
    };
    let store = portal.portal.store();
    let added = store
        .add_authority(&Stamp::SYSTEM, patient, authority)
        .await;
    added.expect("an authority");
    let mut browser = portal.anonymous().sign_in(&entry).await;
    switch(&mut browser, patient).await.expect(303);
    Patient(browser)
}

fn verify(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_confide"))
        .args(["consent", "verify"])
        .args(arguments)
        .env_clear()
        .output()
        .expect("the binary runs")
}

/// Both forms of the document of a consent that Jordan signed.
async fn saved(portal: &TestPortal) -> (ConsentId, Vec<u8>, Vec<u8>) {
    let mut jordan = portal.jordan().await;
    let consent = jordan.share(&Picks::OKAFOR_TREATS).await;
    let mut files = Vec::new();
    for button in ["Save as PDF", "Save the sealed file"] {
        let page = jordan.get(&format!("/sharing/{consent}")).await.expect(200);
        let answer = jordan
            .submit(&page.form_with_button(button))
            .await
            .expect(200);
        assert!(
            answer
                .header("content-disposition")
                .starts_with("attachment; filename=\"agreement.")
        );
        assert_eq!(answer.header("cache-control"), "no-store");
        files.push(answer.bytes.clone());
    }
    let json = files.pop().expect("two files");
    let pdf = files.pop().expect("two files");
    (consent, pdf, json)
}

/// LAW A1, F2: the PDF and the file hold the words that were read, the server's signature fits them, the fingerprint is
/// the one on the page, and that a copy was taken stands in the ledger first.
#[tokio::test]
async fn the_document_is_kept_word_for_word() {
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let before = portal.length(patient).await;
    let (consent, pdf, json) = saved(&portal).await;
    let file = SignedFile::read(&json).expect("a signed consent");
    assert_eq!(SignedFile::read(&pdf), Ok(file.clone()));
    assert!(file.is_signed());
    assert_eq!(file.consent.id, consent);
    let words = serde_json::to_string(&file.document).expect("words");
    for said in [
        "Dr. Amara Okafor",
        "Treatment",
        "You have the right to revoke this consent in writing",
        "A Name",
    ] {
        assert!(words.contains(said), "{said}");
    }
    let mut jordan = portal.jordan().await;
    jordan
        .get(&format!("/sharing/{consent}"))
        .await
        .expect(200)
        .shows(&file.key.fingerprint());
    let copies = portal.since(patient, before).await;
    let copies = copies
        .iter()
        .filter(|entry| matches!(entry.body.event, Event::ConsentCopied { consent: of } if of == consent))
        .count();
    assert_eq!(copies, 2);
    jordan
        .open_history()
        .await
        .shows("Took a copy of a signed agreement");
    portal.assert_sound().await;
}

/// Nobody else's: a foreign id answers like one that does not exist, and nothing is written down about the consent.
#[tokio::test]
async fn the_document_is_the_patients_own() {
    let portal = TestPortal::new().await;
    let (consent, ..) = saved(&portal).await;
    let mut morgan = portal.morgan().await;
    let foreign = morgan
        .post(&format!("/sharing/{consent}/document"), "form=pdf")
        .await;
    let unknown = morgan
        .post(
            "/sharing/00000000-0000-4000-8000-000000000000/document",
            "form=pdf",
        )
        .await;
    assert_eq!(foreign.status, unknown.status);
    assert_eq!(foreign.text(), unknown.text());
    let mut okafor = portal.okafor().await;
    let theirs = okafor
        .post(&format!("/sharing/{consent}/document"), "form=json")
        .await;
    assert_eq!(theirs.status, unknown.status);
}

/// `confide consent verify FILE`: 0 for what was signed, 1 for a changed word, another key or another fingerprint, 2 for
/// what is no signed consent.
#[tokio::test]
async fn anybody_can_check_it() {
    let portal = TestPortal::new().await;
    let (_, pdf, json) = saved(&portal).await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path.to_str().expect("a plain path").to_owned()
    };
    let good = path("agreement.json", &json);
    let file = SignedFile::read(&json).expect("a signed consent");
    let out = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();
    for name in [&good, &path("agreement.pdf", &pdf)] {
        let output = verify(&[name]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(out(&output).contains("Dr. Amara Okafor"));
        assert!(out(&output).contains("The signature is right."));
    }
    let fingerprint = file.key.fingerprint();
    let output = verify(&["--json", "--key", &fingerprint, &good]);
    assert_eq!(output.status.code(), Some(0));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!(told["signed"], true);
    assert_eq!(told["expected"], true);
    assert_eq!(told["key"], fingerprint.as_str());
    assert_eq!(
        verify(&["--key", "0000 0000", &good]).status.code(),
        Some(1)
    );

    let text = String::from_utf8(json.clone()).expect("text");
    let other = text.replace("Dr. Amara Okafor", "Dr. Amara Okafox");
    assert_ne!(other, text);
    assert_eq!(
        verify(&[&path("changed.json", other.as_bytes())])
            .status
            .code(),
        Some(1)
    );
    let in_pdf = String::from_utf8_lossy(&pdf).contains("Okafor");
    assert!(in_pdf, "the signed form can be found in the PDF as it is");
    for (name, bytes) in [
        ("nothing.json", b"{}".to_vec()),
        ("twice.json", [json.clone(), json.clone()].concat()),
        ("cut.json", json[..json.len() / 2].to_vec()),
        (
            "more.json",
            text.replacen("\"consent\":{", "\"consent\":{\"more\":1,", 1)
                .into_bytes(),
        ),
        (
            "later.json",
            text.replace("confide-consent/1", "confide-consent/2")
                .into_bytes(),
        ),
    ] {
        let output = verify(&[&path(name, &bytes)]);
        assert_eq!(output.status.code(), Some(2), "{name}: {output:?}");
        assert!(!output.stderr.is_empty());
    }
    assert_eq!(verify(&["/nowhere/at-all.json"]).status.code(), Some(2));
    assert_eq!(SignedFile::read(b"%PDF-1.7"), Err(Unreadable::Nothing));
}

/// Whatever single byte of the file is changed, it is not the signed consent any more, or it says the very same.
#[tokio::test]
async fn no_byte_can_be_changed_unseen() {
    let portal = TestPortal::new().await;
    let (_, _, json) = saved(&portal).await;
    let file = SignedFile::read(&json).expect("a signed consent");
    // Every seventh byte, and each bit of one in turn: all of them take minutes.
    for (turn, at) in (0..json.len()).step_by(7).enumerate() {
        let mut bent = json.clone();
        bent[at] ^= 1 << (turn % 8);
        if let Ok(read) = SignedFile::read(&bent) {
            assert!(read == file || !read.is_signed(), "byte {at}");
        }
    }
}

/// LAW A1, 42 CFR 2.31(a)(1): the pages before the signature, the file and the paper name the patient.
#[tokio::test]
async fn it_names_the_patient() {
    let portal = TestPortal::new().await;
    let mut jordan = portal.jordan().await;
    jordan.draft(&EVERYDAY).await;
    let row = format!("Patient {JORDAN}");
    jordan.get(REVIEW).await.expect(200).shows(&row);
    jordan
        .get(SIGN)
        .await
        .expect(200)
        .shows(&row)
        .shows(&format!("Patient: {JORDAN}"));
    let (consent, pdf, json) = saved(&portal).await;
    for bytes in [pdf, json] {
        let file = SignedFile::read(&bytes).expect("a signed consent");
        let document = &file.document;
        assert_eq!(answer(&document.answers, "Patient"), [JORDAN]);
        assert_eq!(document.elements[0], format!("Patient: {JORDAN}"));
        assert_eq!(answer(&document.signature, "Signed by"), ["A Name"]);
        assert!(!said(&file).contains("Signed for the patient"));
    }
    jordan
        .get(&format!("/sharing/{consent}"))
        .await
        .expect(200)
        .shows(&row);
}

/// 42 CFR 2.31(a)(8): of somebody who signs for the patient it is told that they do, and by what right. Whose record it is
/// stays the patient's name, and the patient reads the very same.
#[tokio::test]
async fn it_says_who_signed_for_the_patient() {
    let portal = TestPortal::new().await;
    let family = family(&portal, false).await;
    let parent = Patient(acting(&portal, &family).await);
    let everyday = LabelSet::of([Label::General]);
    let guardian = guardian(&portal, "Grace Guardian", everyday).await;
    let minor = portal.anonymous().sign_in(&family.minor).await;
    let jordan = portal.jordan().await.0;
    for (mut signer, mut patient, name, right, other) in [
        (parent, minor, MINOR, "Parent", "Robin"),
        (guardian, jordan, JORDAN, "Guardian", "Grace"),
    ] {
        let line = format!("Patient: {name}");
        let hand = format!("Signature: given for the patient by someone else, as: {right}");
        signer.draft(&EVERYDAY).await;
        signer.get(SIGN).await.expect(200).shows(&line).shows(&hand);
        let consent = signer.sign().await;
        let file = saved_by(&mut signer, consent).await;
        let document = &file.document;
        assert_eq!(answer(&document.answers, "Patient"), [name]);
        assert_eq!(document.elements[0], line);
        assert!(document.elements.contains(&hand));
        let signed = answer(&document.signature, "Signed for the patient by");
        assert_eq!(signed, [format!("A Name, as: {right}")]);
        assert!(answer(&document.signature, "Signed by").is_empty());
        assert!(!said(&file).contains(other));
        assert_eq!(saved_by(&mut patient, consent).await, file);
        for browser in [&mut signer.0, &mut patient] {
            browser
                .get(&format!("/sharing/{consent}"))
                .await
                .expect(200)
                .shows(&format!("Patient {name}"))
                .shows(&format!(
                    "Signed for the patient by A Name, as: {right}, on "
                ));
        }
    }
    portal.assert_sound().await;
}

/// 42 CFR 2.31(a)(1): without a name of the patient nothing is signed, whatever was confirmed, and the pages say why.
#[tokio::test]
async fn without_a_name_of_the_patient_nothing_is_signed() {
    const NAMELESS: &str =
        "There is no name of the patient here, and what you sign has to name them.";
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let mut jordan = portal.jordan().await;
    jordan.draft(&EVERYDAY).await;
    let page = jordan.get(SIGN).await.expect(200).hides(NAMELESS);
    let form = page
        .form_with_field("typed-name")
        .fill("typed-name", "A Name");
    jordan.submit(&form).await.expect(303);
    assert_eq!(jordan.confirm().await, SIGN);

    let store = portal.portal.store();
    let person = portal.person_id("Jordan Reyes").await;
    let known = store.person(person).await.expect("an answer");
    let known = known.expect("a person");
    let nameless = PersonRecord {
        name: " ".to_owned(),
        ..known.clone()
    };
    let put = store.put_person(&Stamp::SYSTEM, nameless).await;
    put.expect("no name");
    jordan.submit(&form).await.expect(422).shows(NAMELESS);
    for path in [REVIEW, SIGN] {
        let page = jordan.get(path).await.expect(200).shows(NAMELESS);
        assert_eq!(page.count("input[name=typed-name]"), 0);
    }
    assert!(portal.consents(patient).await.is_empty());

    let put = store.put_person(&Stamp::SYSTEM, known).await;
    put.expect("the name again");
    jordan.submit(&form).await.expect(303);
    assert_eq!(portal.consents(patient).await.len(), 1);
    portal.assert_sound().await;
}

/// LAW A1, F2: what is put in and left out stands one by one where it is signed and in the document, masked where the
/// list masks it; each time it is looked at, that is in the ledger.
#[tokio::test]
async fn it_names_single_items() {
    const OPEN: &str = "Sprain of the left ankle";
    const HIDDEN: &str = "Quarterly measurement";
    const COUNT: &str = "1 item put in, 1 item left out";
    let portal = TestPortal::new().await;
    let patient = portal.patient_id("Jordan Reyes").await;
    let (whose, source) = ("Patient/demo-patient-1", records::PRACTICE);
    let day = "2026-04-02T10:00:00-05:00";
    let more = [
        records::condition("single-open", whose, source, "S93.402A", OPEN, "2026-03-02"),
        records::observation("single-hidden", whose, source, "20447-9", HIDDEN, day),
    ];
    portal.add(records::JORDAN, &more).await;
    let mut jordan = portal.jordan().await;
    jordan.draft(&EVERYDAY).await;
    let choices = jordan.choices().await;
    let (open, shown) = first(&choices, |one| one.title.as_deref() == Some(OPEN));
    let (hidden, masked) = first(&choices, |one| one.masked && one.date == "April 2, 2026");
    jordan.single_items(&[open], &[hidden]).await;
    let put_in = format!("Item put in: {OPEN} ({}, {})", shown.kind, shown.date);
    let left_out = format!("Item left out: {}, April 2, 2026 (about: HIV)", masked.kind);

    for path in [REVIEW, SIGN] {
        let place = portal.length(patient).await;
        jordan
            .get(path)
            .await
            .expect(200)
            .shows(COUNT)
            .shows(&put_in)
            .shows(&left_out)
            .hides(HIDDEN);
        let entries = portal.since(patient, place).await;
        assert!(looked_at(&entries, &[open, hidden]), "{path}");
        for look in disclosures(&entries) {
            let of = |id: &str| look.items.iter().find(|one| one.item.to_string() == id);
            assert!(of(hidden).is_none_or(|one| one.masked), "{path}");
        }
    }
    let consent = jordan.sign().await;
    let file = saved_by(&mut jordan, consent).await;
    let document = &file.document;
    let rows = answer(&document.answers, "Single items");
    assert_eq!(rows, [COUNT, put_in.as_str(), left_out.as_str()]);
    assert!(document.elements.contains(&put_in) && document.elements.contains(&left_out));
    assert!(!said(&file).contains(HIDDEN));
    let place = portal.length(patient).await;
    jordan
        .get(&format!("/sharing/{consent}"))
        .await
        .expect(200)
        .shows(&put_in)
        .shows(&left_out)
        .hides(HIDDEN);
    let entries = portal.since(patient, place).await;
    assert!(looked_at(&entries, &[open, hidden]));
    portal.assert_sound().await;
}

/// A draft of the minor's that puts in the service they consented to alone: its id, and how the line begins that names it.
async fn own_service(minor: &mut Patient<'_>) -> (String, String) {
    let picks = Picks {
        segments: &["general", "substance-use"],
        ..Picks::OKAFOR_TREATS
    };
    minor.draft(&picks).await;
    let choices = minor.choices().await;
    let (id, shown) = choices
        .into_iter()
        .find(|(_, shown)| shown.masked && shown.kind == "Health condition")
        .expect("the service");
    minor.single_items(&[&id], &[]).await;
    let line = format!("Item put in: {}, {} (about: ", shown.kind, shown.date);
    (id, line)
}

/// Answers in which State a minor lives, and whether a parent signs too.
async fn signers(minor: &mut Patient<'_>, state: &str, parent: &str) {
    let page = minor.get("/sharing/new/signers").await.expect(200);
    let form = page.form_with_field("state").fill("state", state);
    minor
        .submit(&form.choose("parent", parent))
        .await
        .expect(303);
}

/// LAW D1, POLICY §5: a service that the minor consented to alone is named to the minor. A parent who signs beside them
/// reads how many items there are; where the minor signs alone, a parent gets nothing.
#[tokio::test]
async fn a_parent_reads_of_no_item_that_is_kept_from_them() {
    let portal = TestPortal::new().await;
    let family = family(&portal, true).await;
    let mut parent = acting(&portal, &family).await;
    let mut minor = Patient(portal.anonymous().sign_in(&family.minor).await);
    let (id, line) = own_service(&mut minor).await;
    signers(&mut minor, "--", "yes").await;
    minor.get(SIGN).await.expect(200).shows(&line).hides(ALONE);
    sign(&mut minor, SIGN).await.expect(303);
    let waits = portal.portal.store().awaiting(family.patient).await;
    let both = waits.expect("an answer")[0].id;

    let place = portal.length(family.patient).await;
    let path = format!("/proxies/signatures/{both}");
    parent
        .get(&path)
        .await
        .expect(200)
        .shows(&format!("Patient {MINOR}"))
        .shows("1 item put in")
        .hides("Item put in");
    sign(&mut parent, &path).await.expect(303);
    let file = saved_by(&mut parent, both).await;
    let document = &file.document;
    assert_eq!(answer(&document.answers, "Patient"), [MINOR]);
    let items = answer(&document.answers, "Single items");
    assert_eq!(items, ["1 item put in"]);
    assert_eq!(answer(&document.signature, "Signed by"), ["A Name"]);
    let second = answer(&document.signature, "Signed too");
    assert!(second[0].starts_with("A Name, as: Parent, on "));
    assert!(!said(&file).contains("Item put in"));
    let path = format!("/sharing/{both}");
    parent
        .get(&path)
        .await
        .expect(200)
        .shows("Signed too A Name, as: Parent, on ")
        .hides("Item put in");
    let entries = portal.since(family.patient, place).await;
    assert!(
        disclosures(&entries)
            .iter()
            .all(|look| look.who != Some(family.parent_person) || !look.ids().contains(&id))
    );
    assert_eq!(saved_by(&mut minor, both).await, file);
    minor.get(&path).await.expect(200).shows(&line).hides(ALONE);

    let (_, line) = own_service(&mut minor).await;
    signers(&mut minor, "CA", "no").await;
    let alone = minor.sign().await;
    let file = saved_by(&mut minor, alone).await;
    let items = answer(&file.document.answers, "Single items");
    assert!(items.iter().any(|item| item.starts_with(&line)));
    let path = format!("/sharing/{alone}");
    parent.get(&path).await.expect(404);
    parent
        .post(&format!("{path}/document"), "form=json")
        .await
        .expect(404);
    portal.assert_sound().await;
}
