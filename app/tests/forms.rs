//! The way of forms that can be wrong, on a form made for the test.

use crate::support::Stage;
use app::{
    State,
    components::{
        error_summary::ErrorSummary,
        field::{Field, InputKind},
    },
    destination::Destination,
    forms::{self, Errors, Fields, FormState},
    text,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract,
    http::{Request, StatusCode, header},
    response::Response,
    routing::get,
};
use leptos::prelude::*;
use tower::ServiceExt;

#[derive(Clone, Default)]
struct Typed {
    email: String,
}

#[component]
fn Page() -> impl IntoView {
    let form = forms::state::<Typed>();
    view! {
        <ErrorSummary errors=form.errors.clone()/>
        <form method="post" novalidate>
            <Field
                name="email"
                label="E-mail"
                kind=InputKind::Email
                value=form.values.email.clone()
                error=form.errors.of("email")
            />
            <Field name="password" label="Password" kind=InputKind::Password error=form.errors.of("password")/>
        </form>
    }
}

async fn show(extract::State(state): extract::State<State>, request: extract::Request) -> Response {
    app::render::render_instead(&state, request.into_parts().0, || {
        view! { <Page/> }.into_any()
    })
    .await
}

async fn submit(
    extract::State(state): extract::State<State>,
    request: extract::Request,
) -> Response {
    let (parts, fields) = match forms::read(&state, request).await {
        Ok(read) => read,
        Err(problem) => return problem,
    };
    let typed = Typed {
        email: fields.text("email"),
    };
    let errors = check(&typed, &fields);
    if !errors.is_empty() {
        // The form isn't in the page table, so it takes the page's place here.
        let form = FormState {
            values: typed,
            errors,
        };
        return app::render::render_instead(&state, parts, move || {
            provide_context(form.clone());
            if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
                options.set_status(StatusCode::UNPROCESSABLE_ENTITY);
            }
            view! { <Page/> }.into_any()
        })
        .await;
    }
    Destination::Home.see_other()
}

fn check(typed: &Typed, fields: &Fields) -> Errors {
    use secrecy::ExposeSecret;
    let mut errors = Errors::default();
    if !typed.email.contains('@') {
        errors.add("email", text!("problem-missing-heading"));
    }
    if fields.secret("password").expose_secret().is_empty() {
        errors.add("password", text!("problem-many-heading"));
    }
    errors
}

async fn post(body: impl Into<Body>, content_type: &str) -> (StatusCode, String, String) {
    let stage = Stage::new().await;
    let router = Router::new()
        .route("/form", get(show).post(submit))
        .with_state(stage.serve());
    let request = Request::post("/form")
        .header(header::CONTENT_TYPE, content_type)
        .body(body.into())
        .expect("a request");
    let response = router.oneshot(request).await.expect("an answer");
    let location = response
        .headers()
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX)
        .await
        .expect("a body");
    (
        status,
        location,
        String::from_utf8(body.to_vec()).expect("text"),
    )
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn errors_come_back_with_what_was_typed_but_no_secret() {
    let (status, _, html) = post("email=%3Cme%3E%22&password=hunter2-secret", FORM).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("There is a problem"), "{html}");
    assert!(html.contains("href=\"#email\""));
    assert!(html.contains("aria-describedby=\"email-error\""));
    assert!(html.contains("value=\"&lt;me&gt;&quot;\""), "{html}");
    assert!(!html.contains("hunter2"));

    let (_, _, html) = post("", FORM).await;
    assert!(html.contains("There are 2 problems"));
}

#[tokio::test]
async fn a_form_that_is_right_leads_on() {
    let (status, location, _) = post("email=a@b&password=x", FORM).await;
    assert_eq!(
        (status, location.as_str()),
        (StatusCode::SEE_OTHER, "/home")
    );
}

#[tokio::test]
async fn what_is_no_form_gets_the_plain_page() {
    for (body, content_type) in [
        (Body::from("{}"), "application/json"),
        (Body::from("--x"), "multipart/form-data; boundary=x"),
        (Body::from("a&".repeat(20_000)), FORM),
    ] {
        let (status, _, html) = post(body, content_type).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(html.contains("read that form</h1>"), "{html}");
        assert!(!html.to_lowercase().contains("deserialize"));
    }
    let (status, _, _) = post(Body::from("a".repeat(600_000)), FORM).await;
    assert_ne!(status, StatusCode::OK);
}
