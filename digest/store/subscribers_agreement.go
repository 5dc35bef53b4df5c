package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"
)

// Agreement is what is known of how a reader agreed to get letters (S39).
type Agreement struct {
	Asked     time.Time // when somebody asked for it
	Source    string    // form, command, import, or what another list's table says
	Wording   string    // version of the text that was agreed to; may be empty
	Client    string    // network address; empty where it is not kept
	Confirmed time.Time // zero: never, it is the operator's word
}

// None says that nothing is known.
func (a Agreement) None() bool { return a == Agreement{} }

const insertAgreement = `
	INSERT INTO consents (subscriber, asked, source, wording, client, confirmed, mail, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

// values are what insertAgreement takes. With ask, the mail that asks for
// confirmation is planned.
func (a Agreement) values(subscriber int64, ask bool) []any {
	mail, due := "", ""
	if ask {
		mail, due = "planned", stamp(a.Asked)
	}
	return []any{subscriber, stamp(a.Asked), a.Source, a.Wording, a.Client, stamp(a.Confirmed), mail, due}
}

// byWorth orders requests: a confirmed one that is the newest comes first, else the
// operator's word, since anybody may have asked in a reader's name.
const byWorth = `confirmed <> '' DESC, source = 'form', asked DESC, id DESC`

// Agreement returns how a reader agreed. Zero: nothing is known, as of readers whom
// config or file name.
func (db *DB) Agreement(ctx context.Context, subscriber int64) (Agreement, error) {
	var a Agreement
	var asked, confirmed string
	err := db.row(ctx, `
		SELECT asked, source, wording, client, confirmed FROM consents WHERE subscriber = ? ORDER BY `+byWorth+` LIMIT 1`, subscriber).
		Scan(&asked, &a.Source, &a.Wording, &a.Client, &confirmed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Agreement{}, fmt.Errorf("read consent of subscriber %d: %w", subscriber, err)
	}
	a.Asked, a.Confirmed = moment(asked), moment(confirmed)
	return a, nil
}

// Record is all that is kept of a reader.
type Record struct {
	Subscriber
	Agreement   Agreement
	Suppression Suppression // the entry of the suppression list; zero: there is none
}

// Records streams the list with what is kept of each reader, in the order in which
// it grew, and last what else is on the suppression list: addresses that were never
// readers here. Whoever was erased is in neither, since only a hash is left.
func (db *DB) Records(ctx context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for _, query := range []string{selectRecords, selectBarred} {
			for r, err := range db.records(ctx, query) {
				if err != nil {
					err = fmt.Errorf("read subscribers: %w", err)
				}
				if !yield(r, err) || err != nil {
					return
				}
			}
		}
	}
}

const (
	selectRecords = `
		SELECT s.id, s.address, s.name, s.state, s.origin, s.language, s.wish, s.added,
			coalesce(c.asked, ''), coalesce(c.source, ''), coalesce(c.wording, ''), coalesce(c.client, ''), coalesce(c.confirmed, ''),
			coalesce(p.key, ''), coalesce(p.reason, ''), coalesce(p.detail, ''), coalesce(p.at, ''), coalesce(p.edition, 0)
		FROM subscribers s LEFT JOIN suppressions p ON p.key = s.key LEFT JOIN consents c ON c.id = (
			SELECT id FROM consents WHERE subscriber = s.id ORDER BY ` + byWorth + ` LIMIT 1)
		WHERE s.state <> 'erased' ORDER BY s.id`
	selectBarred = `
		SELECT 0, key, '', CASE reason WHEN 'left' THEN 'left' WHEN 'complaint' THEN 'complained' WHEN 'operator' THEN 'suppressed' ELSE 'bounced' END,
			'command', '', '', at, '', '', '', '', '', key, reason, detail, at, edition
		FROM suppressions p WHERE reason <> 'erased' AND NOT EXISTS (SELECT 1 FROM subscribers s WHERE s.key = p.key) ORDER BY key`
)

func (db *DB) records(ctx context.Context, query string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		rows, err := db.query(ctx, query)
		if err != nil {
			yield(Record{}, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			r, err := scanRecord(rows)
			if !yield(r, err) || err != nil {
				return
			}
		}
		if err := fault(db.dir, rows.Err()); err != nil {
			yield(Record{}, err)
		}
	}
}

func scanRecord(row interface{ Scan(...any) error }) (Record, error) {
	var r Record
	var language, wish, added, asked, confirmed, at string
	s, a, p := &r.Subscriber, &r.Agreement, &r.Suppression
	err := row.Scan(&s.ID, &s.Address, &s.Name, &s.State, &s.Origin, &language, &wish, &added,
		&asked, &a.Source, &a.Wording, &a.Client, &confirmed, &p.Address, &p.Reason, &p.Detail, &at, &p.Edition)
	if err == nil {
		s.Wish, err = wishOf(wish)
	}
	s.Wish.Language = language
	s.Added, a.Asked, a.Confirmed, p.At = moment(added), moment(asked), moment(confirmed), moment(at)
	return r, err
}
