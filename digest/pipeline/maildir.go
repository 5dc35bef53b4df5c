package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"

	"standpoint/digest/bounce"
)

// mostMail bounds how much of a maildir one reading takes in; the next goes on.
const mostMail = 10_000

// fetchReturned takes in what came back since the last time, and who wrote to
// leave. Mail that cannot be had is no reason not to work: it is logged.
func (w *Worker) fetchReturned(ctx context.Context) {
	for _, dir := range w.Maildirs {
		err := w.takeMaildir(ctx, dir, mostMail, func(name string, r Returned) {
			if r.Follow != FollowNothing {
				w.Log.Info("message came back", "kind", string(r.Kind), "edition", r.Edition, "subscriber", r.Subscriber,
					"status", r.Status, "follow", string(r.Follow), "detail", r.Detail, "file", name)
			}
		})
		if err != nil && ctx.Err() == nil {
			w.Log.Warn("bounces and leavers not read", "err", err)
		}
	}
}

// TakeMaildir takes in what is unread in a maildir. What was a machine's, or a
// reader's who leaves, it marks as seen, after the store has it; other mail of
// people stays as it is, and so does what cannot be made out. A message that
// cannot be read is an error, and the others are read all the same; each is told
// by its name, with what followed.
func (w *Worker) TakeMaildir(ctx context.Context, dir string, tell func(name string, r Returned)) error {
	return w.takeMaildir(ctx, dir, math.MaxInt, tell)
}

// takeMaildir takes in so many messages at most. Those that it left for people are
// not counted, nor opened, again by this worker; the newest of a folder come
// first, so that neither mail that nobody reads nor another run's rest keeps what
// is new waiting.
func (w *Worker) takeMaildir(ctx context.Context, dir string, most int, tell func(name string, r Returned)) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("read maildir: %w", err)
	}
	defer root.Close()
	var errs []error
	known, still := w.left[dir], map[string]bool{}
	defer func() { w.leaveThere(dir, still) }()
	for _, folder := range []string{"new", "cur"} {
		entries, err := fs.ReadDir(root.FS(), folder)
		if err != nil {
			return fmt.Errorf("read maildir %s: %w: a maildir has the folders new, cur and tmp", dir, err)
		}
		for _, e := range slices.Backward(entries) { // names begin with the second of delivery
			name := e.Name()
			base, _, _ := cutInfo(name)
			switch {
			case !e.Type().IsRegular() || strings.HasPrefix(name, ".") || seen(name):
				continue
			case known[base]:
				still[base] = true
				continue
			case ctx.Err() != nil:
				return ctx.Err()
			case most == 0:
				continue
			}
			most--
			person, err := w.takeMail(ctx, root, folder, name, tell)
			if person {
				still[base] = true
			}
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// leaveThere remembers what of a maildir is for people.
func (w *Worker) leaveThere(dir string, names map[string]bool) {
	if w.left == nil {
		w.left = map[string]map[string]bool{}
	}
	w.left[dir] = names
}

// takeMail takes in one file of a maildir and says whether it is for a person. One
// that is gone was read, or moved, by somebody else.
func (w *Worker) takeMail(ctx context.Context, root *os.Root, folder, name string, tell func(string, Returned)) (person bool, err error) {
	path := folder + "/" + name
	f, err := root.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read maildir: %w", err)
	}
	r, err := w.TakeIn(ctx, f)
	err = errors.Join(err, f.Close())
	if err != nil {
		return false, fmt.Errorf("%s: %w", path, err)
	}
	tell(path, r)
	switch r.Kind {
	case bounce.Ordinary, bounce.Challenge, bounce.Unclear:
		return true, nil
	}
	if err := root.Rename(path, "cur/"+withSeen(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("mark mail as seen: %w", err)
	}
	return false, nil
}

// seen says whether a name has the flag S behind ":2,", as mail programs write it.
func seen(name string) bool {
	_, flags, ok := cutInfo(name)
	return ok && strings.Contains(flags, "S")
}

// withSeen adds the flag; flags are in the order of the alphabet.
func withSeen(name string) string {
	base, flags, _ := cutInfo(name)
	all := []byte(flags + "S")
	slices.Sort(all)
	return base + ":2," + string(slices.Compact(all))
}

func cutInfo(name string) (base, flags string, ok bool) { return strings.Cut(name, ":2,") }
