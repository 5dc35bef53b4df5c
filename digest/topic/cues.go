package topic

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxVariants bounds what one cue with alternatives may unfold into.
const maxVariants = 1024

// ParseCues reads a cue file into a matcher; name is the file's, for errors.
// The format, one line each:
//
//	# a comment
//	[group]
//	1.5 word (one|another phrase) the? ..3 word
//
// A line holds a weight above 0 and a phrase. Words match by their English
// stem; (a|b c) stands for any of its alternatives, word? for a word that may
// be missing, ..N for up to N words of any kind. group accepts or refuses a
// group's name.
func ParseCues(name string, data []byte, group func(string) error) (*Matcher, error) {
	m, known := newMatcher(), NewVocabulary() // the same words come again and again
	current := ""
	for i, line := range strings.Split(string(bytes.TrimPrefix(data, []byte(byteOrderMark))), "\n") {
		line = strings.TrimSpace(line)
		switch {
		case !utf8.ValidString(line):
			return nil, fmt.Errorf("%s:%d: %q is not UTF-8; convert the file, as with iconv", name, i+1, line)
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			current = strings.TrimSpace(line[1 : len(line)-1])
			if err := group(current); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
			}
			continue
		case current == "":
			return nil, fmt.Errorf("%s:%d: cue before the first [group]; put a line such as [%s] above it", name, i+1, Matter)
		}
		if err := m.parseCue(known, line, current); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return m, nil
}

func (m *Matcher) parseCue(known *Vocabulary, line, group string) error {
	number, phrase, _ := strings.Cut(line, " ")
	weight, err := strconv.ParseFloat(number, 64)
	if err != nil || !(weight > 0 && weight <= 100) {
		return fmt.Errorf("%q: want a weight above 0 and at most 100, then a phrase", line)
	}
	phrase = strings.TrimSpace(phrase)
	ends, err := m.parsePhrase(known, phrase)
	if err != nil {
		return err
	}
	cue := &Cue{Group: group, Weight: weight, Phrase: phrase}
	for _, at := range ends {
		m.nodes[at].cues = append(m.nodes[at].cues, cue)
	}
	return nil
}

// place is how far one of the patterns that a phrase stands for leads into the
// trie: to a node, and to the one behind its last word, before any gap; 0 as
// long as it has no word.
type place struct{ node, word int }

// parsePhrase puts the patterns that a phrase stands for into the trie, all at
// once, as most begin alike, and returns the nodes where they end.
func (m *Matcher) parsePhrase(known *Vocabulary, phrase string) (ends []int, err error) {
	places, gapFirst := []place{{}}, false
	for rest := phrase; rest != ""; rest = strings.TrimSpace(rest) {
		var options [][]element
		options, rest, err = parseElement(known, rest)
		if err != nil {
			return nil, err
		}
		if len(options)*len(places) > maxVariants {
			return nil, fmt.Errorf("%q: unfolds into more than %d phrases; split it", phrase, maxVariants)
		}
		longer := make([]place, 0, len(options)*len(places))
		for _, p := range places {
			for _, o := range options {
				gapFirst = gapFirst || p.word == 0 && len(o) > 0 && o[0].gap > 0
				longer = append(longer, m.follow(p, o))
			}
		}
		places = longer
	}
	for _, p := range places {
		// Where a last word is missing, so is the gap before it.
		if p.word == 0 || gapFirst || p.word != p.node && !strings.HasSuffix(phrase, "?") {
			return nil, fmt.Errorf("%q: a phrase must start and end with a word", phrase)
		}
		ends = append(ends, p.word)
	}
	return ends, nil
}

// follow goes on over some elements.
func (m *Matcher) follow(p place, elements []element) place {
	for _, e := range elements {
		p.node = m.step(p.node, e)
		if e.gap == 0 {
			p.word = p.node
		}
	}
	return p
}

// parseElement reads the first element of a phrase: what it may stand for, and
// the rest of the phrase.
func parseElement(known *Vocabulary, phrase string) (options [][]element, rest string, err error) {
	if strings.HasPrefix(phrase, "(") {
		inner, after, ok := strings.Cut(phrase[1:], ")")
		if !ok {
			return nil, "", fmt.Errorf("%q: no closing parenthesis", phrase)
		}
		for alternative := range strings.SplitSeq(inner, "|") {
			options = append(options, stems(known, alternative))
		}
		if strings.HasPrefix(after, "?") {
			options, after = append(options, nil), after[1:]
		}
		return options, after, nil
	}
	first, rest, _ := strings.Cut(phrase, " ")
	if after, ok := strings.CutPrefix(first, ".."); ok {
		n, err := strconv.Atoi(after)
		if err != nil || n < 1 || n > 8 {
			return nil, "", fmt.Errorf("%q: want ..1 to ..8", first)
		}
		return [][]element{{{gap: n}}}, rest, nil
	}
	word, optional := strings.CutSuffix(first, "?")
	s := stems(known, word)
	if len(s) == 0 {
		return nil, "", fmt.Errorf("%q: no word in it", first)
	}
	options = [][]element{s}
	if optional {
		options = append(options, nil)
	}
	return options, rest, nil
}

func stems(known *Vocabulary, phrase string) []element {
	var elements []element
	for _, w := range known.Words(phrase) {
		elements = append(elements, element{stem: w.Stem})
	}
	return elements
}
