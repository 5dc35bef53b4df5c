package render

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"standpoint/digest"
	"standpoint/digest/topic"
)

// interests are of two of the full edition's stances and of one outlet besides.
func interests(tb testing.TB, e digest.Edition) digest.Wish {
	tb.Helper()
	w := digest.Wish{Stances: []topic.StanceKey{"deploy", "survey"}}
	for _, s := range e.Sections {
		if s.Stance == "arm" && len(s.Entries) > 0 {
			w.Outlets = []string{s.Entries[0].Outlet}
		}
	}
	return w
}

func TestGoldenWishes(t *testing.T) {
	e := full(t)
	short, some := webFrame(), frame()
	short.Wish.Short, some.Wish = true, interests(t, e)
	for name, f := range map[string]Frame{"short": short, "interests": some} {
		l, err := renderer(t).Email(e, f)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".html.golden", l.HTML)
		golden(t, name+".txt.golden", l.Text)
	}
}

// Whatever a reader asks for, every camp and every piece stays in the letter, in
// the order that all readers have, and what stands above the pieces is the same.
func TestWishesHideNothing(t *testing.T) {
	for _, name := range []string{"full", "small", "hostile", "pack", "grown"} {
		e := samples[name](t)
		plain := newView(english(t), e, frame())
		top, _, _ := strings.Cut(render(t, e).Text, "\nSTART HERE\n")
		top, _, _ = strings.Cut(top, strings.Repeat("=", 72)+"\n\n■") // where there is nothing to start with
		for _, w := range []digest.Wish{{Short: true}, interests(t, e), {Outlets: []string{"Nobody's"}}} {
			f := frame()
			f.Wish = w
			v := newView(english(t), e, f)
			v.heed(e, w)
			out, shown := v.follow(plan{cards: 100, others: 100, briefs: 100, summary: maxSummary})
			if shown.Left != 0 || shown.Full+shown.Brief != e.Entries() || len(out.Sections) != len(plain.Sections) {
				t.Errorf("%s, %+v: %+v of %d", name, w, shown, e.Entries())
			}
			for i, s := range slices.Concat(out.Sections, out.Unsorted) {
				before := slices.Concat(plain.Sections, plain.Unsorted)[i].Entries
				at := -1
				for _, c := range s.Entries {
					next := slices.IndexFunc(before, func(b card) bool { return b.item == c.item })
					if en := entry(e, c.item); next <= at || !w.Wants(en) {
						t.Errorf("%s, %+v: %q is in full, or before its turn", name, w, c.Title)
					}
					at = next
				}
				at = -1
				for _, c := range s.Briefs {
					next := slices.IndexFunc(before, func(b card) bool { return b.item == c.item })
					if en := entry(e, c.item); next <= at || w.Wants(en) {
						t.Errorf("%s, %+v: %q has one line, or comes before its turn", name, w, c.Title)
					}
					at = next
				}
			}
			l, err := renderer(t).Email(e, f)
			if err != nil {
				t.Fatal(err)
			}
			if asked := w.Shape(e) != ""; asked != strings.Contains(l.Text, "\nYour choice: ") || asked != strings.Contains(l.HTML, ">Your choice: ") {
				t.Errorf("%s, %+v: the letter does not say whose choice it is", name, w)
			}
			if got, _, _ := strings.Cut(l.Text, "\nYour choice: "); !strings.HasPrefix(top, strings.TrimRight(got, "\n")) {
				t.Errorf("%s, %+v: the top is another", name, w)
			}
		}
	}
}

func entry(e digest.Edition, item int64) digest.Entry {
	for _, s := range e.Sections {
		for _, en := range s.Entries {
			if en.Item == item {
				return en
			}
		}
	}
	return digest.Entry{}
}

// However much there is, a letter by a reader's choice is as long as any (S21).
func TestPlansOfWishes(t *testing.T) {
	sizes := []int{1, 60, 200}
	if os.Getenv("LONG") != "" {
		sizes = append(sizes, 500)
	}
	for _, n := range sizes {
		e := stuffed(t, n, 300, "word", "bind", "deploy", "arm", "settle", "survey", topic.Unsure)
		for _, f := range []Frame{frame(), webFrame()} {
			for _, w := range []digest.Wish{{Short: true}, {Stances: []topic.StanceKey{"deploy"}}, {Stances: []topic.StanceKey{"arm"}, Outlets: []string{e.Sections[0].Name}}} {
				t.Run(fmt.Sprintf("%d %+v %s", n, w, f.Web), func(t *testing.T) {
					f.Wish = w
					l, err := renderer(t).Email(e, f)
					if err != nil {
						t.Fatal(err)
					}
					held(t, e, f, l)
					if w.Short && l.Shown.Full > 0 {
						t.Errorf("a short letter with pieces in full: %+v", l.Shown)
					}
				})
			}
		}
	}
}

// A usual week's letters by choice keep to the words that a reader has time for,
// and a short one is short.
func TestWordsOfWishes(t *testing.T) {
	e := many(t, 25)
	whole, err := renderer(t).Email(e, webFrame())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []digest.Wish{{Short: true}, interests(t, e)} {
		f := webFrame()
		f.Wish = w
		l, err := renderer(t).Email(e, f)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%+v: %+v; whole: %+v", w, l.Shown, whole.Shown)
		if l.Shown.Words > mostWords || w.Short && l.Shown.Words >= whole.Shown.Words || l.Shown.Left > 0 {
			t.Errorf("%+v: %+v; whole: %+v", w, l.Shown, whole.Shown)
		}
	}
}
