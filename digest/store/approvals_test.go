package store_test

import (
	"errors"
	"testing"

	"standpoint/digest/store"
)

// drafted makes a store with edition 1 as a draft of three pieces, and n readers.
func drafted(t testing.TB, n int) (db *store.DB, items []int64) {
	t.Helper()
	db = withSources(t)
	readers(t, db, n)
	visit(t, db, "one", hours(0), arrival("a", "https://one.example/a", "A", start), arrival("b", "https://one.example/b", "B", start), arrival("c", "https://one.example/c", "C", start))
	judgeAll(t, db, hours(1), "")
	all := candidates(t, db, hours(1))
	must(t, db.Draft(t.Context(), edition(1, start, hours(1)), filed(1, all), "window", hours(1)))
	for _, c := range all {
		items = append(items, c.Item)
	}
	return db, items
}

func openDraft(t testing.TB, db *store.DB) store.Approval {
	t.Helper()
	a, ok, err := db.OpenDraft(t.Context())
	must(t, err)
	if !ok {
		t.Fatal("no draft waits")
	}
	return a
}

// acts are the kinds of what was done, in order.
func acts(t testing.TB, db *store.DB, edition int) (kinds []store.ActKind) {
	t.Helper()
	log, err := db.ApprovalLog(t.Context(), edition)
	must(t, err)
	for _, a := range log {
		kinds = append(kinds, a.What)
	}
	return kinds
}

func TestDraftIsNobodys(t *testing.T) {
	t.Parallel()
	db, _ := drafted(t, 2)
	ctx := t.Context()
	a := openDraft(t, db)
	if a.Edition != 1 || a.Mode != "window" || a.State != store.DraftWaiting || a.Stale() || !a.Drafted.Equal(hours(1)) {
		t.Errorf("%+v", a)
	}
	if n, err := db.Unfinished(ctx); len(n) != 0 || err != nil {
		t.Errorf("unfinished %v, %v", n, err)
	}
	if done, err := db.Finish(ctx, 1, true, hours(2)); done || err != nil {
		t.Errorf("finished: %v, %v", done, err)
	}
	if _, err := db.PublicEdition(ctx, 1); !errors.Is(err, store.ErrNoEdition) {
		t.Errorf("everybody sees it: %v", err)
	}
	if past, err := db.Recent(ctx, 4); len(past) != 0 || err != nil {
		t.Errorf("recent %v, %v", past, err)
	}
	if c := candidates(t, db, hours(9)); len(c) != 0 {
		t.Errorf("candidates %v", c)
	}
	if err := db.Draft(ctx, edition(2, hours(1), hours(2)), nil, "window", hours(2)); err == nil {
		t.Error("a rival was made")
	}
}

func TestApprove(t *testing.T) {
	t.Parallel()
	db, _ := drafted(t, 2)
	ctx := t.Context()
	if _, err := db.Approve(ctx, 1, 7, true, "editor", hours(2)); !errors.Is(err, store.ErrRevised) {
		t.Errorf("another revision: %v", err)
	}
	d, err := db.Approve(ctx, 1, 1, true, "editor", hours(2))
	if err != nil || d != (store.Decision{Planned: 2}) {
		t.Errorf("%+v, %v", d, err)
	}
	d, err = db.Approve(ctx, 1, 1, true, "operator", hours(3))
	if err != nil || d != (store.Decision{Already: true}) {
		t.Errorf("again: %+v, %v", d, err)
	}
	a, ok, err := db.Approval(ctx, 1)
	if err != nil || !ok || a.State != store.DraftApproved || a.Who != "editor" || !a.Decided.Equal(hours(2)) {
		t.Errorf("%+v, %v, %v", a, ok, err)
	}
	if n, err := db.Unfinished(ctx); len(n) != 1 || err != nil {
		t.Errorf("unfinished %v, %v", n, err)
	}
	if n, err := db.Awaited(ctx); len(n) != 1 || err != nil {
		t.Errorf("awaited %v, %v", n, err)
	}
	p, err := db.PublicEdition(ctx, 1)
	if err != nil || !p.Frozen.Equal(hours(2)) {
		t.Errorf("public: %v, %v", p.Frozen, err)
	}
	if err := db.Hold(ctx, 1, "editor", "late", hours(4)); !errors.Is(err, store.ErrNoDraft) {
		t.Errorf("held after all: %v", err)
	}
	if got := acts(t, db, 1); len(got) != 2 || got[1] != store.ActApproved {
		t.Errorf("log %v", got)
	}
}

func TestApproveWithoutReaders(t *testing.T) {
	t.Parallel()
	db, _ := drafted(t, 0)
	if _, err := db.Approve(t.Context(), 1, 0, true, "editor", hours(2)); !errors.Is(err, store.ErrNoReaders) {
		t.Errorf("%v", err)
	}
	if a := openDraft(t, db); a.State != store.DraftWaiting {
		t.Errorf("%+v", a)
	}
	db.Unread = true // there is an archive
	if d, err := db.Approve(t.Context(), 1, 0, true, "editor", hours(2)); err != nil || d.Planned != 0 || d.Already || d.Withdrawn {
		t.Errorf("with an archive: %+v, %v", d, err)
	}
}

func TestHold(t *testing.T) {
	t.Parallel()
	db, _ := drafted(t, 1)
	ctx := t.Context()
	must(t, db.TellEditor(ctx, 1, "editor", hours(5), hours(2)))
	if a := openDraft(t, db); !a.Told.Equal(hours(2)) || !a.Deadline.Equal(hours(5)) {
		t.Errorf("%+v", a)
	}
	must(t, db.Hold(ctx, 1, "editor", "wait for it", hours(3)))
	must(t, db.Hold(ctx, 1, "operator", "again", hours(4)))
	must(t, db.Postpone(ctx, 1, hours(9), "odd", hours(4)))
	a := openDraft(t, db)
	if a.State != store.DraftHeld || a.Why != "wait for it" || a.Who != "editor" || !a.Deadline.IsZero() {
		t.Errorf("%+v", a)
	}
	must(t, db.TellEditor(ctx, 1, "editor", hours(9), hours(6)))
	if a := openDraft(t, db); !a.Reminded.Equal(hours(6)) || !a.Deadline.IsZero() {
		t.Errorf("%+v", a)
	}
	if _, err := db.Approve(ctx, 1, 0, true, "editor", hours(7)); err != nil {
		t.Error(err)
	}
	want := []store.ActKind{store.ActDrafted, store.ActTold, store.ActHeld, store.ActReminded, store.ActApproved}
	if got := acts(t, db, 1); len(got) != len(want) || got[2] != want[2] {
		t.Errorf("log %v", got)
	}
}
