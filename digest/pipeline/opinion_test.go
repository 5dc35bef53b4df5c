package pipeline_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"standpoint/digest/llm"
	"standpoint/digest/pipeline"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/topic"
)

// oracle is an endpoint that gives each piece the same answer.
type oracle struct {
	*httptest.Server
	requests atomic.Int64
	status   int
	hook     func()
}

func newOracle(t *testing.T, content string) *oracle {
	t.Helper()
	o := &oracle{status: http.StatusOK}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.requests.Add(1)
		if o.hook != nil {
			o.hook()
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(o.status)
		quoted, _ := json.Marshal(content)
		fmt.Fprintf(w, `{"choices":[{"finish_reason":"stop","message":{"content":%s}}]}`, quoted)
	}))
	t.Cleanup(o.Close)
	return o
}

// consult lets a world ask the oracle. All its model's verdicts are of one doubt,
// so that no test hangs on what the model happens to make of a text.
func (w *world) consult(t *testing.T, o *oracle, all bool, doubt stance.Doubt) {
	t.Helper()
	p, err := pack()
	must(t, err)
	of := *p
	switch doubt {
	case stance.Sure:
		of.Thresholds.Sure, of.Thresholds.Leaning, of.Thresholds.Rival = 1e-9, 1e-9, 0.999
	case stance.Unsure, stance.Leaning:
		of.Thresholds.Sure, of.Thresholds.Leaning = 0.9999999, 0.9999998
	}
	w.Pack = &of
	w.Model = func() (*stance.Classifier, error) { return stance.Open(&of) }
	client, err := llm.New(&of, llm.Options{BaseURL: o.URL + "/v1", Model: "tiny", Key: "open-sesame"})
	must(t, err)
	t.Cleanup(client.Close)
	w.Second = pipeline.SecondOpinion{Client: client, All: all, Budget: 50}
}

// only returns the one stored piece with the title.
func (w *world) only(t *testing.T, source string, i item) store.Known {
	t.Helper()
	found, err := w.Store.Find(t.Context(), strings.TrimPrefix(w.web.URL, "http://")+"/"+source+"/"+i.id)
	must(t, err)
	if len(found) != 1 {
		t.Fatalf("%d pieces %s/%s", len(found), source, i.id)
	}
	return found[0]
}

const saysSettle = `{"evidence":["1"],"relevant":true,"primary":"settle","also":["arm"],"confidence":"high"}`

// TestSecondOpinion goes from the feed to the letter: in doubt the opinion is
// taken, with the piece's own words, and the same text is never asked on twice.
func TestSecondOpinion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "a", "b")
	o := newOracle(t, saysSettle)
	w.consult(t, o, false, stance.Unsure)
	one, two, off := item{id: "5", published: monday}, item{id: "6", published: monday, full: true}, item{id: "3", published: monday, off: true}
	w.web.add("a", one, two, off)
	w.gather(t)
	if n := o.requests.Load(); n != 4 {
		t.Errorf("%d requests on two pieces", n)
	}
	k := w.only(t, "a", one)
	v := k.Verdict
	if v.Stance != "settle" || v.By != stance.ByLLM || v.Doubt == stance.Sure || len(v.Also) == 0 || v.Also[0] == "settle" {
		t.Errorf("verdict %+v", v)
	}
	for _, q := range v.Evidence {
		if k.Text[q.Start:q.End] != q.Text {
			t.Errorf("%q is not what stands at %d", q.Text, q.Start)
		}
	}
	if got, contrary, ok, err := w.Store.OpinionOn(t.Context(), k.ID); !ok || contrary || err != nil || got.From != "tiny" || got.Confidence != stance.High {
		t.Errorf("stored: %+v, %v, %v, %v", got, contrary, ok, err)
	}
	w.web.add("b", one)
	w.wait(24 * time.Hour)
	w.gather(t)
	if n := o.requests.Load(); n != 4 {
		t.Errorf("the same text was asked on again: %d requests", n)
	}
	if v := w.only(t, "b", one).Verdict; v.By != stance.ByLLM || v.Stance != "settle" {
		t.Errorf("the kept opinion was not used: %+v", v)
	}
	w.publish(t)
	e := w.editions(t)[0]
	for _, s := range e.Sections {
		for _, entry := range s.Entries {
			if entry.Stance != "settle" || entry.Quote == "" {
				t.Errorf("entry %+v", entry)
			}
		}
	}
	if e.Entries() != 2 {
		t.Errorf("%d entries", e.Entries())
	}
}

