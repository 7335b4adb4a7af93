//! `harness away`: the disk is full, or the database is away. Nothing is shown that can't be logged, the page says so
//! soon, and when the trouble is over everything works again without a restart.

mod trouble;

use crate::{
    browser::{Browser, Site},
    fault::Fault,
    journey,
    ledger::{Event, Ledger, verify},
    page::Page,
    process::{self, Running},
    say,
    world::{Template, World},
};
use clap::Args;
use std::{collections::BTreeSet, path::PathBuf, time::Duration};
use trouble::Trouble;

/// How long a page may take to say that it can't be shown.
const SOON: Duration = Duration::from_secs(20);

/// `harness away`
#[derive(Args, Debug)]
pub struct Away {
    /// The program
    #[arg(long, value_name = "PATH", default_value = "target/debug/confide")]
    confide: PathBuf,
    /// How often each trouble comes and goes while one process serves
    #[arg(long, default_value_t = 3)]
    times: u32,
}

/// Makes each kind of trouble; whether everything held.
///
/// # Errors
/// When something of this machine fails.
pub fn run(arguments: &Away) -> Result<bool, Fault> {
    let binary = process::binary(&arguments.confide)?;
    let times = arguments.times;
    let mut faults = Vec::new();
    say::line(
        "| trouble | times | pages refused | slowest refusal, ms | pages shown, all logged | faults |",
    );
    say::line("| --- | ---: | ---: | ---: | ---: | ---: |");
    for postgres in [false, true] {
        let folder = process::folder("away")?;
        let mut template = Template::make(&binary, folder.path(), postgres)?;
        let world = template.copy("world")?;
        let before = faults.len();
        let mut scene = Scene::open(&template, &world, !postgres)?;
        for _ in 0..times {
            scene.come_and_go(&mut template, &mut faults)?;
        }
        scene.compare(&world, &mut faults)?;
        let Scene {
            refused,
            slowest,
            shown,
            ..
        } = &scene;
        let name = if postgres {
            "PostgreSQL is away"
        } else {
            "the disk is full"
        };
        say::line(&format!(
            "| {name} | {times} | {refused} | {} | {} | {} |",
            slowest.as_millis(),
            shown.len(),
            faults.len().saturating_sub(before)
        ));
    }
    for fault in &faults {
        say::line(&format!("fault: {fault}"));
    }
    Ok(faults.is_empty())
}

/// One process that serves, and a patient at a browser.
struct Scene {
    running: Running,
    browser: Browser,
    trouble: Trouble,
    /// The items of the record, none of which may be on a page that was not logged.
    items: BTreeSet<String>,
    /// The request ids of pages that showed the record.
    shown: Vec<String>,
    refused: u32,
    slowest: Duration,
}

impl Scene {
    fn open(template: &Template, world: &World, disk: bool) -> Result<Self, Fault> {
        let port = process::free_port()?;
        let running = world.program.serve_undaunted(port)?;
        let mut browser = Browser::new(&Site::on(port));
        let person = template.person("Jordan Reyes")?;
        journey::sign_in(&mut browser, &person)?;
        let trouble = if disk {
            Trouble::FullDisk
        } else {
            Trouble::NoDatabase
        };
        let mut scene = Self {
            running,
            browser,
            trouble,
            items: BTreeSet::new(),
            shown: Vec::new(),
            refused: 0,
            slowest: Duration::ZERO,
        };
        let page = scene.shows()?;
        scene.items = page.items().into_iter().map(|item| item.id).collect();
        if scene.items.is_empty() {
            return Err(page.odd("lists nothing"));
        }
        Ok(scene)
    }

    /// A page of the record, which shows it.
    fn shows(&mut self) -> Result<Page, Fault> {
        let page = self.browser.get("/records")?.expect(200)?;
        self.shown.push(page.request.clone());
        Ok(page)
    }

    fn come_and_go(
        &mut self,
        template: &mut Template,
        faults: &mut Vec<String>,
    ) -> Result<(), Fault> {
        self.shows()?;
        self.trouble.comes(&self.running, template)?;
        // Agreements are no content of the record, and looking at them is not logged: where the database can be read, they
        // may be shown.
        let all = matches!(self.trouble, Trouble::NoDatabase);
        let paths = [("/records", true), ("/sharing", all), ("/records", true)];
        for (path, must_be_refused) in paths {
            let began = process::now();
            let page = match self.browser.look(path) {
                Err(gone @ Fault::Gone(_)) => {
                    faults.push(gone.to_string());
                    self.browser.reconnect();
                    continue;
                }
                page => page?,
            };
            let took = began.elapsed();
            self.slowest = self.slowest.max(took);
            self.refused = self.refused.saturating_add(u32::from(page.status == 503));
            let text = page.text();
            if must_be_refused && page.status != 503 {
                faults.push(page.odd("was to be refused with 503").to_string());
            }
            if took > SOON {
                faults.push(page.odd(&format!("took {} s", took.as_secs())).to_string());
            }
            if self.items.iter().any(|id| text.contains(id)) {
                faults.push(page.odd("shows the record").to_string());
            }
        }
        self.trouble.goes(&self.running, template)?;
        // What is away is found to be back within the time that a connection may take.
        let began = process::now();
        loop {
            let page = self.browser.look("/records")?;
            if page.status == 200 {
                self.shown.push(page.request.clone());
                return Ok(());
            }
            if began.elapsed() > SOON {
                faults.push(page.odd("is not back").to_string());
                return Ok(());
            }
        }
    }

    /// The ledger is whole, and has exactly the pages that were shown.
    fn compare(&mut self, world: &World, faults: &mut Vec<String>) -> Result<(), Fault> {
        self.running.stop()?;
        let (found, _) = verify(&world.program)?;
        faults.extend(found);
        let ledger = Ledger::export(&world.program)?;
        for request in &self.shown {
            let logged = ledger
                .of_request(request)
                .any(|entry| matches!(entry.event, Event::Disclosed { .. }));
            if !logged {
                faults.push(format!(
                    "request {request} was shown and is not in the ledger"
                ));
            }
        }
        Ok(())
    }
}
