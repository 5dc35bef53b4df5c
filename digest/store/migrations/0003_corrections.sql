-- +goose Up

-- The operator's verdicts, all that ever were. Title and text are those that the
-- operator judged, for training: the piece's own may change, or go.
CREATE TABLE corrections (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    item     INTEGER NOT NULL REFERENCES items (id),
    lead     INTEGER NOT NULL DEFAULT 0,   -- the piece of which this is a copy, corrected with it; 0: it is no copy
    who      TEXT NOT NULL,
    at       TEXT NOT NULL,
    was      TEXT NOT NULL,                -- the verdict that it replaced, as JSON
    stance   TEXT NOT NULL,                -- '' off the subject
    why      TEXT NOT NULL,
    title    TEXT NOT NULL,
    text     TEXT NOT NULL,
    breaks   TEXT NOT NULL DEFAULT '',     -- what training with it would break, as JSON; '' nothing: it is in training
    own      TEXT NOT NULL,                -- the program's own verdict, as JSON: an undo restores it
    left_out TEXT NOT NULL,                -- and why the piece was not judged
    ended    TEXT NOT NULL DEFAULT ''      -- when it was taken back, or replaced by another
);
CREATE UNIQUE INDEX corrections_item ON corrections (item) WHERE ended = '';

-- What editions told their readers of pieces of earlier ones.
CREATE TABLE notices (
    item    INTEGER NOT NULL REFERENCES items (id),
    edition INTEGER NOT NULL REFERENCES editions (number),
    stance  TEXT NOT NULL,                 -- the section it was moved to; '' off the subject
    PRIMARY KEY (item, edition)
) WITHOUT ROWID;
