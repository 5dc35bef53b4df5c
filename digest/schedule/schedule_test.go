package schedule_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata"

	"standpoint/digest/schedule"
)

func TestParseRefuses(t *testing.T) {
	for expr, want := range map[string]string{
		"":                            "is empty",
		"0 0 30 2 *":                  "never fires",
		"61 * * * *":                  "no cron expression",
		"* * *":                       "no cron expression",
		"CRON_TZ=Europe/Kyiv":         "names a time zone",
		"TZ=Europe/London":            "names a time zone",
		"CRON_TZ=Europe/Kyiv 1 1 * *": "names a time zone",
		"@every -1s":                  "one minute or more",
		"@every 0s":                   "one minute or more",
		"@every 7d":                   "one minute or more",
	} {
		_, err := schedule.Parse(expr, time.UTC)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q): %v, want %q", expr, err, want)
		}
	}
}

func TestNextIsInTheZone(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	s, err := schedule.Parse("7 7 * * 1", zone)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, time.March, 27, 12, 0, 0, 0, time.UTC)
	want := []string{"2026-03-30T07:07:00+02:00", "2026-04-06T07:07:00+02:00"}
	for _, w := range want {
		at = s.Next(at)
		if got := at.Format(time.RFC3339); got != w {
			t.Errorf("next run %s, want %s", got, w)
		}
	}
}

func parse(t *testing.T, expr string) schedule.Schedule {
	t.Helper()
	s, err := schedule.Parse(expr, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAPanicDoesNotEndTheJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Hour+time.Minute)
		defer cancel()
		var out bytes.Buffer
		var runs atomic.Int32
		schedule.Clock{Now: time.Now, Log: slog.New(slog.NewTextHandler(&out, nil))}.Run(ctx, schedule.Job{
			Name: "gather", When: parse(t, "@hourly"), Work: func(context.Context) { runs.Add(1); panic("bad piece") },
		})
		if runs.Load() != 3 {
			t.Errorf("%d runs in three hours, want 3", runs.Load())
		}
		if !strings.Contains(out.String(), "bad piece") {
			t.Errorf("the panic is not in the log: %s", &out)
		}
	})
}

func TestJobsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour+time.Minute)
		defer cancel()
		var at, most atomic.Int32
		work := func(context.Context) {
			if n := at.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(10 * time.Minute)
			at.Add(-1)
		}
		schedule.Clock{Now: time.Now, Log: slog.New(slog.DiscardHandler)}.Run(ctx,
			schedule.Job{Name: "gather", When: parse(t, "@hourly"), Work: work},
			schedule.Job{Name: "publish", When: parse(t, "@hourly"), Work: work, Jitter: time.Minute})
		if most.Load() != 1 {
			t.Errorf("%d jobs at once, want 1", most.Load())
		}
	})
}

func TestRunEndsWithTheJobInHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour+time.Second)
		defer cancel()
		done := false
		schedule.Clock{Now: time.Now, Log: slog.New(slog.DiscardHandler)}.Run(ctx, schedule.Job{
			Name: "publish", When: parse(t, "@hourly"), Work: func(context.Context) { time.Sleep(time.Minute); done = true },
		})
		if !done {
			t.Error("Run returned before the job in hand was done")
		}
	})
}
