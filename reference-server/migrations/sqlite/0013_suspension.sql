-- Suspended by an administrator; NULL while nobody is. A suspended person can't sign in, and none of their rooms is
-- listed; a suspended room is not listed. Who paid keeps what they paid for.
ALTER TABLE users ADD COLUMN suspended_at INTEGER;
ALTER TABLE rooms ADD COLUMN suspended_at INTEGER;

-- The room as a payment names it, so that an owner's payments are found by an index.
ALTER TABLE rooms ADD COLUMN resource TEXT NOT NULL GENERATED ALWAYS AS ('room:' || lower(
    substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) || '-' ||
    substr(hex(id), 17, 4) || '-' || substr(hex(id), 21, 12))) VIRTUAL;
CREATE UNIQUE INDEX rooms_by_resource ON rooms (resource);

-- What an administrator made of a report; NULL while it waits.
ALTER TABLE reports ADD COLUMN verdict TEXT CHECK (verdict IN ('upheld', 'dismissed'));
ALTER TABLE reports ADD COLUMN decided_at INTEGER;
CREATE INDEX reports_that_wait ON reports (id) WHERE verdict IS NULL;

-- The figures of a day, and the filters of the log.
CREATE INDEX users_by_time ON users (created_at);
CREATE INDEX users_who_left ON users (erased_at) WHERE erased_at IS NOT NULL;
CREATE INDEX rooms_by_time ON rooms (created_at);
CREATE INDEX admin_acts_by_act ON admin_acts (act, id);
CREATE INDEX admin_acts_by_admin ON admin_acts (admin_id, id);
