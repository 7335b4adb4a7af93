//! The rules of POLICY §4 one by one, in their order, with the clauses of LAW.md that each carries out.

use crate::decide_case as case;

use case::{
    AUTHORITY, Case, EMERGENCY, HOSPITAL, ITEM, PROGRAM, RELATIONSHIP, SUBJECT, VIEWER, authority,
    emergency, hours, membership, now, restriction, set, terms, terms_of,
};
use chrono::{NaiveDate, TimeDelta};
use domain::consent::{ConsentKind, Grantor};
use domain::decide::{Action, Decider, Ground};
use domain::id::{AccountId, OrganizationId};
use domain::item::{ItemKind, PartFacts};
use domain::label::{Label, LabelSet};
use domain::party::{Party, RelationshipKind, Role, Span};
use domain::purpose::Purpose;
use domain::state::{
    AuthorityKind, AuthorityState, EmergencyFault, EmergencyReview, RestrictionFault,
    RestrictionState, Survivor, review_day,
};
use uuid::Uuid;

fn treating() -> Party {
    Party::Organization(HOSPITAL)
}

// 1. The patient

/// POLICY §4.1, LAW C1: the patient sees everything of their own, without any consent.
#[test]
fn the_patient_is_permitted() {
    for labels in [
        &[][..],
        &[Label::Hiv],
        &[Label::Part2, Label::Opioids],
        &[Label::Unclassified],
        &[Label::MinorConsented],
    ] {
        let case = Case::new(labels).by_patient();
        assert!(case.permits());
        assert_eq!(case.grounds(), [Ground::Subject]);
        assert_eq!(case.obligations(), ["log"]);
    }
}

/// POLICY §4.1: only the subject of this very record.
#[test]
fn another_patient_is_denied() {
    let case = Case::new(&[]).by_patient();
    assert!(
        !case
            .clone()
            .with(|case| case.viewer.person = VIEWER)
            .permits()
    );
    assert!(
        !case
            .clone()
            .with(|case| case.viewer.subject_of = None)
            .permits()
    );
    assert!(!case.with(|case| case.state.subject = None).permits());
}

/// POLICY §4.1, 45 CFR 164.524: psychotherapy notes and items withheld with a reason on file.
#[test]
fn the_law_lets_a_provider_withhold() {
    assert!(
        !Case::new(&[Label::PsychotherapyNote])
            .by_patient()
            .permits()
    );
    assert!(
        !Case::new(&[])
            .by_patient()
            .with(|case| case.state.withheld.push(ITEM))
            .permits()
    );
}

/// POLICY §4.1: separated SUD counseling notes need step-up.
#[test]
fn counseling_notes_need_step_up() {
    let case = Case::new(&[Label::SudCounselingNote, Label::Part2]).by_patient();
    assert_eq!(case.obligations(), ["log", "step-up"]);
}

/// POLICY §4.2: a restriction does not bind the patient; a consent that can't be read does not either.
#[test]
fn nothing_of_others_binds_the_patient() {
    let case = Case::new(&[Label::Hiv])
        .by_patient()
        .with(|case| case.state.restrictions.push(restriction(&[Label::Hiv])))
        .with(|case| case.state.restrictions[0].recipients.clear())
        .with(|case| case.state.unreadable = true);
    assert!(case.permits());
}

// 2. Restrictions

/// POLICY §4.2: before any grant: consent, relationship, program.
#[test]
fn a_restriction_comes_before_every_grant() {
    let case = Case::new(&[Label::Hiv]).consent(terms(&[Label::Hiv]));
    assert!(case.permits());
    assert!(
        !case
            .with(|case| case.state.restrictions.push(restriction(&[Label::Hiv])))
            .permits()
    );
    let ordinary = Case::new(&[]).treating(treating());
    assert!(ordinary.permits());
    assert!(
        !ordinary
            .with(|case| case.state.restrictions.push(restriction(&[Label::General])))
            .permits()
    );
    let program = Case::new(&[Label::Part2]).in_program();
    assert!(program.permits());
    assert!(
        !program
            .with(|case| case.state.restrictions.push(restriction(&[Label::Part2])))
            .permits()
    );
}

/// POLICY §4.2: it matches any label, and a parent its children; it binds whom it names, in whatever role, and
/// everybody when it names nobody.
#[test]
fn a_restriction_matches_any_label_and_its_recipients() {
    let both = [Label::Hiv, Label::Opioids];
    let case = |restricted: &[Label]| {
        let restriction = restriction(restricted);
        Case::new(&both)
            .consent(terms(&both))
            .with(|case| case.state.restrictions.push(restriction))
    };
    assert!(!case(&[Label::SubstanceUse]).permits());
    assert!(case(&[Label::Alcohol, Label::General]).permits());
    let other = |case: Case, party: Vec<Party>| {
        case.with(|case| case.state.restrictions[0].recipients = party)
    };
    assert!(other(case(&[Label::Hiv]), vec![Party::Person(SUBJECT)]).permits());
    assert!(!other(case(&[Label::Hiv]), vec![]).permits());
    let by_employer = other(case(&[Label::Hiv]), vec![Party::Organization(HOSPITAL)]);
    assert!(!by_employer.permits());
    let in_another_role = by_employer
        .with(|case| case.viewer.memberships = vec![membership(HOSPITAL, Role::Billing)]);
    assert!(!in_another_role.permits());
}

