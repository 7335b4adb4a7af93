//! One file on its way into the store: each resource to its patient, then labels over everything that is known.

use super::directory::{self, Directory};
use super::likeness::Likeness;
use super::owner::{self, Owner, Owners};
use super::sender::Sender;
use super::{Arrival, ImportError, Report};
use crate::Portal;
use domain::clock::Instant;
use domain::id::{BatchId, ItemId, PatientId};
use domain::item::{ItemFacts, PartFacts};
use domain::labeling::review::{Carried, carry, lead_on};
use domain::labeling::{Context, Examined, Labelled, Part2Programs, settle};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use store::{Import, ImportCounts, Put, Stamp};

/// How far what an item refers to is followed through the directory: a role, its organization, the one above.
const DIRECTORY_STEPS: usize = 8;

/// One patient of the file, and what of theirs has arrived.
struct Record {
    id: PatientId,
    /// By the resource's identity.
    items: BTreeMap<String, (ItemId, Put)>,
}

pub(super) struct Intake<'a> {
    portal: &'a Portal,
    sender: Sender,
    import: Import,
    batch: BatchId,
    now: Instant,
    report: Report,
    read: u64,
    examined: Vec<Examined>,
    directory: Directory,
    records: BTreeMap<String, Record>,
    owners: Owners,
    /// Resources whose patient was not known yet when they came.
    waiting: Vec<Arrival>,
}

impl<'a> Intake<'a> {
    pub(super) async fn begin(
        portal: &'a Portal,
        stamp: &Stamp,
        name: &str,
        sender: Sender,
    ) -> Result<Self, ImportError> {
        let import = portal.store().begin_import(stamp).await?;
        Ok(Self {
            portal,
            batch: import.batch(),
            import,
            now: portal.now(),
            report: Report::new(name),
            read: 0,
            examined: Vec::new(),
            directory: Directory::default(),
            sender,
            records: BTreeMap::new(),
            owners: Owners::default(),
            waiting: Vec::new(),
        })
    }

    /// How many resources have come.
    pub(super) const fn read(&self) -> u64 {
        self.read
    }

    pub(super) async fn take(&mut self, arrival: Arrival) -> Result<(), ImportError> {
        self.read += 1;
        self.report.resource(&arrival.examined.resource_type);
        self.owners.arrived(&arrival.examined);
        if arrival.examined.resource_type == "Patient" {
            let identity = arrival.examined.identity();
            return self.keep(identity, arrival).await;
        }
        match self.owners.named(&arrival.examined) {
            Owner::Patient(identity) => self.keep(identity, arrival).await,
            Owner::Missing | Owner::Unnamed => {
                self.waiting.push(arrival);
                Ok(())
            }
            Owner::Nobody => self.put_directory(arrival).await,
        }
    }

    async fn keep(&mut self, patient: String, arrival: Arrival) -> Result<(), ImportError> {
        let id = match self.records.get(&patient) {
            Some(record) => record.id,
            None => self.meet(&patient).await?,
        };
        if arrival.examined.resource_type == "Patient" {
            self.is_the_patient_known(id, &patient, &arrival).await?;
        }
        let identity = arrival.examined.identity();
        let (item, put) = self
            .import
            .put_content(
                id,
                &identity,
                arrival.full_url.as_deref(),
                &arrival.resource,
            )
            .await?;
        self.report.put(put);
        self.directory
            .look_at(&arrival.resource, &arrival.examined, &patient, &self.sender);
        self.owners.settle(&arrival.examined, &patient);
        if let Some(record) = self.records.get_mut(&patient) {
            record.items.insert(identity, (item, put));
        }
        self.examined.push(arrival.examined);
        Ok(())
    }

    async fn meet(&mut self, patient: &str) -> Result<PatientId, ImportError> {
        let (id, _) = self.import.patient(&self.sender.scoped(patient)).await?;
        let record = Record {
            id,
            items: BTreeMap::new(),
        };
        self.records.insert(patient.to_owned(), record);
        Ok(id)
    }

    /// Refuses a patient who goes by the id of another.
    async fn is_the_patient_known(
        &self,
        id: PatientId,
        patient: &str,
        arrival: &Arrival,
    ) -> Result<(), ImportError> {
        let store = self.portal.store();
        let Some(person) = store.person(self.sender.person(patient)).await? else {
            return Ok(());
        };
        let known = Likeness {
            name: Some(person.name),
            birth: store.birth_date(id).await?,
            identifiers: self
                .import
                .known(id, &arrival.examined.identity())
                .await?
                .map(|known| known.identifiers)
                .unwrap_or_default(),
        };
        if known.fits(&directory::likeness(&arrival.resource, &arrival.examined)) {
            Ok(())
        } else {
            Err(ImportError::another(arrival.entry))
        }
    }