// TestOpinionAgainstSure: the sure verdict stays, and the operator hears of it.
func TestOpinionAgainstSure(t *testing.T) {
	t.Parallel()
	for _, all := range []bool{true, false} {
		w := newWorld(t, 1, "a")
		o := newOracle(t, saysSettle)
		w.consult(t, o, all, stance.Sure)
		one := item{id: "5", published: monday}
		w.web.add("a", one)
		w.gather(t)
		v := w.only(t, "a", one).Verdict
		if v.Stance != "bind" || v.By != stance.ByModel || v.Doubt != stance.Sure {
			t.Errorf("verdict %+v", v)
		}
		against, err := w.Store.Contradictions(t.Context(), monday.Add(-time.Hour), 9)
		must(t, err)
		switch {
		case !all && (len(against) != 0 || o.requests.Load() != 0):
			t.Errorf("a sure piece was asked on: %d, %+v", o.requests.Load(), against)
		case all && (len(against) != 1 || against[0].Opinion.Stance != "settle"):
			t.Errorf("contradictions %+v", against)
		}
	}
}

// TestOpinionFails: the model's verdict stands, one line says why, and the key is
// in none.
func TestOpinionFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "a")
	o := newOracle(t, "")
	o.status = http.StatusUnauthorized
	w.consult(t, o, true, stance.Unsure)
	var log bytes.Buffer
	w.Log = slog.New(slog.NewTextHandler(&log, nil))
	w.Parallel = 1
	var items []item
	for n := range 6 {
		items = append(items, item{id: fmt.Sprint(10 + n), published: monday, full: true})
	}
	w.web.add("a", items...)
	if g := w.gather(t); g.Relevant != len(items) {
		t.Errorf("gathered %+v", g)
	}
	if n := o.requests.Load(); n != 1 {
		t.Errorf("%d requests with a key that is not accepted", n)
	}
	text := log.String()
	if strings.Count(text, "no second opinion") != 1 || !strings.Contains(text, "does not accept the key") || strings.Contains(text, "sesame") {
		t.Errorf("log:\n%s", text)
	}
	if v := w.only(t, "a", items[0]).Verdict; v.By != stance.ByModel || v.Stance == "" {
		t.Errorf("verdict %+v", v)
	}
}

// TestPublishingAsksNobody: a piece that is judged at the cut-off gets what is
// there.
func TestPublishingAsksNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "a")
	o := newOracle(t, saysSettle)
	w.consult(t, o, true, stance.Unsure)
	one := item{id: "5", published: monday, status: http.StatusServiceUnavailable}
	w.web.add("a", one)
	w.gather(t)
	if n := o.requests.Load(); n != 0 {
		t.Fatalf("%d requests on a piece that waits for its page", n)
	}
	if p := w.publish(t); p.Edition == nil || p.Edition.Entries() != 1 {
		t.Errorf("published %+v", p)
	}
	if n := o.requests.Load(); n != 0 {
		t.Errorf("%d requests while publishing", n)
	}
}

// TestEndWhileAsking: a run that ends while an endpoint thinks loses nothing, and
// the next one asks again.
func TestEndWhileAsking(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "a")
	o := newOracle(t, saysSettle)
	w.consult(t, o, true, stance.Unsure)
	ctx, cancel := context.WithCancel(t.Context())
	o.hook = cancel
	one := item{id: "5", published: monday, full: true}
	w.web.add("a", one)
	if _, err := w.Gather(ctx); err == nil {
		t.Error("the gathering did not end")
	}
	if k := w.only(t, "a", one); !k.Pending {
		t.Errorf("it was judged: %+v", k.Verdict)
	}
	o.hook = nil
	w.gather(t)
	if v := w.only(t, "a", one).Verdict; v.By != stance.ByLLM || v.Stance != topic.StanceKey("settle") {
		t.Errorf("verdict %+v", v)
	}
}

// TestNobodyIsAskedOnTheOperatorsWord: what the operator filed is not put to a
// model again, not even with a new text, and no opinion contradicts it.
func TestNobodyIsAskedOnTheOperatorsWord(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	o := newOracle(t, saysSettle)
	w.consult(t, o, true, stance.Sure)
	piece := item{id: "5", published: monday, full: true}
	w.web.add("one", piece)
	w.gather(t)
	w.correct(t, piece, "arm")
	before := o.requests.Load()
	if all, err := w.Store.Contradictions(t.Context(), monday.Add(-time.Hour), 9); len(all) != 0 || err != nil || before == 0 {
		t.Errorf("%d requests, %+v, %v", before, all, err)
	}
	w.web.put("one", func(out *outlet) {
		out.items[0].heading = "Only arms will keep Ukraine safe, and no security guarantees"
	})
	w.wait(24 * time.Hour)
	if g := w.gather(t); g.Revised != 1 || g.Judged != 1 {
		t.Fatalf("gathered %+v", g)
	}
	k := w.only(t, "one", piece)
	if k.Verdict.By != stance.ByOperator || k.Verdict.Stance != "arm" || o.requests.Load() != before {
		t.Errorf("%d requests more, verdict %+v", o.requests.Load()-before, k.Verdict)
	}
}
