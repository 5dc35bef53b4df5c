package render

import (
	"strings"

	"standpoint/digest"
)

// lead is the week in up to three sentences: the counts, their movement, and what
// is new. It has no adjective.
func (w *words) lead(e digest.Edition) string {
	out := w.counts(e)
	if e.Note {
		if e.Entries() > 0 {
			out = w.say("quiet", values{"Counts": out})
		}
		return out
	}
	if len(e.Past) == 0 || e.Entries() == 0 {
		return out
	}
	return out + " " + w.movement(e) + " " + w.fresh(e.Fresh, len(e.Past))
}

// movement says which shares differ from those of the editions before, where
// chance would not explain it.
func (w *words) movement(e digest.Edition) string {
	n := len(e.Past)
	before := values{"Figure": w.figure(n, n)}
	whole := func(share float64) string { return w.percent(w.decimal(100*share, 0)) }
	var moved []string
	for _, m := range e.Moves {
		for _, s := range e.Sections {
			if s.Stance == m.Stance {
				moved = append(moved, w.count("moved", n, values{"Figure": before["Figure"], "Stance": label(s.Name), "Now": whole(m.Now), "Before": whole(m.Before)}))
			}
		}
	}
	if len(moved) == 0 {
		return w.count("unmoved", n, before)
	}
	return upperFirst(w.besides(moved)) + "."
}

// fresh says what the editions before did not have.
func (w *words) fresh(f digest.Fresh, past int) string {
	var news []string
	if len(f.Outlets) > 0 {
		var names []string
		for _, o := range f.Outlets {
			names = append(names, isolate(clean(o, maxName)))
		}
		news = append(news, w.say("fresh_outlets", values{"Outlets": w.series(names, "and")}))
	}
	if len(f.Names) > 0 {
		var names []string
		for _, n := range f.Names {
			names = append(names, quoted(n, false))
		}
		news = append(news, w.count("fresh_names", len(names), values{"Names": w.series(names, "and")}))
	}
	if len(news) == 0 {
		return w.say("fresh_none", nil)
	}
	n := past + 1
	out := w.count("fresh", n, values{"Figure": w.figure(n, n), "News": w.besides(news)})
	return strings.Replace(out, "..", ".", 1) // after an outlet such as “Institute, Inc.”
}
