package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	"standpoint/digest"
	"standpoint/digest/render"
	"standpoint/digest/store"
)

// choices are the flags of a reader's choices, by the columns that a table has
// for them.
var choices = [...]string{"language", "letter", "stances", "outlets"}

func subscribersChooseCommand() command {
	return command{
		name: "subscribers choose", args: "ADDRESS", does: "Set what a reader's letters are like, or show it.",
		example: `standpoint subscribers choose ada@example.org --language de --letter short`,
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			flags.String("language", "", "the `TAG` of the letter's own language: "+spoken())
			flags.String("letter", "", "full or short, which has every piece in one line: the `KIND`")
			flags.String("stances", "", "the `KEYS` of stances to show in full, a semicolon between; empty: all")
			flags.String("outlets", "", "the `NAMES` of outlets to show in full, a semicolon between; empty: all")
			return func(ctx context.Context, env *environment, args []string) error {
				if len(args) != 1 {
					return usage("say whose: standpoint subscribers choose ADDRESS --letter short")
				}
				who, err := parseReader(args[0])
				if err != nil {
					return &statusError{statusUsage, err}
				}
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				set := map[string]string{}
				flags.Visit(func(f *flag.Flag) { set[f.Name] = f.Value.String() })
				return s.beside(ctx, env, func(db *store.DB) error { return choose(ctx, env, db, s.offer(), who.Address, set) })
			}
		},
	}
}

// choose keeps what the flags set, and says what holds then.
func choose(ctx context.Context, env *environment, db *store.DB, o offer, address string, set map[string]string) error {
	reader, ok, err := db.SubscriberAt(ctx, address)
	if err != nil {
		return err
	}
	if !ok {
		return usage("%s is not on the list: standpoint subscribers add %s", line(address), line(address))
	}
	wish, err := o.wish(func(column string) string { return set[column] })
	if _, known := render.LanguageOf(wish.Language); err == nil && !known {
		err = errors.New("letters do not speak " + wish.Language + "; they speak " + spoken())
	}
	if err != nil {
		return usage("the choice %w", err)
	}
	changed := false
	for _, c := range choices {
		if _, ok := set[c]; ok {
			changed = true
			take(&reader.Wish, wish, c)
		}
	}
	if changed {
		if err := db.Choose(ctx, reader.ID, reader.Name, reader.Wish); err != nil {
			return err
		}
	}
	fmt.Fprintf(env.stdout, "%s gets %s.\n", line(reader.Address), wished(reader.Wish))
	if reader.State != "active" {
		fmt.Fprintf(env.stdout, "But not now: this reader is %s.\n", reader.State)
	}
	return nil
}

// take copies one choice.
func take(into *digest.Wish, from digest.Wish, choice string) {
	switch choice {
	case "language":
		into.Language = from.Language
	case "letter":
		into.Short = from.Short
	case "stances":
		into.Stances = from.Stances
	case "outlets":
		into.Outlets = from.Outlets
	}
}

// wished says what a wish makes of the letter.
func wished(w digest.Wish) string {
	l, _ := render.LanguageOf(w.Language)
	s := fmt.Sprintf("the %s letter in %s", letterOf(w), l.Name)
	var full []string
	for _, k := range w.Stances {
		full = append(full, string(k))
	}
	full = append(full, w.Outlets...)
	if len(full) > 0 && !w.Short {
		s += ", in full only of: " + line(strings.Join(full, ", "))
	}
	return s
}
