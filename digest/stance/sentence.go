package stance

import (
	"strings"
	"unicode/utf8"

	"github.com/neurosnap/sentences"
	"github.com/neurosnap/sentences/english"
)

const (
	// longestText is how many bytes of a piece are read: some 20,000 words.
	// What comes after is a list of comments or an attack.
	longestText = 128 << 10
	// longestSentence is how many bytes a sentence may have; a longer one is
	// no sentence and is cut at the next space.
	longestSentence = 1200
)

// role is a sentence's place in the piece.
type role string

const (
	title      role = "title"
	lede       role = "lede" // the first two
	body       role = "body"
	conclusion role = "conclusion" // the last two, when there are six or more
)

// span is a stretch of the text, byte offsets.
type span struct{ start, end int }

// splitter cuts a text into sentences. It is safe for concurrent use.
type splitter struct {
	tokenizer *sentences.DefaultSentenceTokenizer
}

func newSplitter() (*splitter, error) {
	t, err := english.NewSentenceTokenizer(nil)
	if err != nil {
		return nil, err
	}
	return &splitter{tokenizer: t}, nil
}

// split returns the sentences of a text, each within its paragraph, trimmed of
// white space: text[s.start:s.end] is the sentence.
func (s *splitter) split(text string) []span {
	var spans []span
	for at := 0; at < len(text); {
		end := len(text)
		next := end
		if i := paragraphEnd(text[at:]); i >= 0 {
			end, next = at+i, at+i
			for next < len(text) && (text[next] == '\n' || text[next] == '\r' || text[next] == ' ' || text[next] == '\t') {
				next++
			}
		}
		spans = s.paragraph(spans, text, at, end)
		at = max(next, at+1)
	}
	return spans
}

// paragraphEnd returns where the first blank line begins, -1 without one.
func paragraphEnd(text string) int {
	for from := 0; ; {
		i := strings.IndexByte(text[from:], '\n')
		if i < 0 {
			return -1
		}
		i += from
		rest := strings.TrimLeft(text[i+1:], " \t\r")
		if rest != "" && rest[0] == '\n' {
			return i
		}
		from = i + 1
	}
}

// paragraph adds a paragraph's sentences. Most ends of sentences are plain; the
// tokenizer, which is slow, is asked only where a stretch between two plain ends
// holds another mark that may end one or not.
func (s *splitter) paragraph(spans []span, text string, start, end int) []span {
	for start < end {
		stop := start
		for stop < end && !plainEnd(text[:end], stop) {
			stop++
		}
		stop = min(stop+1, end)
		if strings.ContainsAny(text[start:max(stop-1, start)], ".?!") {
			spans = s.tokenize(spans, text, start, stop)
		} else {
			spans = cutLong(spans, text, start, stop)
		}
		start = stop
	}
	return spans
}

// plainEnd says whether the byte at i surely ends a sentence: a mark after a
// word of five small letters or more, or after a year, and before a space and a
// capital. No abbreviation looks like that.
func plainEnd(text string, i int) bool {
	if c := text[i]; c != '.' && c != '?' && c != '!' {
		return false
	}
	if i < 5 || i+2 >= len(text) || (text[i+1] != ' ' && text[i+1] != '\n') || text[i+2] < 'A' || text[i+2] > 'Z' {
		return false
	}
	return allIn(text[i-5:i], 'a', 'z') || (text[i-5] == ' ' && allIn(text[i-4:i], '0', '9'))
}

func allIn(text string, from, to byte) bool {
	for i := range len(text) {
		if text[i] < from || text[i] > to {
			return false
		}
	}
	return true
}

// tokenize adds the sentences that the tokenizer sees. Its own offsets are not
// relied on: each sentence is looked for after the one before.
func (s *splitter) tokenize(spans []span, text string, start, end int) []span {
	for start < end {
		piece := chunk(text, start, end)
		at := start
		for _, t := range s.tokenizer.Tokenize(text[start:piece]) {
			sentence := strings.TrimSpace(t.Text)
			i := strings.Index(text[at:piece], sentence)
			if sentence == "" || i < 0 {
				continue
			}
			spans = cutLong(spans, text, at+i, at+i+len(sentence))
			at += i + len(sentence)
		}
		start = piece
	}
	return spans
}

// chunk bounds what the tokenizer is given at once.
func chunk(text string, start, end int) int {
	const most = 16 << 10
	if end-start <= most {
		return end
	}
	return spaceNear(text, start+most, end)
}

func cutLong(spans []span, text string, start, end int) []span {
	for end-start > longestSentence {
		cut := spaceNear(text, start+longestSentence-200, end)
		spans = appendTrimmed(spans, text, start, cut)
		start = cut
	}
	return appendTrimmed(spans, text, start, end)
}

func appendTrimmed(spans []span, text string, start, end int) []span {
	s := text[start:end]
	start += len(s) - len(strings.TrimLeft(s, " \t\r\n"))
	end = start + len(strings.TrimSpace(s))
	if start >= end {
		return spans
	}
	return append(spans, span{start, end})
}

// spaceNear returns the first space from at on, within 200 bytes; without one,
// a place that does not split a rune.
func spaceNear(text string, at, end int) int {
	if at >= end {
		return end
	}
	if i := strings.IndexByte(text[at:min(at+200, end)], ' '); i >= 0 {
		return at + i
	}
	for at < end && !utf8.RuneStart(text[at]) {
		at++
	}
	return at
}

// head returns the part of a text that is read.
func head(text string) string {
	if len(text) <= longestText {
		return text
	}
	end := longestText
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}
