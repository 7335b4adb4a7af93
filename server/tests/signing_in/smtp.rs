//! A mail server on this machine: as much of RFC 5321 as a letter takes, with answers that are set beforehand.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

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
    commands: Vec<String>,
    messages: Vec<String>,
    answers: Vec<Answer>,
}

/// The server.
#[derive(Clone)]
pub struct Smtp {
    /// Where it listens.
    pub address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

impl Smtp {
    /// Starts it; it ends with the test.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let smtp = Self {
            address: listener.local_addr().expect("an address"),
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

    /// Every command that came.
    pub fn commands(&self) -> Vec<String> {
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

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let mut answer = Answer::Take;
        write.write_all(b"220 mail.test ESMTP\r\n").await?;
        while let Some(line) = lines.next_line().await? {
            self.with(|seen| seen.commands.push(line.clone()));
            let verb = line
                .split([' ', ':'])
                .next()
                .unwrap_or_default()
                .to_uppercase();
            let reply = match (verb.as_str(), answer) {
                ("EHLO", _) => "250-mail.test\r\n250-8BITMIME\r\n250 SIZE 1000000\r\n",
                ("MAIL", _) => {
                    answer = self.next();
                    "250 2.1.0 fine\r\n"
                }
                ("RCPT", Answer::NotNow) => "451 4.3.0 not now, somebody@secret.example\r\n",
                ("RCPT", Answer::Never) => "550 5.1.1 no such somebody@secret.example\r\n",
                ("RCPT" | "RSET" | "NOOP", _) => "250 2.0.0 fine\r\n",
                ("DATA", _) => {
                    write.write_all(b"354 go on\r\n").await?;
                    let mut message = String::new();
                    while let Some(line) = lines.next_line().await? {
                        if line == "." {
                            break;
                        }
                        if matches!(answer, Answer::BreakOff) {
                            return Ok(());
                        }
                        // A dot at the start of a line comes twice (RFC 5321 §4.5.2).
                        message.push_str(line.strip_prefix('.').unwrap_or(&line));
                        message.push('\n');
                    }
                    if matches!(answer, Answer::FullAfterData) {
                        "452 4.3.1 full\r\n"
                    } else {
                        self.with(|seen| seen.messages.push(message));
                        "250 2.0.0 taken\r\n"
                    }
                }
                ("QUIT", _) => {
                    write.write_all(b"221 2.0.0 bye\r\n").await?;
                    return Ok(());
                }
                _ => "502 5.5.1 what?\r\n",
            };
            write.write_all(reply.as_bytes()).await?;
        }
        Ok(())
    }
}
