ALTER TABLE sessions ADD COLUMN id uuid;
UPDATE sessions SET id = gen_random_uuid();
CREATE UNIQUE INDEX sessions_by_id ON sessions (id);
ALTER TABLE sessions ADD COLUMN device text NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN erased_at bigint;
