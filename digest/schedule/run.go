package schedule

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"github.com/robfig/cron/v3"
)

// Job is work that recurs.
type Job struct {
	Name   string
	When   Schedule
	Jitter time.Duration // a random wait of up to this long precedes each run
	Work   func(context.Context)
}

// Run starts each job at its times until the context ends, then waits for the
// job in hand. A job that is due while another one works waits for it; one that
// is due while it is itself still at work is left out, and logged.
func Run(ctx context.Context, log *slog.Logger, jobs ...Job) {
	clock := cron.New(cron.WithLocation(time.UTC))
	turn := make(chan struct{}, 1)
	for _, job := range jobs {
		// Recover stands innermost: outside SkipIfStillRunning it would keep the
		// job's token after a panic, and the job would never run again.
		chain := cron.NewChain(cron.SkipIfStillRunning(skipped{log, job.Name}))
		clock.Schedule(job.When, chain.Then(cron.FuncJob(func() {
			if !wait(ctx, job.Jitter) {
				return
			}
			turn <- struct{}{}
			defer func() { <-turn }()
			if ctx.Err() == nil {
				Guard(log, job.Name, func() { job.Work(ctx) })
			}
		})))
	}
	clock.Start()
	<-ctx.Done()
	<-clock.Stop().Done()
}

// Guard runs work and turns a panic into a log line, so that one bad piece of
// data ends one run and not the daemon.
func Guard(log *slog.Logger, name string, work func()) {
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

// skipped tells the log what cron left out.
type skipped struct {
	log *slog.Logger
	job string
}

func (s skipped) Info(string, ...any) {
	s.log.Warn("run left out: the last one is still at work", "job", s.job)
}

func (s skipped) Error(err error, msg string, _ ...any) {
	s.log.Error(msg, "job", s.job, "err", err)
}
