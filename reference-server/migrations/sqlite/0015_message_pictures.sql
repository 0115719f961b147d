-- Pictures of messages that are or were on disk. Noted before a file is written; `since` is empty once the message that
-- names the picture is in the log. One that is still noted after a while was refused or cut off: what no message shows
-- goes.
CREATE TABLE message_pictures (
    conversation_id   BLOB    NOT NULL,
    sender_id         BLOB    NOT NULL,
    client_message_id TEXT    NOT NULL,
    since             INTEGER,
    PRIMARY KEY (conversation_id, sender_id, client_message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_pictures_by_age ON message_pictures (since) WHERE since IS NOT NULL;
-- The photos of a room are asked for by their names.
CREATE INDEX room_photos_by_name ON room_photos (name) WHERE name IS NOT NULL;
