//! What was shown of one item, and whether it may still be seen though the item has changed since.

use domain::decide::Decider;
use domain::id::ItemId;
use domain::item::ItemFacts;
use domain::label::{Label, LabelSet};
use std::collections::BTreeMap;
use store::DisclosedItem;

/// What was shown of one item.
pub(super) struct Seen {
    pub item: ItemId,
    /// Whether only kind, date and segment were (the privacy screen).
    pub masked: bool,
    /// Which of its parts were, by their places among those of `facts`.
    pub parts: Vec<usize>,
    /// What was known of the item when this was last found to stand; `None`: the entry doesn't say.
    pub facts: Option<ItemFacts>,
}

impl Seen {
    /// What an entry says of an item; `facts`: what it says was known of it.
    pub fn of(item: &DisclosedItem, facts: Option<ItemFacts>) -> Self {
        Self {
            item: item.item,
            masked: item.masked,
            parts: parts(&item.parts).collect(),
            facts,
        }
    }

    /// Whether all that was shown of the item may be seen of it as it is now, which is then what is known of it.
    ///
    /// Parts are known by their places. Where the item has other parts by now, the places mean others: then what was shown
    /// must be permitted as it was, and be found again among what may be seen now ([`followed`]). So a part that comes and
    /// stays closed changes nothing for whoever may not see it (POLICY §5), and one that is closed now closes the page.
    pub fn stands(&mut self, decider: &Decider<'_>, now: &ItemFacts) -> bool {
        // An item without its title is not there (POLICY §1), and of a masked one nothing else was shown.
        if decider.labels(now).is_none() {
            return false;
        }
        if self.masked {
            return true;
        }
        if let Some(then) = self.facts.as_ref().filter(|then| !are_alike(then, now)) {
            if !are_open(decider, then, &self.parts) {
                return false;
            }
            let Some(parts) = followed(decider, then, &self.parts, now) else {
                return false;
            };
            self.parts = parts;
        } else if !are_open(decider, now, &self.parts) {
            return false;
        }
        self.facts = Some(now.clone());
        true
    }
}

/// Whether all of these parts may be seen.
fn are_open(decider: &Decider<'_>, item: &ItemFacts, places: &[usize]) -> bool {
    let on_item = decider.on(item);
    places.iter().all(|place| {
        let part = item.parts.get(*place);
        part.is_some_and(|part| on_item.part(part).permits())
    })
}

/// Where the parts that were shown are in an item that has other parts by now; `None`: not all of them may be seen.
///
/// An element with as many parts as before has the same ones, in their order. Of one with more or fewer nobody can tell
/// which is which without the content: as many must be open as were shown, with no label less; and whichever closes from
/// then on may be one that was shown.
fn followed(
    decider: &Decider<'_>,
    then: &ItemFacts,
    shown: &[usize],
    now: &ItemFacts,
) -> Option<Vec<usize>> {
    let after = by_element(now);
    let mut places = Vec::new();
    for (name, before) in by_element(then) {
        let own: Vec<usize> = before
            .iter()
            .copied()
            .filter(|place| shown.contains(place))
            .collect();
        if own.is_empty() {
            continue;
        }
        let after = after.get(name)?;
        if before.len() == after.len() {
            let pairs = before.iter().zip(after);
            places.extend(
                pairs
                    .filter(|(old, _)| own.contains(old))
                    .map(|(_, new)| *new),
            );
            continue;
        }
        let mut open = after.clone();
        open.retain(|place| are_open(decider, now, &[*place]));
        let enough = |wanted| with(now, &open, wanted) >= with(then, &own, wanted);
        if !enough(LabelSet::EMPTY) || !own.iter().all(|place| enough(labels(then, *place))) {
            return None;
        }
        places.extend(open);
    }
    are_open(decider, now, &places).then_some(places)
}

/// The labels of a part; an ordinary part has none, however that is written.
fn labels(item: &ItemFacts, place: usize) -> LabelSet {
    let part = item.parts.get(place);
    part.map_or(LabelSet::EMPTY, |part| part.labels.without(Label::General))
}

/// How many of these parts have all of these labels.
fn with(item: &ItemFacts, places: &[usize], wanted: LabelSet) -> usize {
    let has = |place: &&usize| labels(item, **place).contains(wanted);
    places.iter().filter(has).count()
}

/// The places of the parts of each element.
fn by_element(item: &ItemFacts) -> BTreeMap<&str, Vec<usize>> {
    let mut all: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, part) in item.parts.iter().enumerate() {
        all.entry(element(&part.path)).or_default().push(place);
    }
    all
}

/// Whether an item has the same elements in the same order: then the places of its parts mean the same.
fn are_alike(then: &ItemFacts, now: &ItemFacts) -> bool {
    let elements = then.parts.iter().map(|part| element(&part.path));
    elements.eq(now.parts.iter().map(|part| element(&part.path)))
}

/// The element at the top of a path; an entry has no more of it.
fn element(path: &str) -> &str {
    path.split(['[', '.']).next().unwrap_or_default()
}

/// The places of the bits that are set, 64 a word.
fn parts(words: &[u64]) -> impl Iterator<Item = usize> {
    words.iter().enumerate().flat_map(|(word, bits)| {
        (0..64)
            .filter(move |bit| (bits >> bit) & 1 == 1)
            .map(move |bit| word * 64 + bit)
    })
}
