package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"standpoint/digest/config"
	"standpoint/digest/llm"
	"standpoint/digest/pipeline"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/topic"
	"standpoint/feeds"
)

// setSecond makes what asks for second opinions, where the config names an
// endpoint.
func (s *settings) setSecond() error {
	l := s.LLM
	if !l.On() {
		return nil
	}
	key, err := l.Secret()
	if err != nil {
		return err
	}
	client, err := llm.New(s.pack, llm.Options{BaseURL: l.BaseURL, Model: l.Model, Key: key.Reveal(), Timeout: l.Timeout.Std()})
	s.second = pipeline.SecondOpinion{Client: client, All: l.For == config.OpinionAll, Budget: l.Budget}
	return err
}

// Contradictions older than this are no news, and no more than so many are shown.
const (
	contradictionsSince = 30 * 24 * time.Hour
	contradictionsShown = 20
)

// secondOpinions is what status tells of them.
type secondOpinions struct {
	Kept           int             `json:"kept"`
	Divided        int             `json:"divided"`  // of these, where the order of the stances decided
	Requests       int             `json:"requests"` // that they took
	Contradictions []contradiction `json:"contradictions"`
}

// contradiction is a sure verdict that a second opinion does not share.
type contradiction struct {
	URL     string          `json:"url"`
	Outlet  string          `json:"outlet"`
	Title   string          `json:"title"`
	Edition int             `json:"edition"` // that has the piece; 0: none yet
	Stance  topic.StanceKey `json:"stance"`
	Opinion *secondOpinion  `json:"opinion"`
}

// secondOpinion is an opinion as it is told; its stance is empty where it calls
// the piece irrelevant or said two things.
type secondOpinion struct {
	From       string            `json:"from"`
	Divided    bool              `json:"divided"`
	Relevant   bool              `json:"relevant"`
	Stance     topic.StanceKey   `json:"stance"`
	Also       []topic.StanceKey `json:"also"`
	Confidence stance.Assurance  `json:"confidence"`
	Evidence   []outputQuote     `json:"evidence"`
	Contrary   bool              `json:"contrary"` // to a sure verdict, which stands
}

func opinionOf(o stance.Opinion, contrary bool) *secondOpinion {
	out := &secondOpinion{
		From: o.From, Divided: o.Divided, Relevant: o.Relevant, Stance: o.Stance, Also: append([]topic.StanceKey{}, o.Also...),
		Confidence: o.Confidence, Evidence: []outputQuote{}, Contrary: contrary,
	}
	for _, q := range o.Evidence {
		out.Evidence = append(out.Evidence, outputQuote(q))
	}
	return out
}

// opinionOn returns the second opinion that a piece's judgement took account of,
// nil without one.
func opinionOn(ctx context.Context, db *store.DB, item int64) (*secondOpinion, error) {
	o, contrary, ok, err := db.OpinionOn(ctx, item)
	if err != nil || !ok {
		return nil, err
	}
	return opinionOf(o, contrary), nil
}

func (o *overview) secondOpinions(ctx context.Context, db *store.DB, now time.Time) error {
	n, err := db.CountOpinions(ctx)
	if err != nil {
		return err
	}
	o.Opinions = secondOpinions{Kept: n.Kept, Divided: n.Divided, Requests: n.Requests, Contradictions: []contradiction{}}
	against, err := db.Contradictions(ctx, now.Add(-contradictionsSince), contradictionsShown)
	for _, c := range against {
		o.Opinions.Contradictions = append(o.Opinions.Contradictions, contradiction{
			feeds.Redact(c.URL), c.Outlet, c.Title, c.Edition, c.Verdict.Stance, opinionOf(c.Opinion, true),
		})
	}
	return err
}

func (s secondOpinions) print(w io.Writer) {
	if s.Kept == 0 {
		return
	}
	fmt.Fprintf(w, "Opinions      %s by a language model, of %s; %d contradict a sure verdict\n",
		count(s.Kept, "second opinion"), count(s.Requests, "request"), len(s.Contradictions))
	for _, c := range s.Contradictions {
		fmt.Fprintf(w, "  look at     %s: “%s”, %s: sure %s, but %s; yours to settle: standpoint correct\n",
			line(c.Outlet), line(c.Title), c.URL, c.Stance, c.Opinion.words())
	}
}

// words is the opinion in a few words.
func (o secondOpinion) words() string {
	from := line(o.From)
	switch {
	case o.Divided:
		return from + " said two things, asked in two orders, so it is no opinion"
	case !o.Relevant:
		return fmt.Sprintf("%s says it is not on the subject (%s), which it does not decide", from, o.Confidence)
	}
	var also []string
	for _, key := range o.Also {
		also = append(also, string(key))
	}
	return fmt.Sprintf("%s says %s (%s)%s", from, o.Stance, o.Confidence, prefixed(", perhaps ", strings.Join(also, ", ")))
}