/// LAW C4: a request binds nobody until it is agreed to — except where the organization must agree: paid in full,
/// toward a health plan. That one it can neither refuse nor end.
#[test]
fn a_restriction_paid_in_full_must_be_accepted() {
    let case = |state, paid_in_full| {
        Case::new(&[Label::Hiv])
            .consent(terms(&[Label::Hiv]))
            .with(|case| {
                let mut restriction = restriction(&[]);
                restriction.items = vec![ITEM];
                restriction.state = state;
                restriction.paid_in_full = paid_in_full;
                case.state.restrictions.push(restriction);
            })
    };
    assert!(case(RestrictionState::Requested, false).permits());
    assert!(!case(RestrictionState::Requested, true).permits());
    assert!(!case(RestrictionState::Agreed { at: now() }, false).permits());
    assert!(case(RestrictionState::Refused { at: now() }, false).permits());
    assert!(case(RestrictionState::Ended { at: now() }, true).permits());
    let mut asked = restriction(&[Label::Hiv]);
    asked.state = RestrictionState::Requested;
    assert_eq!(
        asked.refuse(now()),
        Ok(RestrictionState::Refused { at: now() })
    );
    assert_eq!(
        asked.agree(now()),
        Ok(RestrictionState::Agreed { at: now() })
    );
    assert_eq!(asked.end(now()), Err(RestrictionFault::Moved));
    asked.paid_in_full = true;
    assert_eq!(asked.refuse(now()), Err(RestrictionFault::MustAgree));
    asked.state = asked.agree(now()).unwrap();
    assert_eq!(asked.end(now()), Err(RestrictionFault::MustAgree));
    assert_eq!(
        asked.withdraw(now()),
        Ok(RestrictionState::Ended { at: now() })
    );
}

/// POLICY §4, "any error on the way": a restriction whose labels can't be read keeps everything back.
#[test]
fn an_unreadable_restriction_restricts_everything() {
    let unreadable: LabelSet = serde_json::from_str("1152921504606846976").unwrap();
    let case = Case::new(&[]).treating(treating()).with(|case| {
        let mut restriction = restriction(&[]);
        restriction.labels = unreadable;
        case.state.restrictions.push(restriction);
    });
    assert!(!case.permits());
}

/// POLICY §4.2: in a medical emergency it yields, with an obligation to ask the recipient not to use it further.
#[test]
fn a_restriction_yields_to_an_emergency() {
    let case = Case::new(&[Label::Hiv])
        .purpose(Purpose::Emergency)
        .with(|case| case.state.emergencies.push(emergency()))
        .with(|case| case.state.restrictions.push(restriction(&[Label::Hiv])));
    assert_eq!(
        case.obligations(),
        ["log", "persist-label", "ask-no-further-use"]
    );
}

// 3. Proxies

/// POLICY §4.3: an authority that nobody verified, that was refused, that has not begun or is over gives nothing
/// (LAW D5: a representative may be refused where it endangers the patient).
#[test]
fn a_proxy_needs_an_authority_in_force() {
    let kind = AuthorityKind::ParentOfMinor {
        majority: hours(100),
    };
    let case = Case::new(&[Label::Hiv]).by_proxy(kind);
    assert!(case.permits());
    assert_eq!(case.grounds(), [Ground::Authority(AUTHORITY)]);
    let stands = |state| {
        case.clone()
            .with(|case| case.state.authorities[0].state = state)
            .permits()
    };
    assert!(!stands(AuthorityState::Claimed));
    assert!(!stands(AuthorityState::Verified { at: hours(1) }));
    assert!(!stands(AuthorityState::Refused {
        at: now(),
        verified: Some(hours(-9))
    }));
    assert!(stands(AuthorityState::Refused {
        at: hours(1),
        verified: Some(hours(-9))
    }));
    let over = Span {
        from: hours(-9),
        until: Some(now()),
    };
    assert!(
        !case
            .clone()
            .with(|case| case.state.authorities[0].span = over)
            .permits()
    );
    assert!(!case.with(|case| case.state.authorities.clear()).permits());
    let claimed = AuthorityState::Claimed;
    let verified = claimed.verify(now()).unwrap();
    assert!(verified.verify(now()).is_err());
    let refused = verified.refuse(now()).unwrap();
    assert!(refused.verify(now()).is_err() && refused.refuse(now()).is_err());
}

/// LAW D6: a parent's authority ends by itself on the eighteenth birthday, to the microsecond.
#[test]
fn a_parents_authority_ends_at_majority() {
    let case = Case::new(&[]).by_proxy(AuthorityKind::ParentOfMinor { majority: now() });
    assert!(
        case.clone()
            .at(now() - TimeDelta::microseconds(1))
            .permits()
    );
    assert!(!case.permits());
    let decider = Decider::new(
        &case.viewer,
        Action::View,
        case.purpose,
        case.now,
        &case.state,
    );
    assert!(!decider.has_standing());
}

