//! The parts that pages are made of. Each file holds one component and its `sample()`, with
//! realistic and with extreme content; all samples are rendered in tests and looked at.

pub mod banner;
pub mod button;
pub mod choices;
pub mod code_list;
pub mod demo_sheet;
pub mod empty;
pub mod error_summary;
pub mod field;
pub mod icon;
pub mod initials;
pub mod item_card;
pub mod label_chip;
pub mod masked_item;
pub mod notice;
pub mod page_title;
pub mod pagination;
pub mod qr_code;
pub mod select;
pub mod sharing_grid;
pub mod steps;
pub mod summary_list;
pub mod table;
pub mod time;
pub mod who_can_see;

use leptos::prelude::*;

/// A name at the edge of what people have: 60 characters.
pub(crate) const LONG_NAME: &str = "Maximiliana Wilhelmina Featherstonehaugh-Vandersloot-Okonkwo";

/// A word that doesn't break.
pub(crate) const LONG_WORD: &str =
    "Pneumonoultramicroscopicsilicovolcanoconiosis-Immunoelectrophoresis";

type Sample = fn() -> AnyView;

/// Every component's sample, by the name of its file.
pub const SAMPLES: &[(&str, Sample)] = &[
    ("banner", banner::sample),
    ("button", button::sample),
    ("choices", choices::sample),
    ("code_list", code_list::sample),
    ("demo_sheet", demo_sheet::sample),
    ("empty", empty::sample),
    ("error_summary", error_summary::sample),
    ("field", field::sample),
    ("icon", icon::sample),
    ("initials", initials::sample),
    ("item_card", item_card::sample),
    ("label_chip", label_chip::sample),
    ("masked_item", masked_item::sample),
    ("notice", notice::sample),
    ("pagination", pagination::sample),
    ("qr_code", qr_code::sample),
    ("select", select::sample),
    ("sharing_grid", sharing_grid::sample),
    ("steps", steps::sample),
    ("summary_list", summary_list::sample),
    ("table", table::sample),
    ("time", time::sample),
    ("who_can_see", who_can_see::sample),
];

/// One page with every sample, for tests and for looking at.
#[component]
pub fn Samples() -> impl IntoView {
    let samples = SAMPLES
        .iter()
        .map(|(name, sample)| {
            view! {
                <h2>{*name}</h2>
                {sample()}
            }
        })
        .collect_view();
    view! {
        <h1>"Samples"</h1>
        {samples}
    }
}
