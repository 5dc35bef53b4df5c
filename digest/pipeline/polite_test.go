package pipeline_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

func answer(status int, header map[string]string) func(*outlet) {
	return func(o *outlet) { o.status, o.header = status, header }
}

// TestLeftAlone asks a source again no earlier than it wishes, and no later than
// a day after.
func TestLeftAlone(t *testing.T) {
	t.Parallel()
	for _, each := range []struct {
		name   string
		status int
		header map[string]string
		wait   time.Duration
	}{
		{"Retry-After in seconds", http.StatusServiceUnavailable, map[string]string{"Retry-After": "7200"}, 2 * time.Hour},
		{"Retry-After beyond all bounds", http.StatusTooManyRequests, map[string]string{"Retry-After": "99999999"}, 24 * time.Hour},
		{"max-age", 0, map[string]string{"Cache-Control": "public, max-age=3720"}, time.Hour},
		{"max-age beyond all bounds", 0, map[string]string{"Cache-Control": "max-age=31536000"}, 24*time.Hour - 2*time.Minute},
	} {
		t.Run(each.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 1, "one", "two")
			w.web.put("one", answer(each.status, each.header))
			w.gather(t)
			before, _ := w.web.asked("/one/feed")
			a, b := piece("a", 0), piece("b", 0)
			w.web.add("one", a)
			w.web.add("two", b)
			w.wait(each.wait - time.Second)
			if g := w.gather(t); g.Resting != 1 || g.New != 1 {
				t.Errorf("too early: %+v", g)
			}
			if n, _ := w.web.asked("/one/feed"); n != before {
				t.Errorf("it was asked %d times more", n-before)
			}
			w.web.put("one", answer(0, nil))
			w.wait(time.Second)
			if g := w.gather(t); g.Resting != 0 || g.New != 1 {
				t.Errorf("when its time has come: %+v", g)
			}
			w.publish(t)
			w.wantOnce(t, titles(a, b), 1)
		})
	}
}

// A clock that was set back must not keep a source away.
func TestWishesUnderAWrongClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	w.web.put("one", answer(0, map[string]string{"Cache-Control": "max-age=3600"}))
	w.wait(365 * 24 * time.Hour)
	w.gather(t)
	w.wait(-365 * 24 * time.Hour)
	if g := w.gather(t); g.Resting != 0 || g.Answered != 1 {
		t.Errorf("%+v", g)
	}
}

func TestPermanentMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "old", "new")
	w.Sources = w.Sources[:1]
	a := piece("a", 0)
	w.web.add("new", a)
	to := w.web.URL + "/new/feed"
	w.web.put("old", answer(http.StatusMovedPermanently, map[string]string{"Location": to}))
	if g := w.gather(t); g.New != 1 || len(g.Moved) != 1 || g.Moved[0].To != to {
		t.Errorf("%+v", g)
	}
	b := piece("b", 0)
	w.web.add("new", b)
	if g := w.gather(t); g.New != 1 || len(g.Moved) != 1 {
		t.Errorf("%+v", g)
	}
	if n, _ := w.web.asked("/old/feed"); n != 1 {
		t.Errorf("the old address was asked %d times", n)
	}
	// The new address breaks: the old one is asked again, and knows the way.
	w.web.put("new", answer(http.StatusNotFound, nil))
	w.gather(t)
	w.web.put("new", answer(0, nil))
	if g := w.gather(t); g.Unchanged+g.Answered == 0 {
		t.Errorf("%+v", g)
	}
	if n, _ := w.web.asked("/old/feed"); n != 2 {
		t.Errorf("the old address was asked %d times", n)
	}
	// It moves back: there is nothing to write into the config.
	w.web.put("old", answer(0, nil))
	w.web.put("new", answer(http.StatusMovedPermanently, map[string]string{"Location": w.web.URL + "/old/feed"}))
	for range 2 {
		if g := w.gather(t); g.Answered != 1 || len(g.Moved) != 0 {
			t.Errorf("back at its old address: %+v", g)
		}
	}
	w.publish(t)
	w.wantOnce(t, titles(a, b), 1)
}

func TestGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one", "two")
	a := piece("a", 0)
	w.web.add("one", a)
	w.gather(t)
	w.web.put("one", answer(http.StatusGone, nil))
	if g := w.gather(t); len(g.Failed) != 1 {
		t.Errorf("%+v", g)
	}
	before, _ := w.web.asked("/one/feed")
	if g := w.gather(t); g.Stopped != 1 || len(g.Failed) != 0 {
		t.Errorf("%+v", g)
	}
	if n, _ := w.web.asked("/one/feed"); n != before {
		t.Error("it was asked again")
	}
	must(t, w.Store.Resume(t.Context(), "one"))
	b := piece("b", 0)
	w.web.add("one", b)
	w.web.put("one", answer(0, nil))
	if g := w.gather(t); g.New != 1 || g.Stopped != 0 {
		t.Errorf("resumed: %+v", g)
	}
	w.publish(t)
	w.wantOnce(t, titles(a, b), 1)
}

