//! Content: sealed on the way in, released only against the receipt of a committed disclosure.

use crate::entities::{contents, items};
use crate::error::Error;
use crate::ledger::Receipt;
use crate::opening::Store;
use crate::packed::{self, Column};
use crate::seal::{DataKey, Place};
use core::fmt;
use core::marker::PhantomData;
use core::ops::Deref;
use domain::clock::Instant;
use domain::decide::Permit;
use domain::id::{ItemId, OrganizationId, PatientId, PersonId};
use domain::item::{ItemFacts, ItemKind};
use domain::label::LabelSet;
use domain::labeling::{Basis, ToldOrigin, parts, tells_origin};
use domain::redact::redact_split;
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;
use zeroize::Zeroizing;

/// Content that is not decided on yet: ciphertext only. It opens as a `T`.
pub struct Sealed<T> {
    item: ItemId,
    patient: PatientId,
    facts: Vec<u8>,
    content: Vec<u8>,
    basis: Option<Vec<u8>>,
    opens_as: PhantomData<fn() -> T>,
}

/// A sealed item of a record.
pub type SealedItem = Sealed<Shown>;

impl<T> Sealed<T> {
    /// Which item.
    pub const fn id(&self) -> ItemId {
        self.item
    }

    /// Whose.
    pub const fn patient(&self) -> PatientId {
        self.patient
    }

    /// What decisions rest on of it, opened.
    pub(crate) fn facts(&self, key: &DataKey) -> Result<ItemFacts, Error> {
        open_facts(key, self.patient, self.item, &self.facts)
    }

    /// SHA-256 over the ciphertexts: what a disclosure names.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"confide sealed item 1\0");
        let basis: &[u8] = self.basis.as_deref().unwrap_or_default();
        for part in [self.facts.as_slice(), self.content.as_slice(), basis] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }
}

impl<T> fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Content that was permitted and logged. Pages and exports take nothing else.
///
/// Only [`Vault::open`] makes one. It does not serialise: what goes out is rendered, part by part.
pub struct Released<T>(T);

impl<T> Released<T> {
    /// Derives something from it that is as released as it was.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Released<U> {
        Released(f(self.0))
    }

    /// Derives something more of it, as released as it is.
    pub fn derive<U>(&self, f: impl FnOnce(&T) -> U) -> Released<U> {
        Released(f(&self.0))
    }
}

impl<T> Deref for Released<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Released<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What may be shown of an item.
#[expect(
    clippy::large_enum_variant,
    reason = "most are open; a box for each would cost more than the few masked ones waste"
)]
#[derive(Clone, PartialEq)]
pub enum Shown {
    /// Only that it is there: the privacy screen.
    Masked {
        /// The item.
        id: ItemId,
        /// Its kind.
        kind: ItemKind,
        /// The instant it sorts by.
        when: Option<Instant>,
        /// The labels of the permitted parts.
        labels: LabelSet,
    },
    /// Its permitted parts.
    Open {
        /// What is known of it, of the permitted parts only.
        facts: ItemFacts,
        /// Its resource, of the permitted parts only.
        resource: Value,
        /// Why the permitted parts are labelled.
        basis: Reasons,
    },
}

/// Why the permitted parts of an item are labelled. Read where a page says so: lists don't.
#[derive(Clone, PartialEq, Eq)]
pub struct Reasons {
    item: ItemId,
    written: Option<Zeroizing<Vec<u8>>>,
    /// The permitted parts, by their numbers in the whole item.
    permitted: Vec<usize>,
}

impl Reasons {
    /// The reasons, part by part in the order of the permitted parts.
    ///
    /// # Errors
    /// [`Error::Row`] when they can't be read.
    pub fn read(&self) -> Result<Vec<Vec<Basis>>, Error> {
        let Some(written) = &self.written else {
            return Ok(vec![Vec::new(); self.permitted.len()]);
        };
        let all: Vec<Vec<Basis>> = serde_json::from_slice(written)
            .map_err(|_| Error::row("contents", "basis", self.item.0.as_bytes()))?;
        let of = |part: &usize| all.get(*part).cloned().unwrap_or_default();
        Ok(self.permitted.iter().map(of).collect())
    }
}

