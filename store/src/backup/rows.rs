//! Tables as rows of plain values, out of one database and into another.

use super::frames::Writer;
use super::{BackupError, Cell, Record};
use crate::entities::every_table;
use crate::error::Error;
use core::str::FromStr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ColumnType, Condition, ConnectionTrait, DatabaseTransaction,
    EntityTrait, IdenStatic, Iterable, ModelTrait, PrimaryKeyToColumn, QueryFilter, QueryOrder,
    QuerySelect, Value,
};

/// Rows read at once.
const PAGE: u64 = 500;
/// Parameters of one statement that both databases take.
const PARAMETERS: usize = 900;

/// Tables that are not put back: whoever was signed in when the backup was made is not signed in now.
const NOT_PUT_BACK: [&str; 1] = ["sessions"];

fn cell(value: Value) -> Result<Cell, Error> {
    Ok(match value {
        Value::Bytes(Some(bytes)) => Cell::Bytes(bytes),
        Value::Uuid(Some(id)) => Cell::Uuid(id.into_bytes()),
        Value::BigInt(Some(number)) => Cell::Number(number),
        Value::Bool(Some(truth)) => Cell::Truth(truth),
        Value::String(Some(text)) => Cell::Text(text),
        Value::Bytes(None)
        | Value::Uuid(None)
        | Value::BigInt(None)
        | Value::Bool(None)
        | Value::String(None) => Cell::Null,
        _ => return Err(Error::Misuse("a column of a kind that backups don't know")),
    })
}

/// The value of a cell in a column; `None`: it is of another kind than the column.
fn value(cell: Cell, column: &ColumnType) -> Option<Value> {
    Some(match (column, cell) {
        (ColumnType::Uuid, Cell::Uuid(id)) => Value::Uuid(Some(uuid::Uuid::from_bytes(id))),
        (ColumnType::Uuid, Cell::Null) => Value::Uuid(None),
        (ColumnType::BigInteger, Cell::Number(number)) => Value::BigInt(Some(number)),
        (ColumnType::BigInteger, Cell::Null) => Value::BigInt(None),
        (ColumnType::Boolean, Cell::Truth(truth)) => Value::Bool(Some(truth)),
        (ColumnType::Boolean, Cell::Null) => Value::Bool(None),
        (ColumnType::String(_) | ColumnType::Text, Cell::Text(text)) => Value::String(Some(text)),
        (ColumnType::String(_) | ColumnType::Text, Cell::Null) => Value::String(None),
        (
            ColumnType::Blob | ColumnType::VarBinary(_) | ColumnType::Binary(_),
            Cell::Bytes(bytes),
        ) => Value::Bytes(Some(bytes)),
        (ColumnType::Blob | ColumnType::VarBinary(_) | ColumnType::Binary(_), Cell::Null) => {
            Value::Bytes(None)
        }
        _ => return None,
    })
}

/// Whether a row comes after that one in the order of the primary key.
fn after<E>(last: &E::Model) -> Condition
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E>,
    E::PrimaryKey: PrimaryKeyToColumn<Column = E::Column>,
{
    let keys: Vec<E::Column> = E::PrimaryKey::iter()
        .map(PrimaryKeyToColumn::into_column)
        .collect();
    let mut any = Condition::any();
    for (place, key) in keys.iter().enumerate() {
        let mut all = Condition::all();
        for earlier in keys.iter().take(place) {
            all = all.add(earlier.eq(last.get(*earlier)));
        }
        any = any.add(all.add(key.gt(last.get(*key))));
    }
    // Said again so that the index on the first column narrows the search.
    keys.first().map_or(any.clone(), |first| {
        Condition::all().add(first.gte(last.get(*first))).add(any)
    })
}

