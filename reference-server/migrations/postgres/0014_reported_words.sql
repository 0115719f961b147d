-- The same columns as in sqlite/0014_reported_words.sql.
ALTER TABLE reports ADD COLUMN content text;
ALTER TABLE reports ADD COLUMN image text;
