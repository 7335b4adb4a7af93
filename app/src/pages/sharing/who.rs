//! `/sharing/new`: with whom?

use super::{
    picker::{
        EnterButton, Finder, HowMany, Search, apart, group, narrowed, party_of, party_value, search,
    },
    steps::{self, Back, StepsOf},
    words::{capitalized, recipients},
};
use crate::{
    State,
    components::{
        choices::{Choice, Choices, Pick},
        error_summary::ErrorSummary,
        field::Field,
        page_title::PageTitle,
    },
    destination::Destination,
    forms::{Errors, Fields, FormState},
    pages::answer::{self, Answer},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, response::Response};
use domain::{
    consent::{ConsentKind, Recipient},
    notice::TPO_RECIPIENTS,
    party::Party,
};
use leptos::prelude::*;
use portal::{
    Refusal,
    directory::{self, Candidate},
    sharing::draft::{self, Draft, Step},
};

/// What was searched for, in the session.
const FIND: &str = "sharing-find";
/// The value of the class of LAW A2.
const CLASS: &str = "tpo";
/// The value of the class of those who treat the patient.
const TREATING: &str = "treating";
/// The longest name of somebody who has no account here, in letters.
const LONGEST: usize = 200;

/// What was picked and typed.
#[derive(Clone, Default)]
pub struct Picked {
    /// `records` or `notes`; empty where there is nothing to choose.
    kind: String,
    to: Vec<String>,
    named: String,
}

impl Picked {
    fn of(draft: &Draft) -> Self {
        Self {
            kind: match draft.kind() {
                ConsentKind::Notes => "notes",
                ConsentKind::Proxy => "",
                _ => "records",
            }
            .to_owned(),
            to: draft.to.iter().map(value).collect(),
            named: String::new(),
        }
    }
}

impl From<&Fields> for Picked {
    fn from(fields: &Fields) -> Self {
        let remove = fields.text("remove");
        let mut to = fields.all("to");
        to.retain(|value| *value != remove);
        Self {
            kind: fields.text("kind"),
            to,
            named: fields.text("named"),
        }
    }
}

/// With whom?
#[component]
pub fn Who() -> impl IntoView {
    let form = use_context::<FormState<Picked>>();
    visit::page(async move |visit| {
        let (draft, _) = steps::draft_of(&visit).await?;
        let form = form.unwrap_or_else(|| FormState {
            values: Picked::of(&draft),
            errors: Errors::default(),
        });
        let sought: String = visit.session.get(FIND).await?.unwrap_or_default();
        let candidates = directory::candidates(&visit.portal, &visit.actor).await?;
        // Those that are kept already stand on a list of their own, each with a button to take it out.
        let mut kept = Vec::new();
        for to in draft
            .to
            .iter()
            .filter(|to| form.values.to.contains(&value(to)))
        {
            let name = directory::recipient(&visit.portal, to).await?;
            kept.push((value(to), recipients(&[name])));
        }
        Ok(page(form, kept, candidates, sought).into_any())
    })
}

