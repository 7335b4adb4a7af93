//! One copy of the demo, killed again and again.

use super::{
    client::{Client, Habit},
    portal::{self, Compared},
    summary::Summary,
    told::Counts,
    tool::{self, Ending, Task, Tool},
};
use crate::{
    browser::Site,
    chance::Chance,
    fault::Fault,
    ledger::{self, Ledger},
    process::{self, Running},
    say,
    world::{Template, World},
};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

/// Who works at the same time: name, habit.
const CAST: [(&str, Habit); 7] = [
    ("Jordan Reyes", Habit::Shares),
    ("Morgan Ellis", Habit::Shares),
    ("Jordan Reyes", Habit::ReadsOwn),
    ("Morgan Ellis", Habit::ReadsOwn),
    ("Dr. Amara Okafor", Habit::ReadsCharts),
    ("Dr. Elena Vasquez", Habit::ReadsCharts),
    ("Dr. Tobias Lindqvist", Habit::ReadsCharts),
];
/// What Rust says of a fault in the program itself.
const PANICKED: &str = "panicked at";
/// To whom imports bring resources.
const IMPORTED_FOR: &str = "Patient/demo-patient-2";

/// Which rounds.
pub struct Scene {
    /// The name of the copy.
    pub name: String,
    /// The number of the first round.
    pub first: u32,
    /// How many.
    pub rounds: u32,
    /// Of how many in all.
    pub of: u32,
}

/// What is killed beside the server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DatabaseKilled {
    No,
    /// At the same time.
    WithServer,
    /// First; it comes back while the server runs.
    Before,
}

/// A copy of the demo with people at work.
pub struct Rounds<'t> {
    template: &'t mut Template,
    world: World,
    scene: Scene,
    port: u16,
    clients: Vec<Client>,
    chance: Chance,
    /// Consents whose page was compared, and how it stood.
    compared: Compared,
}

impl<'t> Rounds<'t> {
    /// Copies the demo.
    pub fn begin(
        template: &'t mut Template,
        scene: Scene,
        mut chance: Chance,
    ) -> Result<Self, Fault> {
        let world = template.copy(&scene.name)?;
        let port = process::free_port()?;
        let patients = vec![template.patient("Jordan")?, template.patient("Morgan")?];
        let mut clients = Vec::new();
        for (name, habit) in CAST {
            let person = template.person(name)?;
            let mut client = Client::new(person, habit, &Site::on(port), chance.fork());
            client.patients.clone_from(&patients);
            if let Some(first) = name.split(' ').next()
                && habit != Habit::ReadsCharts
            {
                client.own_chain = template.patient(first)?;
            }
            clients.push(client);
        }
        Ok(Self {
            template,
            world,
            scene,
            port,
            clients,
            chance,
            compared: Compared::new(),
        })
    }

    /// All rounds, and a rotation to its end after them; the copy is thrown away when everything held.
    pub fn run(&mut self, summary: &mut Summary) -> Result<(), Fault> {
        let mut known = Ledger::export(&self.world.program)?;
        for number in 0..self.scene.rounds {
            let began = process::now();
            known = self.round(number, &known, summary)?;
            summary.rounds = summary.rounds.saturating_add(1);
            let took = began.elapsed();
            summary.took = summary.took.saturating_add(took);
            self.tell(number, took, known.entries.len());
            if !summary.faults.is_empty() {
                return Ok(());
            }
        }
        self.last(&known, summary)?;
        if summary.faults.is_empty() {
            self.template.remove(&self.world)?;
        }
        Ok(())
    }

    fn tell(&self, number: u32, took: Duration, entries: usize) {
        let counts = self.counts();
        say::note(&format!(
            "round {} of {}: {} ms, {entries} entries; so far in this copy {} shown, {} signed, {} revoked, {} copied, \
             {} cut, {} refused",
            self.scene.first.saturating_add(number).saturating_add(1),
            self.scene.of,
            took.as_millis(),
            counts.shown,
            counts.signed,
            counts.revoked,
            counts.copied,
            counts.cut,
            counts.refused,
        ));
    }

    fn counts(&self) -> Counts {
        let all = self.clients.iter().map(|client| client.counts);
        all.fold(Counts::default(), Counts::and)
    }

    fn round(
        &mut self,
        number: u32,
        known: &Ledger,
        summary: &mut Summary,
    ) -> Result<Ledger, Fault> {
        let before = self.counts();
        let mut server = self.world.program.serve(self.port, &[])?;
        portal::compare(&mut self.clients, known, &mut self.compared, summary)?;
        let tool = self.load(number, &mut server, summary)?;
        if let Some((task, ending)) = &tool {
            summary.count(task, ending);
            if let Ending::Refused(said) = ending
                && said.contains(PANICKED)
            {
                summary.faults.push(format!("{task:?} refused: {said}"));
            }
        }
        let ledger = self.check(summary)?;
        if let Some((Task::Import(path), ending)) = &tool {
            let wrong = tool::check_import(&self.world.program, path, ending)?;
            summary.faults.extend(wrong);
        }
        let after = self.counts();
        summary.counts = summary.counts.and(since(before, after));
        for client in &mut self.clients {
            summary.faults.append(&mut client.odd);
        }
        Ok(ledger)
    }

