-- +goose Up

-- What the archive's index tells of an edition, so that it need not read 520
-- whole ones. Triggers keep it, whoever writes editions.
CREATE TABLE archive (
    edition INTEGER PRIMARY KEY REFERENCES editions (number) ON DELETE CASCADE,
    "from"  TEXT NOT NULL,                     -- RFC 3339, in the zone of the edition's dates
    "to"    TEXT NOT NULL,
    counts  TEXT NOT NULL                      -- pieces by section, as JSON
);

-- How often what the archive shows has changed, and when it did last.
CREATE TABLE archive_mark (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    generation INTEGER NOT NULL,
    changed    TEXT NOT NULL
);
INSERT INTO archive_mark SELECT 1, 1, max(
    coalesce((SELECT max(frozen) FROM editions), ''),
    coalesce((SELECT max(at) FROM corrections), ''),
    coalesce((SELECT max(ended) FROM corrections), ''));

-- An edition's pieces are looked for by the edition, too.
CREATE INDEX edition_items_edition ON edition_items (edition);

-- +goose StatementBegin
CREATE TRIGGER archive_new AFTER INSERT ON editions
BEGIN
    INSERT INTO archive SELECT NEW.number,
        coalesce(NEW.model ->> '$.Window.From', ''), coalesce(NEW.model ->> '$.Window.To', ''),
        (SELECT json_group_object(value ->> '$.Stance', coalesce(json_array_length(value, '$.Entries'), 0))
            FROM json_each(NEW.model, '$.Sections') WHERE type = 'object')
    WHERE json_valid(NEW.model);
    UPDATE archive_mark SET generation = generation + 1, changed = max(changed, NEW.frozen);
END;
-- +goose StatementEnd
-- +goose StatementBegin
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
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER archive_less AFTER DELETE ON editions
BEGIN
    UPDATE archive_mark SET generation = generation + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER archive_word AFTER INSERT ON corrections
BEGIN
    UPDATE archive_mark SET generation = generation + 1, changed = max(changed, NEW.at);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER archive_word_ended AFTER UPDATE OF ended ON corrections
BEGIN
    UPDATE archive_mark SET generation = generation + 1, changed = max(changed, NEW.ended);
END;
-- +goose StatementEnd

INSERT INTO archive SELECT number,
    coalesce(model ->> '$.Window.From', ''), coalesce(model ->> '$.Window.To', ''),
    (SELECT json_group_object(value ->> '$.Stance', coalesce(json_array_length(value, '$.Entries'), 0))
        FROM json_each(model, '$.Sections') WHERE type = 'object')
FROM editions WHERE json_valid(model);
