package render

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// webFrame is that of a sender with a web side.
func webFrame() Frame {
	f := frame()
	f.Web, f.Leave = "https://digest.example.org", "https://digest.example.org/leave/0123456789abcdef0123456789abcdef"
	return f
}

// stuffed is an edition of n pieces in the sections of the keys, each with texts
// of so many letters.
func stuffed(tb testing.TB, n, letters int, word string, keys ...topic.StanceKey) digest.Edition {
	e := blank(tb)
	text := strings.TrimSpace(strings.Repeat(word+" ", letters/len([]rune(word))+1))
	for i := range n {
		en := digest.Entry{
			Title: fmt.Sprintf("%d %s", i, text), URL: fmt.Sprintf("https://a.example/%d?%s", i, strings.Repeat("x", 80)), Outlet: "An " + text, Authors: []string{text, "B"},
			Summary: text + ". " + text + ".", Quote: text, Contrary: text, Doubt: stance.Leaning, Also: []topic.StanceKey{"settle"}, Published: on(tb, 18), Minutes: 4,
		}
		put(&e, keys[i%len(keys)], en)
	}
	for _, s := range e.Sections[:4] {
		if len(s.Entries) > 0 {
			e.Start = append(e.Start, s.Entries[len(s.Entries)-1].Item) // the last, which no order puts first
		}
	}
	return e
}

// However much there is, a letter has the size that mail programs show whole
// (S21), a way to leave at its end, and the same share for each camp.
func TestPlans(t *testing.T) {
	all := []topic.StanceKey{"bind", "deploy", "arm", "settle", "survey", topic.Unsure}
	for _, n := range []int{0, 1, 25, 60, 500} {
		for letters, word := range map[int]string{30: "guarantee", 300: "гарантія", 10_000: "long"} {
			for name, keys := range map[string][]topic.StanceKey{"spread": all, "one": {"arm"}} {
				if n == 500 && (letters == 10_000 || os.Getenv("LONG") == "" && (letters == 30 || name == "one")) {
					continue // ten thousand letters are cut like three hundred
				}
				t.Run(fmt.Sprintf("%d of %d %s", n, letters, name), func(t *testing.T) {
					e := stuffed(t, n, letters, word, keys...)
					for _, f := range []Frame{frame(), webFrame()} {
						l, err := renderer(t).Email(e, f)
						if err != nil {
							t.Fatal(err)
						}
						held(t, e, f, l)
					}
				})
			}
		}
	}
}

func held(t *testing.T, e digest.Edition, f Frame, l Letter) {
	t.Helper()
	s := l.Shown
	if len(l.HTML) != s.Bytes || !fits(l.HTML) {
		t.Errorf("%d octets", len(l.HTML))
	}
	if s.Full+s.Brief+s.Left != e.Entries() {
		t.Errorf("%+v of %d", s, e.Entries())
	}
	way := orElse(f.Leave, "mailto:digest+unsubscribe@example.org?subject=unsubscribe")
	if !strings.HasSuffix(strings.TrimSpace(l.Text), way) || strings.Count(l.HTML, way) != 2 {
		t.Error("the letter's end is gone")
	}
	if s.Left > 0 && !strings.Contains(l.Text, "more, ") {
		t.Error("what is left out is not counted")
	}
}

// All camps have the same number of pieces in full, and those to start with are
// among them.
func TestCampsAlike(t *testing.T) {
	for _, n := range []int{24, 60, 200} {
		e := stuffed(t, n, 120, "word", "bind", "deploy", "arm", "settle", "survey", topic.Unsure)
		v := newView(english(t), e, webFrame())
		for _, p := range v.plans(300) {
			out, _ := v.follow(p)
			for _, s := range out.Sections {
				if s.Camp && len(s.Entries) != len(out.Sections[0].Entries) {
					t.Errorf("%+v: %d in full under %s, %d under %s", p, len(s.Entries), s.Key, len(out.Sections[0].Entries), out.Sections[0].Key)
				}
			}
			first := out.first()
			for _, s := range out.Sections {
				for _, c := range s.Entries {
					delete(first, c.item)
				}
			}
			if len(first) > 0 {
				t.Errorf("%+v: not in full, but to start with: %v", p, first)
			}
		}
	}
}

// A usual week keeps to the words that a reader has time for.
func TestWords(t *testing.T) {
	for n := 10; n <= 40; n += 5 {
		l, err := renderer(t).Email(many(t, n), webFrame())
		if err != nil {
			t.Fatal(err)
		}
		if l.Shown.Words > mostWords || l.Shown.Words < 600 {
			t.Errorf("%d pieces: %+v", n, l.Shown)
		}
	}
}

func TestSentences(t *testing.T) {
	const s = "One is first. Is two the second? Three comes […] after all of them."
	for limit, want := range map[int]string{0: "", 20: "One is first.", 40: "One is first. Is two the second?", 100: s, 8: "One is…"} {
		if got := sentences(s, limit); got != want {
			t.Errorf("%d: %q, want %q", limit, got, want)
		}
	}
}
