//! Taking records in: read, label, seal, report; all of a file or nothing of it (ARCHITECTURE, "Import and export").

mod directory;
mod fault;
mod report;

use crate::{Portal, Refusal};
use directory::Directory;
use domain::fhir::reader::{self, ReadError};
use domain::fhir::reference::Target;
use domain::id::{BatchId, ItemId, OrganizationId, PatientId, PersonId};
use domain::item::{ItemFacts, PartFacts};
use domain::labeling::{Context, Examined, Examiner, Labelled, Part2Programs, settle};
use serde_json::Value;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Read;
use store::{Import, ImportCounts, Put, Stamp};
use tokio::sync::mpsc;

pub use fault::ImportError;
pub use report::Report;

/// How many resources wait between the reading thread and the writing one.
const AHEAD: usize = 64;

/// A file to take in.
pub struct Source {
    /// Its name, for the report.
    pub name: String,
    /// Its bytes.
    pub bytes: Box<dyn Read + Send>,
}

/// How far an import is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Resources read.
    pub resources: u64,
    /// Whether reading is over and labels are being settled.
    pub settling: bool,
}

/// A resource that was read and examined, on its way to the store.
struct Arrival {
    resource: Value,
    examined: Examined,
    full_url: Option<String>,
}

/// Takes one file in. Running it again changes nothing.
///
/// # Errors
/// The first fault with its place; then nothing of the file was kept.
pub async fn run(
    portal: &Portal,
    stamp: &Stamp,
    source: Source,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Report, ImportError> {
    let name = source.name.clone();
    let (sender, mut arrivals) = mpsc::channel::<Arrival>(AHEAD);
    let reading = tokio::task::spawn_blocking(move || read(source, &sender));
    let mut intake = Intake::begin(portal, stamp, &name).await?;
    while let Some(arrival) = arrivals.recv().await {
        intake.take(arrival).await?;
        progress(Progress {
            resources: intake.read,
            settling: false,
        });
    }
    // The reader's own fault, with its place, is the one to tell.
    reading
        .await
        .map_err(|_| ImportError::store(Refusal::Unavailable(crate::refusal::Cause::Worker)))??;
    progress(Progress {
        resources: intake.read,
        settling: true,
    });
    intake.finish(portal).await
}

/// Reads and examines on a thread of its own; stops when nobody takes any more.
fn read(source: Source, sender: &mpsc::Sender<Arrival>) -> Result<(), ImportError> {
    let mut examiner = Examiner::default();
    let outcome = reader::read(source.bytes, |entry: reader::Entry| {
        let index = entry.index;
        let full_url = entry.full_url;
        let examined = examiner
            .examine(&entry.resource, full_url.as_deref())
            .map_err(|fault| Some(ImportError::of_resource(index, &fault)))?;
        sender
            .blocking_send(Arrival {
                resource: entry.resource,
                examined,
                full_url,
            })
            .map_err(|_| None)
    });
    match outcome {
        Ok(_) | Err(ReadError::Taker(None)) => Ok(()),
        Err(ReadError::Taker(Some(error))) => Err(error),
        Err(ReadError::Fault(fault)) => Err(ImportError::of_file(&fault)),
    }
}

/// One patient of the file, and what of theirs has arrived.
struct Record {
    id: PatientId,
    /// By the resource's identity.
    items: BTreeMap<String, (ItemId, Put)>,
}

struct Intake {
    import: Import,
    batch: BatchId,
    now: domain::clock::Instant,
    report: Report,
    read: u64,
    examined: Vec<Examined>,
    directory: Directory,
    records: BTreeMap<String, Record>,
    /// `fullUrl` → `Type/id`.
    urls: BTreeMap<String, String>,
    /// Resources whose patient was not known yet when they came.
    waiting: Vec<Arrival>,
}

impl Intake {
    async fn begin(portal: &Portal, stamp: &Stamp, name: &str) -> Result<Self, ImportError> {
        let import = portal.store().begin_import(stamp).await?;
        Ok(Self {
            batch: import.batch(),
            import,
            now: portal.now(),
            report: Report::new(name),
            read: 0,
            examined: Vec::new(),
            directory: Directory::default(),
            records: BTreeMap::new(),
            urls: BTreeMap::new(),
            waiting: Vec::new(),
        })
    }

    async fn take(&mut self, arrival: Arrival) -> Result<(), ImportError> {
        self.read += 1;
        self.report.resource(&arrival.examined.resource_type);
        if let Some(url) = &arrival.full_url {
            self.urls.insert(url.clone(), arrival.examined.identity());
        }
        if arrival.examined.resource_type == "Patient" {
            let identity = arrival.examined.identity();
            self.keep(identity, arrival).await
        } else {
            match self.patient_of(&arrival.examined) {
                Owner::Patient(identity) => self.keep(identity, arrival).await,
                Owner::NotYet => {
                    self.waiting.push(arrival);
                    Ok(())
                }
                Owner::Nobody => self.put_directory(arrival).await,
            }
        }
    }

    /// Whose a resource is, as far as is known by now.
    fn patient_of(&self, examined: &Examined) -> Owner {
        match &examined.patient {
            Some(Target::Resource(identity)) if identity.starts_with("Patient/") => {
                Owner::Patient(identity.clone())
            }
            Some(Target::Url(url)) => match self.urls.get(url) {
                Some(identity) if identity.starts_with("Patient/") => {
                    Owner::Patient(identity.clone())
                }
                Some(_) => Owner::Nobody,
                None => Owner::NotYet,
            },
            // A resource of somebody's record that doesn't name them: decided at the end, by what refers to it.
            None if directory::is_directory(&examined.resource_type) => Owner::Nobody,
            Some(_) | None => Owner::NotYet,
        }
    }

    async fn keep(&mut self, patient: String, arrival: Arrival) -> Result<(), ImportError> {
        if !self.records.contains_key(&patient) {
            let (id, _) = self.import.patient(&patient).await?;
            self.records.insert(
                patient.clone(),
                Record {
                    id,
                    items: BTreeMap::new(),
                },
            );
        }
        let Some(record) = self.records.get_mut(&patient) else {
            return Ok(());
        };
        let identity = arrival.examined.identity();
        let (item, put) = self
            .import
            .put_content(record.id, &identity, &arrival.resource)
            .await?;
        self.report.put(put);
        self.directory
            .look_at(&arrival.resource, &arrival.examined, &patient);
        record.items.insert(identity, (item, put));
        self.examined.push(arrival.examined);
        Ok(())
    }

    async fn put_directory(&mut self, arrival: Arrival) -> Result<(), ImportError> {
        let identity = arrival.examined.identity();
        let put = self
            .import
            .put_directory(&identity, &arrival.resource)
            .await?;
        self.report.put(put);
        self.directory.add(&arrival.resource, &arrival.examined);
        self.examined.push(arrival.examined);
        Ok(())
    }

    async fn finish(mut self, portal: &Portal) -> Result<Report, ImportError> {
        self.settle_owners().await?;
        let programs = self.programs(portal).await?;
        let urls = core::mem::take(&mut self.urls);
        self.directory.resolve(&urls);
        for organization in self.directory.organizations(&programs) {
            self.import.put_organization(&organization).await?;
        }
        for mut person in self.directory.people() {
            // A file that names a person without a place of work does not end the places known before.
            if let Some(known) = self.import.person(person.id).await? {
                for membership in known.memberships {
                    if !person.memberships.contains(&membership) {
                        person.memberships.push(membership);
                    }
                }
                person.specialty = person.specialty.or(known.specialty);
                person.email = person.email.or(known.email);
            }
            self.import.put_person(&person).await?;
        }
        // What was there before takes part: references lead both ways across files.
        let mut before: BTreeMap<ItemId, ItemFacts> = BTreeMap::new();
        for record in self.records.values_mut() {
            for (item, facts, examined) in self.import.existing(record.id).await? {
                let identity = examined.identity();
                before.insert(item, facts);
                if let Entry::Vacant(slot) = record.items.entry(identity) {
                    slot.insert((item, Put::Unchanged));
                    self.examined.push(examined);
                }
            }
        }
        let context = Context {
            part2_programs: &programs,
        };
        let labelled = settle(core::mem::take(&mut self.examined), &context);
        let mut by_identity: BTreeMap<String, Labelled> = labelled
            .into_iter()
            .map(|labelled| (labelled.identity(), labelled))
            .collect();
        for record in self.records.values() {
            for (identity, (item, _)) in &record.items {
                let Some(labelled) = by_identity.remove(identity) else {
                    continue;
                };
                self.report.labels(&labelled);
                let facts = self.facts(*item, &labelled, before.get(item));
                let basis: Vec<_> = labelled.parts.into_iter().map(|part| part.basis).collect();
                self.import.put_facts(record.id, &facts, &basis).await?;
            }
        }
        for (patient, relationship) in self.directory.relationships() {
            if let Some(record) = self.records.get(&patient) {
                self.import
                    .add_relationship(record.id, relationship)
                    .await?;
            }
        }
        for (identity, subject) in self.directory.subjects() {
            if let Some(record) = self.records.get(&identity) {
                self.import.put_person(&subject.person).await?;
                self.import
                    .set_subject(record.id, subject.person.id, subject.birth)
                    .await?;
            }
        }
        let counts = ImportCounts {
            new: self.report.new,
            changed: self.report.changed,
            unchanged: self.report.unchanged,
        };
        self.import.commit(counts).await?;
        Ok(self.report)
    }

    /// The Part 2 programs: those configured, and those that an earlier file showed to be among them.
    async fn programs(&self, portal: &Portal) -> Result<Part2Programs, ImportError> {
        let mut names = portal.options().part2_organizations.clone();
        for organization in portal.store().all_organizations().await? {
            if organization.part2_program {
                names.extend(organization.reference);
            }
        }
        Ok(Part2Programs::of(names))
    }

    /// Gives what waited to its patient: by a reference that can be followed now, else by the file's only patient.
    async fn settle_owners(&mut self) -> Result<(), ImportError> {
        let only = match self.records.len() {
            1 => self.records.keys().next().cloned(),
            _ => None,
        };
        for arrival in core::mem::take(&mut self.waiting) {
            let named = arrival.examined.patient.is_some();
            match (self.patient_of(&arrival.examined), &only) {
                (Owner::Patient(identity), _) => self.keep(identity, arrival).await?,
                (Owner::NotYet, Some(patient)) if !named => {
                    self.keep(patient.clone(), arrival).await?;
                }
                (Owner::NotYet, _) if named => {
                    return Err(ImportError::unknown_patient(&arrival.examined.identity()));
                }
                _ => self.put_directory(arrival).await?,
            }
        }
        Ok(())
    }

    fn facts(&self, id: ItemId, labelled: &Labelled, before: Option<&ItemFacts>) -> ItemFacts {
        ItemFacts {
            id,
            resource_type: labelled.resource_type.clone(),
            kind: labelled.kind,
            sources: labelled
                .sources
                .iter()
                .map(|reference| organization_id(reference))
                .collect(),
            authors: labelled
                .authors
                .iter()
                .map(|reference| person_id(reference))
                .collect(),
            service: labelled.service,
            when: labelled.when,
            recorded: before.map_or(self.now, |facts| facts.recorded),
            batch: before.map_or(self.batch, |facts| facts.batch),
            parts: labelled
                .parts
                .iter()
                .map(|part| PartFacts {
                    path: part.path.clone(),
                    labels: part.labels,
                })
                .collect(),
            identifying: labelled.identifying.clone(),
        }
    }
}

enum Owner {
    /// This patient, by `Patient/id`.
    Patient(String),
    /// Can't be told yet.
    NotYet,
    /// Not part of anybody's record.
    Nobody,
}

/// The organization that a reference of the outside leads to.
pub fn organization_id(reference: &str) -> OrganizationId {
    OrganizationId::derived("fhir", reference)
}

/// The person that a reference of the outside leads to.
pub fn person_id(reference: &str) -> PersonId {
    PersonId::derived("fhir", reference)
}
