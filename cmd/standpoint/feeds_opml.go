package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"standpoint/digest/config"
	"standpoint/feeds"
)

func feedsExportCommand() command {
	return command{
		name: "feeds export", does: "Print the sources as OPML, with their folders, for another feed reader.",
		example: "standpoint feeds export > feeds.opml",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			return func(_ context.Context, env *environment, _ []string) error {
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				var outlines []feeds.Outline
				for _, source := range s.FeedSources() {
					outlines = append(outlines, feeds.Outline{Title: source.Name, URL: source.URL, Folder: source.Folder})
				}
				return feeds.WriteOPML(env.stdout, "Standpoint: sources", outlines)
			}
		},
	}
}

func feedsImportCommand() command {
	return command{
		name: "feeds import", args: "OPML", does: "Add the feeds of an OPML file to the sources of the config.",
		example: "standpoint feeds import feeds.opml --dry-run",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			dry := flags.Bool("dry-run", false, "say what would be added, and change nothing")
			return func(_ context.Context, env *environment, args []string) error {
				if len(args) != 1 {
					return usage("say which file: standpoint feeds import OPML (- for the standard input)")
				}
				list, err := openOPML(env, args[0])
				if err != nil {
					return err
				}
				return importFeeds(env, *path, list, *dry)
			}
		},
	}
}

func openOPML(env *environment, name string) (feeds.OPML, error) {
	if name == "-" {
		return feeds.ReadOPML(env.stdin)
	}
	file, err := os.Open(name)
	if err != nil {
		return feeds.OPML{}, err
	}
	defer file.Close()
	list, err := feeds.ReadOPML(file)
	if err != nil {
		return list, fmt.Errorf("%s: %w", name, err)
	}
	return list, nil
}

// importFeeds adds what is new and says of each feed what became of it.
func importFeeds(env *environment, path string, list feeds.OPML, dry bool) error {
	have, err := config.ReadSources(path)
	if err != nil {
		return err
	}
	in := newIntake(have)
	for _, o := range list.Feeds {
		in.take(o)
	}
	for _, r := range list.Refused {
		in.report("refused", r.Title, r.URL, r.Why)
	}
	if len(in.fresh) > 0 {
		if err := in.write(env, path, dry); err != nil {
			return err
		}
	}
	out := plain{env.stdout}
	for _, line := range in.lines {
		fmt.Fprintln(out, line)
	}
	switch n := count(len(in.fresh), "source"); {
	case len(in.fresh) == 0:
		_, err = fmt.Fprintf(out, "Nothing to add: %s is as it was.\n", path)
	case dry:
		_, err = fmt.Fprintf(out, "Dry run: %s would be added to %s; nothing was changed.\n", n, path)
	default:
		_, err = fmt.Fprintf(out, "%s added to %s. See whether they answer: standpoint feeds check. A running daemon reads them after SIGHUP.\n", n, path)
	}
	return err
}

// intake sorts the feeds of a list into new ones and known ones.
type intake struct {
	addresses map[string]string         // key → name of the source that has it
	names     map[feeds.SourceID]string // of the config → its address
	taken     map[feeds.SourceID]bool   // names given to new ones
	fresh     []config.Source
	lines     []string
}

func newIntake(have []config.Source) *intake {
	in := &intake{addresses: map[string]string{}, names: map[feeds.SourceID]string{}, taken: map[feeds.SourceID]bool{}}
	for _, s := range have {
		in.addresses[feeds.Key(s.URL)] = s.Name
		in.names[feeds.NewSourceID(s.Name)] = s.URL
	}
	return in
}

func (in *intake) report(what, name, address, why string) {
	text := fmt.Sprintf("%-8s %s  %s", what, line(name), line(feeds.Redact(address)))
	if why != "" {
		text += ": " + line(why)
	}
	in.lines = append(in.lines, text)
}

func (in *intake) take(o feeds.Outline) {
	if name, ok := in.addresses[feeds.Key(o.URL)]; ok {
		in.report("there", o.Title, o.URL, "the config has this feed as "+name)
		return
	}
	if address, ok := in.names[feeds.NewSourceID(o.Title)]; ok {
		in.report("there", o.Title, o.URL, "the config has a source of this name, with another address: "+feeds.Redact(address))
		return
	}
	name := in.nameFor(o)
	in.taken[feeds.NewSourceID(name)] = true
	in.fresh = append(in.fresh, config.Source{Name: name, URL: o.URL, Folder: o.Folder})
	why := ""
	if name != o.Title {
		why = "named so to tell it apart"
	}
	in.report("added", name, o.URL, why)
}

// nameFor gives the feed a name that no other source has: its title, with the
// host and then a number behind it where several feeds have one title.
func (in *intake) nameFor(o feeds.Outline) string {
	host := hostOf(o.URL)
	for n := 0; ; n++ {
		name := o.Title
		switch n {
		case 0:
		case 1:
			name = fmt.Sprintf("%s (%s)", o.Title, host)
		default:
			name = fmt.Sprintf("%s (%s %d)", o.Title, host, n)
		}
		id := feeds.NewSourceID(name)
		_, there := in.names[id]
		if id != "" && !there && !in.taken[id] {
			return name
		}
	}
}

// write changes the config. Where that cannot be done with certainty, the lines
// to paste are printed, and nothing else.
func (in *intake) write(env *environment, path string, dry bool) error {
	a, err := config.AddSources(path, in.fresh, cron)
	if err == nil && !dry {
		err = a.Write()
	}
	if err == nil {
		return nil
	}
	if _, printErr := io.WriteString(env.stdout, a.Text); printErr != nil {
		return errors.Join(err, printErr)
	}
	fmt.Fprintln(env.stderr, "standpoint: nothing was changed; the lines above can be pasted under sources")
	if _, ok := errors.AsType[*config.Error](err); ok || errors.Is(err, config.ErrByHand) {
		return &statusError{statusUsage, err}
	}
	return err
}
