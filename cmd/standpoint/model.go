package main

import (
	"context"

	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/topic"
)

// train takes seconds where no model lies with the pack, so a terminal is told.
func train(env *environment, pack *topic.Pack) (*stance.Classifier, error) {
	env.stderr.Status("learning from the pack's examples")
	defer env.stderr.Status("")
	return stance.Open(pack)
}

// learn opens the model that learned these corrections beside the pack's
// examples: the kept one, or one trained now.
func (s *settings) learn(env *environment, corrections []stance.Correction) (*stance.Classifier, error) {
	env.stderr.Status("learning from the pack's examples and the corrections")
	defer env.stderr.Status("")
	return stance.OpenKept(s.StateDir(), s.pack, corrections...)
}

// model opens the model of a run. Who holds the state folder keeps it for the
// next one; where that fails the next run learns again.
func (o *office) model(ctx context.Context, env *environment, db *store.DB) (*stance.Classifier, error) {
	corrections, err := db.Learnt(ctx)
	if err != nil {
		return nil, err
	}
	c, err := o.learn(env, corrections)
	if err == nil {
		o.keep(env, c)
	}
	return c, err
}

func (o *office) keep(env *environment, c *stance.Classifier) {
	if o.lock == nil {
		return
	}
	if err := stance.Keep(o.StateDir(), c); err != nil {
		runLogger(env.stderr).Warn("the trained model could not be kept: each run will train it again", "err", err)
	}
}
