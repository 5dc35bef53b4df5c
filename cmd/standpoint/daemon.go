package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
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
	if err := s.requireFolders(); err != nil {
		return err
	}
	if err := s.requireListed(); err != nil {
		return err
	}
	l := newLife(env, daemonLogger(env.stderr))
	defer l.unlisten()
	watching, unwatch := context.WithCancel(context.WithoutCancel(ctx)) // until the last reader in hand
	var watcher sync.WaitGroup
	watcher.Go(func() { l.watch(watching) })
	defer watcher.Wait()
	defer unwatch()
	for {
		reload, err := l.serve(ctx, env, s, hangup, path)
		if err != nil || reload == nil {
			return err
		}
		s = reload
	}
}

// serve works by one configuration. It returns the next one, or nil at the end.
func (l *life) serve(ctx context.Context, env *environment, s *settings, hangup <-chan os.Signal, path string) (next *settings, err error) {
	o, err := s.open(ctx, env)
	if err != nil {
		return nil, err
	}
	// The log is all that a daemon shows, on a terminal too.
	o.worker.Log, o.worker.Progress, o.life, o.tellSlots = l.log, l.Progress, l, o.heedSlots
	defer func() { err = errors.Join(err, o.Close()) }()
	if !l.served { // that all readers have left since is no reason to end
		if err := o.requireReaders(ctx); err != nil {
			return nil, err
		}
	}
	jobs, err := o.jobs()
	if err != nil {
		return nil, err
	}
	slots, err := o.slots()
	if err == nil {
		err = slots.Begin(ctx)
	}
	if err != nil {
		return nil, err
	}
	if j, wanted, err := o.attendJob(ctx); err != nil {
		return nil, err
	} else if wanted {
		jobs = append(jobs, j)
	}
	for i, j := range jobs {
		jobs[i] = l.track(o, j)
	}
	confirm := newConfirmer(o)
	if err := o.setSite(confirm.wake); err != nil {
		return nil, err
	}
	if err := l.listen(s); err != nil {
		return nil, err
	}
	l.open(o)
	defer l.close()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	done := l.work(ctx, env, o, confirm, jobs)
	for _, j := range jobs {
		o.worker.Log.Info("scheduled", "job", j.Name, "next", j.When.Next(env.now()).Format(time.RFC3339))
	}
	l.notify.ready(o.standing(ctx))
	l.served = true
	look := time.NewTicker(keysEvery)
	defer look.Stop()
	told := false
	for {
		select {
		case <-ctx.Done():
			stop() // returns when all that works knows of the end: nobody begins anything after the line below
			l.rest()
			l.notify.stopping()
			o.worker.Log.Info("stopping, after what is in hand")
			l.unlistenPublic()
			<-done
			o.worker.Log.Info("stopped")
			return nil, nil
		case <-hangup:
			l.notify.reloading()
			next, err = o.reload(ctx, env, path)
			l.set(func() { l.refused = err })
			if err != nil {
				o.worker.Log.Error("the configuration was not taken over, the old one stays in force", "err", err)
				l.notify.ready("the configuration was not taken over; " + o.standing(ctx))
				continue
			}
			o.worker.Log.Info("configuration read again")
			l.rest()
			stop()
			<-done
			return next, nil
		case <-look.C:
			if !o.rekeyed(ctx) || !o.reopenable(ctx, &told) {
				continue
			}
			o.worker.Log.Info("keys of readers' links have changed, and are read again")
			l.rest()
			stop()
			<-done
			return s, nil
		}
	}
}

// work runs the jobs by the clock, and the mails to those who ask beside them, until
// the context ends. The channel is closed when all have ended.
func (l *life) work(ctx context.Context, env *environment, o *office, confirm *confirmer, jobs []schedule.Job) <-chan struct{} {
	done := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		defer l.rest()
		l.Beat()
		begin := l.track(o, schedule.Job{Name: "begin", Work: o.begin}).Work
		schedule.Clock{Now: env.now, Log: o.worker.Log, Begin: begin, Beat: l.Beat}.Run(ctx, jobs...)
	})
	if o.readers != nil {
		all.Go(func() { confirm.run(ctx) })
	}
	go func() {
		defer close(done)
		all.Wait()
	}()
	return done
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
	if ok, err := next.keepsReaders(ctx, o.worker.Store); err != nil || !ok && !next.joinable() {
		return nil, cmp.Or(err, errNoReader)
	}
	// Last, since it changes something: the next configuration's addresses are taken
	// while the one before can still be kept.
	return next, o.life.listen(next)
}
