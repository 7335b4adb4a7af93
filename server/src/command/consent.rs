//! `confide consent verify`

use crate::{
    World,
    cli::ConsentVerify,
    command::configuration,
    failure::{Exit, Failure},
    output, wiring,
};
use domain::consent::Answer;
use portal::sharing::document::SignedFile;
use serde_json::{Value, json};
use std::io::Read as _;

/// No document of this portal is near as long.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Checks the signature of a saved consent and shows what was signed; exit code 1 when something is wrong.
pub async fn verify(arguments: ConsentVerify, world: &World) -> Result<Exit, Failure> {
    let bytes = read(&arguments)?;
    let place = arguments.file.display();
    let file = SignedFile::read(&bytes)
        .map_err(|fault| Failure::bad_input(format!("{place}: {fault}")))?;
    let fingerprint = file.key.fingerprint();
    let verdict = Verdict {
        signed: file.is_signed(),
        complete: file.consent.is_sound(),
        expected: expected(&arguments, world, &file).await?,
    };
    if arguments.json {
        output::json(&as_json(&file, &fingerprint, &verdict));
    } else {
        say(&file, &fingerprint, &verdict);
    }
    Ok(if verdict.holds() {
        Exit::Done
    } else {
        Exit::FaultFound
    })
}

fn read(arguments: &ConsentVerify) -> Result<Vec<u8>, Failure> {
    let place = arguments.file.display();
    let cant = |error: &std::io::Error| {
        Failure::bad_input(format!("{place}: can't be read: {}", error.kind()))
    };
    let file = std::fs::File::open(&arguments.file).map_err(|error| cant(&error))?;
    let mut bytes = Vec::new();
    let read = file.take(LONGEST + 1).read_to_end(&mut bytes);
    let length = read.map_err(|error| cant(&error))?;
    if u64::try_from(length).unwrap_or(u64::MAX) > LONGEST {
        return Err(Failure::bad_input(format!(
            "{place}: is too long to be a saved consent"
        )));
    }
    Ok(bytes)
}

/// What the check found.
struct Verdict {
    /// The signature is the key's over what the file says.
    signed: bool,
    /// No element is missing (LAW A1).
    complete: bool,
    /// Whether the key is the one that was named; `None`: none was.
    expected: Option<bool>,
}

impl Verdict {
    const fn holds(&self) -> bool {
        self.signed && self.complete && !matches!(self.expected, Some(false))
    }
}

/// Whether the file's key is the one that the operator named, by its fingerprint or as a server's.
async fn expected(
    arguments: &ConsentVerify,
    world: &World,
    file: &SignedFile,
) -> Result<Option<bool>, Failure> {
    let digits = |text: &str| {
        text.chars()
            .filter(|letter| !letter.is_whitespace())
            .collect::<String>()
            .to_ascii_lowercase()
    };
    let by_name = arguments
        .key
        .as_deref()
        .map(|named| digits(named) == digits(&file.key.fingerprint()));
    if arguments.place.data.is_none() && arguments.place.config.is_none() {
        return Ok(by_name);
    }
    let config = configuration(&arguments.place, world)?;
    wiring::must_exist(&config.storage)?;
    let store = wiring::open_store(&config.storage, world).await?;
    let ours = store.public_key() == file.key;
    Ok(Some(ours && by_name != Some(false)))
}

fn say(file: &SignedFile, fingerprint: &str, verdict: &Verdict) {
    let answers = |answers: &[Answer]| {
        for answer in answers {
            output::line(&format!("{}: {}", answer.name, answer.words.join("; ")));
        }
    };
    let document = &file.document;
    output::line(&document.title);
    answers(&document.answers);
    answers(&document.signature);
    for title in [&document.statements_title, &document.elements_title] {
        output::line(&format!("{title}:"));
        let lines = if title == &document.statements_title {
            &document.statements
        } else {
            &document.elements
        };
        for line in lines {
            output::line(&format!("- {line}"));
        }
    }
    output::line(&format!("Consent {}", file.consent.id));
    output::line(&format!("Key {fingerprint}"));
    if !verdict.signed {
        output::line("fault: the signature does not fit what the file says");
    }
    if !verdict.complete {
        output::line("fault: a required element is missing");
    }
    match verdict.expected {
        Some(false) => output::line("fault: the key is not the expected one"),
        Some(true) => output::line("The key is the expected one."),
        None => output::line(
            "Compare the key with what the portal shows: anybody can sign with a key of their own.",
        ),
    }
    if verdict.holds() {
        output::line("The signature is right.");
    }
}

fn as_json(file: &SignedFile, fingerprint: &str, verdict: &Verdict) -> Value {
    json!({
        "signed": verdict.signed,
        "complete": verdict.complete,
        "key": fingerprint,
        "expected": verdict.expected,
        "consent": file.consent.id,
        "version": file.consent.version,
        "signed_at": file.consent.signature.signed_at,
        "document": file.document,
    })
}
