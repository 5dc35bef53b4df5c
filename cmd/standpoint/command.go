package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
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
		statusCommand(), classifyCommand(), subscribersListCommand(), subscribersAddCommand(),
	}
}

// dispatch finds the command and runs it. Without one it is the daemon, or with
// --now the single run.
func dispatch(ctx context.Context, env *environment, args []string) error {
	c, rest := rootCommand(), args
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		var err error
		if c, rest, err = find(args); err != nil {
			return err
		}
	}
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	act := c.prepare(flags)
	if err := flags.Parse(rest); err == flag.ErrHelp {
		c.help(env.stdout, flags)
		return nil
	} else if err != nil {
		return usage("%w; see: %s --help", err, strings.TrimSpace("standpoint "+c.name))
	}
	if c.args == "" && flags.NArg() > 0 {
		return usage("%q is too much; flags start with --, see: %s --help", flags.Arg(0), strings.TrimSpace("standpoint "+c.name))
	}
	return act(ctx, env, flags.Args())
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
	var family []string
	for _, c := range all {
		if strings.HasPrefix(c.name, args[0]+" ") {
			family = append(family, c.name)
		}
	}
	if len(family) > 0 {
		return command{}, nil, usage("say which: standpoint %s", strings.Join(family, ", standpoint "))
	}
	hint := ""
	if near := nearest(args[0], append(names(all), "now")); near == "now" {
		hint = "; did you mean --now?"
	} else if near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return command{}, nil, usage("unknown command %q%s; see: standpoint --help", args[0], hint)
}

func names(all []command) []string {
	var out []string
	for _, c := range all {
		out = append(out, c.name)
	}
	return out
}

// nearest returns the word that at most two changed letters away, if any.
func nearest(word string, words []string) string {
	best, at := "", 3
	for _, w := range words {
		if d := distance(word, w); d < at {
			best, at = w, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete or replace (Levenshtein
// 1966).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// help prints how to use the command.
func (c command) help(w io.Writer, flags *flag.FlagSet) {
	name := strings.TrimSpace("standpoint " + c.name)
	fmt.Fprintf(w, "%s\n\nUsage: %s [flags]%s\n", c.does, name, pad(c.args))
	flags.VisitAll(func(f *flag.Flag) {
		kind, text := flag.UnquoteUsage(f)
		fmt.Fprintf(w, "  --%-18s %s\n", strings.TrimSpace(f.Name+" "+kind), text)
	})
	if c.name == "" {
		fmt.Fprint(w, "\nCommands:\n")
		for _, other := range commands() {
			fmt.Fprintf(w, "  %-18s %s\n", other.name, other.does)
		}
		fmt.Fprint(w, "Each has --help.\n")
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
