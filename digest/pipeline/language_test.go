package pipeline_test

import (
	"strings"
	"testing"

	"standpoint/digest"
	"standpoint/digest/store"
)

// Pieces in other languages are not guessed at: no page is fetched for them, no
// edition has them, and readers are told how many there were.
func TestOtherLanguagesAreNotJudged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one", "two")
	a := piece("a", 1)
	w.web.add("one", a)
	german := entry("Sicherheitsgarantien für die Ukraine: Was jetzt nötig ist",
		"<link>HOST/german</link><description>Der Verfasser meint, dass ein Vertrag die Ukraine besser schützt als eine Truppe, und dass er jetzt geschlossen werden muss.</description>")
	ukrainian := entry("Гарантії безпеки для України: що далі",
		"<link>HOST/ukrainian</link><description>Автор вважає, що договір захистить країну краще, ніж будь-які війська, і що його треба підписати вже зараз.</description>")
	w.web.put("two", func(o *outlet) { o.body = strings.ReplaceAll(rss(german, ukrainian), "HOST", w.web.URL) })
	if g := w.gather(t); g.New != 3 || g.Judged != 1 {
		t.Errorf("%+v", g)
	}
	if n, _ := w.web.asked("/german"); n != 0 {
		t.Errorf("the page of a piece that is not judged was asked for %d times", n)
	}
	p := w.publish(t)
	w.wantOnce(t, titles(a), 1)
	if p.Edition == nil || p.Edition.Pieces != (digest.PieceCount{Seen: 3, Kept: 1, OtherLanguages: 2}) {
		t.Errorf("edition %+v", p.Edition)
	}
	all, err := w.Store.Foreign(t.Context(), p.Window.From)
	if err != nil || len(all) != 2 || all[0] != (store.Foreign{Source: "two", Outlet: "TWO", Language: "de", Pieces: 1}) || all[1].Language != "uk" {
		t.Errorf("%+v, %v", all, err)
	}
}
