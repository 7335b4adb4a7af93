//! A table that works on a phone: below a certain width each row becomes a block, and each cell
//! carries its column's name.

use leptos::prelude::*;

/// A table. The first cell of each row is its heading.
#[component]
pub fn Table(
    /// What it shows; read first by screen readers, shown above.
    #[prop(into)]
    caption: String,
    /// The columns' names.
    columns: Vec<String>,
    /// The rows; each has as many cells as there are columns.
    rows: Vec<Vec<AnyView>>,
) -> impl IntoView {
    // The roles are those the elements have anyway: CSS that stacks cells takes them away.
    let head = columns
        .iter()
        .map(|name| view! { <th scope="col" role="columnheader">{name.clone()}</th> })
        .collect_view();
    let rows = rows
        .into_iter()
        .map(|cells| {
            let cells = columns
                .iter()
                .zip(cells)
                .enumerate()
                .map(|(index, (column, cell))| {
                    let column = column.clone();
                    if index == 0 {
                        view! { <th scope="row" role="rowheader" data-label=column>{cell}</th> }
                            .into_any()
                    } else {
                        view! { <td role="cell" data-label=column>{cell}</td> }.into_any()
                    }
                })
                .collect_view();
            view! { <tr role="row">{cells}</tr> }
        })
        .collect_view();
    view! {
        <table class="table" role="table">
            <caption>{caption}</caption>
            <thead role="rowgroup">
                <tr role="row">{head}</tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
}

/// Three rows, one of them with long words.
pub fn sample() -> AnyView {
    let columns = ["Who", "When", "Why", "What"].map(str::to_owned).to_vec();
    let rows = [
        [
            "Dr. Amara Okafor",
            "June 3, 2026 at 2:05 p.m.",
            "Treatment",
            "12 items",
        ],
        [
            "Dr. Tobias Lindqvist",
            "June 2, 2026 at 9:40 a.m.",
            "Treatment",
            "Nothing: not shared",
        ],
        [
            super::LONG_NAME,
            "May 30, 2026",
            super::LONG_WORD,
            "214 items",
        ],
    ];
    let rows = rows
        .map(|row| row.map(IntoAny::into_any).into_iter().collect())
        .into_iter()
        .collect();
    view! { <Table caption="Who looked at your record" columns rows/> }.into_any()
}
