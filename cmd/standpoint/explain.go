package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"

	"standpoint/digest"
	"standpoint/digest/store"
	"standpoint/feeds"
)

func explainCommand() command {
	return command{
		name: "explain", args: "URL", does: "Say why a piece is in or out, and where it stands.",
		example: "standpoint explain https://www.cer.eu/insights/a-piece",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path, asJSON := configFlag(flags), jsonFlag(flags)
			return func(ctx context.Context, env *environment, args []string) error {
				if len(args) != 1 {
					return usage("say which piece: standpoint explain URL")
				}
				if feeds.Key(args[0]) == "" {
					return usage("%q is no address of a piece; write it with its https://", line(args[0]))
				}
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				pieces, err := s.explain(ctx, env, args[0])
				if err != nil {
					return err
				}
				out := plain{env.stdout}
				if *asJSON {
					return printJSON(out, map[string]any{"url": feeds.Clean(args[0]), "pieces": pieces})
				}
				return printExplained(out, pieces, clock{env.now(), s.Location()})
			}
		},
	}
}

// explain finds all that the sources brought under the address, and says of each
// what became of it.
func (s *settings) explain(ctx context.Context, env *environment, address string) (out []explained, err error) {
	if !store.Exists(s.StateDir()) {
		return nil, s.unknownPiece(address)
	}
	db, err := store.Open(ctx, s.StateDir())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	found, err := db.Find(ctx, feeds.Key(address))
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, s.unknownPiece(address)
	}
	plan, err := s.plan(ctx, env, found)
	if err != nil {
		return nil, err
	}
	for _, k := range found {
		e := s.explained(k)
		if e.Corrections, err = correctionsOf(ctx, db, k.ID); err != nil {
			return nil, err
		}
		if e.Opinion, err = opinionOn(ctx, db, k.ID); err != nil {
			return nil, err
		}
		if err := e.settle(ctx, db, k, plan); err != nil {
			return nil, err
		}
		if err := e.drafted(ctx, db); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// isCandidate says whether a piece may enter the next edition.
func isCandidate(k store.Known) bool {
	return k.Edition == 0 && !k.Pending && !k.Held && k.LeftOut == "" && k.Gone.IsZero() && !k.Eligible.IsZero() && k.Verdict.Relevant
}

// plan composes the next edition on a copy of the store, where one of the pieces
// may enter it, and returns what would become of the pieces.
func (s *settings) plan(ctx context.Context, env *environment, found []store.Known) (_ map[int64]digest.Filing, err error) {
	if !slices.ContainsFunc(found, isCandidate) {
		return nil, nil
	}
	o, err := s.openCopy(ctx, env)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	d, err := o.worker.Draft(ctx)
	if err != nil {
		return nil, err
	}
	plan := map[int64]digest.Filing{}
	for _, f := range d.Filings() {
		plan[f.Item] = f
	}
	return plan, nil
}

// unknownPiece says that no source has brought the address, and which might.
func (s *settings) unknownPiece(address string) error {
	host := hostOf(address)
	var near []string
	for _, source := range s.FeedSources() {
		if sameSite(host, hostOf(source.URL)) {
			near = append(near, fmt.Sprintf("the feed of %s would have it: standpoint feeds check %s", line(source.Name), line(feeds.Redact(source.URL))))
		}
	}
	if len(near) == 0 {
		near = []string{fmt.Sprintf("none of them reads %s; to find its feed: standpoint feeds check https://%s/", host, host)}
	}
	return fmt.Errorf("no source has brought %s; %s", line(feeds.Redact(feeds.Clean(address))), strings.Join(near, "; "))
}

// sameSite says whether two hosts are one, or one is a part of the other.
func sameSite(a, b string) bool {
	return a != "" && b != "" && (a == b || strings.HasSuffix(a, "."+b) || strings.HasSuffix(b, "."+a))
}
