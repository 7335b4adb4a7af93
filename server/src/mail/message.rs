//! A letter as a message (RFC 5322).

use crate::failure::Failure;
use app::letters;
use chrono_tz::Tz;
use lettre::{
    Address, Message,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use portal::letters::Letter;
use std::time::SystemTime;
use store::outbox::Waiting;

/// Who letters are from.
pub(super) struct Sender {
    mailbox: Mailbox,
    name: String,
}

impl Sender {
    /// From this address, under this name.
    ///
    /// # Errors
    /// When it is no address.
    pub(super) fn new(from: &str, name: &str) -> Result<Self, Failure> {
        let address: Address = from
            .parse()
            .map_err(|_| Failure::bad_input("mail.from: must be an e-mail address"))?;
        Ok(Self {
            mailbox: Mailbox::new(Some(name.to_owned()), address),
            name: name.to_owned(),
        })
    }

    /// The message; `None` when its address is none.
    pub(super) fn message(&self, waiting: &Waiting, letter: &Letter, zone: Tz) -> Option<Message> {
        let to: Address = waiting.letter.to.parse().ok()?;
        let words = letters::words(letter, &self.name, zone);
        // Answers of machines, such as "I am away", are not wanted (RFC 3834 §5).
        let automatic = HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        );
        Message::builder()
            .from(self.mailbox.clone())
            .to(Mailbox::new(None, to))
            .subject(words.subject)
            // Sent twice, it is one letter.
            .message_id(Some(format!(
                "<{}@{}>",
                waiting.id,
                self.mailbox.email.domain()
            )))
            .date(SystemTime::from(waiting.made))
            .raw_header(automatic)
            .header(ContentType::TEXT_PLAIN)
            .body(words.text)
            .ok()
    }
}
