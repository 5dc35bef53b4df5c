package stance

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"standpoint/digest/topic"
)

const (
	fewestVoices   = 3   // fewer are an article of several authors, or an exchange
	mostVoices     = 5   // of which sentences are shown
	mostSignatures = 200 // what a text is read for
	fewestInside   = 20  // words of a passage
	plainShare     = 0.6 // of the text's words in signed passages: nothing else is there
	leastShare     = 0.4
	plainTrust     = 0.95 // the probability that a plain round-up takes no side
	someTrust      = 0.65 // and one that is less plain
)

// passage is what one contributor wrote, in the text.
type passage struct {
	span
	name span
}

// roundUp returns the passages of a piece in which several people speak, each
// under a name of their own, and whether that is plain; none of any other piece.
// It goes by the structure alone. A report that quotes several people signs
// nothing; an interview and a debate come back to the same names.
func (r *reader) roundUp(d *document, text string) (passages []passage, plain bool) {
	paragraphs := paragraphsOf(text)
	signed := r.signatures(text, paragraphs)
	if len(signed) < fewestVoices {
		return nil, false
	}
	if signed[0].at == below {
		passages = d.signedBelow(text, paragraphs, signed)
	} else {
		passages = signedAbove(paragraphs, signed, len(text))
	}
	if len(passages) < fewestVoices {
		return nil, false
	}
	inside := 0
	for _, p := range passages {
		n := d.wordsIn(p.span)
		if n < fewestInside || mentions(text, p.span, p.name) {
			return nil, false
		}
		inside += n
	}
	share := float64(inside) / float64(max(1, d.wordsIn(span{0, len(text)})))
	if share < leastShare {
		return nil, false
	}
	return passages, share >= plainShare
}

// paragraphsOf returns a text's paragraphs, each parted from a first line that is
// no sentence, or the text's lines where no blank line parts any.
func paragraphsOf(text string) []span {
	var out []span
	for at := 0; at < len(text); {
		at += len(text[at:]) - len(strings.TrimLeft(text[at:], " \t\r\n"))
		end := len(text)
		if i := paragraphEnd(text[at:]); i >= 0 {
			end = at + i
		}
		if i := strings.IndexByte(text[at:end], '\n'); i > 0 && i < 12*longestRole && !ends(text[at:at+i]) {
			out = appendTrimmed(out, text, at, at+i) // a heading, with its text below
			at += i
		}
		out = appendTrimmed(out, text, at, end)
		at = end + 1
	}
	if strings.Contains(text, "\n\n") || len(out) > 2 {
		return out
	}
	var lines []span
	for at := 0; at < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		lines = appendTrimmed(lines, text, at, end)
		at = end + 1
	}
	return lines
}

// signatures returns the signatures of a text that are of one kind, the most
// frequent, and no name twice; none where a name comes back.
func (r *reader) signatures(text string, paragraphs []span) []signature {
	kinds := map[place][]signature{}
	total := 0
	for i := 0; i < len(paragraphs) && total < mostSignatures; i++ {
		next := span{}
		if i+1 < len(paragraphs) {
			next = paragraphs[i+1]
		}
		s := r.signature(text, paragraphs[i], next)
		if s.at == nowhere {
			continue
		}
		kinds[s.at] = append(kinds[s.at], s)
		total++
		if s.end == next.end {
			i++
		}
	}
	best := kinds[above]
	for _, at := range []place{below, alone} {
		if len(kinds[at]) > len(best) {
			best = kinds[at]
		}
	}
	seen := map[string]bool{}
	for i := range best {
		name := text[best[i].name.start:best[i].name.end]
		if seen[name] {
			return nil
		}
		seen[name] = true
	}
	if len(best) == 0 || best[0].at != alone {
		return best
	}
	// Where nothing of length follows the last, they stand below.
	at := above
	if rest := text[best[len(best)-1].end:]; len(topic.Words(rest[:min(len(rest), 2000)])) < fewestInside {
		at = below
	}
	for i := range best {
		best[i].at = at
	}
	return best
}

