package pipeline_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"standpoint/digest/mail"
	"standpoint/digest/pipeline"
	"standpoint/digest/store"
	"standpoint/feeds"
)

// The states of the hostile sites, one after the other.
const (
	wellBefore = iota
	isHostile
	wellAgain
)

// internet answers for all names as a proxy does, so that the worker can be
// the one that readers run, with its guard against private addresses.
type internet struct {
	*httptest.Server
	rows map[string]hostile // by host

	mu       sync.Mutex
	state    int
	asked    chan struct{} // closed when the good feed is asked for
	late     []string      // hosts that had answered before the good feed was asked for
	unwanted []string      // addresses that nobody should have asked for
}

const goodHost = "good.example"

func newInternet(t *testing.T, rows []hostile) *internet {
	t.Helper()
	n := &internet{rows: map[string]hostile{}, asked: make(chan struct{})}
	for i, row := range rows {
		n.rows[rowHost(i)] = row
	}
	n.Server = httptest.NewServer(n)
	t.Cleanup(n.Close)
	return n
}

func rowHost(i int) string { return fmt.Sprintf("row%d.example", i) }

// turn changes the state of all sites.
func (n *internet) turn(state int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.state, n.asked = state, make(chan struct{})
}

func (n *internet) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	state, asked := n.state, n.asked
	row, known := n.rows[r.Host]
	if !known && r.Host != goodHost {
		n.unwanted = append(n.unwanted, r.URL.String())
	}
	n.mu.Unlock()
	base := "http://" + r.Host
	switch {
	case r.Host == goodHost:
		close(asked) // once a gathering: its answer cannot be unchanged, and nothing in it fails
		serveItems(rw, base, goodItems(state))
	case !known:
		http.NotFound(rw, r)
	case state == isHostile:
		select { // all bad ones are at work together when the good one is asked
		case <-asked:
		case <-r.Context().Done():
		case <-time.After(5 * time.Second):
			n.mu.Lock()
			n.late = append(n.late, r.Host)
			n.mu.Unlock()
		}
		row.answer(site{rw, r, base, before(r.Host)})
	default:
		items := []item{before(r.Host)}
		if state == wellAgain {
			items = []item{after(r.Host), before(r.Host)}
		}
		serveItems(rw, base, items)
	}
}

// before is the piece that a site's feed has at first, after the one that it has
// at last.
func before(host string) item { return piece(host+"-before", 2) }
func after(host string) item  { return piece(host+"-after", -3) }

func goodItems(state int) []item {
	var out []item
	for i := range state + 1 {
		out = append(out, piece(fmt.Sprintf("good-%d", i), 3-i))
	}
	return out
}

func serveItems(rw http.ResponseWriter, base string, items []item) {
	for i := range items {
		items[i].full = true
	}
	fmt.Fprint(rw, (&web{Server: serverAt(base)}).rss("/", items))
}

func serverAt(base string) *httptest.Server { return &httptest.Server{URL: base} }

// hostileWorld has a source for each row and the good one behind them.
func hostileWorld(t *testing.T, rows []hostile, patience time.Duration) (*world, *internet, string) {
	t.Helper()
	n := newInternet(t, rows)
	proxy, err := url.Parse(n.URL)
	must(t, err)
	w := newWorld(t, 1)
	w.Worker.Feeds = feeds.NewClient(feeds.Options{
		Proxy: proxy, Parallel: len(rows) + 1, MaxFeedBytes: 1 << 20, Timeout: patience, Pause: time.Millisecond,
	})
	t.Cleanup(w.Worker.Feeds.Close)
	w.Parallel = len(rows) + 1
	for i, row := range rows {
		w.Sources = append(w.Sources, feeds.Source{ID: feeds.NewSourceID(row.name), Name: row.name, URL: "http://" + rowHost(i) + "/feed"})
	}
	w.Sources = append(w.Sources, feeds.Source{ID: "good", Name: "Good", URL: "http://" + goodHost + "/feed"})
	outbox := mail.Outbox{Dir: t.TempDir()}
	w.Carrier = pipeline.Carrier{Sessions: 1, Shelve: outbox.Write, Open: func(ctx context.Context) (pipeline.Session, error) {
		return outbox.Dial(ctx)
	}}
	return w, n, outbox.Dir
}

