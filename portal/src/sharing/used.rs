//! Who used a consent: every disclosure that rested on it, out of the ledger (LAW A11, C2).

use super::standing;
use crate::actor::Actor;
use crate::directory::Name;
use crate::history::{self, Line};
use crate::{Portal, Refusal};
use domain::clock::Instant;
use domain::consent::Consent;
use domain::id::ConsentId;

/// How many uses stand on the consent's own page.
pub const LAST: usize = 5;

/// How many uses stand on a page of all of them.
pub const PAGE: usize = 50;

/// How often one recipient used it.
#[derive(Clone, Debug)]
pub struct By {
    /// Who; `None`: somebody who is no longer in the directory.
    pub who: Option<Name>,
    /// How often.
    pub count: usize,
    /// When last.
    pub last: Instant,
}

/// The uses of a consent.
#[derive(Clone, Debug)]
pub struct Used {
    /// How many in all.
    pub total: usize,
    /// By whom, who used it most first.
    pub by: Vec<By>,
    /// The uses of this page, newest first.
    pub lines: Vec<Line>,
    /// This page, from 1.
    pub page: usize,
    /// The last page.
    pub pages: usize,
}

/// The uses of a consent, so many a page.
pub(super) async fn of(
    portal: &Portal,
    actor: &Actor,
    consent: &Consent,
    a_page: usize,
    page: usize,
) -> Result<Used, Refusal> {
    let signed = consent.signature.signed_at;
    let lines = history::on_consent(portal, actor, consent.id, signed).await?;
    let by = counted(&lines);
    let total = lines.len();
    let a_page = a_page.max(1);
    let pages = total.div_ceil(a_page).max(1);
    let page = page.clamp(1, pages);
    let lines = lines
        .into_iter()
        .skip((page - 1) * a_page)
        .take(a_page)
        .collect();
    Ok(Used {
        total,
        by,
        lines,
        page,
        pages,
    })
}

/// How often each person used it; who did most comes first, of equals who did last.
fn counted(lines: &[Line]) -> Vec<By> {
    let mut by: Vec<(Option<domain::id::PersonId>, By)> = Vec::new();
    for line in lines {
        if let Some((_, known)) = by.iter_mut().find(|(person, _)| *person == line.person) {
            known.count += 1;
            known.last = known.last.max(line.at);
        } else {
            let one = By {
                who: line.who.clone(),
                count: 1,
                last: line.at,
            };
            by.push((line.person, one));
        }
    }
    let mut by: Vec<By> = by.into_iter().map(|(_, one)| one).collect();
    by.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| b.last.cmp(&a.last)));
    by
}

/// A page of all uses, with the consent in words.
///
/// # Errors
/// [`Refusal::NotAvailable`] when it is not a consent of this patient's.
pub async fn page(
    portal: &Portal,
    actor: &Actor,
    id: ConsentId,
    page: usize,
) -> Result<(standing::Summary, Used), Refusal> {
    let summary = standing::terms(portal, actor, id).await?;
    let used = of(portal, actor, &summary.standing.consent, PAGE, page).await?;
    Ok((summary, used))
}

/// Every use, newest first: for the file to keep.
///
/// # Errors
/// [`Refusal::NotAvailable`] when it is not a consent of this patient's.
pub async fn all(portal: &Portal, actor: &Actor, id: ConsentId) -> Result<Vec<Line>, Refusal> {
    let summary = standing::terms(portal, actor, id).await?;
    let signed = summary.standing.consent.signature.signed_at;
    history::on_consent(portal, actor, id, signed).await
}
