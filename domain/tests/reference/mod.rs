//! A second decision, slow and obvious: plain lists of names and loops, written from POLICY.md and LAW.md, sharing no
//! rule with `domain::decide`.

pub mod sound;
pub mod tape;
pub mod world;

use domain::clock::Instant;
use domain::consent::{
    ConsentKind, ConsentState, Discloser, Grantor, Participants, Recipient, StandingConsent,
};
use domain::decide::Action;
use domain::id::{ItemId, OrganizationId, PersonId};
use domain::item::{ItemFacts, ItemKind, PartFacts};
use domain::label::{Label, LabelSet};
use domain::party::{Party, RelationshipKind, Role, Span, Viewer};
use domain::purpose::Purpose;
use domain::state::{
    Authority, AuthorityKind, AuthorityState, Emergency, EmergencyState, PolicyState,
    RestrictionState, Survivor,
};

/// Labels by name, in no order that matters.
pub type Names = Vec<&'static str>;

/// What the reference says of a part.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verdict {
    pub permits: bool,
    /// The labels that consents covered, sorted.
    pub covered: Names,
    /// Sorted.
    pub obligations: Names,
}

fn deny() -> Verdict {
    Verdict::default()
}

fn permit(covered: Names, obligations: &[&'static str]) -> Verdict {
    let mut verdict = Verdict {
        permits: true,
        covered,
        obligations: obligations.to_vec(),
    };
    verdict.obligations.push("log");
    verdict.covered.sort_unstable();
    verdict.covered.dedup();
    verdict.obligations.sort_unstable();
    verdict.obligations.dedup();
    verdict
}

pub fn names(labels: LabelSet) -> Names {
    labels.iter().map(Label::name).collect()
}

/// POLICY §2: a parent includes its children; names say which is whose.
fn is_same_or_child(name: &str, of: &str) -> bool {
    name == of
        || name
            .strip_prefix(of)
            .is_some_and(|rest| rest.starts_with('.'))
}

fn any_includes(list: &[&str], name: &str) -> bool {
    list.iter().any(|one| is_same_or_child(name, one))
}

fn within(span: &Span, at: Instant) -> bool {
    at >= span.from && (span.until.is_none() || at < span.until.unwrap())
}

fn is_note(name: &str) -> bool {
    name == "sud-counseling-note" || name == "psychotherapy-note"
}

/// Neither a law, nor a separated note, nor a mark.
fn is_segment(name: &str) -> bool {
    !is_note(name) && !["part2", "minor-consented", "prs", "unclassified"].contains(&name)
}

/// The labels that count: `general` only says that there are none.
fn counting(labels: &[&'static str]) -> Names {
    labels
        .iter()
        .copied()
        .filter(|name| *name != "general")
        .collect()
}

fn is_medical(role: Role) -> bool {
    role == Role::Clinician || role == Role::SudClinician
}

fn gives_care(role: Role) -> bool {
    is_medical(role) || role == Role::CareCoordinator
}

/// Everything asked of the reference.
pub struct Question<'a> {
    pub viewer: &'a Viewer,
    pub item: &'a ItemFacts,
    pub part: &'a PartFacts,
    pub action: Action,
    pub purpose: Purpose,
    pub now: Instant,
    pub state: &'a PolicyState,
}

/// POLICY §4.
pub fn decide(q: &Question<'_>) -> Verdict {
    if !q.part.labels.is_readable() {
        return deny();
    }
    if let Some(last) = q.state.last_entry
        && q.now < last
    {
        return deny();
    }
    let labels = names(q.part.labels);
    if q.action == Action::Review {
        return review(q, &labels);
    }
    if q.viewer.role == Role::Patient {
        let is_subject = q.viewer.subject_of == Some(q.state.patient)
            && q.state.subject == Some(q.viewer.person);
        return if is_subject {
            in_the_patients_place(q, &labels)
        } else {
            deny()
        };
    }
    if q.state.unreadable {
        return deny();
    }
    let emergency = q.action == Action::View
        && q.purpose == Purpose::Emergency
        && is_medical(q.viewer.role)
        && q.state
            .emergencies
            .iter()
            .any(|one| one.person == q.viewer.person && is_open(one, q.now));
    let restricted = is_restricted(q, &labels);
    if restricted && !emergency {
        return deny();
    }
    if q.viewer.role == Role::Proxy {
        // Any authority that lets them; the first by id is the one it rests on.
        let mut authorities: Vec<&Authority> = q.state.authorities.iter().collect();
        authorities.sort_by_key(|one| one.id);
        for authority in authorities {
            if authority.person == q.viewer.person && stands(authority, q.now) {
                let verdict = proxy(q, authority, &labels);
                if verdict.permits {
                    return verdict;
                }
            }
        }
        return deny();
    }
    if q.viewer.role == Role::Support || q.viewer.role == Role::Administrator {
        return deny();
    }
    let carried = if counting(&labels).is_empty() {
        vec![]
    } else {
        vec!["persist-label"]
    };
    if emergency {
        let mut obligations = carried;
        if restricted {
            obligations.push("ask-no-further-use");
        }
        return permit(vec![], &obligations);
    }
    if q.viewer.role == Role::Billing {
        let claim = q.item.kind == ItemKind::Claim
            || (q.item.kind == ItemKind::Demographics && top(&q.part.path) == "name");
        if q.purpose != Purpose::Payment || !claim {
            return deny();
        }
    }
    if q.viewer.role == Role::CareCoordinator {
        let template = domain::decide::COORDINATOR_TEMPLATE;
        let named = template.iter().any(|(kind, elements)| {
            *kind == q.item.kind
                && elements.iter().any(|element| {
                    let wanted = element.trim_end_matches('*');
                    if element.ends_with('*') {
                        top(&q.part.path).starts_with(wanted)
                    } else {
                        top(&q.part.path) == wanted
                    }
                })
        });
        if !named || labels.iter().any(|name| is_note(name)) {
            return deny();
        }
    }
    if counting(&labels).is_empty()
        && q.purpose == Purpose::Treatment
        && gives_care(q.viewer.role)
        && has_relationship(
            q,
            &[RelationshipKind::Treating, RelationshipKind::Coordinating],
        )
    {
        return permit(vec![], &[]);
    }
    by_every_label(q, &labels, |_| true, true)
}

/// POLICY §2, review queue: only a privacy officer of the one organization that the item came from, for health care
/// operations, only what is up for review; never separated notes or what the patient keeps private; restrictions bind.
fn review(q: &Question<'_>, labels: &[&'static str]) -> Verdict {
    let asked = q.viewer.role == Role::PrivacyOfficer
        && q.state.subject != Some(q.viewer.person)
        && q.purpose == Purpose::Operations
        && q.state.under_review.contains(&q.item.id);
    let theirs = !q.item.sources.is_empty()
        && q.item.sources.iter().all(|source| {
            *source == q.item.sources[0]
                && q.viewer.memberships.iter().any(|member| {
                    member.organization == *source
                        && member.role == Role::PrivacyOfficer
                        && within(&member.span, q.now)
                })
        });
    let closed = labels.iter().any(|name| is_note(name) || *name == "prs");
    if !asked || !theirs || closed || q.state.unreadable || is_restricted(q, labels) {
        return deny();
    }
    if counting(labels).is_empty() {
        permit(vec![], &[])
    } else {
        permit(vec![], &["persist-label"])
    }
}

