package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"standpoint/digest/preflight"
	"standpoint/digest/store"
)

func checkCommand() command {
	return command{
		name: "check", does: "Check config, templates, topic pack and store, and show the next runs.",
		example: "standpoint check --online --config config.yaml",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path, online := configFlag(flags), onlineFlags(flags)
			return func(ctx context.Context, env *environment, _ []string) error {
				if _, err := online.server(); err != nil {
					return err
				}
				s, err := load(env, *path)
				if err != nil {
					return err
				}
				stops, err := s.check(ctx, env, *path)
				if err != nil || !*online.wanted {
					return errors.Join(err, stopped(stops))
				}
				return s.checkOnline(ctx, env, online, stops)
			}
		},
	}
}

// check goes through all that a run needs. What load has refused does not come
// this far: it has named all problems at once. It counts what would stop an
// edition.
func (s *settings) check(ctx context.Context, env *environment, path string) (stops int, err error) {
	out := &sticky{out: env.stdout}
	defer func() { err = errors.Join(err, out.err) }()
	good := func(what, format string, args ...any) {
		fmt.Fprintf(out, "ok  %-12s %s\n", what, fmt.Sprintf(format, args...))
	}
	good("config", "%s: %s, delivery by %s", path, count(len(s.Sources), "source"), s.Mail.Delivery)
	good("templates", "%s", s.whichTemplates())
	examples, err := s.pack.Examples()
	if err != nil {
		return 0, &statusError{statusUsage, err}
	}
	good("topic pack", "%s: %d stances, %s", s.pack.Key, len(s.pack.Stances), count(len(examples), "example"))
	if l := s.LLM; l.On() {
		good("llm", "%s at %s for %s pieces, up to %s a run; it was not asked", l.Model, l.BaseURL, l.For, count(l.Budget, "request"))
	}
	s.printDKIM(out)
	readers, found, err := s.checkStore(ctx, env)
	if err != nil {
		return 0, err
	}
	good("store", "%s%s", s.StateDir(), onlyIf(!store.Exists(s.StateDir()), ", which the first run will make"))
	if readers == 0 && !s.joinable() {
		return 0, &statusError{statusUsage, errNoReader}
	}
	good("readers", "%d active", readers)
	good("approval", "%s", s.approvalWords())
	if len(found) == 0 {
		good("pre-flight", "the letter of an invented edition breaks no rule of mail")
	}
	stops = tellFindings(plain{out}, found)
	return stops, s.checkSchedule(out, env.now())
}

// checkStore opens the store, or sees whether it could be made, counts the
// readers of a run and tries a letter to the first. It works on a copy: checking
// changes nothing.
func (s *settings) checkStore(ctx context.Context, env *environment) (readers int, found []preflight.Finding, err error) {
	if err := s.requireFolders(); err != nil {
		return 0, nil, err
	}
	o, err := s.openCopy(ctx, env)
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	counts, err := o.worker.Store.Readers(ctx)
	for _, c := range counts {
		if c.State == "active" {
			readers += c.Count
		}
	}
	if err != nil {
		return 0, nil, err
	}
	found, err = o.sampleLetter(ctx)
	return readers, found, err
}

// requireFolders refuses a run whose store or outbox could not be written.
func (s *settings) requireFolders() error {
	if err := writable(s.StateDir()); err != nil {
		return usage("state %s: %w; make it a folder that you may write to", s.StateDir(), err)
	}
	if s.smtp != nil {
		return nil
	}
	if err := writable(s.outbox()); err != nil {
		return usage("outbox %s: %w; make it a folder that you may write to", s.outbox(), err)
	}
	return nil
}

// writable says whether the folder can be written, or made where it is missing.
func writable(dir string) error {
	for {
		info, err := os.Stat(dir)
		if err == nil && !info.IsDir() {
			return errors.New("is a file")
		}
		if err == nil {
			file, err := os.CreateTemp(dir, ".check-")
			if err != nil {
				return err
			}
			return errors.Join(file.Close(), os.Remove(file.Name()))
		}
		parent := filepath.Dir(dir)
		if parent == dir || !errors.Is(err, os.ErrNotExist) {
			return err
		}
		dir = parent
	}
}

// sticky remembers the first error of its writer.
type sticky struct {
	out io.Writer
	err error
}

func (s *sticky) Write(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.out.Write(p)
	s.err = err
	return n, err
}