/// LAW D1, POLICY §4.3: what the minor consented to alone is denied to the parent — and so is what nobody has looked
/// at yet, for it may be of that kind — unless the minor's own consent names this person.
#[test]
fn a_parent_does_not_see_what_the_minor_consented_to_alone() {
    let parent = || AuthorityKind::ParentOfMinor {
        majority: hours(100),
    };
    let labels = [Label::Opioids, Label::MinorConsented];
    let case = Case::new(&labels)
        .by_proxy(parent())
        .with(|case| case.state.majority = Some(hours(100)));
    assert!(!case.permits());
    assert!(
        !Case::new(&[Label::Unclassified])
            .by_proxy(parent())
            .permits()
    );
    let own = terms_of(
        ConsentKind::Proxy,
        &[Label::SubstanceUse],
        &[Purpose::Family],
    );
    let named = case.clone().consent(own.clone());
    assert!(named.permits());
    assert_eq!(named.obligations(), ["log", "persist-label"]);
    // Signed by the parent: that hand does not count here.
    let mut theirs = own.clone();
    theirs.grantor = Grantor::Proxy {
        person: VIEWER,
        authority: AUTHORITY,
    };
    assert!(!case.clone().consent(theirs.clone()).permits());
    // Nor can it help the minor's own consent over a label which that one does not name.
    let narrow = terms_of(ConsentKind::Proxy, &[Label::General], &[Purpose::Family]);
    assert!(!case.clone().consent(narrow).consent(theirs).permits());
    // A consent that only opens something else does not open it because the minor signed.
    let other = terms_of(ConsentKind::Proxy, &[Label::Hiv], &[Purpose::Family]);
    assert!(!case.consent(other.clone()).permits());
    assert!(
        !Case::new(&[Label::MinorConsented])
            .by_proxy(parent())
            .consent(other)
            .permits()
    );
    // What a Part 2 program wrote takes the minor's hand without its sender's mark too (42 CFR 2.14(a), (b)).
    let program = Case::new(&[Label::Opioids, Label::Part2]).by_proxy(parent());
    assert!(!program.permits());
    let both = terms_of(
        ConsentKind::Proxy,
        &[Label::SubstanceUse, Label::Part2],
        &[Purpose::Family],
    );
    assert!(program.clone().consent(both).permits());
    assert!(!program.consent(own).permits());
}

/// LAW D5: an adult's proxy needs a proxy-access consent for every label; a consent of another kind that happens to
/// name the same person does not make a helper.
#[test]
fn an_adults_helper_needs_a_proxy_consent_for_every_label() {
    let case = Case::new(&[Label::Hiv, Label::Opioids, Label::Part2])
        .by_proxy(AuthorityKind::ChosenByAdult);
    assert!(!case.permits());
    let hiv = terms_of(ConsentKind::Proxy, &[Label::Hiv], &[Purpose::Family]);
    let rest = terms_of(
        ConsentKind::Proxy,
        &[Label::SubstanceUse, Label::Part2],
        &[Purpose::Family],
    );
    assert!(!case.clone().consent(hiv.clone()).permits());
    let covered = case.clone().consent(hiv.clone()).consent(rest.clone());
    assert!(covered.permits());
    assert_eq!(covered.grounds().len(), 3);
    assert_eq!(
        covered.obligations(),
        [
            "log",
            "notice",
            "consent-copy",
            "no-redisclosure",
            "persist-label"
        ]
    );
    let specific = terms_of(
        ConsentKind::Specific,
        &[Label::SubstanceUse, Label::Part2],
        &[Purpose::Family],
    );
    assert!(!case.consent(hiv).consent(specific).permits());
}

/// LAW D5: a proxy-access consent opens the record to the helper in that role, not to the clinician they may be too.
#[test]
fn a_proxy_consent_is_for_the_proxy() {
    let access = terms_of(ConsentKind::Proxy, &[Label::Hiv], &[Purpose::Treatment]);
    assert!(!Case::new(&[Label::Hiv]).consent(access).permits());
}

/// LAW D4: a guardian sees as the patient does, within the order; what nobody classified only under an order over all.
#[test]
fn a_guardian_sees_within_the_order() {
    let guardian = |scope: &[Label]| AuthorityKind::Guardian { scope: set(scope) };
    assert!(
        Case::new(&[Label::Opioids])
            .by_proxy(guardian(&[Label::SubstanceUse]))
            .permits()
    );
    assert!(
        !Case::new(&[Label::Opioids, Label::Part2])
            .by_proxy(guardian(&[Label::SubstanceUse]))
            .permits()
    );
    assert!(
        !Case::new(&[])
            .by_proxy(guardian(&[Label::SubstanceUse]))
            .permits()
    );
    assert!(
        !Case::new(&[Label::PatientRequested])
            .by_proxy(guardian(&[Label::Hiv]))
            .permits()
    );
    assert!(
        !Case::new(&[Label::Unclassified])
            .by_proxy(guardian(&[Label::General]))
            .permits()
    );
    let everything = AuthorityKind::Guardian {
        scope: LabelSet::SEGMENTS.with(Label::Part2),
    };
    assert!(
        Case::new(&[Label::Unclassified])
            .by_proxy(everything.clone())
            .permits()
    );
    assert!(
        !Case::new(&[Label::PsychotherapyNote])
            .by_proxy(everything.clone())
            .permits()
    );
    assert!(
        !Case::new(&[])
            .by_proxy(everything)
            .with(|case| case.state.withheld.push(ITEM))
            .permits()
    );
    // Of several orders, each stands for itself.
    let two = Case::new(&[Label::Hiv])
        .by_proxy(guardian(&[Label::General]))
        .with(|case| {
            let mut other = authority(guardian(&[Label::Hiv]));
            other.id = domain::id::AuthorityId(uuid::Uuid::from_u128(1));
            case.state.authorities.push(other);
        });
    assert!(two.permits());
}

