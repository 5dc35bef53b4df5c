package store_test

import (
	"errors"
	"testing"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/store"
)

// What is dropped enters no other edition, and what else the draft had is its own
// until it is composed anew.
func TestDropAndRestore(t *testing.T) {
	t.Parallel()
	db, items := drafted(t, 1)
	ctx := t.Context()
	if err := db.Drop(ctx, 1, 0, 999, "editor", "no", hours(2)); !errors.Is(err, store.ErrNoPiece) {
		t.Errorf("no such piece: %v", err)
	}
	must(t, db.Drop(ctx, 1, 1, items[0], "editor", "old", hours(2)))
	a := openDraft(t, db)
	if a.Revision != 2 || !a.Stale() {
		t.Errorf("%+v", a)
	}
	if _, err := db.Approve(ctx, 1, 0, true, "editor", hours(3)); !errors.Is(err, store.ErrStale) {
		t.Errorf("approved what nobody has seen: %v", err)
	}
	if err := db.Drop(ctx, 1, 1, items[1], "editor", "old", hours(2)); !errors.Is(err, store.ErrRevised) {
		t.Errorf("a form of before: %v", err)
	}
	if c := candidates(t, db, hours(9)); len(c) != 0 {
		t.Errorf("candidates %v", c)
	}
	again, err := db.DraftCandidates(ctx, 1)
	if err != nil || len(again) != 2 {
		t.Errorf("%d pieces, %v", len(again), err)
	}
	barred, err := db.Barred(ctx)
	if err != nil || len(barred) != 1 || barred[0].Verdict.Relevant || barred[0].Verdict.By != stance.ByOperator {
		t.Errorf("barred %+v, %v", barred, err)
	}
	if err := db.Recompose(ctx, edition(1, start, hours(1)), filed(1, again), 1); !errors.Is(err, store.ErrRevised) {
		t.Errorf("composed of another revision: %v", err)
	}
	must(t, db.Recompose(ctx, edition(1, start, hours(1)), filed(1, again), 2))
	if a := openDraft(t, db); a.Stale() {
		t.Errorf("%+v", a)
	}
	if err := db.Recompose(ctx, edition(1, start, hours(1)), nil, 2); !errors.Is(err, store.ErrRevised) {
		t.Errorf("composed twice: %v", err)
	}
	gone, err := db.DroppedFrom(ctx, 1)
	if err != nil || len(gone) != 1 || gone[0].Why != "old" || gone[0].Title != "A" {
		t.Errorf("%+v, %v", gone, err)
	}
	must(t, db.Restore(ctx, 1, 2, items[0], "editor", hours(4)))
	again, err = db.DraftCandidates(ctx, 1)
	if err != nil || len(again) != 3 {
		t.Errorf("%d pieces, %v", len(again), err)
	}
	must(t, db.Recompose(ctx, edition(1, start, hours(1)), filed(1, again), 3))
	must(t, db.Drop(ctx, 1, 3, items[2], "editor", "new", hours(5)))
	again, err = db.DraftCandidates(ctx, 1)
	must(t, err)
	must(t, db.Recompose(ctx, edition(1, start, hours(1)), filed(1, again), 4))
	if _, err := db.Approve(ctx, 1, 4, true, "editor", hours(6)); err != nil {
		t.Fatal(err)
	}
	if c := candidates(t, db, hours(99)); len(c) != 0 {
		t.Errorf("what was dropped comes again: %v", c)
	}
	if err := db.Restore(ctx, 1, 0, items[2], "editor", hours(7)); !errors.Is(err, store.ErrNoDraft) {
		t.Errorf("put back into what is out: %v", err)
	}
}

// A copy goes with the entry that it is filed with.
func TestDropTakesCopies(t *testing.T) {
	t.Parallel()
	db := withSources(t)
	readers(t, db, 1)
	visit(t, db, "one", hours(0), arrival("a", "https://one.example/a", "A", start), arrival("b", "https://one.example/b", "B", start))
	judgeAll(t, db, hours(1), "")
	all := candidates(t, db, hours(1))
	must(t, db.Draft(t.Context(), edition(1, start, hours(1)), []digest.Filing{
		{Item: all[0].Item, Edition: 1}, {Item: all[1].Item, Edition: 1, CopyOf: all[0].Item, Why: "same"},
	}, "required", hours(1)))
	must(t, db.Drop(t.Context(), 1, 0, all[1].Item, "editor", "no", hours(2)))
	if left, err := db.DraftCandidates(t.Context(), 1); err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
	gone, err := db.DroppedFrom(t.Context(), 1)
	if err != nil || len(gone) != 1 || gone[0].Item != all[0].Item {
		t.Errorf("%+v, %v", gone, err)
	}
	must(t, db.Restore(t.Context(), 1, 0, all[0].Item, "editor", hours(3)))
	if left, err := db.DraftCandidates(t.Context(), 1); err != nil || len(left) != 2 {
		t.Errorf("%v, %v", left, err)
	}
}

