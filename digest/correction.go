package digest

import (
	"cmp"
	"slices"
	"strings"

	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// Told is a piece of an earlier edition on which the operator spoke, before or
// after readers had it.
type Told struct {
	Item    int64
	Edition int // that showed it
	Title   string
	URL     string
	Outlet  string
	As      topic.StanceKey // the section under which readers last heard of it; empty: that it is off the subject
	Verdict stance.Verdict  // as it stands now
	Why     string          // the operator's reason; empty where the operator's word was taken back
}

// Correction tells readers of an edition that a piece of an earlier one is filed
// elsewhere now.
type Correction struct {
	Item     int64
	Edition  int // that showed it
	Title    string
	URL      string // absolute http(s); may be empty
	Outlet   string
	From, To topic.StanceKey // sections; topic.Unsure for the last; empty: off the subject
	FromName string          // for readers; empty where From is
	ToName   string
	Why      string // the operator's reason; empty where an earlier correction is taken back
}

// corrections says which of the pieces stand elsewhere than readers were told.
func corrections(p *topic.Pack, sections []Section, told []Told) []Correction {
	var out []Correction
	name := func(key topic.StanceKey) string {
		if i := slices.IndexFunc(sections, func(s Section) bool { return s.Stance == key }); i >= 0 {
			return sections[i].Name
		}
		return string(key) // of another pack, or off the subject
	}
	for _, t := range told {
		to := PlaceOf(p, t.Verdict)
		if to == t.As {
			continue
		}
		out = append(out, Correction{
			Item: t.Item, Edition: t.Edition, Title: t.Title, URL: t.URL, Outlet: t.Outlet,
			From: t.As, To: to, FromName: name(t.As), ToName: name(to), Why: t.Why,
		})
	}
	slices.SortFunc(out, func(a, b Correction) int {
		return cmp.Or(cmp.Compare(a.Edition, b.Edition), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Item, b.Item))
	})
	return out
}

// PlaceOf is the section in which a verdict puts a piece; empty: in none.
func PlaceOf(p *topic.Pack, v stance.Verdict) topic.StanceKey {
	switch _, ok := p.Stance(v.Stance); {
	case !v.Relevant:
		return ""
	case !ok || v.Doubt == stance.Unsure:
		// A stance that the pack has not is another pack's, or an older one's
		// verdict: in doubt, but not lost.
		return topic.Unsure
	}
	return v.Stance
}

// ruled says that the operator put the piece into the digest.
func (c Candidate) ruled() bool { return c.Verdict.By == stance.ByOperator && c.Verdict.Relevant }

// barred says that the operator took the piece out.
func (c Candidate) barred() bool { return c.Verdict.By == stance.ByOperator && !c.Verdict.Relevant }

// barred returns the copy that keeps the cluster out of the digest, or nil. One
// that the operator put in speaks for all, too.
func (c cluster) barred() *Candidate {
	if slices.ContainsFunc(c.copies, Candidate.ruled) {
		return nil
	}
	if i := slices.IndexFunc(c.copies, Candidate.barred); i >= 0 {
		return &c.copies[i]
	}
	return nil
}

// verdictOf is the verdict on a piece: that on the copy that is shown, unless
// the operator spoke on another one. Then only what the shown copy says, too, is
// quoted.
func verdictOf(copies []Candidate) stance.Verdict {
	i := max(0, slices.IndexFunc(copies, Candidate.ruled))
	v := copies[i].Verdict
	if i > 0 {
		text := copies[0].Text
		v.Evidence, v.Summary, v.Contrary = within(v.Evidence, text), within(v.Summary, text), nil
		v.Contributors = slices.DeleteFunc(slices.Clone(v.Contributors), func(c stance.Contribution) bool {
			return !strings.Contains(text, c.Name.Text) || !strings.Contains(text, c.Says.Text)
		})
	}
	return v
}

// within returns the quotes that are verbatim in another text, with their places
// there.
func within(quotes []stance.Quote, text string) []stance.Quote {
	var out []stance.Quote
	for _, q := range quotes {
		if at := strings.Index(text, q.Text); at >= 0 {
			out = append(out, stance.Quote{Text: q.Text, Start: at, End: at + len(q.Text)})
		}
	}
	return out
}