/// LAW D4 (2.15(a)(2)): the director looks at nothing, and what they signed counts for payment only.
#[test]
fn a_director_consents_for_payment_only() {
    assert!(!Case::new(&[]).by_proxy(AuthorityKind::Director).permits());
    let signed = |purposes: &[Purpose], asked| {
        let mut terms = terms_of(
            ConsentKind::Specific,
            &[Label::Opioids, Label::Part2],
            purposes,
        );
        terms.grantor = Grantor::Proxy {
            person: SUBJECT,
            authority: AUTHORITY,
        };
        let mut director = authority(AuthorityKind::Director);
        director.person = SUBJECT;
        Case::new(&[Label::Opioids, Label::Part2])
            .consent(terms)
            .purpose(asked)
            .with(|case| case.state.authorities.push(director))
            .permits()
    };
    assert!(signed(&[Purpose::Payment], Purpose::Payment));
    assert!(!signed(
        &[Purpose::Payment, Purpose::Treatment],
        Purpose::Payment
    ));
    assert!(!signed(&[Purpose::Treatment], Purpose::Treatment));
}

/// LAW D4 (2.15(b)(2)): for a deceased patient the executor, else the spouse, else the family.
#[test]
fn after_death_the_first_in_line_acts() {
    let labels = [Label::Hiv, Label::Part2];
    let executor = Case::new(&labels).by_proxy(AuthorityKind::AfterDeath(Survivor::Executor));
    assert!(executor.permits());
    let access = terms_of(ConsentKind::Proxy, &labels, &[Purpose::Family]);
    let mut own = access.clone();
    own.grantor = Grantor::Proxy {
        person: VIEWER,
        authority: AUTHORITY,
    };
    let spouse = Case::new(&labels)
        .by_proxy(AuthorityKind::AfterDeath(Survivor::Spouse))
        .consent(own);
    assert!(spouse.permits());
    let with_executor = spouse.with(|case| {
        let mut other = authority(AuthorityKind::AfterDeath(Survivor::Executor));
        other.id = domain::id::AuthorityId(uuid::Uuid::from_u128(1));
        other.person = SUBJECT;
        case.state.authorities.push(other);
    });
    assert!(!with_executor.permits());
}

/// LAW D1, D2: whose hand a consent for a minor's record needs.
#[test]
fn a_minors_consent_bears_the_hands_it_needs() {
    let minor =
        |labels: &[Label]| Case::new(labels).with(|case| case.state.majority = Some(hours(100)));
    let consented = || terms(&[Label::General, Label::SubstanceUse, Label::Part2]);
    let by_parent = |case: Case| {
        let mut terms = consented();
        terms.grantor = Grantor::Proxy {
            person: SUBJECT,
            authority: AUTHORITY,
        };
        case.consent(terms).with(|case| {
            let mut parent = authority(AuthorityKind::ParentOfMinor {
                majority: hours(100),
            });
            parent.person = SUBJECT;
            case.state.authorities.push(parent);
        })
    };
    let program = [Label::Opioids, Label::Part2];
    let alone = [Label::Opioids, Label::Part2, Label::MinorConsented];
    // D1: what the minor may consent to alone, on the minor's hand, not the parent's.
    assert!(minor(&alone).consent(consented()).permits());
    assert!(!by_parent(minor(&alone)).permits());
    // D2: what else a program has, on both hands only; ordinary content on the parent's.
    assert!(!minor(&program).consent(consented()).permits());
    assert!(!by_parent(minor(&program)).permits());
    assert!(by_parent(minor(&[])).permits());
    assert!(by_parent(minor(&[Label::Opioids])).permits());
    let both = by_parent(minor(&program)).with(|case| {
        let own = case::sign(9, consented());
        let other = domain::consent::Countersignature {
            person: SUBJECT,
            authority: AUTHORITY,
            signature: case::signature(),
        };
        case.state.consents = vec![domain::consent::StandingConsent {
            consent: own.consent.countersign(other).unwrap(),
            state: own.state,
        }];
    });
    assert!(both.permits());
    // A countersignature by nobody's right is none (LAW A11: discoverable to be false).
    assert!(
        !both
            .with(|case| case.state.authorities[0].state = AuthorityState::Claimed)
            .permits()
    );
}

/// LAW A11: what a representative signed without authority opens nothing; what was signed with it stays when the
/// authority ends later.
#[test]
fn a_signature_is_judged_as_of_its_day() {
    let mut by_guardian = terms(&[Label::Hiv, Label::Opioids]);
    by_guardian.grantor = Grantor::Proxy {
        person: SUBJECT,
        authority: AUTHORITY,
    };
    let case = |labels: &[Label]| {
        Case::new(labels).consent(by_guardian.clone()).with(|case| {
            let mut guardian = authority(AuthorityKind::Guardian {
                scope: set(&[Label::Hiv]),
            });
            guardian.person = SUBJECT;
            case.state.authorities.push(guardian);
        })
    };
    assert!(case(&[Label::Hiv]).permits());
    assert!(!case(&[Label::Opioids]).permits());
    let ended = Span {
        from: hours(-1_000),
        until: Some(hours(-12)),
    };
    assert!(
        case(&[Label::Hiv])
            .with(|case| case.state.authorities[0].span = ended)
            .permits()
    );
    let too_late = Span {
        from: hours(-12),
        until: None,
    };
    assert!(
        !case(&[Label::Hiv])
            .with(|case| case.state.authorities[0].span = too_late)
            .permits()
    );
    assert!(
        !case(&[Label::Hiv])
            .with(|case| case.state.authorities.clear())
            .permits()
    );
    let chosen = AuthorityKind::ChosenByAdult;
    assert!(
        !case(&[Label::Hiv])
            .with(|case| case.state.authorities[0].kind = chosen)
            .permits()
    );
}

