package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/topic"
	"standpoint/feeds"
)

// pieceFate is what became of a piece, in a word.
type pieceFate string

// A piece has the first of these fates that fits.
const (
	fatePublished  pieceFate = "published"   // shown in an edition
	fateCopy       pieceFate = "copy"        // belongs to an edition that shows another copy
	fateHeld       pieceFate = "held"        // came in a flood and waits for release
	fateLeftOut    pieceFate = "left out"    // not judged
	fateTooOld     pieceFate = "too old"     // at the first contact
	fateWaiting    pieceFate = "waiting"     // for its page
	fateOffSubject pieceFate = "off subject" // by its text
	fateDropped    pieceFate = "dropped"     // by the editor, from a draft, for good
	fateReady      pieceFate = "ready"       // for the next edition
)

// explained is all that can be said of a stored piece.
type explained struct {
	ID        int64          `json:"id"`
	Source    feeds.SourceID `json:"source"`
	Outlet    string         `json:"outlet"`
	Feed      string         `json:"feed,omitempty"` // empty: no longer in the config
	URL       string         `json:"url"`
	Title     string         `json:"title"`
	Authors   []string       `json:"authors"`
	Language  string         `json:"language"`
	Published *time.Time     `json:"published"`
	FirstSeen time.Time      `json:"first_seen"`
	GUID      string         `json:"guid"`
	Key       string         `json:"key"`
	Canonical string         `json:"canonical"`

	Fate    pieceFate   `json:"fate"`
	Why     string      `json:"why"`
	Edition int         `json:"edition"` // that has it, or would; 0: none
	Planned bool        `json:"planned"` // the edition is not made yet
	CopyOf  *elsewhere  `json:"copy_of,omitempty"`
	AlsoAt  []elsewhere `json:"also_at,omitempty"`

	Basis     stance.Basis `json:"basis"`
	Words     int          `json:"words"`
	TextGone  *time.Time   `json:"text_gone"`             // when the texts were dropped; null: they are there
	TextHash  string       `json:"text_sha256,omitempty"` // of the text that is gone
	Judged    *time.Time   `json:"judged"`
	Attempts  int          `json:"page_attempts"` // that failed
	PageError string       `json:"page_error,omitempty"`

	Screening   topic.Screening     `json:"screening"` // what title and teaser alone say
	Relevant    bool                `json:"relevant"`
	Relevance   float64             `json:"relevance"`
	Needed      float64             `json:"needed"`
	Cues        map[string][]string `json:"cues"` // group → words that were found, most frequent first
	Verdict     *verdict            `json:"verdict,omitempty"`
	Corrections []correction        `json:"corrections,omitempty"` // by the operator, oldest first
	Opinion     *secondOpinion      `json:"opinion,omitempty"`
	Revisions   []revision          `json:"revisions,omitempty"`
	cueGroups   []cueGroup

	topicLanguage string
}

// elsewhere is another copy of a piece.
type elsewhere struct {
	ID     int64  `json:"id,omitempty"`
	Outlet string `json:"outlet"`
	Title  string `json:"title,omitempty"`
	URL    string `json:"url"`
}

type verdict struct {
	Stance        topic.StanceKey             `json:"stance"`
	Name          string                      `json:"name"`
	Confidence    float64                     `json:"confidence"`
	Doubt         stance.Doubt                `json:"doubt"`
	Also          []topic.StanceKey           `json:"also"`
	Probabilities map[topic.StanceKey]float64 `json:"probabilities"`
	Evidence      []outputQuote               `json:"evidence"`
	Contrary      *outputQuote                `json:"contrary"`
	Contributors  []outputVoice               `json:"contributors"`
	By            stance.By                   `json:"by"`
}

type revision struct {
	Seen  time.Time `json:"seen"`
	Title string    `json:"title"`
	Words int       `json:"words"`
}

// explained says what the store knows of a piece; settle adds what became of it.
func (s *settings) explained(k store.Known) explained {
	e := explained{
		ID: k.ID, Source: k.Source, Outlet: k.Outlet, URL: feeds.Redact(k.URL), Title: k.Title, Authors: append([]string{}, k.Authors...),
		Language: k.Language, Published: when(k.Published), FirstSeen: k.FirstSeen, GUID: k.GUID, Key: k.Key, Canonical: k.Canonical,
		Basis: k.Basis, Words: len(strings.Fields(k.Text)), Judged: when(k.Judged), Attempts: k.Attempts, PageError: line(k.PageError),
		Screening: s.pack.Screen(k.Title, k.Teaser), Relevant: k.Verdict.Relevant, Relevance: k.Verdict.Relevance,
		Needed: s.pack.Thresholds.Relevant, topicLanguage: s.pack.Language,
	}
	all := s.FeedSources()
	if i := slices.IndexFunc(all, func(f feeds.Source) bool { return f.ID == k.Source }); i >= 0 {
		e.Feed = feeds.Redact(all[i].URL)
	}
	if !k.Gone.IsZero() {
		e.TextGone, e.TextHash, e.Words = when(k.Gone), k.TextHash, k.TextWords
	}
	text := k.Text
	if text == "" {
		text = k.Teaser
	}
	e.findCues(s.pack, k.Title+"\n"+text)
	if k.Verdict.Relevant {
		e.Verdict = verdictOf(s.pack, k.Verdict)
	}
	for _, r := range k.Revisions {
		e.Revisions = append(e.Revisions, revision{r.Seen, r.Title, len(strings.Fields(orElse(r.Text, r.Teaser)))})
	}
	return e
}

