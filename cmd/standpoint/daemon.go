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
		schedule.Clock{Now: env.now, Log: o.worker.Log, Begin: o.begin}.Run(ctx, jobs...)
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