async fn dump_table<E>(
    transaction: &DatabaseTransaction,
    name: &str,
    writer: &mut Writer<'_>,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<u64, BackupError>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E> + Sync + Send,
    E::PrimaryKey: PrimaryKeyToColumn<Column = E::Column>,
{
    writer.write(&Record::Table {
        name: name.to_owned(),
        columns: E::Column::iter()
            .map(|column| column.as_str().to_owned())
            .collect(),
    })?;
    let mut rows = 0_u64;
    let mut last: Option<E::Model> = None;
    loop {
        let mut query = E::find();
        for key in E::PrimaryKey::iter() {
            query = query.order_by_asc(key.into_column());
        }
        if let Some(last) = &last {
            query = query.filter(after::<E>(last));
        }
        let page = query.limit(PAGE).all(transaction).await?;
        for model in &page {
            let cells = E::Column::iter().map(|column| cell(model.get(column)));
            writer.write(&Record::Row(cells.collect::<Result<_, _>>()?))?;
        }
        rows = rows.saturating_add(u64::try_from(page.len()).unwrap_or(u64::MAX));
        progress(rows);
        last = page.into_iter().last();
        if last.is_none() {
            return Ok(rows);
        }
    }
}

/// Rows of one table on their way in.
struct Inserting {
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

async fn insert_into<E>(
    transaction: &DatabaseTransaction,
    inserting: &mut Inserting,
) -> Result<(), BackupError>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
    E::Column: FromStr,
{
    let columns = inserting
        .columns
        .iter()
        .map(|name| E::Column::from_str(name).map_err(|_| BackupError::OtherVersion))
        .collect::<Result<Vec<_>, _>>()?;
    let mut models = Vec::with_capacity(inserting.rows.len());
    for row in inserting.rows.drain(..) {
        if row.len() != columns.len() {
            return Err(BackupError::Damaged);
        }
        let mut model = <E::ActiveModel as ActiveModelTrait>::default();
        for (column, cell) in columns.iter().zip(row) {
            let of = column.def();
            let value = value(cell, of.get_column_type()).ok_or(BackupError::OtherVersion)?;
            model.set(*column, value);
        }
        models.push(model);
    }
    if !models.is_empty() {
        E::insert_many(models)
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

macro_rules! over_tables {
    (
        house { $($house:ident $house_columns:tt,)+ }
        patient { $($patient:ident by $by:ident $patient_columns:tt,)+ }
        others { $($other:ident,)+ }
    ) => {
        /// Writes every table; gives the number of rows.
        pub(super) async fn dump(
            transaction: &DatabaseTransaction,
            writer: &mut Writer<'_>,
            progress: &mut (dyn FnMut(u64) + Send),
        ) -> Result<u64, BackupError> {
            let mut rows = 0_u64;
            // Those that others refer to come first.
            let first = dump_table::<crate::entities::patients::Entity>(
                transaction, "patients", writer, progress);
            rows = rows.saturating_add(first.await?);
            $({
                let name = stringify!($house);
                let before = rows;
                let mut say = |done: u64| progress(before.saturating_add(done));
                let some = dump_table::<crate::entities::$house::Entity>(
                    transaction, name, writer, &mut say);
                rows = rows.saturating_add(some.await?);
            })+
            $(if stringify!($patient) != "patients" {
                let name = stringify!($patient);
                let before = rows;
                let mut say = |done: u64| progress(before.saturating_add(done));
                let some = dump_table::<crate::entities::$patient::Entity>(
                    transaction, name, writer, &mut say);
                rows = rows.saturating_add(some.await?);
            })+
            $({
                let name = stringify!($other);
                let before = rows;
                let mut say = |done: u64| progress(before.saturating_add(done));
                let some = dump_table::<crate::entities::$other::Entity>(
                    transaction, name, writer, &mut say);
                rows = rows.saturating_add(some.await?);
            })+
            Ok(rows)
        }

        async fn insert(
            transaction: &DatabaseTransaction,
            table: &str,
            inserting: &mut Inserting,
        ) -> Result<(), BackupError> {
            match table {
                $(stringify!($house) => {
                    insert_into::<crate::entities::$house::Entity>(transaction, inserting).await
                })+
                $(stringify!($patient) => {
                    insert_into::<crate::entities::$patient::Entity>(transaction, inserting).await
                })+
                $(stringify!($other) => {
                    insert_into::<crate::entities::$other::Entity>(transaction, inserting).await
                })+
                _ => Err(BackupError::OtherVersion),
            }
        }

        /// Every table that a backup holds.
        pub fn tables() -> Vec<&'static str> {
            vec![$(stringify!($house),)+ $(stringify!($patient),)+ $(stringify!($other),)+]
        }
    };
}
every_table!(over_tables);

/// Puts rows into a database, table by table.
pub(super) struct Loader<'a> {
    transaction: &'a DatabaseTransaction,
    table: String,
    inserting: Inserting,
}

impl<'a> Loader<'a> {
    pub(super) const fn new(transaction: &'a DatabaseTransaction) -> Self {
        Self {
            transaction,
            table: String::new(),
            inserting: Inserting {
                columns: Vec::new(),
                rows: Vec::new(),
            },
        }
    }

    pub(super) async fn table(
        &mut self,
        name: String,
        columns: Vec<String>,
    ) -> Result<(), BackupError> {
        self.flush().await?;
        self.table = name;
        self.inserting.columns = columns;
        Ok(())
    }

    pub(super) async fn row(&mut self, row: Vec<Cell>) -> Result<(), BackupError> {
        if NOT_PUT_BACK.contains(&self.table.as_str()) {
            return Ok(());
        }
        self.inserting.rows.push(row);
        let parameters = self
            .inserting
            .rows
            .len()
            .saturating_mul(self.inserting.columns.len());
        if parameters >= PARAMETERS {
            self.flush().await?;
        }
        Ok(())
    }

    pub(super) async fn flush(&mut self) -> Result<(), BackupError> {
        if self.inserting.rows.is_empty() {
            return Ok(());
        }
        insert(self.transaction, &self.table, &mut self.inserting).await
    }
}

/// Whether a table of this database has a row.
pub(super) async fn is_empty(connection: &impl ConnectionTrait) -> Result<bool, Error> {
    let patients = crate::entities::patients::Entity::find()
        .one(connection)
        .await?;
    let keys = crate::entities::sealed_keys::Entity::find()
        .one(connection)
        .await?;
    let heads = crate::entities::ledger_heads::Entity::find()
        .one(connection)
        .await?;
    Ok(patients.is_none() && keys.is_none() && heads.is_none())
}
