package pipeline_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/feeds"
)

// piece makes a piece that came out so many hours before monday.
func piece(id string, hours int) item {
	return item{id: id, published: monday.Add(-time.Duration(hours) * time.Hour)}
}

// entries are those of the newest edition, by title.
func entries(t testing.TB, w *world) map[string]digest.Entry {
	t.Helper()
	all := w.editions(t)
	out := map[string]digest.Entry{}
	if len(all) == 0 {
		return out
	}
	for _, s := range all[len(all)-1].Sections {
		for _, en := range s.Entries {
			out[en.Title] = en
		}
	}
	return out
}

func TestFirstRunPublishesTheSecondSendsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, "one", "two")
	a, b, old, off := piece("a", 1), piece("b", 2), piece("old", 24*9), piece("off", 1)
	b.full, off.off = true, true
	w.web.add("one", a, off)
	w.web.add("two", b, old)
	g := w.gather(t)
	if g.New != 4 || g.Judged != 2 || g.Relevant != 2 || g.Waiting != 0 || g.Read() != 2 {
		t.Errorf("gathered %+v", g)
	}
	p := w.publish(t)
	if p.Edition == nil || p.Edition.Number != 1 || p.Edition.Pieces.Seen != 4 || len(p.Outcomes) != 1 || !p.Outcomes[0].Finished {
		t.Errorf("published %+v", p)
	}
	if n, _ := w.web.asked("/one/off"); n != 0 {
		t.Error("the page of a piece that is not on the subject was asked for")
	}
	if n, _ := w.web.asked("/two/b"); n != 0 {
		t.Error("the page of a piece whose text is in the feed was asked for")
	}
	if e := entries(t, w); e[a.title()].Basis != stance.BasisPage || e[b.title()].Basis != stance.BasisFeed {
		t.Errorf("entries: %+v", e)
	}
	w.wait(time.Minute)
	g = w.gather(t)
	if g.New != 0 || g.Unchanged != 2 || g.Judged != 0 {
		t.Errorf("gathered again: %+v", g)
	}
	if p := w.publish(t); p.Edition != nil || len(p.Outcomes) != 0 {
		t.Errorf("published again: %+v", p)
	}
	if w.models != 1 {
		t.Errorf("the model was asked for %d times", w.models)
	}
	w.wantOnce(t, titles(a, b), 3)
}

func TestDeadFeedsHarmNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one", "dead", "page", "wall")
	a := piece("a", 1)
	w.web.add("one", a)
	w.web.put("dead", func(o *outlet) { o.status = http.StatusInternalServerError })
	w.web.put("page", func(o *outlet) { o.body = "<!doctype html><html><body><h1>Welcome</h1></body></html>" })
	gone := w.web.source("gone")
	gone.URL = "http://127.0.0.1:1/feed"
	w.Sources = append(w.Sources[:3:3], gone)
	g := w.gather(t)
	if len(g.Failed) != 3 || g.Failed[0].Source.ID != "dead" || g.Failed[1].Source.ID != "page" || g.Failed[2].Source.ID != "gone" {
		t.Fatalf("failed: %+v", g.Failed)
	}
	if e, ok := errors.AsType[*feeds.Error](g.Failed[1].Err); !ok || e.Class != feeds.ClassNotFeed {
		t.Errorf("HTML in a feed's stead: %v", g.Failed[1].Err)
	}
	w.wait(3 * time.Hour)
	w.gather(t)
	states, err := w.Store.Sources(t.Context())
	must(t, err)
	for _, s := range states {
		switch failing := s.ID != "one"; {
		case failing && (s.Failures != 2 || s.Error == "" || !s.FailingSince.Equal(monday)):
			t.Errorf("%s: %+v", s.ID, s)
		case !failing && s.Failures != 0:
			t.Errorf("%s: %+v", s.ID, s)
		}
	}
	if p := w.publish(t); p.Edition == nil || p.Edition.Feeds != (digest.FeedCount{Read: 1, Failed: 3}) {
		t.Errorf("published %+v", p.Edition)
	}
	w.web.put("dead", func(o *outlet) { o.status = 0 })
	w.gather(t)
	if states, err = w.Store.Sources(t.Context()); err != nil || states[1].Failures != 0 {
		t.Errorf("after it was mended: %+v, %v", states[1], err)
	}
	w.wantOnce(t, titles(a), 1)
}

