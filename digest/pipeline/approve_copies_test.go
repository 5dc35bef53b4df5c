package pipeline_test

import (
	"testing"

	"standpoint/digest/pipeline"
	"standpoint/digest/store"
)

// A piece that is called off the subject on a draft's page takes its reprint with
// it, and both come back when that is taken back.
func TestOffTheSubjectWithCopies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one", "two")
	edited(w, pipeline.ByEditor)
	a, reprint := reprinted(w)
	b := piece("b", 1)
	w.web.add("one", a, b)
	w.web.add("two", reprint)
	w.gather(t)
	w.publish(t)
	lead, other := w.known(t, a)[0].ID, w.known(t, reprint)[0].ID
	for _, each := range []struct {
		order   store.Order
		entries int
		copies  int // that the edition has of the piece
		aside   int
	}{
		{store.Order{Item: lead, Why: "another war"}, 1, 0, 1},
		{store.Order{Item: lead, Undo: true}, 2, 2, 0},
		{store.Order{Item: other, Why: "another war"}, 1, 0, 1},
		{store.Order{Item: other, Undo: true}, 2, 2, 0},
	} {
		each.order.Edition, each.order.Who, each.order.At = 1, pipeline.Editor, w.clock()
		must(t, w.Store.Order(t.Context(), each.order, 0))
		must(t, w.Obey(t.Context()))
		copies, err := w.Store.Copies(t.Context(), lead)
		must(t, err)
		aside, err := w.Store.SetAside(t.Context(), 1)
		must(t, err)
		if n := w.editions(t)[0].Entries(); n != each.entries || len(copies) != each.copies || len(aside) != each.aside {
			t.Errorf("%d entries, %d copies, %d set aside; want %+v", n, len(copies), len(aside), each)
		}
	}
}
