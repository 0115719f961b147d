-- The message as it read when it was reported: its author may change it or take it back afterwards. The name of its
-- picture as the chat has it; its files stay for as long as a report names them. NULL where the conversation as a whole
-- was reported, where the message had been taken back before, and in reports from before this.
ALTER TABLE reports ADD COLUMN content TEXT;
ALTER TABLE reports ADD COLUMN image TEXT;
