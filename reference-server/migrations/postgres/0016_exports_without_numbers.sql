-- The same as sqlite/0016_exports_without_numbers.sql.
UPDATE admin_acts SET subject = 'q=number' WHERE act = 'export' AND subject LIKE '%q=9_________&%';
