//! The command line beside the server: imports and rotations, some killed, some let to their end.

use crate::{
    chance::Chance,
    fault::Fault,
    process::{self, Program},
};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::Duration,
};

/// How many resources an import brings.
pub const RESOURCES: u64 = 60;

/// What ran.
#[derive(Clone, Debug)]
pub enum Task {
    /// `confide import FILE`
    Import(PathBuf),
    /// `confide keys rotate --data-keys --pause 0`
    Rotate,
}

/// How it ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ending {
    /// It said that it is done.
    Done,
    /// It said that it couldn't.
    Refused(String),
    /// It was killed.
    Killed,
}

/// A command that runs beside the server.
pub struct Tool {
    /// What it does.
    pub task: Task,
    child: Child,
    kill_after: Option<Duration>,
}

impl Tool {
    /// Starts one, to be killed after a time, or not.
    pub fn start(program: &Program, task: Task, chance: &mut Chance) -> Result<Self, Fault> {
        let kill_after = (!chance.once_in(3)).then(|| chance.between(5, 300));
        let file;
        let arguments = match &task {
            Task::Import(path) => {
                file = path.display().to_string();
                vec!["import", "--json", &file]
            }
            Task::Rotate => vec!["keys", "rotate", "--data-keys", "--pause", "0"],
        };
        let child = program
            .command(&arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        Ok(Self {
            task,
            child,
            kill_after,
        })
    }

    /// Waits for its end, or kills it when its time has come.
    pub fn finish(mut self) -> Result<(Task, Ending), Fault> {
        let began = process::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                if status.success() {
                    return Ok((self.task, Ending::Done));
                }
                let output = self.child.wait_with_output()?;
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                return Ok((self.task, Ending::Refused(said)));
            }
            if self
                .kill_after
                .is_some_and(|after| began.elapsed() >= after)
            {
                self.child.kill()?;
                self.child.wait()?;
                return Ok((self.task, Ending::Killed));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Writes a bundle of resources that nobody has yet.
pub fn write_bundle(program: &Program, name: &str, patient: &str) -> Result<PathBuf, Fault> {
    let entries: Vec<Value> = (0..RESOURCES)
        .map(|number| {
            let id = format!("{name}-{number}");
            json!({
                "fullUrl": format!("http://demo.confide.example/fhir/Condition/{id}"),
                "resource": {
                    "resourceType": "Condition",
                    "id": id,
                    "clinicalStatus": { "coding": [{
                        "system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
                        "code": "active",
                    }]},
                    "code": { "coding": [{
                        "system": "http://hl7.org/fhir/sid/icd-10-cm",
                        "code": "J45.20",
                        "display": "Mild intermittent asthma, uncomplicated",
                    }]},
                    "subject": { "reference": patient },
                    "recordedDate": "2026-10-01",
                },
                "request": { "method": "PUT", "url": format!("Condition/{id}") },
            })
        })
        .collect();
    let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries });
    let path = program.logs.join(format!("{name}.json"));
    fs::write(&path, bundle.to_string()).map_err(|error| Fault::file(&path, &error))?;
    Ok(path)
}

/// Imports the bundle once more, and says what is wrong with what was there: after "done" all of it must have been,
/// after anything else all or nothing.
pub fn check_import(
    program: &Program,
    path: &Path,
    ending: &Ending,
) -> Result<Option<String>, Fault> {
    let file = path.display().to_string();
    let text = program.succeed(&["import", "--json", &file])?;
    let report: Value = serde_json::from_slice(&text)
        .map_err(|error| Fault::Odd(format!("import --json: {error}")))?;
    let count = |name: &str| report.get(name).and_then(Value::as_u64).unwrap_or(0);
    let (new, unchanged) = (count("new"), count("unchanged"));
    let whole = unchanged == RESOURCES && new == 0;
    let nothing = new == RESOURCES && unchanged == 0;
    let right = whole || (nothing && *ending != Ending::Done);
    Ok((!right).then(|| {
        format!("{file}: an import that ended with {ending:?} left {unchanged} of {RESOURCES}, {new} new")
    }))
}
