package digest

import (
	"cmp"
	"slices"
	"strings"

	"standpoint/digest/topic"
)

// namedBy is how many outlets must name somebody before it is news.
const namedBy = 2

// longestName is the longest proper name that is looked for, in words.
const longestName = 6

// newNames finds the proper names of two words or more that pieces of two
// outlets have and no earlier edition: those of the most outlets first, then by
// the alphabet. Neither authors, outlets nor the topic itself are news. The words
// inside of names are English, so other languages have none.
func newNames(p *topic.Pack, e Edition, past []Edition) []string {
	if p.Language != "en" {
		return nil
	}
	texts, outlets := make([]prose, 0, e.Entries()), make([]string, 0, e.Entries())
	for en := range e.all() {
		texts, outlets = append(texts, readProse(en.Title, en.Summary, en.Quote)), append(outlets, en.Outlet)
	}
	known := map[string]bool{}
	for _, t := range texts {
		for name := range t.names() {
			known[name] = true
		}
	}
	by := map[string][]string{} // the outlets that have the name
	for i, t := range texts {
		for run := range t.runs() {
			if known[run] && !slices.Contains(by[run], outlets[i]) {
				by[run] = append(by[run], outlets[i])
			}
		}
	}
	count := map[string]int{}
	for name, those := range by {
		if len(those) >= namedBy {
			count[name] = len(those)
		}
	}
	if len(count) > 0 {
		dropKnown(count, p, e, past)
		dropParts(count)
	}
	return most(count, freshNames)
}

// dropKnown takes out the names of those who write and of the topic, and the
// names that an earlier edition has, in whatever case: a headline may be in
// capitals.
func dropKnown(count map[string]int, p *topic.Pack, e Edition, past []Edition) {
	var writers []string
	for en := range e.all() {
		writers = append(append(writers, en.Outlet), en.Authors...)
		for _, c := range en.AlsoAt {
			writers = append(writers, c.Outlet)
		}
		for _, v := range en.Voices {
			writers = append(writers, v.Name)
		}
	}
	for i, w := range writers {
		writers[i] = plain(w)
	}
	slices.Sort(writers)
	writers = slices.DeleteFunc(slices.Compact(writers), func(w string) bool { return strings.TrimSpace(w) == "" })
	about := plain(p.Name) + plain(p.Question)
	var before strings.Builder
	for _, old := range past {
		for en := range old.all() {
			for _, text := range append([]string{en.Title, en.Summary, en.Quote, en.Contrary, en.Outlet}, en.Authors...) {
				before.WriteString(strings.ToLower(text))
				before.WriteByte('\n')
			}
		}
	}
	said := before.String()
	for name := range count {
		n := plain(name)
		if strings.Contains(said, strings.ToLower(name)) || strings.Contains(about, n) ||
			slices.ContainsFunc(writers, func(w string) bool { return strings.Contains(w, n) || strings.Contains(n, w) }) {
			delete(count, name)
		}
	}
}

// dropParts leaves of a name and a longer one that contains it the one that more
// outlets have, and of equals the longer.
func dropParts(count map[string]int) {
	names := most(count, len(count))
	for _, part := range names {
		for _, name := range names {
			if part != name && strings.Contains(plain(name), plain(part)) {
				if cmp.Compare(count[part], count[name]) > 0 {
					delete(count, name)
				} else {
					delete(count, part)
				}
			}
		}
	}
}

// plain is a text's words in lower case with a space around each, so that one
// can be looked for in another by whole words.
func plain(text string) string {
	return " " + strings.Join(strings.Fields(strings.ToLower(text)), " ") + " "
}