// signedAbove returns what stands between signatures. What stands under the last
// ends where the editors may speak again: it has no more paragraphs than the
// longest of the others.
func signedAbove(paragraphs []span, signed []signature, end int) []passage {
	var out []passage
	longest := 1
	for i, s := range signed {
		to := end
		if i+1 < len(signed) {
			to = signed[i+1].start
		}
		var inside []span
		if s.end < to && !slices.ContainsFunc(paragraphs, func(p span) bool { return p.start == s.end }) {
			inside = append(inside, span{s.end, min(to, paragraphAt(paragraphs, s.end).end)})
		}
		for _, p := range paragraphs {
			if p.start >= s.end && p.end <= to {
				inside = append(inside, p)
			}
		}
		if len(inside) == 0 {
			continue
		}
		if i+1 < len(signed) {
			longest = max(longest, len(inside))
		} else {
			inside = inside[:min(len(inside), longest)]
		}
		out = append(out, passage{span{inside[0].start, inside[len(inside)-1].end}, s.name})
	}
	return out
}

// paragraphAt returns the paragraph in which an offset lies.
func paragraphAt(paragraphs []span, at int) span {
	for _, p := range paragraphs {
		if p.start <= at && at < p.end {
			return p
		}
	}
	return span{at, at}
}

// signedBelow returns what stands above each signature. What stands above the
// first may be the editors' own: of that, only what follows the last heading
// counts, or the last paragraph.
func (d *document) signedBelow(text string, paragraphs []span, signed []signature) []passage {
	last := signed[len(signed)-1]
	if !d.biographies(text, signed) || 4*d.wordsIn(span{last.end, len(text)}) > d.wordsIn(span{0, len(text)}) {
		return nil
	}
	var out []passage
	from := 0
	for i, s := range signed {
		p := passage{span{from, s.start}, s.name}
		if i == 0 {
			p.start = ownStart(text, paragraphs, s.start)
		} else if mentions(text, p.span, signed[i-1].name) {
			return nil // the name above was the subject of what follows
		}
		out, from = append(out, p), s.end
	}
	return out
}

// biographies says whether signatures below are such and no sentences about
// people: at least two are marked by a dash or by the usual words.
func (d *document) biographies(text string, signed []signature) bool {
	n := 0
	for _, s := range signed {
		usual := !s.loose || strings.HasPrefix(text[s.start:], "—") || strings.HasPrefix(text[s.start:], "–")
		for i := range d.sentences {
			usual = usual || d.sentences[i].start >= s.start && d.sentences[i].end <= s.end && d.sentences[i].frames[boilerplate]
		}
		if usual {
			n++
		}
	}
	return n >= 2
}

// ownStart returns where the first contributor's own words begin.
func ownStart(text string, paragraphs []span, end int) int {
	start := end
	for _, p := range paragraphs {
		if p.start >= end {
			break
		}
		if own := text[p.start:min(p.end, end)]; ends(own) || p.end > end {
			if start == end {
				start = p.start
			}
			continue
		}
		start = end // a heading: what stands above is the editors' introduction
	}
	first := slices.IndexFunc(paragraphs, func(p span) bool { return p.start == start })
	if first != 0 {
		return start
	}
	for _, p := range paragraphs { // no heading
		if p.start < end {
			start = p.start
		}
	}
	return start
}

// mentions says whether a stretch of text has the last word of a name in it.
// Authors do not name themselves; who is named is written about.
func mentions(text string, in, name span) bool {
	words := strings.Fields(text[name.start:name.end])
	last := words[len(words)-1]
	rest := text[in.start:in.end]
	for {
		at := strings.Index(rest, last)
		if at < 0 {
			return false
		}
		after := rest[at+len(last):]
		if (at == 0 || !letterEnds(rest[:at])) && !letterBegins(after) {
			return true
		}
		rest = after
	}
}

func letterEnds(s string) bool { return unicode.IsLetter(lastRune(s)) }

func letterBegins(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// wordsIn counts the words of the sentences that lie in a stretch, in part or
// whole.
func (d *document) wordsIn(in span) int {
	n := 0
	for i := range d.sentences {
		if s := &d.sentences[i]; s.end > in.start && s.start < in.end {
			n += len(s.words)
		}
	}
	return n
}