func verdictOf(pack *topic.Pack, v stance.Verdict) *verdict {
	name, _ := pack.Stance(v.Stance)
	out := &verdict{
		Stance: v.Stance, Name: name.Name, Confidence: v.Confidence, Doubt: v.Doubt, Also: append([]topic.StanceKey{}, v.Also...),
		Probabilities: v.Probabilities, By: v.By, Contrary: (*outputQuote)(v.Contrary), Contributors: voicesOf(v),
	}
	for _, q := range v.Evidence {
		out.Evidence = append(out.Evidence, outputQuote(q))
	}
	return out
}

// settle says what became of the piece, or by the plan would become of it.
func (e *explained) settle(ctx context.Context, db *store.DB, k store.Known, plan map[int64]digest.Filing) error {
	if k.Edition > 0 {
		return e.filed(ctx, db, digest.Filing{Item: k.ID, Edition: k.Edition, CopyOf: k.CopyOf, Why: k.Why})
	}
	switch f, planned := plan[k.ID]; {
	case k.Held:
		e.Fate, e.Why = fateHeld, fmt.Sprintf("came with far more new pieces than usual; to let them through: standpoint feeds release %s", k.Source)
	case k.LeftOut == store.OffSubject:
		e.Fate, e.Why = fateLeftOut, "title and teaser are plainly about something else"
	case strings.HasPrefix(k.LeftOut, "path "):
		e.Fate, e.Why = fateLeftOut, "its address has "+strings.TrimPrefix(k.LeftOut, "path ")+", which the source's leave_out names"
	case strings.HasPrefix(k.LeftOut, store.OtherLanguage("")):
		e.Fate, e.Why = fateLeftOut, "its language is "+strings.TrimPrefix(k.LeftOut, store.OtherLanguage(""))+", and pieces on this topic are judged in "+e.topicLanguage
	case k.LeftOut == "discarded":
		e.Fate, e.Why = fateLeftOut, "it was held, and discarded by feeds release --discard"
	case k.LeftOut != "":
		e.Fate, e.Why = fateLeftOut, k.LeftOut
	case k.Eligible.IsZero():
		e.Fate, e.Why = fateTooOld, "it was older than lookback when its feed first showed it: such pieces are remembered and never published"
	case k.Pending:
		e.Fate, e.Why = fateWaiting, "text and verdict are still to come"
	case !k.Verdict.Relevant && k.Verdict.By == stance.ByOperator:
		e.Fate, e.Why = fateOffSubject, "the operator took it out"
	case !k.Gone.IsZero() && k.Verdict.Relevant:
		e.Fate, e.Why = fateTooOld, "its text is gone, and without it no edition takes it"
	case planned && f.Edition == 0:
		e.Fate, e.Why = fateLeftOut, fmt.Sprintf("the operator took out a copy of it: %s", f.Why)
	case !k.Verdict.Relevant:
		e.Fate, e.Why = fateOffSubject, fmt.Sprintf("relevance %.2f, and %.2f is needed", k.Verdict.Relevance, e.Needed)
	case planned:
		e.Planned = true
		return e.filed(ctx, db, f)
	default:
		e.Fate, e.Why = fateReady, "it waits for the next edition"
	}
	return nil
}

// drafted says what the editor did with the piece.
func (e *explained) drafted(ctx context.Context, db *store.DB) error {
	d, err := db.DraftOf(ctx, e.ID)
	if err == nil && !d.Dropped.At.IsZero() {
		e.Edition = d.Edition
		e.Fate, e.Why = fateDropped, fmt.Sprintf("from edition %d by %s: %s", d.Edition, d.Dropped.Who, d.Dropped.Why)
	}
	return err
}

// filed says which edition has the piece, and in whose stead.
func (e *explained) filed(ctx context.Context, db *store.DB, f digest.Filing) error {
	e.Edition = f.Edition
	if f.CopyOf != 0 && f.CopyOf != f.Item {
		e.Fate, e.Why = fateCopy, f.Why
		original, ok, err := db.Item(ctx, f.CopyOf)
		if err == nil && ok {
			e.CopyOf = &elsewhere{original.ID, original.Outlet, original.Title, feeds.Redact(original.URL)}
		}
		return err
	}
	if e.Planned {
		e.Fate = fateReady
		return nil
	}
	e.Fate = fatePublished
	edition, err := db.Edition(ctx, f.Edition)
	if errors.Is(err, store.ErrNoEdition) {
		return nil
	}
	for _, section := range edition.Sections {
		for _, entry := range section.Entries {
			if entry.Item != f.Item {
				continue
			}
			for _, c := range entry.AlsoAt {
				e.AlsoAt = append(e.AlsoAt, elsewhere{Outlet: c.Outlet, URL: feeds.Redact(c.URL)})
			}
		}
	}
	return err
}
