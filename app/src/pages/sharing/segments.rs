//! The segments to pick on a page, each with its parts.

use super::{
    scope::{Picked, REST},
    words::children,
};
use crate::{
    components::icon::Icon,
    i18n::{Text, label_icon, label_name},
    t,
};
use domain::label::Label;
use leptos::prelude::*;
use portal::sharing::grid::COLUMNS;

/// The question which segments.
pub(super) fn segments(
    values: &Picked,
    legend: String,
    hint: String,
    error: Option<Text>,
) -> impl IntoView + use<> {
    let wrong = error.is_some();
    let error = error.map(|error| {
        view! {
            <p class="error" id="segments-error">
                <span class="for-ear">{t!("error-prefix")} " "</span>
                {error.to_string()}
            </p>
        }
    });
    let segments = COLUMNS
        .into_iter()
        .map(|parent| segment(parent, values).into_any())
        .collect_view();
    view! {
        <fieldset
            class="field segments"
            class:wrong=wrong
            id="segments"
            tabindex="-1"
            aria-describedby="segments-hint"
        >
            <legend>{legend}</legend>
            <p class="hint" id="segments-hint">{hint}</p>
            {error}
            <button class="button quiet" type="submit" name="do" value="everything">
                {t!("sharing-what-everything")}
            </button>
            <p class="hint">{t!("sharing-what-everything-hint")}</p>
            {segments}
        </fieldset>
    }
}

/// A segment; its parts stand below it once it is ticked (and always where a browser is too old for that).
fn segment(parent: Label, values: &Picked) -> impl IntoView + use<> {
    let name = parent.name();
    let id = format!("segment-{name}");
    let ticked = values.has(name);
    let rest = format!("{name}{REST}");
    let mut parts: Vec<(String, String)> = children(parent)
        .map(|child| (child.name().to_owned(), label_name(child)))
        .collect();
    if !parts.is_empty() {
        parts.push((rest, t!("sharing-what-rest")));
    }
    let parts = (!parts.is_empty()).then(|| {
        let boxes = parts
            .into_iter()
            .map(|(value, words)| {
                let id = format!("segment-{}", value.replace('.', "-"));
                let checked = values.has(&value);
                view! {
                    <div class="choice">
                        <input type="checkbox" id=id.clone() name="segments" value=value checked=checked/>
                        <div>
                            <label for=id>{words}</label>
                        </div>
                    </div>
                }
            })
            .collect_view();
        view! {
            <fieldset class="segment-parts">
                <legend>{t!("sharing-what-parts", segment = label_name(parent))}</legend>
                {boxes}
            </fieldset>
        }
    });
    let more = hint(parent);
    let more_id = format!("{id}-more");
    let described = more.is_some().then(|| more_id.clone());
    view! {
        <div class="segment">
            <div class="choice">
                <input
                    type="checkbox"
                    id=id.clone()
                    name="segments"
                    value=name
                    checked=ticked
                    aria-describedby=described
                />
                <Icon name=label_icon(parent)/>
                <div>
                    <label for=id>{label_name(parent)}</label>
                    {more.map(|more| view! { <span class="hint" id=more_id>{more}</span> })}
                </div>
            </div>
            {parts}
        </div>
    }
}

fn hint(parent: Label) -> Option<String> {
    match parent {
        Label::General => Some(t!("sharing-what-general-hint")),
        Label::Identity => Some(t!("sharing-what-identity-hint")),
        _ => None,
    }
}
