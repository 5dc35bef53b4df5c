package stance

import (
	"strings"

	"standpoint/digest/topic"
)

const (
	beforeReplies = 40 // words that stand above readers' comments, at least
	longestLink   = 20 // words of a title in a list of links
	longestHeader = 60 // bytes of a line that heads either
	longestFooter = 80 // words of a paragraph below the piece
)

// clear drops what stands below a piece and is none of the author's words:
// readers' comments, to the end of the text, titles of other pieces, and the last
// paragraphs where they are the outlet's, such as a biography or a plea for
// money. Pages are cleared of them before, as far as their markup tells; feeds
// and files are not. What remains is judged as if nothing had stood below.
func (r *reader) clear(d *document, text string) {
	kept, words, links := d.sentences[:0], 0, false
	for _, s := range d.sentences {
		sign := ""
		if words >= beforeReplies {
			sign = r.heads(&s, text)
		}
		switch {
		case sign == endSign:
			d.sentences = r.withoutFooter(kept, text)
			return
		case sign == linksSign:
			links = true
			continue
		case links && len(s.words) <= longestLink && !ends(text[s.start:s.end]):
			continue
		}
		kept, links = append(kept, s), false
		if !s.frames[boilerplate] {
			words += len(s.words)
		}
	}
	d.sentences = r.withoutFooter(kept, text)
}

// withoutFooter leaves out the paragraphs at the end that are the outlet's, as
// long as enough stands above them.
func (r *reader) withoutFooter(all []sentence, text string) []sentence {
	words := 0
	for i := range all {
		words += len(all[i].words)
	}
	for end := len(all); end > 0; {
		first := end - 1
		for first > 0 && !strings.Contains(text[all[first-1].end:all[first].start], "\n") {
			first--
		}
		for i := first; i < end; i++ {
			words -= len(all[i].words)
		}
		if words < beforeReplies || !r.isFooter(all[first:end], text) {
			return all[:end]
		}
		end = first
	}
	return nil
}

// isFooter says whether a paragraph is the outlet's: a line that is no sentence,
// or a short paragraph with words of the page in it and none, beside these, on
// what the debate is about.
func (r *reader) isFooter(paragraph []sentence, text string) bool {
	last := &paragraph[len(paragraph)-1]
	if len(paragraph) == 1 && len(last.words) <= longestLink && !ends(text[last.start:last.end]) {
		return true
	}
	words, marked := 0, false
	for i := range paragraph {
		s := &paragraph[i]
		if words += len(s.words); words > longestFooter {
			return false
		}
		if s.frames[boilerplate] || r.ofPage(s) {
			marked = true
			continue
		}
		for _, h := range s.hits {
			switch h.group {
			case topic.Hint, topic.Other, topic.Anchor:
			default:
				return false
			}
		}
	}
	return marked
}

// ofPage says whether a sentence has the words of an outlet on itself or on its
// authors.
func (r *reader) ofPage(s *sentence) bool {
	for _, h := range r.signs.Match(s.words) {
		if h.Cue.Group == pageSign {
			return true
		}
	}
	return false
}

// heads returns the group of a line that says no more than what comes below it;
// empty for any other sentence.
func (r *reader) heads(s *sentence, text string) string {
	if s.end-s.start > longestHeader || ends(text[s.start:s.end]) || s.start > 0 && text[s.start-1] != '\n' || s.end < len(text) && text[s.end] != '\n' && text[s.end] != '\r' {
		return ""
	}
	from, to := 0, len(s.words) // without a number before or behind
	for from < to && number(s.words[from].Text) {
		from++
	}
	for to > from && number(s.words[to-1].Text) {
		to--
	}
	for _, h := range r.signs.Match(s.words[from:to]) {
		if g := h.Cue.Group; (g == endSign || g == linksSign) && h.From == 0 && h.To == to-from {
			return g
		}
	}
	return ""
}

func number(word string) bool { return allIn(word, '0', '9') }
