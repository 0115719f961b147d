-- Ids are UUIDs as 16-byte blobs, times are microseconds since 1970 in UTC, money is paisa.

CREATE TABLE users (
    id            BLOB    NOT NULL PRIMARY KEY,
    role          TEXT    NOT NULL CHECK (role IN ('client', 'owner', 'admin')),
    name          TEXT    NOT NULL,
    phone         TEXT    NOT NULL UNIQUE,
    password_hash TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT;

-- The cookie's token is not here, only its SHA-256: who reads the table can't sign in.
CREATE TABLE sessions (
    token_hash BLOB    NOT NULL PRIMARY KEY,
    user_id    BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE rooms (
    id            BLOB    NOT NULL PRIMARY KEY,
    owner_id      BLOB    NOT NULL REFERENCES users (id),
    title         TEXT    NOT NULL,
    description   TEXT    NOT NULL,
    city          TEXT    NOT NULL,
    area          TEXT    NOT NULL,
    rent_paisa    INTEGER NOT NULL CHECK (rent_paisa > 0),
    contact_phone TEXT    NOT NULL,
    address       TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    -- A deleted room is hidden, not gone: payments and conversations still name it.
    deleted_at    INTEGER
) STRICT;
CREATE INDEX rooms_by_owner ON rooms (owner_id);
CREATE INDEX rooms_by_city ON rooms (city COLLATE NOCASE, id);

CREATE TABLE room_photos (
    room_id  BLOB    NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    url      TEXT    NOT NULL,
    PRIMARY KEY (room_id, position)
) STRICT;