// 4. Staff

/// POLICY §4.4: support and administrators never see content, whatever names them; nor in an emergency (LAW E1).
#[test]
fn staff_without_content_see_nothing() {
    for role in [Role::Support, Role::Administrator] {
        let case = Case::new(&[])
            .role(role)
            .treating(treating())
            .consent(terms(&[Label::General]))
            .with(|case| case.state.emergencies.push(emergency()));
        assert!(!case.permits());
        assert!(!case.purpose(Purpose::Emergency).permits());
    }
}

/// A person with two employers carries nothing from one to the other: what is opened to the first's workforce is not
/// opened to somebody who only answers its telephones.
#[test]
fn a_role_at_one_employer_is_not_a_role_at_another() {
    let mut to_program = terms(&[Label::Hiv]);
    to_program.to = vec![domain::consent::Recipient::Organization(PROGRAM)];
    let case = |role| {
        Case::new(&[Label::Hiv])
            .consent(to_program.clone())
            .with(|case| {
                case.viewer.memberships = vec![
                    membership(HOSPITAL, Role::Clinician),
                    membership(PROGRAM, role),
                ];
            })
    };
    assert!(case(Role::Clinician).permits());
    assert!(case(Role::SudClinician).permits());
    assert!(!case(Role::Support).permits());
    assert!(!case(Role::Billing).permits());
    let program = |role| {
        Case::new(&[Label::Part2]).in_program().with(|case| {
            case.viewer.memberships = vec![
                membership(HOSPITAL, Role::Clinician),
                membership(PROGRAM, role),
            ];
        })
    };
    assert!(program(Role::SudClinician).permits());
    assert!(!program(Role::Administrator).permits());
}

// 5. Break-glass

/// LAW E1, POLICY §4.5: medical personnel with an open grant for this patient, for that purpose; basis is the grant.
#[test]
fn break_glass_is_for_medical_personnel() {
    let case = Case::new(&[Label::Opioids, Label::Part2, Label::Unclassified])
        .purpose(Purpose::Emergency)
        .with(|case| case.state.emergencies.push(emergency()));
    assert!(case.permits());
    assert_eq!(case.grounds(), [Ground::Emergency(EMERGENCY)]);
    assert_eq!(case.obligations(), ["log", "persist-label"]);
    assert!(!case.clone().purpose(Purpose::Treatment).permits());
    assert!(!case.clone().at(now() + TimeDelta::minutes(30)).permits());
    assert!(
        case.clone()
            .at(now() + TimeDelta::minutes(30) - TimeDelta::microseconds(1))
            .permits()
    );
    assert!(
        !case
            .clone()
            .with(|case| case.state.emergencies[0].person = SUBJECT)
            .permits()
    );
    for role in [
        Role::CareCoordinator,
        Role::Billing,
        Role::PrivacyOfficer,
        Role::Administrator,
    ] {
        assert!(!case.clone().role(role).permits());
    }
}

/// LAW E1: a grant without the record that 2.51(c) wants, or without a near end, is none; it moves one way.
#[test]
fn a_grant_is_complete_and_short() {
    assert!(emergency().checked().is_ok());
    let changed = |change: fn(&mut domain::state::Emergency)| {
        let mut grant = emergency();
        change(&mut grant);
        let case = Case::new(&[])
            .purpose(Purpose::Emergency)
            .with(|case| case.state.emergencies.push(grant.clone()));
        assert!(!case.permits());
        grant.checked().unwrap_err()
    };
    assert_eq!(
        changed(|grant| grant.nature = " ".to_owned()),
        EmergencyFault::Incomplete
    );
    assert_eq!(
        changed(|grant| grant.discloser = String::new()),
        EmergencyFault::Incomplete
    );
    assert_eq!(
        changed(|grant| grant.without_consent = String::new()),
        EmergencyFault::Incomplete
    );
    assert_eq!(
        changed(|grant| grant.recipient.name = "\t".to_owned()),
        EmergencyFault::Incomplete
    );
    assert_eq!(
        changed(|grant| grant.recipient.affiliation = String::new()),
        EmergencyFault::Incomplete
    );
    assert_eq!(
        changed(|grant| grant.role = Role::Administrator),
        EmergencyFault::NotMedical
    );
    assert_eq!(
        changed(|grant| grant.span.until = None),
        EmergencyFault::TooLong
    );
    assert_eq!(
        changed(|grant| grant.span.until = Some(now() + TimeDelta::minutes(31))),
        EmergencyFault::TooLong
    );
    let open = emergency();
    let closed = open.close(now()).unwrap();
    let mut grant = open;
    grant.state = closed;
    assert_eq!(grant.close(now()), Err(EmergencyFault::Moved));
    assert!(!grant.is_open(now()));
}

/// LAW E1, B3: an emergency is for looking; nothing is taken away or previewed on it, and it opens no other patient.
#[test]
fn a_grant_is_for_looking() {
    for action in [Action::Export, Action::Download, Action::Preview] {
        let case = Case::new(&[Label::Hiv])
            .purpose(Purpose::Emergency)
            .with(|case| case.state.emergencies.push(emergency()))
            .with(|case| case.action = action);
        assert!(!case.permits(), "{action:?}");
    }
}

