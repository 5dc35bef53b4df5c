package topic

import (
	"io/fs"

	"standpoint/feeds/language"
)

// StanceKey is a stance's name in data, scripts and the store: "bind", "arm".
// The empty key means that no stance was taken or judged.
type StanceKey string

// Unsure is the key of the edition's last section, which holds the pieces whose
// stance is in doubt. No pack may use it for a stance.
const Unsure StanceKey = "unsure"

// Stance is one answer to a pack's question.
type Stance struct {
	Key     StanceKey
	Name    string // neutral name for readers, e.g. "Binding commitments"
	Short   string // one or two words for the distribution bar, e.g. "Binding"
	Test    string // the one-line test: what an author of this stance is for
	Colour  string // "#rrggbb" on a light page
	Dark    string // "#rrggbb" on a dark page
	Shape   string // one character that tells the stance apart without colour
	Neutral bool   // no side taken; such a stance comes last
}

// Thresholds are the probabilities from which a verdict is called relevant,
// sure or leaning, each from 0 to 1. They were read off held-out predictions on
// the pack's examples, so they belong to the pack and not to the code.
type Thresholds struct {
	Relevant float64 // relevance from which a piece is in
	Sure     float64 // confidence from which a verdict is sure
	Rival    float64 // a sure verdict leaves at most this to the other camps together
	Leaning  float64 // confidence from which a verdict is leaning
	Also     float64 // probability from which another stance is named beside the first
}

// Pack is one debate as data: its question, its stances in the order in which
// an edition shows them, the words that tell them, and labelled examples.
type Pack struct {
	Key        string // e.g. "ukraine-security-guarantees"
	Name       string // for readers, e.g. "Security guarantees for Ukraine"
	Question   string
	Language   string // of the pieces that are judged, a primary tag of BCP 47
	Stances    []Stance
	Thresholds Thresholds
	Measured   Measured

	cues      func() (*Matcher, error) // read once, when they are first needed
	known     *Vocabulary
	languages *language.Detector
	files     fs.FS // of the pack's folder; examples are read from it on demand
}

// Stance returns the stance with the key, and whether the pack has it.
func (p *Pack) Stance(key StanceKey) (Stance, bool) {
	for _, s := range p.Stances {
		if s.Key == key {
			return s, true
		}
	}
	return Stance{}, false
}

// Cues returns the matcher over the pack's cues. A cue's group is a stance's
// key, one of the relevance groups (Anchor, Matter, Hint, Other), or a target:
// a name that starts with "@", for what authors of several stances speak of.
func (p *Pack) Cues() *Matcher {
	m, err := p.cues()
	if err != nil { // Load has tried a folder's, and our tests the built-in ones
		panic(err)
	}
	return m
}

// Vocabulary returns the memory for the stems of the texts that are read with
// the pack.
func (p *Pack) Vocabulary() *Vocabulary { return p.known }

// The groups of cues that decide relevance.
const (
	Anchor = "anchor" // whom the debate is about
	Matter = "matter" // what the debate is about
	Hint   = "hint"   // too weak to decide, enough not to throw a piece away
	Other  = "other"  // other matters and other countries
)
