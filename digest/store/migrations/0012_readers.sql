-- +goose Up
-- Readers who join by themselves, and what they chose.
ALTER TABLE subscribers ADD COLUMN language TEXT NOT NULL DEFAULT '';   -- of the letter's frame; '': the list's own
ALTER TABLE subscribers ADD COLUMN wish     TEXT NOT NULL DEFAULT '';   -- JSON; '': the full letter, all camps and outlets alike
ALTER TABLE subscribers ADD COLUMN own_pause INTEGER NOT NULL DEFAULT 0; -- 1: the reader paused, and no list ends that

-- Each time somebody asked to be a reader, and when that was confirmed (S39).
-- Until the mail that asks for it has gone out, the row is also that mail's place
-- in the queue.
CREATE TABLE consents (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    subscriber INTEGER NOT NULL REFERENCES subscribers (id),
    asked      TEXT NOT NULL,
    source     TEXT NOT NULL,                  -- form, command, import
    wording    TEXT NOT NULL DEFAULT '',       -- version of the text that was agreed to
    client     TEXT NOT NULL DEFAULT '',       -- network address; '' where it is not kept
    confirmed  TEXT NOT NULL DEFAULT '',
    mail       TEXT NOT NULL DEFAULT '',       -- planned, handing-over, accepted, refused; '': none is to be sent
    attempts   INTEGER NOT NULL DEFAULT 0,
    due        TEXT NOT NULL DEFAULT '',
    reply      TEXT NOT NULL DEFAULT ''        -- the server's own words
);
CREATE INDEX consents_subscriber ON consents (subscriber, asked);
CREATE INDEX consents_mail ON consents (due) WHERE mail IN ('planned', 'handing-over');

-- The salt of the hashes that stand for erased addresses in the suppression list.
CREATE TABLE salts (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    secret BLOB NOT NULL
);
