//! A QR code, drawn on the server; what it holds stands beside it as text.

use crate::t;
use leptos::prelude::*;

/// A QR code, dark on light in every colour scheme: many cameras read nothing else.
#[component]
pub fn QrCode(
    /// Its side in modules, the light border included.
    side: i32,
    /// The dark modules, as the data of an SVG path.
    path: String,
) -> impl IntoView {
    view! {
        <svg
            class="qr-code"
            viewBox=format!("0 0 {side} {side}")
            width="264"
            height="264"
            role="img"
            aria-label=t!("qr-code-label")
            shape-rendering="crispEdges"
        >
            <rect width=side height=side fill="#fff"></rect>
            <path d=path fill="#000"></path>
        </svg>
    }
}

/// A few modules.
pub fn sample() -> AnyView {
    view! { <QrCode side=11 path="M4 4h3v1h-3zM4 6h1v1h-1zM6 6h1v1h-1z".to_owned()/> }.into_any()
}
