-- +goose Up

-- Hand-overs to one domain are limited, so the ledger knows a reader's domain.
ALTER TABLE deliveries ADD COLUMN domain  TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN stopped TEXT NOT NULL DEFAULT ''; -- when the answer to it last stopped a run
UPDATE deliveries SET domain = (SELECT substr(key, instr(key, '@') + 1) FROM subscribers WHERE id = subscriber)
WHERE state NOT IN ('accepted', 'refused', 'dropped');

-- Whose turn is next. What is not planned is in no index: each hand-over writes
-- two rows, and an index of all states would double that.
DROP INDEX deliveries_open;
CREATE INDEX deliveries_planned ON deliveries (edition, stopped, domain, due) WHERE state = 'planned';
