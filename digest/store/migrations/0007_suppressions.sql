-- +goose Up

-- Addresses that are not written to, whoever lists them.
CREATE TABLE suppressions (
    key     TEXT PRIMARY KEY,                  -- address in lower case
    reason  TEXT NOT NULL,                     -- bounce, complaint, refused, operator, left
    detail  TEXT NOT NULL DEFAULT '',          -- the server's own words, or the operator's
    at      TEXT NOT NULL,
    edition INTEGER NOT NULL DEFAULT 0         -- whose letter it was; 0: none
) WITHOUT ROWID;

-- Bounces and complaints that were taken in; each counts once.
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

-- Whatever makes a reader active, now or in a later version: the suppression
-- list wins.
-- +goose StatementBegin
CREATE TRIGGER subscribers_suppressed_new AFTER INSERT ON subscribers
WHEN NEW.state = 'active' AND EXISTS (SELECT 1 FROM suppressions WHERE key = NEW.key)
BEGIN
    UPDATE subscribers SET state = (SELECT CASE reason
        WHEN 'complaint' THEN 'complained' WHEN 'left' THEN 'left' WHEN 'operator' THEN 'suppressed' ELSE 'bounced' END
        FROM suppressions WHERE key = NEW.key) WHERE id = NEW.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER subscribers_suppressed_again AFTER UPDATE OF state ON subscribers
WHEN NEW.state = 'active' AND EXISTS (SELECT 1 FROM suppressions WHERE key = NEW.key)
BEGIN
    UPDATE subscribers SET state = (SELECT CASE reason
        WHEN 'complaint' THEN 'complained' WHEN 'left' THEN 'left' WHEN 'operator' THEN 'suppressed' ELSE 'bounced' END
        FROM suppressions WHERE key = NEW.key) WHERE id = NEW.id;
END;
-- +goose StatementEnd
