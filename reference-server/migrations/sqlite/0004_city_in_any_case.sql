-- Written the same way in both databases: `lower(city) = lower($1)`.
DROP INDEX rooms_by_city;
CREATE INDEX rooms_by_city ON rooms (lower(city), id);
