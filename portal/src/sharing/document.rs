//! The signed document of a consent: a file that says what was agreed, that the server signed, and that anybody can check
//! without the database (LAW A1; Ed25519, RFC 8032; RFC 8785).

use crate::actor::Actor;
use crate::pdf::{self, Attachment, Block};
use crate::proxies::sight;
use crate::refusal::Cause;
use crate::sharing::single;
use crate::{Portal, Refusal};
use data_encoding::HEXLOWER;
use domain::clock::Instant;
use domain::consent::{Answer, Consent, Document};
use domain::id::ConsentId;
use serde::{Deserialize, Serialize};
use store::signing::{About, PublicKey};
use store::{Chain, Event};

/// What the first member of a signed file says.
const FORMAT: &str = "confide-consent/1";
/// How a signed file begins, also inside a PDF.
const BEGINNING: &[u8] = br#"{"format":"confide-consent/"#;
/// The name of the signed file inside a PDF.
const ATTACHED_AS: &str = "signed-consent.json";

/// A consent, its document, and the server's signature over both: what a file holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedFile {
    /// What was agreed.
    pub consent: Consent,
    /// What the signer read.
    pub document: Document,
    /// Who says so: the server's key.
    pub key: PublicKey,
    /// Its signature.
    pub signature: [u8; 64],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: String,
    consent: Consent,
    document: Document,
    /// Hexadecimal.
    key: String,
    /// Hexadecimal.
    signature: String,
}

/// Why a file is not a signed consent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unreadable {
    /// It holds no signed consent.
    #[error("it holds no signed consent; a PDF that another program saved anew may have lost it")]
    Nothing,
    /// It holds several.
    #[error("it holds more than one signed consent")]
    Several,
    /// Something in it is not as it is written here.
    #[error("the signed consent can't be read: line {line}, column {column}")]
    Form {
        /// The line, from 1.
        line: usize,
        /// The column, from 1; 0: the key or the signature.
        column: usize,
    },
    /// Written in a later form.
    #[error("it is written in a form that this version does not know")]
    Version,
}

impl SignedFile {
    /// The file: JSON, on one line.
    pub fn to_json(&self) -> Vec<u8> {
        let written = Written {
            format: FORMAT.to_owned(),
            consent: self.consent.clone(),
            document: self.document.clone(),
            key: HEXLOWER.encode(&self.key.0),
            signature: HEXLOWER.encode(&self.signature),
        };
        let mut bytes = serde_json::to_vec(&written).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Reads a file: JSON, or a PDF that holds it.
    ///
    /// # Errors
    /// [`Unreadable`] says why it is none.
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        let mut found = places(bytes);
        let json = match (found.next(), found.next()) {
            (None, _) => return Err(Unreadable::Nothing),
            (Some(_), Some(_)) => return Err(Unreadable::Several),
            (Some(from), None) => bytes.get(from..).unwrap_or_default(),
        };
        let mut values = serde_json::Deserializer::from_slice(json).into_iter::<Written>();
        let written = match values.next() {
            None => return Err(Unreadable::Nothing),
            Some(Ok(written)) => written,
            Some(Err(error)) => {
                return Err(Unreadable::Form {
                    line: error.line(),
                    column: error.column(),
                });
            }
        };
        if written.format != FORMAT {
            return Err(Unreadable::Version);
        }
        let digits = Unreadable::Form { line: 1, column: 0 };
        Ok(Self {
            key: PublicKey(fixed(&written.key).ok_or(digits)?),
            signature: fixed(&written.signature).ok_or(digits)?,
            consent: written.consent,
            document: written.document,
        })
    }

    /// Whether the signature is the key's over this consent and this document.
    pub fn is_signed(&self) -> bool {
        let canonical = self.document.canonical_with(&self.consent);
        self.key
            .verifies(About::Consent, &canonical, &self.signature)
    }
}

/// Where signed consents begin.
fn places(bytes: &[u8]) -> impl Iterator<Item = usize> {
    bytes
        .windows(BEGINNING.len())
        .enumerate()
        .filter(|(_, window)| *window == BEGINNING)
        .map(|(at, _)| at)
}

fn fixed<const N: usize>(digits: &str) -> Option<[u8; N]> {
    HEXLOWER.decode(digits.as_bytes()).ok()?.try_into().ok()
}

