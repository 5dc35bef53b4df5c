package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"

	"standpoint/digest/store"
	"standpoint/feeds"
)

// dropping is editions drop with its arguments.
type dropping struct {
	url, why string
	undo     bool
}

func editionsDropCommand() command {
	return command{
		name: "editions drop", args: "N URL", does: "Take a piece out of the edition that waits for its editor, for good.",
		example: `standpoint editions drop 12 https://www.cer.eu/insights/a-piece --why "it is an advertisement"`,
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			var d dropping
			flags.StringVar(&d.why, "why", "", "the reason, one `TEXT`, for the record")
			flags.BoolVar(&d.undo, "undo", false, "put the piece back: standpoint editions drop N URL --undo")
			return func(ctx context.Context, env *environment, args []string) error {
				number, err := d.parse(args)
				if err != nil {
					return err
				}
				return deskAt(ctx, env, *path, number, func(at *editorsDesk) error { return d.run(ctx, env, at) })
			}
		},
	}
}

func (d *dropping) parse(args []string) (number int, err error) {
	d.why = line(d.why)
	if len(args) != 2 {
		return 0, usage("say which edition and which piece: standpoint editions drop N URL --why TEXT")
	}
	if number, err = editionNumber(args[:1], "editions drop N URL --why TEXT"); err != nil {
		return 0, err
	}
	switch d.url = args[1]; {
	case feeds.Key(d.url) == "":
		return 0, usage("%q is no address of a piece; write it with its https://", line(d.url))
	case d.undo && d.why != "":
		return 0, usage("--undo takes no reason: standpoint editions drop N URL --undo")
	case !d.undo && d.why == "":
		return 0, usage("say why, for the record: --why TEXT")
	}
	return number, nil
}

func (d *dropping) run(ctx context.Context, env *environment, at *editorsDesk) error {
	item, err := d.find(ctx, at)
	if err != nil {
		return err
	}
	if d.undo {
		err = at.worker.Restore(ctx, at.number, 0, item, operatorName())
	} else {
		err = at.worker.Drop(ctx, at.number, 0, item, operatorName(), d.why)
	}
	if errors.Is(err, store.ErrNoPiece) {
		return d.unknown(at.number)
	}
	if err != nil {
		return err
	}
	e, err := at.worker.Store.Edition(ctx, at.number)
	if err != nil {
		return err
	}
	what := "is dropped, and enters no other edition"
	if d.undo {
		what = "is back"
	}
	fmt.Fprintf(env.stdout, "The piece %s. Edition %d has %s now.\n", what, at.number, count(e.Entries(), "piece"))
	if !e.Due() {
		fmt.Fprintln(env.stdout, "With none it is withdrawn when it is approved.")
	}
	return nil
}

// find is the piece at the address: one that the draft has, or one that was
// dropped from it.
func (d *dropping) find(ctx context.Context, at *editorsDesk) (int64, error) {
	key := feeds.Key(d.url)
	if d.undo {
		gone, err := at.worker.Store.DroppedFrom(ctx, at.number)
		if i := slices.IndexFunc(gone, func(p store.DroppedPiece) bool { return feeds.Key(p.URL) == key }); i >= 0 {
			return gone[i].Item, err
		}
		return 0, cmp.Or(err, d.unknown(at.number))
	}
	if err := at.worker.Recompose(ctx); err != nil { // so that it is known what the draft has
		return 0, err
	}
	found, err := at.worker.Store.Find(ctx, key)
	if i := slices.IndexFunc(found, func(k store.Known) bool { return k.Edition == at.number }); i >= 0 {
		return found[i].ID, err
	}
	if err == nil {
		// Another word for an edition that is out already.
		if a, ok, err := at.worker.Store.Approval(ctx, at.number); err != nil || !ok || !a.Open() {
			return 0, cmp.Or(err, store.ErrNoDraft)
		}
	}
	return 0, cmp.Or(err, d.unknown(at.number))
}

func (d *dropping) unknown(edition int) error {
	return usage("edition %d has no piece at %s; what it has: standpoint editions replay %[1]d --out DIR", edition, line(feeds.Redact(d.url)))
}
