package store

import (
	"context"
	"encoding/json"
	"fmt"

	"standpoint/digest"
	"standpoint/digest/stance"
)

// Told returns the pieces that editions show and on which, or on a copy of which,
// the operator ever spoke, with what readers last heard of them. The word on the
// piece itself stands for all; without one, the latest on a copy that is put in.
func (db *DB) Told(ctx context.Context) ([]digest.Told, error) {
	return db.told(ctx, `1`)
}

func (db *DB) told(ctx context.Context, where string, args ...any) ([]digest.Told, error) {
	rows, err := db.query(ctx, `
		SELECT i.id, x.edition, i.title, i.url, s.name, coalesce(said.verdict, i.verdict), coalesce(word.why, ''),
			coalesce((SELECT stance FROM notices WHERE item = i.id ORDER BY edition DESC LIMIT 1), '-')
		FROM edition_items x JOIN items i ON i.id = x.item JOIN sources s ON s.id = i.source
			LEFT JOIN corrections word ON word.id = (
				SELECT c.id FROM corrections c JOIN edition_items y ON y.item = c.item
				WHERE c.ended = '' AND (c.item = x.item OR y.copy_of = x.item AND c.stance <> '')
				ORDER BY c.item = x.item DESC, c.id DESC LIMIT 1)
			LEFT JOIN items said ON said.id = word.item
		WHERE x.copy_of = 0 AND x.item IN (
			SELECT iif(y.copy_of = 0, y.item, y.copy_of) FROM corrections c JOIN edition_items y ON y.item = c.item)
			AND `+where+`
		ORDER BY x.edition, i.id`, args...)
	if err != nil {
		return nil, fmt.Errorf("read corrected pieces: %w", err)
	}
	defer rows.Close()
	var out []digest.Told
	for rows.Next() {
		var t digest.Told
		var verdict string
		if err := rows.Scan(&t.Item, &t.Edition, &t.Title, &t.URL, &t.Outlet, &verdict, &t.Why, &t.As); err != nil {
			return nil, fmt.Errorf("read corrected pieces: %w", err)
		}
		if err := json.Unmarshal([]byte(verdict), &t.Verdict); err != nil {
			return nil, fmt.Errorf("read corrected piece %d: %w", t.Item, err)
		}
		out = append(out, t)
	}
	if err := fault(db.dir, rows.Err()); err != nil {
		return nil, err
	}
	for i := range out {
		if t := &out[i]; t.As == "-" { // nothing since the edition that showed it
			e, err := db.Edition(ctx, t.Edition)
			if err != nil {
				return nil, err
			}
			t.As = e.Place(t.Item)
		}
	}
	return out, nil
}

// Barred returns the pieces that the operator took out and that no edition has,
// with the text that the operator saw where their own is gone, and those that the
// editor dropped from a draft, as if the operator had taken them out.
func (db *DB) Barred(ctx context.Context) ([]digest.Candidate, error) {
	all, err := db.candidates(ctx, `
		SELECT i.id, i.title, i.title_key, i.url, i.key, i.canonical, s.name, s.country, s.position,
			i.authors, i.published, i.first_seen, iif(i.text = '', coalesce(c.text, ''), i.text), i.basis, i.verdict, 0, 0, 0
		FROM items i JOIN sources s ON s.id = i.source
			LEFT JOIN corrections c ON c.item = i.id AND c.ended = '' AND c.stance = ''
		WHERE i.id IN (SELECT item FROM corrections WHERE ended = '' AND stance = '' UNION SELECT item FROM draft_items WHERE dropped <> '')
			AND NOT EXISTS (SELECT 1 FROM edition_items WHERE item = i.id)
		ORDER BY i.id`)
	for i := range all {
		if all[i].Verdict.Relevant { // dropped
			all[i].Verdict = stance.Verdict{By: stance.ByOperator}
		}
	}
	return all, err
}
