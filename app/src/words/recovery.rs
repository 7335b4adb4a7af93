//! Words about cases in which staff help somebody back into an account.

use crate::{dates, i18n::Text, t, text};
use chrono_tz::Tz;
use domain::identity_check::{Document, How};
use portal::recovery_case::{
    Unopened,
    handling::{Cant, State},
};

/// How it was made sure who somebody is.
pub fn how(how: How) -> String {
    match how {
        How::InPerson => t!("recovery-how-in-person"),
        How::ByVideo => t!("recovery-how-by-video"),
        How::CalledBack => t!("recovery-how-called-back"),
        How::Known => t!("recovery-how-known"),
    }
}

/// How long nothing happens after that.
pub fn wait(how: How) -> String {
    t!("recovery-how-wait", hours = how.wait().num_hours())
}

/// A kind of document.
pub fn document(document: Document) -> String {
    match document {
        Document::Passport => t!("recovery-document-passport"),
        Document::License => t!("recovery-document-license"),
        Document::IdentityCard => t!("recovery-document-identity-card"),
        Document::Other => t!("recovery-document-other"),
    }
}

/// How a case stands.
pub fn state(state: &State, zone: Tz) -> String {
    match state {
        State::Waiting(until) => t!(
            "recovery-state-waiting",
            until = dates::moment(*until, zone)
        ),
        State::NeedsSecond => t!("recovery-state-second"),
        State::Ready(until) => t!("recovery-state-ready", until = dates::moment(*until, zone)),
        State::Lapsed => t!("recovery-state-lapsed"),
        State::StoppedByOwner(at) => t!("recovery-state-owner", at = dates::moment(*at, zone)),
        State::Stopped(at) => t!("recovery-state-stopped", at = dates::moment(*at, zone)),
        State::Finished(at) => t!("recovery-state-finished", at = dates::moment(*at, zone)),
    }
}

/// Why no case was opened.
pub fn unopened(why: Unopened, zone: Tz) -> Text {
    match why {
        Unopened::NoAccount => text!("recovery-cant-account"),
        Unopened::Wait(until) => text!("recovery-cant-wait", time = dates::time(until, zone)),
        Unopened::IsOpen => text!("recovery-cant-open"),
        Unopened::Own => text!("recovery-cant-own"),
    }
}

/// Why a case can't be taken further.
pub fn cant(cant: Cant, zone: Tz) -> Text {
    match cant {
        Cant::NotYet(ready) => text!("recovery-cant-early", ready = dates::moment(ready, zone)),
        Cant::NeedsSecond => text!("recovery-cant-second"),
        Cant::SamePerson => text!("recovery-cant-same"),
        Cant::Gone => text!("recovery-cant-gone"),
    }
}