func TestPageThatFailsForNow(t *testing.T) {
	t.Parallel()
	for _, each := range []struct {
		name  string
		heals bool
		want  stance.Basis
	}{
		{"comes back", true, stance.BasisPage},
		{"stays away", false, stance.BasisTeaser},
	} {
		t.Run(each.name, func(t *testing.T) {
			w := newWorld(t, 1, "one")
			a := piece("a", 1)
			a.status = http.StatusServiceUnavailable
			w.web.add("one", a)
			for range 3 {
				if g := w.gather(t); g.Waiting != 1 || g.Judged != 0 {
					t.Errorf("gathered %+v", g)
				}
				w.wait(3 * time.Hour)
			}
			if n, _ := w.web.asked("/one/a"); n != 3 {
				t.Errorf("the page was asked for %d times", n)
			}
			if each.heals {
				w.web.put("one", func(o *outlet) { o.items[0].status = 0 })
				if g := w.gather(t); g.Judged != 1 {
					t.Errorf("gathered %+v", g)
				}
			}
			w.publish(t)
			if e := entries(t, w); e[a.title()].Basis != each.want {
				t.Errorf("entry %+v", e[a.title()])
			}
			w.wantOnce(t, titles(a), 1)
		})
	}
}

func TestPageThatIsNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	gone, bare, home := piece("gone", 1), piece("bare", 2), piece("home", 3)
	gone.status = http.StatusNotFound
	bare.status, bare.bare = http.StatusGone, true
	home.link = w.web.URL + "/" // the bare host is no page of the piece
	w.web.add("one", gone, bare, home)
	if g := w.gather(t); g.Judged != 3 || g.Waiting != 0 {
		t.Errorf("gathered %+v", g)
	}
	if n, _ := w.web.asked("/"); n != 0 {
		t.Error("the home page was taken for the piece")
	}
	w.publish(t)
	e := entries(t, w)
	for i, want := range map[*item]stance.Basis{&gone: stance.BasisTeaser, &home: stance.BasisTeaser} {
		if got := e[i.title()]; got.Basis != want || got.Minutes != 0 {
			t.Errorf("%s: %+v", i.id, got)
		}
	}
	if got, ok := e[bare.title()]; ok && got.Basis != stance.BasisTitle {
		t.Errorf("bare: %+v", got)
	}
}

func TestPagesNever(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	w.Pages = false
	a := piece("a", 1)
	w.web.add("one", a)
	w.gather(t)
	w.publish(t)
	if n, _ := w.web.asked("/one/a"); n != 0 || entries(t, w)[a.title()].Basis != stance.BasisTeaser {
		t.Errorf("page asked for %d times, entry %+v", n, entries(t, w)[a.title()])
	}
}

func TestModelIsNotTrainedForNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	off := piece("off", 1)
	off.off = true
	w.web.add("one", off)
	w.gather(t)
	w.publish(t)
	if w.models != 0 {
		t.Errorf("the model was asked for %d times", w.models)
	}
}

func TestCopyWeeksLaterIsNotRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "one", "two", "three")
	a := piece("a", 1)
	w.web.add("one", a)
	w.gather(t)
	w.publish(t)
	w.wait(21 * 24 * time.Hour)
	same, reprint := a, a
	same.published, same.link = w.clock(), w.web.URL+"/one/a?utm_source=rss"
	reprint.published, reprint.canonical = w.clock(), w.web.URL+"/one/a"
	w.web.add("two", same)
	w.web.add("three", reprint)
	if g := w.gather(t); g.New != 2 {
		t.Errorf("gathered %+v", g)
	}
	if p := w.publish(t); p.Edition != nil {
		t.Errorf("an edition of copies: %+v", p.Edition)
	}
	b := item{id: "b", published: w.clock()}
	w.web.add("two", b)
	w.gather(t)
	w.publish(t)
	w.wantOnce(t, titles(a, b), 2)
}

// A clock that ran years ahead at one gathering must not make all that comes
// after it too old.
func TestClockThatWasWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	w.wait(10 * 365 * 24 * time.Hour)
	w.gather(t)
	w.wait(-10 * 365 * 24 * time.Hour)
	a := piece("a", 1)
	w.web.add("one", a)
	w.gather(t)
	w.publish(t)
	w.wantOnce(t, titles(a), 1)
}

func TestClockSetBackBetweenEditions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "one")
	var all []item
	for i, step := range []time.Duration{0, -2 * time.Hour, time.Hour, 4 * time.Hour, -time.Hour, 24 * time.Hour} {
		w.wait(step)
		next := item{id: string(rune('a' + i)), published: w.clock().Add(-time.Minute)}
		all = append(all, next)
		w.web.add("one", next)
		w.gather(t)
		w.publish(t)
	}
	w.publish(t)
	w.wantOnce(t, titles(all...), 2)
}

func TestQuietWeekIsRecorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	first := w.publish(t)
	w.wait(7*24*time.Hour + 123*time.Nanosecond)
	a := item{id: "a", published: w.clock()}
	w.web.add("one", a)
	w.gather(t)
	second := w.publish(t)
	if first.Edition != nil || !second.Window.From.Equal(first.Window.To) {
		t.Errorf("windows %v, %v", first.Window, second.Window)
	}
	w.wait(24 * time.Hour)
	if third := w.publish(t); !third.Window.From.Equal(second.Window.To) || third.Window.From.Location() != w.Zone {
		t.Errorf("windows %v, %v", second.Window, third.Window)
	}
	w.wantOnce(t, titles(a), 1)
}
