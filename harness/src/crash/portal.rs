//! What the portal says of consents is what the ledger says, in both directions; and who was told to be signed in still
//! is.

use super::{
    client::{Client, Habit},
    summary::Summary,
};
use crate::{
    fault::Fault,
    journey,
    ledger::{Ledger, Standing},
    page::Page,
};
use std::collections::{BTreeMap, BTreeSet};

/// Consents whose page was compared, and whether they stood then.
pub type Compared = BTreeSet<(String, bool)>;

/// Compares the sharing page and each consent's page with the ledger as it was before the start.
pub fn compare(
    clients: &mut [Client],
    known: &Ledger,
    compared: &mut Compared,
    summary: &mut Summary,
) -> Result<(), Fault> {
    let consents = known.consents();
    for client in clients.iter_mut().filter(|it| it.habit == Habit::Shares) {
        client.browser.reconnect();
        let page = client.after_restart(&mut summary.faults)?;
        for id in listed(&page) {
            if !consents.contains_key(&id) {
                let what = format!("consent {id} is on the portal, and the ledger lacks it");
                summary.faults.push(what);
            }
        }
        let own: BTreeMap<&String, &Standing> = consents
            .iter()
            .filter(|(_, it)| it.chain == client.own_chain)
            .collect();
        for (id, standing) in &own {
            if compared.insert(((*id).clone(), standing.stands)) {
                summary.pages = summary.pages.saturating_add(1);
                summary.faults.extend(one(client, id, standing.stands)?);
            }
        }
        // What was cut off may have been done all the same.
        client.open = own
            .into_iter()
            .filter(|(_, it)| it.stands)
            .map(|(id, _)| id.clone())
            .collect();
    }
    Ok(())
}

/// The consents that a sharing page leads to.
fn listed(page: &Page) -> BTreeSet<String> {
    page.links()
        .iter()
        .filter_map(|link| link.strip_prefix("/sharing/"))
        .filter(|id| journey::is_id(id))
        .map(ToOwned::to_owned)
        .collect()
}

/// What is wrong with one consent's page: there is a way to revoke it exactly while it stands.
fn one(client: &mut Client, id: &str, stands: bool) -> Result<Option<String>, Fault> {
    let page = client.browser.get(&format!("/sharing/{id}"))?;
    let revocable = page.links().contains(&format!("/sharing/{id}/revoke"));
    Ok((page.status != 200 || revocable != stands).then(|| {
        format!(
            "consent {id}: by the ledger it stands: {stands}; its page answered {}, with a way to revoke: {revocable}",
            page.status
        )
    }))
}
