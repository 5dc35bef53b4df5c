package schedule_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"standpoint/digest/schedule"
)

// A job that is called starts at once, or when the job in hand has ended; its own
// slots come all the same.
func TestACalledJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour+10*time.Second)
		defer cancel()
		call := make(chan struct{})
		var at []string
		go func() {
			time.Sleep(30*time.Minute + 5*time.Second) // while another job works
			call <- struct{}{}
			time.Sleep(time.Hour)
			call <- struct{}{}
		}()
		note := func(name string, takes time.Duration) func(context.Context) {
			return func(context.Context) { // jobs take turns
				at = append(at, name+time.Now().Format(" 15:04:05"))
				time.Sleep(takes)
			}
		}
		schedule.Clock{Now: time.Now, Log: slog.New(slog.DiscardHandler)}.Run(ctx,
			schedule.Job{Name: "gather", When: parse(t, "30 0 * * *"), Work: note("gather", 20*time.Second)},
			schedule.Job{Name: "approve", When: parse(t, "@hourly"), Work: note("approve", time.Second), Call: call},
		)
		want := []string{"gather 00:30:00", "approve 00:30:20", "approve 01:00:00", "approve 01:30:05", "approve 02:00:00"}
		if !slices.Equal(at, want) {
			t.Errorf("started %v, want %v", at, want)
		}
	})
}
