package render

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"standpoint/digest"
)

// meta is the line that says where, when and how long. What is not known is left
// out.
func (m *maker) meta(en digest.Entry) string {
	var parts []string
	if where := clean(en.Outlet, maxName); where != "" {
		where = isolate(where)
		if c := clean(en.Country, 3); c != "" {
			where += nbsp + "(" + strings.ToUpper(c) + ")"
		}
		parts = append(parts, where)
	}
	if day := m.day(en.Published); day != "" {
		parts = append(parts, day)
	}
	if en.Minutes > 0 {
		parts = append(parts, unbroken(m.words.say("minutes", values{"N": en.Minutes})))
	}
	return strings.Join(parts, " · ")
}

// day writes a date in the window's zone, with the year when it is not the
// edition's.
func (m *maker) day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(m.edition.Window.To.Location())
	year := t.Year() != m.edition.Window.To.Year()
	return strings.Replace(m.words.date(t, year), " ", nbsp, 1)
}

// authors joins names. Where one has a comma in it, semicolons keep them apart;
// beyond four, the rest are counted.
func (w *words) authors(names []string) string {
	var who []string
	comma := false
	for _, n := range names {
		if n = clean(n, maxName); n != "" {
			who = append(who, isolate(n))
			comma = comma || strings.Contains(n, ",")
		}
	}
	if len(who) > 4 {
		who = append(who[:3:3], w.count("others", len(who)-3, nil))
	}
	if comma {
		return strings.Join(who, "; ")
	}
	return w.series(who, "and")
}

// unique returns a link's text such that no two links of a letter have the same
// one (S32): where it is taken, it says more, and then counts.
func (m *maker) unique(text, link, more string) string {
	try := text
	for n := 1; ; n++ {
		if at, taken := m.links[try]; !taken || at == link {
			m.links[try] = link
			return try
		}
		try = text + " (" + more + ")"
		if n > 1 {
			try = fmt.Sprintf("%s (%s, %d)", text, more, n)
		}
	}
}

// joined sets the parts that are not empty apart.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}
