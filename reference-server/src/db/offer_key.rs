//! The table `offer_keys`: what binds the offers of this database, and the browsers that its accounts signed in from.

use super::Db;

/// The key; the first server that asks makes it, of `fresh` randomness.
pub async fn ensure(db: &Db, fresh: &[u8]) -> Result<Vec<u8>, sqlx::Error> {
    let sql = "INSERT INTO offer_keys (id, secret) VALUES (1, $1) ON CONFLICT DO NOTHING";
    db.write(sql).bind(fresh).execute().await?;
    let found =
        db.write("SELECT secret FROM offer_keys WHERE id = 1").fetch_optional(|row| row.get("secret"));
    found.await?.ok_or(sqlx::Error::RowNotFound)
}
