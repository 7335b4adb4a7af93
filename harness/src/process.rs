//! The program as a process: started, asked to stop, paused, killed.

use crate::{browser::Site, fault::Fault};
use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};
use std::{
    fs::File,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// How long a server may take until it answers, and to stop.
const PATIENCE: Duration = Duration::from_mins(1);

/// Now, on the machine's steady clock: every client runs on this machine.
#[expect(
    clippy::disallowed_methods,
    reason = "what is measured here is the machine's own time"
)]
pub fn now() -> Instant {
    Instant::now()
}

/// The time of day (UTC), to the millisecond, to be held against a log.
#[expect(
    clippy::disallowed_methods,
    reason = "it is held against the log of a program that runs beside"
)]
pub fn clock() -> String {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = since.as_secs() % 86_400;
    format!(
        "{:02}:{:02}:{:02}.{:03}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        since.subsec_millis()
    )
}

/// Seconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "codes of authenticator apps are of the machine's own time"
)]
pub fn seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// A folder of this run, thrown away at its end unless kept; its path is short, and PostgreSQL's own user may enter it.
pub fn folder(name: &str) -> Result<tempfile::TempDir, Fault> {
    let folder = tempfile::Builder::new()
        .prefix(&format!("{name}-"))
        .tempdir()?;
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(folder.path(), open)?;
    Ok(folder)
}

/// The program of this name, wherever it is started.
pub fn binary(path: &Path) -> Result<PathBuf, Fault> {
    path.canonicalize()
        .map_err(|error| Fault::file(path, &error))
}

/// A port nobody listens on now.
pub fn free_port() -> Result<u16, Fault> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// The program, and where it keeps its things.
#[derive(Clone, Debug)]
pub struct Program {
    /// The binary.
    pub binary: PathBuf,
    /// The configuration, as variables.
    pub variables: Vec<(String, String)>,
    /// Where its output goes.
    pub logs: PathBuf,
}

impl Program {
    /// A command with these arguments.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(arguments)
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Result<Output, Fault> {
        Ok(self.command(arguments).output()?)
    }

    /// Runs a command that must succeed; what it printed.
    pub fn succeed(&self, arguments: &[&str]) -> Result<Vec<u8>, Fault> {
        let output = self.run(arguments)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(Fault::Odd(format!(
            "confide {}: {}\n{}{}",
            arguments.join(" "),
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )))
    }

    /// Starts a command that goes on, its output in a file of this name.
    pub fn start(&self, arguments: &[&str], log: &str) -> Result<Running, Fault> {
        self.start_with(arguments, log, &[])
    }

    /// The same with more variables.
    pub fn start_with(
        &self,
        arguments: &[&str],
        log: &str,
        more: &[(String, String)],
    ) -> Result<Running, Fault> {
        let path = self.logs.join(log);
        let out = File::options()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(|error| Fault::file(&path, &error))?;
        let child = self
            .command(arguments)
            .envs(more.iter().map(|(name, value)| (name, value)))
            .stdout(out.try_clone()?)
            .stderr(out)
            .spawn()?;
        Ok(Running { child, log: path })
    }

    /// Serves the portal on this port, and waits until it is ready.
    pub fn serve(&self, port: u16, more: &[(String, String)]) -> Result<Running, Fault> {
        let mut variables = serving(port);
        variables.extend_from_slice(more);
        let mut running = self.start_with(&["serve"], &format!("serve-{port}.log"), &variables)?;
        running.wait_ready(&Site::on(port))?;
        Ok(running)
    }
}

impl Program {
    /// Serves the portal in a process that a file it may not write to does not end: see [`Running::limit_files`].
    pub fn serve_undaunted(&self, port: u16) -> Result<Running, Fault> {
        let path = self.logs.join(format!("serve-{port}.log"));
        let out = File::create(&path).map_err(|error| Fault::file(&path, &error))?;
        let plain = self.command(&["serve"]);
        let mut command = Command::new("sh");
        command
            .args(["-c", "trap '' XFSZ; exec \"$0\" serve"])
            .arg(&self.binary)
            .env_clear()
            .envs(
                plain
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            )
            .envs(serving(port))
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out);
        let mut running = Running {
            child: command.spawn()?,
            log: path,
        };
        running.wait_ready(&Site::on(port))?;
        Ok(running)
    }
}

/// What `confide serve` needs besides where things are kept. Every client here comes from one address.
fn serving(port: u16) -> Vec<(String, String)> {
    [
        ("CONFIDE_ADDRESS", format!("127.0.0.1:{port}")),
        ("CONFIDE_PUBLIC_URL", Site::on(port).origin),
        ("CONFIDE_REQUESTS__BURST", "1000000".to_owned()),
        ("CONFIDE_REQUESTS__PER_SECOND", "1000000".to_owned()),
        ("CONFIDE_LOG__FILTER", "warn".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// A process that goes on; killed when dropped.
pub struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Waits until it answers `/readyz`.
    pub fn wait_ready(&mut self, site: &Site) -> Result<(), Fault> {
        let began = now();
        while began.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                return Err(Fault::Odd(format!(
                    "it ended, {status}: {}",
                    tail(&self.log)
                )));
            }
            let mut browser = crate::browser::Browser::new(site);
            if browser.look("/readyz").is_ok_and(|page| page.status == 200) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Err(Fault::Odd(format!("it is not ready: {}", tail(&self.log))))
    }

    /// Everything that was logged under this name, by earlier processes too.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The memory it has resident, and the most it ever had; in bytes.
    pub fn resident(&self) -> Result<(u64, u64), Fault> {
        let path = format!("/proc/{}/status", self.child.id());
        let text = std::fs::read_to_string(&path)
            .map_err(|error| Fault::file(Path::new(&path), &error))?;
        let of = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name))?;
            let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
            Some(kilobytes.saturating_mul(1_024))
        };
        of("VmRSS:")
            .zip(of("VmHWM:"))
            .ok_or_else(|| Fault::Machine(format!("{path}: no sizes")))
    }

    /// How large a file it may make, in bytes; `None`: of any size. With 0 it can write to no file at all, as when the
    /// disk is full.
    pub fn limit_files(&self, bytes: Option<u64>) -> Result<(), Fault> {
        let limit = Rlimit {
            current: bytes,
            maximum: None,
        };
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        prlimit(id, Resource::Fsize, limit)
            .map(drop)
            .map_err(|error| Fault::Machine(format!("a process's limits: {error}")))
    }

    /// SIGKILL, and gone.
    pub fn kill(&mut self) -> Result<(), Fault> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGSTOP: it stands still and holds what it holds.
    pub fn pause(&self) -> Result<(), Fault> {
        self.signal(Signal::STOP)
    }

    /// SIGCONT.
    pub fn go_on(&self) -> Result<(), Fault> {
        self.signal(Signal::CONT)
    }

    /// SIGTERM, and waits until it ended.
    pub fn stop(&mut self) -> Result<(), Fault> {
        self.signal(Signal::TERM)?;
        let began = now();
        while began.elapsed() < PATIENCE {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        self.kill()
    }

    fn signal(&self, signal: Signal) -> Result<(), Fault> {
        signal_to(self.child.id(), signal)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process by its id.
pub fn signal_to(id: u32, signal: Signal) -> Result<(), Fault> {
    let pid = i32::try_from(id)
        .ok()
        .and_then(Pid::from_raw)
        .ok_or_else(|| Fault::Machine(format!("{id}: no process")))?;
    kill_process(pid, signal).map_err(|error| Fault::Machine(format!("process {id}: {error}")))
}

/// The end of a log.
fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().rev().take(5).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}