impl fmt::Debug for Reasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown([redacted])")
    }
}

/// Opens what a receipt names.
#[derive(Clone, Copy, Debug, Default)]
pub struct Vault(());

impl Store {
    /// The one way to content.
    pub const fn vault(&self) -> Vault {
        Vault(())
    }

    /// The sealed items of a patient, in the order asked for; unknown ones are left out.
    pub async fn sealed_items(
        &self,
        patient: PatientId,
        items: &[ItemId],
    ) -> Result<Vec<SealedItem>, Error> {
        let mut found: HashMap<ItemId, SealedItem> = HashMap::with_capacity(items.len());
        for ids in items.chunks(AT_ONCE) {
            let rows = match self.packed_items(patient, ids).await {
                Some(rows) => rows,
                None => self.item_rows(patient, ids).await?,
            };
            found.extend(rows.into_iter().map(|sealed| (sealed.item, sealed)));
        }
        Ok(items.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// Sealed items as one value; `None`: they don't come so.
    async fn packed_items(&self, patient: PatientId, items: &[ItemId]) -> Option<Vec<SealedItem>> {
        let columns = [
            Column::Id("id"),
            Column::Bytes("facts"),
            Column::Bytes("content"),
            Column::Bytes("basis"),
        ];
        let wanted: Vec<String> = (2..).take(items.len()).map(|at| format!("${at}")).collect();
        let select = format!(
            "SELECT i.id AS id, i.facts AS facts, c.content AS content, c.basis AS basis FROM items i \
             JOIN contents c ON c.item = i.id AND c.patient = i.patient \
             WHERE i.patient = $1 AND i.facts IS NOT NULL AND i.id IN ({})",
            wanted.join(", ")
        );
        let values = core::iter::once(patient.0).chain(items.iter().map(|item| item.0));
        let values = values.map(Into::into).collect();
        let rows = packed::rows(self.read(), columns, &select, values).await?;
        rows.into_iter()
            .map(|[id, facts, content, basis]| {
                Some(Sealed {
                    item: ItemId(Uuid::from_slice(&id?).ok()?),
                    patient,
                    facts: facts?,
                    content: content?,
                    basis,
                    opens_as: PhantomData,
                })
            })
            .collect()
    }

    /// The same row by row.
    async fn item_rows(
        &self,
        patient: PatientId,
        items: &[ItemId],
    ) -> Result<Vec<SealedItem>, Error> {
        let rows = items::Entity::find()
            .filter(items::Column::Patient.eq(patient.0))
            .filter(items::Column::Id.is_in(items.iter().map(|id| id.0)))
            .all(self.read())
            .await?;
        let mut facts: HashMap<_, _> = rows
            .into_iter()
            .filter_map(|row| row.facts.map(|facts| (row.id, facts)))
            .collect();
        let rows = contents::Entity::find()
            .filter(contents::Column::Patient.eq(patient.0))
            .filter(contents::Column::Item.is_in(items.iter().map(|id| id.0)))
            .all(self.read())
            .await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                Some(Sealed {
                    item: ItemId(row.item),
                    patient,
                    facts: facts.remove(&row.item)?,
                    content: row.content,
                    basis: row.basis,
                    opens_as: PhantomData,
                })
            })
            .collect())
    }
}

/// How many sealed items are read at once: well below the number of parameters either database takes.
const AT_ONCE: usize = 250;

#[cfg(feature = "testing")]
impl Store {
    /// Puts the facts of a record back into the form that did not keep where parts lead to. For tests.
    pub async fn forget_leads(&self, patient: PatientId) -> Result<(), Error> {
        let key = self.chain_key(self.read(), crate::ledger::Chain::Patient(patient));
        let key = key.await?.ok_or(Error::NotFound("patient"))?;
        let rows = items::Entity::find()
            .filter(items::Column::Patient.eq(patient.0))
            .all(self.read())
            .await?;
        for row in rows {
            let Some(sealed) = row.facts else { continue };
            let item = ItemId(row.id);
            let facts = open_facts(&key, patient, item, &sealed)?;
            let mut plain = vec![FACTS_WITHOUT_LEADS];
            plain.extend(postcard::to_allocvec(&facts).map_err(|_| Error::Unwritable)?);
            let place = facts_place(patient, &item).bytes();
            items::Entity::update(items::ActiveModel {
                id: Unchanged(row.id),
                facts: Set(Some(key.seal_bytes(&place, &plain, self.entropy())?)),
                facts_digest: Set(Some(self.index().hash("item-facts", &[&plain]))),
                ..Default::default()
            })
            .exec(self.write())
            .await?;
        }
        Ok(())
    }
}

