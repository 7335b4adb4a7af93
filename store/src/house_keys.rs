//! The keys of the house: the one that seals what is no patient's, the one of the keyed hashes, and the one that signs.

use crate::entities::{ledger_heads, sealed_keys};
use crate::entropy::{Entropy, fresh_key};
use crate::error::Error;
use crate::keys::{KeyError, KeyProvider, Owner, Versions};
use crate::ledger::{Chain, new_head};
use crate::opening::{Options, Store, begin, connect};
use crate::seal::{DataKey, IndexKey};
use crate::signing::Signer;
use migrations::SchemaManager;
use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait,
    PaginatorTrait,
};
use std::path::Path;
use std::sync::{Arc, PoisonError};
use zeroize::Zeroizing;

pub(crate) const HOUSE: &str = "house";
pub(crate) const INDEX: &str = "index";
pub(crate) const SIGNING: &str = "signing";

/// The keys, ready for use.
pub(crate) struct HouseKeys {
    pub house: DataKey,
    pub house_row: HouseRow,
    pub index: IndexKey,
    pub signer: Signer,
}

/// The row of a key as it was read.
pub(crate) type HouseRow = sealed_keys::Model;

fn name_of(name: &str) -> Option<&'static str> {
    [HOUSE, INDEX, SIGNING].into_iter().find(|it| *it == name)
}

/// The versions of a key of the house from its row.
pub(crate) fn versions(row: &sealed_keys::Model) -> Result<Versions, Error> {
    name_of(&row.name)
        .and_then(|name| {
            let others = row.other_keys.as_deref();
            Versions::read(Owner::House(name), row.version, &row.wrapped, others)
        })
        .ok_or_else(|| Error::row("sealed_keys", "wrapped", row.name.as_bytes()))
}

/// Refuses a key that is not the database's own, without writing anything and whatever the schema's version is.
pub(crate) async fn refuse_wrong_key(
    connection: &DatabaseConnection,
    provider: &dyn KeyProvider,
) -> Result<(), Error> {
    let schema = SchemaManager::new(connection);
    if !schema.has_table("sealed_keys").await? {
        return Ok(());
    }
    // The columns of the first schema: later ones may not be there yet.
    let query = Query::select()
        .columns(["name", "version", "wrapped"].map(Alias::new))
        .from(Alias::new("sealed_keys"))
        .take();
    let backend = connection.get_database_backend();
    for row in connection.query_all_raw(backend.build(&query)).await? {
        let row = sealed_keys::Model {
            name: row.try_get("", "name")?,
            version: row.try_get("", "version")?,
            wrapped: row.try_get("", "wrapped")?,
            other_keys: None,
        };
        unwrapped(&versions(&row)?, provider)?;
    }
    Ok(())
}

fn unwrapped(
    versions: &Versions,
    provider: &dyn KeyProvider,
) -> Result<Zeroizing<[u8; 32]>, Error> {
    versions
        .wrapped
        .unwrap(&versions.owner.place(versions.version), provider)
        .map_err(wrong)
}

fn wrong(error: KeyError) -> Error {
    match error {
        KeyError::Wrong => Error::WrongKey,
        other => other.into(),
    }
}

/// Loads the keys, or makes them in a database that has none.
///
/// # Errors
/// [`Error::WrongKey`] when another key wraps them; [`Error::KeysMissing`] when there is a ledger without them.
pub(crate) async fn load_or_make(
    connection: &DatabaseConnection,
    provider: &Arc<dyn KeyProvider>,
    entropy: &dyn Entropy,
) -> Result<HouseKeys, Error> {
    if row(connection, HOUSE).await?.is_none() && row(connection, INDEX).await?.is_none() {
        match make(connection, provider.as_ref(), entropy).await {
            // Another process was quicker; its keys stand.
            Ok(()) | Err(Error::Exists) => {}
            Err(error) => return Err(error),
        }
    }
    let house_row = row(connection, HOUSE).await?.ok_or(Error::KeysMissing)?;
    let index = row(connection, INDEX).await?.ok_or(Error::KeysMissing)?;
    let house = versions(&house_row)?.open(provider).map_err(wrong)?;
    Ok(HouseKeys {
        house,
        house_row,
        index: IndexKey::new(unwrapped(&versions(&index)?, provider.as_ref())?),
        signer: signer(connection, provider.as_ref(), entropy).await?,
    })
}

