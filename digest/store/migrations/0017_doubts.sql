-- +goose Up

-- A refusal is the reader's own only once the server takes a letter after it. Until
-- then it is in doubt, also over a kill: 1 in words for an address that takes no
-- mail, 2 in others.
ALTER TABLE deliveries ADD COLUMN doubt INTEGER NOT NULL DEFAULT 0;
CREATE INDEX deliveries_doubt ON deliveries (edition) WHERE doubt > 0;
