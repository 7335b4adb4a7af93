//! Names and values, one below the other: what was answered, what an item holds.

use leptos::prelude::*;

/// One row.
pub struct Row {
    name: String,
    value: AnyView,
    change: Option<(String, String)>,
}

impl Row {
    /// A row of a name and a value.
    pub fn new(name: impl Into<String>, value: impl IntoView + 'static) -> Self {
        Self {
            name: name.into(),
            value: value.into_any(),
            change: None,
        }
    }

    /// With a link to change it; `words` such as "Change".
    #[must_use]
    pub fn change(mut self, href: impl Into<String>, words: impl Into<String>) -> Self {
        self.change = Some((href.into(), words.into()));
        self
    }
}

/// A list of rows.
#[component]
pub fn SummaryList(
    /// The rows, in order.
    rows: Vec<Row>,
) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(
            |Row {
                 name,
                 value,
                 change,
             }| {
                let change = change.map(|(href, words)| {
                    view! {
                        <dd class="summary-change">
                            <a href=href>{words} <span class="for-ear">" " {name.clone()}</span></a>
                        </dd>
                    }
                });
                view! {
                    <div class="summary-row">
                        <dt>{name.clone()}</dt>
                        <dd>{value}</dd>
                        {change}
                    </div>
                }
            },
        )
        .collect_view();
    view! { <dl class="summary">{rows}</dl> }
}

/// Usual rows, long ones, an empty value.
pub fn sample() -> AnyView {
    let rows = vec![
        Row::new("Who", "Dr. Amara Okafor, Maple Street Family Practice").change("/help", "Change"),
        Row::new("What", "Everyday health, Mental health").change("/help", "Change"),
        Row::new("How long", "Until June 3, 2027").change("/help", "Change"),
        Row::new(super::LONG_WORD, super::LONG_NAME),
        Row::new("Nothing", ""),
    ];
    view! { <SummaryList rows/> }.into_any()
}
