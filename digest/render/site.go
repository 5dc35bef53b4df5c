package render

import (
	"fmt"
	"strings"

	"standpoint/digest"
	"standpoint/digest/topic"
)

// StanceView is a stance as the web side's pages show it, or what is not sorted.
// Its texts are clean.
type StanceView struct {
	Key         topic.StanceKey
	Class       string // names its colour in the style sheet, as on an edition's page
	Shape       string // tells it apart without colour
	Name, Short string
	Test        string
	Light, Dark string // "#rrggbb" on a light and on a dark page
	Neutral     bool   // takes no side
	Unsorted    bool   // is no stance, but what is not sorted
}

// Stances returns a pack's stances in its order, and last what is not sorted.
func Stances(p *topic.Pack) []StanceView {
	var out []StanceView
	for i, s := range digest.Sections(p) {
		out = append(out, StanceView{
			Key: s.Stance, Class: fmt.Sprintf("s%d", i), Shape: shape(s), Name: clean(s.Name, maxName), Short: clean(orElse(s.Short, s.Name), 22), Test: clean(s.Test, maxSummary),
			Light: colour(s.Colour, "#55575c"), Dark: colour(s.Dark, "#a9a49a"), Neutral: s.Neutral, Unsorted: s.Stance == topic.Unsure,
		})
	}
	return out
}

// Palette is the part of a style sheet that names the stances' colours.
func Palette(p *topic.Pack) string {
	var light, dark strings.Builder
	for _, s := range Stances(p) {
		fmt.Fprintf(&light, ".%s { --stance: %s }\n", s.Class, s.Light)
		fmt.Fprintf(&dark, "\t.%s { --stance: %s }\n", s.Class, s.Dark)
	}
	return light.String() + "@media (prefers-color-scheme: dark) {\n" + dark.String() + "}\n@media print {\n" +
		strings.ReplaceAll("\t"+strings.TrimSuffix(light.String(), "\n"), "\n", "\n\t") + "\n}\n"
}

// Days is a window's date range, as its edition has it: "16–22 November 2026".
func (r *Renderer) Days(w digest.Window) string { return r.english.days(w) }

// Year is the year of a window's last day.
func Year(w digest.Window) int {
	_, last := shown(w)
	return last.Year()
}

// FrontView is an edition in a few lines, for the home page.
type FrontView struct {
	Number     int
	Week, Days string
	Lead       string // the week in up to three sentences
	Camps      []tally
	Start      []startView
	Pieces     int
}

// Front tells an edition in a few lines.
func (r *Renderer) Front(e digest.Edition, f Frame) FrontView {
	v := newView(r.english, e, f)
	return FrontView{Number: e.Number, Week: v.Week, Days: v.Days, Lead: v.Lead, Camps: v.Camps, Start: v.Start, Pieces: e.Entries()}
}

// Notice tells an edition to feed readers: a line that has its subject and days, and
// the week in up to three sentences.
func (r *Renderer) Notice(e digest.Edition) (title, summary string) {
	return r.english.subject(e) + ", " + r.Days(e.Window), r.english.lead(e)
}

// Rules are the rules by which an edition chooses and orders, in paragraphs.
func Rules() []string {
	return rules(digest.Edition{Start: []int64{0}, Quote: &digest.Saying{}})
}

// Accuracy says how often labels hold, as measured; empty where nobody did.
func (r *Renderer) Accuracy(m topic.Measured) string { return r.english.measured(m) }

// Signature says who sends, and from where (S41).
func (r *Renderer) Signature(f Frame) string { return r.english.signature(f) }

// Name makes one clean line of a name from outside, with its direction kept from
// reordering the line around it.
func Name(s string) string { return isolate(clean(s, maxName)) }
