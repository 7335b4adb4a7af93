//! `/sharing/{id}`: a signed consent in plain words, what it opens today, who used it, and its end.

use super::{
    answers::{Names, document as in_words, signed_as},
    eyes::{Eyes, view_in},
    facts::{Facts, lines},
    opens::{Of, OpensView},
    sign::SIGNED,
    uses::{ByWhom, Lines},
    view_as::ViewLink,
    words::{ended_at, last_day, named_items, on_paper, recipients},
};
use crate::{
    components::{
        banner::{Banner, Tone},
        button::{LinkButton, Loudness},
        empty::Empty,
        page_title::PageTitle,
        summary_list::Row,
        table::Table,
        time::{Moment, zone},
    },
    dates,
    destination::Destination,
    pages::answer::id_in,
    t, text,
    visit::{self, AsOf, Visit},
    words::consent::recipient as name,
};
use domain::{
    consent::{Change, Consent as Signed, ConsentKind, Expiry, Grantor, Recipient, Standing},
    id::ConsentId,
    party::Role,
};
use leptos::prelude::*;
use portal::{
    Refusal,
    directory::RecipientName,
    session::{self, Reveal},
    sharing::{
        document, draft,
        single::{self, Seen},
        standing::{self, Before, Hands, Shown, Summary},
        used::Used,
        view_as,
    },
};

/// A consent.
#[component]
pub fn Consent() -> impl IntoView {
    let id = id_in(1);
    let view = view_in();
    visit::page(async move |visit| {
        let id = id.map(ConsentId).ok_or(Refusal::NotAvailable)?;
        // Whose it is comes first: a foreign id must not use up what was asked for.
        standing::terms(&visit.portal, &visit.actor, id).await?;
        let revealed = session::take_reveal(&visit.session).await? == Some(Reveal::Opened);
        let shown = standing::show(&visit.portal, &visit.actor, id, view, revealed).await?;
        let signed: Option<ConsentId> = visit.session.get(SIGNED).await?;
        let mut just_signed = signed == Some(id);
        if just_signed {
            visit.session.remove::<ConsentId>(SIGNED).await?;
            // It may have ended before anybody came to read that it began.
            just_signed = shown.summary.now == Standing::Active;
        }
        let consent = &shown.summary.standing.consent;
        let kept = document::of(&visit.portal, &visit.actor, id).await?;
        let items = single::of_consents(&visit.portal, &visit.actor, &[consent]).await?;
        let names = names(&visit, &shown.summary, &items);
        let before = standing::before(&visit.portal, &visit.actor, consent).await?;
        let papers = Papers {
            version: before.map(|before| version(&visit, &shown.summary, before)),
            names,
            document: if document::is_left_to_its_signer(&visit.actor, consent) {
                Paper::LeftToItsSigner
            } else {
                kept.map_or(Paper::None, |kept| Paper::Here(kept.key.fingerprint()))
            },
            // What a helper may see is changed where helpers are.
            changeable: visit.actor.may_sign()
                && consent.terms.kind != ConsentKind::Proxy
                && draft::can_be_replaced(shown.summary.now),
            may_revoke: standing::may_revoke(&visit.actor, consent),
            // Only a patient looks at their record as somebody else sees it.
            views: visit.actor.role() == Role::Patient,
        };
        Ok(content(shown, papers, id, revealed, just_signed).into_any())
    })
}

/// Whether a consent can still be revoked.
pub(super) const fn revocable(now: Standing) -> bool {
    matches!(
        now,
        Standing::Active | Standing::NotYet | Standing::Suspended | Standing::Unsound
    )
}

/// What there is of a consent beside its terms.
struct Papers {
    /// The names in it, with its single items as far as they are told.
    names: Names,
    /// How it differs from the version before it.
    version: Option<Version>,
    /// Its document.
    document: Paper,
    /// Whether a new version can be made of it.
    changeable: bool,
    /// Whether it is theirs to revoke.
    may_revoke: bool,
    /// Whether they may look at the record as a recipient sees it.
    views: bool,
}

