//! `/account`

use super::{called, passkey_button::WithoutPasskeys, recovery::banner};
use crate::{
    components::{
        banner::{Banner, Tone},
        button::{Loudness, PostButton},
        page_title::PageTitle,
        summary_list::{Row, SummaryList},
        table::Table,
        time::Moment,
    },
    destination::Destination,
    t, text,
    visit::{self, Visit},
};
use leptos::{
    prelude::*,
    server_fn::{ServerFn, ServerFnError},
};
use portal::{
    passkeys::{self, Factors, Listed},
    session::{self, Receipt},
    staff::acting,
};

/// Who I am, what I sign in with, where I am signed in.
#[component]
pub fn Account() -> impl IntoView {
    visit::page(async |visit: Visit| {
        let factors = passkeys::factors(&visit.portal, &visit.actor).await?;
        let offered = passkeys::offered(&visit.portal);
        let receipt = session::take_receipt(&visit.session).await?;
        let several = acting::roles(&visit.portal, &visit.actor).await?.len() > 1;
        let mine = banner(&visit).await?;
        Ok(view! { <Shown factors offered receipt several mine/> }.into_any())
    })
}

#[component]
fn Shown(
    factors: Factors,
    offered: bool,
    receipt: Option<Receipt>,
    /// Whether there are several roles to work in.
    several: bool,
    /// What is going on with the account, if anything.
    mine: AnyView,
) -> impl IntoView {
    let rows = vec![
        Row::new(t!("account-name"), factors.name.clone()),
        Row::new(t!("account-sign-in"), factors.sign_in.clone()),
    ];
    let (app, change_app) = if factors.authenticator {
        (t!("account-app-set-up"), t!("account-app-replace"))
    } else {
        (t!("account-app-missing"), t!("account-app-add"))
    };
    let (password, change_password) = if factors.password {
        (t!("account-password-set-up"), t!("account-password-change"))
    } else {
        (t!("account-password-missing"), t!("account-password-add"))
    };
    let end_others = <EndOtherSessions as ServerFn>::PATH;
    view! {
        <PageTitle title=text!("account-title")/>
        <Happened receipt/>
        <h1>{t!("account-heading")}</h1>
        {mine}
        <SummaryList rows/>
        <p>
            <a href=Destination::Contact.path()>{t!("contact-link")}</a>
        </p>
        {several
            .then(|| {
                view! {
                    <p>
                        <a href=Destination::Role.path()>{t!("account-role-link")}</a>
                    </p>
                }
            })}
        <h2>{t!("account-passkeys-heading")}</h2>
        <p>{t!("account-passkeys-lead")}</p>
        <Passkeys passkeys=factors.passkeys/>
        <Add offered can_add=factors.can_add/>
        <h2>{t!("account-password-heading")}</h2>
        <p>{password}</p>
        <p>
            <a href=Destination::Password.path()>{change_password}</a>
        </p>
        <h2>{t!("account-app-heading")}</h2>
        <p>{app}</p>
        <p>
            <a href=Destination::App.path()>{change_app}</a>
        </p>
        {factors
            .can_remove_app
            .then(|| {
                view! {
                    <p>
                        <a href=Destination::RemoveApp.path()>{t!("account-app-remove")}</a>
                    </p>
                }
            })}
        <h2>{t!("account-codes-heading")}</h2>
        <p>{t!("renew-codes-left", count = factors.recovery_codes)}</p>
        <p>
            <a href=Destination::RecoveryCodes.path()>{t!("account-codes-renew")}</a>
        </p>
        <h2>{t!("account-devices-heading")}</h2>
        <p>{t!("account-devices")}</p>
        <p>
            <a href=Destination::Sessions.path()>{t!("sessions-link")}</a>
        </p>
        <PostButton action=end_others loudness=Loudness::Quiet>
            {t!("account-devices-end")}
        </PostButton>
    }
}

/// What just worked.
#[component]
pub(super) fn Happened(receipt: Option<Receipt>) -> impl IntoView {
    receipt.map(|receipt| {
        let words = match receipt {
            Receipt::PasskeyAdded => t!("account-receipt-added"),
            Receipt::PasskeyRemoved => t!("account-receipt-removed"),
            Receipt::OthersEnded => t!("account-receipt-others"),
            Receipt::OneEnded => t!("sessions-receipt-one"),
            Receipt::PasswordChanged => t!("account-receipt-password"),
            Receipt::AppSetUp => t!("account-receipt-app"),
            Receipt::AppRemoved => t!("account-receipt-app-removed"),
            Receipt::CodesKept => t!("account-receipt-codes"),
            Receipt::RecoveryStopped => t!("recovery-mine-stopped"),
            Receipt::CodeSent => t!("contact-receipt-sent"),
            Receipt::AddressConfirmed => t!("contact-receipt-confirmed"),
            Receipt::AddressRemoved => t!("contact-receipt-removed"),
        };
        view! { <Banner tone=Tone::Success>{words}</Banner> }
    })
}

#[component]
fn Passkeys(passkeys: Vec<Listed>) -> impl IntoView {
    if passkeys.is_empty() {
        return view! { <p class="empty">{t!("account-passkeys-none")}</p> }.into_any();
    }
    let columns = vec![
        t!("account-passkey-label"),
        t!("account-passkey-added"),
        t!("account-passkey-used"),
        t!("account-passkey-change"),
    ];
    let rows = passkeys.into_iter().map(row).collect();
    view! { <Table caption=t!("account-passkeys-caption") columns rows/> }.into_any()
}

fn row(passkey: Listed) -> Vec<AnyView> {
    let label = called(&passkey.label);
    let used = match passkey.used {
        Some(at) => view! { <Moment at/> }.into_any(),
        None => t!("account-passkey-never").into_any(),
    };
    let change = if passkey.can_remove {
        let href = Destination::RemovePasskey(passkey.id).path();
        view! {
            <a href=href>
                {t!("account-passkey-remove")} <span class="for-ear">" " {label.clone()}</span>
            </a>
        }
        .into_any()
    } else {
        t!("account-passkey-only").into_any()
    };
    vec![
        label.into_any(),
        view! { <Moment at=passkey.added/> }.into_any(),
        used,
        change,
    ]
}

/// The way to another passkey, or why there is none.
#[component]
fn Add(offered: bool, can_add: bool) -> impl IntoView {
    if !offered {
        return view! { <p>{t!("account-passkeys-not-here")}</p> }.into_any();
    }
    if !can_add {
        return view! { <p>{t!("account-passkeys-full")}</p> }.into_any();
    }
    view! {
        <WithoutPasskeys/>
        <PostButton action=Destination::NewPasskey.path() loudness=Loudness::Quiet>
            {t!("account-passkeys-add")}
        </PostButton>
    }
    .into_any()
}

/// Ends the person's sessions everywhere else (LAW F7).
#[server(prefix = "/api", endpoint = "end-other-sessions")]
pub async fn end_other_sessions() -> Result<(), ServerFnError> {
    visit::act(async |visit: Visit| {
        session::end_others(&visit.portal, &visit.session, &visit.actor).await?;
        session::leave_receipt(&visit.session, Receipt::OthersEnded).await?;
        Ok(Destination::Account)
    })
    .await
}
