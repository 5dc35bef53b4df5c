-- +goose Up

-- Pieces that were left out for their language are counted by it, without
-- reading what else is known of them.
CREATE INDEX items_language ON items (left_out, source, first_seen) WHERE left_out >= 'language ' AND left_out < 'language!';
