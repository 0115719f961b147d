//! One text of SQL for both databases.
//!
//! Both take `$1` for an argument, `ON CONFLICT`, `RETURNING` and `string_agg`; ids, integers, texts and bytes are
//! columns that both have. What only one of them knows stays out of the tables' files.

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Decode, Encode, PgPool, Postgres, Row as _, SqlSafeStr, Sqlite, SqlitePool, Type};

use super::{Db, STATEMENTS};

/// A statement, its arguments so far, and the connections that it goes to.
#[must_use = "a query does nothing until it is run"]
pub struct Query<'d>(Inner<'d>);

enum Inner<'d> {
    Sqlite(sqlx::query::Query<'static, Sqlite, SqliteArguments>, &'d SqlitePool),
    Postgres(sqlx::query::Query<'static, Postgres, PgArguments>, &'d PgPool),
}

/// What can be an argument in both.
pub trait Argument<'t>: Encode<'t, Sqlite> + Type<Sqlite> + Encode<'t, Postgres> + Type<Postgres> {}
impl<'t, T: Encode<'t, Sqlite> + Type<Sqlite> + Encode<'t, Postgres> + Type<Postgres>> Argument<'t> for T {}

/// What can be read from a column in both.
pub trait Column<'r>: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres> {}
impl<'r, T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>> Column<'r> for T {}

/// A row of either.
pub enum Row {
    /// Of SQLite.
    Sqlite(SqliteRow),
    /// Of PostgreSQL.
    Postgres(PgRow),
}

impl Db {
    /// A statement that only reads.
    pub fn read(&self, sql: impl SqlSafeStr) -> Query<'_> {
        tracing::trace!(target: STATEMENTS, "read");
        Query(match self {
            Self::Sqlite { reader, .. } => Inner::Sqlite(sqlx::query(sql), reader),
            Self::Postgres(pool) => Inner::Postgres(sqlx::query(sql), pool),
        })
    }

    /// A statement that writes.
    pub fn write(&self, sql: impl SqlSafeStr) -> Query<'_> {
        tracing::trace!(target: STATEMENTS, "write");
        Query(match self {
            Self::Sqlite { writer, .. } => Inner::Sqlite(sqlx::query(sql), writer),
            Self::Postgres(pool) => Inner::Postgres(sqlx::query(sql), pool),
        })
    }
}

impl Query<'_> {
    /// The next argument: `$1`, `$2` …
    pub fn bind<'t>(self, value: impl Argument<'t>) -> Self {
        Self(match self.0 {
            Inner::Sqlite(query, pool) => Inner::Sqlite(query.bind(value), pool),
            Inner::Postgres(query, pool) => Inner::Postgres(query.bind(value), pool),
        })
    }

    /// Runs it; how many rows it touched.
    pub async fn execute(self) -> Result<u64, sqlx::Error> {
        Ok(match self.0 {
            Inner::Sqlite(query, pool) => query.execute(pool).await?.rows_affected(),
            Inner::Postgres(query, pool) => query.execute(pool).await?.rows_affected(),
        })
    }

    /// All rows; the statement's `LIMIT` or its key is the bound.
    pub async fn fetch_all<T>(
        self,
        read: impl Fn(&Row) -> Result<T, sqlx::Error>,
    ) -> Result<Vec<T>, sqlx::Error> {
        match self.0 {
            Inner::Sqlite(query, pool) => {
                query.fetch_all(pool).await?.into_iter().map(|row| read(&Row::Sqlite(row))).collect()
            }
            Inner::Postgres(query, pool) => {
                query.fetch_all(pool).await?.into_iter().map(|row| read(&Row::Postgres(row))).collect()
            }
        }
    }

    /// The first row, if there is one.
    pub async fn fetch_optional<T>(
        self,
        read: impl Fn(&Row) -> Result<T, sqlx::Error>,
    ) -> Result<Option<T>, sqlx::Error> {
        let row = match self.0 {
            Inner::Sqlite(query, pool) => query.fetch_optional(pool).await?.map(Row::Sqlite),
            Inner::Postgres(query, pool) => query.fetch_optional(pool).await?.map(Row::Postgres),
        };
        row.map(|row| read(&row)).transpose()
    }
}

impl Row {
    /// The value of a column.
    pub fn get<'r, T: Column<'r>>(&'r self, column: &str) -> Result<T, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
    }
}
