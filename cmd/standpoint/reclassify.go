package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"

	"standpoint/digest/pipeline"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
	"standpoint/feeds"
)

func reclassifyCommand() command {
	return command{
		name: "reclassify", does: "Judge the pieces that no edition has anew, with today's model and corrections.",
		example: "standpoint reclassify --dry-run",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path, asJSON := configFlag(flags), jsonFlag(flags)
			dry := flags.Bool("dry-run", false, "show what would change, and change nothing")
			return func(ctx context.Context, env *environment, _ []string) error {
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				return s.reclassify(ctx, env, *dry, *asJSON)
			}
		},
	}
}

// reclassify works on a copy where nothing is to change.
func (s *settings) reclassify(ctx context.Context, env *environment, dry, asJSON bool) (err error) {
	open := s.open
	if dry {
		open = s.openCopy
	}
	o, err := open(ctx, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	r, err := o.worker.Reclassify(ctx, !dry)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(plain{env.stdout}, reclassifiedJSON(r, dry))
	}
	return s.printReclassified(plain{env.stdout}, r, dry)
}

// filed is a verdict as reclassify tells it; the stance is null when the piece
// is not on the subject.
type filed struct {
	Stance     *topic.StanceKey `json:"stance"`
	Doubt      stance.Doubt     `json:"doubt,omitempty"`
	Confidence float64          `json:"confidence"`
	Relevance  float64          `json:"relevance"`
}

func filedAs(v stance.Verdict) filed {
	f := filed{Doubt: v.Doubt, Confidence: v.Confidence, Relevance: v.Relevance}
	if v.Relevant {
		f.Stance = &v.Stance
	}
	return f
}

type reclassified struct {
	Judged   int              `json:"judged"`
	Restated int              `json:"restated"` // the same label with other figures or quotes
	DryRun   bool             `json:"dry_run"`
	Changed  []changedVerdict `json:"changed"`
}

type changedVerdict struct {
	Title  string `json:"title"`
	URL    string `json:"url"`
	Outlet string `json:"outlet"`
	From   filed  `json:"from"`
	To     filed  `json:"to"`
}

func reclassifiedJSON(r pipeline.Reclassified, dry bool) reclassified {
	out := reclassified{Judged: r.Judged, Restated: r.Restated, DryRun: dry, Changed: []changedVerdict{}}
	for _, c := range r.Changed {
		out.Changed = append(out.Changed, changedVerdict{
			c.Piece.Title, feeds.Redact(c.Piece.URL), c.Piece.Outlet, filedAs(c.Piece.Verdict), filedAs(c.Now),
		})
	}
	return out
}

func (s *settings) printReclassified(w io.Writer, r pipeline.Reclassified, dry bool) error {
	out := &sticky{out: w}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for i, c := range r.Changed {
		if i == 0 {
			fmt.Fprintln(t, "Piece\tOutlet\tFrom\tTo\tConfidence")
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", short(c.Piece.Title, 50), short(c.Piece.Outlet, 24), brief(c.Piece.Verdict), brief(c.Now), confidence(c.Now))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	would := "is stored"
	if dry {
		would = "would be stored; nothing was changed"
	}
	fmt.Fprintf(out, "%s judged anew: %d with another label, %d with other figures or quotes. What is new %s.\n",
		count(r.Judged, "piece"), len(r.Changed), r.Restated, would)
	return out.err
}

// brief tells a verdict for a table.
func brief(v stance.Verdict) string {
	switch {
	case v.Language != "":
		return "in another language: " + v.Language
	case !v.Relevant:
		return irrelevant
	}
	return fmt.Sprintf("%s, %s", v.Stance, v.Doubt)
}

// confidence is the figure that decided.
func confidence(v stance.Verdict) string {
	if !v.Relevant {
		return fmt.Sprintf("%.2f", 1-v.Relevance)
	}
	return fmt.Sprintf("%.2f", v.Confidence)
}
