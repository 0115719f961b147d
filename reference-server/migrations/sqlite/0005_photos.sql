-- The name is the photo's own in the photos' folder; those that came with the program have none.
ALTER TABLE room_photos ADD COLUMN name TEXT;
-- 1: only for who has paid, and the owner.
ALTER TABLE room_photos ADD COLUMN private INTEGER NOT NULL DEFAULT 0;
