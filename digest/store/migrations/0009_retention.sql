-- +goose Up

-- A piece's texts are dropped after some time. What is left is the verdict with
-- its quotations, and by which text it was made.
ALTER TABLE items ADD COLUMN text_gone  TEXT NOT NULL DEFAULT '';     -- since when; '': they are there
ALTER TABLE items ADD COLUMN text_hash  TEXT NOT NULL DEFAULT '';     -- SHA-256 of the text that is gone, in hexadecimal; '': there was none
ALTER TABLE items ADD COLUMN text_words INTEGER NOT NULL DEFAULT 0;   -- that it had