    async fn put_directory(&mut self, arrival: Arrival) -> Result<(), ImportError> {
        self.tell_apart(&arrival).await?;
        let put = self
            .import
            .put_directory(
                &self.sender.scoped(&arrival.examined.identity()),
                &self.sender.names_of(&arrival.examined),
                arrival.full_url.as_deref(),
                &arrival.resource,
            )
            .await?;
        self.report.put(put);
        self.directory.add(&arrival.resource, &arrival.examined);
        self.examined.push(arrival.examined);
        Ok(())
    }

    /// Tells a practitioner or an organization from another that is kept by the same id: systems do use one id twice.
    async fn tell_apart(&mut self, arrival: &Arrival) -> Result<(), ImportError> {
        let identity = arrival.examined.identity();
        let store = self.portal.store();
        let name = match arrival.examined.resource_type.as_str() {
            "Practitioner" => store
                .person(self.sender.person(&identity))
                .await?
                .map(|person| person.name),
            "Organization" => store
                .organization(self.sender.organization(&identity))
                .await?
                .map(|organization| organization.name),
            _ => None,
        };
        if name.is_none() {
            return Ok(());
        }
        let known = self
            .import
            .directory_named(&[self.sender.scoped(&identity)])
            .await?;
        let known = Likeness {
            name,
            birth: None,
            identifiers: known
                .into_iter()
                .find(|known| known.identity() == identity)
                .map(|known| known.identifiers)
                .unwrap_or_default(),
        };
        let new = directory::likeness(&arrival.resource, &arrival.examined);
        if !known.fits(&new) {
            self.sender.tell_apart(&identity, &new.mark());
        }
        Ok(())
    }

    pub(super) async fn finish(mut self) -> Result<Report, ImportError> {
        self.settle_owners().await?;
        let programs = self.programs().await?;
        self.directory.resolve(&self.owners.urls);
        self.put_parties(&programs).await?;
        let before = self.existing().await?;
        self.known_directory().await?;
        let context = Context {
            part2_programs: &programs,
        };
        let labelled = settle(core::mem::take(&mut self.examined), &context);
        self.put_labels(labelled, &before).await?;
        self.put_subjects().await?;
        let counts = ImportCounts {
            new: self.report.new,
            changed: self.report.changed,
            unchanged: self.report.unchanged,
        };
        self.import.commit(counts).await?;
        Ok(self.report)
    }

    /// Gives what waited to its patient: by a reference that can be followed now, else by what it belongs with, else to
    /// the file's only patient.
    async fn settle_owners(&mut self) -> Result<(), ImportError> {
        let mut waiting = core::mem::take(&mut self.waiting);
        loop {
            let count = waiting.len();
            for arrival in core::mem::take(&mut waiting) {
                match self.owners.named(&arrival.examined) {
                    Owner::Patient(identity) => self.keep(identity, arrival).await?,
                    Owner::Nobody => self.put_directory(arrival).await?,
                    Owner::Missing => waiting.push(arrival),
                    Owner::Unnamed => match self.owners.by_references(&arrival.examined) {
                        Some(patient) => self.keep(patient, arrival).await?,
                        None => waiting.push(arrival),
                    },
                }
            }
            // What was given away may be what another one belongs with.
            if waiting.len() == count {
                break;
            }
        }
        let only = match self.records.len() {
            1 => self.records.keys().next().cloned(),
            _ => None,
        };
        for arrival in waiting {
            let named = matches!(self.owners.named(&arrival.examined), Owner::Missing);
            match &only {
                _ if named => {
                    return Err(ImportError::unknown_patient(
                        arrival.entry,
                        &arrival.examined.identity(),
                    ));
                }
                Some(patient) => self.keep(patient.clone(), arrival).await?,
                None if owner::is_somebodys(&arrival.examined.resource_type) => {
                    return Err(ImportError::nobodys(arrival.entry));
                }
                None => self.put_directory(arrival).await?,
            }
        }
        Ok(())
    }

    /// The Part 2 programs: those configured, and those that an earlier file showed to be among them.
    async fn programs(&mut self) -> Result<Part2Programs, ImportError> {
        let mut names = self.portal.options().part2_organizations.clone();
        for organization in self.portal.store().all_organizations().await? {
            if !organization.part2_program {
                continue;
            }
            let own = organization
                .reference
                .as_deref()
                .and_then(|reference| self.sender.own(reference));
            if let Some(own) = own {
                self.directory.knows_program(own);
                names.push(own.to_owned());
            }
        }
        Ok(Part2Programs::of(names))
    }

