-- Posts that were deleted count nowhere any more: posts, own_posts and seen_posts are numbers of posts that can be read.
UPDATE chat_conversations SET posts =
    (SELECT count(*) FROM chat_events e WHERE e.conversation = chat_conversations.n AND e.kind = 0 AND NOT e.erased);

UPDATE chat_members SET
    own_posts = (SELECT count(*) FROM chat_events e WHERE e.conversation = chat_members.conversation
        AND e.kind = 0 AND NOT e.erased AND e.sender = user_id),
    seen_posts = (SELECT count(*) FROM chat_events e WHERE e.conversation = chat_members.conversation
        AND e.kind = 0 AND NOT e.erased AND e.sender <> user_id AND e.seq <= read_seq);
