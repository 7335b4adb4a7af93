//! What a disclosure rested on of each item: labels, sources, kind, days of service. It stands in the entry itself, so
//! that the decision can be made again whatever became of the items since.
//!
//! Packed: what many items have in common stands once.

use crate::error::Error;
use chrono::{DateTime, Datelike, NaiveDate};
use core::fmt;
use data_encoding::BASE64_NOPAD;
use domain::id::{BatchId, ItemId, OrganizationId, PersonId};
use domain::item::{ItemFacts, ItemKind, PartFacts};
use domain::label::LabelSet;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::collections::HashMap;
use std::hash::Hash;
use uuid::Uuid;

/// The form it is packed in. INVARIANT: another layout takes another number.
const FORMAT: u8 = 2;
/// The form before: without where parts lead to.
const WITHOUT_LEADS: u8 = 1;

/// The facts of the items of one disclosure, packed.
#[derive(Clone, PartialEq, Eq)]
pub struct DisclosedFacts(Vec<u8>);

impl fmt::Debug for DisclosedFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DisclosedFacts([redacted])")
    }
}

impl Serialize for DisclosedFacts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_NOPAD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for DisclosedFacts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64_NOPAD
            .decode(text.as_bytes())
            .map(Self)
            .map_err(|_| de::Error::custom("base64"))
    }
}

/// What many items have in common, and the items in the order of the disclosure.
#[derive(Serialize, Deserialize, Default)]
struct Packed {
    elements: Vec<String>,
    labels: Vec<LabelSet>,
    organizations: Vec<OrganizationId>,
    people: Vec<PersonId>,
    instants: Vec<i64>,
    items: Vec<PackedItem>,
}

#[derive(Serialize, Deserialize)]
struct PackedItem {
    kind: ItemKind,
    sources: Vec<u32>,
    authors: Vec<u32>,
    /// First and last day, from the first of January of the year 1.
    service: Option<(i32, i32)>,
    recorded: u32,
    /// Element and labels of each part.
    parts: Vec<(u32, u32)>,
    identifying: Vec<u16>,
}

/// Where parts lead to: after the rest, since the first form has none.
#[derive(Serialize, Deserialize, Default)]
struct PackedLeads {
    items: Vec<ItemId>,
    /// Item, part, and where it leads to: places in the disclosure, in the item and in the list above.
    leads: Vec<(u32, u32, u32)>,
}

/// A list in which everything stands once.
struct Once<T> {
    list: Vec<T>,
    known: HashMap<T, u32>,
}

impl<T: Clone + Eq + Hash> Once<T> {
    fn new() -> Self {
        Self {
            list: Vec::new(),
            known: HashMap::new(),
        }
    }

    fn at(&mut self, value: &T) -> Result<u32, Error> {
        if let Some(at) = self.known.get(value) {
            return Ok(*at);
        }
        let at = place(self.list.len())?;
        self.list.push(value.clone());
        self.known.insert(value.clone(), at);
        Ok(at)
    }

    fn all(&mut self, values: &[T]) -> Result<Vec<u32>, Error> {
        values.iter().map(|value| self.at(value)).collect()
    }
}

/// The element at the top of a path: all that a rule asks of it (POLICY §4).
fn element(path: &str) -> &str {
    path.split(['[', '.']).next().unwrap_or_default()
}

impl DisclosedFacts {
    /// Packs what decisions ask of items.
    pub(crate) fn pack<'a>(items: impl Iterator<Item = &'a ItemFacts>) -> Result<Self, Error> {
        let mut elements = Once::new();
        let mut labels = Once::new();
        let mut organizations = Once::new();
        let mut people = Once::new();
        let mut instants = Once::new();
        let mut led_to = Once::new();
        let mut packed = Packed::default();
        let mut leads = PackedLeads::default();
        for (at, item) in items.enumerate() {
            let mut parts = Vec::with_capacity(item.parts.len());
            for (index, part) in item.parts.iter().enumerate() {
                let name = element(&part.path).to_owned();
                parts.push((elements.at(&name)?, labels.at(&part.labels)?));
                for to in &part.leads_to {
                    leads
                        .leads
                        .push((place(at)?, place(index)?, led_to.at(to)?));
                }
            }
            packed.items.push(PackedItem {
                kind: item.kind,
                sources: organizations.all(&item.sources)?,
                authors: people.all(&item.authors)?,
                service: item
                    .service
                    .map(|(first, last)| (first.num_days_from_ce(), last.num_days_from_ce())),
                recorded: instants.at(&item.recorded.timestamp_micros())?,
                parts,
                identifying: item.identifying.clone(),
            });
        }
        packed.elements = elements.list;
        packed.labels = labels.list;
        packed.organizations = organizations.list;
        packed.people = people.list;
        packed.instants = instants.list;
        leads.items = led_to.list;
        let mut bytes = vec![FORMAT];
        bytes.extend(postcard::to_allocvec(&(packed, leads)).map_err(|_| Error::Unwritable)?);
        Ok(Self(bytes))
    }

    fn read(&self) -> Option<(Packed, PackedLeads)> {
        let (format, bytes) = self.0.split_first()?;
        match *format {
            FORMAT => postcard::from_bytes(bytes).ok(),
            WITHOUT_LEADS => Some((postcard::from_bytes(bytes).ok()?, PackedLeads::default())),
            _ => None,
        }
    }

    /// The kind of each item, in the order of the disclosure; `None` when they can't be read.
    pub fn kinds(&self) -> Option<Vec<ItemKind>> {
        let (packed, _) = self.read()?;
        Some(packed.items.iter().map(|item| item.kind).collect())
    }

    /// The facts again, of these items in their order, as far as rules ask for them; `None` when they can't be read or
    /// are of another number of items.
    pub fn unpack(&self, ids: &[ItemId]) -> Option<Vec<ItemFacts>> {
        let (packed, leads) = self.read()?;
        if packed.items.len() != ids.len() {
            return None;
        }
        let mut items = packed
            .items
            .iter()
            .zip(ids)
            .map(|(item, id)| packed.item(*id, item))
            .collect::<Option<Vec<ItemFacts>>>()?;
        for (item, part, to) in &leads.leads {
            let item = items.get_mut(usize::try_from(*item).ok()?)?;
            let part = item.parts.get_mut(usize::try_from(*part).ok()?)?;
            part.leads_to.push(*one(&leads.items, *to)?);
        }
        Some(items)
    }
}

