package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"standpoint/digest/stance"
	"standpoint/feeds"
)

// Arrival is an item of a feed on its way into the store.
type Arrival struct {
	feeds.Item
	Out bool // title and teaser already say that it is not about the subject
}

// Visit is one answer of a feed. NotModified visits have no arrivals.
type Visit struct {
	Source     feeds.SourceID
	At         time.Time
	Validators feeds.Validators
	Oldest     time.Time // pieces published before this are kept as seen and enter no edition
	Arrivals   []Arrival
}

// RecordVisit stores, in one transaction, the new items of a feed and the
// validators they came with, and returns how many were new. New items wait for
// their text unless they are out.
func (db *DB) RecordVisit(ctx context.Context, v Visit) (fresh int, err error) {
	keys := identities(v.Arrivals)
	err = db.within(ctx, func(tx *sql.Tx) error {
		known, err := tx.PrepareContext(ctx, selectKnown) // a large part of the work, if done for each item
		if err != nil {
			return err
		}
		defer known.Close()
		for i, a := range v.Arrivals {
			isNew, err := insertItem(ctx, tx, known, v, a, keys[i])
			if err != nil {
				return err
			}
			if isNew {
				fresh++
			}
		}
		return recordContact(ctx, tx, v.Source, v.At, v.Validators)
	})
	if err != nil {
		return 0, fmt.Errorf("record visit of %s: %w", v.Source, err)
	}
	return fresh, nil
}

// identities returns the key of each arrival's address, empty where the address
// does not tell pieces apart: the bare host, which some feeds give for every
// item, and a page that lists several pieces of one document.
func identities(arrivals []Arrival) []string {
	keys := make([]string, len(arrivals))
	first := make(map[string]Arrival, len(arrivals))
	listing := make(map[string]bool)
	for i, a := range arrivals {
		key := feeds.Key(a.URL)
		if isBare(key) {
			continue
		}
		keys[i] = key
		o, again := first[key]
		if !again {
			first[key] = a
		} else if titleKey(o.Title) != titleKey(a.Title) && (o.GUID != a.GUID || a.GUID == "") {
			listing[key] = true
		}
	}
	for i, key := range keys {
		if listing[key] {
			keys[i] = ""
		}
	}
	return keys
}

func insertItem(ctx context.Context, tx *sql.Tx, seen *sql.Stmt, v Visit, a Arrival, key string) (bool, error) {
	titleKey := titleKey(a.Title)
	published, eligible := a.Published, v.At
	if published.After(v.At) {
		published = v.At // a date to come is a mistake or a trick to stay on top
	}
	var known bool
	err := seen.QueryRowContext(ctx, v.Source, a.GUID, key, titleKey, stamp(published)).Scan(&known)
	if err != nil || known {
		return false, err
	}
	authors, err := json.Marshal(a.Authors)
	if err != nil {
		return false, err
	}
	if !published.IsZero() && published.Before(v.Oldest) {
		eligible = time.Time{}
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO items (source, guid, url, key, canonical, title, title_key, authors, published,
			language, teaser, feed_text, first_seen, eligible, pending)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		v.Source, a.GUID, feeds.Clean(a.URL), key, key, a.Title, titleKey, string(authors), stamp(published),
		a.Language, a.Teaser, unlessOut(a), stamp(v.At), stamp(eligible), !a.Out && !eligible.IsZero())
	return true, err
}

// unlessOut keeps the text of a piece that will be judged; the rest need not
// fill the disk.
func unlessOut(a Arrival) string {
	if a.Out {
		return ""
	}
	return a.Text
}

// selectKnown says whether the source has brought this piece before. A piece has
// three keys and publishers change each of them, so two that agree outweigh one
// that does not:
//
//   - one address: the same piece, whatever its GUID now is;
//   - one GUID: the same piece, unless address and title both differ, as in
//     feeds that number their items from one each day;
//   - one title: the same piece where neither GUID nor address can tell, or
//     where it came out at the same moment, as after a move to another host,
//     which changes both.
const selectKnown = `
	SELECT EXISTS (SELECT 1 FROM items WHERE source = ?1 AND key = ?3 AND ?3 <> '')
		OR EXISTS (SELECT 1 FROM items WHERE source = ?1 AND guid = ?2 AND ?2 <> ''
			AND (key = '' OR ?3 = '' OR title_key = ?4))
		OR EXISTS (SELECT 1 FROM items WHERE source = ?1 AND title_key = ?4
			AND ((?2 = '' AND ?3 = '') OR (?4 <> '' AND ?5 <> '' AND published = ?5)))`

