//! Drafts: what an account has begun and not signed yet, sealed.

use crate::entities::drafts;
use crate::error::Error;
use crate::opening::Store;
use crate::seal::Place;
use domain::clock::Instant;
use domain::id::AccountId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A draft in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DraftEntry {
    /// Which.
    pub id: Uuid,
    /// What it will be, in a fixed word.
    pub kind: String,
    /// When it was last kept.
    pub saved: Instant,
}

#[derive(Serialize, Deserialize)]
struct Body<T> {
    kind: String,
    saved: Instant,
    content: T,
}

fn row(account: AccountId, id: Uuid) -> Vec<u8> {
    let mut row = account.0.as_bytes().to_vec();
    row.extend_from_slice(id.as_bytes());
    row
}

fn place(row: &[u8]) -> Place<'_> {
    Place {
        table: "drafts",
        row,
        patient: None,
        field: "body",
    }
}

impl Store {
    /// Keeps a draft, in place of the one with that id.
    pub async fn save_draft<T: Serialize + Sync>(
        &self,
        account: AccountId,
        id: Uuid,
        kind: &str,
        content: &T,
    ) -> Result<(), Error> {
        let body = Body {
            kind: kind.to_owned(),
            saved: self.clock().now(),
            content,
        };
        let row = row(account, id);
        let sealed = self.house().seal(&place(&row), &body, self.entropy())?;
        let transaction = self.begin().await?;
        drafts::Entity::insert(drafts::ActiveModel {
            account: Set(account.0),
            id: Set(id),
            body: Set(sealed),
        })
        .on_conflict(
            OnConflict::columns([drafts::Column::Account, drafts::Column::Id])
                .update_column(drafts::Column::Body)
                .to_owned(),
        )
        .exec_without_returning(&transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// A draft of that kind; `None`: the account has no such draft.
    pub async fn load_draft<T: DeserializeOwned>(
        &self,
        account: AccountId,
        id: Uuid,
        kind: &str,
    ) -> Result<Option<T>, Error> {
        let Some(found) = drafts::Entity::find_by_id((account.0, id))
            .one(self.read())
            .await?
        else {
            return Ok(None);
        };
        let row = row(account, id);
        let body: Body<serde_json::Value> = self.house().open(&place(&row), &found.body)?;
        if body.kind != kind {
            return Ok(None);
        }
        serde_json::from_value(body.content)
            .map(Some)
            .map_err(|_| place(&row).broken())
    }

    /// Forgets a draft; nothing happens when there is none.
    pub async fn delete_draft(&self, account: AccountId, id: Uuid) -> Result<(), Error> {
        let transaction = self.begin().await?;
        drafts::Entity::delete_by_id((account.0, id))
            .exec(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// An account's drafts, the last kept first.
    pub async fn list_drafts(&self, account: AccountId) -> Result<Vec<DraftEntry>, Error> {
        let rows = drafts::Entity::find()
            .filter(drafts::Column::Account.eq(account.0))
            .all(self.read())
            .await?;
        let mut found = Vec::with_capacity(rows.len());
        for it in rows {
            let row = row(account, it.id);
            let body: Body<serde::de::IgnoredAny> = self.house().open(&place(&row), &it.body)?;
            found.push(DraftEntry {
                id: it.id,
                kind: body.kind,
                saved: body.saved,
            });
        }
        found.sort_by_key(|draft| core::cmp::Reverse(draft.saved));
        Ok(found)
    }
}
