-- The same columns as in sqlite/0005_photos.sql.
ALTER TABLE room_photos ADD COLUMN name text;
ALTER TABLE room_photos ADD COLUMN private bigint NOT NULL DEFAULT 0;
