package render

import (
	"embed"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v4"
	"golang.org/x/text/language"

	"standpoint/digest"
)

// Language is one that letters can be framed in: their own words, not those of
// the pieces and of the stances.
type Language struct {
	Tag  string // primary tag of BCP 47
	Name string // as it calls itself
}

// Languages lists what there is a catalogue for, English first.
func Languages() []Language {
	return []Language{{digest.English, "English"}, {"de", "Deutsch"}, {"fr", "Français"}, {"uk", "Українська"}}
}

// LanguageOf finds the language that a tag of BCP 47 asks for, such as "de" for
// "de-AT"; no tag asks for English. Where there is no catalogue it returns English,
// and false.
func LanguageOf(tag string) (Language, bool) {
	if tag == "" {
		return Languages()[0], true
	}
	for _, l := range Languages() {
		if l.Tag == primary(tag) {
			return l, true
		}
	}
	return Languages()[0], false
}

// primary is a tag's first part, in lower case.
func primary(tag string) string {
	tag, _, _ = strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	return strings.ToLower(tag)
}

// catalogues has a file for each of Languages; en.yaml says how they are written.
//
//go:embed languages/*.yaml
var catalogues embed.FS

// words says what letters say, in one language. It is safe for concurrent use.
type words struct {
	tag       string
	localizer *i18n.Localizer
	months    []string
}

// speakers reads each catalogue but the English one when it is first asked for.
func speakers() map[string]func() (*words, error) {
	out := map[string]func() (*words, error){}
	for _, l := range Languages()[1:] {
		out[l.Tag] = sync.OnceValues(func() (*words, error) { return speaker(l.Tag) })
	}
	return out
}

// speaker reads a catalogue.
func speaker(tag string) (*words, error) {
	file := "languages/" + tag + ".yaml"
	data, err := catalogues.ReadFile(file)
	if err != nil {
		return nil, err
	}
	bundle := i18n.NewBundle(language.Make(tag))
	bundle.RegisterUnmarshalFunc("yaml", func(data []byte, v any) error { return yaml.Unmarshal(data, v) })
	if _, err := bundle.ParseMessageFileBytes(data, file); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	w := &words{tag: tag, localizer: i18n.NewLocalizer(bundle, tag)}
	w.months = strings.Fields(w.say("months", nil))
	return w, nil
}

// values are what a message's braces are filled with.
type values map[string]any

// say returns a message. It panics when the catalogue lacks it, which tests rule
// out.
func (w *words) say(id string, v values) string {
	return w.localizer.MustLocalize(&i18n.LocalizeConfig{MessageID: id, TemplateData: map[string]any(v)})
}

// count returns the form of a message that a number asks for. The number fills
// {{.N}}.
func (w *words) count(id string, n int, v values) string {
	all := map[string]any{"N": n}
	maps.Copy(all, v)
	return w.localizer.MustLocalize(&i18n.LocalizeConfig{MessageID: id, PluralCount: n, TemplateData: all})
}

// series joins words by the message "and" or "or".
func (w *words) series(parts []string, last string) string {
	switch n := len(parts); n {
	case 0:
		return ""
	case 1:
		return parts[0]
	default:
		return w.say(last, values{"Most": strings.Join(parts[:n-1], ", "), "Last": parts[n-1]})
	}
}

// besides sets clauses beside each other.
func (w *words) besides(parts []string) string {
	out := parts[0]
	for _, p := range parts[1:] {
		out = w.say("besides", values{"First": out, "Then": p})
	}
	return out
}

// percent sets a figure before its sign, on one line with it.
func (w *words) percent(figure string) string { return unbroken(w.say("percent", values{"N": figure})) }

// decimal writes a number with so many places.
func (w *words) decimal(x float64, places int) string {
	return strings.Replace(strconv.FormatFloat(x, 'f', places, 64), ".", w.say("decimal", nil), 1)
}

// unbroken keeps a short text on one line.
func unbroken(s string) string { return strings.ReplaceAll(s, " ", nbsp) }