func TestPaused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one", "two")
	w.gather(t)
	must(t, w.Store.Pause(t.Context(), "one", w.clock()))
	a := piece("a", 0)
	w.web.add("one", a)
	if g := w.gather(t); g.Stopped != 1 || g.New != 0 {
		t.Errorf("%+v", g)
	}
	must(t, w.Store.Resume(t.Context(), "one"))
	w.gather(t)
	w.publish(t)
	w.wantOnce(t, titles(a), 1)
}

// TestToldOnce reads the log of a source that fails eight times and comes back.
func TestToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one", "two")
	var log bytes.Buffer
	w.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo}))
	w.TellAfter = 3
	w.web.put("one", answer(http.StatusNotFound, nil))
	told := 0
	for range 8 {
		g := w.gather(t)
		if g.Failed[0].Told {
			told++
		}
	}
	text := log.String()
	if n := strings.Count(text, "source failed"); n != 2 {
		t.Errorf("%d lines before it was told", n)
	}
	if n := strings.Count(text, "level=WARN"); n != 1 || !strings.Contains(text, `msg="source keeps failing" source=one`) {
		t.Errorf("%d warnings:\n%s", n, text)
	}
	if told != 5 {
		t.Errorf("%d failures after it was told", told)
	}
	log.Reset()
	w.web.put("one", answer(0, nil))
	w.gather(t)
	w.gather(t)
	if n := strings.Count(log.String(), "source answers again"); n != 1 {
		t.Errorf("%d lines when it came back:\n%s", n, log.String())
	}
}

// TestFloodIsHeld lets a feed with a rhythm of five weeks bring its archive under
// new identifiers. Nothing of it is mailed before it is released, and nothing is
// lost.
func TestFloodIsHeld(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one", "two")
	w.gather(t)
	var rhythm []item
	for week := range 5 {
		w.wait(7 * 24 * time.Hour)
		i := piece(fmt.Sprint("rhythm", week), 0)
		i.published = w.clock()
		rhythm = append(rhythm, i)
		w.web.add("one", i)
		w.gather(t)
	}
	w.publish(t)
	var flood []item
	for n := range 30 {
		i := piece(fmt.Sprint("flood", n), 0)
		i.published, i.full = w.clock(), true
		flood = append(flood, i)
	}
	w.wait(3 * time.Hour)
	w.web.add("one", flood...)
	other := piece("other", 0)
	other.published = w.clock()
	w.web.add("two", other)
	if g := w.gather(t); g.New != 1 || len(g.Held) != 1 || g.Held[0].New != 30 || g.Held[0].Source.ID != "one" {
		t.Errorf("%+v", g)
	}
	w.publish(t)
	w.wantOnce(t, titles(append(rhythm, other)...), 1)
	if n, err := w.Store.Release(t.Context(), "one", w.clock()); err != nil || n != 30 {
		t.Errorf("released %d, %v", n, err)
	}
	w.wait(3 * time.Hour)
	w.gather(t)
	w.publish(t)
	w.wantOnce(t, titles(append(append(rhythm, other), flood...)...), 1)
}

// What a feed asks for in itself holds until it says something else, also
// through answers that it has not changed.
func TestWishesOfTheFeed(t *testing.T) {
	t.Parallel()
	feed := func(channel string, w *world) string {
		return strings.Replace(w.web.rss("/one/", nil), "<title>", channel+"<title>", 1)
	}
	w := newWorld(t, 1, "one", "two")
	w.web.put("one", func(o *outlet) { o.body = feed("<ttl>122</ttl>", w) })
	for i := range 3 {
		if g := w.gather(t); g.Resting != 0 || (i > 0) != (g.Unchanged == 2) {
			t.Errorf("visit %d: %+v", i, g)
		}
		w.wait(2*time.Hour - time.Second)
		if g := w.gather(t); g.Resting != 1 {
			t.Errorf("visit %d, too early: %+v", i, g)
		}
		w.wait(time.Second)
	}
	now := w.clock().UTC().Hour()
	w.web.put("one", func(o *outlet) {
		o.body = feed(fmt.Sprintf("<skipHours><hour>%d</hour><hour>%d</hour></skipHours>", (now+1)%24, (now+2)%24), w)
	})
	w.gather(t)
	for i := range 4 {
		w.wait(time.Hour)
		if g := w.gather(t); (g.Resting == 1) != (i < 2) {
			t.Errorf("%d hours later: %+v", i+1, g)
		}
	}
}
