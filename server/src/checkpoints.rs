//! Signing the ledger on a schedule, and bringing the checkpoints to where whoever keeps the database can't change them.

use crate::config::Audit;
use std::{io, io::Write, path::Path, time::Duration};
use store::{Store, ledger::checkpoint::SignedCheckpoint};
use url::Url;

/// After a failure it is tried again so soon, or at the next checkpoint if that is sooner.
const AGAIN: Duration = Duration::from_mins(1);
/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest answer that is read: the digits of the largest size, and the end of the line.
const LONGEST: u64 = 21;

/// Makes checkpoints and hands them on.
pub struct Publisher {
    store: Store,
    audit: Audit,
    /// The size of the last that went to the file, and of the last that went to the address.
    filed: u64,
    sent: u64,
    /// The size that the other side knows, as far as it told: the next proof begins there.
    known: u64,
}

/// What the other side answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// It took it.
    Taken,
    /// It knows another size than the one where the proof began; `None`: it told none that can be read.
    Knows(Option<u64>),
    /// It did not take it, or there was no answer.
    Refused,
}

/// A checkpoint could not be handed on.
#[derive(Debug, thiserror::Error)]
pub enum Undelivered {
    /// None could be made.
    #[error("no checkpoint could be made: {0}")]
    Store(#[from] store::Error),
    /// The file can't be written.
    #[error("the checkpoint file can't be written: {0}")]
    File(io::ErrorKind),
    /// The other side did not take it.
    #[error("the checkpoint was not taken at its address")]
    Refused,
}

impl Publisher {
    /// For that store.
    pub const fn new(store: Store, audit: Audit) -> Self {
        Self {
            store,
            audit,
            filed: 0,
            sent: 0,
            known: 0,
        }
    }

    /// Makes checkpoints again and again; ends with the runtime. What fails is logged and tried again: it never stops
    /// the portal.
    pub fn start(mut self) {
        tokio::spawn(async move {
            loop {
                let wait = match self.publish().await {
                    Ok(()) => self.audit.every,
                    Err(error) => {
                        tracing::error!(%error, "a checkpoint was not handed on; it is tried again");
                        AGAIN.min(self.audit.every)
                    }
                };
                tokio::time::sleep(wait).await;
            }
        });
    }

    /// Makes a checkpoint, if there is something new, and hands on the newest where it has not been.
    ///
    /// # Errors
    /// When one of them can't be done; the others are done all the same.
    pub async fn publish(&mut self) -> Result<(), Undelivered> {
        let Some(newest) = self.store.checkpoint().await? else {
            return Ok(());
        };
        let filed = self.file(&newest).await;
        let sent = self.send(&newest).await;
        filed.and(sent)
    }

    async fn file(&mut self, newest: &SignedCheckpoint) -> Result<(), Undelivered> {
        let Some(path) = self.audit.file.clone() else {
            return Ok(());
        };
        if newest.checkpoint.size <= self.filed {
            return Ok(());
        }
        let note = newest.note.clone();
        tokio::task::spawn_blocking(move || append(&path, &note))
            .await
            .map_err(|_| Undelivered::File(io::ErrorKind::Other))?
            .map_err(|error| Undelivered::File(error.kind()))?;
        self.filed = newest.checkpoint.size;
        Ok(())
    }

    async fn send(&mut self, newest: &SignedCheckpoint) -> Result<(), Undelivered> {
        let Some(url) = self.audit.url.clone() else {
            return Ok(());
        };
        let size = newest.checkpoint.size;
        if size <= self.sent {
            return Ok(());
        }
        let mut answer = self.offer(&url, newest).await?;
        if let Answer::Knows(known) = answer {
            // After a start it is not known here what was taken before, and another server may have sent since.
            if let Some(known) = known.filter(|known| *known <= size && *known != self.known) {
                self.known = known;
                answer = self.offer(&url, newest).await?;
            } else {
                tracing::warn!("the checkpoint's address told no size that the log goes on from");
            }
        }
        if answer != Answer::Taken {
            return Err(Undelivered::Refused);
        }
        self.sent = size;
        self.known = size;
        Ok(())
    }

    /// Sends it once, with the proof from what the other side knows.
    async fn offer(&self, url: &Url, newest: &SignedCheckpoint) -> Result<Answer, store::Error> {
        let body = request(&self.store, self.known, newest).await?;
        let url = url.clone();
        Ok(tokio::task::spawn_blocking(move || post(&url, &body))
            .await
            .unwrap_or(Answer::Refused))
    }
}

/// A checkpoint with the proof that its log begins with an older one of that size (0: none is known), as C2SP's
/// tlog-witness has it.
///
/// # Errors
/// When the proof can't be made.
pub async fn request(
    store: &Store,
    old: u64,
    newest: &SignedCheckpoint,
) -> Result<String, store::Error> {
    let mut text = format!("old {old}\n");
    if old > 0 {
        let path = store.prove_consistency(old, newest.checkpoint.size).await?;
        for node in path {
            text.push_str(&data_encoding::BASE64.encode(&node));
            text.push('\n');
        }
    }
    text.push('\n');
    text.push_str(&newest.note);
    Ok(text)
}

/// Adds a note to a file, made for its owner alone if there is none.
///
/// # Errors
/// When it can't be written.
pub fn append(path: &Path, note: &str) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(format!("{note}\n").as_bytes())?;
    file.sync_all()
}

/// Sends it. Of what the other side answers only the size is read that a witness tells when it knows another (409).
fn post(url: &Url, body: &str) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        // Where it goes is what the operator wrote, and nowhere else.
        .max_redirects(0)
        .https_only(url.scheme() == "https")
        .http_status_as_error(false)
        .build()
        .into();
    let sent = agent
        .post(url.as_str())
        .content_type("text/plain; charset=utf-8")
        .send(body);
    let Ok(answer) = sent else {
        return Answer::Refused;
    };
    let status = answer.status();
    if status.is_success() {
        return Answer::Taken;
    }
    if status != ureq::http::StatusCode::CONFLICT {
        return Answer::Refused;
    }
    let text = answer
        .into_body()
        .into_with_config()
        .limit(LONGEST)
        .read_to_string();
    Answer::Knows(text.ok().and_then(|text| size_told(&text)))
}

/// A size as a witness tells it: a decimal number and the end of the line.
fn size_told(text: &str) -> Option<u64> {
    let digits = text.strip_suffix('\n').unwrap_or(text);
    // A plus sign would be read as well.
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}
