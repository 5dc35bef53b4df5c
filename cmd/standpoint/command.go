package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"standpoint/digest/config"
)

// command is one word of the command line.
type command struct {
	name    string
	args    string // what follows the flags, for the help
	does    string
	example string
	// prepare adds the command's flags and returns what it does with them.
	prepare func(*flag.FlagSet) func(ctx context.Context, env *environment, args []string) error
}

func commands() []command {
	return []command{
		gatherCommand(), publishCommand(), demoCommand(), checkCommand(), previewCommand(),
		statusCommand(), feedsListCommand(), feedsCheckCommand(), feedsImportCommand(), feedsExportCommand(),
		feedsPauseCommand(), feedsResumeCommand(), feedsReleaseCommand(), explainCommand(), correctCommand(), reclassifyCommand(), classifyCommand(), evalCommand(),
		backupCommand(), editionsListCommand(), editionsShowCommand(), editionsApproveCommand(), editionsHoldCommand(), editionsDropCommand(), editionsResumeCommand(), editionsReplayCommand(),
		bounceCommand(), subscribersListCommand(), subscribersAddCommand(), subscribersChooseCommand(), subscribersImportCommand(), subscribersExportCommand(), subscribersSuppressCommand(), subscribersEraseCommand(),
		keysListCommand(), keysRotateCommand(), keysRetireCommand(),
	}
}

// dispatch finds the command and runs it. Without one it is the daemon, or with
// --now the single run.
func dispatch(ctx context.Context, env *environment, args []string) error {
	c, rest := rootCommand(), args
	if len(args) > 0 && args[0] == "help" {
		args = append(args[1:len(args):len(args)], "--help")
		rest = args
	}
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		var err error
		if c, rest, err = find(args); err != nil {
			return err
		}
	}
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	act := c.prepare(flags)
	words, err := parse(flags, rest)
	switch {
	case err == flag.ErrHelp:
		c.help(env.stdout, flags)
		return nil
	case err != nil:
		return c.badFlag(flags, err)
	case c.args == "" && len(words) > 0:
		return usage("unexpected argument %q; flags begin with --; see: %s --help", words[0], c.call())
	}
	return act(ctx, env, words)
}

// parse reads flags before, between and behind the other words, which it
// returns. Package flag would take "FILE --json" for two files. Behind a "--"
// all are words.
func parse(flags *flag.FlagSet, args []string) (words []string, err error) {
	for {
		if err := flags.Parse(args); err != nil || flags.NArg() == 0 {
			return words, err
		}
		if n := len(args) - flags.NArg(); n > 0 && args[n-1] == "--" {
			return append(words, flags.Args()...), nil
		}
		words, args = append(words, flags.Arg(0)), flags.Args()[1:]
	}
}

// find takes the command's name, of one word or two, off the arguments.
func find(args []string) (command, []string, error) {
	all := commands()
	for _, words := range []int{2, 1} {
		if len(args) < words {
			continue
		}
		name := strings.Join(args[:words], " ")
		if i := slices.IndexFunc(all, func(c command) bool { return c.name == name }); i >= 0 {
			return all[i], args[words:], nil
		}
	}
	if c, ok := family(all, args[0]); ok {
		return c, args[1:], nil
	}
	hint := ""
	if near := config.Nearest(args[0], append(names(all), "now", "subscribers", "feeds", "editions", "keys")); near == "now" {
		hint = "; did you mean --now?"
	} else if near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return command{}, nil, usage("unknown command %q%s; see: standpoint --help", args[0], hint)
}

// family stands for the commands of two words that share the first: it has
// help, and asks which of them is meant.
func family(all []command, word string) (command, bool) {
	all = slices.DeleteFunc(slices.Clone(all), func(c command) bool { return !strings.HasPrefix(c.name, word+" ") })
	if len(all) == 0 {
		return command{}, false
	}
	var does, calls []string
	for _, c := range all {
		does, calls = append(does, fmt.Sprintf("%-18s %s", c.name, c.does)), append(calls, c.call())
	}
	return command{
		name: word, args: "...", does: strings.Join(does, "\n"), example: all[0].example,
		prepare: func(*flag.FlagSet) func(context.Context, *environment, []string) error {
			return func(context.Context, *environment, []string) error {
				return usage("say which: %s", strings.Join(calls, ", or "))
			}
		},
	}, true
}

func names(all []command) []string {
	var out []string
	for _, c := range all {
		out = append(out, c.name)
	}
	return out
}

// call is how the command is called.
func (c command) call() string { return strings.TrimSpace("standpoint " + c.name) }

// badFlag words what package flag found wrong, with the two dashes that we
// write and with what was probably meant.
func (c command) badFlag(flags *flag.FlagSet, err error) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		text := strings.NewReplacer(": -", ": --", " for -", " for --").Replace(err.Error())
		return usage("%s; see: %s --help", text, c.call())
	}
	var known []string
	flags.VisitAll(func(f *flag.Flag) { known = append(known, f.Name) })
	hint := ""
	if near := config.Nearest(name, known); near != "" {
		hint = fmt.Sprintf("; did you mean --%s?", near)
	}
	return usage("unknown flag --%s%s; see: %s --help", name, hint, c.call())
}

// help prints how to use the command.
func (c command) help(w io.Writer, flags *flag.FlagSet) {
	fmt.Fprintf(w, "%s\n\nUsage: %s [flags]%s\n", c.does, c.call(), pad(c.args))
	flags.VisitAll(func(f *flag.Flag) {
		kind, text := flag.UnquoteUsage(f)
		fmt.Fprintf(w, "  --%-18s %s\n", strings.TrimSpace(f.Name+" "+kind), text)
	})
	if c.name == "" {
		fmt.Fprint(w, "\nCommands:\n")
		for _, other := range commands() {
			fmt.Fprintf(w, "  %-18s %s\n", other.name, other.does)
		}
		fmt.Fprint(w, "\nEach has --help.\n")
	}
	fmt.Fprintf(w, "\nExample: %s\n", c.example)
}

func pad(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}

// configFlag adds --config, which all commands that work on a store have.
func configFlag(flags *flag.FlagSet) *string {
	return flags.String("config", "config.yaml", "the configuration `FILE`; default config.yaml")
}

func jsonFlag(flags *flag.FlagSet) *bool {
	return flags.Bool("json", false, "print JSON for scripts")
}
