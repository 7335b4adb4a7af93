//! How letters are sent.

use super::{raw::Check, source};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::path::PathBuf;
use url::Url;

/// How letters are sent.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The address they are from.
    pub from: String,
    /// The name they are from. It must not tell what the portal is for (LAW B6).
    pub sender_name: String,
    /// By which way.
    pub way: MailWay,
}

/// The way letters go.
#[derive(Clone, Debug)]
pub enum MailWay {
    /// To a mail server.
    Smtp(SmtpServer),
    /// Into a directory, one file a letter: for the demo, for tests, or for a program that takes them from there.
    Directory(PathBuf),
}

/// A mail server (RFC 5321, RFC 6409).
#[derive(Clone, Debug)]
pub struct SmtpServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is closed to others.
    pub security: SmtpSecurity,
    /// A name and a password, where it asks for them.
    pub credentials: Option<(String, SecretString)>,
    /// A PEM certificate that is believed besides the public ones.
    pub certificate_authority: Option<PathBuf>,
}

/// How the connection to a mail server is closed to others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SmtpSecurity {
    /// Not at all: only on this machine.
    None,
    /// By STARTTLS, or nothing is sent (RFC 3207).
    StartTls,
    /// By TLS from the first byte (RFC 8314).
    Tls,
}

/// What letters are from unless told otherwise.
const SENDER_NAME: &str = "Your account";

/// The keys as written. No `Debug`: a URL may hold a password.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawMail {
    /// `smtps://host` (TLS), `smtp://host` (STARTTLS), with a port if need be; without TLS on this machine only. With a
    /// name and a password in it only as `CONFIDE_MAIL__SMTP_URL` or by `mail.smtp_url_file`.
    smtp_url: Option<String>,
    /// A file that holds the URL.
    smtp_url_file: Option<PathBuf>,
    /// A PEM certificate that is believed besides the public ones: a mail server's with an authority of its own.
    certificate_authority: Option<PathBuf>,
    /// A directory to write letters into, instead of a mail server.
    directory: Option<PathBuf>,
    /// The address letters are from.
    from: Option<String>,
    /// The name letters are from. Default "Your account". It must not tell what the portal is for.
    sender_name: Option<String>,
}

impl RawMail {
    fn is_empty(&self) -> bool {
        self.smtp_url.is_none()
            && self.smtp_url_file.is_none()
            && self.directory.is_none()
            && self.from.is_none()
            && self.sender_name.is_none()
            && self.certificate_authority.is_none()
    }
}

/// Checks the keys; `None`: no mail is set up, or something is wrong with it.
pub(super) fn mail(check: &mut Check<'_>, raw: &RawMail) -> Option<Mail> {
    if raw.is_empty() {
        return None;
    }
    let way = way(check, raw);
    let from = match raw.from.as_deref().map(str::trim) {
        Some(from) if from.parse::<lettre::Address>().is_ok() => Some(from.to_owned()),
        Some(_) => {
            check.fault("mail.from", "must be an e-mail address");
            None
        }
        None => {
            check.fault("mail.from", "is needed: the address letters are from");
            None
        }
    };
    let sender_name = raw.sender_name.as_deref().unwrap_or(SENDER_NAME).trim();
    if sender_name.is_empty() || sender_name.chars().any(char::is_control) {
        check.fault("mail.sender_name", "must be a line of text");
        return None;
    }
    Some(Mail {
        from: from?,
        sender_name: sender_name.to_owned(),
        way: way?,
    })
}

fn way(check: &mut Check<'_>, raw: &RawMail) -> Option<MailWay> {
    let (key, url) = match (&raw.smtp_url, &raw.smtp_url_file, &raw.directory) {
        (None, None, Some(directory)) => return Some(MailWay::Directory(directory.clone())),
        (Some(url), None, None) => ("mail.smtp_url", SecretString::from(url.as_str())),
        (None, Some(path), None) => {
            let Ok(url) = std::fs::read_to_string(path) else {
                check.fault("mail.smtp_url_file", "names a file that can't be read");
                return None;
            };
            ("mail.smtp_url_file", SecretString::from(url.trim()))
        }
        _ => {
            check.fault(
                "mail",
                "needs one of smtp_url, smtp_url_file and directory, and no more than one",
            );
            return None;
        }
    };
    let server = server(check, key, &url, raw.certificate_authority.clone())?;
    let written_in_file = key == "mail.smtp_url"
        && !source::place(check.figment, key).is_some_and(|place| place.starts_with("environment"));
    if written_in_file && server.credentials.is_some() {
        check.fault(
            key,
            "must not hold a password here: use CONFIDE_MAIL__SMTP_URL or mail.smtp_url_file",
        );
        return None;
    }
    Some(MailWay::Smtp(server))
}

fn server(
    check: &mut Check<'_>,
    key: &str,
    url: &SecretString,
    certificate_authority: Option<PathBuf>,
) -> Option<SmtpServer> {
    let expected = "must be an address such as \"smtps://mail.example.org\" or \"smtp://mail.example.org:587\"";
    let Ok(url) = Url::parse(url.expose_secret()) else {
        check.fault(key, expected);
        return None;
    };
    // A URL of a scheme that the parser doesn't know has its host as text.
    let host = url.host_str().unwrap_or_default().to_owned();
    let here = is_this_machine(&host);
    let (security, port) = match url.scheme() {
        "smtps" => (SmtpSecurity::Tls, 465),
        "smtp" if here => (SmtpSecurity::None, 25),
        "smtp" => (SmtpSecurity::StartTls, 587),
        _ => {
            check.fault(key, expected);
            return None;
        }
    };
    if host.is_empty() || !matches!(url.path(), "" | "/") || url.query().is_some() {
        check.fault(key, expected);
        return None;
    }
    let credentials = url.password().map(|password| {
        (
            decoded(url.username()),
            SecretString::from(decoded(password)),
        )
    });
    Some(SmtpServer {
        host: host.trim_matches(['[', ']']).to_owned(),
        port: url.port().unwrap_or(port),
        security,
        credentials,
        certificate_authority,
    })
}

fn is_this_machine(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Percent signs undone (RFC 3986 §2.1).
fn decoded(part: &str) -> String {
    // A name and a value of a form, where only `+` means something else.
    url::form_urlencoded::parse(
        part.replace('+', "%2B")
            .replace('&', "%26")
            .replace('=', "%3D")
            .as_bytes(),
    )
    .map(|(name, _)| name.into_owned())
    .next()
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{decoded, is_this_machine};

    #[test]
    fn passwords_may_hold_anything() {
        assert_eq!(decoded("p%40ss+w%2Fo&r=d%25"), "p@ss+w/o&r=d%");
        assert_eq!(decoded(""), "");
    }

    #[test]
    fn this_machine() {
        assert!(
            is_this_machine("localhost")
                && is_this_machine("127.0.0.1")
                && is_this_machine("[::1]")
        );
        assert!(!is_this_machine("mail.example.org") && !is_this_machine("10.0.0.1"));
    }
}
