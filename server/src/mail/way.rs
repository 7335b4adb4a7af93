//! The two ways a letter goes: to a mail server, or into a directory.

use crate::config::SmtpServer;
use crate::failure::Failure;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};
use secrecy::ExposeSecret;
use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};
use uuid::Uuid;

/// How long a mail server may take for one step.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a letter was not sent, with the code of the mail server's answer if there was one (RFC 5321 §4.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// It may work later.
    ForNow(Option<u16>),
    /// It never will.
    ForGood(Option<u16>),
}

/// The way letters go.
pub enum Way {
    /// A mail server.
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// A directory: one file a letter.
    Directory(PathBuf),
}

impl Way {
    /// Into a directory, which is made if need be.
    pub(super) fn directory(path: &Path) -> Result<Self, Failure> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt;
            builder.mode(0o700);
        }
        builder.create(path).map_err(|error| {
            Failure::environment(format!("{}: {}", path.display(), error.kind()))
        })?;
        Ok(Self::Directory(path.to_owned()))
    }

    /// To a mail server.
    pub(super) fn smtp(server: &SmtpServer, from: &str) -> Result<Self, Failure> {
        let broken = |_| Failure::environment("mail: TLS can't be set up");
        let parameters = || -> Result<TlsParameters, Failure> {
            let mut builder = TlsParameters::builder(server.host.clone());
            if let Some(path) = &server.certificate_authority {
                let fault =
                    || Failure::environment(format!("{}: is no PEM certificate", path.display()));
                let pem = fs::read(path).map_err(|_| fault())?;
                let certificate = Certificate::from_pem(&pem).map_err(|_| fault())?;
                builder = builder.add_root_certificate(certificate);
            }
            builder.build_rustls().map_err(broken)
        };
        let tls = match server.security {
            crate::config::SmtpSecurity::None => Tls::None,
            crate::config::SmtpSecurity::StartTls => Tls::Required(parameters()?),
            crate::config::SmtpSecurity::Tls => Tls::Wrapper(parameters()?),
        };
        let mut builder =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host.clone())
                .port(server.port)
                .tls(tls)
                .timeout(Some(PATIENCE));
        if let Ok(from) = from.parse::<Address>() {
            builder = builder.hello_name(ClientId::Domain(from.domain().to_owned()));
        }
        if let Some((user, password)) = &server.credentials {
            builder = builder.credentials(Credentials::new(
                user.clone(),
                password.expose_secret().to_owned(),
            ));
        }
        Ok(Self::Smtp(builder.build()))
    }

    pub(super) async fn send(&self, id: Uuid, message: Message) -> Result<(), Refused> {
        match self {
            Self::Smtp(transport) => match transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) => {
                    let code = error.status().map(u16::from);
                    Err(if error.is_permanent() {
                        Refused::ForGood(code)
                    } else {
                        Refused::ForNow(code)
                    })
                }
            },
            Self::Directory(path) => {
                let path = path.clone();
                let bytes = message.formatted();
                tokio::task::spawn_blocking(move || write(&path, id, &bytes))
                    .await
                    .map_err(|_| Refused::ForNow(None))?
                    .map_err(|_| Refused::ForNow(None))
            }
        }
    }
}

/// Whole or not at all, and readable by the owner only.
fn write(directory: &Path, id: Uuid, bytes: &[u8]) -> io::Result<()> {
    let unfinished = directory.join(format!("{id}.part"));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(unfinished, directory.join(format!("{id}.eml")))
}