impl Vault {
    /// Opens one sealed item within the limits of its permit.
    ///
    /// # Errors
    /// [`Error::Misuse`] when the receipt is not of this very ciphertext; [`Error::Row`] when it doesn't open.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the sealed form is used up by opening it"
    )]
    pub fn open(&self, sealed: SealedItem, receipt: &Receipt) -> Result<Released<Shown>, Error> {
        let leave = receipt
            .leave(sealed.item)
            .filter(|leave| receipt.patient() == sealed.patient && leave.digest == sealed.digest())
            .ok_or(Error::Misuse("the receipt is not of this item"))?;
        let key = receipt.key();
        let facts = &leave.facts;
        let permit = &leave.permit;
        if permit.is_masked() {
            return Ok(Released(Shown::Masked {
                id: sealed.item,
                kind: facts.kind,
                when: facts.when,
                labels: permit.labels(),
            }));
        }
        let resource = open_content(key, sealed.patient, sealed.item, &sealed.content)?;
        let (members, split) = split_alike(facts, &resource)
            .ok_or_else(|| facts_place(sealed.patient, &sealed.item).broken())?;
        let written = match sealed.basis.as_deref() {
            None => None,
            Some(basis) => {
                let place = basis_place(sealed.patient, &sealed.item);
                let opened = key.open_bytes(&place.bytes(), basis);
                Some(opened.map_err(|_| place.broken())?)
            }
        };
        // Of a whole item all of it is told, whichever part says it.
        let told = if (0..facts.parts.len()).all(|part| permit.allows(part)) {
            None
        } else {
            open_kept(key, sealed.patient, sealed.item, &sealed.facts)?.told
        };
        let (facts, permitted) = narrow(permit, facts, told.as_ref());
        Ok(Released(Shown::Open {
            facts,
            resource: redact_split(members, &split, |part| permit.allows(part), &[]),
            basis: Reasons {
                item: sealed.item,
                written,
                permitted,
            },
        }))
    }
}

/// The members of a resource and its parts, where the facts number the same ones. Permits count parts by the facts,
/// redaction by the resource: if the two ever differ, nothing is shown.
fn split_alike<'r>(
    facts: &ItemFacts,
    resource: &'r Value,
) -> Option<(&'r Map<String, Value>, Vec<parts::Part<'r>>)> {
    let members = resource.as_object()?;
    let split = parts::split(members);
    let alike = split.len() == facts.parts.len()
        && split
            .iter()
            .zip(&facts.parts)
            .all(|(part, known)| part.path == known.path);
    alike.then_some((members, split))
}

/// The facts of the permitted parts, and the numbers that these have in the whole item.
fn narrow(
    permit: &Permit,
    facts: &ItemFacts,
    told: Option<&ToldOrigin>,
) -> (ItemFacts, Vec<usize>) {
    let (sources, authors) = origin_shown(permit, facts, told);
    let mut permitted = Vec::with_capacity(facts.parts.len());
    let mut kept = Vec::with_capacity(facts.parts.len());
    let mut identifying = Vec::new();
    for (index, part) in facts.parts.iter().enumerate() {
        if !permit.allows(index) {
            continue;
        }
        if facts.identifying.iter().any(|at| usize::from(*at) == index) {
            identifying.extend(u16::try_from(kept.len()));
        }
        kept.push(part.clone());
        permitted.push(index);
    }
    let narrowed = ItemFacts {
        id: facts.id,
        resource_type: facts.resource_type.clone(),
        kind: facts.kind,
        sources,
        authors,
        service: facts.service,
        when: facts.when,
        recorded: facts.recorded,
        batch: facts.batch,
        parts: kept,
        identifying,
    };
    (narrowed, permitted)
}

