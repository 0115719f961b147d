//! The table `push_keys`: the key pair that browsers subscribe to. One for all servers on this database.

use super::Db;

/// The secret half; the first server that asks makes it, of `fresh` randomness.
pub async fn ensure(db: &Db, fresh: &[u8]) -> Result<Vec<u8>, sqlx::Error> {
    let sql = "INSERT INTO push_keys (id, secret) VALUES (1, $1) ON CONFLICT DO NOTHING";
    db.write(sql).bind(fresh).execute().await?;
    let found = db.write("SELECT secret FROM push_keys WHERE id = 1").fetch_optional(|row| row.get("secret"));
    found.await?.ok_or(sqlx::Error::RowNotFound)
}
