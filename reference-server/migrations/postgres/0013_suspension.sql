-- The same columns as in sqlite/0013_suspension.sql.
ALTER TABLE users ADD COLUMN suspended_at bigint;
ALTER TABLE rooms ADD COLUMN suspended_at bigint;
ALTER TABLE rooms ADD COLUMN resource text NOT NULL GENERATED ALWAYS AS ('room:' || id::text) STORED;
CREATE UNIQUE INDEX rooms_by_resource ON rooms (resource);
ALTER TABLE reports ADD COLUMN verdict text CHECK (verdict IN ('upheld', 'dismissed'));
ALTER TABLE reports ADD COLUMN decided_at bigint;
CREATE INDEX reports_that_wait ON reports (id) WHERE verdict IS NULL;
CREATE INDEX users_by_time ON users (created_at);
CREATE INDEX users_who_left ON users (erased_at) WHERE erased_at IS NOT NULL;
CREATE INDEX rooms_by_time ON rooms (created_at);
CREATE INDEX admin_acts_by_act ON admin_acts (act, id);
CREATE INDEX admin_acts_by_admin ON admin_acts (admin_id, id);