/// Where an item comes from, as far as its permitted parts say so. What is said of it is the same whatever else it holds,
/// or holds not (POLICY §5): an item of which no permitted part says so is like one that never did.
///
/// What is named beside the parts is said with any of them: `meta.source` and a `Provenance` are of the item as a whole.
/// The import adds no source of its own.
fn origin_shown(
    permit: &Permit,
    facts: &ItemFacts,
    told: Option<&ToldOrigin>,
) -> (Vec<OrganizationId>, Vec<PersonId>) {
    let mut parts = facts.parts.iter().enumerate();
    let (mut sources, mut authors) = if let Some(told) = told {
        let (sources, authors) = told.to_who_sees(|part| permit.allows(part));
        (
            at_places(&facts.sources, &sources),
            at_places(&facts.authors, &authors),
        )
    } else if parts.all(|(index, part)| {
        permit.allows(index) || !tells_origin(&facts.resource_type, &part.path)
    }) {
        (facts.sources.clone(), facts.authors.clone())
    } else {
        // Taken in before it was kept which part says so: none, where one that may is not permitted.
        (Vec::new(), Vec::new())
    };
    // The order in which parts name them could tell of one that is not permitted.
    sources.sort_unstable();
    authors.sort_unstable();
    (sources, authors)
}

fn at_places<T: Copy>(list: &[T], places: &BTreeSet<usize>) -> Vec<T> {
    places
        .iter()
        .filter_map(|place| list.get(*place))
        .copied()
        .collect()
}

fn facts_place(patient: PatientId, item: &ItemId) -> Place<'_> {
    Place {
        table: "items",
        row: item.0.as_bytes(),
        patient: Some(patient),
        field: "facts",
    }
}

pub(crate) fn content_place(patient: PatientId, item: &ItemId) -> Place<'_> {
    Place {
        table: "contents",
        row: item.0.as_bytes(),
        patient: Some(patient),
        field: "content",
    }
}

fn basis_place(patient: PatientId, item: &ItemId) -> Place<'_> {
    Place {
        table: "contents",
        row: item.0.as_bytes(),
        patient: Some(patient),
        field: "basis",
    }
}

/// What is kept of an item in the place of its facts.
pub(crate) struct Kept {
    pub facts: ItemFacts,
    /// Whether it is known where its parts lead to.
    pub has_leads: bool,
    /// Which of its parts say where it comes from, where that is known.
    pub told: Option<ToldOrigin>,
}

/// Opens the facts of an item.
pub(crate) fn open_facts(
    key: &DataKey,
    patient: PatientId,
    item: ItemId,
    sealed: &[u8],
) -> Result<ItemFacts, Error> {
    open_kept(key, patient, item, sealed).map(|kept| kept.facts)
}

/// Opens the facts of an item, and what is kept with them: stored compactly, since a chart opens thousands.
pub(crate) fn open_kept(
    key: &DataKey,
    patient: PatientId,
    item: ItemId,
    sealed: &[u8],
) -> Result<Kept, Error> {
    let place = facts_place(patient, &item);
    let plain = key
        .open_bytes(&place.bytes(), sealed)
        .map_err(|_| place.broken())?;
    let (format, rest) = plain.split_first().ok_or_else(|| place.broken())?;
    let read: Result<(ItemFacts, Leads, Option<ToldOrigin>), _> = match *format {
        FACTS_FORMAT => postcard::from_bytes(rest),
        FACTS_WITHOUT_ORIGIN => {
            postcard::from_bytes(rest).map(|(facts, leads)| (facts, leads, None))
        }
        FACTS_WITHOUT_LEADS => postcard::from_bytes(rest).map(|facts| (facts, Leads::new(), None)),
        _ => return Err(place.broken()),
    };
    let (mut facts, leads, told) = read.map_err(|_| place.broken())?;
    for (part, leads_to) in leads {
        let part = facts.parts.get_mut(usize::from(part));
        part.ok_or_else(|| place.broken())?.leads_to = leads_to;
    }
    if facts.id == item {
        Ok(Kept {
            facts,
            has_leads: *format != FACTS_WITHOUT_LEADS,
            told,
        })
    } else {
        Err(place.broken())
    }
}

