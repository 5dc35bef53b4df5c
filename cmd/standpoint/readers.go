package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"

	"standpoint/digest/mail"
	"standpoint/digest/store"
)

// syncSubscribers makes the list follow the config and subscribers_file, which
// is read as a stream, so that its length costs no memory.
func (o *office) syncSubscribers(ctx context.Context, env *environment) error {
	return o.syncList(ctx, env, o.worker.Store)
}

// syncList is syncSubscribers of a store. It says where erased people are still named.
func (s *settings) syncList(ctx context.Context, env *environment, db *store.DB) error {
	if err := db.SyncSubscribers(ctx, s.listed(env.stderr), env.now()); err != nil {
		return err
	}
	erased, err := db.ErasedAmong(ctx, s.listed(io.Discard))
	if err != nil || len(erased) == 0 {
		return err
	}
	nth := 0
	for e, err := range s.listing(io.Discard) {
		if err != nil {
			return err
		}
		if nth++; !slices.Contains(erased, nth) {
			continue
		}
		// Without the address: this goes to logs, and the person wanted it gone.
		place := fmt.Sprintf("%s:%d", line(s.SubscribersFile), e.line)
		if e.reader.Origin == store.FromConfig {
			place = fmt.Sprintf("entry %d under subscribers in the config", e.line)
		}
		fmt.Fprintf(env.stderr, "standpoint: warning: %s names somebody who was erased, and gets no letter; take it out there, too\n", place)
	}
	return nil
}

// listed yields the readers of the config, then those of the file. A line that
// is no address is reported and left out: one bad line harms one reader.
func (s *settings) listed(report io.Writer) iter.Seq2[store.Subscriber, error] {
	return func(yield func(store.Subscriber, error) bool) {
		for e, err := range s.listing(report) {
			if !yield(e.reader.Subscriber, err) {
				return
			}
		}
	}
}

// listing is listed with the number of the entry or line.
func (s *settings) listing(report io.Writer) iter.Seq2[listedReader, error] {
	return func(yield func(listedReader, error) bool) {
		for i, address := range s.Subscribers {
			reader, err := parseReader(address)
			if err != nil {
				fmt.Fprintf(report, "standpoint: subscribers, entry %d: %v; it is left out\n", i+1, err)
				continue
			}
			reader.Origin = store.FromConfig
			if !yield(listedReader{line: i + 1, reader: store.Incoming{Subscriber: reader}}, nil) {
				return
			}
		}
		if s.SubscribersFile == "" {
			return
		}
		file, err := os.Open(s.SubscribersFile)
		if err != nil {
			yield(listedReader{}, fmt.Errorf("subscribers_file: %w", err))
			return
		}
		defer file.Close()
		s.listedLines(file, report, yield)
	}
}

func (s *settings) listedLines(file io.Reader, report io.Writer, yield func(listedReader, error) bool) {
	in := bufio.NewReader(file)
	for n := 1; ; n++ {
		text, err := addressLine(in)
		if err == io.EOF {
			return
		}
		if err != nil && err != errLongLine {
			yield(listedReader{}, fmt.Errorf("subscribers_file %s: %w", s.SubscribersFile, err))
			return
		}
		if err == nil && (text == "" || strings.HasPrefix(text, "#")) {
			continue
		}
		e := readerOf(n, text, err)
		if e.err != nil {
			fmt.Fprintf(report, "standpoint: %s:%d: %v; this line is left out\n", s.SubscribersFile, n, e.err)
			continue
		}
		e.reader.Origin = store.FromFile
		if !yield(e, nil) {
			return
		}
	}
}

// longestLine is more than a name and an address can fill.
const longestLine = 1000

var errLongLine = errors.New("is too long for an address")

// addressLine reads a line without the space around it. Of one that is too long
// it keeps nothing.
func addressLine(in *bufio.Reader) (string, error) {
	line, more, err := in.ReadLine()
	text, long := strings.TrimSpace(strings.TrimPrefix(string(line), "\ufeff")), more || len(line) > longestLine
	for more && err == nil {
		_, more, err = in.ReadLine()
	}
	switch {
	case err != nil && (err != io.EOF || !long):
		return "", err
	case long:
		return "", errLongLine
	}
	return text, nil
}

// parseReader reads an address with or without a name.
func parseReader(s string) (store.Subscriber, error) {
	a, err := mail.ParseReader(s)
	return store.Subscriber{Address: a.Address, Name: cleanName(a.Name)}, err
}

// cleanName makes one line of a name, of bounded length.
func cleanName(name string) string { return short(name, longestName) }

// requireReaders refuses a run that could reach nobody, unless readers may come by
// themselves.
func (o *office) requireReaders(ctx context.Context) error {
	if o.joinable() {
		return nil
	}
	_, ok, err := o.worker.Store.FirstActive(ctx)
	if err != nil || ok {
		return err
	}
	counts, err := o.worker.Store.Readers(ctx)
	if err != nil {
		return err
	}
	resting := 0
	for _, c := range counts {
		resting += c.Count
	}
	if resting > 0 {
		return usage("there is no subscriber to write to: %d are suppressed, paused or have not confirmed; see: standpoint subscribers list", resting)
	}
	return &statusError{statusUsage, errNoReader}
}

var errNoReader = errors.New("there is no subscriber: put an address under subscribers in the config, or run: standpoint subscribers add ADDRESS")

// requireListed is requireReaders before there is a store, so that none is made
// for a run that could reach nobody.
func (s *settings) requireListed() error {
	if store.Exists(s.StateDir()) || s.joinable() {
		return nil // its list may have readers that no file names
	}
	for _, err := range s.listed(io.Discard) {
		return err
	}
	return &statusError{statusUsage, errNoReader}
}

// keepsReaders says whether somebody would be left to write to if the config
// took the place of the one in force.
func (s *settings) keepsReaders(ctx context.Context, db *store.DB) (bool, error) {
	some := false
	// To the end of the file: a fault in its middle must show while the old
	// config can still be kept.
	for _, err := range s.listed(io.Discard) {
		if err != nil {
			return false, err
		}
		some = true
	}
	if some {
		return true, nil
	}
	counts, err := db.Readers(ctx)
	return slices.ContainsFunc(counts, func(c store.ReaderCount) bool {
		return c.State == "active" && (c.Origin == store.FromCommand || c.Origin == store.FromForm) && c.Count > 0
	}), err
}
