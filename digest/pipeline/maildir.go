package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"standpoint/digest/bounce"
)

// mostMail bounds how much of a maildir one reading takes in; the next goes on.
const mostMail = 10_000

// fetchReturned takes in what came back since the last time. Bounces that cannot
// be had are no reason not to work: it is logged.
func (w *Worker) fetchReturned(ctx context.Context) {
	if w.Maildir == "" {
		return
	}
	err := w.TakeMaildir(ctx, w.Maildir, func(name string, r Returned) {
		if r.Follow != FollowNothing {
			w.Log.Info("message came back", "kind", string(r.Kind), "edition", r.Edition, "subscriber", r.Subscriber,
				"status", r.Status, "follow", string(r.Follow), "detail", r.Detail, "file", name)
		}
	})
	if err != nil && ctx.Err() == nil {
		w.Log.Warn("bounces not read", "err", err)
	}
}

// TakeMaildir takes in what is unread in a maildir. What was a machine's it marks as
// seen, after the store has it; mail of people stays as it is, and so does what
// cannot be made out. A message that
// cannot be read is an error, and the others are read all the same; each is told
// by its name, with what followed.
func (w *Worker) TakeMaildir(ctx context.Context, dir string, tell func(name string, r Returned)) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("read maildir: %w", err)
	}
	defer root.Close()
	var errs []error
	left := mostMail
	for _, folder := range []string{"new", "cur"} {
		entries, err := fs.ReadDir(root.FS(), folder)
		if err != nil {
			return fmt.Errorf("read maildir %s: %w: a maildir has the folders new, cur and tmp", dir, err)
		}
		for _, e := range entries {
			if !e.Type().IsRegular() || strings.HasPrefix(e.Name(), ".") || seen(e.Name()) || left == 0 {
				continue
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			left--
			errs = append(errs, w.takeMail(ctx, root, folder, e.Name(), tell))
		}
	}
	return errors.Join(errs...)
}

// mail takes in one file of a maildir. One that is gone was read, or moved, by
// somebody else.
func (w *Worker) takeMail(ctx context.Context, root *os.Root, folder, name string, tell func(string, Returned)) error {
	path := folder + "/" + name
	f, err := root.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read maildir: %w", err)
	}
	r, err := w.TakeIn(ctx, f)
	err = errors.Join(err, f.Close())
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	tell(path, r)
	switch r.Kind {
	case bounce.Ordinary, bounce.Challenge, bounce.Unclear:
		return nil // for a person to read
	}
	if err := root.Rename(path, "cur/"+withSeen(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("mark mail as seen: %w", err)
	}
	return nil
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