    /// Everybody works until everything is killed.
    fn load(
        &mut self,
        number: u32,
        server: &mut Running,
        summary: &mut Summary,
    ) -> Result<Option<(Task, Ending)>, Fault> {
        let stop = AtomicBool::new(false);
        let database = self.what_is_killed();
        let live = self.chance.between(50, 1_500);
        let away = self.chance.between(20, 400);
        let tool = self.tool(number)?;
        let tool_waits = self.chance.between(0, 900);
        let (program, chance) = (&self.world.program, &mut self.chance);
        let template = &mut *self.template;
        // Sometimes many at once, sometimes few who get further.
        let few = chance.once_in(2);
        let clients: Vec<&mut Client> = self
            .clients
            .iter_mut()
            .filter(|_| !few || chance.once_in(3))
            .collect();
        thread::scope(|scope| {
            for client in clients {
                scope.spawn(|| client.work(&stop));
            }
            let beside = tool.map(|task| {
                let mut chance = chance.fork();
                scope.spawn(move || {
                    thread::sleep(tool_waits);
                    Tool::start(program, task, &mut chance)?.finish()
                })
            });
            thread::sleep(live);
            if let (Some(cluster), true) = (template.cluster(), database != DatabaseKilled::No) {
                summary.database_killed = summary.database_killed.saturating_add(1);
                cluster.kill()?;
                if database == DatabaseKilled::Before {
                    thread::sleep(away);
                    cluster.start()?;
                    thread::sleep(away);
                }
            }
            server.kill()?;
            stop.store(true, Ordering::Relaxed);
            if let (Some(cluster), true) =
                (template.cluster(), database == DatabaseKilled::WithServer)
            {
                cluster.start()?;
            }
            beside
                .map(|running| {
                    running
                        .join()
                        .unwrap_or_else(|_| Err(Fault::Machine("a thread fell".to_owned())))
                })
                .transpose()
        })
    }

    fn what_is_killed(&mut self) -> DatabaseKilled {
        if self.template.cluster().is_none() {
            return DatabaseKilled::No;
        }
        match self.chance.below(4) {
            0 => DatabaseKilled::WithServer,
            1 => DatabaseKilled::Before,
            _ => DatabaseKilled::No,
        }
    }

    /// What runs beside the server this time.
    fn tool(&mut self, number: u32) -> Result<Option<Task>, Fault> {
        Ok(match self.chance.below(4) {
            0 | 1 => {
                let name = format!("{}-{number}", self.scene.name);
                let path = tool::write_bundle(&self.world.program, &name, IMPORTED_FOR)?;
                Some(Task::Import(path))
            }
            2 => Some(Task::Rotate),
            _ => None,
        })
    }

    /// The ledger is whole, and holds everything that anybody was told since this copy was made.
    fn check(&self, summary: &mut Summary) -> Result<Ledger, Fault> {
        let (faults, replayed) = ledger::verify(&self.world.program)?;
        summary.faults.extend(faults);
        summary.replayed = summary.replayed.saturating_add(replayed);
        let ledger = Ledger::export(&self.world.program)?;
        for told in self.clients.iter().flat_map(|client| &client.told) {
            summary.promises = summary.promises.saturating_add(1);
            summary.faults.extend(told.missing(&ledger));
        }
        Ok(ledger)
    }

    /// A rotation that was broken off goes on to its end, and everything can be read after it.
    fn last(&mut self, known: &Ledger, summary: &mut Summary) -> Result<(), Fault> {
        let program = self.world.program.clone();
        program.succeed(&["keys", "rotate", "--data-keys", "--pause", "0"])?;
        summary.rotations.0 = summary.rotations.0.saturating_add(1);
        let mut server = program.serve(self.port, &[])?;
        portal::compare(&mut self.clients, known, &mut self.compared, summary)?;
        for client in &mut self.clients {
            client.browser.reconnect();
            client.read_everything(&mut summary.faults)?;
        }
        server.stop()?;
        self.check(summary)?;
        if server.log().contains(PANICKED) {
            summary
                .faults
                .push("the server's log tells of a panic".to_owned());
        }
        Ok(())
    }
}

fn since(before: Counts, after: Counts) -> Counts {
    Counts {
        shown: after.shown.saturating_sub(before.shown),
        revealed: after.revealed.saturating_sub(before.revealed),
        signed: after.signed.saturating_sub(before.signed),
        revoked: after.revoked.saturating_sub(before.revoked),
        copied: after.copied.saturating_sub(before.copied),
        signed_in: after.signed_in.saturating_sub(before.signed_in),
        cut: after.cut.saturating_sub(before.cut),
        refused: after.refused.saturating_sub(before.refused),
    }
}
