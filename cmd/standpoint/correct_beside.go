package main

import (
	"context"
	"errors"
	"fmt"

	"standpoint/digest/store"
	"standpoint/digest/topic"
)

// beside leaves the correction to the process that has the state folder, where the
// piece is of the draft that waits: that cannot wait until a daemon is stopped. Any
// other piece can, and the answer is why the folder could not be had.
func (c *correcting) beside(ctx context.Context, env *environment, s *settings, held error) (err error) {
	o, err := s.openBeside(ctx, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	copies, err := o.correctable(ctx, c.url)
	if err != nil {
		return held // whatever is wrong with the address is said when it can be looked for
	}
	order := store.Order{At: env.now(), Who: operatorName(), Undo: c.undo, Why: c.why}
	if c.stance != irrelevant {
		order.Stance = topic.StanceKey(c.stance)
	}
	for _, k := range copies {
		d, err := o.worker.Store.DraftOf(ctx, k.ID)
		if err != nil {
			return err
		}
		if !d.Open || !d.Dropped.At.IsZero() {
			continue
		}
		order.Edition, order.Item = d.Edition, k.ID
		if err := o.worker.Store.Order(ctx, order, 0); err != nil {
			return err
		}
		fmt.Fprintf(env.stdout, "“%s” is of the draft of edition %d. The process that has the state folder corrects it; a daemon does within a minute. See then: standpoint editions show %[2]d\n", line(k.Title), d.Edition)
		return nil
	}
	return held
}
