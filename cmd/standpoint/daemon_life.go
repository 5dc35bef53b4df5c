package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"standpoint/digest/schedule"
	"standpoint/digest/web"
)

// How long the daemon may give no sign. The clock beats once a minute. A job in
// hand shows progress with each source, page and letter; the longest silence is a
// server's time for one message, or the wait before deferred readers are tried
// again.
const (
	beatWithin     = 5 * time.Minute
	progressWithin = 3 * time.Hour
)

// life is what a daemon knows of itself, over all configurations that it works by.
type life struct {
	now     func() time.Time
	log     *slog.Logger
	metrics *web.Metrics
	notify  notifier
	// The servers: of the operator's tools, and of readers.
	operator, public sideline
	served           bool // a configuration was taken over; the job loop's own

	mu       sync.Mutex
	beat     time.Time // of the clock; zero while it does not go
	job      string    // in hand, jobs take turns; empty: none
	sign     time.Time // of the job in hand
	gathered time.Time // end of the last gathering, or the start
	refused  error     // why the last reload was not taken over

	// at is the office that is open, nil between two configurations. It is held
	// for reading while somebody outside the job loop uses it.
	door sync.RWMutex
	at   *office
}

func newLife(env *environment, log *slog.Logger) *life {
	l := &life{now: env.now, log: log, notify: notifier{log}, gathered: env.now()}
	l.metrics = web.NewMetrics(l.figures)
	l.metrics.Build(version(), runtime.Version())
	return l
}

// open lets others look at the office; close waits for them.
func (l *life) open(o *office) {
	l.door.Lock()
	defer l.door.Unlock()
	l.at = o
}

func (l *life) close() { l.open(nil) }

// track returns the job with its runs noted.
func (l *life) track(o *office, j schedule.Job) schedule.Job {
	work := j.Work
	j.Work = func(ctx context.Context) {
		l.set(func() { l.job, l.sign = j.Name, l.now() })
		defer l.set(func() { l.job = "" })
		work(ctx)
		if ctx.Err() == nil {
			l.notify.status(o.standing(ctx))
		}
	}
	return j
}

// Beat is a sign of the clock.
func (l *life) Beat() { l.set(func() { l.beat = l.now() }) }

// rest says that the clock is stopped, and nothing is to be expected of it.
func (l *life) rest() { l.set(func() { l.beat = time.Time{} }) }

// Progress is a sign of the job in hand.
func (l *life) Progress(string, int, int) { l.set(func() { l.sign = l.now() }) }

func (l *life) set(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

// done counts a step that ended. A single run has no life.
func (l *life) done(step string, begun time.Time, err error) {
	if l == nil {
		return
	}
	now := l.now()
	l.metrics.Job(step, now.Sub(begun), err != nil, now)
	if step == "gather" && err == nil {
		l.set(func() { l.gathered = now })
	}
}

// alive says why the process should be started anew, or nil.
func (l *life) alive() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if silent := now.Sub(l.sign); l.job != "" && silent > progressWithin {
		return fmt.Errorf("job %s has shown no progress for %v", l.job, silent.Round(time.Minute))
	}
	if silent := now.Sub(l.beat); !l.beat.IsZero() && silent > beatWithin {
		return fmt.Errorf("the schedule's clock has stood still for %v", silent.Round(time.Minute))
	}
	return nil
}

// errBusy says that there is no office to ask.
var errBusy = errors.New("the configuration is being read again")

// ask lets somebody outside the job loop use the office.
func (l *life) ask(use func(*office) error) error {
	// A writer that waits, because the daemon is about to close the office, would
	// make readers wait, too.
	if !l.door.TryRLock() {
		return errBusy
	}
	defer l.door.RUnlock()
	if l.at == nil {
		return errBusy
	}
	return use(l.at)
}