fn page(
    form: FormState<Picked>,
    kept: Vec<(String, String)>,
    mut candidates: Vec<Candidate>,
    sought: String,
) -> impl IntoView {
    let FormState { values, errors } = form;
    let all = candidates.len();
    let is_kept = |value: &str| kept.iter().any(|(kept, _)| kept == value);
    candidates.retain(|candidate| !is_kept(&party_value(candidate.party)));
    let (people, organizations) = apart(narrowed(candidates, &sought, &values.to));
    let (people_found, organizations_found) = (people.len(), organizations.len());
    let people = group(
        "to",
        "to-person",
        t!("sharing-who-people"),
        people,
        &values.to,
        Pick::Any,
    );
    let organizations = group(
        "to",
        "to-organization",
        t!("sharing-who-organizations"),
        organizations,
        &values.to,
        Pick::Any,
    );
    let classes: Vec<_> = [
        (
            TREATING,
            t!("sharing-who-treating"),
            t!("sharing-who-treating-hint"),
        ),
        (
            CLASS,
            capitalized(TPO_RECIPIENTS),
            t!("sharing-who-class-hint"),
        ),
    ]
    .into_iter()
    .filter(|(value, ..)| !is_kept(value))
    .map(|(value, label, hint)| class(value, label, hint, &values.to))
    .collect();
    let searching = !sought.is_empty();
    let error = errors.of("to");
    let wrong = error.is_some();
    view! {
        <PageTitle title=text!("sharing-new-title")/>
        <Back step=Step::Who/>
        <StepsOf step=Step::Who/>
        <ErrorSummary errors=errors.clone()/>
        <h1>{t!("sharing-who-heading")}</h1>
        <form method="post" novalidate>
            <EnterButton/>
            {kinds(&values.kind)}
            <Kept kept/>
            <Finder sought all/>
            <div class="field" class:wrong=wrong id="to" tabindex="-1">
                {error
                    .map(|error| {
                        view! {
                            <p class="error" id="to-error">
                                <span class="for-ear">{t!("error-prefix")} " "</span>
                                {error.to_string()}
                            </p>
                        }
                    })}
                {people}
                {organizations}
                <HowMany people=people_found organizations=organizations_found searching/>
                {(!classes.is_empty())
                    .then(|| {
                        view! {
                            <fieldset class="who-group">
                                <legend>{t!("sharing-who-classes")}</legend>
                                {classes}
                            </fieldset>
                        }
                    })}
            </div>
            {by_other_ways(&values.named, &errors)}
            <div class="actions">
                <button class="button" type="submit" name="do" value="on">
                    {t!("sharing-go-on")}
                </button>
                <button class="button quiet" type="submit" name="do" value="add">
                    {t!("sharing-who-add")}
                </button>
            </div>
        </form>
    }
}

/// Those who are in no list: by name, or through an intermediary.
fn by_other_ways(named: &str, errors: &Errors) -> impl IntoView + use<> {
    let named = named.to_owned();
    view! {
        <fieldset class="who-group">
            <legend>{t!("sharing-who-named-legend")}</legend>
            <Field
                name="named"
                label=t!("sharing-who-named")
                hint=t!("sharing-who-named-hint")
                value=named
                error=errors.of("named")
            />
        </fieldset>
        <fieldset class="who-group">
            <legend>{t!("sharing-who-through-legend")}</legend>
            <p class="hint">{t!("sharing-who-through-hint")}</p>
            <button class="button quiet" type="submit" name="do" value="through">
                {t!("sharing-who-through-do")}
            </button>
        </fieldset>
    }
}

/// The record, or the notes that are kept apart from it: one agreement is never for both (LAW A9).
fn kinds(picked: &str) -> Option<impl IntoView + use<>> {
    (!picked.is_empty()).then(|| {
        let choices = vec![
            Choice::new("records", t!("sharing-kind-records"), picked != "notes")
                .hint(t!("sharing-kind-records-hint")),
            Choice::new("notes", t!("sharing-kind-notes"), picked == "notes")
                .hint(t!("sharing-kind-notes-hint")),
        ];
        view! {
            <Choices name="kind" legend=t!("sharing-kind-legend") pick=Pick::One choices/>
        }
    })
}

