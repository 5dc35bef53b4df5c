package stance

const (
	beforeReplies = 40 // words that stand above readers' comments, at least
	longestLink   = 20 // words of a title in a list of links
	longestHeader = 60 // bytes of a line that heads either
)

// clear drops what stands below a piece and is none of the author's words:
// readers' comments, to the end of the text, and titles of other pieces. Pages
// are cleared of them before, as far as their markup tells; feeds and files are
// not. What remains is judged as if nothing had stood below.
func (r *reader) clear(d *document, text string) {
	kept, words, links := d.sentences[:0], 0, false
	for _, s := range d.sentences {
		sign := ""
		if words >= beforeReplies {
			sign = r.heads(&s, text)
		}
		switch {
		case sign == repliesSign:
			d.sentences = kept
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
	d.sentences = kept
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
		if g := h.Cue.Group; (g == repliesSign || g == linksSign) && h.From == 0 && h.To == to-from {
			return g
		}
	}
	return ""
}

func number(word string) bool { return allIn(word, '0', '9') }
