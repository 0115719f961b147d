-- When an operator last ordered a refund: the provider is asked more often from then on.
ALTER TABLE paygate_payments ADD COLUMN refund_ordered_at INTEGER;
