package pipeline_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"standpoint/digest"
)

const oneWeek = 7 * 24 * time.Hour

// TestHeldOverUntilEnough brings one piece a week: the third makes an edition,
// which covers the weeks of all three.
func TestHeldOverUntilEnough(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "one")
	w.Quiet = digest.Quiet{Least: 3, Send: digest.QuietNothing}
	var log bytes.Buffer
	w.Log = slog.New(slog.NewTextHandler(&log, nil))
	var all []item
	var from time.Time
	for week := range 7 {
		next := item{id: fmt.Sprint(week), published: w.clock().Add(-time.Minute)}
		all = append(all, next)
		w.web.add("one", next)
		w.gather(t)
		p := w.publish(t)
		switch held := week%3 + 1; {
		case held < 3:
			if p.Edition != nil || p.Held != held {
				t.Fatalf("week %d: edition %v, %d held over", week, p.Edition, p.Held)
			}
		case p.Edition == nil || p.Held != 0 || p.Edition.Entries() != 3 || p.Edition.Number != week/3+1:
			t.Fatalf("week %d: %+v", week, p)
		case p.Edition.Pieces.Seen < 3 || !from.IsZero() && !p.Window.From.Equal(from):
			t.Errorf("week %d: %d seen in the window %v, want it to begin %v", week, p.Edition.Pieces.Seen, p.Window, from)
		}
		if p.Edition != nil {
			from = p.Window.To
		}
		w.wait(oneWeek)
	}
	if want := "msg=\"too few pieces, held over for the next edition\" pieces=2 least=3"; !strings.Contains(log.String(), want) {
		t.Errorf("the log lacks %q:\n%s", want, log.String())
	}
	// With another rule, what was held over comes.
	w.Quiet = digest.Quiet{}
	if p := w.publish(t); p.Edition == nil || p.Edition.Entries() != 1 {
		t.Errorf("published %+v", p.Edition)
	}
	w.wantOnce(t, titles(all...), 2)
}

// TestNoteOfAQuietWeek sends notes of no piece and of one, once to each reader.
func TestNoteOfAQuietWeek(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "one")
	w.Quiet = digest.Quiet{Least: 2, Send: digest.QuietNote}
	w.gather(t)
	empty := w.publish(t)
	w.wait(oneWeek)
	a := item{id: "a", published: w.clock().Add(-time.Minute)}
	w.web.add("one", a)
	w.gather(t)
	one := w.publish(t)
	w.wait(oneWeek)
	b, c := item{id: "b", published: w.clock().Add(-time.Minute)}, item{id: "c", published: w.clock().Add(-time.Minute)}
	w.web.add("one", b, c)
	w.gather(t)
	full := w.publish(t)
	for i, each := range []struct {
		got  *digest.Edition
		note bool
		n    int
	}{{empty.Edition, true, 0}, {one.Edition, true, 1}, {full.Edition, false, 2}} {
		if each.got == nil || each.got.Note != each.note || each.got.Entries() != each.n || len(each.got.Past) != i {
			t.Errorf("edition %d: %+v", i+1, each.got)
		}
	}
	if !one.Window.From.Equal(empty.Window.To) {
		t.Errorf("windows %v and %v", empty.Window, one.Window)
	}
	w.wantOnce(t, titles(a, b, c), 2)
}
