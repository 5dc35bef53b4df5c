package topic

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

//go:embed packs
var packs embed.FS

// The files of a pack's folder, beside its examples.
const (
	packFile = "pack.yaml"
	cuesFile = "cues.txt"
)

// packYAML is pack.yaml as written.
type packYAML struct {
	Key      string `yaml:"key"`
	Name     string `yaml:"name"`
	Question string `yaml:"question"`
	Stances  []struct {
		Key     StanceKey `yaml:"key"`
		Name    string    `yaml:"name"`
		Short   string    `yaml:"short"`
		Test    string    `yaml:"test"`
		Colour  string    `yaml:"colour"`
		Dark    string    `yaml:"dark"`
		Shape   string    `yaml:"shape"`
		Neutral bool      `yaml:"neutral"`
	} `yaml:"stances"`
	Thresholds struct {
		Relevant float64 `yaml:"relevant"`
		Sure     float64 `yaml:"sure"`
		Rival    float64 `yaml:"rival"`
		Leaning  float64 `yaml:"leaning"`
		Also     float64 `yaml:"also"`
	} `yaml:"thresholds"`
}

// BuiltinKeys returns the keys of the packs inside the program, sorted.
func BuiltinKeys() []string {
	entries, err := packs.ReadDir("packs")
	if err != nil {
		return nil // cannot happen: the folder is embedded
	}
	var keys []string
	for _, e := range entries {
		keys = append(keys, e.Name())
	}
	return keys
}

// Builtin returns the pack inside the program with the key.
func Builtin(key string) (*Pack, error) {
	if !slices.Contains(BuiltinKeys(), key) {
		return nil, fmt.Errorf("no built-in topic pack %q; there is %s", key, strings.Join(BuiltinKeys(), ", "))
	}
	folder, err := fs.Sub(packs, "packs/"+key)
	if err != nil {
		return nil, fmt.Errorf("topic pack %s: %w", key, err)
	}
	return Load(folder)
}

// Load reads a pack from its folder: pack.yaml, cues.txt and, only when asked
// for, examples.jsonl. Errors name file and line, and how to mend them.
func Load(folder fs.FS) (*Pack, error) {
	data, err := fs.ReadFile(folder, packFile)
	if err != nil {
		return nil, fmt.Errorf("topic pack: %w", err)
	}
	var y packYAML
	if err := yaml.Load(data, &y, yaml.WithKnownFields()); err != nil {
		return nil, fmt.Errorf("topic pack: %s: %w", packFile, err)
	}
	p := y.pack()
	p.files = folder
	if err := p.check(data); err != nil {
		return nil, fmt.Errorf("topic pack: %w", err)
	}
	cues, err := fs.ReadFile(folder, cuesFile)
	if err != nil {
		return nil, fmt.Errorf("topic pack %s: %w", p.Key, err)
	}
	if p.cues, err = ParseCues(cuesFile, cues, p.checkGroup); err != nil {
		return nil, fmt.Errorf("topic pack %s: %w", p.Key, err)
	}
	return p, nil
}

func (y packYAML) pack() *Pack {
	t := y.Thresholds
	p := &Pack{Key: y.Key, Name: y.Name, Question: y.Question, Thresholds: Thresholds{
		Relevant: or(t.Relevant, 0.5), Sure: or(t.Sure, 0.7), Rival: or(t.Rival, 0.1), Leaning: or(t.Leaning, 0.45), Also: or(t.Also, 0.25),
	}}
	for _, s := range y.Stances {
		p.Stances = append(p.Stances, Stance(s))
	}
	return p
}

func or(value, otherwise float64) float64 {
	if value == 0 {
		return otherwise
	}
	return value
}

// check returns all that is wrong with the pack, each with its line in
// pack.yaml.
func (p *Pack) check(data []byte) error {
	var errs []error
	bad := func(mark, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s:%d: %s", packFile, lineOf(data, mark), fmt.Sprintf(format, args...)))
	}
	if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(p.Key) {
		bad("key:", "key %q: want lower-case words joined by hyphens", p.Key)
	}
	if p.Name == "" || p.Question == "" {
		bad("name:", "a pack needs a name and a question")
	}
	if len(p.Stances) < 2 {
		bad("stances:", "a pack needs two stances or more, this has %d", len(p.Stances))
	}
	for i, s := range p.Stances {
		mark := "key: " + string(s.Key)
		switch {
		case !regexp.MustCompile(`^[a-z][a-z0-9]*$`).MatchString(string(s.Key)):
			bad(mark, "stance %d: key %q: want a lower-case word", i+1, s.Key)
		case s.Key == Unsure || slices.Contains([]string{Anchor, Matter, Hint, Other, "irrelevant"}, string(s.Key)):
			bad(mark, "stance key %q has a meaning of its own; choose another", s.Key)
		case slices.IndexFunc(p.Stances, func(o Stance) bool { return o.Key == s.Key }) < i:
			bad(mark, "stance %q occurs twice", s.Key)
		}
		if s.Name == "" || s.Short == "" || s.Test == "" {
			bad(mark, "stance %q needs name, short and test", s.Key)
		}
		for _, colour := range []string{s.Colour, s.Dark} {
			if !regexp.MustCompile(`^#[0-9a-f]{6}$`).MatchString(colour) {
				bad(mark, "stance %q: colour %q: want colour and dark as \"#rrggbb\", lower case", s.Key, colour)
			}
		}
		if utf8.RuneCountInString(s.Shape) != 1 {
			bad(mark, "stance %q: shape %q: want one character", s.Key, s.Shape)
		}
		if s.Neutral && i < len(p.Stances)-1 {
			bad(mark, "stance %q is neutral and must come last", s.Key)
		}
	}
	for _, t := range []float64{p.Thresholds.Relevant, p.Thresholds.Sure, p.Thresholds.Rival, p.Thresholds.Leaning, p.Thresholds.Also} {
		if !(t > 0 && t < 1) {
			bad("thresholds:", "threshold %v: want a number between 0 and 1", t)
		}
	}
	return errors.Join(errs...)
}

// lineOf finds the line of a mark, 1 when it is not there.
func lineOf(data []byte, mark string) int {
	at := bytes.Index(data, []byte(mark))
	return 1 + bytes.Count(data[:max(at, 0)], []byte("\n"))
}

func (p *Pack) checkGroup(group string) error {
	if _, ok := p.Stance(StanceKey(group)); ok || slices.Contains([]string{Anchor, Matter, Hint, Other}, group) {
		return nil
	}
	if strings.HasPrefix(group, "@") && len(group) > 1 {
		return nil
	}
	return fmt.Errorf("group [%s]: want a stance (%s), %s, %s, %s, %s, or a target such as [@troops]", group, p.keys(), Anchor, Matter, Hint, Other)
}

func (p *Pack) keys() string {
	var keys []string
	for _, s := range p.Stances {
		keys = append(keys, string(s.Key))
	}
	return strings.Join(keys, ", ")
}
