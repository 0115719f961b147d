-- What is asked about all payments at once: a list of them by age, those for one resource, and what came in and went
-- back on a day; and the grants of a day.
CREATE INDEX paygate_payments_age ON paygate_payments (created_at, id);
CREATE INDEX paygate_payments_resource ON paygate_payments (resource, created_at, id);
CREATE INDEX paygate_payments_paid ON paygate_payments (paid_at) WHERE paid_at IS NOT NULL;
CREATE INDEX paygate_payments_refunded ON paygate_payments (refunded_at) WHERE refunded_at IS NOT NULL;
CREATE INDEX paygate_grants_age ON paygate_grants (from_at);
