//! POLICY §5, LAW B5 (42 CFR 2.13(c)(2)): what a viewer gets is the same whether or not parts exist that they may not
//! see. Random charts, random viewers; then hidden parts and hidden items are added, changed and taken away, and every
//! byte of every page, of the export, of the search and of the heading is compared.
//!
//! 20,000 charts; `PROPTEST_CASES` says how many.

use crate::slow;

use domain::decide::{Decider, Ground, Obligation, Permit};
use domain::item::{ItemFacts, ItemKind, PartFacts};
use domain::label::{Label, LabelSet};
use domain::labeling::parts;
use domain::redact::redact;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};
use serde_json::{Map, Value, json};
use slow::tape::Tape;
use slow::world::{World, item, item_id, part_labels};
use std::cell::Cell;

/// How many items stand on a page here: few, so that numbers of pages would show a difference.
const PAGE: usize = 2;

/// A part with its labels, and the parts inside it.
#[derive(Clone)]
struct Node {
    value: Value,
    labels: LabelSet,
    inside: Vec<Node>,
}

/// A resource in the making.
#[derive(Clone)]
struct Draft {
    facts: ItemFacts,
    singles: Vec<(&'static str, Node)>,
    lists: Vec<(&'static str, Vec<Node>)>,
}

/// The resource types of the test: what stands alone in them, and what stands in lists.
const SHAPES: [(ItemKind, &str, &[&str], &[&str]); 4] = [
    (
        ItemKind::Condition,
        "Condition",
        &["code", "onsetDateTime", "subject", "severity"],
        &["note", "category", "bodySite"],
    ),
    (
        ItemKind::Questionnaire,
        "QuestionnaireResponse",
        &["questionnaire", "authored"],
        &["item"],
    ),
    (
        ItemKind::Claim,
        "Claim",
        &["type", "created"],
        &["diagnosis", "item", "supportingInfo"],
    ),
    (
        ItemKind::Demographics,
        "Patient",
        &["birthDate", "gender"],
        &["name", "telecom"],
    ),
];

fn value(tape: &mut Tape<'_>, element: &str) -> Value {
    let text = format!("{element} {}", tape.below(1_000));
    match element {
        "onsetDateTime" | "authored" | "created" | "questionnaire" | "birthDate" | "gender" => {
            json!(text)
        }
        "diagnosis" | "supportingInfo" => json!({"sequence": 1 + tape.below(900), "text": text}),
        "item" => json!({"linkId": text}),
        _ => json!({"text": text}),
    }
}

fn node(tape: &mut Tape<'_>, element: &str, nests: bool) -> Node {
    let inside = if nests { tape.below(3) } else { 0 };
    Node {
        value: value(tape, element),
        labels: part_labels(tape),
        inside: (0..inside).map(|_| node(tape, element, false)).collect(),
    }
}

fn draft(tape: &mut Tape<'_>, n: usize) -> Draft {
    let (kind, resource_type, singles, lists) = tape.pick(&SHAPES);
    let mut facts = item(tape, n);
    facts.kind = kind;
    resource_type.clone_into(&mut facts.resource_type);
    let nests = kind == ItemKind::Questionnaire;
    let mut draft = Draft {
        facts,
        singles: singles
            .iter()
            .enumerate()
            .filter(|(at, _)| *at == 0 || tape.chance(60))
            .map(|(_, name)| *name)
            .collect::<Vec<_>>()
            .into_iter()
            .map(|name| (name, node(tape, name, false)))
            .collect(),
        lists: lists
            .iter()
            .map(|name| {
                let count = tape.below(4);
                (*name, (0..count).map(|_| node(tape, name, nests)).collect())
            })
            .collect(),
    };
    // Most items should be there to be looked at.
    if tape.chance(70) {
        draft.singles[0].1.labels = LabelSet::EMPTY;
    }
    draft
}

impl Draft {
    /// The resource and its facts, its parts in the one order there is.
    fn build(&self) -> (ItemFacts, Value) {
        let mut map = Map::new();
        let mut labels: Vec<(String, LabelSet)> = Vec::new();
        map.insert("resourceType".to_owned(), json!(self.facts.resource_type));
        map.insert("id".to_owned(), json!(self.facts.id.to_string()));
        for (name, node) in &self.singles {
            map.insert((*name).to_owned(), node.value.clone());
            labels.push(((*name).to_owned(), node.labels));
        }
        for (name, nodes) in &self.lists {
            if nodes.is_empty() {
                continue;
            }
            let list = nodes
                .iter()
                .enumerate()
                .map(|(at, node)| build(node, name, &format!("{name}[{at}]"), &mut labels))
                .collect();
            map.insert((*name).to_owned(), Value::Array(list));
        }
        if self.facts.kind == ItemKind::Claim {
            number(&mut map);
        }
        let mut facts = self.facts.clone();
        facts.parts = parts::split(&map)
            .into_iter()
            .map(|part| {
                let labels = labels
                    .iter()
                    .find(|(path, _)| *path == part.path)
                    .unwrap()
                    .1;
                PartFacts {
                    leads_to: Vec::new(),
                    path: part.path,
                    labels,
                }
            })
            .collect();
        let first = self.singles[0].0;
        let identifying = facts
            .parts
            .iter()
            .position(|part| part.path == first)
            .unwrap();
        facts.identifying = vec![u16::try_from(identifying).unwrap()];
        (facts, Value::Object(map))
    }
}

fn build(node: &Node, name: &str, path: &str, labels: &mut Vec<(String, LabelSet)>) -> Value {
    labels.push((path.to_owned(), node.labels));
    let mut value = node.value.clone();
    if !node.inside.is_empty() {
        let inside = node
            .inside
            .iter()
            .enumerate()
            .map(|(at, one)| build(one, name, &format!("{path}.{name}[{at}]"), labels))
            .collect();
        value[name] = Value::Array(inside);
    }
    value
}

/// Every line of a claim speaks of every diagnosis there is, hidden ones too.
fn number(claim: &mut Map<String, Value>) {
    let mut numbers = Vec::new();
    if let Some(Value::Array(list)) = claim.get_mut("diagnosis") {
        for (at, one) in list.iter_mut().enumerate() {
            one["sequence"] = json!(at + 1);
            numbers.push(json!(at + 1));
        }
    }
    if let Some(Value::Array(list)) = claim.get_mut("supportingInfo") {
        for (at, one) in list.iter_mut().enumerate() {
            one["sequence"] = json!(at + 1);
        }
    }
    if let Some(Value::Array(list)) = claim.get_mut("item") {
        for (at, one) in list.iter_mut().enumerate() {
            one["sequence"] = json!(at + 1);
            if !numbers.is_empty() {
                one["diagnosisSequence"] = json!(numbers);
            }
        }
    }
}

/// Adds, changes and takes away what the viewer may not see, and nothing else.
fn disturb(decider: &Decider<'_>, drafts: &[Draft], tape: &mut Tape<'_>) -> Vec<Draft> {
    let mut after: Vec<Draft> = Vec::new();
    for draft in drafts {
        let (facts, _) = draft.build();
        let mut changed = draft.clone();
        if decider.permit(&facts).is_none() {
            // The item does not exist for the viewer: anything may happen to it that keeps it so.
            match tape.below(3) {
                0 => continue,
                1 => {
                    let other = self::draft(tape, 7);
                    changed.singles = other.singles;
                    changed.lists = other.lists;
                    changed.facts.kind = other.facts.kind;
                    changed.facts.resource_type = other.facts.resource_type;
                    changed.facts.when = other.facts.when;
                    if decider.permit(&changed.build().0).is_some() {
                        changed = draft.clone();
                    }
                }
                _ => {}
            }
            after.push(changed);
            continue;
        }
        let hides = |name: &str, labels: LabelSet| {
            let part = PartFacts {
                leads_to: Vec::new(),
                path: name.to_owned(),
                labels,
            };
            !decider.part(&facts, &part).permits()
        };
        changed
            .singles
            .retain_mut(|(name, node)| stays(name, node, &hides, tape));
        let shape = SHAPES.iter().find(|shape| shape.0 == facts.kind).unwrap();
        for name in shape.2 {
            let new = node(tape, name, false);
            if !changed.singles.iter().any(|(known, _)| known == name)
                && hides(name, new.labels)
                && tape.chance(50)
            {
                changed.singles.push((name, new));
            }
        }
        for (name, nodes) in &mut changed.lists {
            disturb_list(
                name,
                nodes,
                facts.kind == ItemKind::Questionnaire,
                &hides,
                tape,
            );
        }
        after.push(changed);
    }
    for n in 0..tape.below(4) {
        let mut new = draft(tape, 20 + n);
        new.facts.id = item_id(20 + n as u128);
        if decider.permit(&new.build().0).is_none() {
            let at = tape.below(after.len() + 1);
            after.insert(at, new);
        }
    }
    after
}

/// Whether a part stays; a hidden one may change on the way.
fn stays(
    name: &str,
    node: &mut Node,
    hides: &impl Fn(&str, LabelSet) -> bool,
    tape: &mut Tape<'_>,
) -> bool {
    if !hides(name, node.labels) {
        return true;
    }
    let labels = part_labels(tape);
    if hides(name, labels) {
        node.labels = labels;
    }
    let inside_is_hidden = node.inside.iter().all(|one| hides(name, one.labels));
    node.value = value(tape, name);
    !(inside_is_hidden && tape.chance(40))
}

fn disturb_list(
    name: &str,
    nodes: &mut Vec<Node>,
    nests: bool,
    hides: &impl Fn(&str, LabelSet) -> bool,
    tape: &mut Tape<'_>,
) {
    nodes.retain_mut(|node| stays(name, node, hides, tape));
    for node in nodes.iter_mut().filter(|_| nests) {
        disturb_list(name, &mut node.inside, false, hides, tape);
    }
    for _ in 0..tape.below(3) {
        let mut new = node(tape, name, nests);
        new.inside.retain(|one| hides(name, one.labels));
        if hides(name, new.labels) {
            let at = tape.below(nodes.len() + 1);
            nodes.insert(at, new);
        }
    }
}

/// What one permit puts on a page: all of it that a viewer can get at.
fn entry(decider: &Decider<'_>, permit: &Permit, resource: &Value, out: &mut Vec<String>) {
    let labels: Vec<&str> = permit.labels().iter().map(Label::name).collect();
    let security = vec![
        json!({"code": permit.labels().confidentiality().code()}),
        json!(labels),
    ];
    let shown = redact(resource, |part| permit.allows(part), &security);
    let obligations: Vec<&str> = permit.obligations().names().collect();
    out.push(serde_json::to_string(&shown).unwrap());
    out.push(
        serde_json::to_string(&(labels, obligations, permit.basis(), decider.purpose())).unwrap(),
    );
}

/// Every page a clinician can turn, the heading, the file they can take along, what search finds: as
/// `portal::chart::open` puts it together.
fn view(decider: &Decider<'_>, drafts: &[Draft], shown: &Cell<u32>) -> Vec<String> {
    let built: Vec<(ItemFacts, Value)> = drafts.iter().map(Draft::build).collect();
    let mut out = vec![format!("standing {}", decider.has_standing())];
    let mut listed: Vec<&(ItemFacts, Value)> = built
        .iter()
        .filter(|(item, _)| item.kind.is_shown() && decider.labels(item).is_some())
        .collect();
    listed.sort_by(|(a, _), (b, _)| b.when.cmp(&a.when).then_with(|| a.id.cmp(&b.id)));
    if let Some((item, resource)) = listed
        .iter()
        .find(|(item, _)| item.kind == ItemKind::Demographics)
    {
        let heading = decider.permit(item).map(|permit| {
            permit.keeping(item, |part| {
                part.path.starts_with("name") || part.path == "birthDate"
            })
        });
        out.push("heading".to_owned());
        entry(decider, &heading.unwrap(), resource, &mut out);
    }
    listed.retain(|(item, _)| item.kind != ItemKind::Demographics);
    let pages = listed.len().div_ceil(PAGE).max(1);
    out.push(format!("{} items on {pages} pages", listed.len()));
    for (page, items) in listed.chunks(PAGE).enumerate() {
        out.push(format!("page {}", page + 1));
        let (mut notice, mut rests_on) = (false, Vec::new());
        for (item, resource) in items {
            let permit = decider.permit(item).unwrap();
            notice |=
                permit.obligations().has(Obligation::Notice) || permit.labels().has(Label::Part2);
            for ground in permit.basis() {
                if let Ground::Consent(id, _) = ground
                    && !rests_on.contains(id)
                {
                    rests_on.push(*id);
                }
            }
            entry(decider, &permit, resource, &mut out);
            shown.set(shown.get() + 1);
        }
        out.push(format!("notice {notice}, rests on {rests_on:?}"));
    }
    // The file has the kinds that pages don't show; its order is that of the list, too.
    let mut all: Vec<&(ItemFacts, Value)> = built.iter().collect();
    all.sort_by(|(a, _), (b, _)| b.when.cmp(&a.when).then_with(|| a.id.cmp(&b.id)));
    out.push("file".to_owned());
    for (item, resource) in all {
        if let Some(permit) = decider.permit(item) {
            entry(decider, &permit, resource, &mut out);
        }
    }
    // Search reads what was opened; one item at its own address is there, or it is not.
    let text = out.join("\n");
    for term in ["note 1", "code 5", "item", "diagnosis 7", "Claim"] {
        out.push(format!("{term}: {}", text.matches(term).count()));
    }
    for id in (0..30).map(item_id) {
        let found = built
            .iter()
            .find(|(item, _)| item.id == id && item.kind.is_shown());
        let answer = found.and_then(|(item, _)| decider.permit(item)).is_some();
        out.push(if answer { "opened" } else { "not available" }.to_owned());
    }
    out
}

/// POLICY §5, LAW B5.
#[test]
fn hidden_parts_change_no_byte() {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(20_000);
    let config = Config {
        cases,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "proptest-regressions/noninterference.txt",
        ))),
        ..Config::default()
    };
    let (shown, disturbed) = (Cell::new(0), Cell::new(0_u32));
    TestRunner::new(config)
        .run(&prop::collection::vec(any::<u16>(), 520), |cells| {
            let mut tape = Tape::new(&cells);
            let world = World::read(&mut tape);
            let decider = Decider::new(
                &world.viewer,
                world.action,
                world.purpose,
                world.now,
                &world.state,
            );
            let count = 1 + tape.below(5);
            let before: Vec<Draft> = (0..count).map(|n| draft(&mut tape, n)).collect();
            let after = disturb(&decider, &before, &mut tape);
            prop_assert_eq!(
                view(&decider, &before, &shown),
                view(&decider, &after, &Cell::new(0))
            );
            let content =
                |drafts: &[Draft]| drafts.iter().map(|one| one.build().1).collect::<Vec<_>>();
            if content(&before) != content(&after) {
                disturbed.set(disturbed.get() + 1);
            }
            Ok(())
        })
        .unwrap();
    // The charts must show something, and something must have changed behind them.
    assert!(disturbed.get() * 2 > cases, "too little was disturbed");
    assert!(shown.get() * 3 > cases, "too little was shown");
}
