//! Where a form or server function sends a person afterwards: a closed set, never an address
//! taken from the request.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use portal::{
    joining,
    sharing::{View, draft::Step},
};

/// A place to go to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Destination {
    /// `/`
    Welcome,
    /// `/help`
    Help,
    /// `/sign-in`
    SignIn,
    /// `/sign-in/verify`
    SignInVerify,
    /// `/join`
    Join,
    /// A step of joining: a page under `/join`.
    JoinStep(joining::Step),
    /// `/join/app`
    JoinApp,
    /// `/join/passkey`
    JoinPasskey,
    /// `/join/over`
    JoinOver,
    /// `/recover`
    Recover,
    /// `/signed-out`
    SignedOut,
    /// `/step-up`
    StepUp,
    /// Where a confirmed action goes on.
    Confirmed(portal::step_up::Action),
    /// `/home`
    Home,
    /// `/records`
    Records,
    /// `/records/{id}`
    Record(uuid::Uuid),
    /// `/sharing`
    Sharing,
    /// `/sharing/{id}`
    Consent(uuid::Uuid),
    /// `/sharing/{id}?page=`: a page of what a consent opens, through the eyes of one of its recipients.
    ConsentPage(uuid::Uuid, View),
    /// `/sharing/{id}/revoke`
    Revoke(uuid::Uuid),
    /// `/sharing/{id}/uses`
    Uses(uuid::Uuid),
    /// `/sharing/view-as/{recipient}`
    ViewAs(uuid::Uuid),
    /// A step of making a consent: `/sharing/new` and the pages under it.
    SharingStep(Step),
    /// `/sharing/new/through`
    SharingThrough,
    /// `/sharing/new/items?page=`
    SharingItems(usize),
    /// `/sharing/new/places`
    SharingPlaces,
    /// `/sharing/new/review?page=`, through the eyes of one of the recipients.
    SharingReview(View),
    /// `/office/told`
    TheyTold,
    /// `/sharing/new/signers`
    Signers,
    /// `/proxies`
    Proxies,
    /// `/proxies/ended`
    ActingEnded,
    /// `/proxies/accept`
    AcceptInvitation,
    /// `/proxies/invite`
    InviteHelper,
    /// `/proxies/invite/sign`
    SignHelper,
    /// `/proxies/invite/code`
    HelperCode,
    /// `/proxies/{id}`
    Helper(uuid::Uuid),
    /// `/proxies/{id}/change`
    ChangeHelper(uuid::Uuid),
    /// `/proxies/{id}/end`
    EndHelper(uuid::Uuid),
    /// `/proxies/signatures/{id}`
    SecondSignature(uuid::Uuid),
    /// `/proxies/apply`
    Apply,
    /// `/office/proxies`
    Applications,
    /// `/office/proxies/{id}`
    Application(uuid::Uuid),
    /// `/exports`
    Exports,
    /// `/exports/ready`
    ExportReady,
    /// `/account`
    Account,
    /// `/account/role`
    Role,
    /// `/account/password`
    Password,
    /// `/account/app`
    App,
    /// `/account/app/remove`
    RemoveApp,
    /// `/account/recovery-codes`
    RecoveryCodes,
    /// `/account/passkeys/new`
    NewPasskey,
    /// `/account/passkeys/{id}/remove`
    RemovePasskey(uuid::Uuid),
    /// `/account/sessions`
    Sessions,
    /// A page of ours that somebody was on when their session ended: [`crate::late`] looked at it.
    Back(String),
    /// `/patients`
    Patients,
    /// `/patients/{id}`
    Patient(uuid::Uuid),
    /// `/patients/{id}/export`
    PatientExport(uuid::Uuid),
    /// `/restrictions`
    Restrictions,
    /// `/restrictions/new`
    NewRestriction,
    /// `/restrictions/{id}`
    Restriction(uuid::Uuid),
    /// `/office/restrictions`
    RestrictionsOffice,
    /// `/office/restrictions/{id}`
    RestrictionCase(uuid::Uuid),
    /// `/office`
    Office,
    /// `/office/labels`
    Labels,
    /// `/office/labels/second`
    LabelsSecond,
    /// `/office/labels/{id}`
    LabelDesk(uuid::Uuid),
    /// `/patients/emergency`
    EmergencySearch,
    /// `/patients/{id}/emergency`
    Emergency(uuid::Uuid),
    /// `/access-history/notices/{id}`
    EmergencyTold(uuid::Uuid),
    /// `/office/emergencies`
    Emergencies,
    /// `/office/emergencies/{id}`
    EmergencyCase(uuid::Uuid),
    /// `/office/people`
    People,
    /// `/office/people/invite`
    Invite,
    /// `/office/people/code`
    StaffCode,
    /// `/office/people/{id}`
    Staff(uuid::Uuid),
    /// `/office/access-review`
    AccessReview,
    /// `/office/organizations`
    Organizations,
    /// `/office/organizations/new`
    NewOrganization,
    /// `/office/organizations/{id}`
    Organization(uuid::Uuid),
    /// `/office/assignments`
    Assignments,
    /// `/office/assignments?page=`
    AssignmentsPage(usize),
    /// `/office/assignments/new`
    NewAssignment,
    /// `/office/assignments/{id}`
    Assignment(uuid::Uuid),
    /// `/office/audit`, narrowed to something.
    HouseLedger(portal::house_ledger::Filter),
    /// `/office/recovery`
    Recovery,
    /// `/office/recovery/new`
    RecoveryNew,
    /// `/office/recovery/{id}`
    RecoveryCase(uuid::Uuid),
    /// `/account/contact`
    Contact,
}

