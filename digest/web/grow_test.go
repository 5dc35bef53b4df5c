package web_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/topic"
	"standpoint/feeds"
)

// grow fills a store with weekly editions up to the tests' week, each with so
// many invented pieces. Pieces are written behind the store's back, all at once;
// editions as they always are.
func grow(t testing.TB, dir string, db *store.DB, p *topic.Pack, editions, pieces int, change ...func(*digest.Entry)) {
	t.Helper()
	must(t, db.SetSources(t.Context(), []feeds.Source{{ID: "outlet", Name: "Outlet", Country: "BE", URL: "https://outlet.example/feed"}}))
	must(t, db.SyncSubscribers(t.Context(), reader("reader0@example.org"), noon))
	raw := behind(t, dir)
	tx, err := raw.BeginTx(t.Context(), nil)
	must(t, err)
	all := make([]digest.Edition, editions)
	for n := range all {
		all[n] = issue(p, n+1, noon.AddDate(0, 0, -7*(editions-n)), pieces)
		for i, s := range all[n].Sections {
			for j := range s.Entries {
				for _, c := range change {
					c(&all[n].Sections[i].Entries[j])
				}
				write(t, tx, s.Entries[j])
			}
		}
	}
	must(t, tx.Commit())
	for _, e := range all {
		var filings []digest.Filing
		for _, s := range e.Sections {
			for _, en := range s.Entries {
				filings = append(filings, digest.Filing{Item: en.Item, Edition: e.Number})
			}
		}
		_, err := db.Freeze(t.Context(), e, filings, e.Window.To)
		must(t, err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func reader(address string) iter.Seq2[store.Subscriber, error] {
	return func(yield func(store.Subscriber, error) bool) {
		yield(store.Subscriber{Address: address, Origin: store.FromConfig}, nil)
	}
}

// behind opens a store's database past the store.
func behind(t testing.TB, dir string) *sql.DB {
	t.Helper()
	path := (&url.URL{Path: filepath.Join(dir, store.FileName)}).EscapedPath()
	raw, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)")
	must(t, err)
	t.Cleanup(func() { raw.Close() })
	return raw
}

// issue invents an edition whose pieces stand now here and now there.
func issue(p *topic.Pack, number int, to time.Time, pieces int) digest.Edition {
	e := digest.Edition{
		Number: number, Topic: p.Name, Question: p.Question, Window: digest.Window{From: to.AddDate(0, 0, -7), To: to},
		Sections: digest.Sections(p), Feeds: digest.FeedCount{Read: 30, Failed: 1},
		Pieces: digest.PieceCount{Seen: 4 * pieces, Kept: pieces}, Measured: p.Measured,
	}
	for i := range pieces {
		at := (i*i + number*(i%3+1)/7) % len(e.Sections)
		s := &e.Sections[at]
		name := fmt.Sprintf("%d-%d", number, i+1)
		key := s.Stance
		doubt := stance.Sure
		if key == topic.Unsure {
			key, doubt = p.Stances[0].Key, stance.Unsure
		}
		stand, _ := p.Stance(key)
		s.Entries = append(s.Entries, digest.Entry{
			Item: int64((number-1)*pieces + i + 1), Title: "Invented piece " + name, URL: "https://outlet.example/" + name,
			Outlet: fmt.Sprintf("Outlet %d", i%17), Country: "BE", Authors: []string{"Author " + name}, Published: to.AddDate(0, 0, -i%7), Minutes: 6,
			Stance: key, StanceName: stand.Name, Doubt: doubt, Quote: "Evidence of piece " + name + ", in a sentence of some length, as authors write them.",
			Summary: strings.Repeat("A sentence of the summary of piece "+name+" that says what it says. ", 4), Basis: stance.BasisPage, By: stance.ByModel,
		})
	}
	return e
}

// write stores a piece as if it had been gathered and judged.
func write(t testing.TB, tx *sql.Tx, en digest.Entry) {
	t.Helper()
	v := stance.Verdict{
		Relevant: true, Relevance: 0.9, Stance: en.Stance, Confidence: 0.83, Doubt: en.Doubt, By: stance.ByModel,
		Evidence: []stance.Quote{{Text: en.Quote}}, Contrary: &stance.Quote{Text: strings.Replace(en.Quote, "Evidence of", "Against", 1)},
	}
	verdict, err := json.Marshal(v)
	must(t, err)
	authors, err := json.Marshal(en.Authors)
	must(t, err)
	const stamp = "2006-01-02T15:04:05.000000Z"
	at := en.Published.UTC().Format(stamp)
	_, err = tx.ExecContext(t.Context(), `
		INSERT INTO items (id, source, guid, url, key, canonical, title, title_key, authors, published, language, teaser, feed_text,
			first_seen, eligible, pending, text, basis, relevant, verdict, judged)
		VALUES (?1, 'outlet', ?2, ?2, ?3, ?3, ?4, lower(?4), ?5, ?6, 'en', '', '', ?6, ?6, 0, 'A text of five words.', 'page', 1, ?7, ?6)`,
		en.Item, en.URL, fmt.Sprint(en.Item), en.Title, string(authors), at, string(verdict))
	must(t, err)
}
