package topic

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

// Pack is one debate as data: its question, its stances in the order in which
// an edition shows them, the words that tell them, and labelled examples.
type Pack struct {
	Key      string // e.g. "ukraine-security-guarantees"
	Name     string // for readers, e.g. "Security guarantees for Ukraine"
	Question string
	Stances  []Stance
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