fn top(path: &str) -> String {
    path.chars()
        .take_while(|c| *c != '[' && *c != '.')
        .collect()
}

/// The item itself, or what leads to one that is withheld.
fn is_withheld(q: &Question<'_>) -> bool {
    let withheld = |id: &ItemId| q.state.withheld.contains(id);
    withheld(&q.item.id) || q.part.leads_to.iter().any(withheld)
}

/// POLICY §4.1.
fn in_the_patients_place(q: &Question<'_>, labels: &[&'static str]) -> Verdict {
    if labels.contains(&"psychotherapy-note") || is_withheld(q) {
        return deny();
    }
    if labels.contains(&"sud-counseling-note") {
        return permit(vec![], &["step-up"]);
    }
    permit(vec![], &[])
}

/// POLICY §4.2, LAW C4.
fn is_restricted(q: &Question<'_>, labels: &[&'static str]) -> bool {
    q.state.restrictions.iter().any(|one| {
        let binding = match one.state {
            RestrictionState::Agreed { .. } => true,
            RestrictionState::Requested => one.paid_in_full,
            RestrictionState::Refused { .. } | RestrictionState::Ended { .. } => false,
        };
        let toward = one.recipients.is_empty()
            || one.recipients.iter().any(|party| match party {
                Party::Person(person) => *person == q.viewer.person,
                Party::Organization(organization) => q.viewer.memberships.iter().any(|member| {
                    member.organization == *organization && within(&member.span, q.now)
                }),
            });
        let held = names(one.labels);
        let ordinary = counting(labels).is_empty();
        let leads =
            |part: &PartFacts, to: &[ItemId]| part.leads_to.iter().any(|id| to.contains(id));
        let bills = q.item.kind == ItemKind::Claim
            && (one.billing.contains(&q.item.id)
                || q.item
                    .parts
                    .iter()
                    .any(|part| leads(part, &one.items) || leads(part, &one.billing)));
        let matches = !one.labels.is_readable()
            || one.items.contains(&q.item.id)
            || leads(q.part, &one.items)
            || bills
            || labels.iter().any(|name| any_includes(&held, name))
            || (ordinary && held.contains(&"general"));
        binding && within(&one.span, q.now) && toward && matches
    })
}

