package render

import (
	"fmt"
	"strings"

	"standpoint/digest"
	"standpoint/digest/topic"
)

// trendView is the distribution over the stances beside that of the editions
// before: a table with a figure in each cell, so that it says the same without
// colours and to a screen reader (S24, S26).
type trendView struct {
	Caption string
	Heads   []string // "No. 12", then the editions before, the newest first
	Rows    []trendRow
	Text    string // the whole table
}

// trendRow is one stance's line.
type trendRow struct {
	Class, Colour, Shape, Short string
	Now                         string
	Before                      []int
	Signs                       string // the text part's bar, to one scale for all
}

// trendSigns is how many signs the bars beside the table have together: there is
// room for no more in a line.
const trendSigns = 16

// trend makes the table; nil for the first edition.
func (w *words) trend(e digest.Edition) *trendView {
	if len(e.Past) == 0 {
		return nil
	}
	v := &trendView{Caption: w.say("trend", nil), Heads: []string{unbroken(w.say("number", values{"N": e.Number}))}}
	for _, p := range e.Past {
		v.Heads = append(v.Heads, fmt.Sprint(p.Number))
	}
	for i, t := range w.everyTally(e) {
		key := e.Sections[i].Stance
		row := trendRow{Class: t.Class, Colour: t.Colour, Shape: t.Shape, Short: t.Short, Signs: strings.Repeat(t.Shape, scaled(t.N, e.Entries(), trendSigns)), Now: fmt.Sprint(t.N)}
		if t.Share != "" {
			row.Now += nbsp + "(" + t.Share + ")"
		}
		any := t.N > 0
		for _, p := range e.Past {
			row.Before = append(row.Before, p.Counts[key])
			any = any || p.Counts[key] > 0
		}
		if any || key != topic.Unsure {
			v.Rows = append(v.Rows, row)
		}
	}
	v.Text = v.lines()
	return v
}

// lines sets the table for the text part.
func (v *trendView) lines() string {
	var b strings.Builder
	b.WriteString(pad("", 20) + padLeft(v.Heads[0], 12))
	for _, h := range v.Heads[1:] {
		b.WriteString(padLeft(h, 5))
	}
	for _, r := range v.Rows {
		b.WriteString("\n" + pad(r.Shape+" "+cut(r.Short, 17), 20) + padLeft(r.Now, 12))
		for _, n := range r.Before {
			b.WriteString(padLeft(fmt.Sprint(n), 5))
		}
		if r.Signs != "" {
			b.WriteString("   " + r.Signs)
		}
	}
	return strings.ReplaceAll(b.String(), nbsp, " ")
}
