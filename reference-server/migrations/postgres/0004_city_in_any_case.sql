CREATE INDEX rooms_by_city ON rooms (lower(city), id);