/// Who is picked already.
#[component]
fn Kept(kept: Vec<(String, String)>) -> impl IntoView {
    (!kept.is_empty()).then(|| {
        let rows = kept
            .into_iter()
            .map(|(value, name)| {
                let about = t!("sharing-who-about", name = name.as_str());
                view! {
                    <li>
                        <input type="hidden" name="to" value=value.clone()/>
                        <span>{name}</span>
                        " "
                        <button class="link" type="submit" name="remove" value=value>
                            {t!("sharing-who-remove")}
                            <span class="for-ear">" " {about}</span>
                        </button>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="picked" aria-labelledby="picked">
                <h2 id="picked">{t!("sharing-who-picked")}</h2>
                <ul class="plain">{rows}</ul>
            </section>
        }
    })
}

fn class(
    value: &'static str,
    label: String,
    hint: String,
    picked: &[String],
) -> impl IntoView + use<> {
    let id = format!("to-{value}");
    let more = format!("{id}-more");
    let checked = picked.iter().any(|one| one == value);
    view! {
        <div class="choice">
            <input
                type="checkbox"
                id=id.clone()
                name="to"
                value=value
                checked=checked
                aria-describedby=more.clone()
            />
            <div>
                <label for=id>{label}</label>
                <span class="hint" id=more>{hint}</span>
            </div>
        </div>
    }
}

/// How a recipient is named in the form.
fn value(to: &Recipient) -> String {
    match to {
        Recipient::Person(id) => party_value(Party::Person(*id)),
        Recipient::Organization(id) => party_value(Party::Organization(*id)),
        Recipient::TreatingProviders => TREATING.to_owned(),
        Recipient::TpoClass => CLASS.to_owned(),
        Recipient::Intermediary { organization, .. } => format!("through:{organization}"),
        Recipient::Named(name) => format!("named:{name}"),
    }
}

/// The recipient behind a value, if it is kept already or among those who can be chosen.
fn chosen(given: &str, kept: &[Recipient], candidates: &[Candidate]) -> Option<Recipient> {
    if let Some(kept) = kept.iter().find(|one| value(one) == given) {
        return Some(kept.clone());
    }
    match given {
        CLASS => Some(Recipient::TpoClass),
        TREATING => Some(Recipient::TreatingProviders),
        _ => party_of(given, candidates).map(|party| match party {
            Party::Person(id) => Recipient::Person(id),
            Party::Organization(id) => Recipient::Organization(id),
        }),
    }
}

/// What was picked, and what is wrong with it.
fn read(picked: &Picked, draft: &Draft, candidates: &[Candidate]) -> (Vec<Recipient>, Errors) {
    let mut errors = Errors::default();
    let mut to: Vec<Recipient> = Vec::new();
    let mut unknown = false;
    for given in &picked.to {
        match chosen(given, &draft.to, candidates) {
            Some(recipient) if !to.contains(&recipient) => to.push(recipient),
            Some(_) => {}
            None => unknown = true,
        }
    }
    if picked.named.chars().count() > LONGEST {
        errors.add("named", text!("sharing-who-named-long"));
    } else if !picked.named.is_empty() {
        let named = Recipient::Named(picked.named.clone());
        if !to.contains(&named) {
            to.push(named);
        }
    }
    if unknown || (to.is_empty() && errors.is_empty()) {
        errors.add("to", text!("sharing-who-missing"));
    } else if to.contains(&Recipient::TpoClass) {
        // The rule's class stands for all uses at once (LAW A2), and never for notes (LAW A9).
        if picked.kind == "notes" {
            errors.add("to", text!("sharing-who-class-notes"));
        } else if to.len() > 1 {
            errors.add("to", text!("sharing-who-class-alone"));
        }
    }
    (to, errors)
}

/// `POST /sharing/new`
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    answer::to(state, request, async |visit: Visit, fields| {
        let (mut draft, _) = steps::draft_of(&visit).await?;
        let candidates = directory::candidates(&visit.portal, &visit.actor).await?;
        let picked = Picked::from(&fields);
        let (to, errors) = read(&picked, &draft, &candidates);
        let doing = fields.text("do");
        let sought: String = visit.session.get(FIND).await?.unwrap_or_default();
        let sought = Search::asked(&doing, fields.text("find"), &sought);
        let stays = sought.is_some() || doing == "add" || !fields.text("remove").is_empty();
        let goes_on = !stays && doing != "through";
        if !errors.is_empty() && (goes_on || errors.of("named").is_some()) {
            return Ok::<_, Refusal>(Answer::Again(FormState {
                values: picked,
                errors,
            }));
        }
        // What is picked is kept, whichever button was pressed.
        draft.set_recipients(to);
        if !picked.kind.is_empty() && draft.apart != Some(ConsentKind::Proxy) {
            draft.set_notes(picked.kind == "notes");
        }
        draft::keep(&visit.portal, &visit.actor, &draft).await?;
        if let Some(sought) = sought {
            search(&visit, FIND, sought).await?;
        }
        if stays {
            return Ok(Answer::Go(Destination::SharingStep(Step::Who)));
        }
        visit.session.remove::<String>(FIND).await?;
        Ok(Answer::Go(if goes_on {
            steps::after(&draft, Step::Who)
        } else {
            Destination::SharingThrough
        }))
    })
    .await
}
