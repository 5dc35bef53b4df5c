package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"standpoint/digest/render"
	"standpoint/digest/store"
)

// importing is subscribers import with its arguments.
type importing struct {
	name             string // of the file, for messages
	dry, strict, ask bool
	lines            bool // what became of each is told, not only what is out of the way
	offer            offer
	twice            map[int]bool // lines whose address stands further up
}

func subscribersImportCommand() command {
	return command{
		name: "subscribers import", args: "FILE", does: "Put the readers of a list or a CSV table on the list; - reads stdin.",
		example: "standpoint subscribers import readers.csv --dry-run",
		prepare: func(flags *flag.FlagSet) func(context.Context, *environment, []string) error {
			path := configFlag(flags)
			var im importing
			flags.BoolVar(&im.dry, "dry-run", false, "say what would come of it, and change nothing")
			flags.BoolVar(&im.ask, "pending", false, "mail new readers a link first, and write to them when they have confirmed; without it they count as confirmed to you")
			flags.BoolVar(&im.lines, "lines", false, "say of each line what became of it, as --dry-run always does")
			flags.BoolVar(&im.strict, "strict", false, "import nobody if any line is refused")
			return func(ctx context.Context, env *environment, args []string) error {
				if len(args) != 1 || args[0] == "" {
					return usage("say which file: standpoint subscribers import FILE, one address a line or a table with a column email; - reads stdin")
				}
				im.name = args[0]
				return im.run(ctx, env, *path)
			}
		},
	}
}

func (im importing) run(ctx context.Context, env *environment, path string) (err error) {
	s, err := load(env, path)
	if err != nil {
		return err
	}
	if im.ask && (s.PublicURL == "" || s.Web.Listen == "") {
		return usage("--pending mails a link to a page of yours: set public_url and web.listen, or import those alone who told you that they want the letters")
	}
	im.offer = s.offer()
	file, forget, err := spooled(env, im.name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, forget()) }()
	good, refused, err := im.survey(env, file)
	if err != nil {
		return err
	}
	switch {
	case good+refused == 0:
		return usage("%s is empty: nobody was imported", im.file())
	case good == 0, refused > 0 && im.strict:
		return usage("%s refused in %s, see above: nobody was imported", plural(refused, "line", "lines"), im.file())
	}
	var out store.Imported
	err = im.on(ctx, env, s, func(db *store.DB) (err error) {
		out, err = db.ImportSubscribers(ctx, im.readers(file, env), im.dry)
		return err
	})
	if err != nil {
		return err
	}
	if err := im.tellLines(env, file, out); err != nil {
		return err
	}
	im.print(env, out, refused)
	if refused > 0 {
		return &statusError{statusPartly, fmt.Errorf("%s refused in %s, see above; mend them and import the file again: who is on the list already is left as they are", plural(refused, "line was", "lines were"), im.file())}
	}
	return nil
}

func (im importing) file() string {
	if im.name == "-" {
		return "stdin"
	}
	return line(im.name)
}

// on opens the store; a rehearsal changes nothing in it, and makes none.
func (im importing) on(ctx context.Context, env *environment, s *settings, work func(*store.DB) error) (err error) {
	if !im.dry {
		return s.beside(ctx, env, work)
	}
	if !store.Exists(s.StateDir()) {
		o, err := s.openCopy(ctx, env)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, o.Close()) }()
		return work(o.worker.Store)
	}
	db, err := store.Open(ctx, s.StateDir())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return work(db)
}

// spooled opens the file to be read several times. What comes through a pipe is
// put on disk first: while it is imported, others wait for the store.
func spooled(env *environment, name string) (file *os.File, forget func() error, err error) {
	in := env.stdin
	if name != "-" {
		if file, err = os.Open(name); err != nil {
			return nil, nil, err
		}
		info, err := file.Stat()
		switch {
		case err != nil:
			return nil, nil, errors.Join(err, file.Close())
		case info.IsDir():
			return nil, nil, errors.Join(usage("%s is a folder; name a file", name), file.Close())
		case info.Mode().IsRegular():
			return file, file.Close, nil
		}
		defer file.Close()
		in = file
	}
	temp, err := os.CreateTemp("", "standpoint-import-") // for its owner alone
	if err != nil {
		return nil, nil, err
	}
	forget = func() error { return errors.Join(temp.Close(), os.Remove(temp.Name())) }
	if _, err := io.Copy(temp, in); err != nil {
		return nil, nil, errors.Join(err, forget())
	}
	return temp, forget, nil
}

// entries reads the file from its beginning.
func (im importing) entries(file io.ReadSeeker) iter.Seq2[listedReader, error] {
	return func(yield func(listedReader, error) bool) {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			yield(listedReader{}, err)
			return
		}
		for e, err := range readList(file, im.offer) {
			if err != nil {
				err = usage("%s: %w; nobody was imported", im.file(), err)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// survey reads the whole file, says which lines are refused and which name
// somebody again, and counts. Of two lines the first counts, unless the other one
// alone says that the reader left.
func (im *importing) survey(env *environment, file io.ReadSeeker) (good, refused int, err error) {
	type mention struct {
		line int
		off  bool
	}
	first := map[string]mention{}
	im.twice = map[int]bool{}
	for e, err := range im.entries(file) {
		if err != nil {
			return 0, 0, err
		}
		key, this := strings.ToLower(e.reader.Address), mention{e.line, e.reader.Reason != ""}
		other := first[key]
		switch {
		case e.err != nil:
			refused++
			fmt.Fprintf(env.stderr, "standpoint: %s:%d: %s; refused\n", im.file(), e.line, line(e.err.Error()))
		case other.line > 0 && this.off && !other.off:
			im.twice[other.line], first[key] = true, this
			fmt.Fprintf(env.stderr, "standpoint: %s:%d: %s is in line %d, too, and not to be written to there; passed over\n", im.file(), other.line, line(e.reader.Address), e.line)
		case other.line > 0:
			im.twice[e.line] = true
			fmt.Fprintf(env.stderr, "standpoint: %s:%d: %s is in line %d already; passed over\n", im.file(), e.line, line(e.reader.Address), other.line)
		default:
			good++
			first[key] = this
			if l, ok := render.LanguageOf(e.reader.Wish.Language); !ok {
				fmt.Fprintf(env.stderr, "standpoint: %s:%d: letters do not speak %s; %s gets them in %s\n", im.file(), e.line, e.reader.Wish.Language, line(e.reader.Address), l.Name)
			}
		}
	}
	return good, refused, nil
}

// taken yields those of the file that are neither refused nor passed over.
func (im importing) taken(file io.ReadSeeker) iter.Seq2[listedReader, error] {
	return func(yield func(listedReader, error) bool) {
		for e, err := range im.entries(file) {
			if e.err == nil && !im.twice[e.line] && !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// readers yields what goes to the store.
func (im importing) readers(file io.ReadSeeker, env *environment) iter.Seq2[store.Incoming, error] {
	return func(yield func(store.Incoming, error) bool) {
		for e, err := range im.taken(file) {
			r, now := e.reader, env.now()
			if r.Added.IsZero() {
				r.Added = now
			}
			if r.Reason != "" && r.Since.IsZero() {
				r.Since = now
			}
			if !r.Agreement.None() {
				r.Agreement.Source = orElse(r.Agreement.Source, "import")
			}
			if im.ask && r.Reason == "" && r.State != "paused" {
				// Their request is the one that is mailed now.
				r.Ask, r.Added, r.Agreement = true, now, store.Agreement{}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}
