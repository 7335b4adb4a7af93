//! The sign-in sheet, on the terminal and in a file.

use super::{directory::write_private, people::SignIn, url};
use crate::failure::Failure;
use app::DemoInvitation;
use std::{net::SocketAddr, path::Path};

/// The sheet as lines of text.
pub fn text(
    people: &[SignIn],
    invitation: Option<&DemoInvitation>,
    address: SocketAddr,
    data: &Path,
) -> Vec<String> {
    let url = url(address);
    let mut lines = vec![
        String::new(),
        "Confide demo. The people and records are made up: do not enter real information."
            .to_owned(),
        String::new(),
        format!("  Open  {url}"),
        String::new(),
        "Sign in as".to_owned(),
    ];
    for person in people {
        lines.extend([
            String::new(),
            format!("  {} ({})", person.name, person.role),
            format!("    {}", person.what_for),
            format!("    sign-in name  {}", person.sign_in),
            format!("    password      {}", person.password),
            format!("    code          on the page {url}/sign-in/verify, or from an authenticator app with"),
            format!("                  the secret {}", person.totp_secret),
        ]);
    }
    if let Some(invitation) = invitation {
        lines.extend([
            String::new(),
            format!("Or join as {}, on the page {url}/join", invitation.name),
            format!("    code          {}", invitation.code),
            format!("    birth date    {}", invitation.birth),
        ]);
    }
    lines.extend([
        String::new(),
        format!("Kept in {}", data.display()),
        "Start over with --fresh. Stop with Ctrl+C.".to_owned(),
        String::new(),
    ]);
    lines
}

/// Writes the sheet as JSON, for programs that walk through the demo.
///
/// # Errors
/// When the file can't be written.
pub fn write(file: &Path, people: &[SignIn]) -> Result<(), Failure> {
    serde_json::to_vec_pretty(people)
        .map_err(std::io::Error::other)
        .and_then(|bytes| {
            // A pipe or a terminal is written to; a file is replaced at once, so that who waits for it never
            // reads half of it.
            if std::fs::metadata(file).is_ok_and(|found| !found.is_file()) {
                std::fs::write(file, bytes)
            } else {
                write_private(file, &bytes)
            }
        })
        .map_err(|error| Failure::environment(format!("{}: {}", file.display(), error.kind())))
}
