//! How fast a chart is decided: 1,000 items of eight parts against 20 consents, as a page's count and list need it.
//!
//! `cargo bench -p domain --bench decide`. Time per part must not grow with what a consent lists, and deciding a part
//! allocates nothing: `part` is timed on its own so that an allocation would show.
#![allow(missing_docs, reason = "criterion's macros make the functions")]

#[path = "../tests/decide_case/mod.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod case;

use case::{Case, HOSPITAL, PROGRAM, hours, sign, terms};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use domain::consent::Recipient;
use domain::decide::{Action, Decider};
use domain::id::{ItemId, OrganizationId};
use domain::item::{ItemFacts, PartFacts};
use domain::label::{Label, LabelSet};
use domain::party::Party;
use std::hint::black_box;
use uuid::Uuid;

const ITEMS: u128 = 1_000;
const PARTS: usize = 8;
const CONSENTS: u128 = 20;

/// The labels of the n-th part: most ordinary, some of each kind.
fn labels(n: usize) -> LabelSet {
    let some: [&[Label]; 10] = [
        &[],
        &[],
        &[],
        &[],
        &[Label::Opioids, Label::Part2],
        &[Label::Hiv],
        &[Label::MentalHealth, Label::Part2],
        &[Label::Contact],
        &[Label::Sti, Label::Hiv],
        &[Label::Unclassified],
    ];
    some[n % some.len()].iter().copied().collect()
}

fn chart() -> (Case, Vec<ItemFacts>) {
    let mut case = Case::new(&[]).treating(Party::Organization(HOSPITAL));
    for n in 0..CONSENTS {
        // Every consent is for this viewer and opens a little; the last ones are needed as well as the first.
        let include = [
            Label::SubstanceUse,
            Label::Hiv,
            Label::MentalHealth,
            Label::Sti,
            Label::Part2,
        ];
        let one = include[usize::try_from(n).unwrap_or_default() % include.len()];
        let mut terms = terms(&[one, Label::Genetics]);
        terms.what.items_excluded = (0..5)
            .map(|at| ItemId(Uuid::from_u128(n * 7 + at)))
            .collect();
        terms
            .to
            .push(Recipient::Organization(OrganizationId(Uuid::from_u128(
                500 + n,
            ))));
        case.state.consents.push(sign(n, terms));
    }
    let items = (0..ITEMS)
        .map(|n| {
            let mut item = case.item.clone();
            item.id = ItemId(Uuid::from_u128(1_000 + n));
            item.sources = vec![if n % 3 == 0 { PROGRAM } else { HOSPITAL }];
            let at = usize::try_from(n).unwrap_or_default();
            item.parts = (0..PARTS)
                .map(|part| PartFacts {
                    leads_to: Vec::new(),
                    path: format!("part[{part}]"),
                    labels: labels(at + part),
                })
                .collect();
            item
        })
        .collect();
    (case, items)
}

fn bench(criterion: &mut Criterion) {
    let (case, items) = chart();
    let parts = u64::try_from(items.len() * PARTS).unwrap_or_default();
    let mut group = criterion.benchmark_group("decide");
    group.throughput(Throughput::Elements(parts));
    group.bench_function("chart_1000_items_20_consents", |bencher| {
        bencher.iter(|| {
            let decider = Decider::new(
                &case.viewer,
                Action::View,
                case.purpose,
                hours(0),
                &case.state,
            );
            items
                .iter()
                .filter(|item| decider.labels(black_box(item)).is_some())
                .count()
        });
    });
    group.bench_function("permits_1000_items_20_consents", |bencher| {
        bencher.iter(|| {
            let decider = Decider::new(
                &case.viewer,
                Action::View,
                case.purpose,
                hours(0),
                &case.state,
            );
            items
                .iter()
                .filter_map(|item| decider.permit(black_box(item)))
                .count()
        });
    });
    group.throughput(Throughput::Elements(1));
    let decider = Decider::new(
        &case.viewer,
        Action::View,
        case.purpose,
        hours(0),
        &case.state,
    );
    group.bench_function("part", |bencher| {
        let on_item = decider.on(&items[4]);
        bencher.iter(|| on_item.part(black_box(&items[4].parts[0])).permits());
    });
    group.bench_function("decider", |bencher| {
        bencher.iter(|| {
            Decider::new(
                black_box(&case.viewer),
                Action::View,
                case.purpose,
                hours(0),
                &case.state,
            )
            .has_standing()
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
