package render

import (
	"fmt"
	"strings"

	"standpoint/digest"
	"standpoint/digest/topic"
)

// fewPieces is the number of pieces below which a share in per cent would claim
// more than it knows; the letter then shows counts alone.
const fewPieces = 8

// mostSigns is how many signs the text part's bars have together.
const mostSigns = 30

// segment is one cell of the bar. Its class and colour are the section's.
type segment struct {
	Class, Colour, Shape string
	N, Percent           int
}

// tally is one camp's line of the legend, which says in words what the bar
// shows (S24, S31).
type tally struct {
	Class, Colour, Shape, Short string
	N                           int
	Share                       string // "27 %", or empty for few pieces
	Text                        string // the text part's line
}

// bar makes the cells of the camps that have a piece.
func bar(e digest.Edition) []segment {
	var out []segment
	shares := percent(e)
	for i, s := range e.Sections {
		if n := len(s.Entries); n > 0 {
			out = append(out, segment{fmt.Sprintf("s%d", i), colour(s.Colour, "#55575c"), shape(s), n, shares[i]})
		}
	}
	return out
}

// tallies makes the legend: all camps, those without a piece too.
func (w *words) tallies(e digest.Edition) []tally {
	all := w.everyTally(e)
	for i, s := range e.Sections {
		if s.Stance == topic.Unsure && all[i].N == 0 {
			return append(all[:i:i], all[i+1:]...)
		}
	}
	return all
}

// everyTally makes a line for each section.
func (w *words) everyTally(e digest.Edition) []tally {
	var out []tally
	shares := percent(e)
	for i, s := range e.Sections {
		n := len(s.Entries)
		t := tally{Class: fmt.Sprintf("s%d", i), Colour: colour(s.Colour, "#55575c"), Shape: shape(s), Short: w.short(s), N: n}
		if e.Entries() >= fewPieces {
			t.Share = w.percent(fmt.Sprint(shares[i]))
		}
		line := fmt.Sprintf("%s %s %4d", t.Shape, pad(t.Short, 22), n)
		if t.Share != "" {
			line += padLeft(t.Share, 7)
		}
		signs := strings.Repeat(t.Shape, scaled(n, e.Entries(), mostSigns))
		t.Text = strings.TrimRight(strings.ReplaceAll(line, nbsp, " ")+"   "+signs, " ")
		out = append(out, t)
	}
	return out
}

// scaled is a bar's number of signs: one a piece, or to the same scale for all
// where they are more than most; a camp that has a piece always has one.
func scaled(n, total, most int) int {
	if total <= most {
		return n
	}
	return (n*most + total - 1) / total
}

// percent gives each section's share of the pieces, rounded.
func percent(e digest.Edition) []int {
	out := make([]int, len(e.Sections))
	total := max(1, e.Entries())
	for i, s := range e.Sections {
		out[i] = (len(s.Entries)*100 + total/2) / total
	}
	return out
}

// short is a section's name for the bar.
func (w *words) short(s digest.Section) string {
	if s.Stance == topic.Unsure {
		return w.say("unsorted_short", nil)
	}
	return clean(orElse(s.Short, s.Name), 22)
}
