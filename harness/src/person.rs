//! Somebody of the demo's sign-in sheet, with an authenticator app and a passkey.

use crate::{fault::Fault, passkey::Passkey, process};
use data_encoding::BASE32_NOPAD;
use serde_json::Value;
use std::{fs, path::Path};
use totp_rs::{Builder, Totp};

/// Seconds that a code is the current one (RFC 6238).
const STEP: u64 = 30;

/// Somebody who can sign in.
#[derive(Clone)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The sign-in name.
    pub sign_in: String,
    /// The password.
    pub password: String,
    secret: Vec<u8>,
    /// The step of the code that was used last.
    last: u64,
    /// What confirms without waiting.
    pub passkey: Passkey,
}

impl Person {
    /// A code that wasn't used yet: of the step before, of this one, or the next; after that it takes waiting.
    pub fn code(&mut self) -> Result<String, Fault> {
        let now = || process::seconds().checked_div(STEP).unwrap_or(0);
        let step = self.last.saturating_add(1).max(now().saturating_sub(1));
        while now().saturating_add(1) < step {
            std::thread::sleep(std::time::Duration::from_millis(500));
        }
        self.last = step;
        let app = self.app()?;
        Ok(app.generate(step.saturating_mul(STEP)).to_string())
    }

    fn app(&self) -> Result<Totp, Fault> {
        Builder::new()
            .with_secret(self.secret.clone())
            .build()
            .map_err(|_| Fault::Machine(format!("{}: no authenticator secret", self.name)))
    }
}

/// Everybody on the sheet.
pub fn read(sheet: &Path) -> Result<Vec<Person>, Fault> {
    let text = fs::read(sheet).map_err(|error| Fault::file(sheet, &error))?;
    let lines: Vec<Value> = serde_json::from_slice(&text)
        .map_err(|error| Fault::Machine(format!("{}: {error}", sheet.display())))?;
    lines.iter().map(of).collect()
}

fn of(line: &Value) -> Result<Person, Fault> {
    let text = |name: &str| {
        line.get(name)
            .and_then(Value::as_str)
            .map(ToOwned::to_owned)
            .ok_or_else(|| Fault::Machine(format!("the sign-in sheet lacks {name}")))
    };
    let secret = BASE32_NOPAD
        .decode(text("totp_secret")?.as_bytes())
        .map_err(|_| Fault::Machine("the sign-in sheet: no base32".to_owned()))?;
    let sign_in = text("sign_in")?;
    Ok(Person {
        name: text("name")?,
        password: text("password")?,
        passkey: Passkey::of(&sign_in)?,
        sign_in,
        secret,
        last: 0,
    })
}
