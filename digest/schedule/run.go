package schedule

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
)

// Job is work that recurs.
type Job struct {
	Name   string
	When   Schedule
	Jitter time.Duration // a random wait of up to this long precedes each run
	Work   func(context.Context)
	Call   <-chan struct{} // the job is started whenever something comes on it, too; may be nil
}

// Clock runs jobs.
type Clock struct {
	Now func() time.Time
	Log *slog.Logger
	// Begin runs before any job. What comes due meanwhile is not lost. It may be nil.
	Begin func(context.Context)
	// Beat is called once a minute while the clock goes, whether or not a job is
	// at work. It may be nil.
	Beat func()
}

// Run starts each job when a slot of its schedule has come, until the context
// ends, then waits for the job in hand. A job whose slot comes while another one
// works waits for it. However many slots came since a job was started last,
// because it or the machine was busy, asleep or wrong about the time, it is
// started once.
//
// It looks once a minute and does not wait for a slot in one go: such a wait does
// not notice that the machine slept or that its clock was set.
func (c Clock) Run(ctx context.Context, jobs ...Job) {
	clock := cron.New(cron.WithLocation(time.UTC))
	turn := make(chan struct{}, 1)
	minutely, _ := cron.ParseStandard("* * * * *") // it is one
	if c.Beat != nil {
		clock.Schedule(minutely, cron.FuncJob(c.Beat))
	}
	for _, job := range jobs {
		w := &watch{Job: job, last: c.Now()}
		clock.Schedule(minutely, cron.FuncJob(func() { c.look(ctx, w, turn) }))
	}
	turn <- struct{}{}
	var calls sync.WaitGroup
	for _, job := range jobs {
		if job.Call != nil {
			calls.Go(func() { c.answer(ctx, job, turn) })
		}
	}
	clock.Start()
	if c.Begin != nil {
		guard(c.Log, "begin", func() { c.Begin(ctx) })
	}
	<-turn
	<-ctx.Done()
	<-clock.Stop().Done()
	calls.Wait()
}

// watch is a job and when it was looked at last.
type watch struct {
	Job
	busy sync.Mutex
	last time.Time
}

// look starts the job if a slot has come since the last look.
func (c Clock) look(ctx context.Context, w *watch, turn chan struct{}) {
	if !w.busy.TryLock() {
		return // it is at work; what comes meanwhile is found by a later look
	}
	defer w.busy.Unlock()
	now := c.Now()
	if now.Before(w.last) { // the clock was set back
		w.last = now
	}
	if next := w.When.Next(w.last); next.IsZero() || next.After(now) {
		return
	}
	w.last = now
	if wait(ctx, w.Jitter) {
		c.start(ctx, w.Job, turn)
	}
}

// answer starts the job at each call.
func (c Clock) answer(ctx context.Context, job Job, turn chan struct{}) {
	for {
		select {
		case <-job.Call:
			c.start(ctx, job, turn)
		case <-ctx.Done():
			return
		}
	}
}

// start runs the job when its turn comes.
func (c Clock) start(ctx context.Context, job Job, turn chan struct{}) {
	select {
	case turn <- struct{}{}:
	case <-ctx.Done():
		return
	}
	defer func() { <-turn }()
	if ctx.Err() == nil {
		guard(c.Log, job.Name, func() { job.Work(ctx) })
	}
}

// guard runs work and turns a panic into a log line, so that one bad piece of
// data ends one run and not the daemon.
func guard(log *slog.Logger, name string, work func()) {
	defer func() {
		if r := recover(); r != nil {
			log.Error("job panicked", "job", name, "err", fmt.Sprint(r), "stack", string(debug.Stack()))
		}
	}()
	work()
}

// wait sleeps for a random part of limit and says whether the context is alive.
func wait(ctx context.Context, limit time.Duration) bool {
	if limit <= 0 {
		return ctx.Err() == nil
	}
	select {
	case <-time.After(rand.N(limit)):
		return true
	case <-ctx.Done():
		return false
	}
}
