//! Applications to act for a patient, with the documents that go with them (LAW D4, D5): sealed by the house key, found
//! by the applicant's keyed hash.
//!
//! Name and birth date are what the applicant gave. Whose record that is, if anybody's, was looked for once, when the
//! application came, and is never told to the applicant.

use crate::entities::{policy_records, proxy_applications, proxy_documents};
use crate::error::Error;
use crate::ledger::event::Event;
use crate::ledger::{Chain, Committed};
use crate::opening::Store;
use crate::policy::{PolicyRecord, extend_reach, seal_record};
use crate::seal::Place;
use crate::stamp::Stamp;
use crate::unit::Unit;
use chrono::NaiveDate;
use core::fmt;
use domain::clock::Instant;
use domain::id::{AccountId, ApplicationId, AuthorityId, DocumentId, PatientId, PersonId};
use domain::label::LabelSet;
use domain::state::{Authority, Survivor};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// By what right somebody asks to act.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ApplicationKind {
    /// A parent of a minor.
    Parent,
    /// The guardian of an adult adjudicated incapable.
    Guardian,
    /// Somebody for a deceased patient.
    AfterDeath(Survivor),
}

/// Why an application is refused. The applicant is told none of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum WhyRefused {
    /// What was sent doesn't prove it.
    NotProven,
    /// Nobody of that name and birth date has a record here.
    NoRecord,
    /// It could endanger the patient (LAW D5, 164.502(g)(5)).
    Endangers,
}

/// Where an application stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ApplicationState {
    /// Nobody has decided on it.
    Waiting,
    /// Verified: the authority stands among the patient's.
    Verified {
        /// When.
        at: Instant,
        /// By whom.
        by: PersonId,
        /// Which authority it became.
        authority: AuthorityId,
    },
    /// Refused.
    Refused {
        /// When.
        at: Instant,
        /// By whom.
        by: PersonId,
        /// Why.
        why: WhyRefused,
        /// Why, in the officer's words.
        words: String,
    },
}

/// A document of an application, without its content.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRecord {
    /// Which.
    pub id: DocumentId,
    /// The name the applicant's file had.
    pub name: String,
    /// Its media type, as its content told it.
    pub media_type: String,
    /// How long it is, in bytes.
    pub bytes: u64,
}

impl fmt::Debug for DocumentRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DocumentRecord")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// An application.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Which.
    pub id: ApplicationId,
    /// Whose account it came from.
    pub account: AccountId,
    /// Who asks.
    pub person: PersonId,
    /// For whom, as the applicant wrote it.
    pub name: String,
    /// The birth date that the applicant gave.
    pub birth: NaiveDate,
    /// By what right.
    pub kind: ApplicationKind,
    /// What a guardian's order covers, as the applicant said.
    pub scope: LabelSet,
    /// The last day of the order, as the applicant said.
    pub until: Option<NaiveDate>,
    /// The documents.
    pub documents: Vec<DocumentRecord>,
    /// Whose record it is, if one was found.
    pub patient: Option<PatientId>,
    /// When it came.
    pub made: Instant,
    /// Where it stands.
    pub state: ApplicationState,
}

impl fmt::Debug for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Application")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

fn place(id: &ApplicationId) -> Place<'_> {
    Place {
        table: "proxy_applications",
        row: id.0.as_bytes(),
        patient: None,
        field: "body",
    }
}

fn document_place(id: &DocumentId) -> Place<'_> {
    Place {
        table: "proxy_documents",
        row: id.0.as_bytes(),
        patient: None,
        field: "content",
    }
}

impl Store {
    fn applicant_hash(&self, person: PersonId) -> Vec<u8> {
        self.index().hash("applicant", &[person.0.as_bytes()])
    }

    fn read_application(&self, row: &proxy_applications::Model) -> Result<Application, Error> {
        let id = ApplicationId(row.id);
        let place = place(&id);
        let application: Application = self.house().open(&place, &row.body)?;
        if application.id == id {
            Ok(application)
        } else {
            Err(place.broken())
        }
    }

