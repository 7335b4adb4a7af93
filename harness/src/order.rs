//! `harness order`: three servers on one PostgreSQL, many readers, one patient who shares and revokes. No read that
//! began after a revocation was acknowledged shows what was shared, and in the ledger no disclosure on a consent comes
//! after its revocation.

mod check;
mod reader;
mod sharer;

use crate::{
    browser::{Browser, Site},
    chance::Chance,
    fault::Fault,
    journey,
    process::{self, Running},
    say,
    world::{Template, World},
};
use clap::{Args, ValueEnum};
use reader::{Read, Reader};
use sharer::{Sharer, Turn};
use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
};

/// How many servers.
const SERVERS: usize = 3;
/// How often something is shared and revoked at least, however few reads are wanted.
const TURNS: usize = 2;
/// Who reads, on consents alone.
const READER: &str = "Dr. Tobias Lindqvist";
/// Whose clock is how wrong, in seconds: server by server.
const WRONG: [i64; SERVERS] = [0, -420, 540];
/// Where Debian's libfaketime is.
const FAKETIME: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

/// `harness order`
#[derive(Args, Debug)]
pub struct Order {
    /// How many reads in all
    #[arg(long, default_value_t = 300)]
    reads: u64,
    /// How many read at each server
    #[arg(long, default_value_t = 3)]
    readers: usize,
    /// Only one kind of trouble
    #[arg(long, value_enum, value_name = "TROUBLE")]
    only: Option<Trouble>,
    /// What chance is drawn from
    #[arg(long)]
    seed: Option<u64>,
    /// The program
    #[arg(long, value_name = "PATH", default_value = "target/debug/confide")]
    confide: PathBuf,
    /// The library that shifts a process's clock
    #[arg(long, value_name = "PATH", default_value = FAKETIME)]
    faketime: PathBuf,
}

/// What is the matter with the servers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Trouble {
    /// Nothing.
    Nothing,
    /// A server stands still while the revocation is made.
    Paused,
    /// One clock is minutes behind, another minutes ahead.
    WrongClocks,
}

impl Trouble {
    const fn words(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Paused => "a server paused",
            Self::WrongClocks => "clocks wrong both ways",
        }
    }
}

/// What one kind of trouble came to.
pub struct Outcome {
    trouble: Trouble,
    reads: Vec<Read>,
    turns: Vec<Turn>,
    count: u64,
    refused: u64,
    seconds: u64,
}

/// Reads and revokes under every kind of trouble; whether everything held.
///
/// # Errors
/// When something of this machine fails.
pub fn run(arguments: &Order) -> Result<bool, Fault> {
    let seed = arguments.seed.unwrap_or_else(process::seconds);
    let binary = process::binary(&arguments.confide)?;
    if !arguments.faketime.is_file() {
        return Err(Fault::Machine(format!(
            "{}: not there; it is in Debian's package libfaketime",
            arguments.faketime.display()
        )));
    }
    let folder = process::folder("order")?;
    let template = Template::make(&binary, folder.path(), true)?;
    let world = template.copy("servers")?;
    let mut chance = Chance::new(seed);
    let mut faults = Vec::new();
    let mut outcomes = Vec::new();
    let parts = [
        (Trouble::Nothing, 40),
        (Trouble::Paused, 30),
        (Trouble::WrongClocks, 30),
    ];
    for (trouble, hundredths) in parts {
        let hundredths = match arguments.only {
            Some(only) if only != trouble => continue,
            Some(_) => 100,
            None => hundredths,
        };
        let reads = arguments.reads.saturating_mul(hundredths).div_ceil(100);
        let scene = Scene::open(&world, trouble, arguments)?;
        let outcome = scene.play(&template, reads, chance.fork(), &mut faults)?;
        say::note(&format!(
            "trouble: {}: {} reads, {} revocations, {} s",
            trouble.words(),
            outcome.count,
            outcome.turns.len(),
            outcome.seconds
        ));
        outcomes.push(outcome);
    }
    let found = check::all(&world, &outcomes, &mut faults)?;
    for line in check::table(seed, &outcomes, &found, faults.len()) {
        say::line(&line);
    }
    if faults.is_empty() {
        return Ok(true);
    }
    for fault in faults.iter().take(50) {
        say::line(&format!("fault: {fault}"));
    }
    drop(template);
    let kept = folder.keep();
    say::line(&format!("seed {seed}, kept in {}", kept.display()));
    Ok(false)
}

