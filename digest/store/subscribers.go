package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"standpoint/digest"
)

// Origin says where a subscriber's address came from.
type Origin string

// Addresses of the config and of subscribers_file come and go with what these
// say; those that a command added, and readers who joined by the form, stay.
const (
	FromConfig  Origin = "config"
	FromFile    Origin = "file"
	FromCommand Origin = "command"
	FromForm    Origin = "form"
)

// ErrSubscribed says that the address is on the list already.
var ErrSubscribed = errors.New("is already subscribed")

// Subscriber is a reader. Only active ones get letters. A pending one has not
// confirmed yet; a paused one was taken out of config or file, or paused by
// choice (PauseReader). Bounced, complained, left and suppressed ones are on the
// suppression list. Of erased ones only the number is left, and no list has them.
type Subscriber struct {
	ID      int64
	Address string
	Name    string
	State   string // pending, active, paused, left, bounced, complained, suppressed
	Origin  Origin
	Wish    digest.Wish
	Added   time.Time
}

const selectSubscribers = `SELECT id, address, name, state, origin, language, wish, added FROM subscribers`

func scanSubscriber(row interface{ Scan(...any) error }) (Subscriber, error) {
	var s Subscriber
	var language, wish, added string
	err := row.Scan(&s.ID, &s.Address, &s.Name, &s.State, &s.Origin, &language, &wish, &added)
	if err == nil {
		s.Wish, err = wishOf(wish)
	}
	s.Wish.Language = language
	s.Added = moment(added)
	return s, err
}

// Subscriber returns a reader by number, and whether there is one. Who was erased
// is none.
func (db *DB) Subscriber(ctx context.Context, id int64) (Subscriber, bool, error) {
	s, err := scanSubscriber(db.row(ctx, selectSubscribers+` WHERE id = ? AND state <> 'erased'`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return Subscriber{}, false, nil
	}
	if err != nil {
		return Subscriber{}, false, fmt.Errorf("read subscriber %d: %w", id, err)
	}
	return s, true, nil
}

// SubscriberAt returns the reader of an address, in any case, and whether there is
// one.
func (db *DB) SubscriberAt(ctx context.Context, address string) (Subscriber, bool, error) {
	s, err := scanSubscriber(db.row(ctx, selectSubscribers+` WHERE key = ? AND state <> 'erased'`, addressKey(address)))
	if errors.Is(err, sql.ErrNoRows) {
		return Subscriber{}, false, nil
	}
	if err != nil {
		return Subscriber{}, false, fmt.Errorf("read a subscriber: %w", err)
	}
	return s, true, nil
}

// AddSubscriber puts an active reader on the list, or fails with ErrSubscribed,
// or with a SuppressedError: nobody is revived by being listed (S42). It is the
// operator's word, and recorded as such: it ends a pause, and confirms who is
// pending. An address that config or file brought is from now on kept without
// them.
func (db *DB) AddSubscriber(ctx context.Context, s Subscriber) (int64, error) {
	var id int64
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		key := addressKey(s.Address)
		entry, on, err := barred(ctx, tx, key)
		switch {
		case err != nil:
			return err
		case on:
			return &SuppressedError{entry}
		}
		var state string
		var origin Origin
		err = tx.QueryRowContext(ctx, `SELECT state, origin FROM subscribers WHERE key = ?`, key).Scan(&state, &origin)
		switch {
		case err == nil && state == "active" && stays(origin):
			return ErrSubscribed
		case err != nil && !errors.Is(err, sql.ErrNoRows):
			return err
		}
		err = tx.QueryRowContext(ctx, `
			INSERT INTO subscribers (address, key, name, state, origin, added) VALUES (?, ?, ?, 'active', 'command', ?)
			ON CONFLICT (key) DO UPDATE SET state = 'active', origin = 'command', own_pause = 0,
				name = iif(excluded.name = '', name, excluded.name)
			RETURNING id`, s.Address, key, s.Name, stamp(s.Added)).Scan(&id)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, insertAgreement, Agreement{Asked: s.Added, Source: "command"}.values(id, false)...)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("add %s: %w", s.Address, err)
	}
	return id, nil
}

// Subscribers streams the list in the order in which it grew.
func (db *DB) Subscribers(ctx context.Context) iter.Seq2[Subscriber, error] {
	return func(yield func(Subscriber, error) bool) {
		rows, err := db.query(ctx, selectSubscribers+` WHERE state <> 'erased' ORDER BY id`)
		if err != nil {
			yield(Subscriber{}, fmt.Errorf("read subscribers: %w", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			s, err := scanSubscriber(rows)
			if !yield(s, err) || err != nil {
				return
			}
		}
		if err := fault(db.dir, rows.Err()); err != nil {
			yield(Subscriber{}, fmt.Errorf("read subscribers: %w", err))
		}
	}
}

// Readers counts the subscribers by state and origin.
func (db *DB) Readers(ctx context.Context) ([]ReaderCount, error) {
	rows, err := db.query(ctx, `
		SELECT state, origin, count(*) FROM subscribers WHERE state <> 'erased' GROUP BY state, origin ORDER BY state, origin`)
	if err != nil {
		return nil, fmt.Errorf("count subscribers: %w", err)
	}
	defer rows.Close()
	var out []ReaderCount
	for rows.Next() {
		var c ReaderCount
		if err := rows.Scan(&c.State, &c.Origin, &c.Count); err != nil {
			return nil, fmt.Errorf("count subscribers: %w", err)
		}
		out = append(out, c)
	}
	return out, fault(db.dir, rows.Err())
}

// ReaderCount is a line of Readers.
type ReaderCount struct {
	State  string
	Origin Origin
	Count  int
}

// FirstActive returns the active subscriber who has been on the list longest,
// and whether there is one.
func (db *DB) FirstActive(ctx context.Context) (Subscriber, bool, error) {
	s, err := scanSubscriber(db.row(ctx, selectSubscribers+` WHERE state = 'active' ORDER BY id LIMIT 1`))
	if errors.Is(err, sql.ErrNoRows) {
		return Subscriber{}, false, nil
	}
	if err != nil {
		return Subscriber{}, false, fmt.Errorf("read subscribers: %w", err)
	}
	return s, true, nil
}

func addressKey(address string) string { return strings.ToLower(strings.TrimSpace(address)) }
