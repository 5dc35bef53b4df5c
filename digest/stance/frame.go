package stance

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"standpoint/digest/topic"
)

//go:embed english.txt
var englishFrames []byte

//go:embed structure.txt
var structureWords []byte

// frame is what English does with a claim: the groups of english.txt.
type frame int

const (
	negation frame = iota
	rejection
	doubtful
	approval
	modality
	attribution
	opponent
	own
	concession
	contrast
	condition
	question
	news
	boilerplate // words of the page and not of the piece
	frames      // their number
)

func (f frame) String() string {
	return [...]string{"negation", "rejection", "doubtful", "approval", "modality", "attribution", "opponent", "own", "concession", "contrast", "condition", "question", "news", "boilerplate"}[f]
}

// sentence is one sentence with all that is known of it.
type sentence struct {
	span
	role    role
	words   []topic.Word // offsets within the sentence
	negated []bool       // which of the words stand under a negation
	hits    []claim
	frames  [frames]bool
	quoted  float64 // share of its words that stand in quotation marks
	weight  float64 // how much it says on the question; see weigh

	spokenFor topic.StanceKey // see speaks
	spoken    float64
}

// claim is a cue in its sentence.
type claim struct {
	group    string
	phrase   string
	weight   float64
	from, to int  // words
	negated  bool // a negation stands before it in its clause
}

// attributed says that somebody else than the author speaks.
func (s *sentence) attributed() bool {
	return s.quoted > 0.5 || s.frames[opponent] || (s.frames[attribution] && !s.frames[own])
}

// reader turns text into sentences with cues and frames. It is safe for
// concurrent use once made.
type reader struct {
	splitter *splitter
	cues     *topic.Matcher
	frames   *topic.Matcher
	signs    *topic.Matcher // of how a piece is built: structure.txt
	known    *topic.Vocabulary
}

func newReader(pack *topic.Pack) (*reader, error) {
	splitter, err := newSplitter()
	if err != nil {
		return nil, fmt.Errorf("sentence tokenizer: %w", err)
	}
	frames, err := topic.ParseCues("english.txt", englishFrames, func(group string) error {
		if frameOf(group) == frames {
			return fmt.Errorf("unknown frame %q", group)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	signs, err := parseStructure()
	if err != nil {
		return nil, err
	}
	return &reader{splitter: splitter, cues: pack.Cues(), frames: frames, signs: signs, known: pack.Vocabulary()}, nil
}

func frameOf(group string) frame {
	for f := range frames {
		if f.String() == group {
			return f
		}
	}
	return frames
}

// document is a piece as read.
type document struct {
	title     sentence
	sentences []sentence // of the text
}

// read analyses a piece.
func (r *reader) read(heading, text string) document {
	text = head(text)
	d := document{title: r.sentence(strings.ToValidUTF8(cutTitle(heading), " "), span{}, 0)}
	d.title.role = title
	spans := r.splitter.split(text)
	d.sentences = make([]sentence, len(spans))
	q := quotes{}
	for i, s := range spans {
		if i > 0 && strings.Contains(text[spans[i-1].end:s.start], "\n") {
			q = quotes{}
		}
		d.sentences[i] = r.sentence(text[s.start:s.end], s, q.share(text[s.start:s.end]))
		if sameWords(d.sentences[i].words, d.title.words) {
			d.sentences[i].frames[boilerplate] = true // pages repeat the title above the text
		}
	}
	r.clear(&d, text)
	d.assign()
	return d
}

// assign gives the sentences of the text their roles. Words of the page, such
// as a biography or a contact below the text, are no conclusion.
func (d *document) assign() {
	var spoken []*sentence
	for i := range d.sentences {
		d.sentences[i].role = body
		if !d.sentences[i].frames[boilerplate] {
			spoken = append(spoken, &d.sentences[i])
		}
	}
	for i, s := range spoken {
		switch {
		case i < 2:
			s.role = lede
		case i >= len(spoken)-2 && len(spoken) >= 6:
			s.role = conclusion
		}
	}
}

// sameWords says whether two sentences are one but for punctuation. Sentences
// without words are not.
func sameWords(a, b []topic.Word) bool {
	return len(a) > 0 && slices.EqualFunc(a, b, func(v, w topic.Word) bool { return v.Stem == w.Stem })
}

func cutTitle(heading string) string { return heading[:min(len(heading), 1000)] }

func (r *reader) sentence(text string, at span, quoted float64) sentence {
	s := sentence{span: at, words: r.known.Words(text), quoted: quoted}
	marks := r.frames.Match(s.words)
	for _, m := range marks {
		s.frames[frameOf(m.Cue.Group)] = true
	}
	if strings.HasSuffix(text, "?") {
		s.frames[question] = true
	} else {
		s.frames[question] = false
	}
	s.negated = scope(s.words, marks)
	for _, h := range r.cues.Match(s.words) {
		s.hits = append(s.hits, claim{
			group: h.Cue.Group, phrase: h.Cue.Phrase, weight: h.Cue.Weight, from: h.From, to: h.To,
			negated: s.negated[h.From] != denied(h, s.words, marks),
		})
	}
	s.weight = weigh(&s)
	return s
}

func isNegation(m topic.Hit) bool { return m.Cue.Group == negation.String() }

// denied says whether a negation stands within a cue that was written without
// one: "own army" is "a guarantee", or it is not.
func denied(h topic.Hit, words []topic.Word, marks []topic.Hit) bool {
	for _, m := range marks {
		if m.Cue.Group == negation.String() && m.From > h.From && m.To < h.To && !strings.Contains(h.Cue.Phrase, words[m.From].Text) {
			return true
		}
	}
	return false
}

// reach is over how many words a negation carries to the claim after it.
const reach = 6

// scope returns which words stand under a negation: up to reach words after
// it, to the end of the clause.
func scope(words []topic.Word, marks []topic.Hit) []bool {
	under := make([]bool, len(words))
	for n, m := range marks {
		if m.Cue.Group != negation.String() || words[m.From].Text == "without" && slices.ContainsFunc(marks[n+1:], isNegation) {
			continue // "peace without troops is no peace" is for troops
		}
		for i := m.To; i < len(words) && i < m.To+reach && !words[i-1].Break; i++ {
			under[i] = !under[i] // "no peace without troops" is for troops
		}
	}
	return under
}

// weigh says how much a sentence says on the question, for choosing the
// sentences that are judged; 0 when no cue is in it.
func weigh(s *sentence) float64 {
	sum := 0.0
	for _, h := range s.hits {
		switch h.group {
		case topic.Hint, topic.Other:
		case topic.Anchor:
			sum += 0.25
		case topic.Matter:
			sum += float64(0.5 * h.weight)
		default:
			sum += h.weight
		}
	}
	switch {
	case s.attributed():
		sum = float64(sum * 0.4)
	case s.frames[modality] && s.frames[question]:
	case s.frames[modality]:
		sum = float64(sum * 2)
	case s.frames[approval]:
		sum = float64(sum * 1.3)
	}
	return sum
}

// quotes follows quotation marks through the sentences of a paragraph.
type quotes struct{ open bool }

// share returns which share of a sentence's bytes stands in quotation marks.
func (q *quotes) share(text string) float64 {
	inside := 0
	for _, r := range text {
		switch r {
		case '"':
			q.open = !q.open
		case '“', '„', '«':
			q.open = true
		case '”', '»':
			q.open = false
		default:
			if q.open {
				inside++
			}
		}
	}
	return float64(inside) / float64(max(len(text), 1))
}