fn review() -> EmergencyReview {
    EmergencyReview {
        organization: HOSPITAL,
        by: SUBJECT,
        account: AccountId(Uuid::from_u128(90)),
        at: hours(1),
        justified: true,
        reason: "seen in the emergency room".to_owned(),
    }
}

/// POLICY §4.5: each organization concerned reviews once, when it is over, by somebody else, with a reason.
#[test]
fn a_grant_is_reviewed_by_others() {
    let refused = |change: fn(&mut EmergencyReview)| {
        let mut review = review();
        change(&mut review);
        emergency().reviewed(review).unwrap_err()
    };
    assert_eq!(
        refused(|review| review.by = VIEWER),
        EmergencyFault::OwnGrant
    );
    assert_eq!(
        refused(|review| review.organization = OrganizationId(Uuid::from_u128(91))),
        EmergencyFault::NotConcerned
    );
    assert_eq!(
        refused(|review| review.reason = " ".to_owned()),
        EmergencyFault::Incomplete
    );
    assert_eq!(refused(|review| review.at = now()), EmergencyFault::Moved);
    let grant = emergency().reviewed(review()).unwrap();
    assert!(grant.review_of(HOSPITAL).is_some() && grant.review_of(PROGRAM).is_none());
    assert_eq!(
        grant.clone().reviewed(review()).unwrap_err(),
        EmergencyFault::Moved
    );
    let other = EmergencyReview {
        organization: PROGRAM,
        ..review()
    };
    assert_eq!(grant.reviewed(other).unwrap().after.reviews.len(), 2);
    assert_eq!(emergency().concerned(), [HOSPITAL, PROGRAM]);
}

/// LAW E1: the patient is told until they say they read it, and again when it was found not to be justified.
#[test]
fn a_grant_is_news_until_it_is_read() {
    let mut grant = emergency();
    assert!(grant.is_news());
    grant.after.acknowledged = Some(now());
    assert!(!grant.is_news());
    let grant = grant.reviewed(review()).unwrap();
    assert!(!grant.is_news());
    let unjustified = EmergencyReview {
        organization: PROGRAM,
        justified: false,
        ..review()
    };
    let mut grant = grant.reviewed(unjustified).unwrap();
    assert!(grant.is_news());
    grant.after.acknowledged = Some(hours(1));
    assert!(!grant.is_news());
}

/// Two business days: weekends don't count.
#[test]
fn a_review_is_due_within_two_business_days() {
    let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
    // The first of March 2026 is a Sunday.
    for (opened, due) in [(1, 3), (2, 4), (4, 6), (5, 9), (6, 10), (7, 10)] {
        assert_eq!(review_day(day(opened)), day(due), "{opened}");
    }
    assert_eq!(review_day(NaiveDate::MAX), NaiveDate::MAX);
}

// 6. Ordinary parts

/// POLICY §4.6: a current care relationship and treatment.
#[test]
fn ordinary_parts_rest_on_the_relationship() {
    let case = Case::new(&[]).treating(treating());
    assert_eq!(case.grounds(), [Ground::Relationship(RELATIONSHIP)]);
    assert!(
        Case::new(&[Label::General])
            .treating(Party::Person(VIEWER))
            .permits()
    );
    for purpose in [
        Purpose::Payment,
        Purpose::Operations,
        Purpose::Research,
        Purpose::Legal,
        Purpose::Emergency,
    ] {
        assert!(!case.clone().purpose(purpose).permits());
    }
    assert!(!Case::new(&[]).permits());
    let over = Span {
        from: hours(-9),
        until: Some(now()),
    };
    assert!(
        !case
            .clone()
            .with(|case| case.state.relationships[0].span = over)
            .permits()
    );
    assert!(
        !Case::new(&[])
            .related(RelationshipKind::Payer, treating())
            .permits()
    );
    assert!(!case.clone().role(Role::PrivacyOfficer).permits());
    // A relationship opens nothing that is labelled.
    assert!(!Case::new(&[Label::Contact]).treating(treating()).permits());
}

/// POLICY §4.6: or a consent that covers general health for this purpose.
#[test]
fn ordinary_parts_rest_on_a_consent_for_this_purpose() {
    let case = Case::new(&[]).consent(terms(&[Label::General]));
    assert!(case.permits());
    assert_eq!(case.obligations(), ["log"]);
    assert!(!case.purpose(Purpose::Payment).permits());
    assert!(!Case::new(&[]).consent(terms(&[Label::Hiv])).permits());
}

// 7. Labelled parts

/// POLICY §4.7: every label on its own, by one consent or several; one missing label denies.
#[test]
fn every_label_must_be_permitted() {
    let case = Case::new(&[Label::Opioids, Label::Hiv]);
    assert!(!case.clone().consent(terms(&[Label::Hiv])).permits());
    let case = case
        .consent(terms(&[Label::Hiv]))
        .consent(terms(&[Label::SubstanceUse]));
    assert!(case.permits());
    assert_eq!(
        case.grounds(),
        [
            Ground::Consent(case.state.consents[0].consent.id, set(&[Label::Hiv])),
            Ground::Consent(case.state.consents[1].consent.id, set(&[Label::Opioids])),
        ]
    );
}

