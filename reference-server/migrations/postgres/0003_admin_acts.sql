-- What administrators did. A row is written before the act and gets its outcome after it: an act without an
-- outcome was begun, and the server ended before it knew.
CREATE TABLE admin_acts (
    id         uuid   NOT NULL PRIMARY KEY,
    admin_id   uuid   NOT NULL REFERENCES users (id),
    at         bigint NOT NULL,
    act        text   NOT NULL,
    subject    text   NOT NULL,
    reason     text   NOT NULL,
    outcome    text
);
CREATE INDEX admin_acts_by_subject ON admin_acts (subject, id);
