package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// The JSON of an edition. Scripts rely on these names and on lists that are
// never null.
type (
	editionJSON struct {
		Number   int           `json:"number"`
		Topic    string        `json:"topic"`
		From     string        `json:"from"`
		To       string        `json:"to"`
		Sections []sectionJSON `json:"sections"`
		Feeds    feedsJSON     `json:"feeds"`
		Pieces   piecesJSON    `json:"pieces"`

		Corrections []correctionJSON `json:"corrections"`

		Note  bool       `json:"note"`  // a quiet week's
		Start []string   `json:"start"` // URLs of the pieces to begin with
		Quote *quoteJSON `json:"quote"` // of the week; null where there is none
		Past  []pastJSON `json:"past"`  // the editions before, the newest first
		Moves []moveJSON `json:"moves"` // shares that changed by more than chance
		Fresh freshJSON  `json:"fresh"`
	}
	quoteJSON struct {
		Text string `json:"text"`
		URL  string `json:"url"`
	}
	pastJSON struct {
		Number int            `json:"number"`
		Counts map[string]int `json:"counts"` // by section
	}
	moveJSON struct {
		Stance string  `json:"stance"`
		Now    float64 `json:"now"` // shares, 0 to 1
		Before float64 `json:"before"`
	}
	freshJSON struct {
		Outlets []string `json:"outlets"`
		Names   []string `json:"names"`
	}
	correctionJSON struct {
		Title   string `json:"title"`
		URL     string `json:"url"`
		Outlet  string `json:"outlet"`
		Edition int    `json:"edition"` // that showed it
		From    string `json:"from"`    // a stance, "unsure" or "irrelevant"
		To      string `json:"to"`
		Why     string `json:"why"` // empty: an earlier correction is taken back
	}
	sectionJSON struct {
		Stance  string      `json:"stance"`
		Name    string      `json:"name"`
		Entries []entryJSON `json:"entries"`
	}
	entryJSON struct {
		Title     string   `json:"title"`
		URL       string   `json:"url"`
		Outlet    string   `json:"outlet"`
		Country   string   `json:"country"`
		Authors   []string `json:"authors"`
		Published string   `json:"published"` // RFC 3339; empty when unknown
		Minutes   int      `json:"minutes"`   // reading time; 0 when unknown
		Stance    string   `json:"stance"`
		Doubt     string   `json:"doubt"`
		Also      []string `json:"also"`
		Quote     string   `json:"quote"`
		Summary   string   `json:"summary"`
		Contrary  string   `json:"contrary"` // a sentence for another of the stances; mostly empty
		AlsoAt    []string `json:"also_at"`
		Basis     string   `json:"basis"`
		By        string   `json:"by"` // who gave the stance: model, llm or operator

		Contributors []contributorJSON `json:"contributors"` // of a round-up
	}
	contributorJSON struct {
		Name string `json:"name"`
		Says string `json:"says"`
	}
	feedsJSON struct {
		Read   int `json:"read"`
		Failed int `json:"failed"`
	}
	piecesJSON struct {
		Seen int `json:"seen"`
		Kept int `json:"kept"`

		OtherLanguages int `json:"other_languages"` // not judged
	}
)

// JSON gives an edition for scripts, indented and ending in a line feed. Texts
// are whole and as stored, unlike the letter's; links are the letter's, so that
// one that a letter refuses is empty here, too.
func JSON(e digest.Edition) ([]byte, error) {
	out := editionJSON{
		Number:   e.Number,
		Topic:    e.Topic,
		From:     rfc3339(e.Window.From),
		To:       rfc3339(e.Window.To),
		Sections: []sectionJSON{},
		Feeds:    feedsJSON(e.Feeds),
		Pieces:   piecesJSON(e.Pieces),

		Corrections: []correctionJSON{},
	}
	for _, s := range e.Sections {
		sec := sectionJSON{Stance: string(s.Stance), Name: clean(s.Name, maxName), Entries: []entryJSON{}}
		for _, en := range s.Entries {
			sec.Entries = append(sec.Entries, newEntryJSON(en))
		}
		out.Sections = append(out.Sections, sec)
	}
	for _, c := range e.Corrections {
		out.Corrections = append(out.Corrections, correctionJSON{
			Title: c.Title, URL: address(c.URL), Outlet: c.Outlet, Edition: c.Edition,
			From: orElse(string(c.From), "irrelevant"), To: orElse(string(c.To), "irrelevant"), Why: c.Why,
		})
	}
	out.history(e)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // a URL's "&" stays readable
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return nil, fmt.Errorf("render edition %d as JSON: %w", e.Number, err)
	}
	return b.Bytes(), nil
}

// history fills in what the edition says beside its pieces.
func (out *editionJSON) history(e digest.Edition) {
	urls := map[int64]string{}
	for _, s := range e.Sections {
		for _, en := range s.Entries {
			urls[en.Item] = address(en.URL)
		}
	}
	out.Note, out.Start, out.Past, out.Moves = e.Note, []string{}, []pastJSON{}, []moveJSON{}
	for _, item := range e.Start {
		if u := urls[item]; u != "" {
			out.Start = append(out.Start, u)
		}
	}
	if q := e.Quote; q != nil {
		out.Quote = &quoteJSON{q.Text, urls[q.Item]}
	}
	for _, p := range e.Past {
		counts := map[string]int{}
		for key, n := range p.Counts {
			counts[string(key)] = n
		}
		out.Past = append(out.Past, pastJSON{p.Number, counts})
	}
	for _, m := range e.Moves {
		out.Moves = append(out.Moves, moveJSON{string(m.Stance), m.Now, m.Before})
	}
	out.Fresh = freshJSON{append([]string{}, e.Fresh.Outlets...), append([]string{}, e.Fresh.Names...)}
}

func newEntryJSON(en digest.Entry) entryJSON {
	out := entryJSON{
		Title:     en.Title,
		URL:       address(en.URL),
		Outlet:    en.Outlet,
		Country:   en.Country,
		Authors:   append([]string{}, en.Authors...),
		Published: rfc3339(en.Published),
		Minutes:   en.Minutes,
		Stance:    string(en.Stance),
		Doubt:     string(en.Doubt),
		Also:      keys(en.Also),
		Quote:     en.Quote,
		Summary:   en.Summary,
		Contrary:  en.Contrary,
		AlsoAt:    []string{},
		Basis:     string(en.Basis),
		By:        orElse(string(en.By), string(stance.ByModel)),

		Contributors: []contributorJSON{},
	}
	for _, v := range en.Voices {
		out.Contributors = append(out.Contributors, contributorJSON{v.Name, v.Says})
	}
	for _, c := range en.AlsoAt {
		// Several outlets may have one address; without their names it is told once.
		if u := address(c.URL); u != "" && u != out.URL && !slices.Contains(out.AlsoAt, u) {
			out.AlsoAt = append(out.AlsoAt, u)
		}
	}
	return out
}

func keys(in []topic.StanceKey) []string {
	out := make([]string, len(in))
	for i, k := range in {
		out[i] = string(k)
	}
	return out
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}