/// POLICY §4.7a: workforce of the very program the part came from, in a role and a relationship that need it.
#[test]
fn in_program_is_this_program_this_role_this_relationship() {
    let case = Case::new(&[
        Label::Opioids,
        Label::Part2,
        Label::Unclassified,
        Label::MinorConsented,
    ])
    .in_program();
    assert_eq!(
        case.grounds(),
        [Ground::Relationship(RELATIONSHIP), Ground::Program(PROGRAM)]
    );
    assert_eq!(case.obligations(), ["log", "persist-label"]);
    assert!(
        !case
            .clone()
            .with(|case| case.state.relationships.clear())
            .permits()
    );
    assert!(
        !case
            .clone()
            .with(|case| case.state.programs.clear())
            .permits()
    );
    assert!(
        !case
            .clone()
            .with(|case| case.item.sources = vec![HOSPITAL])
            .permits()
    );
    assert!(
        !case
            .clone()
            .with(|case| case.item.sources.push(HOSPITAL))
            .permits()
    );
    assert!(
        !case
            .clone()
            .with(|case| case.item.sources.clear())
            .permits()
    );
    assert!(!case.clone().purpose(Purpose::Payment).permits());
    // A relationship with another employer is not one with the program.
    let elsewhere = case.with(|case| {
        case.viewer
            .memberships
            .push(membership(HOSPITAL, Role::Clinician));
        case.state.relationships[0].party = Party::Organization(HOSPITAL);
    });
    assert!(!elsewhere.permits());
}

/// LAW A9 (2.31(b)), 164.508(a)(2): in the program a separated note is its writer's; another needs a consent to it.
#[test]
fn a_separated_note_is_its_writers() {
    let case = Case::new(&[Label::SudCounselingNote, Label::Part2]).in_program();
    assert!(!case.permits());
    assert!(
        case.clone()
            .with(|case| case.item.authors.push(VIEWER))
            .permits()
    );
    let notes = terms_of(
        ConsentKind::Notes,
        &[Label::SudCounselingNote],
        &[Purpose::Treatment],
    );
    let with_consent = case.consent(notes);
    assert!(with_consent.permits());
    // Disclosed with consent, so the notice goes along (LAW B1).
    assert!(with_consent.obligations().contains(&"notice"));
    // A ground that covers nothing is none.
    let note_only = Case::new(&[Label::SudCounselingNote])
        .in_program()
        .consent(terms_of(
            ConsentKind::Notes,
            &[Label::SudCounselingNote],
            &[Purpose::Treatment],
        ));
    assert_eq!(note_only.grounds().len(), 1);
}

/// POLICY §2, deny by default: what is unclassified no consent opens.
#[test]
fn no_consent_opens_what_is_unclassified() {
    let mut everything = terms(&[Label::General]);
    everything.what.include = LabelSet::SEGMENTS
        .with(Label::Part2)
        .with(Label::Unclassified);
    everything.what.items_included = vec![ITEM];
    let case = Case::new(&[Label::Unclassified]).consent(everything);
    assert!(!case.permits());
}

// 8. Otherwise deny; errors

/// POLICY §4.8 and "any error on the way".
#[test]
fn everything_else_is_denied() {
    assert!(!Case::new(&[Label::Hiv]).permits());
    let good = Case::new(&[]).treating(treating());
    assert!(
        !good
            .clone()
            .with(|case| case.state.unreadable = true)
            .permits()
    );
    assert!(
        good.clone()
            .with(|case| case.state.last_entry = Some(now()))
            .permits()
    );
    let later = now() + TimeDelta::microseconds(1);
    assert!(
        !good
            .clone()
            .with(|case| case.state.last_entry = Some(later))
            .permits()
    );
    assert!(
        !good
            .clone()
            .by_patient()
            .with(|case| case.state.last_entry = Some(later))
            .permits()
    );
    let unknown: LabelSet = serde_json::from_str("9223372036854775808").unwrap();
    assert!(
        !good
            .clone()
            .by_patient()
            .with(|case| case.item.parts[0].labels = unknown)
            .permits()
    );
}

// Limits

/// POLICY §4, LAW B3: billing sees claim-related parts, for payment, under a consent that names payment.
#[test]
fn billing_sees_claims_for_payment() {
    let pay = terms_of(
        ConsentKind::Specific,
        &[Label::General, Label::Hiv],
        &[Purpose::Payment],
    );
    let billing = |labels: &[Label], kind, path| {
        Case::new(labels)
            .role(Role::Billing)
            .purpose(Purpose::Payment)
            .kind(kind, path)
            .consent(pay.clone())
    };
    assert!(billing(&[Label::Hiv], ItemKind::Claim, "item[0]").permits());
    assert!(billing(&[], ItemKind::Demographics, "name[0]").permits());
    assert!(!billing(&[], ItemKind::Demographics, "birthDate").permits());
    assert!(!billing(&[], ItemKind::Condition, "code").permits());
    assert!(
        !billing(&[], ItemKind::Claim, "item[0]")
            .purpose(Purpose::Treatment)
            .permits()
    );
    assert!(
        !billing(&[], ItemKind::Claim, "item[0]")
            .with(|case| case.state.consents.clear())
            .permits()
    );
    let related = billing(&[], ItemKind::Claim, "item[0]")
        .with(|case| case.state.consents.clear())
        .treating(treating());
    assert!(!related.permits());
}

