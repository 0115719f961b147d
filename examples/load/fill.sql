-- Ten million messages in the conversation that was written to last, in the words of the chat's tables:
--     sqlite3 kotha-data/kotha.sqlite3 < examples/load/fill.sql
-- between `load … history --wait` has written its own and reads its pages.
PRAGMA synchronous = OFF;
PRAGMA cache_size = -1000000;
BEGIN IMMEDIATE;

CREATE TEMP TABLE fill AS
SELECT c.n, c.last_seq, m.user_id
FROM chat_conversations c JOIN chat_members m ON m.conversation = c.n AND m.own_posts > 0
ORDER BY c.active_at_us DESC LIMIT 1;

WITH RECURSIVE more (seq) AS (
    SELECT last_seq + 1 FROM fill UNION ALL SELECT seq + 1 FROM more WHERE seq < 10000000
)
INSERT INTO chat_events (conversation, seq, sender, client_id, fingerprint, kind, message, content, at_us)
SELECT n, seq, user_id, printf('f%09d', seq), zeroblob(32), 0,
       unhex(printf('%012x', seq) || '7000a' || lower(hex(randomblob(7))) || '0'),
       'filled ' || seq || hex(zeroblob(60)), 1700000000000000 + seq
FROM more, fill;

UPDATE chat_conversations
SET posts = posts + 10000000 - last_seq, last_post_seq = 10000000, last_seq = 10000000
WHERE n = (SELECT n FROM fill);
UPDATE chat_members
SET own_posts = own_posts + 10000000 - (SELECT last_seq FROM fill)
WHERE (conversation, user_id) = (SELECT n, user_id FROM fill);
COMMIT;
