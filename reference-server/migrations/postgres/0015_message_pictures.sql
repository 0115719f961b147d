-- The same columns as in sqlite/0015_message_pictures.sql.
CREATE TABLE message_pictures (
    conversation_id   uuid   NOT NULL,
    sender_id         uuid   NOT NULL,
    client_message_id text   NOT NULL,
    since             bigint,
    PRIMARY KEY (conversation_id, sender_id, client_message_id)
);
CREATE INDEX message_pictures_by_age ON message_pictures (since) WHERE since IS NOT NULL;
CREATE INDEX room_photos_by_name ON room_photos (name) WHERE name IS NOT NULL;
