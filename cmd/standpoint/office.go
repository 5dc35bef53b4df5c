package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"sync"

	"standpoint/digest"
	"standpoint/digest/config"
	"standpoint/digest/pipeline"
	"standpoint/digest/stance"
	"standpoint/digest/store"
)

// office is an open store with a worker on it.
type office struct {
	*settings
	worker *pipeline.Worker
	lock   *store.Lock // nil on a copy
	temp   string      // folder of the copy
	// tellSlots hears of slots without an edition of their own: see pipeline.Slots.
	tellSlots func(context.Context, []store.Slot)
	life      *life // of the daemon; nil in a single run
	// attendance looks after a draft that waits; nil where nobody approves.
	attendance *attendance
	// readers answers the requests of readers and the editor; nil: nobody does.
	readers http.Handler
}

// open locks the state folder, opens the store and puts the readers of the
// config on its list.
func (s *settings) open(ctx context.Context, env *environment) (*office, error) {
	holder := fmt.Sprintf("process %d, running since %s", os.Getpid(), env.now().Format("2 January 15:04"))
	lock, err := store.Acquire(s.StateDir(), holder)
	if err != nil {
		return nil, err
	}
	o := &office{settings: s, lock: lock}
	if err := o.start(ctx, env, s.StateDir()); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// openCopy opens a throw-away copy of the store, so that a run on it changes
// nothing.
func (s *settings) openCopy(ctx context.Context, env *environment) (*office, error) {
	temp, err := os.MkdirTemp("", "standpoint-")
	if err != nil {
		return nil, err
	}
	o := &office{settings: s, temp: temp}
	if store.Exists(s.StateDir()) {
		err = store.Copy(ctx, s.StateDir(), temp)
	}
	if err == nil {
		err = o.start(ctx, env, temp)
	}
	if err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

func (o *office) start(ctx context.Context, env *environment, dir string) error {
	db, err := store.Open(ctx, dir)
	if err != nil {
		return err
	}
	o.worker = o.newWorker(ctx, env, db)
	if err := o.setKeys(ctx, env); err != nil {
		return err
	}
	return o.syncSubscribers(ctx, env)
}

func (o *office) newWorker(ctx context.Context, env *environment, db *store.DB) *pipeline.Worker {
	s := o.settings
	db.Unread = s.Web.Listen != ""
	maildirs := slices.DeleteFunc([]string{s.Mail.Bounce.Maildir, s.Mail.UnsubscribeMaildir}, func(dir string) bool {
		return dir == "" || o.lock == nil // on a copy nothing is taken in for good, so no mail may be marked as seen
	})
	return &pipeline.Worker{
		Store: db, Maildirs: slices.Compact(maildirs), Soft: s.Mail.Bounce.Soft, Pack: s.pack, Now: env.now, Log: runLogger(env.stderr), Progress: env.stderr.Progress,
		// Trained on demand: most gatherings bring nothing to judge.
		Model: sync.OnceValues(func() (*stance.Classifier, error) { return o.model(ctx, env, db) }),
		Train: func(c []stance.Correction) (*stance.Classifier, error) {
			defer debug.FreeOSMemory() // half a gigabyte, which a daemon would keep for minutes
			return s.learn(env, c)
		},
		Sources: s.FeedSources(), Rules: s.rules, Feeds: s.client(), Lookback: s.Lookback.Std(),
		Parallel: s.Fetch.Parallel, Pages: s.Fetch.Pages == config.PagesAuto, TellAfter: s.Fetch.TellAfter,
		Second: s.second, KeepTexts: s.KeepTexts.Std(),
		Quiet:    digest.Quiet{Least: s.Edition.Least, Send: digest.QuietSend(s.Edition.Quiet)},
		Approval: s.approval(),
		Renderer: s.renderer, Frame: s.frame, Sender: s.sender, Strict: s.Mail.Strict, Zone: s.Location(), Carrier: s.carrier,
		Resend: s.Mail.Unknown == config.UnknownResend, RetryFor: s.Mail.RetryNow.Std(),
		GiveUp: s.Mail.GiveUp.Std(), MaxErrors: s.Mail.SMTP.MaxErrors, Limits: s.limits(),
	}
}

// Close ends the work and frees the state folder.
func (o *office) Close() error {
	var errs []error
	if o.worker != nil {
		o.worker.Feeds.Close()
		errs = append(errs, o.worker.Store.Close())
	}
	if o.lock != nil {
		errs = append(errs, o.lock.Release())
	}
	if o.temp != "" {
		errs = append(errs, os.RemoveAll(o.temp))
	}
	return errors.Join(errs...)
}
