package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"standpoint/digest"
	"standpoint/digest/pipeline"
	"standpoint/digest/stance"
	"standpoint/digest/store"
	"standpoint/digest/topic"
	"standpoint/feeds"
)

// irrelevant stands for no stance on the command line.
const irrelevant = "irrelevant"

func correctCommand() command {
	return command{
		name: "correct", args: "URL STANCE", does: "Say where a piece stands (irrelevant: nowhere); your word wins.",
		example: `standpoint correct https://www.cer.eu/insights/a-piece irrelevant --why "it is about another country"`,
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			var c correcting
			flags.StringVar(&c.why, "why", "", "the reason, one `TEXT`; readers who had the piece get it, too")
			flags.BoolVar(&c.undo, "undo", false, "take the correction back: standpoint correct URL --undo")
			return func(ctx context.Context, env *environment, args []string) error {
				if err := c.parse(args); err != nil {
					return err
				}
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				if err := c.check(s); err != nil {
					return err
				}
				err = s.within(ctx, env, func(o *office) error { return c.run(ctx, env, o) })
				if errors.Is(err, store.ErrHeld) {
					return c.beside(ctx, env, s, err)
				}
				return err
			}
		},
	}
}

// correcting is the command with its arguments.
type correcting struct {
	url, why string
	stance   string
	undo     bool
}

func (c *correcting) parse(args []string) error {
	c.why = line(c.why)
	switch {
	case c.undo && (len(args) != 1 || c.why != ""):
		return usage("--undo takes the address alone: standpoint correct URL --undo")
	case c.undo:
	case len(args) != 2:
		return usage("say which piece and where it stands: standpoint correct URL STANCE --why TEXT")
	case c.why == "":
		return usage("say why, for the record and for readers: --why TEXT")
	default:
		c.stance = args[1]
	}
	c.url = args[0]
	if feeds.Key(c.url) == "" {
		return usage("%q is no address of a piece; write it with its https://", line(c.url))
	}
	return nil
}

// check refuses what needs no store to be refused.
func (c *correcting) check(s *settings) error {
	if _, known := s.pack.Stance(topic.StanceKey(c.stance)); !c.undo && !known && c.stance != irrelevant {
		var keys []string
		for _, each := range s.pack.Stances {
			keys = append(keys, string(each.Key))
		}
		return usage("unknown stance %q; the pack has %s, and there is %s", line(c.stance), strings.Join(keys, ", "), irrelevant)
	}
	if !store.Exists(s.StateDir()) {
		return usage("%w", s.unknownPiece(c.url))
	}
	return nil
}

func (c *correcting) run(ctx context.Context, env *environment, o *office) error {
	copies, err := o.correctable(ctx, c.url)
	if err != nil {
		return err
	}
	var done pipeline.Corrected
	if c.undo {
		done, err = o.worker.Undo(ctx, copies)
		if errors.Is(err, store.ErrNotCorrected) {
			return usage("no correction stands on %s; there is nothing to undo", line(feeds.Redact(feeds.Clean(c.url))))
		}
	} else {
		key := topic.StanceKey(c.stance)
		if c.stance == irrelevant {
			key = ""
		}
		done, err = o.worker.Correct(ctx, copies, key, c.why)
	}
	if errors.Is(err, pipeline.ErrTextGone) {
		return usage("the text of “%s” is gone since %s (keep_texts): nothing is left to quote from or to learn from, so its label stays",
			line(done.Piece.Title), clock{env.now(), o.Location()}.at(done.Piece.Gone))
	}
	if err != nil {
		return err
	}
	o.keep(env, done.Model)
	return o.printCorrected(ctx, plain{env.stdout}, done)
}

// correctable finds all copies of the piece at an address: those that have it,
// those of the same title that name it as their own, or that it names, and those
// that an edition filed with one of them.
func (o *office) correctable(ctx context.Context, address string) ([]store.Known, error) {
	key := feeds.Key(address)
	found, err := o.worker.Store.Find(ctx, key)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, usage("%w", o.unknownPiece(address))
	}
	first := found[max(0, slices.IndexFunc(found, func(k store.Known) bool { return k.Key == key }))]
	same := slices.DeleteFunc(slices.Clone(found), func(k store.Known) bool {
		return k.Key != key && !strings.EqualFold(line(k.Title), line(first.Title))
	})
	if first.Key != key && len(same) < len(found) {
		return nil, usage("several pieces name %s as theirs; correct one by its own address: %s", line(feeds.Redact(address)), addresses(found))
	}
	for _, k := range slices.Clone(same) {
		kin, err := o.worker.Store.Find(ctx, k.Canonical)
		if err != nil {
			return nil, err
		}
		same = append(same, slices.DeleteFunc(kin, func(k store.Known) bool { return !strings.EqualFold(line(k.Title), line(first.Title)) })...)
		more, err := o.worker.Store.Copies(ctx, k.ID)
		if err != nil {
			return nil, err
		}
		with, err := o.worker.Store.CorrectedWith(ctx, k.ID) // copies that no edition has any more
		if err != nil {
			return nil, err
		}
		same = append(append(same, more...), with...)
	}
	slices.SortFunc(same, func(a, b store.Known) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(same, func(a, b store.Known) bool { return a.ID == b.ID }), nil
}

