//! A PostgreSQL cluster of the harness's own, which may be killed.

use crate::{fault::Fault, process};
use rustix::process::Signal;
use std::{
    fs,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// How long it may take to start, recovery included.
const PATIENCE: Duration = Duration::from_mins(1);
/// No port. What a killed process handed to the kernel is not lost, so nothing is gained by waiting for the disk: that
/// would matter when the power fails, which is not tried here.
const SETTINGS: [&str; 6] = [
    "-c",
    "listen_addresses=",
    "-c",
    "max_connections=200",
    "-c",
    "fsync=off",
];
/// The owner of every database.
const USER: &str = "postgres";

/// A cluster in a folder; killed when dropped.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    /// PostgreSQL refuses to run as root.
    user: Option<u32>,
    server: Option<Child>,
}

impl Cluster {
    /// Makes one in this folder, whose path must be short: a socket's address has a limit.
    pub fn make(folder: &Path) -> Result<Self, Fault> {
        fs::create_dir_all(folder).map_err(|error| Fault::file(folder, &error))?;
        let user = if rustix::process::geteuid().is_root() {
            let id = id_of(USER)?;
            chown(folder, Some(id), None).map_err(|error| Fault::file(folder, &error))?;
            Some(id)
        } else {
            None
        };
        let mut cluster = Self {
            programs: programs()?,
            folder: folder.to_owned(),
            user,
            server: None,
        };
        let data = cluster.data();
        cluster.succeed(
            "initdb",
            &[
                "-A",
                "trust",
                "--no-sync",
                "-U",
                USER,
                "-D",
                &data.display().to_string(),
            ],
        )?;
        cluster.start()?;
        Ok(cluster)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Where a database of it is.
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres://{USER}@localhost/{database}?host={}",
            self.folder.display()
        )
    }

    /// Starts the server, and waits until it takes connections.
    pub fn start(&mut self) -> Result<(), Fault> {
        let log = self.folder.join("log");
        let out = fs::File::options()
            .create(true)
            .append(true)
            .open(&log)
            .map_err(|error| Fault::file(&log, &error))?;
        let mut command = self.command("postgres");
        command
            .arg("-D")
            .arg(self.data())
            .arg("-k")
            .arg(&self.folder)
            .args(SETTINGS)
            .stdout(out.try_clone()?)
            .stderr(out);
        let began = process::now();
        self.server = Some(command.spawn()?);
        while began.elapsed() < PATIENCE {
            if self.psql("postgres", "SELECT 1").is_ok() {
                return Ok(());
            }
            if let Some(server) = &mut self.server
                && server.try_wait()?.is_some()
            {
                // Processes of the server that was killed may still hold its memory.
                std::thread::sleep(Duration::from_millis(50));
                self.server = Some(command.spawn()?);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(Fault::Machine(format!(
            "PostgreSQL doesn't start: {}",
            log.display()
        )))
    }

    /// SIGKILL to the postmaster and every process it started.
    pub fn kill(&mut self) -> Result<(), Fault> {
        let Some(mut server) = self.server.take() else {
            return Ok(());
        };
        // Stopped first: it must not start anything anew while its processes are killed.
        process::signal_to(server.id(), Signal::STOP)?;
        let children = children(server.id());
        server.kill()?;
        for child in &children {
            // Some end by themselves.
            let _ = process::signal_to(*child, Signal::KILL);
        }
        server.wait()?;
        while children.iter().any(|id| is_running(*id)) {
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Runs a statement.
    pub fn psql(&self, database: &str, statement: &str) -> Result<(), Fault> {
        let host = self.folder.display().to_string();
        let arguments = [
            "-X", "-q", "-h", &host, "-U", USER, "-d", database, "-c", statement,
        ];
        self.succeed("psql", &arguments)
    }

    fn succeed(&self, program: &str, arguments: &[&str]) -> Result<(), Fault> {
        let output = self.command(program).args(arguments).output()?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(Fault::Machine(format!("{program}: {said}")))
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.stdin(Stdio::null()).current_dir("/");
        if let Some(user) = self.user {
            command.uid(user);
        }
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// The newest PostgreSQL of this machine.
fn programs() -> Result<PathBuf, Fault> {
    let root = Path::new("/usr/lib/postgresql");
    let entries = fs::read_dir(root).map_err(|error| Fault::file(root, &error))?;
    entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .max()
        .map(|(_, path)| path)
        .ok_or_else(|| Fault::Machine("no PostgreSQL in /usr/lib/postgresql".to_owned()))
}

fn id_of(user: &str) -> Result<u32, Fault> {
    let output = Command::new("id").args(["-u", user]).output()?;
    String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .map_err(|_| Fault::Machine(format!("no user {user}")))
}

/// The processes that this one started.
fn children(of: u32) -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|id| parent(*id) == Some(of))
        .collect()
}

/// The fields after a process's name, which may hold anything but ends with the last parenthesis (proc(5)).
fn status(of: u32) -> Option<Vec<String>> {
    let stat = fs::read_to_string(format!("/proc/{of}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    Some(fields.split_whitespace().map(ToOwned::to_owned).collect())
}

fn parent(of: u32) -> Option<u32> {
    status(of)?.get(1)?.parse().ok()
}

/// Whether it is there and no zombie that waits to be fetched.
fn is_running(id: u32) -> bool {
    status(id).is_some_and(|fields| fields.first().is_some_and(|state| state != "Z"))
}