// The operator's word on a piece of a draft makes it stale, in one transaction.
func TestCorrectionMakesADraftStale(t *testing.T) {
	t.Parallel()
	db, items := drafted(t, 1)
	ctx := t.Context()
	rule := store.Ruling{
		Correction: store.Correction{Item: items[0], Who: "operator", At: hours(2), Why: "because"},
		Verdict:    stance.Verdict{By: stance.ByOperator},
	}
	must(t, db.Correct(ctx, []store.Ruling{rule}))
	if a := openDraft(t, db); a.Revision != 2 || !a.Stale() {
		t.Errorf("%+v", a)
	}
	left, err := db.DraftCandidates(ctx, 1)
	if err != nil || len(left) != 2 {
		t.Errorf("%d pieces, %v", len(left), err)
	}
	must(t, db.Recompose(ctx, edition(1, start, hours(1)), filed(1, left), 2))
	must(t, db.UndoFor(ctx, store.Order{Who: "editor"}, []int64{items[0]}, hours(3)))
	if left, err = db.DraftCandidates(ctx, 1); err != nil || len(left) != 3 {
		t.Errorf("%d pieces, %v", len(left), err)
	}
	log, err := db.ApprovalLog(ctx, 1)
	if err != nil || len(log) != 3 || log[1].What != store.ActCorrected || log[1].Why != "because" || log[1].Title != "A" ||
		log[2].What != store.ActUndone || log[2].Who != "editor" || log[2].Revision != 3 {
		t.Errorf("%+v, %v", log, err)
	}
}

func TestWithdrawn(t *testing.T) {
	t.Parallel()
	db, items := drafted(t, 1)
	ctx := t.Context()
	for i, item := range items {
		must(t, db.Drop(ctx, 1, 0, item, "editor", "no", hours(2)))
		left, err := db.DraftCandidates(ctx, 1)
		must(t, err)
		must(t, db.Recompose(ctx, edition(1, start, hours(1)), filed(1, left), i+2))
	}
	d, err := db.Approve(ctx, 1, 0, false, "editor", hours(3))
	if err != nil || !d.Withdrawn || d.Planned != 0 {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := db.PublicEdition(ctx, 1); !errors.Is(err, store.ErrNoEdition) {
		t.Errorf("everybody sees it: %v", err)
	}
	if _, ok, err := db.OpenDraft(ctx); ok || err != nil {
		t.Errorf("still open: %v, %v", ok, err)
	}
	if n, err := db.Unfinished(ctx); len(n) != 0 || err != nil {
		t.Errorf("unfinished %v, %v", n, err)
	}
}

func TestOrders(t *testing.T) {
	t.Parallel()
	db, items := drafted(t, 1)
	ctx := t.Context()
	must(t, db.Order(ctx, store.Order{Edition: 1, Item: items[0], Stance: "settle", Why: "a", At: hours(2)}, 1))
	must(t, db.Order(ctx, store.Order{Edition: 1, Item: items[0], Undo: true, At: hours(2)}, 1))
	if err := db.Order(ctx, store.Order{Edition: 1, Item: 999, At: hours(2)}, 1); !errors.Is(err, store.ErrNoPiece) {
		t.Errorf("no such piece: %v", err)
	}
	if err := db.Order(ctx, store.Order{Edition: 1, Item: items[1], At: hours(2)}, 2); !errors.Is(err, store.ErrRevised) {
		t.Errorf("another revision: %v", err)
	}
	all, err := db.Orders(ctx, 1)
	if err != nil || len(all) != 1 || !all[0].Undo || all[0].Item != items[0] {
		t.Fatalf("%+v, %v", all, err)
	}
	if _, err := db.Approve(ctx, 1, 0, true, "editor", hours(3)); !errors.Is(err, store.ErrBusy) {
		t.Errorf("approved without the correction: %v", err)
	}
	must(t, db.EndOrder(ctx, all[0], "", hours(3)))
	if all, err := db.Orders(ctx, 1); err != nil || len(all) != 0 {
		t.Errorf("%+v, %v", all, err)
	}
}

// What an editor dropped can be put back as long as the draft waits; then its text
// is kept no longer than any other.
func TestForgetWhatWasDropped(t *testing.T) {
	t.Parallel()
	db, items := drafted(t, 1)
	ctx := t.Context()
	must(t, db.Drop(ctx, 1, 1, items[0], "editor", "old", hours(2)))
	again, err := db.DraftCandidates(ctx, 1)
	must(t, err)
	must(t, db.Recompose(ctx, edition(1, start, hours(1)), filed(1, again), 2))
	late := hours(3).Add(keep)
	if n := forget(t, db, late); n != 0 {
		t.Errorf("%d pieces of a draft lost their texts", n)
	}
	_, err = db.Approve(ctx, 1, 2, true, "editor", late)
	must(t, err)
	if n := forget(t, db, late); n != 1 {
		t.Errorf("%d pieces lost their texts, want the one that was dropped", n)
	}
	k, _, err := db.Item(ctx, items[0])
	if must(t, err); k.Gone.IsZero() {
		t.Error("the piece that was dropped keeps its text for ever")
	}
}
