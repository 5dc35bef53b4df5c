package render

import (
	"fmt"
	"strings"

	"standpoint/digest"
)

// lead is the week in up to three sentences: the counts, their movement, and what
// is new. It has no adjective.
func lead(e digest.Edition) string {
	out := counts(e)
	if e.Note {
		if n := e.Entries(); n > 0 {
			out = fmt.Sprintf("A quiet week. %s", out)
		}
		return out
	}
	if len(e.Past) == 0 || e.Entries() == 0 {
		return out
	}
	return out + " " + movement(e) + " " + fresh(e.Fresh, len(e.Past))
}

// movement says which shares differ from those of the editions before, where
// chance would not explain it.
func movement(e digest.Edition) string {
	before := "the edition before"
	if n := len(e.Past); n > 1 {
		before = fmt.Sprintf("the %s editions before", figure(n, n))
	}
	var moved []string
	for _, m := range e.Moves {
		for _, s := range e.Sections {
			if s.Stance == m.Stance {
				moved = append(moved, fmt.Sprintf("%s has %.0f"+nbsp+"%% of the pieces, against %.0f"+nbsp+"%% in %s", label(s.Name), 100*m.Now, 100*m.Before, before))
			}
		}
	}
	if len(moved) == 0 {
		return "Against " + before + ", no share has moved by more than chance gives."
	}
	return strings.Join(moved, "; ") + "."
}

// fresh says what the editions before did not have.
func fresh(f digest.Fresh, past int) string {
	var news []string
	if len(f.Outlets) > 0 {
		var names []string
		for _, o := range f.Outlets {
			names = append(names, isolate(clean(o, maxName)))
		}
		news = append(news, "pieces from "+series(names, "and"))
	}
	if len(f.Names) > 0 {
		var names []string
		for _, n := range f.Names {
			names = append(names, quoted(n, false))
		}
		news = append(news, "the "+plural(len(names), "name")+" "+series(names, "and"))
	}
	if len(news) == 0 {
		return "No outlet is new, and no name that two of them use."
	}
	return fmt.Sprintf("New in %s: %s.", figure(past+1, past+1)+" editions", strings.Join(news, "; "))
}
