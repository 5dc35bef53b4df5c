package digest_test

import (
	"testing"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

func TestSince(t *testing.T) {
	p, err := topic.Builtin("ukraine-security-guarantees")
	if err != nil {
		t.Fatal(err)
	}
	e := digest.Edition{Number: 3, Sections: []digest.Section{
		{Stance: "arm", Name: "Arm Ukraine", Entries: []digest.Entry{{Item: 1}, {Item: 2}, {Item: 3}}},
		{Stance: "bind", Name: "Binding commitments"},
	}}
	told := []digest.Told{
		{Item: 1, Edition: 3, As: "bind", Verdict: stance.Ruling("bind"), Why: "it asks for a treaty"}, // told since: on the edition's own page it is news all the same
		{Item: 2, Edition: 3, As: "bind", Verdict: stance.Ruling("arm")},                               // as the edition has it
		{Item: 3, Edition: 3, As: "arm", Verdict: stance.Ruling(""), Why: "about another country"},
		{Item: 4, Edition: 2, As: "arm", Verdict: stance.Ruling("bind"), Why: "of another edition"},
		{Item: 5, Edition: 3, As: "arm", Verdict: stance.Ruling("bind"), Why: "a copy that the edition does not show"},
	}
	got := digest.Since(p, e, told)
	if len(got) != 2 || got[0].Item != 1 || got[0].From != "arm" || got[0].To != "bind" || got[0].ToName != "Binding commitments" ||
		got[1].Item != 3 || got[1].To != "" {
		t.Errorf("%+v", got)
	}
}
