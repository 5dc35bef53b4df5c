-- +goose Up

-- What is known of a source, for its health and for the next visit.
ALTER TABLE sources ADD COLUMN since   TEXT NOT NULL DEFAULT '';    -- first contact
ALTER TABLE sources ADD COLUMN class   TEXT NOT NULL DEFAULT '';    -- kind of the last error
ALTER TABLE sources ADD COLUMN items   INTEGER NOT NULL DEFAULT -1; -- in the last document; -1: not known
ALTER TABLE sources ADD COLUMN moved   TEXT NOT NULL DEFAULT '';    -- where permanent redirects lead; asked in url's stead
ALTER TABLE sources ADD COLUMN due     TEXT NOT NULL DEFAULT '';    -- not to be asked before
ALTER TABLE sources ADD COLUMN due_by  TEXT NOT NULL DEFAULT '';    -- who asked for that
ALTER TABLE sources ADD COLUMN ttl    INTEGER NOT NULL DEFAULT 0;   -- what the feed asks for in itself, in seconds
ALTER TABLE sources ADD COLUMN skip   TEXT NOT NULL DEFAULT '[]';   -- hours in GMT in which it asks not to be asked, as JSON
ALTER TABLE sources ADD COLUMN gone    TEXT NOT NULL DEFAULT '';    -- since when it answers 410
ALTER TABLE sources ADD COLUMN paused  TEXT NOT NULL DEFAULT '';    -- since when the operator lets it rest
ALTER TABLE sources ADD COLUMN held    TEXT NOT NULL DEFAULT '';    -- since when its new pieces are held

UPDATE sources SET since = coalesce((SELECT min(first_seen) FROM items WHERE source = sources.id), contacted);

ALTER TABLE items ADD COLUMN held     INTEGER NOT NULL DEFAULT 0;  -- 1: came in a flood, waits for release
ALTER TABLE items ADD COLUMN left_out TEXT NOT NULL DEFAULT '';    -- why it was not judged; '': it is, or was
ALTER TABLE items ADD COLUMN said     INTEGER NOT NULL DEFAULT 0;  -- hash of what the feed last said of it; 0: not known
ALTER TABLE items ADD COLUMN judged   TEXT NOT NULL DEFAULT '';    -- when text and verdict were stored

-- A feed may give many pieces one GUID, or one title.
DROP INDEX items_guid;
DROP INDEX items_title;
CREATE INDEX items_guid ON items (source, guid, title_key);
CREATE INDEX items_loose ON items (source, guid) WHERE length(key) = 0;
CREATE INDEX items_title ON items (source, title_key, published);
-- It has all that a feed's health is told from, so that no texts are read for it.
CREATE INDEX items_rhythm ON items (source, first_seen, published, held);
CREATE INDEX items_waiting ON items (source) WHERE pending = 1;

-- What a feed said of a piece, once it said something else: the first version
-- and each later one.
CREATE TABLE revisions (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    item   INTEGER NOT NULL REFERENCES items (id),
    seen   TEXT NOT NULL,
    title  TEXT NOT NULL,
    teaser TEXT NOT NULL,
    text   TEXT NOT NULL
);
CREATE INDEX revisions_item ON revisions (item);

-- Which piece of the edition a copy stands behind, and why.
ALTER TABLE edition_items ADD COLUMN copy_of INTEGER NOT NULL DEFAULT 0; -- 0: shown itself
ALTER TABLE edition_items ADD COLUMN why     TEXT NOT NULL DEFAULT '';
