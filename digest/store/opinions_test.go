package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/topic"
	"standpoint/feeds"
)

func opinion(key topic.StanceKey) stance.Opinion {
	return stance.Opinion{
		From: "tiny", Relevant: true, Stance: key, Also: []topic.StanceKey{"bind"}, Confidence: stance.High,
		Evidence: []stance.Quote{{Text: "Text.", Start: 0, End: 5}},
	}
}

// TestOpinionsAreKept: what was said once is there for whoever asks the same.
func TestOpinionsAreKept(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	if _, ok, err := db.Opinion(t.Context(), "a"); ok || err != nil {
		t.Errorf("before anything was said: %v, %v", ok, err)
	}
	must(t, db.SaveOpinion(t.Context(), "a", opinion("arm"), 2, start))
	must(t, db.SaveOpinion(t.Context(), "b", stance.Opinion{From: "tiny", Divided: true}, 3, start))
	must(t, db.SaveOpinion(t.Context(), "a", opinion("settle"), 2, hours(1)))
	got, ok, err := db.Opinion(t.Context(), "a")
	if diff := cmp.Diff(opinion("settle"), got); diff != "" || !ok || err != nil {
		t.Errorf("%v, %v, -want +got:\n%s", ok, err, diff)
	}
	n, err := db.CountOpinions(t.Context())
	if want := (store.Opinions{Kept: 2, Requests: 7, Divided: 1}); n != want || err != nil {
		t.Errorf("%+v, %v; want %+v", n, err, want)
	}
}

// TestOpinionOn: an opinion belongs to a judgement, and ends with it.
func TestOpinionOn(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	visit(t, db, "one", start, arrival("1", "https://one.example/a", "Title A", time.Time{}), arrival("2", "https://one.example/b", "Title B", time.Time{}))
	pieces := pending(t, db, start)
	must(t, db.SaveOpinion(t.Context(), "k", opinion("settle"), 2, start))
	j := store.Judgement{
		Item: pieces[0].ID, At: hours(1), Text: "Text.", Basis: stance.BasisPage, Heard: &store.Heard{Key: "k", Contrary: true},
		Verdict: stance.Verdict{Relevant: true, Stance: "arm", Doubt: stance.Sure, By: stance.ByModel},
	}
	must(t, db.RecordJudgement(t.Context(), j))
	must(t, db.RecordJudgement(t.Context(), store.Judgement{Item: pieces[1].ID, At: hours(1), Heard: &store.Heard{Key: "k"}, Verdict: j.Verdict}))
	o, contrary, ok, err := db.OpinionOn(t.Context(), j.Item)
	if diff := cmp.Diff(opinion("settle"), o); diff != "" || !contrary || !ok || err != nil {
		t.Errorf("%v, %v, %v, -want +got:\n%s", contrary, ok, err, diff)
	}
	list := func(since time.Time) []store.Contradiction {
		t.Helper()
		all, err := db.Contradictions(t.Context(), since, 9)
		must(t, err)
		return all
	}
	want := []store.Contradiction{{
		Item: j.Item, Outlet: "One", Title: "Title A", URL: "https://one.example/a", Verdict: j.Verdict, Opinion: opinion("settle"),
	}}
	if diff := cmp.Diff(want, list(start)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if all := list(hours(2)); len(all) != 0 {
		t.Errorf("older ones: %+v", all)
	}
	// The operator has spoken: there is nothing left to look at.
	j.Verdict.By = stance.ByOperator
	must(t, db.RecordJudgement(t.Context(), j))
	if all := list(start); len(all) != 0 {
		t.Errorf("after the operator's word: %+v", all)
	}
	j.Heard, j.Verdict.By = nil, stance.ByModel
	must(t, db.RecordJudgement(t.Context(), j))
	if _, _, ok, err := db.OpinionOn(t.Context(), j.Item); ok || err != nil || len(list(start)) != 0 {
		t.Errorf("a judgement without an opinion has one: %v, %v", ok, err)
	}
	if _, _, ok, err := db.OpinionOn(t.Context(), pieces[1].ID); !ok || err != nil {
		t.Errorf("another piece lost its opinion: %v, %v", ok, err)
	}
}

// TestOpinionUnknown: a judgement that names an opinion that was never saved is a
// fault, and leaves nothing behind.
func TestOpinionUnknown(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	visit(t, db, "one", start, feeds.Item{GUID: "1", Title: "Title A"})
	p := pending(t, db, start)[0]
	err := db.RecordJudgement(t.Context(), store.Judgement{Item: p.ID, Heard: &store.Heard{Key: "none"}})
	if err == nil || !strings.Contains(err.Error(), "record judgement of piece") || len(pending(t, db, start)) != 1 {
		t.Errorf("got %v", err)
	}
}
