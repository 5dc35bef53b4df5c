package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	"standpoint/digest"
	"standpoint/digest/render"
)

func previewCommand() command {
	return command{
		name: "preview", does: "Show the edition as it would be published now, from what is stored.",
		example: "standpoint preview --out preview",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			out := flags.String("out", "", "write it into `DIR` as .eml, .html, .txt and .json; without it, the text is printed")
			language := flags.String("language", digest.English, "the `TAG` of the language that the letter speaks: "+spoken())
			return func(ctx context.Context, env *environment, _ []string) error {
				l, ok := render.LanguageOf(*language)
				if !ok {
					return usage("letters do not speak %s; they speak %s", line(*language), spoken())
				}
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				return preview(ctx, env, s, digest.Wish{Language: l.Tag}, *out)
			}
		},
	}
}

// spoken lists the languages that letters speak.
func spoken() string {
	var tags []string
	for _, l := range render.Languages() {
		tags = append(tags, l.Tag)
	}
	return strings.Join(tags, ", ")
}

// preview works on a copy: judging what still waits for its page would else
// anticipate the edition's cut-off.
func preview(ctx context.Context, env *environment, s *settings, wish digest.Wish, out string) (err error) {
	o, err := s.openCopy(ctx, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	d, err := o.worker.Draft(ctx)
	if err == nil {
		d, err = o.worker.For(d, wish)
	}
	if err != nil {
		return err
	}
	if !d.Edition.Due() {
		_, err := fmt.Fprintln(env.stdout, o.quietWeek(d.Edition.Held, "there would be no edition."))
		return err
	}
	if out == "" {
		_, err = fmt.Fprint(env.stdout, o.worker.Text(d))
	} else {
		err = o.writeOut(ctx, env, d, out)
	}
	return errors.Join(err, o.tellLetter(ctx, env, d))
}
