-- What the migrations make of an empty database. Written by go test ./digest/store -run Schema -update.

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
, since   TEXT NOT NULL DEFAULT '', class   TEXT NOT NULL DEFAULT '', items   INTEGER NOT NULL DEFAULT -1, moved   TEXT NOT NULL DEFAULT '', due     TEXT NOT NULL DEFAULT '', due_by  TEXT NOT NULL DEFAULT '', ttl    INTEGER NOT NULL DEFAULT 0, skip   TEXT NOT NULL DEFAULT '[]', gone    TEXT NOT NULL DEFAULT '', paused  TEXT NOT NULL DEFAULT '', held    TEXT NOT NULL DEFAULT '');

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
, held     INTEGER NOT NULL DEFAULT 0, left_out TEXT NOT NULL DEFAULT '', said     INTEGER NOT NULL DEFAULT 0, judged   TEXT NOT NULL DEFAULT '', text_gone  TEXT NOT NULL DEFAULT '', text_hash  TEXT NOT NULL DEFAULT '', text_words INTEGER NOT NULL DEFAULT 0);

CREATE INDEX items_key ON items (key);

CREATE INDEX items_canonical ON items (canonical);

CREATE INDEX items_pending ON items (pending) WHERE pending = 1;

CREATE INDEX items_relevant ON items (eligible) WHERE relevant = 1;

CREATE INDEX items_seen ON items (first_seen);

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

CREATE TABLE edition_items (
    item    INTEGER PRIMARY KEY REFERENCES items (id),
    edition INTEGER NOT NULL REFERENCES editions (number)
, copy_of INTEGER NOT NULL DEFAULT 0, why     TEXT NOT NULL DEFAULT '');

CREATE TABLE subscribers (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL,
    key     TEXT NOT NULL UNIQUE,              -- address in lower case: nobody is mailed twice for a capital
    name    TEXT NOT NULL DEFAULT '',
    state   TEXT NOT NULL,                     -- active, paused
    origin  TEXT NOT NULL,                     -- config, file, command
    mark    INTEGER NOT NULL DEFAULT 0,        -- number of the last reading of config or file that had it
    added   TEXT NOT NULL
, language TEXT NOT NULL DEFAULT '', wish     TEXT NOT NULL DEFAULT '', own_pause INTEGER NOT NULL DEFAULT 0);

CREATE INDEX subscribers_state ON subscribers (state);

CREATE TABLE deliveries (
    edition    INTEGER NOT NULL REFERENCES editions (number),
    subscriber INTEGER NOT NULL REFERENCES subscribers (id),
    state      TEXT NOT NULL,                  -- planned, handing-over, accepted, refused, deferred, unknown, dropped
    attempts   INTEGER NOT NULL DEFAULT 0,
    reply      TEXT NOT NULL DEFAULT '',       -- the server's own words
    changed    TEXT NOT NULL,
    due        TEXT NOT NULL DEFAULT '', domain  TEXT NOT NULL DEFAULT '', stopped TEXT NOT NULL DEFAULT '', doubt INTEGER NOT NULL DEFAULT 0,       -- deferred: not before
    PRIMARY KEY (edition, subscriber)
) WITHOUT ROWID;

CREATE INDEX items_guid ON items (source, guid, title_key);

CREATE INDEX items_loose ON items (source, guid) WHERE length(key) = 0;

CREATE INDEX items_title ON items (source, title_key, published);

CREATE INDEX items_rhythm ON items (source, first_seen, published, held);

CREATE INDEX items_waiting ON items (source) WHERE pending = 1;

CREATE TABLE revisions (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    item   INTEGER NOT NULL REFERENCES items (id),
    seen   TEXT NOT NULL,
    title  TEXT NOT NULL,
    teaser TEXT NOT NULL,
    text   TEXT NOT NULL
);

CREATE INDEX revisions_item ON revisions (item);

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

CREATE TABLE notices (
    item    INTEGER NOT NULL REFERENCES items (id),
    edition INTEGER NOT NULL REFERENCES editions (number),
    stance  TEXT NOT NULL,                 -- the section it was moved to; '' off the subject
    PRIMARY KEY (item, edition)
) WITHOUT ROWID;

CREATE TABLE opinions (
    key      TEXT PRIMARY KEY,
    asked    TEXT NOT NULL,
    requests INTEGER NOT NULL,                 -- that it took
    opinion  TEXT NOT NULL                     -- JSON
) WITHOUT ROWID;

