-- +goose Up
-- What was asked for stands with the request: a reader who is on the list gets it
-- by confirming, and not because somebody filled in a form.
ALTER TABLE consents ADD COLUMN name     TEXT NOT NULL DEFAULT '';
ALTER TABLE consents ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE consents ADD COLUMN wish     TEXT NOT NULL DEFAULT '';
CREATE INDEX consents_open ON consents (asked) WHERE confirmed = '' AND source = 'form';

-- A condition of two values fits no query.
DROP INDEX consents_mail;
CREATE INDEX consents_planned ON consents (due) WHERE mail = 'planned';
CREATE INDEX consents_handing ON consents (id) WHERE mail = 'handing-over';
