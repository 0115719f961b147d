-- The same columns as in sqlite/0009_photo_leftovers.sql.
CREATE TABLE photo_leftovers (
    name    text   NOT NULL PRIMARY KEY,
    private bigint NOT NULL,
    since   bigint NOT NULL
);
CREATE INDEX photo_leftovers_by_age ON photo_leftovers (since);