func addresses(pieces []store.Known) string {
	var all []string
	for _, k := range pieces {
		all = append(all, feeds.Redact(k.URL))
	}
	return strings.Join(all, ", ")
}

func (o *office) printCorrected(ctx context.Context, w io.Writer, c pipeline.Corrected) error {
	out := &sticky{out: w}
	fmt.Fprintf(out, "“%s” (%s) was %s and is now %s.\n", line(c.Piece.Title), line(c.Piece.Outlet), o.words(c.Piece.Verdict), o.words(c.Now))
	if n := len(c.Copies); n > 0 {
		fmt.Fprintf(out, "%s the same way.\n", plural(n, "copy of it goes", "copies of it go"))
	}
	what, err := o.consequence(ctx, c.Piece.ID)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, what)
	switch {
	case len(c.Breaks) == 0:
		fmt.Fprintf(out, "The model has learned from %s.\n", count(c.Learnt, "correction"))
	case c.Now.By == stance.ByOperator:
		fmt.Fprintf(out, "The correction stands, and the model does not learn it: that would break %s of the regression set.\n", count(len(c.Breaks), "piece"))
	default:
		fmt.Fprintf(out, "The model has learned from %s; now %s of the regression set is wrong.\n", count(c.Learnt, "correction"), count(len(c.Breaks), "piece"))
	}
	for _, r := range c.Breaks {
		fmt.Fprintf(out, "  %s\n", line(r.String()))
	}
	return out.err
}

// words tells a verdict in a few words.
func (s *settings) words(v stance.Verdict) string {
	if !v.Relevant && v.By == "" {
		return "not judged"
	}
	text := "not on the subject"
	if v.Relevant {
		name, _ := s.pack.Stance(v.Stance)
		text = fmt.Sprintf("%s (%s)", orElse(name.Name, "of another pack"), v.Stance)
		if v.Doubt != stance.Sure {
			text += ", " + string(v.Doubt)
		}
	}
	if v.By == stance.ByOperator {
		text += " by your word"
	}
	return text
}

// consequence says what readers will see of it.
func (o *office) consequence(ctx context.Context, item int64) (string, error) {
	k, _, err := o.worker.Store.Item(ctx, item)
	if err != nil {
		return "", err
	}
	draft, err := o.worker.Store.DraftOf(ctx, item)
	if err != nil {
		return "", err
	}
	switch {
	case !draft.Dropped.At.IsZero():
		return fmt.Sprintf("It was dropped from edition %d, and enters no edition.", draft.Edition), nil
	case draft.Open && k.Edition == draft.Edition:
		return fmt.Sprintf("The draft of edition %d has it so, and still waits for approval.", draft.Edition), nil
	case draft.Open && k.Edition == 0:
		return fmt.Sprintf("The draft of edition %d has it no more, and still waits for approval.", draft.Edition), nil
	}
	told, err := o.worker.Store.Told(ctx)
	if err != nil {
		return "", err
	}
	if i := slices.IndexFunc(told, func(t digest.Told) bool { return t.Item == item }); i >= 0 {
		if told[i].As == digest.PlaceOf(o.pack, k.Verdict) {
			return fmt.Sprintf("Readers of edition %d know it so: nothing is to be told.", k.Edition), nil
		}
		return fmt.Sprintf("Edition %d had it: the next edition tells its readers.", k.Edition), nil
	}
	switch {
	case k.Edition > 0:
		return fmt.Sprintf("It belongs to edition %d.", k.Edition), nil
	case !k.Verdict.Relevant:
		return "It enters no edition.", nil
	case !k.Gone.IsZero():
		return "Its text is gone, and it enters no edition.", nil
	case k.Held:
		return "It is held, and enters an edition when its source is released.", nil
	case k.Eligible.IsZero():
		return "It was older than lookback when its feed first showed it, and enters no edition.", nil
	}
	return "It enters the next edition.", nil
}
