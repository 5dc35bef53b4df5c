package render

import (
	"strings"
	"testing"
	"testing/fstest"

	"standpoint/digest"
	"standpoint/digest/topic"
)

// Pieces may wait for longer than a week, so that an edition has more of them
// than came in its window.
func TestPiecesKept(t *testing.T) {
	for _, c := range []struct {
		seen, kept int
		want       string
	}{
		{214, 9, "Of 214 new pieces seen, 9 are kept."},
		{1, 1, "Of 1 new piece seen, 1 is kept."},
		{0, 3, "New this time: 0 pieces; kept, with those that had come before and waited: 3."},
		{1, 3, "New this time: 1 piece; kept, with those that had come before and waited: 3."},
	} {
		if got := english(t).piecesKept(digest.PieceCount{Seen: c.seen, Kept: c.kept}); got != c.want {
			t.Errorf("of %d seen %d kept: %q, want %q", c.seen, c.kept, got, c.want)
		}
	}
}

// An outlet that lists a piece at the piece's own address has nothing to link to:
// its name must not lead to another outlet.
func TestListedAtTheSameAddress(t *testing.T) {
	const own = "https://a.example/piece"
	e := blank(t)
	put(&e, "arm", digest.Entry{Title: "A piece", URL: own, Outlet: "Own", AlsoAt: []digest.Copy{{Outlet: "Aggregator", URL: own}}})
	l := render(t, e)
	page, err := renderer(t).Page(e, frame())
	if err != nil {
		t.Fatal(err)
	}
	for name, part := range map[string]string{"HTML": l.HTML, "page": page} {
		if !strings.Contains(part, "also listed by Aggregator") || strings.Contains(part, ">Aggregator</a>") {
			t.Errorf("the %s links the outlet's name, or lacks it", name)
		}
	}
	if !strings.Contains(l.Text, "    "+own+"\n    Also listed by Aggregator\n") || strings.Count(l.Text, own) != 1 {
		t.Errorf("the text:\n%s", l.Text)
	}
}

// The text part asks the topic's question as the HTML part does, and keeps its
// bars beside the editions before.
func TestTextSaysWhatTheHTMLSays(t *testing.T) {
	l := render(t, grown(t))
	if q := wrap(grown(t).Question, "", ""); !strings.Contains(l.Text, "\n"+q+"\n") {
		t.Errorf("the text lacks the question %q", q)
	}
	if !strings.Contains(l.Text, "   ■") {
		t.Error("the text's table has no bars")
	}
	for line := range strings.SplitSeq(l.Text, "\n") {
		if width(line) > columns && !strings.Contains(line, "://") {
			t.Errorf("longer than %d columns: %s", columns, line)
		}
	}
}

// The web copy holds the pieces and links that the letter does (S20, S44).
func TestPageTemplateWithoutPieces(t *testing.T) {
	p, err := topic.Builtin("ukraine-security-guarantees")
	if err != nil {
		t.Fatal(err)
	}
	_, err = New(p, fstest.MapFS{"page.html.tmpl": {Data: []byte("<!DOCTYPE html><p>{{.Lead}}</p>")}})
	if err == nil || !strings.Contains(err.Error(), "page.html.tmpl: the web copy lacks the link https://example.org/") {
		t.Errorf("a web copy without pieces: %v", err)
	}
}

// A quiet week's note tells every piece in one line; the web copy has them in full.
func TestNoteInLines(t *testing.T) {
	e := note(t)
	l := render(t, e)
	if l.Shown.Full != 0 || l.Shown.Brief != e.Entries() || l.Shown.Left != 0 {
		t.Errorf("of %d pieces the note shows %+v", e.Entries(), l.Shown)
	}
	for _, s := range e.Sections {
		for _, en := range s.Entries {
			if strings.Contains(l.HTML, "“"+en.Quote+"”") || strings.Contains(l.Text, "“"+en.Quote+"”") {
				t.Errorf("the note quotes %q", en.Title)
			}
			if !strings.Contains(l.Text, en.URL+"\n") {
				t.Errorf("the note lacks %s", en.URL)
			}
		}
	}
}

func TestEmptyTemplate(t *testing.T) {
	p, err := topic.Builtin("ukraine-security-guarantees")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"edition.html.tmpl", "edition.txt.tmpl", "page.html.tmpl"} {
		_, err := New(p, fstest.MapFS{name: {Data: []byte("\n{{/* nothing yet */}}")}})
		if err == nil || !strings.Contains(err.Error(), name+": the template gives nothing") {
			t.Errorf("%s that gives nothing: %v", name, err)
		}
	}
}
