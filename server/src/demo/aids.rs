//! What the demo's sign-in pages show: who can sign in, with password and current code.

use super::people::SignIn;
use app::{DemoAids, DemoInvitation, DemoPerson};
use domain::clock::Clock;
use portal::accounts::authenticator;
use std::sync::Arc;
use store::SecretBytes;

/// The sign-in sheet, with codes of the moment.
pub struct Aids {
    people: Vec<(SignIn, Option<SecretBytes>)>,
    invitation: Option<DemoInvitation>,
    clock: Arc<dyn Clock>,
}

impl Aids {
    /// For these people, and somebody who can join.
    pub fn new(
        people: &[SignIn],
        invitation: Option<DemoInvitation>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            invitation,
            people: people
                .iter()
                .map(|person| (person.clone(), person.secret()))
                .collect(),
            clock,
        }
    }

    /// The code of this moment (RFC 6238).
    fn code(&self, secret: &SecretBytes) -> Option<String> {
        let seconds = u64::try_from(self.clock.now().timestamp()).ok()?;
        Some(authenticator(secret)?.generate(seconds).to_string())
    }
}

impl DemoAids for Aids {
    fn people(&self) -> Vec<DemoPerson> {
        self.people
            .iter()
            .map(|(person, secret)| DemoPerson {
                name: person.name.clone(),
                what_for: person.what_for.clone(),
                role: person.role.clone(),
                sign_in: person.sign_in.clone(),
                password: person.password.clone(),
                code: secret.as_ref().and_then(|secret| self.code(secret)),
            })
            .collect()
    }
    fn invitation(&self) -> Option<DemoInvitation> {
        self.invitation.clone()
    }
}
