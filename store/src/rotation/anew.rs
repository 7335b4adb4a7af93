//! Sealing rows anew with the version of a key that seals now.

use crate::entities::every_table;
use crate::entropy::Entropy;
use crate::error::Error;
use crate::seal::{DataKey, Place};
use domain::id::PatientId;
use sea_orm::sea_query::{Expr, ExprTrait, Func};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, IdenStatic,
    Iterable, ModelTrait, PaginatorTrait, PrimaryKeyToColumn, QueryFilter, QuerySelect, Value,
};

/// Whether the version in the head of a sealed value (its bytes 2 to 5) is another.
fn by_another<C: ColumnTrait>(column: C, version: u32) -> Expr {
    let head = Func::cust("substr").args([
        Expr::col((column.entity_name(), column)),
        Expr::val(2),
        Expr::val(4),
    ]);
    Expr::expr(head).ne(Expr::val(version.to_be_bytes().to_vec()))
}

fn to_seal_anew<C: ColumnTrait>(columns: &[C], version: u32) -> Condition {
    columns.iter().fold(Condition::any(), |any, column| {
        any.add(by_another(*column, version))
    })
}

/// The bytes that name a row in [`Place`]: its primary key's columns, one after the other.
fn row_bytes<M: ModelTrait>(model: &M) -> Vec<u8>
where
    <M::Entity as EntityTrait>::PrimaryKey:
        PrimaryKeyToColumn<Column = <M::Entity as EntityTrait>::Column>,
{
    let mut row = Vec::with_capacity(64);
    for key in <M::Entity as EntityTrait>::PrimaryKey::iter() {
        match model.get(key.into_column()) {
            Value::Uuid(Some(id)) => row.extend_from_slice(id.as_bytes()),
            Value::Bytes(Some(bytes)) => row.extend_from_slice(&bytes),
            // No sealed table has another kind of key; its rows would not open, and that is found at once.
            _ => {}
        }
    }
    row
}

/// Seals some rows of a table anew; gives how many.
async fn seal_table_anew<E>(
    transaction: &DatabaseTransaction,
    key: &DataKey,
    columns: &[E::Column],
    of: Option<(E::Column, PatientId)>,
    limit: u64,
    entropy: &dyn Entropy,
) -> Result<u64, Error>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E> + Sync,
    E::PrimaryKey: PrimaryKeyToColumn<Column = E::Column>,
{
    let mut query = E::find().filter(to_seal_anew(columns, key.version()));
    if let Some((column, patient)) = of {
        query = query.filter(column.eq(patient.0));
    }
    let mut done = 0_u64;
    for model in query.limit(limit).all(transaction).await? {
        let row = row_bytes(&model);
        for column in columns {
            let Value::Bytes(Some(before)) = model.get(*column) else {
                continue;
            };
            let place = Place {
                table: E::default().table_name(),
                row: &row,
                patient: of.map(|(_, patient)| patient),
                field: column.as_str(),
            };
            let Some(anew) = key
                .seal_anew(&place.bytes(), &before, entropy)
                .map_err(|_| place.broken())?
            else {
                continue;
            };
            put::<E>(transaction, &model, *column, &before, &anew).await?;
        }
        done = done.saturating_add(1);
    }
    Ok(done)
}

/// Writes over what was read, and reads it back. Where another has written meanwhile, that stays.
async fn put<E>(
    transaction: &DatabaseTransaction,
    model: &E::Model,
    column: E::Column,
    before: &[u8],
    anew: &[u8],
) -> Result<(), Error>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E>,
    E::PrimaryKey: PrimaryKeyToColumn<Column = E::Column>,
{
    let this = E::PrimaryKey::iter().fold(Condition::all(), |all, key| {
        let key = key.into_column();
        all.add(key.eq(model.get(key)))
    });
    let done = E::update_many()
        .col_expr(column, Expr::val(anew.to_vec()))
        .filter(this.clone())
        .filter(column.eq(before.to_vec()))
        .exec(transaction)
        .await?;
    if done.rows_affected == 0 {
        return Ok(());
    }
    let again = E::find().filter(this).one(transaction).await?;
    let same = again.is_some_and(|row| row.get(column) == Value::Bytes(Some(anew.to_vec())));
    if same {
        Ok(())
    } else {
        Err(Error::row(
            E::default().table_name(),
            column.as_str(),
            &row_bytes(model),
        ))
    }
}

async fn count_table<E>(
    connection: &impl ConnectionTrait,
    columns: &[E::Column],
    version: u32,
) -> Result<u64, Error>
where
    E: EntityTrait,
    E::Model: Sync + Send,
{
    Ok(E::find()
        .filter(to_seal_anew(columns, version))
        .count(connection)
        .await?)
}

macro_rules! over_tables {
    (
        house { $($house:ident [$($in_house:ident),+],)+ }
        patient { $($patient:ident by $by:ident [$($of_patient:ident),+],)+ }
        others { $($other:ident,)+ }
    ) => {
        /// Seals some of the house's rows anew; gives how many: none, when there are none left.
        pub(super) async fn house_anew(
            transaction: &DatabaseTransaction,
            key: &DataKey,
            limit: u64,
            entropy: &dyn Entropy,
        ) -> Result<u64, Error> {
            let mut done = 0_u64;
            $(if done < limit {
                use crate::entities::$house::{Column, Entity};
                let columns = [$(Column::$in_house),+];
                let left = limit.saturating_sub(done);
                let some = seal_table_anew::<Entity>(transaction, key, &columns, None, left, entropy);
                done = done.saturating_add(some.await?);
            })+
            Ok(done)
        }

        /// How many of the house's rows wait to be sealed anew.
        pub(super) async fn house_waiting(
            connection: &impl ConnectionTrait,
            version: u32,
        ) -> Result<u64, Error> {
            let mut waiting = 0_u64;
            $({
                use crate::entities::$house::{Column, Entity};
                let columns = [$(Column::$in_house),+];
                let some = count_table::<Entity>(connection, &columns, version).await?;
                waiting = waiting.saturating_add(some);
            })+
            Ok(waiting)
        }

        /// Seals some rows of a patient anew; gives how many: none, when there are none left.
        pub(super) async fn patient_anew(
            transaction: &DatabaseTransaction,
            key: &DataKey,
            patient: PatientId,
            limit: u64,
            entropy: &dyn Entropy,
        ) -> Result<u64, Error> {
            let mut done = 0_u64;
            $(if done < limit {
                use crate::entities::$patient::{Column, Entity};
                let columns = [$(Column::$of_patient),+];
                let left = limit.saturating_sub(done);
                let of = Some((Column::$by, patient));
                let some = seal_table_anew::<Entity>(transaction, key, &columns, of, left, entropy);
                done = done.saturating_add(some.await?);
            })+
            Ok(done)
        }

        /// Every sealed column that a rotation of data keys seals anew, with its table.
        pub fn sealed_columns() -> Vec<(&'static str, &'static str)> {
            let mut all = Vec::new();
            $({
                use crate::entities::$house::Column;
                $(all.push((stringify!($house), Column::$in_house.as_str()));)+
            })+
            $({
                use crate::entities::$patient::Column;
                $(all.push((stringify!($patient), Column::$of_patient.as_str()));)+
            })+
            all
        }
    };
}
every_table!(over_tables);