/// Loads the keys of a database that is only looked at.
///
/// # Errors
/// [`Error::WrongKey`] when another key wraps them; [`Error::KeysMissing`] when one is not there.
pub(crate) async fn load(
    connection: &DatabaseConnection,
    provider: &Arc<dyn KeyProvider>,
) -> Result<HouseKeys, Error> {
    let house_row = row(connection, HOUSE).await?.ok_or(Error::KeysMissing)?;
    let index = row(connection, INDEX).await?.ok_or(Error::KeysMissing)?;
    let signing = row(connection, SIGNING).await?.ok_or(Error::KeysMissing)?;
    let house = versions(&house_row)?.open(provider).map_err(wrong)?;
    let seed = unwrapped(&versions(&signing)?, provider.as_ref())?;
    Ok(HouseKeys {
        house,
        house_row,
        index: IndexKey::new(unwrapped(&versions(&index)?, provider.as_ref())?),
        signer: Signer::new(&seed),
    })
}

async fn row<C: ConnectionTrait>(
    connection: &C,
    name: &'static str,
) -> Result<Option<sealed_keys::Model>, Error> {
    Ok(sealed_keys::Entity::find_by_id(name.to_owned())
        .one(connection)
        .await?)
}

async fn make(
    connection: &DatabaseConnection,
    provider: &dyn KeyProvider,
    entropy: &dyn Entropy,
) -> Result<(), Error> {
    let transaction = begin(connection).await?;
    if ledger_heads::Entity::find().count(&transaction).await? > 0 {
        // Made by another process since the first look, or lost.
        return match row(&transaction, HOUSE).await? {
            Some(_) => Ok(()),
            None => Err(Error::KeysMissing),
        };
    }
    for name in [HOUSE, INDEX] {
        keep(&transaction, provider, entropy, name, &fresh_key(entropy)).await?;
    }
    new_head(&transaction, Chain::House).await?;
    Ok(transaction.commit().await?)
}

async fn keep(
    transaction: &DatabaseTransaction,
    provider: &dyn KeyProvider,
    entropy: &dyn Entropy,
    name: &'static str,
    key: &[u8; 32],
) -> Result<(), Error> {
    let versions = Versions::first(Owner::House(name), key, provider, entropy)?;
    sealed_keys::Entity::insert(sealed_keys::ActiveModel {
        name: Set(name.to_owned()),
        version: Set(i64::from(versions.version)),
        wrapped: Set(versions.wrapped.stored()),
        other_keys: Set(None),
    })
    .exec_without_returning(transaction)
    .await?;
    Ok(())
}

/// The key that the server signs with, made where there is none yet.
async fn signer(
    connection: &DatabaseConnection,
    provider: &dyn KeyProvider,
    entropy: &dyn Entropy,
) -> Result<Signer, Error> {
    if row(connection, SIGNING).await?.is_none() {
        let transaction = begin(connection).await?;
        match keep(
            &transaction,
            provider,
            entropy,
            SIGNING,
            &fresh_key(entropy),
        )
        .await
        {
            Ok(()) => transaction.commit().await?,
            // Another process was quicker.
            Err(Error::Exists) => transaction.rollback().await?,
            Err(error) => return Err(error),
        }
    }
    let row = row(connection, SIGNING).await?.ok_or(Error::KeysMissing)?;
    let seed = unwrapped(&versions(&row)?, provider)?;
    Ok(Signer::new(&seed))
}

impl Store {
    /// Takes over what another process did to the house's key, if anything. Every process that lives for more than a
    /// moment asks this every [`Store::KEYS_LOOKED_AT`]: a rotation waits until each has.
    pub async fn refresh_keys(&self) -> Result<(), Error> {
        let now = row(self.read(), HOUSE).await?.ok_or(Error::KeysMissing)?;
        let mut known = self
            .house_row()
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if *known != now {
            let key = versions(&now)?.open(self.provider()).map_err(wrong)?;
            self.house().become_like(&key);
            *known = now;
        }
        Ok(())
    }

    /// How often a process looks whether the house's key changed.
    pub const KEYS_LOOKED_AT: core::time::Duration = core::time::Duration::from_secs(5);
}

/// Whether a database holds keys, or records that need some: then no new wrapping key may be made for it. Makes and
/// changes nothing; an SQLite file that isn't there holds none.
///
/// # Errors
/// When the database can't be asked.
pub async fn holds_keys(options: &Options) -> Result<bool, Error> {
    if options
        .sqlite_file()
        .is_some_and(|file| !Path::exists(&file))
    {
        return Ok(false);
    }
    let connection = connect(options, 1, true).await?;
    let found = any_row(&connection).await;
    connection.close().await?;
    found
}

async fn any_row(connection: &DatabaseConnection) -> Result<bool, Error> {
    let schema = SchemaManager::new(connection);
    for table in ["sealed_keys", "ledger_heads", "patients"] {
        if !schema.has_table(table).await? {
            continue;
        }
        let query = Query::select()
            .expr(Expr::val(1))
            .from(Alias::new(table))
            .limit(1)
            .take();
        let backend = connection.get_database_backend();
        if connection
            .query_one_raw(backend.build(&query))
            .await?
            .is_some()
        {
            return Ok(true);
        }
    }
    Ok(false)
}
