-- Photos whose files are being written or removed. One that is still here after a while was cut off by a crash: its files
-- go, unless a room has it.
CREATE TABLE photo_leftovers (
    name    TEXT    NOT NULL PRIMARY KEY,
    private INTEGER NOT NULL,
    since   INTEGER NOT NULL
) STRICT;
CREATE INDEX photo_leftovers_by_age ON photo_leftovers (since);