impl Packed {
    fn item(&self, id: ItemId, item: &PackedItem) -> Option<ItemFacts> {
        let day = |days| NaiveDate::from_num_days_from_ce_opt(days);
        let parts: Option<Vec<PartFacts>> = item
            .parts
            .iter()
            .map(|(path, labels)| {
                Some(PartFacts {
                    leads_to: Vec::new(),
                    path: one(&self.elements, *path)?.clone(),
                    labels: *one(&self.labels, *labels)?,
                })
            })
            .collect();
        Some(ItemFacts {
            id,
            resource_type: String::new(),
            kind: item.kind,
            sources: some(&self.organizations, &item.sources)?,
            authors: some(&self.people, &item.authors)?,
            service: match item.service {
                None => None,
                Some((first, last)) => Some((day(first)?, day(last)?)),
            },
            when: None,
            recorded: DateTime::from_timestamp_micros(*one(&self.instants, item.recorded)?)?,
            batch: BatchId(Uuid::nil()),
            parts: parts?,
            identifying: item.identifying.clone(),
        })
    }
}

fn place(at: usize) -> Result<u32, Error> {
    u32::try_from(at).map_err(|_| Error::TooLong)
}

fn one<T>(list: &[T], at: u32) -> Option<&T> {
    list.get(usize::try_from(at).ok()?)
}

fn some<T: Copy>(list: &[T], at: &[u32]) -> Option<Vec<T>> {
    at.iter().map(|at| one(list, *at).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::DisclosedFacts;
    use chrono::NaiveDate;
    use domain::clock::Instant;
    use domain::id::{BatchId, ItemId, OrganizationId, PersonId};
    use domain::item::{ItemFacts, ItemKind, PartFacts};
    use domain::label::{Label, LabelSet};
    use uuid::Uuid;

    fn item(number: u128) -> ItemFacts {
        let part = |path: &str, labels| PartFacts {
            leads_to: match path {
                "status" => Vec::new(),
                _ => vec![ItemId(Uuid::from_u128(number / 10 + 1_000))],
            },
            path: path.to_owned(),
            labels,
        };
        ItemFacts {
            id: ItemId(Uuid::from_u128(number)),
            resource_type: String::new(),
            kind: ItemKind::Condition,
            sources: vec![OrganizationId(Uuid::from_u128(1))],
            authors: vec![
                PersonId(Uuid::from_u128(2)),
                PersonId(Uuid::from_u128(number)),
            ],
            service: NaiveDate::from_ymd_opt(2026, 3, 4).map(|day| (day, day)),
            when: None,
            recorded: Instant::from_timestamp_micros(1_795_348_800_000_001).expect("an instant"),
            batch: BatchId(Uuid::nil()),
            parts: vec![
                part("code", LabelSet::of([Label::Opioids])),
                part("status", LabelSet::EMPTY),
                part("note", LabelSet::of([Label::Opioids, Label::MentalHealth])),
            ],
            identifying: vec![0],
        }
    }

    /// What decisions ask of an item comes back as it was, and a chart's worth stays small.
    #[test]
    fn facts_come_back_and_are_small() {
        let items: Vec<ItemFacts> = (0..100).map(item).collect();
        let ids: Vec<ItemId> = items.iter().map(|item| item.id).collect();
        let packed = DisclosedFacts::pack(items.iter()).expect("packed");
        let text = serde_json::to_string(&packed).expect("text");
        assert!(text.len() < 100 * 80, "{} bytes", text.len());
        let read: DisclosedFacts = serde_json::from_str(&text).expect("read");
        assert_eq!(read.kinds(), Some(vec![ItemKind::Condition; 100]));
        assert!(read.unpack(&ids) == Some(items));
        assert!(read.unpack(&ids[1..]).is_none());
    }

    /// What is not packed by this form reads as nothing rather than as something else.
    #[test]
    fn another_form_is_not_read() {
        let packed = DisclosedFacts::pack([item(1)].iter()).expect("packed");
        let mut bytes = packed.0;
        bytes[0] = 9;
        assert!(
            DisclosedFacts(bytes)
                .unpack(&[ItemId(Uuid::from_u128(1))])
                .is_none()
        );
        assert!(DisclosedFacts(Vec::new()).unpack(&[]).is_none());
    }
}
