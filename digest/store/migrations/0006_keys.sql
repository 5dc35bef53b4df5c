-- +goose Up

-- The secrets that sign readers' links. Tokens name their key by its number, and
-- the highest signs; older ones stay for as long as their links shall work.
CREATE TABLE token_keys (
    id       INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 255),
    secret   BLOB NOT NULL,
    made     TEXT NOT NULL
);
