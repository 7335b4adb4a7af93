//! Letters by e-mail: the outbox of the store, sent by SMTP (RFC 5321) or written into a directory. What a letter says
//! is `app::letters`'; who gets one, `portal::letters`'. No address and no answer of a mail server stands in the log:
//! servers repeat addresses in what they say.

mod message;
mod way;

pub use way::{Refused, Way};

use crate::config::{Mail, MailWay};
use crate::failure::Failure;
use chrono::TimeDelta;
use message::Sender;
use portal::{Portal, letters::Letter};
use store::outbox::Waiting;

/// How many letters are taken from the outbox at once.
const AT_ONCE: u64 = 20;
/// How long a letter that was taken is this process's alone: longer than sending that many can take.
const LEASE: TimeDelta = TimeDelta::minutes(30);
/// A letter that could not be sent for so long is dropped: it would tell of something long past.
const GIVEN_UP_AFTER: TimeDelta = TimeDelta::days(3);
/// The first wait after a letter could not be sent; it doubles, up to the second.
const WAITS: (TimeDelta, TimeDelta) = (TimeDelta::minutes(1), TimeDelta::hours(1));

/// What became of the letters that were due.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Sent.
    pub sent: u32,
    /// Put off, to be tried again.
    pub put_off: u32,
    /// Dropped: refused for good, unreadable, or too old.
    pub dropped: u32,
}

/// Sends what waits.
pub struct Post {
    portal: Portal,
    sender: Sender,
    way: Way,
}

impl Post {
    /// By the way the operator set up.
    ///
    /// # Errors
    /// When the directory can't be made, or the server's certificate authority can't be read.
    pub fn new(portal: Portal, mail: &Mail) -> Result<Self, Failure> {
        let way = match &mail.way {
            MailWay::Directory(path) => Way::directory(path)?,
            MailWay::Smtp(server) => Way::smtp(server, &mail.from)?,
        };
        Ok(Self {
            portal,
            sender: Sender::new(&mail.from, &mail.sender_name)?,
            way,
        })
    }

    /// Sends every letter that is due, once.
    ///
    /// # Errors
    /// When the store can't be used.
    pub async fn deliver(&self) -> Result<Tally, store::Error> {
        let mut tally = Tally::default();
        loop {
            let letters = self.portal.store().take_letters(AT_ONCE, LEASE).await?;
            if letters.is_empty() {
                return Ok(tally);
            }
            for waiting in letters {
                self.one(&waiting, &mut tally).await?;
            }
        }
    }

    async fn one(&self, waiting: &Waiting, tally: &mut Tally) -> Result<(), store::Error> {
        let store = self.portal.store();
        let now = self.portal.now();
        let zone = self.portal.options().time_zone;
        let message = Letter::read(&waiting.letter.what)
            .and_then(|letter| self.sender.message(waiting, &letter, zone));
        let sent = match message {
            None => Err(Refused::ForGood(None)),
            Some(_) if now - waiting.made >= GIVEN_UP_AFTER => Err(Refused::ForGood(None)),
            Some(message) => self.way.send(waiting.id, message).await,
        };
        match sent {
            Ok(()) => {
                tally.sent += 1;
                store.delete_letter(waiting.id).await
            }
            Err(Refused::ForGood(code)) => {
                tally.dropped += 1;
                tracing::warn!(letter = %waiting.id, code, tries = waiting.tries, "a letter was dropped");
                store.delete_letter(waiting.id).await
            }
            Err(Refused::ForNow(code)) => {
                tally.put_off += 1;
                tracing::warn!(letter = %waiting.id, code, tries = waiting.tries, "a letter could not be sent yet");
                store
                    .put_letter_off(waiting.id, now + wait(waiting.tries))
                    .await
            }
        }
    }
}

/// Tries what the operator set up, as far as that goes without sending anything.
///
/// # Errors
/// When the certificate of the mail server's authority can't be read, or the sender is no address.
pub fn check(mail: &Mail) -> Result<(), Failure> {
    Sender::new(&mail.from, &mail.sender_name)?;
    match &mail.way {
        MailWay::Directory(_) => Ok(()),
        MailWay::Smtp(server) => Way::smtp(server, &mail.from).map(drop),
    }
}

/// How long to wait after so many tries.
fn wait(tries: u32) -> TimeDelta {
    let doubled = 1_i32
        .checked_shl(tries.saturating_sub(1).min(16))
        .unwrap_or(i32::MAX);
    (WAITS.0 * doubled).min(WAITS.1)
}

/// Drops the letters that nobody could send in time, also where no way to send is set up.
///
/// # Errors
/// When the store can't be used.
pub async fn give_up(portal: &Portal) -> Result<(), store::Error> {
    let dropped = portal
        .store()
        .delete_old_letters(portal.now() - GIVEN_UP_AFTER)
        .await?;
    if dropped > 0 {
        tracing::warn!(
            dropped,
            "letters were dropped: they could not be sent in time"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::wait;
    use chrono::TimeDelta;

    #[test]
    fn waits_double_up_to_an_hour() {
        assert_eq!(wait(1), TimeDelta::minutes(1));
        assert_eq!(wait(2), TimeDelta::minutes(2));
        assert_eq!(wait(6), TimeDelta::minutes(32));
        assert_eq!(wait(7), TimeDelta::hours(1));
        assert_eq!(wait(u32::MAX), TimeDelta::hours(1));
    }
}
