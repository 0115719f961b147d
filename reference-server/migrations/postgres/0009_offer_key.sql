-- The same columns as in sqlite/0008_offer_key.sql.
CREATE TABLE offer_keys (
    id bigint PRIMARY KEY CHECK (id = 1),
    secret bytea NOT NULL
);
