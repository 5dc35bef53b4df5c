package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"standpoint/digest"
)

// ErrNoDelivery says that no delivery of the edition is planned. ErrNotFree says
// that some are, and none of them may go out now.
var (
	ErrNoDelivery = errors.New("no delivery is due")
	ErrNotFree    = errors.New("every delivery that is due has to wait")
)

// Delivery is the letter of one edition to one subscriber.
type Delivery struct {
	Edition    int
	Subscriber int64
	Address    string
	Name       string
	Wish       digest.Wish
	Domain     string    // of the address, in lower case
	Attempts   int       // hand-overs so far, this one counted
	Stopped    time.Time // when the answer to it last stopped a run; zero: never
}

// Settlement is how a hand-over ended.
type Settlement struct {
	Delivery
	State      DeliveryState
	Reply      string    // the server's own words
	Due        time.Time // when a deferred or unknown one may be tried again
	Stops      bool      // the answer stops the run: from now on its turn comes last
	BadAddress bool      // the address takes no mail: it is put on the suppression list
	Doubt      Doubt     // of a refusal that may not be the reader's own, see Believe
}

// Claim says which delivery is wanted.
type Claim struct {
	Edition int
	// After is a domain: those that follow it in the alphabet come first, then
	// the others. Empty: from the beginning.
	After string
	// Free says whether a letter may go to a domain now; nil: to all. It is asked
	// within a transaction that may be run twice; the last yes counts.
	Free func(domain string) bool
}

// Claim takes the next planned delivery of the edition and marks it as being
// handed over, on disk before it returns. It returns ErrNoDelivery when there is
// none, and ErrNotFree when all must wait. Deliveries to people who are no longer
// active are dropped. Those that once stopped a run come after all others.
func (db *DB) Claim(ctx context.Context, c Claim, now time.Time) (Delivery, error) {
	return db.turn(ctx, nil, &c, now)
}

// Settle records how a hand-over ended.
func (db *DB) Settle(ctx context.Context, s Settlement, now time.Time) error {
	_, err := db.turn(ctx, &s, nil, now)
	return err
}

// Exchange settles a delivery and claims the next one, in one transaction. With
// ErrNoDelivery and ErrNotFree the first is settled all the same.
func (db *DB) Exchange(ctx context.Context, s Settlement, c Claim, now time.Time) (Delivery, error) {
	return db.turn(ctx, &s, &c, now)
}

func (db *DB) turn(ctx context.Context, s *Settlement, c *Claim, now time.Time) (Delivery, error) {
	var d Delivery
	var none error // not the transaction's error: what was settled and dropped must stay so
	err := db.within(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		t := turn{DB: db, tx: tx, now: stamp(now)}
		if s != nil {
			if err := t.settle(ctx, s); err != nil {
				return fmt.Errorf("settle delivery of edition %d to subscriber %d: %w", s.Edition, s.Subscriber, err)
			}
		}
		if c == nil {
			return nil
		}
		d, err = t.claim(ctx, c)
		if none = nil; errors.Is(err, ErrNoDelivery) || errors.Is(err, ErrNotFree) {
			none, err = err, nil
		}
		if err != nil {
			return fmt.Errorf("claim delivery of edition %d: %w", c.Edition, err)
		}
		return nil
	})
	if err = errors.Join(err, none); err != nil {
		return Delivery{}, err
	}
	return d, nil
}

// turn is one connection's work on the ledger between two letters.
type turn struct {
	*DB
	tx  *sql.Tx
	now string
}

// setSettled keeps no reply about a reader who was erased meanwhile: servers write
// addresses into them. Nor is a refusal in doubt that another connection's letter
// has settled already: its reader is suppressed by then.
const setSettled = `
	UPDATE deliveries SET state = ?1, reply = iif((SELECT state FROM subscribers WHERE id = ?7) = 'erased', '', ?2),
		changed = ?3, due = ?4, stopped = iif(?5, ?3, stopped),
		doubt = iif((SELECT state FROM subscribers WHERE id = ?7) = 'active', ?8, 0)
	WHERE edition = ?6 AND subscriber = ?7 AND state = 'handing-over'`

func (t *turn) settle(ctx context.Context, s *Settlement) error {
	r, err := t.writer.stmt(ctx, t.tx, setSettled).ExecContext(ctx,
		s.State, s.Reply, t.now, stamp(s.Due), s.Stops, s.Edition, s.Subscriber, s.Doubt)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, errors.New("it was not being handed over"))
	}
	if !s.BadAddress {
		return nil
	}
	key, err := keyOf(ctx, t.tx, s.Subscriber)
	if err == nil {
		_, err = suppress(ctx, t.tx, Suppression{Address: key, Reason: ReasonRefused, Detail: s.Reply, At: moment(t.now), Edition: s.Edition})
	}
	return err
}

