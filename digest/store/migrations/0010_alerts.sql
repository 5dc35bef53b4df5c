-- +goose Up

-- What the operator is to be told by mail. A row stays when it has been told, so
-- that nothing is told twice, whenever the program is started.
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