/// The signed document of a consent.
enum Paper {
    /// It has none: it is of a time before documents.
    None,
    /// It can be saved; of the key that signed it.
    Here(String),
    /// Those who signed can save it.
    LeftToItsSigner,
}

/// How a consent differs from the one whose place it took.
struct Version {
    /// The version before.
    earlier: ConsentId,
    /// What reads otherwise.
    changes: Vec<Change>,
    /// Whether it names other single items: on the privacy screen two of them may read alike.
    other_items: bool,
}

/// The names in a signed consent, and of its single items those that were looked at.
fn names(visit: &Visit, summary: &Summary, seen: &Seen) -> Names {
    let consent = &summary.standing.consent;
    let told = single::are_told(&visit.actor, consent);
    Names {
        patient: visit.actor.patient_name().unwrap_or_default().to_owned(),
        to: summary.to.clone(),
        from: summary.from.clone(),
        items: told.then(|| named_items(&consent.terms.what, seen)),
        ..Names::default()
    }
}

/// What reads otherwise in a version than in the one before it, both in the words of today: of single items they say what
/// the lists of this page say, and not what was on the screen when somebody signed.
fn version(visit: &Visit, now: &Summary, before: Before) -> Version {
    let Before {
        summary,
        items,
        other_items,
    } = before;
    let said = |of: &Summary| in_words(&of.standing.consent, &names(visit, of, &items));
    Version {
        earlier: summary.standing.consent.id,
        changes: said(now).changes_since(&said(&summary)),
        other_items,
    }
}

fn content(
    shown: Shown,
    papers: Papers,
    id: ConsentId,
    revealed: bool,
    just_signed: bool,
) -> impl IntoView {
    let Papers {
        names,
        version,
        document,
        changeable,
        may_revoke,
        views,
    } = papers;
    let Shown {
        summary,
        opens,
        used,
        hands,
        as_of,
    } = shown;
    let to = recipients(&summary.to);
    let paper = on_paper(&summary.to);
    let banner = first_banner(&summary, used.total, &to, (just_signed, paper));
    let can_revoke = may_revoke && revocable(summary.now);
    let more = signatures(&summary.standing.consent, &hands);
    let terms = summary.standing.consent.terms.clone();
    let views = (views && summary.now == Standing::Active).then(|| {
        let (to, names) = (terms.to.clone(), summary.to.clone());
        let proxy = terms.kind == ConsentKind::Proxy;
        view! { <Views to names proxy/> }
    });
    let purposes = terms.purposes;
    let opens = opens.filter(|_| !paper);
    let on_paper_only =
        paper.then(|| view! { <Banner tone=Tone::Info>{t!("sharing-review-paper-none")}</Banner> });
    view! {
        <PageTitle title=text!("consent-title")/>
        <p class="back">
            <a href=Destination::Sharing.path()>{t!("consent-back")}</a>
        </p>
        <h1>{t!("consent-heading", to = to)}</h1>
        {banner}
        {(!just_signed).then_some(on_paper_only)}
        <Facts terms names changeable=false more/>
        {views}
        {can_revoke
            .then(|| {
                view! {
                    <p class="actions">
                        <LinkButton
                            href=Destination::Revoke(id.0).path()
                            loudness=Loudness::Danger
                        >
                            {t!("consent-revoke")}
                        </LinkButton>
                    </p>
                }
            })}
        {changeable.then(|| view! { <ChangeIt id/> })}
        {version.map(|version| view! { <Changed version/> })}
        {opens
            .map(|opens| {
                view! {
                    <h2>{t!("consent-opens")}</h2>
                    <Eyes to=summary.to purposes view=opens.view of=Of::Consent(id)/>
                    <OpensView opens of=Of::Consent(id) revealed/>
                }
            })}
        <h2>{t!("consent-used")}</h2>
        <UsedBy used id/>
        <Kept id document/>
        <AsOf at=as_of/>
    }
}