CREATE TABLE item_opinions (
    item     INTEGER PRIMARY KEY REFERENCES items (id),
    opinion  TEXT NOT NULL REFERENCES opinions (key),
    contrary INTEGER NOT NULL                  -- 1: it contradicts a sure verdict, which stands
);

CREATE INDEX item_opinions_contrary ON item_opinions (item) WHERE contrary = 1;

CREATE INDEX items_language ON items (left_out, source, first_seen) WHERE left_out >= 'language ' AND left_out < 'language!';

CREATE TABLE token_keys (
    id       INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 255),
    secret   BLOB NOT NULL,
    made     TEXT NOT NULL
);

CREATE TABLE suppressions (
    key     TEXT PRIMARY KEY,                  -- address in lower case
    reason  TEXT NOT NULL,                     -- bounce, complaint, refused, operator, left
    detail  TEXT NOT NULL DEFAULT '',          -- the server's own words, or the operator's
    at      TEXT NOT NULL,
    edition INTEGER NOT NULL DEFAULT 0         -- whose letter it was; 0: none
) WITHOUT ROWID;

CREATE TABLE reports (
    id         TEXT PRIMARY KEY,               -- hash
    at         TEXT NOT NULL,
    kind       TEXT NOT NULL,
    subscriber INTEGER NOT NULL DEFAULT 0,     -- 0: matched to nobody
    edition    INTEGER NOT NULL DEFAULT 0,
    status     TEXT NOT NULL DEFAULT '',       -- RFC 3463
    detail     TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;

CREATE INDEX reports_subscriber ON reports (subscriber, edition);

CREATE INDEX reports_edition ON reports (edition, kind);

CREATE TRIGGER subscribers_suppressed_new AFTER INSERT ON subscribers
WHEN NEW.state = 'active' AND EXISTS (SELECT 1 FROM suppressions WHERE key = NEW.key)
BEGIN
    UPDATE subscribers SET state = (SELECT CASE reason
        WHEN 'complaint' THEN 'complained' WHEN 'left' THEN 'left' WHEN 'operator' THEN 'suppressed' ELSE 'bounced' END
        FROM suppressions WHERE key = NEW.key) WHERE id = NEW.id;
END;

CREATE TRIGGER subscribers_suppressed_again AFTER UPDATE OF state ON subscribers
WHEN NEW.state = 'active' AND EXISTS (SELECT 1 FROM suppressions WHERE key = NEW.key)
BEGIN
    UPDATE subscribers SET state = (SELECT CASE reason
        WHEN 'complaint' THEN 'complained' WHEN 'left' THEN 'left' WHEN 'operator' THEN 'suppressed' ELSE 'bounced' END
        FROM suppressions WHERE key = NEW.key) WHERE id = NEW.id;
END;

CREATE TABLE slots (
    job      TEXT NOT NULL,
    wall     TEXT NOT NULL,                -- 2026-03-29T02:30
    zone     TEXT NOT NULL,
    at       TEXT NOT NULL,                -- when that is
    state    TEXT NOT NULL,                -- due, served, late, covered, missed, failed
    edition  INTEGER NOT NULL DEFAULT 0,   -- that it gave; 0: none, or not known yet
    attempts INTEGER NOT NULL DEFAULT 0,
    settled  TEXT NOT NULL DEFAULT '',     -- when it stopped being due
    why      TEXT NOT NULL DEFAULT '',     -- in a few words, for the operator
    PRIMARY KEY (job, wall, zone)
) WITHOUT ROWID;

CREATE INDEX slots_at ON slots (job, at);

CREATE TABLE slot_marks (
    job  TEXT PRIMARY KEY,
    spec TEXT NOT NULL,
    zone TEXT NOT NULL,
    at   TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE alerts (
    key     TEXT PRIMARY KEY,                  -- the event
    about   TEXT NOT NULL,                     -- what it happened to
    subject TEXT NOT NULL,
    text    TEXT NOT NULL,
    raised  TEXT NOT NULL,
    told    TEXT NOT NULL DEFAULT '',          -- when the mail was handed over; '': not yet
    over    TEXT NOT NULL DEFAULT ''           -- when what it tells of had ended
);

CREATE INDEX alerts_about ON alerts (about, raised);

CREATE INDEX alerts_open ON alerts (raised) WHERE told = '';

CREATE INDEX deliveries_planned ON deliveries (edition, stopped, domain, due) WHERE state = 'planned';

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
, name     TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT '', wish     TEXT NOT NULL DEFAULT '');

CREATE INDEX consents_subscriber ON consents (subscriber, asked);

CREATE TABLE salts (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    secret BLOB NOT NULL
);

CREATE INDEX consents_open ON consents (asked) WHERE confirmed = '' AND source = 'form';

CREATE INDEX consents_planned ON consents (due) WHERE mail = 'planned';

CREATE INDEX consents_handing ON consents (id) WHERE mail = 'handing-over';

CREATE TABLE archive (
    edition INTEGER PRIMARY KEY REFERENCES editions (number) ON DELETE CASCADE,
    "from"  TEXT NOT NULL,                     -- RFC 3339, in the zone of the edition's dates
    "to"    TEXT NOT NULL,
    counts  TEXT NOT NULL                      -- pieces by section, as JSON
);

CREATE TABLE archive_mark (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    generation INTEGER NOT NULL,
    changed    TEXT NOT NULL
);

CREATE INDEX edition_items_edition ON edition_items (edition);

CREATE TRIGGER archive_new AFTER INSERT ON editions
BEGIN
    INSERT INTO archive SELECT NEW.number,
        coalesce(NEW.model ->> '$.Window.From', ''), coalesce(NEW.model ->> '$.Window.To', ''),
        (SELECT json_group_object(value ->> '$.Stance', coalesce(json_array_length(value, '$.Entries'), 0))
            FROM json_each(NEW.model, '$.Sections') WHERE type = 'object')
    WHERE json_valid(NEW.model);
    UPDATE archive_mark SET generation = generation + 1, changed = max(changed, NEW.frozen);
END;

CREATE TRIGGER archive_again AFTER UPDATE OF number, frozen, model ON editions
BEGIN
    DELETE FROM archive WHERE edition IN (OLD.number, NEW.number);
    INSERT INTO archive SELECT NEW.number,
        coalesce(NEW.model ->> '$.Window.From', ''), coalesce(NEW.model ->> '$.Window.To', ''),
        (SELECT json_group_object(value ->> '$.Stance', coalesce(json_array_length(value, '$.Entries'), 0))
            FROM json_each(NEW.model, '$.Sections') WHERE type = 'object')
    WHERE json_valid(NEW.model);
    UPDATE archive_mark SET generation = generation + 1, changed = max(changed, NEW.frozen);
END;

CREATE TRIGGER archive_less AFTER DELETE ON editions
BEGIN
    UPDATE archive_mark SET generation = generation + 1;
END;

CREATE TRIGGER archive_word AFTER INSERT ON corrections
BEGIN
    UPDATE archive_mark SET generation = generation + 1, changed = max(changed, NEW.at);
END;

CREATE TRIGGER archive_word_ended AFTER UPDATE OF ended ON corrections
BEGIN
    UPDATE archive_mark SET generation = generation + 1, changed = max(changed, NEW.ended);
END;

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

CREATE TABLE draft_items (
    item    INTEGER PRIMARY KEY REFERENCES items (id),
    edition INTEGER NOT NULL REFERENCES editions (number),
    dropped TEXT NOT NULL DEFAULT '',           -- when the editor took it out, for good; '' not
    lead    INTEGER NOT NULL DEFAULT 0,         -- dropped: the entry that it belonged to
    who     TEXT NOT NULL DEFAULT '',
    why     TEXT NOT NULL DEFAULT ''
);

CREATE INDEX draft_items_edition ON draft_items (edition);

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

CREATE TABLE draft_orders (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    edition INTEGER NOT NULL REFERENCES editions (number),
    item    INTEGER NOT NULL REFERENCES items (id),
    at      TEXT NOT NULL,
    who     TEXT NOT NULL,
    stance  TEXT NOT NULL,                      -- '' off the subject; '-' undo
    why     TEXT NOT NULL
);

CREATE TRIGGER archive_approval AFTER UPDATE OF state ON approvals
BEGIN
    UPDATE archive_mark SET generation = generation + 1, changed = max(changed, NEW.decided);
END;

CREATE TRIGGER archive_approval_new AFTER INSERT ON approvals
BEGIN
    UPDATE archive_mark SET generation = generation + 1;
END;

CREATE TRIGGER archive_approval_less AFTER DELETE ON approvals
BEGIN
    UPDATE archive_mark SET generation = generation + 1;
END;

CREATE INDEX deliveries_doubt ON deliveries (edition) WHERE doubt > 0;

INSERT INTO archive_mark VALUES (1, 1, '');
