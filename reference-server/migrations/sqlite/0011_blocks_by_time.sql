-- Every server looks each second for blocks that another one took.
CREATE INDEX blocks_by_time ON blocks (created_at);
