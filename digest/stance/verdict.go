// Package stance says where the author of a piece stands on a pack's question,
// shows the sentences that say so, and admits doubt.
package stance

import "standpoint/digest/topic"

// Doubt is how far a verdict can be relied on, from calibrated confidence.
type Doubt string

// The three degrees of doubt. Readers see "leaning" and "unsure"; a sure
// verdict is shown without a word.
const (
	Sure    Doubt = "sure"
	Leaning Doubt = "leaning"
	Unsure  Doubt = "unsure"
)

// By says who gave a verdict.
type By string

// A verdict comes from the model, from a second opinion that was taken where the
// model was in doubt, or from the operator, whose word wins.
const (
	ByModel    By = "model"
	ByLLM      By = "llm"
	ByOperator By = "operator"
)

// Basis says what a verdict was judged from.
type Basis string

// From most to least: the article's page, the whole text in the feed, the part
// of the page that stands before a paywall, the feed's teaser, the title alone.
const (
	BasisPage    Basis = "page"
	BasisFeed    Basis = "feed"
	BasisPaywall Basis = "paywall"
	BasisTeaser  Basis = "teaser"
	BasisTitle   Basis = "title"
)

// Quote is a verbatim part of a piece's text.
type Quote struct {
	Text       string `json:"text"`
	Start, End int    // byte offsets into the piece's text: text[Start:End] == Text
}

// Contribution is what one of several contributors to a round-up says.
type Contribution struct {
	Name Quote `json:"name"` // as the text has it
	Says Quote `json:"says"` // one sentence of the contributor's own
}

// Verdict is what is claimed about one piece. The zero Verdict says: not
// relevant.
type Verdict struct {
	Relevant      bool
	Relevance     float64                     // 0 to 1
	Stance        topic.StanceKey             // best guess, also in doubt; empty when not relevant
	Confidence    float64                     // calibrated probability of Stance, 0 to 1
	Doubt         Doubt                       // empty when not relevant
	Also          []topic.StanceKey           // other stances a careful reader could defend
	Probabilities map[topic.StanceKey]float64 // of each stance; sums to 1; nil when not relevant
	Evidence      []Quote                     // up to three sentences, strongest first
	Summary       []Quote                     // one or two sentences that say what the piece says, in text order
	Contrary      *Quote                      `json:",omitempty"` // the author's strongest sentence against Stance; nil: none worth telling, or the piece is not relevant
	Contributors  []Contribution              `json:",omitempty"` // of a round-up of several voices, up to five, in text order; nil for any other piece
	By            By
	Language      string `json:",omitempty"` // of a piece in another language than the pack's, which is not judged; a primary tag of BCP 47
}
