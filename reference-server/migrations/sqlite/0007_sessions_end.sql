-- A session that was ended stays for a while, so that every server on the same database learns of it.
ALTER TABLE sessions ADD COLUMN ended_at INTEGER;
CREATE INDEX sessions_by_end ON sessions (ended_at) WHERE ended_at IS NOT NULL;
