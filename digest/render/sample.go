package render

import (
	"fmt"
	"strings"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// Sample composes an invented edition over a pack's stances, with all that an
// edition can hold: templates are tried on it at start, and `check` holds the
// message that it makes against the rules of mail.
func Sample(p *topic.Pack, to time.Time) digest.Edition {
	window := digest.Window{From: to.AddDate(0, 0, -7), To: to}
	var pieces []digest.Candidate
	var told []digest.Told
	var before digest.Edition
	for i, s := range p.Stances {
		c := samplePiece(int64(i+1), window)
		c.Verdict = sampleVerdict(c.Text, p, i, stance.Leaning)
		pieces = append(pieces, c)
		told = append(told, digest.Told{
			Item: int64(100 + i), Edition: 6, Title: fmt.Sprintf("An invented piece of an earlier week, the %d.", i+1), URL: fmt.Sprintf("https://example.org/earlier/%d", i+1),
			Outlet: "Invented Institute", As: s.Key, Verdict: sampleVerdict("", p, i+1, stance.Leaning), Why: "an invented reason",
		})
		before.Sections = append(before.Sections, digest.Section{Stance: s.Key, Entries: make([]digest.Entry, i)})
	}
	doubtful, round := samplePiece(50, window), samplePiece(51, window)
	doubtful.Verdict = sampleVerdict(doubtful.Text, p, 0, stance.Unsure)
	round.Verdict = sampleVerdict(round.Text, p, len(p.Stances)-1, stance.Leaning)
	name, says := at(round.Text, "An invented institute"), at(round.Text, sampleSentence(51, 2))
	round.Verdict.Contributors = []stance.Contribution{{Name: name, Says: says}}
	before.Number = 6
	e, _ := digest.Compose(p, digest.Draft{
		Number: 7, Window: window, Feeds: digest.FeedCount{Read: 12, Failed: 1}, Seen: 40, Other: 2,
		Past: []digest.Edition{before}, Told: told[:min(2, len(told))],
	}, append(pieces, doubtful, round))
	return e
}

// samplePiece is an invented piece whose words are no debate's, and unlike those
// of the others: a copy would vanish.
func samplePiece(n int64, w digest.Window) digest.Candidate {
	var text []string
	for i := range 4 {
		text = append(text, sampleSentence(n, i))
	}
	return digest.Candidate{
		Item: n, Title: fmt.Sprintf("The title of an invented piece, number %d", n), TitleKey: fmt.Sprintf("invented %d", n),
		URL: fmt.Sprintf("https://example.org/pieces/%d", n), Key: fmt.Sprintf("example.org/pieces/%d", n), Canonical: fmt.Sprintf("example.org/pieces/%d", n),
		Outlet: fmt.Sprintf("Invented Institute %d", n), Country: "BE", Authors: []string{fmt.Sprintf("Author %d", n), "A. N. Other"},
		Published: w.To.Add(-time.Duration(n) * time.Hour), FirstSeen: w.To, Text: "An invented institute\n" + strings.Join(text, " "), Basis: stance.BasisPage,
	}
}

func sampleSentence(piece int64, i int) string {
	return fmt.Sprintf("Sentence %d-%d of piece %d-%d was invented to see how a letter-%d-%d looks with it.", i, piece, piece, i, i, piece)
}

// sampleVerdict puts a piece under the pack's n-th stance.
func sampleVerdict(text string, p *topic.Pack, n int, d stance.Doubt) stance.Verdict {
	key, other := p.Stances[n%len(p.Stances)].Key, p.Stances[(n+1)%len(p.Stances)].Key
	v := stance.Verdict{
		Relevant: true, Relevance: 1, Stance: key, Confidence: 0.6, Doubt: d, Also: []topic.StanceKey{other},
		Probabilities: map[topic.StanceKey]float64{key: 0.6, other: 0.4}, By: stance.ByModel,
	}
	if sentences := strings.SplitAfter(text, "with it."); len(sentences) > 3 {
		for i, s := range sentences[:4] {
			q := at(text, strings.TrimSpace(s))
			switch i {
			case 0:
				v.Summary = append(v.Summary, q)
			case 3:
				v.Contrary = &q
			default:
				v.Evidence = append(v.Evidence, q)
			}
		}
	}
	return v
}

// at quotes a part of a text.
func at(text, part string) stance.Quote {
	i := max(0, strings.Index(text, part))
	return stance.Quote{Text: part, Start: i, End: i + len(part)}
}

func sampleFrame() Frame {
	return Frame{Sender: Paper, Unsubscribe: "leave@example.org", ReplyTo: "editor@example.org", Postal: "1 Example Street", Web: "https://example.org", Leave: "https://example.org/leave/me"}
}
