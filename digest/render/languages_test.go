package render

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// catalogue is a file of languages as it is written: the forms of each message.
func catalogue(t *testing.T, tag string) map[string]map[string]string {
	t.Helper()
	data, err := catalogues.ReadFile("languages/" + tag + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := yaml.Unmarshal(data, &raw); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	for id, m := range raw {
		switch m := m.(type) {
		case string:
			out[id] = map[string]string{"other": m}
		case map[string]any:
			out[id] = map[string]string{}
			for form, s := range m {
				out[id][form] = s.(string)
			}
		default:
			t.Fatalf("%s: %s is %T", tag, id, m)
		}
	}
	return out
}

var brace = regexp.MustCompile(`\{\{[^}]*?\.(\w+)`)

// filled are the places that a message has.
func filled(forms map[string]string) []string {
	all := map[string]bool{}
	for _, s := range forms {
		for _, m := range brace.FindAllStringSubmatch(s, -1) {
			all[m[1]] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// Each language says all that English says, with the same places to fill, and in
// every form that a number can ask for.
func TestCatalogues(t *testing.T) {
	english := catalogue(t, "en")
	files, err := catalogues.ReadDir("languages")
	if err != nil || len(files) != len(Languages()) {
		t.Fatalf("%d files for %d languages, %v", len(files), len(Languages()), err)
	}
	for _, l := range Languages() {
		own := catalogue(t, l.Tag)
		if got, want := slices.Sorted(maps.Keys(own)), slices.Sorted(maps.Keys(english)); !slices.Equal(got, want) {
			t.Errorf("%s: has the messages\n%q, want\n%q", l.Tag, got, want)
		}
		w, err := speaker(l.Tag)
		if err != nil {
			t.Fatal(err)
		}
		if name := w.say("name", nil); name != l.Name || len(w.months) != 12 {
			t.Errorf("%s calls itself %q and has %d months", l.Tag, name, len(w.months))
		}
		for id, forms := range own {
			places := filled(forms)
			if id == "subject_on" {
				places = append(places, "Topic")
				slices.Sort(places)
				places = slices.DeleteFunc(slices.Compact(places), func(s string) bool { return s == "Title" })
			}
			if want := filled(english[id]); !slices.Equal(places, want) && id != "date_year" {
				t.Errorf("%s: %s fills %q, English %q", l.Tag, id, places, want)
			}
			for form, s := range forms {
				if _, err := template.New("").Parse(s); err != nil || strings.Trim(s, " \n") != s {
					t.Errorf("%s: %s, %s: %q: %v", l.Tag, id, form, s, err)
				}
			}
			if len(english[id]) == 1 {
				continue
			}
			for _, n := range []int{0, 1, 2, 3, 4, 5, 11, 12, 20, 21, 22, 25, 100, 101, 111, 1_000_000} {
				fill := values{}
				for _, p := range places {
					fill[p] = "<" + p + ">"
				}
				if s := w.count(id, n, fill); s == "" || strings.Contains(s, "no value") {
					t.Errorf("%s: %s of %d: %q", l.Tag, id, n, s)
				}
			}
		}
	}
}

// What the code says is in the catalogue, and nothing else is.
func TestNoMessageIsLeftOver(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(data)
	}
	english := catalogue(t, "en")
	for id := range english {
		if !strings.Contains(code.String(), `"`+id+`"`) && id != "name" {
			t.Errorf("no code says %q", id)
		}
	}
	for _, m := range regexp.MustCompile(`\.(?:say|count)\("(\w+)"`).FindAllStringSubmatch(code.String(), -1) {
		if english[m[1]] == nil {
			t.Errorf("en.yaml lacks %q", m[1])
		}
	}
}

// A letter in another language has no sentence of the English frame, the same
// links, and the tags that tell a screen reader what is in which language.
func TestLettersInEveryLanguage(t *testing.T) {
	english := catalogue(t, "en")
	for _, l := range Languages()[1:] {
		own := catalogue(t, l.Tag)
		for name, sample := range samples {
			e := sample(t)
			letter, plain := renderIn(t, l.Tag, e), render(t, e)
			flat := strings.Join(strings.Fields(letter.Text), " ")
			for id, forms := range english {
				if s := forms["other"]; strings.Contains(s, " ") && !strings.Contains(s, "{{") && own[id]["other"] != s && strings.Contains(strings.ToLower(flat), strings.ToLower(s)) {
					t.Errorf("%s, %s: the letter still says %q", l.Tag, name, s)
				}
			}
			if strings.Contains(letter.Text+letter.HTML+letter.Subject+letter.Preheader, "no value") {
				t.Errorf("%s, %s: a place is not filled", l.Tag, name)
			}
			if n := utf8.RuneCountInString(letter.Preheader); n < 40 || n > 100 || utf8.RuneCountInString(letter.Subject) > maxSubject {
				t.Errorf("%s, %s: preheader of %d characters, %q", l.Tag, name, n, letter.Subject)
			}
			if n := strings.Count(letter.HTML, ` lang="`+l.Tag+`"`); n != 2 || strings.Contains(plain.HTML, ` lang="`+l.Tag) {
				t.Errorf("%s, %s: its language stands %d times, want 2", l.Tag, name, n)
			}
			if letter.Shown.Left == 0 && plain.Shown.Left == 0 && !slices.Equal(textLink.FindAllString(letter.Text, -1), textLink.FindAllString(plain.Text, -1)) {
				t.Errorf("%s, %s: other links than the English letter", l.Tag, name)
			}
		}
		if n := strings.Count(renderIn(t, l.Tag, full(t)).HTML, ` lang="en"`); n < 40 {
			t.Errorf("%s: %d English parts are marked", l.Tag, n)
		}
	}
}

func TestGoldenLanguages(t *testing.T) {
	for _, l := range Languages()[1:] {
		letter := renderIn(t, l.Tag, grown(t))
		golden(t, l.Tag+".txt.golden", fmt.Sprintf("Subject: %s\nPreheader: %s\n\n%s", letter.Subject, letter.Preheader, letter.Text))
	}
	golden(t, "de.html.golden", renderIn(t, "de", grown(t)).HTML)
}

func TestLanguageOf(t *testing.T) {
	for tag, want := range map[string]string{"": "en", "en-GB": "en", "de": "de", "DE_at": "de", "uk-Cyrl-UA": "uk", "pt": "en no", "dex": "en no", "d": "en no"} {
		if l, ok := LanguageOf(tag); l.Tag != want[:2] || ok != (len(want) == 2) {
			t.Errorf("%q: %v, %v; want %q", tag, l, ok, want)
		}
	}
}
