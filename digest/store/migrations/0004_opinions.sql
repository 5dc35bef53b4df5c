-- +goose Up

-- What a language model said, by what it was asked on: title, text, question,
-- model and pack. Whoever asks the same again gets the same, at no cost.
CREATE TABLE opinions (
    key      TEXT PRIMARY KEY,
    asked    TEXT NOT NULL,
    requests INTEGER NOT NULL,                 -- that it took
    opinion  TEXT NOT NULL                     -- JSON
) WITHOUT ROWID;

-- The opinion on a piece, as it was when the piece was last judged.
CREATE TABLE item_opinions (
    item     INTEGER PRIMARY KEY REFERENCES items (id),
    opinion  TEXT NOT NULL REFERENCES opinions (key),
    contrary INTEGER NOT NULL                  -- 1: it contradicts a sure verdict, which stands
);
CREATE INDEX item_opinions_contrary ON item_opinions (item) WHERE contrary = 1;
