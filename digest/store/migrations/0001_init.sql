-- +goose Up

-- Times are UTC text of fixed width, so that they sort as they read.

CREATE TABLE sources (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    country       TEXT NOT NULL,
    url           TEXT NOT NULL,
    position      INTEGER NOT NULL,            -- place in the config; -1: no longer there
    etag          TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    contacted     TEXT NOT NULL DEFAULT '',    -- last answer that was a feed or "not modified"
    tried         TEXT NOT NULL DEFAULT '',
    failures      INTEGER NOT NULL DEFAULT 0,  -- in a row
    failing_since TEXT NOT NULL DEFAULT '',
    error         TEXT NOT NULL DEFAULT ''
);

-- A piece as one source brought it.
CREATE TABLE items (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    source     TEXT NOT NULL REFERENCES sources (id),
    guid       TEXT NOT NULL,
    url        TEXT NOT NULL,
    key        TEXT NOT NULL,                  -- identity of the url; '' where it has none
    canonical  TEXT NOT NULL,                  -- key, or the identity of the address that the page names as its own
    title      TEXT NOT NULL,
    title_key  TEXT NOT NULL,                  -- title in lower case, letters and digits only
    authors    TEXT NOT NULL,                  -- JSON list
    published  TEXT NOT NULL,
    language   TEXT NOT NULL,
    teaser     TEXT NOT NULL,
    feed_text  TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    eligible   TEXT NOT NULL,                  -- since when an edition may take it; '' never: too old at the first contact
    pending    INTEGER NOT NULL,               -- 1: text and verdict are still to come
    attempts   INTEGER NOT NULL DEFAULT 0,     -- failed tries to get the page
    page_error TEXT NOT NULL DEFAULT '',
    text       TEXT NOT NULL DEFAULT '',       -- what the verdict was judged from
    basis      TEXT NOT NULL DEFAULT '',
    relevant   INTEGER NOT NULL DEFAULT 0,
    verdict    TEXT NOT NULL DEFAULT ''        -- JSON
);
CREATE INDEX items_guid ON items (source, guid);
CREATE INDEX items_key ON items (key);
CREATE INDEX items_canonical ON items (canonical);
CREATE INDEX items_title ON items (source, title_key);
CREATE INDEX items_pending ON items (pending) WHERE pending = 1;
CREATE INDEX items_relevant ON items (eligible) WHERE relevant = 1;
CREATE INDEX items_seen ON items (first_seen);

-- One row for each cut-off: the window up to it, and the edition it gave, if any.
CREATE TABLE windows (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    "from"   TEXT NOT NULL,
    "to"     TEXT NOT NULL,
    edition  INTEGER
);

CREATE TABLE editions (
    number   INTEGER PRIMARY KEY,
    frozen   TEXT NOT NULL,
    finished TEXT NOT NULL DEFAULT '',         -- when every delivery had ended
    model    TEXT NOT NULL                     -- the edition whole, as JSON
);

-- The primary key is the promise: a piece is in one edition at most.
CREATE TABLE edition_items (
    item    INTEGER PRIMARY KEY REFERENCES items (id),
    edition INTEGER NOT NULL REFERENCES editions (number)
);

CREATE TABLE subscribers (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL,
    key     TEXT NOT NULL UNIQUE,              -- address in lower case: nobody is mailed twice for a capital
    name    TEXT NOT NULL DEFAULT '',
    state   TEXT NOT NULL,                     -- active, paused
    origin  TEXT NOT NULL,                     -- config, file, command
    mark    INTEGER NOT NULL DEFAULT 0,        -- number of the last reading of config or file that had it
    added   TEXT NOT NULL
);
CREATE INDEX subscribers_state ON subscribers (state);

-- The ledger: a row is written before and after each hand-over.
CREATE TABLE deliveries (
    edition    INTEGER NOT NULL REFERENCES editions (number),
    subscriber INTEGER NOT NULL REFERENCES subscribers (id),
    state      TEXT NOT NULL,                  -- planned, handing-over, accepted, refused, deferred, unknown, dropped
    attempts   INTEGER NOT NULL DEFAULT 0,
    reply      TEXT NOT NULL DEFAULT '',       -- the server's own words
    changed    TEXT NOT NULL,
    due        TEXT NOT NULL DEFAULT '',       -- deferred: not before
    PRIMARY KEY (edition, subscriber)
) WITHOUT ROWID;
CREATE INDEX deliveries_open ON deliveries (edition, state, due);