/// LAW B3: a care coordinator sees what the minimum-necessary template names, never more, whatever a consent opens.
#[test]
fn coordinators_see_what_the_template_names() {
    let coordinator = |labels: &[Label], kind, path| {
        Case::new(labels)
            .role(Role::CareCoordinator)
            .kind(kind, path)
            .consent(terms(&[Label::General, Label::Hiv, Label::Part2]))
    };
    assert!(coordinator(&[Label::Hiv], ItemKind::Condition, "code").permits());
    assert!(coordinator(&[], ItemKind::Condition, "onsetDateTime").permits());
    for (kind, path) in [
        (ItemKind::Condition, "note[0]"),
        (ItemKind::Condition, "evidence[0]"),
        (ItemKind::Document, "content[0]"),
        (ItemKind::Result, "code"),
        (ItemKind::Encounter, "reasonCode[0]"),
        (ItemKind::Demographics, "photo[0]"),
    ] {
        assert!(!coordinator(&[], kind, path).permits(), "{path}");
    }
}

// Obligations

/// LAW B1: on a disclosure made with consent of Part 2 content, notice, copy and mark go along; on no other.
#[test]
fn the_notice_goes_with_part_2_content_disclosed_with_consent() {
    let both = [Label::Opioids, Label::Part2];
    let with_consent = Case::new(&both).consent(terms(&both));
    assert_eq!(
        with_consent.obligations(),
        [
            "log",
            "notice",
            "consent-copy",
            "no-redisclosure",
            "persist-label"
        ]
    );
    let not_part_2 = Case::new(&[Label::Opioids]).consent(terms(&both));
    assert_eq!(not_part_2.obligations(), ["log", "persist-label"]);
    assert_eq!(
        Case::new(&both).in_program().obligations(),
        ["log", "persist-label"]
    );
    assert_eq!(Case::new(&both).by_patient().obligations(), ["log"]);
    assert!(Case::new(&both).obligations().is_empty());
}

/// LAW B5, POLICY §5: on a page that shows no Part 2 content nothing tells that there is some: neither obligations nor
/// labels nor basis of a permit.
#[test]
fn a_permit_tells_nothing_of_what_it_leaves_out() {
    let plain = Case::new(&[]).treating(treating());
    let permit = |case: &Case| {
        let decider = Decider::new(
            &case.viewer,
            Action::View,
            case.purpose,
            case.now,
            &case.state,
        );
        let permit = decider.permit(&case.item).unwrap();
        (
            permit.labels(),
            permit.obligations(),
            permit.basis().to_vec(),
        )
    };
    let hidden = plain.clone().with(|case| {
        let labels = set(&[Label::Opioids, Label::Part2]);
        case.item.parts.push(PartFacts {
            leads_to: Vec::new(),
            path: "note[0]".to_owned(),
            labels,
        });
    });
    assert_eq!(permit(&plain), permit(&hidden));
}

/// POLICY §1: an item whose identifying part is denied does not exist.
#[test]
fn without_its_title_an_item_does_not_exist() {
    let case = Case::new(&[Label::Hiv]).treating(treating()).with(|case| {
        case.item.parts.push(PartFacts {
            leads_to: Vec::new(),
            path: "status".to_owned(),
            labels: LabelSet::EMPTY,
        });
    });
    let decider = Decider::new(
        &case.viewer,
        Action::View,
        case.purpose,
        case.now,
        &case.state,
    );
    assert!(decider.part(&case.item, &case.item.parts[1]).permits());
    assert!(decider.permit(&case.item).is_none());
    assert!(decider.labels(&case.item).is_none());
}

/// A permit narrowed by the facts of another item opens nothing; kept parts have basis and obligations of their own.
#[test]
fn a_permit_is_narrowed_by_its_own_item() {
    let case = Case::new(&[])
        .treating(treating())
        .consent(terms(&[Label::Hiv, Label::Part2]))
        .with(|case| {
            case.item.parts.push(PartFacts {
                leads_to: Vec::new(),
                path: "note[0]".to_owned(),
                labels: set(&[Label::Part2]),
            });
        });
    let decider = Decider::new(
        &case.viewer,
        Action::View,
        case.purpose,
        case.now,
        &case.state,
    );
    let permit = || decider.permit(&case.item).unwrap();
    assert!(
        permit()
            .obligations()
            .has(domain::decide::Obligation::Notice)
            && permit().is_whole()
    );
    let title = decider
        .permit_of(&case.item, |part| part.path == "code")
        .unwrap();
    assert_eq!(title.basis(), [Ground::Relationship(RELATIONSHIP)]);
    assert!(!title.obligations().has(domain::decide::Obligation::Notice) && !title.is_whole());
    let mut other = case.item.clone();
    other.id = domain::id::ItemId(uuid::Uuid::from_u128(99));
    let narrowed = permit().keeping(&other, |_| true);
    assert!(!narrowed.allows(0) && !narrowed.allows(1) && !narrowed.is_whole());
    assert!(narrowed.narrowed_to(&permit()).is_none());
}

/// POLICY §4.1, §4.3: what is kept from the patient is kept from those who stand in their place, each of the two by itself.
#[test]
fn what_is_kept_from_the_patient_is_kept_from_a_parent() {
    let parent = || AuthorityKind::ParentOfMinor {
        majority: hours(24 * 365),
    };
    assert!(Case::new(&[]).by_proxy(parent()).permits());
    assert!(
        !Case::new(&[])
            .by_proxy(parent())
            .with(|case| case.state.withheld.push(ITEM))
            .permits()
    );
    assert!(
        !Case::new(&[Label::PsychotherapyNote])
            .by_proxy(parent())
            .permits()
    );
}