// pieces are all that the store has, by source, in the order in which they came.
func (w *world) pieces(t *testing.T) map[feeds.SourceID][]store.Known {
	t.Helper()
	out := map[feeds.SourceID][]store.Known{}
	for id := int64(1); ; id++ {
		k, ok, err := w.Store.Item(t.Context(), id)
		must(t, err)
		if !ok {
			return out
		}
		out[k.Source] = append(out[k.Source], k)
	}
}

func seen(pieces []store.Known) []kept {
	var out []kept
	for _, k := range pieces {
		s := kept{title: k.Title, url: k.URL}
		if !k.Published.IsZero() {
			s.at = k.Published.Format(time.RFC3339)
		}
		out = append(out, s)
	}
	return out
}

func storedAs(base string, i item) kept {
	return kept{i.title(), base + "/" + i.id, i.published.Format(time.RFC3339)}
}

// TestHostileInputs has every site of the table well at first, hostile at two
// gatherings and well again at the last, beside a good one. All are one run's
// sources, so that each may harm each.
func TestHostileInputs(t *testing.T) {
	t.Parallel()
	t.Run("at once", func(t *testing.T) { tryHostile(t, hostileRows(), 10*time.Second) })
	t.Run("in time", func(t *testing.T) { tryHostile(t, hostileWaits(), 3*time.Second) })
}

func tryHostile(t *testing.T, rows []hostile, patience time.Duration) {
	t.Parallel()
	w, n, outbox := hostileWorld(t, rows, patience)
	g := w.gather(t)
	if len(g.Failed) != 0 || g.New != len(rows)+1 {
		t.Fatalf("while all was well: %+v", g)
	}
	n.turn(isHostile)
	w.wait(time.Hour)
	first := w.gather(t)
	failed := map[feeds.SourceID]error{}
	for _, f := range first.Failed {
		failed[f.Source.ID] = f.Err
	}
	if m := first.Moved; len(m) > 1 || len(m) == 1 && (m[0].Source.ID != "moved-for-good" || !strings.HasSuffix(m[0].To, "/new/feed")) {
		t.Errorf("moved: %+v", m)
	}
	if edits := len(slices.DeleteFunc(slices.Clone(rows), func(r hostile) bool { return r.name != "an item edited" })); first.Revised != edits || first.Broken != 0 {
		t.Errorf("%d revised of %d, %d broken", first.Revised, edits, first.Broken)
	}
	pieces := w.pieces(t)
	n.turn(isHostile)
	w.wait(time.Hour)
	again := w.gather(t)
	if again.New != 0 || again.Broken != 0 || len(again.Failed)+again.Stopped != len(first.Failed) {
		t.Errorf("the same again brought %d pieces; %d sources failed, before %d; %d stopped", again.New, len(again.Failed), len(first.Failed), again.Stopped)
	}
	unchanged := w.pieces(t)
	n.turn(wellAgain)
	w.wait(time.Hour)
	if again.Stopped > 0 {
		must(t, w.Store.Resume(t.Context(), "410"))
	}
	if g := w.gather(t); len(g.Failed) != 0 {
		t.Errorf("when all was well again: %+v", g.Failed)
	}
	final := w.pieces(t)
	if want := titles(goodItems(wellAgain)...); len(final["good"]) != len(want) || len(pieces["good"]) != len(want)-1 {
		t.Errorf("of the good feed: %v", seen(final["good"]))
	}
	for i, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			id, base := w.Sources[i].ID, "http://"+rowHost(i)
			want := []kept{storedAs(base, before(rowHost(i)))}
			for _, s := range row.want {
				s.url = strings.Replace(s.url, "HOST", base, 1)
				want = append(want, s)
			}
			if row.name == "an item edited" {
				want[0].title = sentence + ", edited"
			}
			wantStored(t, "hostile", seen(pieces[id]), want)
			wantStored(t, "hostile again", seen(unchanged[id]), want)
			want[0] = storedAs(base, before(rowHost(i)))
			wantStored(t, "well again", seen(final[id]), append(want, storedAs(base, after(rowHost(i)))))
			wantLine(t, id, row, failed[id])
		})
	}
	if len(n.late) > 0 || len(n.unwanted) > 0 {
		t.Errorf("the good feed waited for %q; asked for without need: %q", n.late, n.unwanted)
	}
	w.publish(t)
	wantPublished(t, w, final)
	checkOutbox(t, outbox)
}
