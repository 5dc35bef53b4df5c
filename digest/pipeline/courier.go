package pipeline

import (
	"context"
	"errors"

	"standpoint/digest/mail"
	"standpoint/digest/store"
)

// courier is one session's work in a round: settle the last letter, claim the
// next, hand it over.
type courier struct {
	*round
	work    context.Context // outlives the run's: for what is in hand
	session Session         // nil until it is needed
	permit  permit
	last    *store.Settlement // how the last hand-over ended, where it is not on disk yet
}

func (c *courier) close() {
	c.permit.done()
	if c.session != nil {
		c.session.Close() // what was accepted stays accepted, whatever the server says to QUIT
	}
}

// run goes on until nothing is due, the run is stopped, or there is no session.
func (c *courier) run(ctx context.Context) error {
	for {
		d, err := c.next(ctx)
		if errors.Is(err, store.ErrNoDelivery) {
			return nil
		}
		if err != nil {
			return err
		}
		message, err := c.shapes.of(d.Wish).Message(c.Personal(mail.Recipient{
			ID: d.Subscriber, Address: d.Address, Name: d.Name, Return: c.Return(c.edition, d.Subscriber),
		}))
		if err != nil {
			c.Log.Warn("a reader's letter could not be made: see the address in subscribers list", "edition", d.Edition, "subscriber", d.Subscriber, "err", err)
			c.last = &store.Settlement{Delivery: d, State: store.Refused, Reply: err.Error()}
			continue
		}
		if c.session == nil {
			session, err := c.Carrier.Open(ctx)
			c.opened(err)
			if err != nil {
				return c.Store.Return(c.disk(), d, c.Now())
			}
			c.session = session
		}
		if err := c.judge(d, c.session.Send(c.work, message)); err != nil {
			return errors.Join(err, c.settle())
		}
	}
}

// disk is the context of what must reach the ledger, stopped or not.
func (c *courier) disk() context.Context { return context.WithoutCancel(c.work) }

// next settles the last delivery and claims another one, if possible in one
// transaction. When there is nothing more to do it returns ErrNoDelivery; the
// last one is settled in any case.
func (c *courier) next(ctx context.Context) (store.Delivery, error) {
	c.permit.done()
	if ctx.Err() == nil && !c.gate.ready() {
		// What is accepted must not wait with us.
		if err := c.settle(); err != nil {
			return store.Delivery{}, err
		}
		c.gate.pace(ctx)
	}
	if ctx.Err() == nil && c.fetchDue() {
		if err := c.settle(); err != nil {
			return store.Delivery{}, err
		}
		c.fetchNow(ctx)
	}
	for ctx.Err() == nil {
		if err := c.replan(c.disk()); err != nil {
			return store.Delivery{}, err
		}
		news := c.gate.news()
		d, err := c.exchange()
		if !errors.Is(err, store.ErrNotFree) {
			return d, err
		}
		c.gate.await(ctx, news, c.permit.soonest)
	}
	if err := c.settle(); err != nil {
		return store.Delivery{}, err
	}
	return store.Delivery{}, store.ErrNoDelivery
}

func (c *courier) settle() error {
	if c.last == nil {
		return nil
	}
	s := *c.last
	c.last = nil
	return c.Store.Settle(c.disk(), s, c.Now())
}

func (c *courier) exchange() (d store.Delivery, err error) {
	claim := store.Claim{Edition: c.edition}
	if c.gate.byDomain() {
		c.permit.soonest = 0
		claim.After, claim.Free = c.gate.latest(), c.permit.take
	}
	if c.last == nil {
		d, err = c.Store.Claim(c.disk(), claim, c.Now())
	} else {
		s := *c.last
		c.last = nil
		d, err = c.Store.Exchange(c.disk(), s, claim, c.Now())
	}
	if err != nil {
		c.permit.done()
	}
	return d, err
}