// isBare says whether an address key names a host without a path or query.
func isBare(key string) bool {
	_, rest, ok := strings.Cut(key, "://")
	if !ok {
		rest = key
	}
	return !strings.ContainsAny(strings.TrimSuffix(rest, "/"), "/?")
}

// titleKey is what remains of a title when case, spaces and punctuation do not
// count.
func titleKey(title string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}

// Piece is a stored item that waits for its text and verdict.
type Piece struct {
	ID int64
	feeds.Item
	Outlet    string
	Own       bool // its address is its own, not a page of many pieces
	FirstSeen time.Time
	Attempts  int // failed tries to get its page
}

// Pending returns the pieces first seen up to the given time that wait for
// their text, oldest first.
func (db *DB) Pending(ctx context.Context, until time.Time) ([]Piece, error) {
	rows, err := db.query(ctx, `
		SELECT i.id, i.source, s.name, i.guid, i.url, i.title, i.authors, i.published, i.language,
			i.teaser, i.feed_text, i.key <> '', i.first_seen, i.attempts
		FROM items i JOIN sources s ON s.id = i.source
		WHERE i.pending = 1 AND i.first_seen <= ? ORDER BY i.id`, stamp(until))
	if err != nil {
		return nil, fmt.Errorf("read pending pieces: %w", err)
	}
	defer rows.Close()
	var out []Piece
	for rows.Next() {
		var p Piece
		var authors, published, seen string
		if err := rows.Scan(&p.ID, &p.Source, &p.Outlet, &p.GUID, &p.URL, &p.Title, &authors, &published, &p.Language,
			&p.Teaser, &p.Text, &p.Own, &seen, &p.Attempts); err != nil {
			return nil, fmt.Errorf("read pending pieces: %w", err)
		}
		if err := json.Unmarshal([]byte(authors), &p.Authors); err != nil {
			return nil, fmt.Errorf("read pending piece %d: %w", p.ID, err)
		}
		p.Published, p.FirstSeen = moment(published), moment(seen)
		out = append(out, p)
	}
	return out, fault(db.dir, rows.Err())
}

// Judgement is a piece's text and what was made of it.
type Judgement struct {
	Item      int64
	Text      string
	Basis     stance.Basis
	Verdict   stance.Verdict
	Canonical string    // the address that the page names as its own; may be empty
	Authors   []string  // from the page, kept where the feed gave none
	Published time.Time // from the page, kept where the feed gave none
	TooOld    bool      // the page's date shows that the piece enters no edition
}

// RecordJudgement stores a piece's text and verdict in one transaction. The
// piece waits no longer.
func (db *DB) RecordJudgement(ctx context.Context, j Judgement) error {
	verdict, err := json.Marshal(j.Verdict)
	if err != nil {
		return fmt.Errorf("record judgement of piece %d: %w", j.Item, err)
	}
	authors, err := json.Marshal(j.Authors)
	if err != nil {
		return fmt.Errorf("record judgement of piece %d: %w", j.Item, err)
	}
	canonical := feeds.Key(j.Canonical)
	if isBare(canonical) {
		canonical = ""
	}
	_, err = db.exec(ctx, `
		UPDATE items SET pending = 0, feed_text = '', page_error = '', text = ?2, basis = ?3, relevant = ?4, verdict = ?5,
			canonical = iif(?6 = '', canonical, ?6),
			authors = iif(authors IN ('null', '[]'), ?7, authors),
			published = iif(published = '', ?8, published),
			eligible = iif(?9, '', eligible)
		WHERE id = ?1`,
		j.Item, j.Text, j.Basis, j.Verdict.Relevant, string(verdict), canonical, string(authors), stamp(j.Published), j.TooOld)
	if err != nil {
		return fmt.Errorf("record judgement of piece %d: %w", j.Item, err)
	}
	return nil
}

// RecordPageFailure notes that a piece's page could not be had for now.
func (db *DB) RecordPageFailure(ctx context.Context, item int64, reason string) error {
	_, err := db.exec(ctx, `UPDATE items SET attempts = attempts + 1, page_error = ? WHERE id = ?`, reason, item)
	if err != nil {
		return fmt.Errorf("record page failure of piece %d: %w", item, err)
	}
	return nil
}
