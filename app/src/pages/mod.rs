//! The pages: one file each, and the two tables that give them their addresses.

pub mod access_history;
pub mod account;
pub(crate) mod answer;
pub mod chart;
pub mod emergency;
pub mod exports;
pub mod help;
pub mod home;
pub mod join;
pub mod line_proof;
pub mod office;
pub mod patients;
pub mod privacy_notice;
pub mod proxies;
pub mod records;
pub mod recover;
pub mod restrictions;
pub mod session;
pub mod sharing;
pub mod sign_in;
pub mod sign_out;
pub mod step_up;
pub mod welcome;

use crate::State;
use axum::{
    Router,
    routing::{MethodRouter, post},
};
use leptos::tachys::view::iterators::StaticVec;
use leptos_router::{
    ChooseView, NestedRoute, PossibleRouteMatch, SsrMode,
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

/// Every page and its address (UX.md has the list of addresses).
pub fn table() -> StaticVec<AnyNestedRoute> {
    let mut pages = vec![
        page(path!("/"), welcome::Welcome),
        page(path!("/help"), help::Help),
        page(path!("/privacy-notice"), privacy_notice::PrivacyNotice),
        page(path!("/sign-in"), sign_in::SignIn),
        page(path!("/sign-in/verify"), sign_in::Verify),
        page(path!("/signed-out"), sign_out::SignedOut),
        page(path!("/join"), join::code::Begin),
        page(path!("/join/email"), join::email::Email),
        page(path!("/join/password"), join::password::Password),
        page(path!("/join/second-step"), join::second::Second),
        page(path!("/join/app"), join::app::App),
        page(path!("/join/passkey"), join::passkey::Passkey),
        page(path!("/join/codes"), join::codes::Codes),
        page(path!("/join/notice"), join::notice::Notice),
        page(path!("/join/over"), join::over::Over),
        page(path!("/recover"), recover::Recover),
        page(path!("/step-up"), step_up::StepUp),
        page(path!("/home"), home::Home),
        page(path!("/records"), records::Records),
        page(path!("/records/:id"), records::Record),
        page(path!("/access-history"), access_history::AccessHistory),
        page(path!("/access-history/notices/:id"), emergency::Told),
        page(path!("/account"), account::Account),
        page(path!("/account/role"), account::role::Role),
        page(path!("/account/password"), account::password::Password),
        page(path!("/account/app"), account::app::App),
        page(path!("/account/app/remove"), account::remove_app::RemoveApp),
        page(
            path!("/account/recovery-codes"),
            account::recovery_codes::RecoveryCodes,
        ),
        page(path!("/account/sessions"), account::sessions::Sessions),
        page(path!("/account/contact"), account::contact::Contact),
        page(path!("/account/passkeys/new"), account::NewPasskey),
        page(
            path!("/account/passkeys/:id/remove"),
            account::RemovePasskey,
        ),
        page(path!("/exports"), exports::Exports),
        page(path!("/exports/ready"), exports::Ready),
        page(path!("/sharing"), sharing::overview::Sharing),
        page(path!("/sharing/new"), sharing::who::Who),
        page(path!("/sharing/new/through"), sharing::through::Through),
        page(path!("/sharing/new/why"), sharing::why::Why),
        page(path!("/sharing/new/what"), sharing::what::What),
        page(path!("/sharing/new/items"), sharing::items::Items),
        page(path!("/sharing/new/places"), sharing::places::Places),
        page(path!("/sharing/new/how-long"), sharing::how_long::HowLong),
        page(path!("/sharing/new/review"), sharing::review::Review),
        page(path!("/sharing/new/sign"), sharing::sign::Sign),
        page(
            path!("/sharing/view-as/:recipient"),
            sharing::view_as::ViewAs,
        ),
        page(
            path!("/sharing/view-as/:recipient/items/:item"),
            sharing::view_as::item::Item,
        ),
        page(path!("/sharing/new/signers"), sharing::signers::Signers),
        page(path!("/sharing/:id"), sharing::consent::Consent),
        page(path!("/sharing/:id/uses"), sharing::uses::Uses),
        page(path!("/sharing/:id/revoke"), sharing::revoke::Revoke),
        page(path!("/restrictions"), restrictions::Restrictions),
        page(path!("/restrictions/new"), restrictions::Ask),
        page(path!("/restrictions/:id"), restrictions::One),
        page(path!("/proxies"), proxies::overview::Proxies),
        page(path!("/proxies/ended"), proxies::ended::Ended),
        page(path!("/proxies/accept"), proxies::accept::Accept),
        page(path!("/proxies/invite"), proxies::invite::Invite),
        page(path!("/proxies/invite/sign"), proxies::sign::Sign),
        page(path!("/proxies/invite/code"), proxies::code::Code),
        page(
            path!("/proxies/signatures/:id"),
            proxies::signature::Signature,
        ),
        page(path!("/proxies/apply"), proxies::apply::Apply),
        page(path!("/proxies/:id"), proxies::helper::Helper),
        page(path!("/proxies/:id/change"), proxies::invite::Change),
        page(path!("/proxies/:id/end"), proxies::end::End),
        page(path!("/patients"), patients::Patients),
        page(path!("/patients/emergency"), chart::emergency::Search),
        page(path!("/patients/:id"), chart::record::Chart),
        page(
            path!("/patients/:id/emergency"),
            chart::emergency::Emergency,
        ),
        page(path!("/patients/:id/records/:item"), chart::item::Item),
        page(path!("/patients/:id/export"), chart::export::Export),
    ];
    pages.extend(office_pages());
    StaticVec::from(pages)
}

/// The pages of the office.
fn office_pages() -> Vec<AnyNestedRoute> {
    vec![
        page(path!("/office"), office::Office),
        page(path!("/office/told"), office::told::TheyTold),
        page(path!("/office/labels"), office::labels::Labels),
        page(path!("/office/labels/second"), office::labels::Second),
        page(path!("/office/labels/:id"), office::desk::Desk),
        page(
            path!("/office/emergencies"),
            office::emergencies::Emergencies,
        ),
        page(
            path!("/office/emergencies/:id"),
            office::emergencies::case::Case,
        ),
        page(
            path!("/office/restrictions"),
            office::restrictions::Restrictions,
        ),
        page(
            path!("/office/restrictions/:id"),
            office::restrictions::case::Case,
        ),
        page(path!("/office/proxies"), office::proxies::Queue),
        page(path!("/office/proxies/:id"), office::proxies::case::Case),
        page(path!("/office/people"), office::people::People),
        page(
            path!("/office/people/invite"),
            office::people::invite::Invite,
        ),
        page(path!("/office/people/code"), office::people::code::Code),
        page(path!("/office/people/:id"), office::people::one::One),
        page(
            path!("/office/access-review"),
            office::access_review::AccessReview,
        ),
        page(
            path!("/office/organizations"),
            office::organizations::Organizations,
        ),
        page(
            path!("/office/organizations/new"),
            office::organizations::new::New,
        ),
        page(
            path!("/office/organizations/:id"),
            office::organizations::one::One,
        ),
        page(
            path!("/office/assignments"),
            office::assignments::Assignments,
        ),
        page(
            path!("/office/assignments/new"),
            office::assignments::new::New,
        ),
        page(
            path!("/office/assignments/:id"),
            office::assignments::one::One,
        ),
        page(path!("/office/audit"), office::audit::Audit),
        page(path!("/office/recovery"), office::recovery::Recovery),
        page(path!("/office/recovery/new"), office::recovery::new::New),
        page(path!("/office/recovery/:id"), office::recovery::case::Case),
    ]
}

/// The forms' handlers and their addresses.
#[derive(Default)]
pub struct Forms {
    router: Router<State>,
    paths: Vec<&'static str>,
}

impl Forms {
    fn route(mut self, path: &'static str, handler: MethodRouter<State>) -> Self {
        self.paths.push(path);
        self.router = self.router.route(path, handler);
        self
    }

    /// The addresses.
    pub fn paths(&self) -> &[&'static str] {
        &self.paths
    }

    pub(crate) fn into_router(self) -> Router<State> {
        self.router
    }
}

/// Every form that can be wrong: its `POST` handler, on the page's own address.
pub fn forms() -> Forms {
    let forms = Forms::default()
        .route("/sign-in", post(sign_in::submit))
        .route("/sign-in/verify", post(sign_in::submit_code))
        .route("/sign-in/passkey/start", post(sign_in::start_passkey))
        .route("/sign-in/passkey/finish", post(sign_in::finish_passkey))
        .route("/session/extend", post(session::extend))
        .route("/session/keep", post(session::keep))
        .route("/step-up", post(step_up::submit))
        .route("/step-up/passkey/start", post(step_up::start_passkey))
        .route("/step-up/passkey/finish", post(step_up::finish_passkey))
        .route("/join", post(join::code::submit))
        .route("/join/email", post(join::email::submit))
        .route("/join/password", post(join::password::submit))
        .route("/join/second-step", post(join::second::submit))
        .route("/join/app", post(join::app::submit))
        .route("/join/passkey/start", post(join::passkey::start))
        .route("/join/passkey/finish", post(join::passkey::finish))
        .route("/join/codes", post(join::codes::submit))
        .route("/join/notice", post(join::notice::submit))
        .route("/recover", post(recover::submit))
        .route("/account/role", post(account::role::submit))
        .route("/account/password", post(account::password::submit))
        .route("/account/app", post(account::app::submit))
        .route("/account/app/remove", post(account::remove_app::submit))
        .route(
            "/account/recovery-codes",
            post(account::recovery_codes::submit),
        )
        .route("/account/passkeys/new", post(account::submit_new))
        .route("/account/passkeys/start", post(account::start))
        .route("/account/passkeys/finish", post(account::finish))
        .route(
            "/account/passkeys/{id}/remove",
            post(account::submit_removal),
        )
        .route("/records/filter", post(records::submit_filter))
        .route("/access-history/notices/{id}", post(emergency::submit))
        .route(line_proof::PATH, post(line_proof::submit))
        .route("/exports", post(exports::submit))
        .route("/exports/download", post(exports::download))
        .route("/sharing/new", post(sharing::who::submit))
        .route("/sharing/new/through", post(sharing::through::submit))
        .route("/sharing/new/why", post(sharing::why::submit))
        .route("/sharing/new/what", post(sharing::what::submit))
        .route("/sharing/new/items", post(sharing::items::submit))
        .route("/sharing/new/places", post(sharing::places::submit))
        .route("/sharing/new/how-long", post(sharing::how_long::submit))
        .route("/sharing/new/sign", post(sharing::sign::submit))
        .route("/sharing/{id}/uses", post(sharing::uses::submit))
        .route("/sharing/new/signers", post(sharing::signers::submit))
        .route("/sharing/{id}/change", post(sharing::kept::change))
        .route("/sharing/{id}/document", post(sharing::kept::submit))
        .route("/sharing/{id}/revoke", post(sharing::revoke::submit))
        .route("/proxies/switch", post(proxies::overview::switch))
        .route("/proxies/accept", post(proxies::accept::submit))
        .route("/proxies/apply", post(proxies::apply::submit))
        .route("/proxies/invite", post(proxies::invite::submit))
        .route("/proxies/invite/sign", post(proxies::sign::submit))
        .route("/proxies/{id}", post(proxies::helper::submit))
        .route("/proxies/{id}/change", post(proxies::invite::submit_change))
        .route("/proxies/{id}/end", post(proxies::end::submit))
        .route("/proxies/signatures/{id}", post(proxies::signature::submit))
        .route("/restrictions/new", post(restrictions::ask::submit))
        .route("/restrictions/{id}", post(restrictions::one::submit))
        .route("/patients/emergency", post(chart::emergency::submit))
        .route("/account/contact", post(account::contact::submit))
        .route("/patients/{id}", post(chart::record::submit))
        .route("/patients/{id}/emergency", post(chart::emergency::submit))
        .route("/patients/{id}/export", post(chart::export::submit));
    office_forms(forms)
}

/// Those of the office.
fn office_forms(forms: Forms) -> Forms {
    forms
        .route("/office/told", post(office::told::submit))
        .route(
            "/office/restrictions/{id}",
            post(office::restrictions::case::submit),
        )
        .route("/office/labels/{id}", post(office::desk::submit))
        .route(
            "/office/emergencies/{id}",
            post(office::emergencies::case::submit),
        )
        .route("/office/proxies/{id}", post(office::proxies::case::submit))
        .route(
            "/office/proxies/{id}/documents/{document}",
            post(office::proxies::file::submit),
        )
        .route(
            "/office/people/invite",
            post(office::people::invite::submit),
        )
        .route("/office/people/{id}", post(office::people::one::submit))
        .route("/office/access-review", post(office::access_review::submit))
        .route(
            "/office/organizations/new",
            post(office::organizations::new::submit),
        )
        .route(
            "/office/organizations/{id}",
            post(office::organizations::one::submit),
        )
        .route(
            "/office/assignments/new",
            post(office::assignments::new::submit),
        )
        .route(
            "/office/assignments/{id}",
            post(office::assignments::one::submit),
        )
        .route("/office/audit/check", post(office::audit::check))
        .route("/office/audit/copy", post(office::audit::copy))
        .route("/office/recovery/new", post(office::recovery::new::submit))
        .route(
            "/office/recovery/{id}",
            post(office::recovery::case::submit),
        )
}

/// A page at an address. Always complete before the first byte goes out, so that nobody sees
/// only a placeholder and status and headers can be set late.
fn page<Path, View>(path: Path, view: View) -> AnyNestedRoute
where
    Path: PossibleRouteMatch + Clone + Send + Sync + 'static,
    View: ChooseView + Clone + 'static,
{
    NestedRoute::new(path, view)
        .ssr_mode(SsrMode::Async)
        .into_any_nested_route()
}