/// Whose view of what a consent opens: places in its lists, which tell nothing.
fn query(view: View) -> String {
    let View {
        recipient,
        purpose,
        page,
    } = view;
    if recipient == 1 && purpose == 1 {
        format!("page={page}")
    } else {
        format!("page={page}&as={recipient}&why={purpose}")
    }
}

impl Destination {
    /// The address.
    #[expect(clippy::too_many_lines, reason = "one line for each address")]
    pub fn path(&self) -> String {
        match self {
            Self::Welcome => "/".into(),
            Self::Help => "/help".into(),
            Self::SignIn => "/sign-in".into(),
            Self::SignInVerify => "/sign-in/verify".into(),
            Self::Join => "/join".into(),
            Self::JoinStep(step) => match step {
                joining::Step::Email => "/join/email".into(),
                joining::Step::Password => "/join/password".into(),
                joining::Step::Second => "/join/second-step".into(),
                joining::Step::Codes => "/join/codes".into(),
                joining::Step::Notice => "/join/notice".into(),
            },
            Self::JoinApp => "/join/app".into(),
            Self::JoinPasskey => "/join/passkey".into(),
            Self::JoinOver => "/join/over".into(),
            Self::Recover => "/recover".into(),
            Self::SignedOut => "/signed-out".into(),
            Self::StepUp => "/step-up".into(),
            Self::Confirmed(action) => action.return_to(),
            Self::Home => "/home".into(),
            Self::Records => "/records".into(),
            Self::Record(id) => format!("/records/{id}"),
            Self::Sharing => "/sharing".into(),
            Self::Consent(id) => format!("/sharing/{id}"),
            Self::ConsentPage(id, view) => format!("/sharing/{id}?{}", query(*view)),
            Self::Revoke(id) => format!("/sharing/{id}/revoke"),
            Self::Uses(id) => format!("/sharing/{id}/uses"),
            Self::ViewAs(recipient) => format!("/sharing/view-as/{recipient}"),
            Self::SharingStep(step) => match step {
                Step::Who => "/sharing/new".into(),
                Step::Why => "/sharing/new/why".into(),
                Step::What => "/sharing/new/what".into(),
                Step::HowLong => "/sharing/new/how-long".into(),
                Step::Review => "/sharing/new/review".into(),
                Step::Sign => "/sharing/new/sign".into(),
            },
            Self::SharingItems(page) => format!("/sharing/new/items?page={page}"),
            Self::SharingThrough => "/sharing/new/through".into(),
            Self::SharingPlaces => "/sharing/new/places".into(),
            Self::SharingReview(view) => format!("/sharing/new/review?{}", query(*view)),
            Self::TheyTold => "/office/told".into(),
            Self::Signers => "/sharing/new/signers".into(),
            Self::Proxies => "/proxies".into(),
            Self::ActingEnded => "/proxies/ended".into(),
            Self::AcceptInvitation => "/proxies/accept".into(),
            Self::InviteHelper => "/proxies/invite".into(),
            Self::SignHelper => "/proxies/invite/sign".into(),
            Self::HelperCode => "/proxies/invite/code".into(),
            Self::Helper(id) => format!("/proxies/{id}"),
            Self::ChangeHelper(id) => format!("/proxies/{id}/change"),
            Self::EndHelper(id) => format!("/proxies/{id}/end"),
            Self::SecondSignature(id) => format!("/proxies/signatures/{id}"),
            Self::Apply => "/proxies/apply".into(),
            Self::Applications => "/office/proxies".into(),
            Self::Application(id) => format!("/office/proxies/{id}"),
            Self::Exports => "/exports".into(),
            Self::ExportReady => "/exports/ready".into(),
            Self::Account => "/account".into(),
            Self::Role => "/account/role".into(),
            Self::Password => "/account/password".into(),
            Self::App => "/account/app".into(),
            Self::RemoveApp => "/account/app/remove".into(),
            Self::RecoveryCodes => "/account/recovery-codes".into(),
            Self::NewPasskey => "/account/passkeys/new".into(),
            Self::RemovePasskey(id) => format!("/account/passkeys/{id}/remove"),
            Self::Sessions => "/account/sessions".into(),
            Self::Back(page) => page.clone(),
            Self::Patients => "/patients".into(),
            Self::Patient(id) => format!("/patients/{id}"),
            Self::PatientExport(id) => format!("/patients/{id}/export"),
            Self::Restrictions => "/restrictions".into(),
            Self::NewRestriction => "/restrictions/new".into(),
            Self::Restriction(id) => format!("/restrictions/{id}"),
            Self::RestrictionsOffice => "/office/restrictions".into(),
            Self::RestrictionCase(id) => format!("/office/restrictions/{id}"),
            Self::Office => "/office".into(),
            Self::Labels => "/office/labels".into(),
            Self::LabelsSecond => "/office/labels/second".into(),
            Self::LabelDesk(id) => format!("/office/labels/{id}"),
            Self::EmergencySearch => "/patients/emergency".into(),
            Self::Emergency(id) => format!("/patients/{id}/emergency"),
            Self::EmergencyTold(id) => format!("/access-history/notices/{id}"),
            Self::Emergencies => "/office/emergencies".into(),
            Self::EmergencyCase(id) => format!("/office/emergencies/{id}"),
            Self::People => "/office/people".into(),
            Self::Invite => "/office/people/invite".into(),
            Self::StaffCode => "/office/people/code".into(),
            Self::Staff(id) => format!("/office/people/{id}"),
            Self::AccessReview => "/office/access-review".into(),
            Self::Organizations => "/office/organizations".into(),
            Self::NewOrganization => "/office/organizations/new".into(),
            Self::Organization(id) => format!("/office/organizations/{id}"),
            Self::Assignments => "/office/assignments".into(),
            Self::AssignmentsPage(page) => format!("/office/assignments?page={page}"),
            Self::NewAssignment => "/office/assignments/new".into(),
            Self::Assignment(id) => format!("/office/assignments/{id}"),
            Self::HouseLedger(filter) => filter.path(),
            Self::Recovery => "/office/recovery".into(),
            Self::RecoveryNew => "/office/recovery/new".into(),
            Self::RecoveryCase(id) => format!("/office/recovery/{id}"),
            Self::Contact => "/account/contact".into(),
        }
    }

    fn header(&self) -> HeaderValue {
        // Paths above are plain ASCII; the fallback is never reached.
        HeaderValue::try_from(self.path()).unwrap_or(HeaderValue::from_static("/"))
    }

    /// The answer of a `POST` handler that did its work: 303, so that a reload sends nothing again.
    pub fn see_other(&self) -> Response {
        (StatusCode::SEE_OTHER, [(header::LOCATION, self.header())]).into_response()
    }

    /// The same from within a page or a server function.
    pub fn go(&self) {
        if let Some(options) = use_context::<ResponseOptions>() {
            options.set_status(StatusCode::SEE_OTHER);
            options.insert_header(header::LOCATION, self.header());
        }
    }
}