/// When it began, and who signed it when; where that is not the patient, by what right, as the document has it (42 CFR
/// 2.31(a)(8)).
fn signatures(consent: &Signed, hands: &Hands) -> Vec<Row> {
    let signed = match consent.terms.grantor {
        Grantor::Patient => t!("consent-row-signed"),
        Grantor::Proxy { .. } => t!("sharing-signed-for-patient"),
    };
    let mut rows = vec![
        Row::new(
            t!("consent-row-start"),
            view! { <Moment at=consent.terms.start/> },
        ),
        Row::new(
            signed,
            t!(
                "consent-signed-by",
                name = signed_as(&consent.signature.typed_name, hands.first.as_ref()),
                at = dates::moment(consent.signature.signed_at, zone())
            ),
        ),
    ];
    if let Some(other) = consent.countersignature() {
        rows.push(Row::new(
            t!("consent-row-countersigned"),
            t!(
                "consent-signed-by",
                name = signed_as(&other.signature.typed_name, hands.second.as_ref()),
                at = dates::moment(other.signature.signed_at, zone())
            ),
        ));
    }
    rows
}

/// The way to a new version.
#[component]
fn ChangeIt(id: ConsentId) -> impl IntoView {
    view! {
        <form method="post" action=format!("{}/change", Destination::Consent(id.0).path())>
            <button class="button quiet" type="submit">{t!("consent-change")}</button>
        </form>
        <p class="hint">{t!("consent-change-hint")}</p>
    }
}

/// What reads otherwise than in the version before.
#[component]
fn Changed(version: Version) -> impl IntoView {
    let Version {
        earlier,
        changes,
        other_items,
    } = version;
    let words = |words: Vec<String>| {
        if words.is_empty() {
            t!("consent-changes-nothing").into_any()
        } else {
            lines(words)
        }
    };
    let rows: Vec<Vec<AnyView>> = changes
        .into_iter()
        .map(|change| {
            vec![
                change.name.into_any(),
                words(change.before),
                words(change.now),
            ]
        })
        .collect();
    let no_rows = rows.is_empty();
    let same = no_rows && !other_items;
    view! {
        <h2>{t!("consent-changes")}</h2>
        <p>
            {t!("consent-changes-lead")} " "
            <a href=Destination::Consent(earlier.0).path()>{t!("consent-changes-earlier")}</a>
        </p>
        {same.then(|| view! { <Empty words=t!("consent-changes-none")/> })}
        {other_items.then(|| view! { <p>{t!("consent-changes-items")}</p> })}
        {(!no_rows)
            .then(|| {
                view! {
                    <div class="caption-by-ear">
                        <Table
                            caption=t!("consent-changes-caption")
                            columns=vec![
                                t!("consent-changes-what"),
                                t!("consent-changes-before"),
                                t!("consent-changes-now"),
                            ]
                            rows
                        />
                    </div>
                }
            })}
    }
}

/// The signed document, to keep; or who has it.
#[component]
fn Kept(id: ConsentId, document: Paper) -> impl IntoView {
    match document {
        Paper::None => ().into_any(),
        Paper::Here(fingerprint) => view! { <ToKeep id fingerprint/> }.into_any(),
        Paper::LeftToItsSigner => view! {
            <h2>{t!("consent-kept")}</h2>
            <p>{t!("consent-kept-by-signer")}</p>
        }
        .into_any(),
    }
}

