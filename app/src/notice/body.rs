//! The body of the patient notice, section by section in the order of 42 CFR 2.22(b)(1)(ii)–(ix), with what 45 CFR
//! 164.520(b)(1) adds. To be confirmed by counsel (docs/compliance.md).

use super::{Block, Section};
use crate::{dates, t};
use portal::notice::NoticeFacts;

/// All sections.
pub(super) fn sections(facts: &NoticeFacts) -> Vec<Section> {
    vec![
        with_consent(),
        without_consent(),
        proceedings(),
        rights(facts),
        duties(),
        complaints(facts),
        contact(facts),
    ]
}

fn section(heading: String, blocks: Vec<Block>) -> Section {
    Section { heading, blocks }
}

fn paragraph(text: String) -> Block {
    Block::Paragraph(text)
}

/// Uses and disclosures that rest on what the patient signs: 2.22(b)(1)(ii), 164.520(b)(1)(ii)(A), (E).
fn with_consent() -> Section {
    section(
        t!("notice-consent-heading"),
        vec![
            paragraph(t!("notice-consent-needed")),
            paragraph(t!("notice-consent-single")),
            Block::List(vec![
                t!("notice-consent-treatment"),
                t!("notice-consent-payment"),
                t!("notice-consent-operations"),
            ]),
            paragraph(t!("notice-consent-further")),
            paragraph(t!("notice-consent-notes")),
            paragraph(t!("notice-consent-other")),
            paragraph(t!("notice-consent-fundraising")),
            paragraph(t!("notice-consent-revoke")),
        ],
    )
}

/// Uses and disclosures without consent: 2.22(b)(1)(ii)(B), 164.520(b)(1)(ii)(B), (C).
fn without_consent() -> Section {
    section(
        t!("notice-without-heading"),
        vec![
            paragraph(t!("notice-without-lead")),
            Block::List(vec![
                t!("notice-without-emergency"),
                t!("notice-without-program"),
                t!("notice-without-service"),
                t!("notice-without-research"),
                t!("notice-without-audit"),
                t!("notice-without-health"),
                t!("notice-without-crime"),
                t!("notice-without-child"),
                t!("notice-without-death"),
                t!("notice-without-court"),
            ]),
            paragraph(t!("notice-without-others")),
        ],
    )
}

/// Proceedings against the patient: 2.22(b)(1)(ii)(D), (E).
fn proceedings() -> Section {
    section(
        t!("notice-court-heading"),
        vec![
            paragraph(t!("notice-court-rule")),
            paragraph(t!("notice-court-order")),
        ],
    )
}

/// What the patient may ask for: 2.22(b)(1)(iii), 164.520(b)(1)(iv).
fn rights(facts: &NoticeFacts) -> Section {
    section(
        t!("notice-rights-heading"),
        vec![
            paragraph(t!("notice-rights-lead")),
            Block::List(vec![
                t!("notice-rights-restrict"),
                t!("notice-rights-paid"),
                t!("notice-rights-copy"),
                t!("notice-rights-amend"),
                t!("notice-rights-contact"),
                t!("notice-rights-accounting"),
                t!("notice-rights-intermediary"),
                t!("notice-rights-notice"),
                t!("notice-rights-discuss", who = facts.contact.clone()),
                t!("notice-rights-fundraising"),
            ]),
        ],
    )
}

/// What the program owes: 2.22(b)(1)(iv), (v), 164.520(b)(1)(v).
fn duties() -> Section {
    section(
        t!("notice-duties-heading"),
        vec![
            Block::List(vec![
                t!("notice-duties-keep"),
                t!("notice-duties-breach"),
                t!("notice-duties-abide"),
            ]),
            paragraph(t!("notice-duties-change")),
        ],
    )
}

/// How to complain: 2.22(b)(1)(vi), 2.4, 164.520(b)(1)(vi).
fn complaints(facts: &NoticeFacts) -> Section {
    section(
        t!("notice-complaints-heading"),
        vec![
            paragraph(t!(
                "notice-complaints-program",
                who = facts.contact.clone(),
                reached = facts.reached.clone()
            )),
            paragraph(t!("notice-complaints-secretary")),
            paragraph(t!("notice-complaints-safe")),
        ],
    )
}

/// Whom to ask, and since when: 2.22(b)(1)(vii), (viii), 164.520(b)(1)(vii), (viii).
fn contact(facts: &NoticeFacts) -> Section {
    section(
        t!("notice-contact-heading"),
        vec![
            paragraph(t!(
                "notice-contact-who",
                who = facts.contact.clone(),
                reached = facts.reached.clone()
            )),
            paragraph(t!("privacy-effective", day = dates::day(facts.effective))),
        ],
    )
}