    /// The unit of the chain that an application stands on: the patient's where it is somebody's, else the house's.
    async fn application_unit(&self, patient: Option<PatientId>) -> Result<Unit<'_>, Error> {
        let chain = patient.map_or(Chain::House, Chain::Patient);
        self.unit(chain).await?.ok_or(Error::NotFound("patient"))
    }

    /// Keeps an application and its documents, all or nothing.
    pub async fn put_application(
        &self,
        stamp: &Stamp,
        application: &Application,
        documents: Vec<(DocumentId, Vec<u8>)>,
    ) -> Result<Committed, Error> {
        let id = application.id;
        let unit = self.application_unit(application.patient).await?;
        proxy_applications::Entity::insert(proxy_applications::ActiveModel {
            id: Set(id.0),
            applicant: Set(self.applicant_hash(application.person)),
            made: Set(application.made.timestamp_micros()),
            body: Set(self
                .house()
                .seal(&place(&id), application, self.entropy())?),
        })
        .exec_without_returning(&unit.transaction)
        .await?;
        for (document, content) in documents {
            let content = Zeroizing::new(content);
            let aad = document_place(&document).bytes();
            proxy_documents::Entity::insert(proxy_documents::ActiveModel {
                id: Set(document.0),
                application: Set(id.0),
                content: Set(self.house().seal_bytes(&aad, &content, self.entropy())?),
            })
            .exec_without_returning(&unit.transaction)
            .await?;
        }
        let event = Event::ApplicationMade { application: id };
        unit.finish_without_change(stamp, event).await
    }

    /// Forgets the applications about a record that is shredded, with their documents.
    pub(crate) async fn forget_applications(
        &self,
        transaction: &DatabaseTransaction,
        patient: PatientId,
    ) -> Result<(), Error> {
        for row in proxy_applications::Entity::find().all(transaction).await? {
            // Whose one is that can't be read, nobody can tell any more.
            let about = self.read_application(&row).ok().and_then(|it| it.patient);
            if about != Some(patient) {
                continue;
            }
            proxy_documents::Entity::delete_many()
                .filter(proxy_documents::Column::Application.eq(row.id))
                .exec(transaction)
                .await?;
            proxy_applications::Entity::delete_by_id(row.id)
                .exec(transaction)
                .await?;
        }
        Ok(())
    }

    /// Every application, the newest first.
    pub async fn applications(&self) -> Result<Vec<Application>, Error> {
        let rows = proxy_applications::Entity::find()
            .order_by_desc(proxy_applications::Column::Made)
            .order_by_asc(proxy_applications::Column::Id)
            .all(self.read())
            .await?;
        rows.iter().map(|row| self.read_application(row)).collect()
    }

    /// What somebody applied for, the newest first.
    pub async fn applications_of(&self, person: PersonId) -> Result<Vec<Application>, Error> {
        let rows = proxy_applications::Entity::find()
            .filter(proxy_applications::Column::Applicant.eq(self.applicant_hash(person)))
            .order_by_desc(proxy_applications::Column::Made)
            .order_by_asc(proxy_applications::Column::Id)
            .all(self.read())
            .await?;
        rows.iter().map(|row| self.read_application(row)).collect()
    }

    /// One application.
    pub async fn application(&self, id: ApplicationId) -> Result<Option<Application>, Error> {
        let row = proxy_applications::Entity::find_by_id(id.0)
            .one(self.read())
            .await?;
        row.map(|row| self.read_application(&row)).transpose()
    }

    /// The content of a document, after its entry stands in the ledger: whoever can't be written down sees nothing.
    /// `None`: the application has no such document.
    pub async fn open_document(
        &self,
        stamp: &Stamp,
        application: &Application,
        document: DocumentId,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let row = proxy_documents::Entity::find_by_id(document.0)
            .filter(proxy_documents::Column::Application.eq(application.id.0))
            .one(self.read())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let event = Event::DocumentOpened {
            application: application.id,
            document,
        };
        let unit = self.application_unit(application.patient).await?;
        unit.finish_without_change(stamp, event).await?;
        let place = document_place(&document);
        let content = self.house().open_bytes(&place.bytes(), &row.content);
        content.map(Some).map_err(|_| place.broken())
    }

    /// Records what the office decided on an application that waits; with an authority, it is the patient's from now on
    /// and moves the epoch (POLICY §6).
    ///
    /// # Errors
    /// [`Error::AlreadyEnded`] when somebody decided in the meantime; [`Error::Misuse`] when an authority comes without a
    /// patient.
    pub async fn decide_application(
        &self,
        stamp: &Stamp,
        id: ApplicationId,
        state: ApplicationState,
        authority: Option<Authority>,
    ) -> Result<Committed, Error> {
        let known = self
            .application(id)
            .await?
            .ok_or(Error::NotFound("application"))?;
        let mut unit = self.application_unit(known.patient).await?;
        let row = proxy_applications::Entity::find_by_id(id.0)
            .lock_exclusive()
            .one(&unit.transaction)
            .await?
            .ok_or(Error::NotFound("application"))?;
        let mut application = self.read_application(&row)?;
        if application.state != ApplicationState::Waiting {
            return Err(Error::AlreadyEnded);
        }
        application.state = state;
        proxy_applications::Entity::update(proxy_applications::ActiveModel {
            id: Unchanged(id.0),
            body: Set(self
                .house()
                .seal(&place(&id), &application, self.entropy())?),
            ..Default::default()
        })
        .exec(&unit.transaction)
        .await?;
        let Some(authority) = authority else {
            let event = Event::ApplicationRefused { application: id };
            return unit.finish_without_change(stamp, event).await;
        };
        let patient = application
            .patient
            .ok_or(Error::Misuse("an authority belongs to a patient"))?;
        let record = PolicyRecord::Authority(authority);
        policy_records::Entity::insert(seal_record(self, &unit.key, &mut unit.head, &record)?)
            .exec_without_returning(&unit.transaction)
            .await?;
        extend_reach(self, &unit.transaction, patient, &record.parties()).await?;
        unit.move_epoch()?;
        unit.finish_without_change(stamp, record.added()).await
    }
}
