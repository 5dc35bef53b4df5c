package pipeline_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"standpoint/digest/mail"
)

// TestHalfAYear gathers and publishes from the week before the clocks go
// forward until the week after they go back, in Brussels' time, over feeds that
// fail and a server that defers: nothing is lost and nothing comes twice. Every
// three hours would be the schedule; outside the weeks of the clock changes
// once a day brings the same pieces.
func TestHalfAYear(t *testing.T) {
	t.Parallel()
	const readers = 2
	w := newWorld(t, readers, "one", "two", "three")
	random := rand.New(rand.NewPCG(2026, 1))
	letters := 0
	w.box.onSend = func(int, *mail.Message) error {
		if letters++; letters%7 == 0 {
			return &mail.SendError{Outcome: mail.Deferred, Stage: "RCPT", Code: 451}
		}
		return nil
	}
	day := time.Date(2026, 3, 23, 0, 0, 0, 0, w.Zone)
	end := time.Date(2026, 11, 3, 0, 0, 0, 0, w.Zone)
	changes := []time.Time{time.Date(2026, 3, 29, 0, 0, 0, 0, w.Zone), time.Date(2026, 10, 25, 0, 0, 0, 0, w.Zone)}
	var all []item
	editions, quiet := 0, 0
	at := func(moment time.Time) {
		w.mu.Lock()
		w.now = moment
		w.mu.Unlock()
	}
	for n := 0; day.Before(end); n++ {
		if random.IntN(3) == 0 && (n/7)%9 != 4 { // and every ninth week nothing comes
			next := item{id: fmt.Sprint(n), published: day.Add(time.Hour), full: random.IntN(2) == 0, off: random.IntN(5) == 0}
			if !next.off {
				all = append(all, next)
			}
			w.web.add([]string{"one", "two", "three"}[random.IntN(3)], next)
			w.web.put("one", func(o *outlet) { o.items = o.items[:min(len(o.items), 8)] }) // feeds keep few
		}
		w.web.put("two", func(o *outlet) {
			o.status = 0
			if random.IntN(10) == 0 {
				o.status = http.StatusBadGateway
			}
		})
		every := 24
		for _, c := range changes {
			if day.Sub(c).Abs() < 2*24*time.Hour {
				every = 3
			}
		}
		for hour := 0; hour < 24; hour += every {
			at(time.Date(day.Year(), day.Month(), day.Day(), hour, 23, 0, 0, w.Zone))
			w.gather(t)
			if day.Weekday() == time.Monday && hour <= 7 && 7 < hour+every {
				at(time.Date(day.Year(), day.Month(), day.Day(), 7, 7, 0, 0, w.Zone))
				if w.publish(t).Edition != nil {
					editions++
				} else {
					quiet++
				}
			}
			if _, err := w.Resume(t.Context()); err != nil {
				t.Error(err)
			}
		}
		day = day.AddDate(0, 0, 1)
	}
	w.web.put("two", func(o *outlet) { o.status = 0 })
	w.gather(t)
	w.publish(t)
	w.wait(2 * time.Hour)
	if _, err := w.Resume(t.Context()); err != nil {
		t.Error(err)
	}
	w.wantOnce(t, titles(all...), readers)
	if editions < 20 || quiet < 1 || len(all) < 30 {
		t.Errorf("%d editions, %d quiet weeks, %d pieces: too few to say anything", editions, quiet, len(all))
	}
}