/// The signed file of a consent of the patient's; `None` for one of a time before documents.
///
/// It says of single items what its signer read of them: who is neither the patient nor that signer has it where they may
/// see these items themselves, and not at all where it [is left to its signer](is_left_to_its_signer).
///
/// # Errors
/// [`Refusal::NotAvailable`] when there is no such consent.
pub async fn of(
    portal: &Portal,
    actor: &Actor,
    id: ConsentId,
) -> Result<Option<SignedFile>, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let store = portal.store();
    let standing = store.consent(patient, id).await?;
    let consent = standing
        .map(|standing| standing.consent)
        .filter(|consent| sight::reads(actor, consent))
        .ok_or(Refusal::NotAvailable)?;
    if is_left_to_its_signer(actor, &consent) {
        return Ok(None);
    }
    let Some(signed) = store.consent_document(patient, id).await? else {
        return Ok(None);
    };
    if !single::is_theirs(actor, &consent)
        && !single::may_be_read(portal, actor, &[&consent]).await?
    {
        return Ok(None);
    }
    Ok(Some(SignedFile {
        consent,
        document: signed.document,
        key: signed.key,
        signature: signed.signature,
    }))
}

/// Whether the document of a consent is left to those who signed it.
///
/// Whoever stands in the patient's place for everything reads what the patient and others signed, and a single item may be
/// kept from them all the same. If they were given every document but those that name such an item, one that is missing
/// would tell of it; and a document without the item would not be what was signed. So they are given none that they did not
/// sign themselves, whatever it says (POLICY §5): the page has the terms, with the items that they may see.
pub fn is_left_to_its_signer(actor: &Actor, consent: &Consent) -> bool {
    actor.is_whole() && !single::is_theirs(actor, consent) && !single::signed_beside(actor, consent)
}

/// The words around a document on paper; they live with the other words, apart from code.
pub trait Words: Send + Sync {
    /// The foot of each page.
    fn footer(&self) -> String;
    /// The heading over the signature.
    fn signature(&self) -> String;
    /// The heading over how it can be checked.
    fn checking(&self) -> String;
    /// How it can be checked, with the fingerprint of the server's key.
    fn check(&self, fingerprint: &str) -> String;
    /// What the file inside is.
    fn attached(&self) -> String;
}

/// Which form of the document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// A PDF to read and print, with the signed file inside.
    Pdf,
    /// The signed file alone.
    Json,
}

impl Form {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Json => "application/json",
        }
    }

    /// A file name that tells nothing.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Pdf => "agreement.pdf",
            Self::Json => "agreement.json",
        }
    }
}

/// A copy of the document to keep. That it was taken is written down first (LAW F2).
///
/// # Errors
/// [`Refusal::NotAvailable`] when there is no such consent, or it has no document.
pub async fn take(
    portal: &Portal,
    actor: &Actor,
    id: ConsentId,
    form: Form,
    words: &dyn Words,
) -> Result<Vec<u8>, Refusal> {
    let patient = actor.patient().ok_or(Refusal::NotAvailable)?;
    let file = of(portal, actor, id).await?.ok_or(Refusal::NotAvailable)?;
    let bytes = match form {
        Form::Json => file.to_json(),
        Form::Pdf => paper(&file, words)?,
    };
    let event = Event::ConsentCopied { consent: id };
    let chain = Chain::Patient(patient);
    portal.store().append(&actor.stamp(), chain, event).await?;
    Ok(bytes)
}

/// The document on paper. The same document gives the same bytes.
pub fn paper(file: &SignedFile, words: &dyn Words) -> Result<Vec<u8>, Refusal> {
    let document = &file.document;
    let signed_at: Instant = file.consent.complete_at();
    let facts = |answers: &[Answer]| {
        let rows = answers.iter();
        Block::Facts(
            rows.map(|answer| (answer.name.clone(), answer.words.join("\n")))
                .collect(),
        )
    };
    let heading = |level, text: &str| Block::Heading {
        level,
        text: text.to_owned(),
    };
    let blocks = vec![
        heading(1, &document.title),
        facts(&document.answers),
        heading(2, &document.statements_title),
        Block::List(document.statements.clone()),
        heading(2, &document.elements_title),
        Block::List(document.elements.clone()),
        heading(2, &words.signature()),
        facts(&document.signature),
        heading(2, &words.checking()),
        Block::Paragraph(words.check(&file.key.fingerprint())),
    ];
    let paper = pdf::Document {
        language: document.language.clone(),
        title: document.title.clone(),
        created: signed_at,
        footer: words.footer(),
        blocks,
        attachment: Some(Attachment {
            name: ATTACHED_AS.to_owned(),
            media_type: Form::Json.media_type().to_owned(),
            description: words.attached(),
            bytes: file.to_json(),
        }),
    };
    pdf::render(&paper).map_err(|_| Refusal::Unavailable(Cause::Document))
}
