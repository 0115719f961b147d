-- The same tables as in migrations/sqlite, in this dialect; why they are so is said there.

CREATE TABLE users (
    id            uuid   NOT NULL PRIMARY KEY,
    role          text   NOT NULL CHECK (role IN ('client', 'owner', 'admin')),
    name          text   NOT NULL,
    phone         text   NOT NULL UNIQUE,
    password_hash text   NOT NULL,
    created_at    bigint NOT NULL
);

CREATE TABLE sessions (
    token_hash bytea  NOT NULL PRIMARY KEY,
    user_id    uuid   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE rooms (
    id            uuid   NOT NULL PRIMARY KEY,
    owner_id      uuid   NOT NULL REFERENCES users (id),
    title         text   NOT NULL,
    description   text   NOT NULL,
    city          text   NOT NULL,
    area          text   NOT NULL,
    rent_paisa    bigint NOT NULL CHECK (rent_paisa > 0),
    contact_phone text   NOT NULL,
    address       text   NOT NULL,
    created_at    bigint NOT NULL,
    deleted_at    bigint
);
CREATE INDEX rooms_by_owner ON rooms (owner_id);

CREATE TABLE room_photos (
    room_id  uuid   NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    position bigint NOT NULL,
    url      text   NOT NULL,
    PRIMARY KEY (room_id, position)
);
