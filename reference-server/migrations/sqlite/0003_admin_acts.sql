-- What administrators did. A row is written before the act and gets its outcome after it: an act without an
-- outcome was begun, and the server ended before it knew.
CREATE TABLE admin_acts (
    id         BLOB    NOT NULL PRIMARY KEY,
    admin_id   BLOB    NOT NULL REFERENCES users (id),
    at         INTEGER NOT NULL,
    act        TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    outcome    TEXT
) STRICT;
CREATE INDEX admin_acts_by_subject ON admin_acts (subject, id);
