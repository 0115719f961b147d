-- A session's name for its owner, who may end it; and on which kind of device it was started.
ALTER TABLE sessions ADD COLUMN id BLOB;
UPDATE sessions SET id = randomblob(16);
CREATE UNIQUE INDEX sessions_by_id ON sessions (id);
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
-- An account that its person deleted: payments and conversations name it still, but nothing in it says who it was.
ALTER TABLE users ADD COLUMN erased_at INTEGER;
