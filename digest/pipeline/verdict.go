package pipeline

import (
	"errors"
	"fmt"
	"time"

	"standpoint/digest/mail"
	"standpoint/digest/store"
)

// judge notes how a hand-over ended. It returns an error when the fault is not
// the reader's, or when there are too many: then the run stops and the reader
// keeps his turn.
func (c *courier) judge(d store.Delivery, sent error) error {
	now := c.Now()
	if _, ours := errors.AsType[*mail.SetupError](sent); ours {
		return errors.Join(sent, c.Store.Return(c.disk(), d, now))
	}
	s := store.Settlement{Delivery: d, State: store.Accepted}
	var stop error
	e, _ := errors.AsType[*mail.SendError](sent)
	switch {
	case sent == nil:
	case e == nil:
		s.State, s.Reply, s.Due = store.Deferred, sent.Error(), now.Add(backoff(d.Attempts))
	case e.Policy():
		s.Reply = e.Error()
		his, err := c.his(d)
		if err != nil {
			return err
		}
		if s.State = store.Refused; !his {
			s.State, s.Due, s.Stops, stop = store.Deferred, now.Add(lastRetry), true, sent
		}
	case e.Outcome == mail.Refused:
		// A second time is no chance, where the server takes letters at all.
		again := !d.Stopped.IsZero()
		if again {
			var err error
			if again, err = c.Store.AcceptedSince(c.disk(), d.Edition, time.Time{}); err != nil {
				return err
			}
		}
		s.State, s.Reply, s.BadAddress = store.Refused, e.Error(), again && e.BadAddress()
		if !again {
			if s.Doubt = store.DoubtLetter; e.BadAddress() {
				s.Doubt = store.DoubtAddress
			}
			c.doubt(s)
		}
	case e.Outcome == mail.Unknown:
		// Not at once: the server may still be busy with the first copy.
		s.State, s.Reply, s.Due = store.Unknown, e.Error(), now.Add(backoff(d.Attempts))
	default:
		s.State, s.Reply, s.Due = store.Deferred, e.Error(), now.Add(backoff(d.Attempts))
	}
	if s.State != store.Accepted {
		c.Log.Warn("delivery "+string(s.State), "edition", d.Edition, "subscriber", d.Subscriber, "reply", s.Reply)
	}
	if many := c.count(s, e, sent); stop == nil {
		stop = many
	}
	c.last = &s
	if s.State == store.Accepted {
		return c.believe(c.disk())
	}
	return stop
}

// his says whether a refusal that sounds as if it were meant for us is this
// reader's own: the same happened to him before, and others got the letter since.
func (c *courier) his(d store.Delivery) (bool, error) {
	if d.Stopped.IsZero() {
		return false, nil
	}
	return c.Store.AcceptedSince(c.disk(), d.Edition, d.Stopped)
}

// count counts hand-overs, and those in a row that were not accepted: a server
// that takes nothing must not be asked once for each reader. Temporary answers to
// RCPT are neither good nor bad: with some servers they are the usual way.
func (r *round) count(s store.Settlement, e *mail.SendError, sent error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done++
	r.progress("letters", r.done, r.total)
	if s.State == store.Deferred && r.retry.IsZero() {
		r.retry = s.Due
	}
	switch {
	case s.State == store.Accepted:
		r.failed = 0
		return nil
	case e != nil && e.OfReader():
		return nil
	}
	r.failed++
	if r.MaxErrors == 0 || r.failed < r.MaxErrors {
		return nil
	}
	return fmt.Errorf("%d hand-overs in a row failed (max_errors), the last one with: %w", r.failed, sent)
}

func backoff(attempts int) time.Duration {
	return min(lastRetry, firstRetry<<min(max(attempts-1, 0), 16))
}
