package schedule_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"standpoint/digest/schedule"
)

// settable is a clock that goes with the bubble's and can be set.
type settable struct {
	mu  sync.Mutex
	off time.Duration
}

func (s *settable) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Now().Add(s.off)
}

func (s *settable) set(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.off += d
}

// A clock that is set, or a machine that slept, is noticed within a minute: what
// came meanwhile is started once.
func TestAClockThatIsSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Hour+10*time.Second)
		defer cancel()
		var clock settable
		var mu sync.Mutex
		var at []string
		go func() {
			time.Sleep(90*time.Minute + 30*time.Second) // 01:30
			clock.set(5 * time.Hour)                    // 06:30
			time.Sleep(time.Hour)                       // 07:30
			clock.set(-3 * time.Hour)                   // 04:30
		}()
		schedule.Clock{Now: clock.now, Log: slog.New(slog.DiscardHandler)}.Run(ctx, schedule.Job{
			Name: "publish", When: parse(t, "@hourly"), Work: func(context.Context) {
				mu.Lock()
				defer mu.Unlock()
				at = append(at, clock.now().Format("15:04"))
			},
		})
		// The bubble begins at midnight. The slots know which of these are new.
		if want := []string{"01:00", "06:31", "07:00", "05:00", "06:00"}; !slices.Equal(at, want) {
			t.Errorf("started at %v, want %v", at, want)
		}
	})
}

// What comes due while the daemon begins, or while the job itself works, is
// started once after that; the clock goes on, and says so.
func TestNothingIsLostMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 6*time.Hour+10*time.Second)
		defer cancel()
		var at []string
		var beats atomic.Int32 // each comes on a goroutine of its own
		var out bytes.Buffer
		schedule.Clock{
			Now: time.Now, Log: slog.New(slog.NewTextHandler(&out, nil)),
			Begin: func(context.Context) { time.Sleep(90 * time.Minute); panic("bad beginning") },
			Beat:  func() { beats.Add(1) },
		}.Run(ctx, schedule.Job{Name: "publish", When: parse(t, "@hourly"), Work: func(context.Context) {
			at = append(at, time.Now().Format("15:04"))
			if len(at) == 2 {
				time.Sleep(150*time.Minute + 30*time.Second)
			}
		}})
		if want := []string{"01:30", "02:00", "04:31", "05:00", "06:00"}; !slices.Equal(at, want) {
			t.Errorf("started at %v, want %v", at, want)
		}
		if beats.Load() != 6*60 || !strings.Contains(out.String(), "bad beginning") {
			t.Errorf("%d beats in six hours: %s", beats.Load(), &out)
		}
	})
}
