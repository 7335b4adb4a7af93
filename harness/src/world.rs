//! The demo's people and records under `confide serve`, ready to be copied: on SQLite in a folder, on PostgreSQL in a
//! database.

use crate::{
    browser::{Browser, Site},
    fault::Fault,
    journey,
    person::{self, Person},
    postgres::Cluster,
    process::{self, Program},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The database that others are copied from.
const TEMPLATE: &str = "template_of_harness";
/// The file with the wrapping key, in every folder of data.
const KEY: &str = "confide.key";
/// The demo's organization that is a Part 2 program.
const PROGRAM: &str = r#"["Organization/org-harbor-light"]"#;
/// Whose passkeys are made.
const PEOPLE: [&str; 5] = [
    "Jordan Reyes",
    "Morgan Ellis",
    "Dr. Amara Okafor",
    "Dr. Elena Vasquez",
    "Dr. Tobias Lindqvist",
];

/// What worlds are made from.
pub struct Template {
    binary: PathBuf,
    folder: PathBuf,
    people: Vec<Person>,
    /// The ids of the patients whose records clinicians open, by name.
    patients: Vec<(String, String)>,
    cluster: Option<Cluster>,
}

/// A copy that may be ruined.
pub struct World {
    /// The program with its configuration.
    pub program: Program,
    /// Where everything of it is kept.
    pub folder: PathBuf,
}

impl Template {
    /// Sets the demo up, gives people passkeys, and puts all of it on PostgreSQL where that is wanted.
    pub fn make(binary: &Path, folder: &Path, on_postgres: bool) -> Result<Self, Fault> {
        let data = folder.join("template");
        let sheet = folder.join("sheet.json");
        let mut template = Self {
            binary: binary.to_owned(),
            folder: folder.to_owned(),
            people: Vec::new(),
            patients: Vec::new(),
            cluster: None,
        };
        let port = process::free_port()?;
        let program = template.program(folder, Vec::new());
        let mut demo = program.start(
            &[
                "demo",
                "--addr",
                &format!("127.0.0.1:{port}"),
                "--data",
                &data.display().to_string(),
                "--sheet",
                &sheet.display().to_string(),
            ],
            "demo.log",
        )?;
        let site = Site::on(port);
        demo.wait_ready(&site)?;
        for mut person in person::read(&sheet)? {
            if PEOPLE.contains(&person.name.as_str()) {
                let mut browser = Browser::new(&site);
                journey::sign_in_by_code(&mut browser, &mut person)?;
                journey::add_passkey(&mut browser, &mut person)?;
                if person.name == "Dr. Amara Okafor" {
                    template.patients = charts(&mut browser)?;
                }
                template.people.push(person);
            }
        }
        demo.stop()?;
        if on_postgres {
            template.move_to_postgres(&data)?;
        }
        Ok(template)
    }

    fn move_to_postgres(&mut self, data: &Path) -> Result<(), Fault> {
        let backup = self.folder.join("template.backup");
        let file = backup.display().to_string();
        self.program(&self.folder, in_folder(data))
            .succeed(&["backup", "--to", &file])?;
        let cluster = Cluster::make(&self.folder.join("postgres"))?;
        cluster.psql("postgres", &format!("CREATE DATABASE {TEMPLATE}"))?;
        let mut variables = in_folder(data);
        variables.push(("CONFIDE_DATABASE_URL".to_owned(), cluster.url(TEMPLATE)));
        self.program(&self.folder, variables)
            .succeed(&["restore", &file])?;
        self.cluster = Some(cluster);
        Ok(())
    }

    fn program(&self, logs: &Path, variables: Vec<(String, String)>) -> Program {
        Program {
            binary: self.binary.clone(),
            variables,
            logs: logs.to_owned(),
        }
    }

    /// A fresh copy of this name.
    pub fn copy(&self, name: &str) -> Result<World, Fault> {
        let folder = self.folder.join(name);
        fs::create_dir(&folder).map_err(|error| Fault::file(&folder, &error))?;
        let template = self.folder.join("template");
        let mut variables = in_folder(&folder);
        if let Some(cluster) = &self.cluster {
            let statement = format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}");
            cluster.psql("postgres", &statement)?;
            variables.push(("CONFIDE_DATABASE_URL".to_owned(), cluster.url(name)));
            copy_file(&template, &folder, KEY)?;
        } else {
            for entry in fs::read_dir(&template)? {
                let name = entry?.file_name();
                let name = name.to_string_lossy();
                if name.starts_with("confide.") {
                    copy_file(&template, &folder, &name)?;
                }
            }
        }
        Ok(World {
            program: self.program(&folder, variables),
            folder,
        })
    }

    /// Throws a copy away.
    pub fn remove(&self, world: &World) -> Result<(), Fault> {
        if let (Some(cluster), Some(name)) = (&self.cluster, world.folder.file_name()) {
            let name = name.to_string_lossy();
            cluster.psql("postgres", &format!("DROP DATABASE {name} WITH (FORCE)"))?;
        }
        fs::remove_dir_all(&world.folder).map_err(|error| Fault::file(&world.folder, &error))
    }

    /// The PostgreSQL server, where there is one.
    pub fn cluster(&mut self) -> Option<&mut Cluster> {
        self.cluster.as_mut()
    }

    /// Somebody by name.
    pub fn person(&self, name: &str) -> Result<Person, Fault> {
        self.people
            .iter()
            .find(|person| person.name == name)
            .cloned()
            .ok_or_else(|| Fault::Machine(format!("{name} is not on the sign-in sheet")))
    }

    /// The id under which clinicians open the chart of somebody of this first name.
    pub fn patient(&self, name: &str) -> Result<String, Fault> {
        self.patients
            .iter()
            .find(|(known, _)| known.starts_with(name))
            .map(|(_, id)| id.clone())
            .ok_or_else(|| Fault::Machine(format!("{name} is nobody's patient")))
    }
}

/// The charts on a clinician's list: name and id.
fn charts(browser: &mut Browser) -> Result<Vec<(String, String)>, Fault> {
    let page = browser.get("/patients")?.expect(200)?;
    Ok(page
        .named_links()
        .into_iter()
        .filter_map(|(words, to)| {
            let id = to.strip_prefix("/patients/")?;
            journey::is_id(id).then(|| (words, id.to_owned()))
        })
        .collect())
}

fn in_folder(data: &Path) -> Vec<(String, String)> {
    [
        ("CONFIDE_DATA_DIR", data.display().to_string()),
        ("CONFIDE_PART2_ORGANIZATIONS", PROGRAM.to_owned()),
        ("CONFIDE_TIME_ZONE", "America/Chicago".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

fn copy_file(from: &Path, to: &Path, name: &str) -> Result<(), Fault> {
    let from = from.join(name);
    fs::copy(&from, to.join(name)).map_err(|error| Fault::file(&from, &error))?;
    Ok(())
}
