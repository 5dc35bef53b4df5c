package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

const (
	confirmEvery = time.Minute // what was deferred is looked for
	forgetEvery  = time.Hour   // what nobody confirmed is
)

// confirmer mails those who asked to be readers, beside the jobs: an edition takes
// an hour perhaps, and nobody waits so long for a button.
type confirmer struct {
	*office
	asked chan struct{} // somebody asked; one is enough
}

func newConfirmer(o *office) *confirmer {
	return &confirmer{office: o, asked: make(chan struct{}, 1)}
}

// wake says that somebody asked. It does not wait.
func (c *confirmer) wake(context.Context) {
	select {
	case c.asked <- struct{}{}:
	default:
	}
}

// run goes on until the context ends.
func (c *confirmer) run(ctx context.Context) {
	if err := c.worker.Store.RecoverConfirmations(ctx); err != nil && ctx.Err() == nil {
		c.worker.Log.Error("confirmations not recovered", "err", err)
	}
	tick := time.NewTicker(confirmEvery)
	defer tick.Stop()
	var forgot time.Time
	for {
		c.once(ctx)
		if now := c.worker.Now(); now.Sub(forgot) >= forgetEvery {
			forgot = now
			c.forget(ctx)
		}
		select {
		case <-ctx.Done():
			return
		case <-c.asked:
		case <-tick.C:
		}
	}
}

// once mails what is due. A fault in the program fails the mail in hand alone.
func (c *confirmer) once(ctx context.Context) {
	defer func() {
		if r := recover(); r != nil {
			c.worker.Log.Error("the program has a fault: please report this line to its authors", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
		}
	}()
	if _, err := c.worker.Confirm(ctx); err != nil && ctx.Err() == nil {
		c.worker.Log.Error("confirmations not sent, which is tried again", "err", anonymous(err.Error()))
	}
}

func (c *confirmer) forget(ctx context.Context) {
	if err := c.worker.ForgetRequests(ctx); err != nil && ctx.Err() == nil {
		c.worker.Log.Error("unconfirmed requests not forgotten", "err", err)
	}
}