    async fn put_parties(&mut self, programs: &Part2Programs) -> Result<(), ImportError> {
        for mut organization in self.directory.organizations(programs, &self.sender) {
            if let Some(known) = self.import.organization(organization.id).await? {
                organization.class = known.class;
                // What an administrator said of it stays; and what a file leaves out it does not take away.
                if known.by_hand {
                    organization.name = known.name;
                    organization.kind = known.kind;
                    organization.npi = known.npi;
                    organization.by_hand = true;
                }
                organization.npi = organization.npi.or(known.npi);
            }
            self.import.put_organization(&organization).await?;
        }
        for mut person in self.directory.people(&self.sender) {
            // A file that names a person without a place of work does not end the places known before.
            if let Some(known) = self.import.person(person.id).await? {
                for membership in known.memberships {
                    // Nor does it bring back a place that an administrator ended: what they ended stays ended.
                    if let Some(ended) = membership.span.until {
                        person.memberships.retain(|named| {
                            !(named.organization == membership.organization
                                && named.role == membership.role
                                && named.span.from <= membership.span.from
                                && named.span.until.is_none_or(|until| ended < until))
                        });
                    }
                    if !person.memberships.contains(&membership) {
                        person.memberships.push(membership);
                    }
                }
                person.specialty = person.specialty.or(known.specialty);
                person.email = person.email.or(known.email);
                person.npi = person.npi.or(known.npi);
            }
            self.import.put_person(&person).await?;
        }
        Ok(())
    }

    /// What was there before takes part: references lead both ways across files.
    async fn existing(&mut self) -> Result<BTreeMap<ItemId, ItemFacts>, ImportError> {
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
        Ok(before)
    }

    /// So do the organizations, roles and places that an earlier file told of, as far as anything refers to them:
    /// where an item comes from must not be forgotten because the directory is not in every file.
    async fn known_directory(&mut self) -> Result<(), ImportError> {
        let mut met: BTreeSet<String> = self
            .examined
            .iter()
            .flat_map(|examined| self.sender.names_of(examined))
            .collect();
        let mut from = 0;
        for _ in 0..DIRECTORY_STEPS {
            let wanted: BTreeSet<String> = self
                .examined
                .iter()
                .skip(from)
                .flat_map(Examined::targets)
                .map(|target| self.sender.name_of(target))
                .filter(|name| !met.contains(name))
                .collect();
            if wanted.is_empty() {
                break;
            }
            from = self.examined.len();
            let wanted: Vec<String> = wanted.into_iter().collect();
            for found in self.import.directory_named(&wanted).await? {
                let names = self.sender.names_of(&found);
                if names.first().is_some_and(|name| !met.contains(name)) {
                    self.examined.push(found);
                }
                met.extend(names);
            }
            met.extend(wanted);
        }
        Ok(())
    }

    async fn put_labels(
        &mut self,
        labelled: Vec<Labelled>,
        before: &BTreeMap<ItemId, ItemFacts>,
    ) -> Result<(), ImportError> {
        let mut by_identity: BTreeMap<String, Labelled> = labelled
            .into_iter()
            .map(|labelled| (labelled.identity(), labelled))
            .collect();
        for record in self.records.values() {
            let desk = self.import.desk(record.id).await?;
            let (mut settled, mut waits) = (Vec::new(), Vec::new());
            for (identity, (item, put)) in &record.items {
                let Some(mut labelled) = by_identity.remove(identity) else {
                    continue;
                };
                let waiting = self.import.review(&desk, *item, &mut labelled).await?;
                self.report.labels(&labelled);
                let facts = self.facts(record, *item, &labelled, (before.get(item), *put));
                let basis = labelled.parts.into_iter().map(|part| part.basis).collect();
                settled.push(Carried { facts, basis });
                waits.push(waiting);
            }
            lead_on(&mut settled);
            carry(&mut settled);
            for (Carried { facts, basis }, waiting) in settled.iter().zip(&waits) {
                self.import.put_facts(record.id, facts, basis).await?;
                self.import.put_in_queue(&desk, facts, waiting).await?;
            }
        }
        Ok(())
    }

    async fn put_subjects(&mut self) -> Result<(), ImportError> {
        for (patient, relationship) in self.directory.relationships(&self.sender) {
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
        Ok(())
    }

    fn facts(
        &self,
        record: &Record,
        id: ItemId,
        labelled: &Labelled,
        (before, put): (Option<&ItemFacts>, Put),
    ) -> ItemFacts {
        let item = |identity: &String| record.items.get(identity).map(|(item, _)| *item);
        // A consent to what there was on a day is none to what was written into it later.
        let taken_in = before.filter(|_| put == Put::Unchanged);
        ItemFacts {
            id,
            resource_type: labelled.resource_type.clone(),
            kind: labelled.kind,
            sources: labelled
                .sources
                .iter()
                .map(|reference| self.sender.organization(reference))
                .collect(),
            authors: labelled
                .authors
                .iter()
                .map(|reference| self.sender.person(reference))
                .collect(),
            service: labelled.service,
            when: labelled.when,
            recorded: taken_in.map_or(self.now, |facts| facts.recorded),
            batch: before.map_or(self.batch, |facts| facts.batch),
            parts: labelled
                .parts
                .iter()
                .map(|part| PartFacts {
                    path: part.path.clone(),
                    labels: part.labels,
                    leads_to: part.leads_to.iter().filter_map(item).collect(),
                })
                .collect(),
            identifying: labelled.identifying.clone(),
        }
    }
}
