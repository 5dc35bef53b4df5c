-- +goose Up

-- An edition is public once the editor lets it go, and no longer once it is
-- withdrawn.
-- +goose StatementBegin
CREATE TRIGGER archive_approval AFTER UPDATE OF state ON approvals
BEGIN
    UPDATE archive_mark SET generation = generation + 1, changed = max(changed, NEW.decided);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER archive_approval_new AFTER INSERT ON approvals
BEGIN
    UPDATE archive_mark SET generation = generation + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER archive_approval_less AFTER DELETE ON approvals
BEGIN
    UPDATE archive_mark SET generation = generation + 1;
END;
-- +goose StatementEnd
