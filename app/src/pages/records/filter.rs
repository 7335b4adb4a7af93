//! What the list is narrowed to. Posted and kept in the session: an address would tell it.

use crate::{
    State,
    components::{
        choices::Choice,
        error_summary::ErrorSummary,
        field::{Field, InputKind},
        select::Select,
    },
    destination::Destination,
    forms::{self, Errors, Fields, FormState},
    i18n::{kind_name, label_name},
    t, text,
    visit::{self, Visit},
};
use axum::{extract, http::Uri, response::Response};
use chrono::NaiveDate;
use domain::{
    item::ItemKind,
    label::{Label, LabelSet},
};
use leptos::prelude::*;
use portal::{
    Refusal,
    session::{self, Filter},
};

/// What is picked and typed, as it stands in the fields.
#[derive(Clone, Default)]
pub(super) struct Typed {
    kind: String,
    segment: String,
    from: String,
    until: String,
}

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        Self {
            kind: fields.text("kind"),
            segment: fields.text("segment"),
            from: fields.text("from"),
            until: fields.text("until"),
        }
    }
}

impl From<&Filter> for Typed {
    fn from(filter: &Filter) -> Self {
        let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
        Self {
            kind: filter.kind.map_or("", ItemKind::name).to_owned(),
            segment: filter.segment.clone().unwrap_or_default(),
            from: day(filter.from),
            until: day(filter.until),
        }
    }
}

impl Typed {
    fn filter(&self) -> Result<Filter, Errors> {
        let mut errors = Errors::default();
        let kind = ItemKind::from_name(&self.kind).filter(|kind| kind.is_shown());
        if kind.is_none() && !self.kind.is_empty() {
            errors.add("kind", text!("records-filter-kind-wrong"));
        }
        let segment = Label::from_name(&self.segment);
        if segment.is_none() && !self.segment.is_empty() {
            errors.add("segment", text!("records-filter-segment-wrong"));
        }
        let from = self.from.parse::<NaiveDate>().ok();
        if from.is_none() && !self.from.is_empty() {
            errors.add("from", text!("date-wrong"));
        }
        let until = self.until.parse::<NaiveDate>().ok();
        if until.is_none() && !self.until.is_empty() {
            errors.add("until", text!("date-wrong"));
        }
        if let (Some(from), Some(until)) = (from, until)
            && from > until
        {
            errors.add("until", text!("date-before"));
        }
        if errors.is_empty() {
            Ok(Filter {
                kind,
                segment: segment.map(|label| label.name().to_owned()),
                from,
                until,
            })
        } else {
            Err(errors)
        }
    }
}

/// The form, folded away while nothing is narrowed.
#[component]
pub(super) fn FilterForm(
    form: FormState<Typed>,
    kinds: Vec<ItemKind>,
    segments: LabelSet,
    narrowed: bool,
) -> impl IntoView {
    let open = narrowed || !form.errors.is_empty();
    let Typed {
        kind,
        segment,
        from,
        until,
    } = form.values;
    let mut kind_choices = vec![Choice::new("", t!("records-filter-all"), kind.is_empty())];
    kind_choices.extend(
        kinds
            .into_iter()
            .map(|one| Choice::new(one.name(), kind_name(one), one.name() == kind)),
    );
    let clear = narrowed.then(|| {
        view! {
            <button class="button quiet" type="submit" name="clear" value="yes">
                {t!("records-filter-clear")}
            </button>
        }
    });
    view! {
        <details class="folded" open=open>
            <summary>{t!("records-filter")}</summary>
            <ErrorSummary errors=form.errors.clone()/>
            <form method="post" action="/records/filter" novalidate>
                <Select
                    name="kind"
                    label=t!("records-filter-kind")
                    choices=kind_choices
                    error=form.errors.of("kind")
                />
                <Select
                    name="segment"
                    label=t!("records-filter-segment")
                    choices=segment_choices(segments, &segment)
                    error=form.errors.of("segment")
                />
                <Field
                    name="from"
                    label=t!("records-filter-from")
                    kind=InputKind::Date
                    value=from
                    error=form.errors.of("from")
                />
                <Field
                    name="until"
                    label=t!("records-filter-until")
                    kind=InputKind::Date
                    value=until
                    error=form.errors.of("until")
                />
                <div class="actions">
                    <button class="button" type="submit">{t!("records-filter-go")}</button>
                    {clear}
                </div>
            </form>
        </details>
    }
}

/// All, then each segment with its parts under it.
fn segment_choices(segments: LabelSet, picked: &str) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", t!("records-filter-all"), picked.is_empty())];
    choices.extend(segments.iter().map(|label| {
        let choice = Choice::new(label.name(), label_name(label), label.name() == picked);
        if label.parent().is_some() {
            choice.under()
        } else {
            choice
        }
    }));
    choices
}

/// `POST /records/filter`: keeps the filter, or drops it, and goes back to the list.
pub async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let (mut parts, fields) = match forms::read(&state, request).await {
        Ok(read) => read,
        Err(problem_page) => return problem_page,
    };
    let answer = match visit::of(&state, &parts).await {
        Ok(visit) => keep(&visit, &fields).await,
        Err(refusal) => Err(refusal),
    };
    match answer {
        Ok(Ok(())) => Destination::Records.see_other(),
        Ok(Err(form)) => {
            // The form stands on the list's page.
            parts.uri = Uri::from_static("/records");
            forms::again(&state, parts, form).await
        }
        Err(refusal) => visit::refuse(&state, parts, refusal).await,
    }
}

async fn keep(visit: &Visit, fields: &Fields) -> Result<Result<(), FormState<Typed>>, Refusal> {
    let filter = if fields.checked("clear") {
        Filter::default()
    } else {
        let values = Typed::from(fields);
        match values.filter() {
            Ok(filter) => filter,
            Err(errors) => return Ok(Err(FormState { values, errors })),
        }
    };
    session::set_filter(&visit.session, &filter).await?;
    Ok(Ok(()))
}

#[cfg(test)]
mod tests {
    use super::Typed;

    fn typed(kind: &str, segment: &str, from: &str, until: &str) -> Typed {
        Typed {
            kind: kind.into(),
            segment: segment.into(),
            from: from.into(),
            until: until.into(),
        }
    }

    #[test]
    fn a_filter_is_checked() {
        let filter = typed("result", "hiv", "2024-01-01", "2024-12-31").filter();
        assert!(filter.is_ok_and(|filter| !filter.is_empty()));
        assert!(
            typed("", "", "", "")
                .filter()
                .is_ok_and(|filter| filter.is_empty())
        );
        for (wrong, field) in [
            (typed("claim", "", "", ""), "kind"),
            (typed("", "nothing", "", ""), "segment"),
            (typed("", "", "soon", ""), "from"),
            (typed("", "", "", "2024-02-31"), "until"),
            (typed("", "", "2024-02-02", "2024-02-01"), "until"),
        ] {
            assert!(
                wrong
                    .filter()
                    .is_err_and(|errors| errors.of(field).is_some()),
                "{field}"
            );
        }
    }
}