/// Both forms of the document.
#[component]
fn ToKeep(id: ConsentId, fingerprint: String) -> impl IntoView {
    let action = format!("{}/document", Destination::Consent(id.0).path());
    let button = |form: &'static str, words: String| {
        view! {
            <form method="post" action=action.clone()>
                <input type="hidden" name="form" value=form/>
                <button class="button quiet" type="submit">{words}</button>
            </form>
        }
    };
    view! {
        <h2>{t!("consent-kept")}</h2>
        <p>{t!("consent-kept-lead")}</p>
        <div class="actions">
            {button("pdf", t!("consent-kept-pdf"))} {button("json", t!("consent-kept-json"))}
        </div>
        <p class="hint">{t!("consent-kept-check")} " " <code>{fingerprint}</code></p>
    }
}

/// That it was just signed, or where it stands.
fn first_banner(
    summary: &Summary,
    used: usize,
    to: &str,
    (just_signed, paper): (bool, bool),
) -> AnyView {
    if just_signed && paper {
        let words = t!("consent-signed-paper", to = to);
        view! {
            <Banner tone=Tone::Success heading=t!("consent-signed-paper-heading")>
                {words}
            </Banner>
        }
        .into_any()
    } else if just_signed {
        let words = t!("consent-signed", to = to);
        view! {
            <Banner tone=Tone::Success heading=t!("consent-signed-heading")>
                {words}
            </Banner>
        }
        .into_any()
    } else {
        state_banner(summary, used).into_any()
    }
}

/// Where the consent stands, when there is something to say about it.
fn state_banner(summary: &Summary, used: usize) -> Option<AnyView> {
    let terms = &summary.standing.consent.terms;
    let at = ended_at(&summary.standing.state, terms).map(|at| dates::moment(at, zone()));
    let at = at.unwrap_or_default();
    let banner = match summary.now {
        Standing::Active => return None,
        Standing::Revoked => view! {
            <Banner tone=Tone::Info heading=t!("consent-revoked-heading")>
                <p>{t!("consent-revoked", at = at)}</p>
                <p>{t!("consent-uses", count = used)}</p>
            </Banner>
        }
        .into_any(),
        Standing::Expired => {
            let words = match &terms.expiry {
                Some(Expiry::At(end)) => t!("consent-expired-day", day = last_day(*end)),
                _ => t!("consent-expired", at = at),
            };
            view! { <Banner tone=Tone::Info>{words}</Banner> }.into_any()
        }
        Standing::Suspended => view! {
            <Banner tone=Tone::Warning heading=t!("consent-suspended-heading")>
                {t!("consent-suspended", at = at)}
            </Banner>
        }
        .into_any(),
        Standing::Superseded => {
            view! { <Banner tone=Tone::Info>{t!("consent-superseded", at = at)}</Banner> }
                .into_any()
        }
        Standing::NotYet => {
            view! { <Banner tone=Tone::Info>{t!("consent-not-yet")}</Banner> }.into_any()
        }
        Standing::Unsound => {
            view! { <Banner tone=Tone::Warning>{t!("consent-unsound")}</Banner> }.into_any()
        }
    };
    Some(banner)
}

/// Who used it, how often, and the last uses.
#[component]
fn UsedBy(used: Used, id: ConsentId) -> impl IntoView {
    if used.total == 0 {
        return view! { <Empty words=t!("consent-unused")/> }.into_any();
    }
    let Used {
        total, by, lines, ..
    } = used;
    view! {
        <p>{t!("consent-uses", count = total)}</p>
        <ByWhom by/>
        <h3>{t!("consent-used-last")}</h3>
        <Lines lines/>
        <p><a href=Destination::Uses(id.0).path()>{t!("uses-all")}</a></p>
    }
    .into_any()
}

/// The ways to see the record as each recipient who is one person or organization.
#[component]
fn Views(to: Vec<Recipient>, names: Vec<RecipientName>, proxy: bool) -> impl IntoView {
    let links: Vec<_> = view_as::recipients(&to)
        .filter(|_| !proxy)
        .filter_map(|(at, recipient)| {
            let who = name(names.get(at)?);
            Some(view! { <li><ViewLink recipient who/></li> })
        })
        .collect();
    (!links.is_empty()).then(|| view! { <ul class="lines">{links}</ul> })
}
