-- +goose Up

-- An edition that waits, or waited, for the editor. While it waits it is a draft:
-- its pieces and its window are settled, and nobody is to get it.
CREATE TABLE approvals (
    edition  INTEGER PRIMARY KEY REFERENCES editions (number),
    mode     TEXT NOT NULL,                     -- window, required: as it was when the draft was made
    state    TEXT NOT NULL,                     -- waiting, held, approved
    drafted  TEXT NOT NULL,
    told     TEXT NOT NULL DEFAULT '',          -- when the editor's mail was taken over; '' not yet
    deadline TEXT NOT NULL DEFAULT '',          -- window: when it goes out unless it is held; '' until the editor is told
    reminded TEXT NOT NULL DEFAULT '',          -- when the editor was reminded; '' not yet
    revision INTEGER NOT NULL DEFAULT 1,        -- of what the editor asked for
    composed INTEGER NOT NULL DEFAULT 1,        -- the revision of which the edition's model is; less: it is to be composed anew
    decided  TEXT NOT NULL DEFAULT '',          -- when it was approved
    who      TEXT NOT NULL DEFAULT '',          -- and by whom
    why      TEXT NOT NULL DEFAULT ''           -- it is held
);

-- The pieces that a draft is composed from, copies too. No other edition takes
-- them. A row goes when the edition is approved, but for those that were dropped.
CREATE TABLE draft_items (
    item    INTEGER PRIMARY KEY REFERENCES items (id),
    edition INTEGER NOT NULL REFERENCES editions (number),
    dropped TEXT NOT NULL DEFAULT '',           -- when the editor took it out, for good; '' not
    lead    INTEGER NOT NULL DEFAULT 0,         -- dropped: the entry that it belonged to
    who     TEXT NOT NULL DEFAULT '',
    why     TEXT NOT NULL DEFAULT ''
);
CREATE INDEX draft_items_edition ON draft_items (edition);

-- Who did what with a draft, and when.
CREATE TABLE approval_log (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    edition  INTEGER NOT NULL REFERENCES editions (number),
    revision INTEGER NOT NULL,                  -- that it led to
    at       TEXT NOT NULL,
    who      TEXT NOT NULL,
    what     TEXT NOT NULL,                     -- drafted, told, reminded, corrected, undone, dropped, restored, held, refused, approved
    item     INTEGER NOT NULL DEFAULT 0,        -- the piece that it is about; 0: none
    stance   TEXT NOT NULL DEFAULT '',          -- corrected: where it is now; '' off the subject
    why      TEXT NOT NULL DEFAULT ''
);
CREATE INDEX approval_log_edition ON approval_log (edition, id);

-- Corrections of a draft's pieces that were sent to whoever works on the store, from
-- the draft's page or beside a daemon: the model learns from each, which takes a
-- while.
CREATE TABLE draft_orders (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    edition INTEGER NOT NULL REFERENCES editions (number),
    item    INTEGER NOT NULL REFERENCES items (id),
    at      TEXT NOT NULL,
    who     TEXT NOT NULL,
    stance  TEXT NOT NULL,                      -- '' off the subject; '-' undo
    why     TEXT NOT NULL
);
