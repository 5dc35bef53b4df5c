package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"standpoint/feeds"
)

// Visit is one document of a feed.
type Visit struct {
	Contact
	Items  []feeds.Item
	Oldest time.Time // pieces published before this are kept as seen and enter no edition
	// Screen says why a piece need not be judged, or "". It is asked for new
	// pieces only, and for those of which the feed says something new.
	Screen func(feeds.Item) string
}

// Visited says what a visit brought.
type Visited struct {
	New     int // pieces not seen before
	Held    int // of these, held until release
	Revised int // known pieces of which the feed says something else
}

// arrival is an item on its way into the store.
type arrival struct {
	feeds.Item
	key      string // identity of its address
	titleKey string
	at       string // date of publication, clamped
	said     int64
	known    int64  // the piece that it is; 0: not known
	before   int64  // what was said of it
	leftOut  string // why it need not be judged
	twice    bool   // the document has another before it with one of its keys
}

// RecordVisit stores, in one transaction, the new items of a feed, the revisions
// of known ones and the validators they came with. New items wait for their text
// unless they are left out. A flood of new items, see feeds.Flood, is held, and
// so is what comes after it, until Release.
func (db *DB) RecordVisit(ctx context.Context, v Visit) (Visited, error) {
	var out Visited
	arrivals, err := db.recognise(ctx, v)
	if err == nil {
		err = db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
			out = Visited{}
			return db.recordVisit(ctx, tx, v, arrivals, &out)
		})
	}
	if err != nil {
		return Visited{}, fmt.Errorf("record visit of %s: %w", v.Source, err)
	}
	return out, nil
}

// recognise looks up what is known of the items and screens the others, before
// the transaction: others are waiting for it. What it finds still holds in there,
// since a source has one visit at a time, by the holder of the folder's lock.
func (db *DB) recognise(ctx context.Context, v Visit) ([]arrival, error) {
	keys := identities(v.Items)
	out := make([]arrival, len(v.Items))
	for i, item := range v.Items {
		a := arrival{Item: item, key: keys[i], titleKey: titleKey(item.Title), said: said(item)}
		if a.Published.After(v.At) {
			a.Published = v.At // a date to come is a mistake or a trick to stay on top
		}
		a.at = stamp(a.Published)
		out[i] = a
	}
	markTwice(out)
	var any bool
	if err := db.row(ctx, `SELECT EXISTS (SELECT 1 FROM items WHERE source = ?)`, v.Source).Scan(&any); err != nil {
		return nil, err
	}
	if any {
		known, err := db.sql.PrepareContext(ctx, selectKnown) // a large part of the work, if done for each item
		if err != nil {
			return nil, fault(db.dir, err)
		}
		defer known.Close()
		for i := range out {
			if err := out[i].find(ctx, known, v.Source); err != nil {
				return nil, fault(db.dir, err)
			}
		}
	}
	for i := range out {
		if a := &out[i]; v.Screen != nil && (a.known == 0 || a.before != a.said) {
			a.leftOut = v.Screen(a.Item)
		}
	}
	return out, nil
}

// find looks the item up among the pieces of its source.
func (a *arrival) find(ctx context.Context, known *sql.Stmt, source feeds.SourceID) error {
	err := known.QueryRowContext(ctx, source, a.GUID, a.key, a.titleKey, a.at).Scan(&a.known, &a.before)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

func (db *DB) recordVisit(ctx context.Context, tx *sql.Tx, v Visit, arrivals []arrival, out *Visited) error {
	known, insert := db.writer.stmt(ctx, tx, selectKnown), db.writer.stmt(ctx, tx, insertItem)
	first, eligible := int64(0), 0
	met := make(map[int64]bool, len(arrivals))
	for _, a := range arrivals {
		if a.known == 0 && a.twice {
			if err := a.find(ctx, known, v.Source); err != nil {
				return err
			}
		}
		// Of a piece that the document has twice, the first counts: two wordings
		// would else revise each other at each visit, for ever.
		if met[a.known] {
			continue
		}
		if a.known != 0 {
			met[a.known] = true
			revised, err := revise(ctx, tx, v.At, a)
			if err != nil {
				return err
			}
			if revised {
				out.Revised++
			}
			continue
		}
		id, open, err := a.insert(ctx, insert, v)
		if err != nil {
			return err
		}
		met[id] = true
		if first == 0 {
			first = id
		}
		if open {
			eligible++
		}
		out.New++
	}
	if eligible > 0 {
		var err error
		if out.Held, err = holdFlood(ctx, tx, db.writer.stmt(ctx, tx, selectRhythm), v, first, eligible); err != nil {
			return err
		}
	}
	return recordContact(ctx, db.writer.stmt(ctx, tx, setContact), v.Contact, len(v.Items))
}

const insertItem = `
	INSERT INTO items (source, guid, url, key, canonical, title, title_key, authors, published,
		language, teaser, feed_text, first_seen, eligible, pending, left_out, said)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// insert stores a new piece and says whether an edition may take it.
func (a arrival) insert(ctx context.Context, insert *sql.Stmt, v Visit) (id int64, open bool, err error) {
	authors, err := json.Marshal(a.Authors)
	if err != nil {
		return 0, false, err
	}
	eligible := v.At
	if !a.Published.IsZero() && a.Published.Before(v.Oldest) {
		eligible = time.Time{}
	}
	open = !eligible.IsZero()
	r, err := insert.ExecContext(ctx,
		v.Source, a.GUID, feeds.Clean(a.URL), a.key, a.key, a.Title, a.titleKey, string(authors), a.at,
		a.Language, a.Teaser, a.feedText(), stamp(v.At), stamp(eligible), a.leftOut == "" && open, a.leftOut, a.said)
	if err != nil {
		return 0, false, err
	}
	id, err = r.LastInsertId()
	return id, open, err
}

// feedText keeps the text of a piece that will be judged; the rest need not fill
// the disk.
func (a arrival) feedText() string {
	if a.leftOut != "" {
		return ""
	}
	return a.Text
}

const selectRhythm = `SELECT since, contacted, held FROM sources WHERE id = ?`

// holdFlood holds the new pieces of a visit, which begin with the given one, if
// they are a flood, or if the source is held already. It returns how many it
// held.
func holdFlood(ctx context.Context, tx *sql.Tx, rhythm *sql.Stmt, v Visit, first int64, fresh int) (int, error) {
	var since, contacted, held string
	if err := rhythm.QueryRowContext(ctx, v.Source).
		Scan(&since, &contacted, &held); err != nil {
		return 0, err
	}
	if held == "" {
		if fresh <= feeds.FloodLeast {
			return 0, nil
		}
		last := moment(contacted)
		counts, err := weeks(ctx, tx, v.Source, moment(since), last)
		if err != nil || !feeds.Flood(fresh, counts, v.At.Sub(last), v.At.Sub(v.Oldest)) {
			return 0, err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE sources SET held = ? WHERE id = ?`, stamp(v.At), v.Source); err != nil {
			return 0, err
		}
	}
	r, err := tx.ExecContext(ctx, `UPDATE items SET held = 1 WHERE source = ? AND id >= ? AND eligible <> ''`, v.Source, first)
	if err != nil {
		return 0, err
	}
	n, err := r.RowsAffected()
	return int(n), err
}
