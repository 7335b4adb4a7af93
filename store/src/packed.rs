//! Many rows as one. On SQLite each row is handed from the database's thread to the one that waits for it, and both fall
//! asleep in between: fifty rows of sealed bytes come at the price of fifty, and as one value at the price of one.

use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};

/// A column of bytes, or of an id.
#[derive(Clone, Copy)]
pub(crate) enum Column {
    Bytes(&'static str),
    Id(&'static str),
}

impl Column {
    fn name(self) -> &'static str {
        match self {
            Self::Bytes(name) | Self::Id(name) => name,
        }
    }

    /// Its bytes, none for NULL.
    fn bytes(self, backend: DbBackend) -> String {
        match (backend, self) {
            (DbBackend::Sqlite, column) => format!("coalesce({}, x'')", column.name()),
            (_, Self::Id(name)) => format!("uuid_send({name})"),
            (_, Self::Bytes(name)) => format!("coalesce({name}, ''::bytea)"),
        }
    }

    /// How many they are, in digits; -1 for NULL.
    fn length(self, backend: DbBackend) -> String {
        match (backend, self) {
            (DbBackend::Sqlite, column) => format!("coalesce(length({}), -1)", column.name()),
            (_, Self::Id(_)) => "16".to_owned(),
            (_, Self::Bytes(name)) => format!("coalesce(octet_length({name}), -1)"),
        }
    }
}

/// The values of a row in the order of its columns; `None`: NULL.
pub(crate) type Row<const N: usize> = [Option<Vec<u8>>; N];

#[derive(FromQueryResult)]
struct Packed {
    lengths: Option<String>,
    bytes: Option<Vec<u8>>,
}

/// The rows of a statement that selects these columns, in its order. `None`: they don't come as one value, such as when
/// they are too many for it; then they are to be read row by row.
pub(crate) async fn rows<const N: usize>(
    connection: &impl ConnectionTrait,
    columns: [Column; N],
    select: &str,
    values: Vec<Value>,
) -> Option<Vec<Row<N>>> {
    let backend = connection.get_database_backend();
    let lengths = columns
        .map(|column| column.length(backend))
        .join(" || ':' || ");
    let bytes = columns.map(|column| column.bytes(backend)).join(" || ");
    let sql = match backend {
        // `group_concat` and `||` take bytes for what they are; the lengths tell if they ever did not.
        DbBackend::Sqlite => format!(
            "SELECT group_concat({lengths}, ',') AS lengths, CAST(group_concat({bytes}, '') AS BLOB) AS bytes \
             FROM ({select}) AS packed"
        ),
        _ => format!(
            "SELECT string_agg({lengths}, ',') AS lengths, string_agg({bytes}, ''::bytea) AS bytes \
             FROM ({select}) AS packed"
        ),
    };
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let packed = Packed::find_by_statement(statement)
        .one(connection)
        .await
        .ok()??;
    unpack(packed.lengths.as_deref(), &packed.bytes.unwrap_or_default())
}

/// Takes the bytes apart again; `None`: the lengths are not theirs.
fn unpack<const N: usize>(lengths: Option<&str>, bytes: &[u8]) -> Option<Vec<Row<N>>> {
    let Some(lengths) = lengths else {
        return bytes.is_empty().then(Vec::new);
    };
    let mut rest = bytes;
    let mut rows = Vec::new();
    for of_row in lengths.split(',') {
        let mut of_row = of_row.split(':');
        let mut row = [const { None }; N];
        for value in &mut row {
            let length = of_row.next()?;
            if length != "-1" {
                let (bytes, after) = rest.split_at_checked(length.parse().ok()?)?;
                rest = after;
                *value = Some(bytes.to_vec());
            }
        }
        if of_row.next().is_some() {
            return None;
        }
        rows.push(row);
    }
    rest.is_empty().then_some(rows)
}

#[cfg(test)]
mod tests {
    use super::unpack;

    #[test]
    fn what_was_packed_comes_apart() {
        let rows = unpack::<2>(Some("3:-1,0:2"), b"abcde").expect("two rows");
        assert_eq!(
            rows,
            [
                [Some(b"abc".to_vec()), None],
                [Some(Vec::new()), Some(b"de".to_vec())],
            ]
        );
        assert_eq!(unpack::<2>(None, b""), Some(Vec::new()));
    }

    #[test]
    fn lengths_of_other_bytes_are_refused() {
        for (lengths, bytes) in [
            (Some("3:-1"), &b"ab"[..]),
            (Some("3:-1"), b"abcd"),
            (Some("3"), b"abc"),
            (Some("1:1:1"), b"abc"),
            (Some("-2:3"), b"abc"),
            (Some("x:3"), b"abc"),
            (None, b"abc"),
        ] {
            assert_eq!(unpack::<2>(lengths, bytes), None);
        }
    }
}
