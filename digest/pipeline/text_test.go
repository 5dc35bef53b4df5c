package pipeline_test

import (
	"strings"
	"testing"
	"time"

	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/feeds"
	"standpoint/feeds/article"
)

// stored is what the store has of a piece of an outlet.
func stored(t testing.TB, w *world, name string, i item) store.Known {
	t.Helper()
	all, err := w.Store.Find(t.Context(), feeds.Key(w.web.URL+"/"+name+"/"+i.id))
	must(t, err)
	if len(all) != 1 {
		t.Fatalf("%d pieces of %s/%s", len(all), name, i.id)
	}
	return all[0]
}

// TestWhereTextComesFrom has a piece with its text in the feed and one without,
// and all that a source's options and its pages can say to it.
func TestWhereTextComesFrom(t *testing.T) {
	t.Parallel()
	const closed = `<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>`
	for _, each := range []struct {
		name         string
		text         feeds.TextFrom
		head, words  string
		status       int
		full, teaser stance.Basis
		asked        int // requests for pages
	}{
		{"auto", feeds.TextAuto, "", "", 0, stance.BasisFeed, stance.BasisPage, 1},
		{"default", "", "", "", 0, stance.BasisFeed, stance.BasisPage, 1},
		{"feed", feeds.TextFeed, "", "", 0, stance.BasisFeed, stance.BasisTeaser, 0},
		{"page", feeds.TextPage, "", "", 0, stance.BasisPage, stance.BasisPage, 2},
		{"pages that are gone", feeds.TextPage, "", "", 404, stance.BasisFeed, stance.BasisTeaser, 2},
		{"paywall", feeds.TextAuto, closed, "<p>Subscribe to continue reading this article, and all others of the week, from four euros a month on.</p>", 0, stance.BasisFeed, stance.BasisPaywall, 1},
	} {
		t.Run(each.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 1, "one")
			w.Sources[0].Text = each.text
			full, teaser := piece("full", 1), piece("teaser", 2)
			full.full = true
			for _, i := range []*item{&full, &teaser} {
				i.head, i.words, i.status = each.head, each.words, each.status
			}
			w.web.add("one", full, teaser)
			w.gather(t)
			a, _ := w.web.asked("/one/full")
			b, _ := w.web.asked("/one/teaser")
			if a+b != each.asked {
				t.Errorf("%d requests for pages", a+b)
			}
			for _, p := range []struct {
				item
				want stance.Basis
			}{{full, each.full}, {teaser, each.teaser}} {
				k := stored(t, w, "one", p.item)
				if k.Basis != p.want {
					t.Errorf("%s: judged by its %s: %q", p.id, k.Basis, k.PageError)
				}
				if (each.status != 0) != (k.PageError != "") {
					t.Errorf("%s: the reason: %q", p.id, k.PageError)
				}
			}
		})
	}
}

// What the page says fills what the feed leaves open, and overrules nothing.
func TestPageFillsTheGaps(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	i := item{id: "a", head: `<meta property="article:published_time" content="` + monday.Add(-48*time.Hour).Format(time.RFC3339) + `">` +
		`<meta name="author" content="Ada Author"><meta property="og:locale" content="en_GB">`}
	w.web.add("one", i)
	w.gather(t)
	k := stored(t, w, "one", i)
	if !k.Published.Equal(monday.Add(-48*time.Hour)) || len(k.Authors) != 1 || k.Authors[0] != "Ada Author" || k.Language != "en-GB" {
		t.Errorf("%v, %v, %s", k.Published, k.Authors, k.Language)
	}
}

func TestRulesOfASource(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one", "two")
	rules, err := article.NewRules([]string{"article"}, []string{".box"})
	must(t, err)
	w.Rules = map[feeds.SourceID]article.Rules{"one": rules}
	a := piece("a", 1)
	a.words = `<div class="box"><p>` + strings.Repeat("Buy our book on the subject of this piece today. ", 10) + `</p></div>`
	w.web.add("one", a)
	w.web.add("two", a)
	w.gather(t)
	if text := stored(t, w, "one", a).Text; strings.Contains(text, "Buy our book") {
		t.Errorf("what is to be dropped stays: %s", text)
	}
	if text := stored(t, w, "two", a).Text; !strings.Contains(text, "Buy our book") {
		t.Errorf("the rule of one source holds for another, or the test's box is dropped anyhow")
	}
}

func TestLeftOutByPath(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	w.Sources[0].LeaveOut = []string{"/one/event-"}
	a, event := piece("a", 1), piece("event-a", 1)
	w.web.add("one", a, event)
	if g := w.gather(t); g.New != 2 || g.Judged != 1 {
		t.Errorf("%+v", g)
	}
	if k := stored(t, w, "one", event); k.LeftOut != "path /one/event-" || k.Pending {
		t.Errorf("%+v", k)
	}
	w.publish(t)
	w.wantOnce(t, titles(a), 1)
}

// An edited piece is not new. A real revision is judged anew before it is
// published, and never published twice.
func TestRevised(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	a := piece("a", 1)
	w.web.add("one", a)
	w.gather(t)
	a.heading = "Ukraine needs arms and no promise that binds"
	w.web.put("one", func(o *outlet) { o.items = []item{a} })
	if g := w.gather(t); g.New != 0 || g.Revised != 1 || g.Judged != 1 {
		t.Errorf("%+v", g)
	}
	w.publish(t)
	w.wantOnce(t, titles(a), 1)
	b := a
	b.heading = "Ukraine needs something else again"
	w.web.put("one", func(o *outlet) { o.items = []item{b} })
	w.wait(time.Hour)
	if g := w.gather(t); g.New != 0 || g.Revised != 1 || g.Judged != 0 {
		t.Errorf("after it was published: %+v", g)
	}
	w.publish(t)
	w.wantOnce(t, titles(a), 1)
	if k := stored(t, w, "one", a); len(k.Revisions) != 3 || k.Title != a.title() {
		t.Errorf("%d revisions, title %q", len(k.Revisions), k.Title)
	}
}
