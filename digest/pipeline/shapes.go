package pipeline

import (
	"slices"
	"sync"

	"standpoint/digest"
	"standpoint/digest/mail"
	"standpoint/digest/preflight"
	"standpoint/digest/render"
)

// mostShapes is how many letters by readers' wishes a run keeps at the same time,
// each of some 100 KB: enough for every choice among six stances in one language.
const mostShapes = 64

// shapes makes the composers of one edition: that of the full letter, and at first
// need those by readers' wishes. However many readers wish something, it keeps
// mostShapes of them, those that were used last.
type shapes struct {
	*Worker
	draft Draft
	full  *mail.Composer

	mu    sync.Mutex
	kept  map[string]*shaped
	used  []string // keys of kept, the last used last
	spoke bool     // the log knows of a letter that breaks a rule
}

// shaped is a letter's composer, made once.
type shaped struct {
	once     sync.Once
	composer *mail.Composer
}

func (w *Worker) shapes(d Draft) (*shapes, error) {
	full, err := w.Composer(d)
	return &shapes{Worker: w, draft: d, full: full, kept: map[string]*shaped{}}, err
}

// of returns the composer of the letter that a wish makes. A letter that may not
// be sent harms nobody: its readers get the full one, which may.
func (s *shapes) of(wish digest.Wish) *mail.Composer {
	language, _ := render.LanguageOf(wish.Language)
	wish.Language = language.Tag
	key := wish.Shape(s.draft.Edition)
	if key == "" {
		return s.full
	}
	one := s.place(key)
	one.once.Do(func() {
		one.composer = s.full // after a panic, too
		if c := s.compose(wish); c != nil {
			one.composer = c
		}
	})
	return one.composer
}

// place finds a letter's place, or makes it.
func (s *shapes) place(key string) *shaped {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := slices.Index(s.used, key); at >= 0 {
		s.used = append(slices.Delete(s.used, at, at+1), key)
		return s.kept[key]
	}
	if len(s.used) == mostShapes {
		delete(s.kept, s.used[0])
		s.used = slices.Delete(s.used, 0, 1)
	}
	s.used, s.kept[key] = append(s.used, key), &shaped{}
	return s.kept[key]
}

// compose makes a wish's composer; nil where its letter may not be sent.
func (s *shapes) compose(wish digest.Wish) (made *mail.Composer) {
	err := s.guard(func() (err error) {
		d, err := s.For(s.draft, wish)
		if err != nil {
			return err
		}
		composer, found, err := s.examine(d, mail.Recipient{ID: nobody, Address: s.Sender.From.Address})
		if err != nil {
			return err
		}
		if stops := slices.DeleteFunc(found, func(f preflight.Finding) bool { return f.Severity != preflight.Error }); len(stops) > 0 {
			return &PreflightError{Edition: d.Edition.Number, Findings: stops}
		}
		made = composer
		return nil
	}, "edition", s.draft.Edition.Number)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil && !s.spoke {
		s.spoke = true
		s.Log.Warn("a letter by its readers' wish cannot be sent; they get the full letter", "edition", s.draft.Edition.Number, "err", err)
	}
	return made
}