/// Three servers that are up.
struct Scene {
    trouble: Trouble,
    servers: Vec<(Site, Running)>,
    /// How many read at each.
    readers: usize,
}

impl Scene {
    fn open(world: &World, trouble: Trouble, arguments: &Order) -> Result<Self, Fault> {
        let mut servers = Vec::new();
        for wrong in WRONG {
            let port = process::free_port()?;
            let mut variables = Vec::new();
            if trouble == Trouble::WrongClocks && wrong != 0 {
                variables = vec![
                    (
                        "LD_PRELOAD".to_owned(),
                        arguments.faketime.display().to_string(),
                    ),
                    ("FAKETIME".to_owned(), format!("{wrong:+}s")),
                    ("FAKETIME_DONT_FAKE_MONOTONIC".to_owned(), "1".to_owned()),
                ];
            }
            servers.push((Site::on(port), world.program.serve(port, &variables)?));
        }
        let readers = arguments.readers;
        Ok(Self {
            trouble,
            servers,
            readers,
        })
    }

    fn play(
        mut self,
        template: &Template,
        wanted: u64,
        mut chance: Chance,
        faults: &mut Vec<String>,
    ) -> Result<Outcome, Fault> {
        let patient = template.patient("Jordan")?;
        let mut sharer = Sharer::new(
            template.person("Jordan Reyes")?,
            self.trouble,
            chance.fork(),
        );
        let first = self.sites().into_iter().next();
        let first = first.ok_or_else(|| Fault::Machine("no server".to_owned()))?;
        let item = item_on_consent(template, &first, &patient, &mut sharer)?;
        let path = format!("/patients/{patient}/records/{item}");
        let mut readers = Vec::new();
        for site in self.sites() {
            for _ in 0..self.readers {
                let person = template.person(READER)?;
                readers.push(Reader::begin(&person, &site, &patient, &path)?);
            }
        }
        let (done, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        let began = process::now();
        let outcome = thread::scope(|scope| {
            let reading: Vec<_> = readers
                .iter_mut()
                .map(|reader| scope.spawn(|| reader.read_until(&done, &stop)))
                .collect();
            let enough = |turns: usize| turns >= TURNS && done.load(Ordering::Relaxed) >= wanted;
            let turns = sharer.take_turns(&self.servers, &enough);
            stop.store(true, Ordering::Relaxed);
            for reader in reading {
                if reader.join().is_err() {
                    faults.push("a reader fell".to_owned());
                }
            }
            turns
        });
        let turns = outcome?;
        for (_, server) in &mut self.servers {
            server.stop()?;
        }
        let mut reads = Vec::new();
        let mut refused = 0_u64;
        for reader in readers {
            faults.extend(reader.odd);
            refused = refused.saturating_add(reader.refused);
            reads.extend(reader.shown);
        }
        if reads.is_empty() {
            faults.push(format!(
                "trouble: {}: no read showed anything",
                self.trouble.words()
            ));
        }
        Ok(Outcome {
            trouble: self.trouble,
            reads,
            turns,
            count: done.load(Ordering::Relaxed),
            refused,
            seconds: began.elapsed().as_secs(),
        })
    }

    fn sites(&self) -> Vec<Site> {
        self.servers.iter().map(|(site, _)| site.clone()).collect()
    }
}

/// An item that the reader sees on a consent and not without it.
fn item_on_consent(
    template: &Template,
    site: &Site,
    patient: &str,
    sharer: &mut Sharer,
) -> Result<String, Fault> {
    let person = template.person(READER)?;
    let mut browser = Browser::new(site);
    journey::sign_in(&mut browser, &person)?;
    let before = items(&mut browser, patient)?;
    let consent = sharer.share_at(site)?;
    let with = items(&mut browser, patient)?;
    sharer.revoke_at(site, &consent)?;
    let after = items(&mut browser, patient)?;
    let only = with.difference(&before).find(|item| !after.contains(*item));
    only.cloned()
        .ok_or_else(|| Fault::Odd("the consent opens nothing".to_owned()))
}

fn items(browser: &mut Browser, patient: &str) -> Result<BTreeSet<String>, Fault> {
    let page = journey::open_chart(browser, patient)?;
    Ok(page.items().into_iter().map(|item| item.id).collect())
}