/// The form facts are stored in. INVARIANT: another layout of [`ItemFacts`] takes another number.
const FACTS_FORMAT: u8 = 3;
/// The form of what it is not known of which part says where it comes from: so in a record that was taken in before that
/// was kept, until the next import.
const FACTS_WITHOUT_ORIGIN: u8 = 2;
/// The form before: without where parts lead to. INVARIANT: no longer written, and what is in it is written in another
/// form only once it was found where its parts lead to; nobody could tell any more that it was not.
const FACTS_WITHOUT_LEADS: u8 = 1;

/// Where the parts lead to that lead anywhere: the part's index, and the items.
type Leads = Vec<(u16, Vec<ItemId>)>;

fn write_facts(facts: &ItemFacts, told: Option<&ToldOrigin>) -> Result<Vec<u8>, Error> {
    let mut leads = Leads::new();
    for (index, part) in facts.parts.iter().enumerate() {
        if !part.leads_to.is_empty() {
            let index = u16::try_from(index).map_err(|_| Error::TooLong)?;
            leads.push((index, part.leads_to.clone()));
        }
    }
    let (format, written) = match told {
        Some(_) => (FACTS_FORMAT, postcard::to_allocvec(&(facts, leads, told))),
        None => (FACTS_WITHOUT_ORIGIN, postcard::to_allocvec(&(facts, leads))),
    };
    let mut plain = vec![format];
    plain.extend(written.map_err(|_| Error::Unwritable)?);
    Ok(plain)
}

/// Facts and basis of an item as they are written, and a keyed digest of both to compare by.
pub(crate) struct WrittenFacts {
    patient: PatientId,
    item: ItemId,
    plain: Zeroizing<Vec<u8>>,
    why: Zeroizing<Vec<u8>>,
    pub digest: Vec<u8>,
}

impl WrittenFacts {
    /// Writes the facts of an item, which of its parts say where it comes from, and why they are labelled, part by part.
    pub(crate) fn of(
        store: &Store,
        patient: PatientId,
        facts: &ItemFacts,
        told: Option<&ToldOrigin>,
        basis: &[Vec<Basis>],
    ) -> Result<Self, Error> {
        let plain = Zeroizing::new(write_facts(facts, told)?);
        let why = Zeroizing::new(serde_json::to_vec(basis).map_err(|_| Error::Unwritable)?);
        let digest = store
            .index()
            .hash("item-facts", &[patient.0.as_bytes(), &plain, &why]);
        Ok(Self {
            patient,
            item: facts.id,
            plain,
            why,
            digest,
        })
    }

    /// Seals them into the item's rows.
    pub(crate) async fn put(
        self,
        store: &Store,
        transaction: &DatabaseTransaction,
        key: &DataKey,
    ) -> Result<(), Error> {
        let Self { patient, item, .. } = self;
        let seal =
            |place: Place<'_>, plain: &[u8]| key.seal_bytes(&place.bytes(), plain, store.entropy());
        items::Entity::update(items::ActiveModel {
            id: Unchanged(item.0),
            facts: Set(Some(seal(facts_place(patient, &item), &self.plain)?)),
            facts_digest: Set(Some(self.digest)),
            ..Default::default()
        })
        .exec(transaction)
        .await?;
        contents::Entity::update(contents::ActiveModel {
            item: Unchanged(item.0),
            basis: Set(Some(seal(basis_place(patient, &item), &self.why)?)),
            ..Default::default()
        })
        .exec(transaction)
        .await?;
        Ok(())
    }
}

pub(crate) fn open_content(
    key: &DataKey,
    patient: PatientId,
    item: ItemId,
    sealed: &[u8],
) -> Result<Value, Error> {
    key.open(&content_place(patient, &item), sealed)
}

pub(crate) fn open_basis(
    key: &DataKey,
    patient: PatientId,
    item: ItemId,
    sealed: Option<&[u8]>,
) -> Result<Vec<Vec<Basis>>, Error> {
    match sealed {
        None => Ok(Vec::new()),
        Some(sealed) => key.open(&basis_place(patient, &item), sealed),
    }
}
