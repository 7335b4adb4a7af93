//! Reviews of who has access: kept as they were signed, with what was taken away by them.

use super::Changed;
use crate::entities::access_reviews;
use crate::error::Error;
use crate::ledger::event::Event;
use crate::opening::Store;
use crate::seal::Place;
use crate::stamp::Stamp;
use domain::clock::Instant;
use domain::id::{AccessReviewId, PersonId};
use domain::party::Role;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde::{Deserialize, Serialize};

/// What was said of one person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Judged {
    /// Of whom.
    pub person: PersonId,
    /// The roles they had.
    pub roles: Vec<Role>,
    /// When their account was used last.
    pub last_used: Option<Instant>,
    /// Whether they keep what they have.
    pub keep: bool,
}

/// A signed review.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AccessReview {
    /// Which.
    pub id: AccessReviewId,
    /// When it was signed.
    pub at: Instant,
    /// By whom.
    pub by: PersonId,
    /// The year it is for.
    pub year: i32,
    /// The quarter it is for, 1 to 4.
    pub quarter: u32,
    /// What was said of everybody on the list.
    pub judged: Vec<Judged>,
}

fn place(id: &AccessReviewId) -> Place<'_> {
    Place {
        table: "access_reviews",
        row: id.0.as_bytes(),
        patient: None,
        field: "body",
    }
}

fn count(review: &AccessReview, keep: bool) -> u64 {
    let found = review.judged.iter().filter(|one| one.keep == keep).count();
    u64::try_from(found).unwrap_or(u64::MAX)
}

impl Store {
    /// Keeps a signed review and takes away what it takes away, all at once; `false`: who signs no longer holds their
    /// role.
    pub async fn sign_access_review(
        &self,
        stamp: &Stamp,
        review: &AccessReview,
    ) -> Result<bool, Error> {
        let Some(mut unit) = self.house_staff_unit(stamp).await? else {
            return Ok(false);
        };
        let body = self
            .house()
            .seal(&place(&review.id), review, self.entropy())?;
        access_reviews::Entity::insert(access_reviews::ActiveModel {
            id: Set(review.id.0),
            body: Set(body),
        })
        .exec_without_returning(&unit.transaction)
        .await?;
        let event = Event::AccessReviewed {
            review: review.id,
            kept: count(review, true),
            removed: count(review, false),
        };
        unit.append(stamp, event).await?;
        let mut moved = false;
        for one in review.judged.iter().filter(|one| !one.keep) {
            let now = unit.head.next_instant(self.clock().now());
            let person = one.person;
            let changed = self
                .change_within(&mut unit, stamp, person, |staff| -> Changed {
                    let roles = staff.leave_everything(now);
                    let ended = Event::RolesEnded {
                        person,
                        roles,
                        organization: None,
                    };
                    Some(vec![ended])
                })
                .await?;
            moved |= changed == Some(true);
        }
        self.commit_staff(unit, moved).await?;
        Ok(true)
    }

    /// Every signed review, the newest first.
    pub async fn access_reviews(&self) -> Result<Vec<AccessReview>, Error> {
        let rows = access_reviews::Entity::find().all(self.read()).await?;
        let mut found = rows
            .iter()
            .map(|row| {
                let id = AccessReviewId(row.id);
                let place = place(&id);
                let review: AccessReview = self.house().open(&place, &row.body)?;
                if review.id == id {
                    Ok(review)
                } else {
                    Err(place.broken())
                }
            })
            .collect::<Result<Vec<_>, Error>>()?;
        found.sort_by_key(|review| core::cmp::Reverse((review.at, review.id)));
        Ok(found)
    }
}
