package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"standpoint/digest"
	"standpoint/digest/store"
	"standpoint/digest/topic"
)

// offer is what a reader can wish for.
type offer struct{ stances, outlets []string }

func (s *settings) offer() offer {
	var o offer
	for _, stance := range s.pack.Stances {
		o.stances = append(o.stances, string(stance.Key))
	}
	for _, source := range s.Sources {
		o.outlets = append(o.outlets, source.Name)
	}
	return o
}

// languageTag is a tag as readers' languages have it (RFC 5646 §2.1).
var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)

// wish reads what the letter shall be like from a row's cells. A language that
// letters do not speak is kept: until they do, its readers get English.
func (o offer) wish(cell func(column string) string) (w digest.Wish, err error) {
	w.Language = cell("language")
	if w.Language != "" && !languageTag.MatchString(w.Language) {
		return w, fmt.Errorf("has the language %q; write a tag such as en", short(w.Language, 40))
	}
	switch letter := strings.ToLower(cell("letter")); letter {
	case "", "full":
	case "short":
		w.Short = true
	default:
		return w, fmt.Errorf("has the letter %q; write full or short", short(letter, 40))
	}
	for _, each := range namesIn(cell("stances")) {
		key, err := among(each, "stance", o.stances)
		if err != nil {
			return w, err
		}
		w.Stances = append(w.Stances, topic.StanceKey(key))
	}
	for _, each := range namesIn(cell("outlets")) {
		name, err := among(each, "outlet", o.outlets)
		if err != nil {
			return w, err
		}
		w.Outlets = append(w.Outlets, name)
	}
	return w, nil
}

// among finds a word, in any case, among those that there are.
func among(word, kind string, all []string) (string, error) {
	if i := slices.IndexFunc(all, func(s string) bool { return strings.EqualFold(s, word) }); i >= 0 {
		return all[i], nil
	}
	return "", fmt.Errorf("wishes for the %s %q, and there is %s", kind, short(word, 60), short(strings.Join(all, ", "), 200))
}

// record reads since when and by what a reader is on the list, or off it.
func (t *table) record(r *store.Incoming) (err error) {
	for _, each := range []struct {
		column string
		into   *time.Time
	}{{"added", &r.Added}, {"asked", &r.Agreement.Asked}, {"confirmed", &r.Agreement.Confirmed}, {"since", &r.Since}} {
		if *each.into, err = moment(t.cell(each.column)); err != nil {
			return err
		}
	}
	r.Agreement.Source, r.Agreement.Wording, r.Agreement.Client = short(t.cell("source"), longestNote), short(t.cell("wording"), longestNote), short(t.cell("client"), longestNote)
	if r.Reason == store.ReasonBounce && t.cell("reason") == string(store.ReasonRefused) {
		r.Reason = store.ReasonRefused
	}
	if r.Reason != "" {
		r.Why = short(t.cell("why"), longestName)
	}
	return nil
}

// longestNote is more than any word of a consent record has, in characters.
const longestNote = 100

// moment reads a time as tables have it; without a zone it is UTC. Empty is zero.
func moment(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateTime, "2006-01-02 15:04", time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil && at.Year() >= 1970 && at.Year() < 2200 {
			return at.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("has the time %q; write it like 2026-03-02 or 2026-03-02T06:00:00Z", short(text, 40))
}

// namesIn takes apart what joined put together.
func namesIn(text string) (out []string) {
	var one strings.Builder
	add := func() {
		if s := strings.TrimSpace(one.String()); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
		one.Reset()
	}
	escaped := false
	for _, r := range text {
		switch {
		case !escaped && r == '\\':
			escaped = true
			continue
		case !escaped && r == ';':
			add()
		default:
			one.WriteRune(r)
		}
		escaped = false
	}
	add()
	return out
}

// joined writes several names in one field: a semicolon parts them, and a
// backslash keeps one that belongs to a name.
func joined[S ~string](all []S) string {
	var out []string
	for _, s := range all {
		out = append(out, strings.NewReplacer(`\`, `\\`, `;`, `\;`).Replace(string(s)))
	}
	return strings.Join(out, ";")
}
