package store

import (
	"context"
	"fmt"
	"time"
)

// Tally counts what the store holds, for figures that are asked for every few
// seconds: indexes answer it, no text is read.
type Tally struct {
	Pieces    int // ever seen, on any subject
	Relevant  int // of these, on the subject
	Published int // in an edition that is out, copies counted
	Ready     int // for the next edition, copies counted
	Waiting   int // for their page
	Held      int // for release

	Sources, Failing, Paused, Gone int // of the config; paused and gone ones do not count as failing

	Draft      int                   // number of the edition that waits for its editor; 0: none
	Edition    int                   // number of the last one that is no draft; 0: none yet
	Frozen     time.Time             // when that was; zero: none yet
	Deliveries map[DeliveryState]int // of the last edition
	Unfinished int                   // editions with deliveries that have not ended
	Cutoff     time.Time             // end of the last window; zero: none yet
	Readers    map[string]int        // by state
	Suppressed map[Reason]int
	Reports    map[string]int // bounces and complaints taken in, by kind
}

// Tally counts at a time.
func (db *DB) Tally(ctx context.Context, now time.Time) (t Tally, err error) {
	var frozen, cutoff string
	err = db.row(ctx, `
		SELECT (SELECT count(*) FROM items),
			(SELECT count(*) FROM items WHERE relevant = 1),
			(SELECT count(*) FROM edition_items WHERE edition NOT IN (`+withheld+`)),
			(SELECT count(*) FROM items i WHERE relevant = 1 AND eligible <> '' AND eligible <= ?
				AND id NOT IN (SELECT item FROM edition_items)
				AND id NOT IN (SELECT item FROM draft_items)
				AND id NOT IN (SELECT id FROM items WHERE pending = 1)
				AND id NOT IN (SELECT id FROM items INDEXED BY items_rhythm WHERE held = 1)),
			(SELECT count(*) FROM items WHERE pending = 1),
			(SELECT coalesce(sum(held), 0) FROM items INDEXED BY items_rhythm),
			(SELECT count(*) FROM sources WHERE position >= 0),
			(SELECT count(*) FROM sources WHERE position >= 0 AND failures > 0 AND paused = '' AND gone = ''),
			(SELECT count(*) FROM sources WHERE position >= 0 AND paused <> ''),
			(SELECT count(*) FROM sources WHERE position >= 0 AND paused = '' AND gone <> ''),
			(SELECT coalesce(max(edition), 0) FROM approvals WHERE edition IN (`+awaited+`)),
			(SELECT coalesce(max(number), 0) FROM editions WHERE number NOT IN (`+withheld+`)),
			(SELECT coalesce(max(frozen), '') FROM editions WHERE number NOT IN (`+withheld+`)),
			(SELECT count(*) FROM editions WHERE finished = '' AND number NOT IN (`+withheld+`)),
			(SELECT coalesce(max("to"), '') FROM windows)`, stamp(now)).
		Scan(&t.Pieces, &t.Relevant, &t.Published, &t.Ready, &t.Waiting, &t.Held, &t.Sources, &t.Failing, &t.Paused, &t.Gone,
			&t.Draft, &t.Edition, &frozen, &t.Unfinished, &cutoff)
	if err != nil {
		return t, fmt.Errorf("count what is stored: %w", err)
	}
	t.Frozen, t.Cutoff = moment(frozen), moment(cutoff)
	if t.Deliveries, err = db.Deliveries(ctx, t.Edition); err != nil {
		return t, err
	}
	if t.Readers, err = db.counts(ctx, `SELECT state, count(*) FROM subscribers GROUP BY state`); err != nil {
		return t, err
	}
	if t.Reports, err = db.counts(ctx, `SELECT kind, count(*) FROM reports GROUP BY kind`); err != nil {
		return t, err
	}
	t.Suppressed, err = db.SuppressedCount(ctx)
	return t, err
}

// counts reads rows of a name and a number.
func (db *DB) counts(ctx context.Context, query string) (map[string]int, error) {
	rows, err := db.query(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("count what is stored: %w", err)
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var name string
		var n int
		if err := rows.Scan(&name, &n); err != nil {
			return nil, fmt.Errorf("count what is stored: %w", err)
		}
		out[name] = n
	}
	return out, fault(db.dir, rows.Err())
}
