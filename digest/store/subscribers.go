package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"
)

// Origin says where a subscriber's address came from.
type Origin string

// Addresses of the config and of subscribers_file come and go with what these
// say; those that a command added stay.
const (
	FromConfig  Origin = "config"
	FromFile    Origin = "file"
	FromCommand Origin = "command"
)

// ErrSubscribed says that the address is on the list already.
var ErrSubscribed = errors.New("is already subscribed")

// Subscriber is a reader.
type Subscriber struct {
	ID      int64
	Address string
	Name    string
	State   string // active, paused; suppressed ones: bounced, complained, left, suppressed
	Origin  Origin
	Added   time.Time
}

// AddSubscriber puts an active reader on the list, or fails with ErrSubscribed,
// or with a SuppressedError: nobody is revived by being listed (S42).
// An address that config or file brought is from now on kept without them.
func (db *DB) AddSubscriber(ctx context.Context, s Subscriber) (int64, error) {
	var id int64
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		entry, err := scanSuppression(tx.QueryRowContext(ctx, selectSuppressions+` WHERE key = ?`, addressKey(s.Address)))
		switch {
		case err == nil:
			return &SuppressedError{entry}
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		var state string
		var origin Origin
		err = tx.QueryRowContext(ctx, `SELECT state, origin FROM subscribers WHERE key = ?`, addressKey(s.Address)).Scan(&state, &origin)
		switch {
		case err == nil && state == "active" && origin == FromCommand:
			return ErrSubscribed
		case err != nil && !errors.Is(err, sql.ErrNoRows):
			return err
		}
		return tx.QueryRowContext(ctx, `
			INSERT INTO subscribers (address, key, name, state, origin, added) VALUES (?, ?, ?, 'active', 'command', ?)
			ON CONFLICT (key) DO UPDATE SET state = 'active', origin = 'command', name = iif(excluded.name = '', name, excluded.name)
			RETURNING id`, s.Address, addressKey(s.Address), s.Name, stamp(s.Added)).Scan(&id)
	})
	if err != nil {
		return 0, fmt.Errorf("add %s: %w", s.Address, err)
	}
	return id, nil
}

// SyncSubscribers makes the list follow the config and its file: addresses that
// are new become active, those that were taken out are paused, those that came
// back are active again; those that are suppressed stay so (S42). All or nothing: an error of the sequence changes
// nothing.
func (db *DB) SyncSubscribers(ctx context.Context, listed iter.Seq2[Subscriber, error], at time.Time) error {
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var mark int64
		if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(mark), 0) + 1 FROM subscribers`).Scan(&mark); err != nil {
			return err
		}
		add, err := tx.PrepareContext(ctx, `
			INSERT INTO subscribers (address, key, name, state, origin, mark, added) VALUES (?, ?, ?, 'active', ?, ?, ?)
			ON CONFLICT (key) DO UPDATE SET mark = excluded.mark,
				origin = iif(origin = 'command', origin, excluded.origin),
				name = iif(excluded.name = '', name, excluded.name),
				state = iif(origin <> 'command' AND state = 'paused', 'active', state)`)
		if err != nil {
			return err
		}
		defer add.Close()
		for s, err := range listed {
			if err != nil {
				return err
			}
			if _, err := add.ExecContext(ctx, s.Address, addressKey(s.Address), s.Name, s.Origin, mark, stamp(at)); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE subscribers SET state = 'paused' WHERE origin IN ('config', 'file') AND mark <> ? AND state = 'active'`, mark)
		return err
	})
	if err != nil {
		return fmt.Errorf("store subscribers: %w", err)
	}
	return nil
}

// Subscribers streams the list in the order in which it grew.
func (db *DB) Subscribers(ctx context.Context) iter.Seq2[Subscriber, error] {
	return func(yield func(Subscriber, error) bool) {
		rows, err := db.query(ctx, `SELECT id, address, name, state, origin, added FROM subscribers ORDER BY id`)
		if err != nil {
			yield(Subscriber{}, fmt.Errorf("read subscribers: %w", err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			var s Subscriber
			var added string
			err := rows.Scan(&s.ID, &s.Address, &s.Name, &s.State, &s.Origin, &added)
			s.Added = moment(added)
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
		SELECT state, origin, count(*) FROM subscribers GROUP BY state, origin ORDER BY state, origin`)
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
	s := Subscriber{State: "active"}
	err := db.row(ctx, `
		SELECT id, address, name, origin FROM subscribers WHERE state = 'active' ORDER BY id LIMIT 1`).
		Scan(&s.ID, &s.Address, &s.Name, &s.Origin)
	if errors.Is(err, sql.ErrNoRows) {
		return Subscriber{}, false, nil
	}
	if err != nil {
		return Subscriber{}, false, fmt.Errorf("read subscribers: %w", err)
	}
	return s, true, nil
}

func addressKey(address string) string { return strings.ToLower(strings.TrimSpace(address)) }
