//! A mail server on this machine: as much of RFC 5321 as a letter takes, with answers that are set beforehand.

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use std::{
    io,
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

/// What it is to answer to the next message, in place of "taken".
#[derive(Clone, Copy)]
pub enum Answer {
    /// Taken.
    Take,
    /// To `RCPT`: not now.
    NotNow,
    /// To `RCPT`: never.
    Never,
    /// To the message itself: not now.
    FullAfterData,
    /// The connection breaks off within the message.
    BreakOff,
}

#[derive(Default)]
struct Seen {
    /// Each with whether the connection was closed to others.
    commands: Vec<(bool, String)>,
    messages: Vec<String>,
    answers: Vec<Answer>,
}

/// The server.
#[derive(Clone)]
pub struct Smtp {
    /// Where it listens.
    pub address: SocketAddr,
    tls: Option<TlsAcceptor>,
    starts_in_clear: bool,
    seen: Arc<Mutex<Seen>>,
}

impl Smtp {
    /// Starts it, in clear; it ends with the test.
    pub async fn start() -> Self {
        Self::with_tls(None, false).await
    }

    /// With TLS from the first byte.
    pub async fn start_with_tls() -> Self {
        Self::with_tls(Some(acceptor()), false).await
    }

    /// With TLS once the client asks for it.
    pub async fn start_with_starttls() -> Self {
        Self::with_tls(Some(acceptor()), true).await
    }

    async fn with_tls(tls: Option<TlsAcceptor>, starts_in_clear: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let smtp = Self {
            address: listener.local_addr().expect("an address"),
            tls,
            starts_in_clear,
            seen: Arc::default(),
        };
        let serving = smtp.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move {
                    // A client that hangs up is no fault of the server.
                    let _ = serving.talk(stream).await;
                });
            }
        });
        smtp
    }

    /// The answers to the next messages; after them, every message is taken.
    pub fn answers(&self, answers: &[Answer]) {
        self.with(|seen| seen.answers = answers.to_vec());
    }

    /// Every command that came, with whether the connection was closed to others.
    pub fn commands(&self) -> Vec<(bool, String)> {
        self.with(|seen| seen.commands.clone())
    }

    /// Every message that was taken.
    pub fn messages(&self) -> Vec<String> {
        self.with(|seen| seen.messages.clone())
    }

    fn with<T>(&self, doing: impl FnOnce(&mut Seen) -> T) -> T {
        doing(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn next(&self) -> Answer {
        self.with(|seen| {
            if seen.answers.is_empty() {
                Answer::Take
            } else {
                seen.answers.remove(0)
            }
        })
    }

    /// One connection: with TLS from the start, or after `STARTTLS`, or in clear.
    async fn talk(&self, stream: TcpStream) -> io::Result<()> {
        match &self.tls {
            Some(tls) if !self.starts_in_clear => {
                let stream = tls.accept(stream).await?;
                self.converse(stream, true, true).await?;
            }
            tls => {
                let asked = self.converse(stream, true, false).await?;
                if let (Some(stream), Some(tls)) = (asked, tls) {
                    let stream = tls.accept(stream).await?;
                    self.converse(stream, false, true).await?;
                }
            }
        }
        Ok(())
    }

    /// Until the client leaves, or asks for TLS: then the stream is given back.
    async fn converse<S>(&self, stream: S, greets: bool, closed: bool) -> io::Result<Option<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let mut stream = BufReader::new(stream);
        let mut answer = Answer::Take;
        if greets {
            say(&mut stream, "220 mail.test ESMTP").await?;
        }
        while let Some(line) = hear(&mut stream).await? {
            self.with(|seen| seen.commands.push((closed, line.clone())));
            let verb = line
                .split([' ', ':'])
                .next()
                .unwrap_or_default()
                .to_uppercase();
            let reply = match (verb.as_str(), answer) {
                ("EHLO", _) if closed => "250-mail.test\r\n250-AUTH PLAIN\r\n250 8BITMIME",
                ("EHLO", _) if self.starts_in_clear => "250-mail.test\r\n250 STARTTLS",
                ("EHLO", _) => "250-mail.test\r\n250-8BITMIME\r\n250 SIZE 1000000",
                ("STARTTLS", _) if self.starts_in_clear => {
                    say(&mut stream, "220 2.0.0 go on").await?;
                    return Ok(Some(stream.into_inner()));
                }
                ("AUTH", _) if closed => "235 2.7.0 fine",
                ("MAIL", _) => {
                    answer = self.next();
                    "250 2.1.0 fine"
                }
                ("RCPT", Answer::NotNow) => "451 4.3.0 not now, somebody@secret.example",
                ("RCPT", Answer::Never) => "550 5.1.1 no such somebody@secret.example",
                ("RCPT" | "RSET" | "NOOP", _) => "250 2.0.0 fine",
                ("DATA", _) => {
                    say(&mut stream, "354 go on").await?;
                    let Some(message) = message(&mut stream, answer).await? else {
                        return Ok(None);
                    };
                    if matches!(answer, Answer::FullAfterData) {
                        "452 4.3.1 full"
                    } else {
                        self.with(|seen| seen.messages.push(message));
                        "250 2.0.0 taken"
                    }
                }
                ("QUIT", _) => {
                    say(&mut stream, "221 2.0.0 bye").await?;
                    return Ok(None);
                }
                _ => "502 5.5.1 what?",
            };
            say(&mut stream, reply).await?;
        }
        Ok(None)
    }
}

async fn say<S: AsyncWrite + Unpin>(stream: &mut S, line: &str) -> io::Result<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await?;
    stream.flush().await
}

async fn hear<S: AsyncBufRead + Unpin>(stream: &mut S) -> io::Result<Option<String>> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await?;
    Ok((read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
}

/// A message up to the line with a single dot; `None`: the connection is to break off within it.
async fn message<S: AsyncBufRead + Unpin>(
    stream: &mut S,
    answer: Answer,
) -> io::Result<Option<String>> {
    let mut message = String::new();
    while let Some(line) = hear(stream).await? {
        if line == "." {
            break;
        }
        if matches!(answer, Answer::BreakOff) {
            return Ok(None);
        }
        // A dot at the start of a line comes twice (RFC 5321 §4.5.2).
        message.push_str(line.strip_prefix('.').unwrap_or(&line));
        message.push('\n');
    }
    Ok(Some(message))
}

/// TLS with the tests' certificate for `localhost`.
fn acceptor() -> TlsAcceptor {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls");
    let certificate =
        CertificateDer::from_pem_file(folder.join("localhost.pem")).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(folder.join("localhost.key.pem")).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("a pair");
    TlsAcceptor::from(Arc::new(config))
}
