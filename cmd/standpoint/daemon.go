package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"standpoint/digest/schedule"
)

// Scheduled runs start a little later than their time, so that not every
// installation asks the same feeds at the same second.
const (
	gatherJitter  = 2 * time.Minute
	publishJitter = 30 * time.Second
)

// daemon gathers and publishes by the schedule until the context ends. SIGHUP
// makes it read the configuration again; one that is not valid is reported, and
// the old one stays in force.
func daemon(ctx context.Context, env *environment, s *settings, path string) error {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	if err := errors.Join(s.requireListed(), s.requireFolders()); err != nil {
		return err
	}
	for {
		reload, err := serve(ctx, env, s, hangup, path)
		if err != nil || reload == nil {
			return err
		}
		s = reload
	}
}

// serve works by one configuration. It returns the next one, or nil at the end.
func serve(ctx context.Context, env *environment, s *settings, hangup <-chan os.Signal, path string) (next *settings, err error) {
	o, err := s.open(ctx, env)
	if err != nil {
		return nil, err
	}
	// The log is all that a daemon shows, on a terminal too.
	o.worker.Log, o.worker.Progress = newLogger(env.stderr, slog.LevelInfo), nil
	defer func() { err = errors.Join(err, o.Close()) }()
	if err := o.requireReaders(ctx); err != nil {
		return nil, err
	}
	jobs, err := o.jobs()
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		schedule.Guard(o.worker.Log, "start", func() { o.begin(ctx) })
		schedule.Run(ctx, o.worker.Log, jobs...)
	}()
	for _, j := range jobs {
		o.worker.Log.Info("scheduled", "job", j.Name, "next", j.When.Next(env.now()).Format(time.RFC3339))
	}
	for {
		select {
		case <-ctx.Done():
			<-done
			o.worker.Log.Info("stopped")
			return nil, nil
		case <-hangup:
			if next, err = o.reload(ctx, env, path); err != nil {
				fmt.Fprintf(env.stderr, "standpoint: the configuration was not taken over, the old one stays in force: %v\n", err)
				continue
			}
			o.worker.Log.Info("configuration read again")
			stop()
			<-done
			return next, nil
		}
	}
}

// reload reads the configuration again and refuses one with which the daemon
// would have to end.
func (o *office) reload(ctx context.Context, env *environment, path string) (*settings, error) {
	next, err := load(env, path)
	if err != nil {
		return nil, err
	}
	if next.StateDir() != o.StateDir() {
		return nil, errors.New("state has changed, which needs a restart")
	}
	if err := next.requireFolders(); err != nil {
		return nil, err
	}
	if ok, err := next.keepsReaders(ctx, o.worker.Store); err != nil || !ok {
		return nil, cmp.Or(err, errNoReader)
	}
	return next, nil
}

func (o *office) jobs() ([]schedule.Job, error) {
	gather, err := schedule.Parse(o.Schedule.Gather, o.Location())
	if err != nil {
		return nil, fmt.Errorf("schedule.gather: %w", err)
	}
	publish, err := schedule.Parse(o.Schedule.Publish, o.Location())
	if err != nil {
		return nil, fmt.Errorf("schedule.publish: %w", err)
	}
	return []schedule.Job{
		{Name: "gather", When: gather, Jitter: gatherJitter, Work: func(ctx context.Context) {
			if _, err := o.worker.Gather(ctx); err != nil && ctx.Err() == nil {
				o.worker.Log.Error("gathering failed", "err", err)
			}
			o.catchUp(ctx)
		}},
		{Name: "publish", When: publish, Jitter: publishJitter, Work: o.publishDue},
	}, nil
}

func (o *office) publishDue(ctx context.Context) {
	if _, err := o.worker.Publish(ctx); err != nil && ctx.Err() == nil {
		o.worker.Log.Error("publishing failed", "err", err)
	}
}

// begin is what the daemon does first. A slot that passed while nothing ran
// gets an edition of what the feeds say now.
func (o *office) begin(ctx context.Context) {
	if o.missed(ctx) {
		if _, err := o.worker.Gather(ctx); err != nil && ctx.Err() == nil {
			o.worker.Log.Error("gathering failed", "err", err)
		}
	}
	o.catchUp(ctx)
}

// catchUp publishes what a stop, a reload or a fault kept from its slot, and
// else goes on with what was left.
func (o *office) catchUp(ctx context.Context) {
	if !o.missed(ctx) {
		o.resume(ctx)
		return
	}
	if ctx.Err() == nil {
		o.worker.Log.Info("missed slot made up")
		o.publishDue(ctx)
	}
}

// missed says whether a slot for publishing has passed since the last cut-off;
// a quiet week has one too. Before the first cut-off none is missed.
func (o *office) missed(ctx context.Context) bool {
	last, _, err := o.worker.Store.LastCutoff(ctx)
	if err != nil {
		if ctx.Err() == nil {
			o.worker.Log.Error("last cut-off unknown", "err", err)
		}
		return false
	}
	publish, err := schedule.Parse(o.Schedule.Publish, o.Location())
	return err == nil && !last.IsZero() && !publish.Next(last).After(o.worker.Now())
}

// resume goes on with what an earlier run or a deferring server left.
func (o *office) resume(ctx context.Context) {
	if _, err := o.worker.Resume(ctx); err != nil && ctx.Err() == nil {
		o.worker.Log.Error("resuming failed", "err", err)
	}
}
