//! The review of access: every quarter somebody goes through the whole staff, says of each whether they keep what they
//! have, and signs (45 CFR 164.308(a)(4)(ii)(C), 164.312). Nobody says it of themselves: of who signs, another says it.

use super::people::{self, Member};
use crate::actor::Actor;
use crate::step_up::{self, Action};
use crate::{Portal, Refusal, letters};
use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;
use domain::clock::Instant;
use domain::duty::Duty;
use domain::id::{AccessReviewId, PersonId};
use store::{AccessReview, Judged};
use tower_sessions::Session;

/// A review is due so many days into its quarter.
const DUE_AFTER: Days = Days::new(30);

/// A quarter of a year, in the portal's time zone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quarter {
    /// The year.
    pub year: i32,
    /// 1 to 4.
    pub number: u32,
}

impl Quarter {
    /// The quarter of an instant.
    pub fn of(at: Instant, zone: Tz) -> Self {
        let day = at.with_timezone(&zone).date_naive();
        Self {
            year: day.year(),
            number: day.month0() / 3 + 1,
        }
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        let month = self.number.saturating_sub(1).saturating_mul(3) + 1;
        NaiveDate::from_ymd_opt(self.year, month, 1).unwrap_or_default()
    }

    /// The day after which its review is overdue.
    pub fn due(self) -> NaiveDate {
        let first = self.first_day();
        first.checked_add_days(DUE_AFTER).unwrap_or(first)
    }

    fn begins(self, zone: Tz) -> Option<Instant> {
        zone.from_local_datetime(&self.first_day().and_time(NaiveTime::MIN))
            .earliest()
            .map(|local| local.to_utc())
    }
}

/// The review of this quarter.
#[derive(Clone)]
pub struct Opened {
    /// Which quarter.
    pub quarter: Quarter,
    /// Whether it is overdue.
    pub overdue: bool,
    /// Of whom something is to be said by who looks.
    pub waiting: Vec<Member>,
    /// Who looks, where somebody else has yet to say something of them.
    pub myself: Option<Member>,
    /// When a review was signed last, and by whom.
    pub last: Option<(Instant, Option<String>)>,
}

impl core::fmt::Debug for Opened {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Opened([redacted])")
    }
}

/// Why a review is not signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unsigned {
    /// Something is left to be said of somebody.
    Unanswered,
    /// The staff is another than the one that was looked at.
    Changed,
}

/// What is said of the staff: who keeps what they have, and who loses it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Said {
    /// Those who keep it.
    pub keep: Vec<PersonId>,
    /// Those who lose it.
    pub remove: Vec<PersonId>,
}

impl Said {
    /// What the person confirms by a fresh factor.
    pub fn action(&self) -> Action {
        let mut said = self.clone();
        said.keep.sort_unstable();
        said.remove.sort_unstable();
        Action::SignAccessReview {
            keep: said.keep,
            remove: said.remove,
        }
    }
}

/// The review of this quarter, as it stands.
///
/// # Errors
/// [`Refusal::NotAvailable`] for who may not review access.
pub async fn open(portal: &Portal, actor: &Actor) -> Result<Opened, Refusal> {
    actor.must(Duty::ReviewAccess)?;
    let zone = portal.options().time_zone;
    let now = portal.now();
    let quarter = Quarter::of(now, zone);
    let begins = quarter.begins(zone);
    let reviews = portal.store().access_reviews().await?;
    let judged = |person: PersonId| {
        reviews
            .iter()
            .filter(|review| (review.year, review.quarter) == (quarter.year, quarter.number))
            .flat_map(|review| &review.judged)
            .any(|one| one.person == person && one.keep)
    };
    let (mine, waiting): (Vec<Member>, Vec<Member>) = people::everybody(portal, actor)
        .await?
        .into_iter()
        .filter(|member| member.has_access() && !judged(member.person))
        .partition(|member| member.is_me);
    let late = quarter.due() < now.with_timezone(&zone).date_naive();
    // Who came during the quarter was looked at when they came.
    let owed = |member: &Member| {
        member
            .since
            .zip(begins)
            .is_some_and(|(since, begins)| since < begins)
    };
    let overdue = late && mine.iter().chain(&waiting).any(owed);
    let last = match reviews.first() {
        Some(review) => {
            let by = portal.store().person(review.by).await?;
            Some((review.at, by.map(|person| person.name)))
        }
        None => None,
    };
    Ok(Opened {
        quarter,
        overdue,
        waiting,
        myself: mine.into_iter().next(),
        last,
    })
}

/// Signs the review, with a fresh factor for what is said; who loses access loses it at once, and their sessions end.
///
/// # Errors
/// [`Refusal::StepUpFirst`] when no factor stands for this; [`Refusal::NotAvailable`] for who may not.
pub async fn sign(
    portal: &Portal,
    session: &Session,
    actor: &Actor,
    said: &Said,
) -> Result<Result<AccessReviewId, Unsigned>, Refusal> {
    let opened = open(portal, actor).await?;
    let mut judged = Vec::new();
    for member in &opened.waiting {
        let keep = said.keep.contains(&member.person);
        if keep == said.remove.contains(&member.person) {
            return Ok(Err(Unsigned::Unanswered));
        }
        judged.push(Judged {
            person: member.person,
            roles: member.roles(),
            last_used: member.last_used,
            keep,
        });
    }
    if judged.len() != said.keep.len() + said.remove.len() || judged.is_empty() {
        return Ok(Err(Unsigned::Changed));
    }
    step_up::take(portal, session, &said.action()).await?;
    let store = portal.store();
    let review = AccessReview {
        id: AccessReviewId::from_random(store::entropy::random(store.entropy())),
        at: portal.now(),
        by: actor.person(),
        year: opened.quarter.year,
        quarter: opened.quarter.number,
        judged,
    };
    if !store.sign_access_review(&actor.stamp(), &review).await? {
        return Err(Refusal::NotAvailable);
    }
    for person in &said.remove {
        for account in store.accounts_of(*person).await? {
            letters::post(store, account.id, letters::Kind::SessionsEnded).await?;
        }
    }
    Ok(Ok(review.id))
}

#[cfg(test)]
mod tests {
    use super::Quarter;
    use chrono_tz::America::New_York;

    #[test]
    fn quarters_begin_where_people_live() {
        let at = |text: &str| text.parse().expect("an instant");
        let of = |text: &str| {
            let quarter = Quarter::of(at(text), New_York);
            (quarter.year, quarter.number, quarter.due().to_string())
        };
        assert_eq!(
            of("2027-01-01T04:59:59Z"),
            (2026, 4, "2026-10-31".to_owned())
        );
        assert_eq!(
            of("2027-01-01T05:00:00Z"),
            (2027, 1, "2027-01-31".to_owned())
        );
        assert_eq!(
            of("2026-11-22T12:00:00Z"),
            (2026, 4, "2026-10-31".to_owned())
        );
        let quarter = Quarter {
            year: 2027,
            number: 3,
        };
        assert_eq!(quarter.begins(New_York), Some(at("2027-07-01T04:00:00Z")));
    }
}
