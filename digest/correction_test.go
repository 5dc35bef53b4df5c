package digest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// ruled is a candidate on which the operator spoke.
func ruled(c digest.Candidate, key topic.StanceKey) digest.Candidate {
	c.Verdict = stance.Ruling(key)
	if key != "" {
		c.Verdict.Evidence = []stance.Quote{{Text: "Another sentence.", Start: 14, End: 31}, {Text: "Not there."}}
	}
	return c
}

// at gives a candidate the address of another.
func at(c, o digest.Candidate) digest.Candidate {
	c.Key, c.Canonical, c.URL = o.Key, o.Canonical, o.URL
	return c
}

func TestTheOperatorsWordOnACopyCounts(t *testing.T) {
	shown := piece(1, "bind", stance.Unsure)
	shown.Text = "Here it begins. " + shown.Text
	copied := at(piece(2, "bind", stance.Sure), shown)
	copied.Basis, copied.Outlet = stance.BasisTeaser, "Mirror"
	e := compose(t, shown, ruled(copied, "settle"))
	if got, want := layout(e), "bind:\ndeploy:\narm:\nsettle: 1\nsurvey:\nunsure:\n"; got != want {
		t.Fatalf("got\n%swant\n%s", got, want)
	}
	en := e.Sections[3].Entries[0]
	if en.By != stance.ByOperator || en.Doubt != stance.Sure || en.Quote != "Another sentence." || en.Outlet != shown.Outlet {
		t.Errorf("%+v", en)
	}
	// Without a word of the operator's the shown copy speaks for itself.
	if e := compose(t, shown, copied); e.Sections[5].Entries[0].By != shown.Verdict.By {
		t.Errorf("%+v", e.Sections[5].Entries)
	}
}

// What the operator took out does not come back by another way.
func TestCopiesOfWhatWasTakenOut(t *testing.T) {
	out := ruled(piece(1, "arm", stance.Sure), "")
	for n := range 200 {
		out.Text += fmt.Sprintf(" Word%d", n*n)
	}
	byAddress, byWording, other := at(piece(2, "arm", stance.Sure), out), piece(3, "arm", stance.Sure), piece(4, "arm", stance.Sure)
	byAddress.Text, byWording.Text, byWording.Outlet = out.Text, out.Text, "Mirror"
	byAddress.Title, byWording.Title = out.Title, out.Title // another number would make another instalment
	draft := digest.Draft{Number: 7, Window: digest.Window{From: monday.AddDate(0, 0, -7), To: monday}, Barred: []digest.Candidate{out}}
	e, filings := digest.Compose(pack(t), draft, []digest.Candidate{byAddress, byWording, other})
	if got, want := layout(e), "bind:\ndeploy:\narm: 4\nsettle:\nsurvey:\nunsure:\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if len(filings) != 3 || filings[0].Edition != 0 || filings[0].CopyOf != 1 || filings[0].Why != "same address" ||
		filings[1].Edition != 0 || filings[1].CopyOf != 1 || filings[1].Why == "" || filings[2].Edition != 7 {
		t.Errorf("%+v", filings)
	}
	// A copy that the operator put in is shown, and no other beside it.
	e, filings = digest.Compose(pack(t), draft, []digest.Candidate{ruled(byAddress, "bind"), ruled(byWording, "bind")})
	if got, want := layout(e), "bind: 3\ndeploy:\narm:\nsettle:\nsurvey:\nunsure:\n"; got != want || len(filings) != 2 {
		t.Errorf("got\n%swant\n%s%+v", got, want, filings)
	}
}

func TestCorrectionsAreTold(t *testing.T) {
	told := func(item int64, as topic.StanceKey, v stance.Verdict, why string) digest.Told {
		return digest.Told{Item: item, Edition: 3, Title: "T", As: as, Verdict: v, Why: why}
	}
	byModel := stance.Verdict{Relevant: true, Stance: "arm", Doubt: stance.Leaning, By: stance.ByModel}
	inDoubt := byModel
	inDoubt.Doubt = stance.Unsure
	e, _ := digest.Compose(pack(t), digest.Draft{Number: 7, Told: []digest.Told{
		told(9, "arm", stance.Ruling("bind"), "it asks for a treaty"),
		told(8, "arm", stance.Ruling(""), "it is about Taiwan"),
		told(7, topic.Unsure, stance.Ruling("bind"), "w"),
		told(6, "bind", inDoubt, ""),
		told(5, "neutrality", stance.Ruling("settle"), "w"),
		told(4, "bind", stance.Ruling("bind"), "said before"),
		told(3, "arm", byModel, ""),
		told(2, "", stance.Ruling(""), "said before"),
		told(1, "", byModel, ""),
	}}, nil)
	var got []string
	for _, c := range e.Corrections {
		got = append(got, strings.Join([]string{string(c.From), c.FromName, string(c.To), c.ToName, c.Why}, "|"))
	}
	want := []string{
		"||arm|Arm Ukraine|",
		"neutrality|neutrality|settle|Settlement first|w",
		"bind|Binding commitments|unsure|Not sorted|",
		"unsure|Not sorted|bind|Binding commitments|w",
		"arm|Arm Ukraine|||it is about Taiwan",
		"arm|Arm Ukraine|bind|Binding commitments|it asks for a treaty",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	if e.Entries() != 0 || e.Pieces.Kept != 0 {
		t.Error("a correction is no piece")
	}
}