/// LAW E1.
fn is_open(grant: &Emergency, at: Instant) -> bool {
    let complete = is_medical(grant.role)
        && !grant.recipient.name.trim().is_empty()
        && !grant.recipient.affiliation.trim().is_empty()
        && !grant.discloser.trim().is_empty()
        && !grant.nature.trim().is_empty()
        && !grant.without_consent.trim().is_empty();
    let short = match grant.span.until {
        None => false,
        Some(until) => until > grant.span.from && (until - grant.span.from).num_seconds() <= 3600,
    };
    complete && short && grant.state == EmergencyState::Open && within(&grant.span, at)
}

/// Whether an authority is verified and in force (LAW D).
fn stands(authority: &Authority, at: Instant) -> bool {
    let verified = match authority.state {
        AuthorityState::Claimed => false,
        AuthorityState::Verified { at: when } => when <= at,
        AuthorityState::Refused {
            at: refused,
            verified,
        } => verified.is_some() && verified.unwrap() <= at && at < refused,
    };
    let of_itself = match &authority.kind {
        AuthorityKind::ParentOfMinor { majority } => at < *majority,
        AuthorityKind::Guardian { scope } => scope.is_readable(),
        _ => true,
    };
    verified && of_itself && within(&authority.span, at)
}

/// 2.15(b)(2): the executor, else the spouse, else the family.
fn is_first_in_line(state: &PolicyState, own: Survivor, at: Instant) -> bool {
    let before: &[Survivor] = match own {
        Survivor::Executor => &[],
        Survivor::Spouse => &[Survivor::Executor],
        Survivor::Family => &[Survivor::Executor, Survivor::Spouse],
    };
    !state.authorities.iter().any(|other| {
        stands(other, at)
            && before
                .iter()
                .any(|earlier| other.kind == AuthorityKind::AfterDeath(*earlier))
    })
}

/// POLICY §4.3, LAW D.
fn proxy(q: &Question<'_>, authority: &Authority, labels: &[&'static str]) -> Verdict {
    if labels.contains(&"psychotherapy-note") || is_withheld(q) {
        return deny();
    }
    let proxy_access = |kind: ConsentKind| kind == ConsentKind::Proxy;
    let alone = labels.contains(&"minor-consented");
    let mut verdict = match &authority.kind {
        AuthorityKind::ChosenByAdult => by_every_label(q, labels, proxy_access, false),
        // 42 CFR 2.14: no record of a Part 2 program without the minor's own hand.
        AuthorityKind::ParentOfMinor { .. } if alone || labels.contains(&"part2") => {
            by_every_label(q, labels, |_| true, false)
        }
        AuthorityKind::ParentOfMinor { .. } => {
            if labels.contains(&"unclassified") {
                return deny();
            }
            return in_the_patients_place(q, labels);
        }
        AuthorityKind::Guardian { scope } => {
            let scope = names(*scope);
            let in_scope = |name: &str| any_includes(&scope, name);
            let everything = domain::label::ALL
                .into_iter()
                .map(Label::name)
                .filter(|name| is_segment(name) || *name == "part2")
                .all(in_scope);
            let mut wanted: Names = counting(labels)
                .into_iter()
                .filter(|name| *name != "prs" && !(*name == "unclassified" && everything))
                .collect();
            if wanted.is_empty() {
                wanted.push("general");
            }
            if wanted.into_iter().all(in_scope) {
                return in_the_patients_place(q, labels);
            }
            return deny();
        }
        AuthorityKind::AfterDeath(own) => {
            if !is_first_in_line(q.state, *own, q.now) {
                return deny();
            }
            if *own == Survivor::Executor && !alone {
                return in_the_patients_place(q, labels);
            }
            by_every_label(q, labels, proxy_access, false)
        }
        AuthorityKind::Director => return deny(),
    };
    if verdict.permits && labels.contains(&"sud-counseling-note") {
        verdict.obligations.push("step-up");
        verdict.obligations.sort_unstable();
    }
    verdict
}