// selectPlanned goes by the index of planned deliveries. Those that stopped a
// run are few, and the rest is asked first.
const (
	selectPlanned = `
		SELECT d.subscriber, d.domain, d.attempts + 1, d.stopped, s.address, s.name, s.language, s.wish, s.state
		FROM deliveries d JOIN subscribers s ON s.id = d.subscriber
		WHERE d.edition = ? AND d.state = 'planned' AND d.stopped = '' AND d.domain > ?
		ORDER BY d.domain, d.due, d.subscriber LIMIT 1`
	selectStopped = `
		SELECT d.subscriber, d.domain, d.attempts + 1, d.stopped, s.address, s.name, s.language, s.wish, s.state
		FROM deliveries d JOIN subscribers s ON s.id = d.subscriber
		WHERE d.edition = ? AND d.state = 'planned' AND d.stopped > '' AND d.domain > ?
		ORDER BY d.domain, d.due, d.subscriber LIMIT 1`
)

func (t *turn) claim(ctx context.Context, c *Claim) (Delivery, error) {
	d, err := t.search(ctx, c, selectPlanned)
	if errors.Is(err, ErrNoDelivery) {
		d, err = t.search(ctx, c, selectStopped)
	}
	return d, err
}

// search goes once round all domains that have something planned, beginning
// after the one that the claim names. Domains that are not free are stepped over
// as a whole, however many readers they have.
func (t *turn) search(ctx context.Context, c *Claim, query string) (Delivery, error) {
	none := ErrNoDelivery
	after, wrapped := c.After, c.After == ""
	for {
		d, state, err := t.next(ctx, c.Edition, query, after)
		switch {
		case errors.Is(err, sql.ErrNoRows) && !wrapped:
			after, wrapped = "", true
			continue
		case errors.Is(err, sql.ErrNoRows), err == nil && wrapped && c.After != "" && d.Domain > c.After:
			return Delivery{}, none
		case err != nil:
			return Delivery{}, err
		case state != "active":
			if err := t.mark(ctx, d, Dropped, 0); err != nil {
				return Delivery{}, err
			}
			continue
		case c.Free != nil && !c.Free(d.Domain):
			none, after = ErrNotFree, d.Domain
			continue
		}
		return d, t.mark(ctx, d, HandingOver, 1)
	}
}

func (t *turn) next(ctx context.Context, edition int, query, after string) (d Delivery, state string, err error) {
	d.Edition = edition
	var stopped, language, wish string
	err = t.writer.stmt(ctx, t.tx, query).QueryRowContext(ctx, edition, after).
		Scan(&d.Subscriber, &d.Domain, &d.Attempts, &stopped, &d.Address, &d.Name, &language, &wish, &state)
	d.Stopped = moment(stopped)
	if err == nil {
		// A wish that cannot be read keeps no letter from its reader.
		d.Wish, _ = wishOf(wish)
		d.Wish.Language = language
	}
	return d, state, err
}

const setClaimed = `
	UPDATE deliveries SET state = ?, attempts = attempts + ?, changed = ? WHERE edition = ? AND subscriber = ?`

func (t *turn) mark(ctx context.Context, d Delivery, state DeliveryState, attempt int) error {
	_, err := t.writer.stmt(ctx, t.tx, setClaimed).ExecContext(ctx, state, attempt, t.now, d.Edition, d.Subscriber)
	return err
}

// Return puts a delivery that was claimed back, as if it had not been: the
// letter was never handed over.
func (db *DB) Return(ctx context.Context, d Delivery, now time.Time) error {
	_, err := db.exec(ctx, `
		UPDATE deliveries SET state = 'planned', attempts = attempts - 1, changed = ?
		WHERE edition = ? AND subscriber = ? AND state = 'handing-over'`, stamp(now), d.Edition, d.Subscriber)
	if err != nil {
		return fmt.Errorf("return delivery of edition %d to subscriber %d: %w", d.Edition, d.Subscriber, err)
	}
	return nil
}

// Reopen makes a refused delivery a deferred one, as if its answer had stopped the
// run: who was refused may not have been meant.
func (db *DB) Reopen(ctx context.Context, d Delivery, due, now time.Time) error {
	_, err := db.exec(ctx, `
		UPDATE deliveries SET state = 'deferred', due = ?, changed = ?2, stopped = ?2, doubt = 0
		WHERE edition = ? AND subscriber = ? AND state = 'refused'`, stamp(due), stamp(now), d.Edition, d.Subscriber)
	if err != nil {
		return fmt.Errorf("reopen delivery of edition %d to subscriber %d: %w", d.Edition, d.Subscriber, err)
	}
	return nil
}

// AcceptedSince says whether a letter of the edition was accepted after the
// given time.
func (db *DB) AcceptedSince(ctx context.Context, edition int, since time.Time) (bool, error) {
	var some bool
	err := db.row(ctx, `SELECT EXISTS (SELECT 1 FROM deliveries WHERE edition = ? AND state = 'accepted' AND changed > ?)`,
		edition, stamp(since)).Scan(&some)
	if err != nil {
		return false, fmt.Errorf("read deliveries of edition %d: %w", edition, err)
	}
	return some, nil
}
