-- What binds the offers of this database. One row: all servers on it make and know the same offers.
CREATE TABLE offer_keys (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    secret BLOB NOT NULL
) STRICT;