fn serves(viewer: &Viewer, organization: OrganizationId, at: Instant) -> bool {
    viewer.memberships.iter().any(|member| {
        let same =
            member.role == viewer.role || (is_medical(member.role) && is_medical(viewer.role));
        member.organization == organization && same && within(&member.span, at)
    })
}

fn is_viewer(q: &Question<'_>, party: &Party) -> bool {
    match party {
        Party::Person(person) => *person == q.viewer.person,
        Party::Organization(organization) => serves(q.viewer, *organization, q.now),
    }
}

fn has_relationship(q: &Question<'_>, kinds: &[RelationshipKind]) -> bool {
    q.state.relationships.iter().any(|one| {
        kinds.contains(&one.kind) && within(&one.span, q.now) && is_viewer(q, &one.party)
    })
}

/// POLICY §4.7: every label on its own, in-program or by consents of the kinds that count here.
fn by_every_label(
    q: &Question<'_>,
    labels: &[&'static str],
    counts: impl Fn(ConsentKind) -> bool,
    program_counts: bool,
) -> Verdict {
    let mut wanted = counting(labels);
    if wanted.iter().all(|name| *name == "minor-consented") {
        wanted.push("general");
    }
    let ordinary = counting(labels).is_empty();
    let mut covered: Names = Vec::new();
    // The mark is met by whose hand signed, once something else of the part is covered by that hand (LAW D1).
    let mut by_the_minors_hand = false;
    let mut by_program =
        program_counts && labels.contains(&"minor-consented") && in_program(q, "minor-consented");
    for name in wanted
        .iter()
        .copied()
        .filter(|name| *name != "minor-consented")
    {
        if program_counts && !ordinary && in_program(q, name) {
            by_program = true;
            continue;
        }
        let by_consent = q
            .state
            .consents
            .iter()
            .any(|one| counts(one.consent.terms.kind) && covers(q, one, labels, name));
        if !by_consent {
            return deny();
        }
        covered.push(name);
        by_the_minors_hand = true;
    }
    if labels.contains(&"minor-consented") && !by_program && by_the_minors_hand {
        covered.push("minor-consented");
    }
    let mut obligations: Names = Vec::new();
    if !ordinary {
        obligations.push("persist-label");
    }
    if labels.contains(&"part2") && !covered.is_empty() {
        obligations.extend(["notice", "consent-copy", "no-redisclosure"]);
    }
    permit(covered, &obligations)
}

/// POLICY §4.7a.
fn in_program(q: &Question<'_>, name: &str) -> bool {
    if !gives_care(q.viewer.role)
        || !(q.purpose == Purpose::Treatment || q.purpose == Purpose::CareCoordination)
        || q.item.sources.is_empty()
    {
        return false;
    }
    if is_note(name) && !q.item.authors.contains(&q.viewer.person) {
        return false;
    }
    let program = q.item.sources[0];
    let only = q.item.sources.iter().all(|one| *one == program);
    let related = q.state.relationships.iter().any(|one| {
        within(&one.span, q.now)
            && (one.kind == RelationshipKind::Treating
                || one.kind == RelationshipKind::Coordinating)
            && (one.party == Party::Person(q.viewer.person)
                || one.party == Party::Organization(program))
    });
    only && q.state.programs.contains(&program) && serves(q.viewer, program, q.now) && related
}

/// POLICY §3: whether a consent covers (label, part, recipient, purpose, instant).
fn covers(
    q: &Question<'_>,
    standing: &StandingConsent,
    labels: &[&'static str],
    name: &str,
) -> bool {
    let consent = &standing.consent;
    let terms = &consent.terms;
    if terms.patient != q.state.patient
        || standing.state != ConsentState::Active
        || !sound::is_sound(consent)
    {
        return false;
    }
    // Active at that instant.
    if q.now < terms.start || q.now < consent.signature.signed_at {
        return false;
    }
    if consent
        .countersignature()
        .is_some_and(|other| q.now < other.signature.signed_at)
    {
        return false;
    }
    if matches!(terms.expiry, Some(domain::consent::Expiry::At(end)) if q.now >= end) {
        return false;
    }
    // The recipient and the purpose.
    if !terms.to.iter().any(|to| receives(q, to))
        || !terms.purposes.iter().any(|one| one == q.purpose)
    {
        return false;
    }
    if terms.kind == ConsentKind::Proxy && q.viewer.role != Role::Proxy {
        return false;
    }
    // The hands that signed.
    if !may_sign(q.state, standing, labels, name) {
        return false;
    }
    // The discloser.
    if let Discloser::Organizations(list) = &terms.from
        && (q.item.sources.is_empty() || !q.item.sources.iter().all(|one| list.contains(one)))
    {
        return false;
    }
    // The item.
    let what = &terms.what;
    let out = |id: &ItemId| what.items_excluded.contains(id);
    if out(&q.item.id) || q.part.leads_to.iter().any(out) {
        return false;
    }
    let by_name = what.items_included.contains(&q.item.id);
    if !by_name {
        if !what.kinds.has(q.item.kind) {
            return false;
        }
        if what.existing_at.is_some_and(|at| q.item.recorded > at) {
            return false;
        }
        if what.service_from.is_some() || what.service_until.is_some() {
            let Some((first, last)) = q.item.service else {
                return false;
            };
            if what.service_from.is_some_and(|from| first < from)
                || what.service_until.is_some_and(|until| last > until)
            {
                return false;
            }
        }
    }
    // The label.
    let excluded = names(what.exclude);
    let alone = "minor-consented";
    if any_includes(&excluded, name) || (labels.contains(&alone) && excluded.contains(&alone)) {
        return false;
    }
    // A consent to separated notes opens nothing beside them (LAW A9).
    if terms.kind == ConsentKind::Notes && !labels.iter().any(|one| is_note(one)) {
        return false;
    }
    match name {
        "unclassified" => false,
        "prs" => by_name,
        _ if is_note(name) => {
            terms.kind == ConsentKind::Notes && any_includes(&names(what.include), name)
        }
        _ => any_includes(&names(what.include), name) || (by_name && is_segment(name)),
    }
}

fn receives(q: &Question<'_>, to: &Recipient) -> bool {
    if q.viewer.role == Role::Proxy {
        return *to == Recipient::Person(q.viewer.person);
    }
    let treats = || {
        (gives_care(q.viewer.role) || q.viewer.role == Role::Billing)
            && has_relationship(q, &[RelationshipKind::Treating])
    };
    match to {
        Recipient::Person(person) => *person == q.viewer.person,
        Recipient::Organization(organization) => serves(q.viewer, *organization, q.now),
        Recipient::TreatingProviders => treats(),
        Recipient::TpoClass => has_relationship(
            q,
            &[
                RelationshipKind::Treating,
                RelationshipKind::Coordinating,
                RelationshipKind::Payer,
                RelationshipKind::Operations,
            ],
        ),
        Recipient::Intermediary {
            organization,
            participants,
        } => {
            serves(q.viewer, *organization, q.now)
                || match participants {
                    Participants::Named(list) => list.iter().any(|party| is_viewer(q, party)),
                    Participants::TreatingProviders => treats(),
                }
        }
        Recipient::Named(_) => false,
    }
}

fn authority_at(
    state: &PolicyState,
    id: domain::id::AuthorityId,
    person: PersonId,
    at: Instant,
) -> Option<&Authority> {
    state
        .authorities
        .iter()
        .find(|one| one.id == id && one.person == person && stands(one, at))
}

/// LAW D1, D2, D4: whose hand opens a label of a part with these labels.
fn may_sign(
    state: &PolicyState,
    standing: &StandingConsent,
    labels: &[&'static str],
    name: &str,
) -> bool {
    let consent = &standing.consent;
    let signed = consent.signature.signed_at;
    let alone = labels.contains(&"minor-consented");
    match &consent.terms.grantor {
        Grantor::Patient => {
            let minor = state.majority.is_some_and(|majority| signed < majority);
            if !minor || alone {
                return true;
            }
            consent.countersignature().is_some_and(|other| {
                authority_at(
                    state,
                    other.authority,
                    other.person,
                    other.signature.signed_at,
                )
                .is_some_and(|one| {
                    matches!(
                        one.kind,
                        AuthorityKind::ParentOfMinor { .. } | AuthorityKind::Guardian { .. }
                    )
                })
            })
        }
        Grantor::Proxy { person, authority } => {
            if alone {
                return false;
            }
            let Some(authority) = authority_at(state, *authority, *person, signed) else {
                return false;
            };
            match &authority.kind {
                AuthorityKind::ParentOfMinor { .. } => name != "part2",
                AuthorityKind::Guardian { scope } => any_includes(&names(*scope), name),
                AuthorityKind::Director => consent
                    .terms
                    .purposes
                    .iter()
                    .all(|purpose| purpose == Purpose::Payment),
                AuthorityKind::AfterDeath(own) => is_first_in_line(state, *own, signed),
                AuthorityKind::ChosenByAdult => false,
            }
        }
    }
}
