package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/topic"
)

// correctionCounts is what status tells of the operator's corrections.
type correctionCounts struct {
	Stand   int       `json:"stand"`
	Learned int       `json:"learned"`
	KeptOut []keptOut `json:"kept_out"` // of training
}

// keptOut is a correction that the model does not learn.
type keptOut struct {
	Title  string              `json:"title"`
	Breaks []stance.Regression `json:"breaks"`
}

func correctionsIn(ctx context.Context, db *store.DB) (correctionCounts, error) {
	out := correctionCounts{KeptOut: []keptOut{}}
	all, err := db.Corrections(ctx)
	for _, c := range all {
		out.Stand++
		if len(c.Breaks) == 0 {
			out.Learned++
		} else {
			out.KeptOut = append(out.KeptOut, keptOut{c.Title, c.Breaks})
		}
	}
	return out, err
}

func (c correctionCounts) print(w io.Writer) {
	if c.Stand == 0 {
		return
	}
	fmt.Fprintf(w, "Corrections   %s by the operator, %d learned\n", count(c.Stand, "verdict"), c.Learned)
	for _, k := range c.KeptOut {
		fmt.Fprintf(w, "              not learned: “%s”; it would break %s\n", short(k.Title, 60), idsOf(k.Breaks))
	}
}

func idsOf(all []stance.Regression) string {
	var ids []string
	for _, r := range all {
		ids = append(ids, line(r.ID))
	}
	return strings.Join(ids, ", ")
}

// correction is one of the operator's words on a piece, as explain tells it.
type correction struct {
	At     time.Time           `json:"at"`
	Who    string              `json:"who"`
	From   *topic.StanceKey    `json:"from"` // null: not on the subject, or not judged
	To     *topic.StanceKey    `json:"to"`   // null: not on the subject
	Why    string              `json:"why"`
	Copy   bool                `json:"copy"`   // it was given on another copy
	Breaks []stance.Regression `json:"breaks"` // what learning it would break; empty: it is learned
	Ended  *time.Time          `json:"ended"`  // null: it stands
}

func correctionsOf(ctx context.Context, db *store.DB, item int64) ([]correction, error) {
	all, err := db.CorrectionsOf(ctx, item)
	var out []correction
	for _, c := range all {
		out = append(out, correction{
			At: c.At, Who: c.Who, From: orNull(c.Was.Stance), To: orNull(c.Stance), Why: c.Why,
			Copy: c.Lead != 0, Breaks: append([]stance.Regression{}, c.Breaks...), Ended: when(c.Ended),
		})
	}
	return out, err
}

func orNull(key topic.StanceKey) *topic.StanceKey {
	if key == "" {
		return nil
	}
	return &key
}

// words tells the correction in one line.
func (c correction) words(times clock) string {
	name := func(key *topic.StanceKey) string {
		if key == nil {
			return irrelevant
		}
		return string(*key)
	}
	text := fmt.Sprintf("%s, by the %s, from %s to %s: %s", times.at(c.At), c.Who, name(c.From), name(c.To), c.Why)
	if c.Copy {
		text += "; given on another copy"
	}
	switch {
	case c.Ended != nil:
		text += "; ended " + times.at(*c.Ended)
	case len(c.Breaks) > 0:
		text += "; not learned: it would break " + idsOf(c.Breaks)
	}
	return text
}
