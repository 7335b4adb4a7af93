//! `harness load`: how many pages of a chart with a hundred labelled results a server shows in a second, each logged
//! durably before it goes out; and how many a bare handler answers that reads, decrypts, writes and sends as much.

mod chart;
mod clients;
mod floor;

pub use chart::hundred_results;
pub use clients::measure;
pub use floor::{Floor, serve as serve_floor};

use crate::{
    browser::{Browser, Site},
    fault::Fault,
    journey,
    ledger::{Event, each, verify},
    process, say,
    world::{Template, World},
};
use clap::Args;
use clients::Measured;
use std::{path::PathBuf, time::Duration};

/// Who reads, on a consent alone.
const READER: &str = "Dr. Tobias Lindqvist";
/// Whose record.
const PATIENT: &str = "Jordan Reyes";
/// The same on the lists of clinicians.
const FIRST_NAME: &str = "Jordan";

/// `harness load`
#[derive(Args, Debug)]
pub struct Load {
    /// How many at a time, one measurement each
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64])]
    clients: Vec<usize>,
    /// How long each measurement takes
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// The program; a release build, or the figures mean nothing
    #[arg(long, value_name = "PATH", default_value = "target/release/confide")]
    confide: PathBuf,
}

/// Measures both; whether every page that was shown stands in the ledger.
///
/// # Errors
/// When something of this machine fails.
pub fn run(arguments: &Load) -> Result<bool, Fault> {
    let binary = process::binary(&arguments.confide)?;
    let folder = process::folder("load")?;
    let template = Template::make(&binary, folder.path(), false)?;
    let world = template.copy("world")?;
    chart::hundred_results(&world)?;
    let measured = Bench {
        template: &template,
        world: &world,
        arguments,
    };
    let (portal, path) = measured.portal()?;
    let bytes = portal.iter().map(|it| it.bytes).max().unwrap_or_default();
    let floor = measured.floor(bytes)?;
    let entry = std::fs::metadata(world.folder.join("confide.db"))?.len();
    say::line(&format!(
        "{path}: {bytes} bytes a page; the database has {entry} bytes"
    ));
    say::line(
        "| clients | pages/s | p50, ms | p99, ms | bare handler, answers/s | p50, ms | ratio |",
    );
    say::line("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (page, bare) in portal.iter().zip(&floor) {
        say::line(&format!(
            "| {} | {:.0} | {:.1} | {:.1} | {:.0} | {:.1} | {:.2} |",
            page.clients,
            page.rate(),
            page.percentile(50),
            page.percentile(99),
            bare.rate(),
            bare.percentile(50),
            page.rate() / bare.rate(),
        ));
    }
    let (faults, _) = verify(&world.program)?;
    let mut disclosed: u64 = 0;
    each(&world.program, |entry| {
        disclosed =
            disclosed.saturating_add(u64::from(matches!(entry.event, Event::Disclosed { .. })));
    })?;
    let shown: u64 = portal.iter().map(Measured::count).sum();
    say::line(&format!(
        "{shown} pages shown, {disclosed} disclosures in the ledger, {} faults in it",
        faults.len()
    ));
    Ok(faults.is_empty() && disclosed >= shown)
}

struct Bench<'a> {
    template: &'a Template,
    world: &'a World,
    arguments: &'a Load,
}

impl Bench<'_> {
    fn time(&self) -> Duration {
        Duration::from_secs(self.arguments.seconds)
    }

    /// The pages, and their address.
    fn portal(&self) -> Result<(Vec<Measured>, String), Fault> {
        let port = process::free_port()?;
        let mut running = self.world.program.serve(port, &[])?;
        let site = Site::on(port);
        let patient = self.template.person(PATIENT)?;
        let mut browser = Browser::new(&site);
        journey::sign_in(&mut browser, &patient)?;
        let share = journey::Share {
            to: READER,
            segments: &["substance-use", "general"],
            part2: true,
        };
        journey::share(&mut browser, &patient, &share)?;
        let reader = self.template.person(READER)?;
        let path = format!("/patients/{}", self.template.patient(FIRST_NAME)?);
        let mut measured = Vec::new();
        for many in &self.arguments.clients {
            let mut browsers = Vec::new();
            for _ in 0..*many {
                let mut browser = Browser::new(&site);
                journey::sign_in(&mut browser, &reader)?;
                let id = self.template.patient(FIRST_NAME)?;
                let page = journey::open_chart(&mut browser, &id)?.expect(200)?;
                if page.items().len() < 50 {
                    return Err(page.odd("shows fewer than fifty results"));
                }
                browsers.push(browser);
            }
            measured.push(clients::measure(browsers, &path, self.time())?);
        }
        running.stop()?;
        Ok((measured, path))
    }

    /// The bare handler, over the same database.
    fn floor(&self, bytes: usize) -> Result<Vec<Measured>, Fault> {
        let port = process::free_port()?;
        let id = self.template.patient(FIRST_NAME)?;
        let mut running = floor::start(&self.world.folder, &id, port, bytes)?;
        let site = Site::on(port);
        running.wait_ready(&site)?;
        let mut measured = Vec::new();
        for many in &self.arguments.clients {
            let browsers = (0..*many).map(|_| Browser::new(&site)).collect();
            measured.push(clients::measure(browsers, "/", self.time())?);
        }
        running.stop()?;
        Ok(measured)
    }
}
