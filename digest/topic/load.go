package topic

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"standpoint/feeds/language"
)

//go:embed packs
var packs embed.FS

// The files of a pack's folder, beside its examples.
const (
	packFile = "pack.yaml"
	cuesFile = "cues.txt"
)

// byteOrderMark is what some editors put before a text.
const byteOrderMark = "\ufeff"

// packYAML is pack.yaml as written.
type packYAML struct {
	Key      string `yaml:"key"`
	Name     string `yaml:"name"`
	Question string `yaml:"question"`
	Language string `yaml:"language"`
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
	Measured struct {
		Pieces      int     `yaml:"pieces"`
		Strict      float64 `yaml:"strict"`
		Lenient     float64 `yaml:"lenient"`
		Sure        float64 `yaml:"sure"`
		SureLenient float64 `yaml:"sure_lenient"`
		WrongCamp   float64 `yaml:"wrong_camp"`
		How         string  `yaml:"how"`
	} `yaml:"measured"`
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
	return open(folder)
}

// Load reads a pack from its folder: pack.yaml, cues.txt and, only when asked
// for, examples.jsonl. Errors name file and line, and how to mend them.
func Load(folder fs.FS) (*Pack, error) {
	p, err := open(folder)
	if err == nil {
		_, err = p.cues()
	}
	if err != nil {
		return nil, err
	}
	return p, nil
}

// open reads a pack but for its cues: most commands never judge, and reading
// them is a quarter of a start.
func open(folder fs.FS) (*Pack, error) {
	data, err := fs.ReadFile(folder, packFile)
	if err != nil {
		return nil, fmt.Errorf("topic pack: %w", err)
	}
	var y packYAML
	if err := yaml.Load(data, &y, yaml.WithKnownFields()); err != nil {
		return nil, fmt.Errorf("topic pack: %s: %w", packFile, err)
	}
	p := y.pack()
	p.files, p.known, p.languages = folder, NewVocabulary(), language.New()
	if err := p.check(data); err != nil {
		return nil, fmt.Errorf("topic pack: %w", err)
	}
	p.cues = sync.OnceValues(p.readCues)
	return p, nil
}

func (p *Pack) readCues() (*Matcher, error) {
	data, err := fs.ReadFile(p.files, cuesFile)
	if err != nil {
		return nil, fmt.Errorf("topic pack %s: %w", p.Key, err)
	}
	m, err := ParseCues(cuesFile, data, p.checkGroup)
	if err != nil {
		return nil, fmt.Errorf("topic pack %s: %w", p.Key, err)
	}
	if !m.has(Anchor) {
		return nil, fmt.Errorf("topic pack %s: %s: no phrase under [%s], and a piece without any is never on the subject; add some", p.Key, cuesFile, Anchor)
	}
	return m, nil
}

func (y packYAML) pack() *Pack {
	t := y.Thresholds
	p := &Pack{Key: y.Key, Name: y.Name, Question: y.Question, Language: or(y.Language, usualLanguage), Measured: Measured(y.Measured), Thresholds: Thresholds{
		Relevant: or(t.Relevant, 0.5), Sure: or(t.Sure, 0.7), Rival: or(t.Rival, 0.1), Leaning: or(t.Leaning, 0.45), Also: or(t.Also, 0.25),
	}}
	for _, s := range y.Stances {
		p.Stances = append(p.Stances, Stance(s))
	}
	return p
}

func or[T comparable](value, otherwise T) T {
	var none T
	if value == none {
		return otherwise
	}
	return value
}
