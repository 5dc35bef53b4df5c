package digest

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// prose is text as a row of words, to look for proper names in.
type prose struct {
	text  string // the words, with single spaces
	words []word
}

// word is one word of prose.
type word struct {
	from, to int  // in the text
	capital  bool // it begins with a capital letter
	inside   bool // it may stand inside of a name: of, the, for
	first    bool // of a sentence, where a capital tells nothing
	ends     bool // no name goes on after it
	headline bool // nearly every word of its sentence has a capital: there they tell nothing
}

// readProse reads texts one after the other.
func readProse(texts ...string) prose {
	var p prose
	var b strings.Builder
	for _, text := range texts {
		first := true
		for field := range strings.FieldsSeq(text) {
			core := strings.TrimFunc(field, isMark)
			at := strings.Index(field, core)
			if core == "" || at > 0 { // a dash, what was left out, or a mark that opens a quotation
				p.end()
				first = true
			}
			if core == "" {
				continue
			}
			rest := field[at+len(core):]
			if isAbbreviation(core) && strings.HasPrefix(rest, ".") {
				core, rest = core+".", rest[1:]
			}
			core, owned := owner(core)
			r, _ := utf8.DecodeRuneInString(core)
			p.words = append(p.words, word{
				from: b.Len(), to: b.Len() + len(core), first: first, ends: owned || rest != "",
				capital: unicode.IsUpper(r) && core != "I", inside: isInside(core),
			})
			b.WriteString(core)
			b.WriteByte(' ')
			first = strings.ContainsAny(rest, ".!?…:;")
		}
		p.end()
	}
	p.text = b.String()
	p.markHeadlines()
	return p
}

// end lets no name go on after what was read.
func (p *prose) end() {
	if n := len(p.words); n > 0 {
		p.words[n-1].ends = true
	}
}

// markHeadlines finds the sentences in which two of three words have a capital.
func (p *prose) markHeadlines() {
	for from := 0; from < len(p.words); {
		to, capital, small := from+1, 0, 0
		for ; to < len(p.words) && !p.words[to].first; to++ {
			switch w := p.words[to]; {
			case w.inside:
			case w.capital:
				capital++
			default:
				small++
			}
		}
		for i := from; i < to; i++ {
			p.words[i].headline = 2*small < capital
		}
		from = to
	}
}

// names yields the longest rows of capitalised words that are names by where
// they stand: neither in a headline nor at the beginning of a sentence. A name
// may come twice.
func (p prose) names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := 0; i < len(p.words); i++ {
			w := p.words[i]
			if !w.capital || w.inside {
				continue
			}
			last := p.reach(i)
			if last > i && !w.first && !w.headline && !yield(p.text[w.from:p.words[last].to]) {
				return
			}
			i = last
		}
	}
}

// reach is the last word of the row of capitalised words that begins with the
// word i.
func (p prose) reach(i int) int {
	last := i
	for k := i; k < min(len(p.words), i+longestName) && (p.words[k].capital || p.words[k].inside); k++ {
		if !p.words[k].inside {
			last = k
		}
		if p.words[k].ends {
			break
		}
	}
	return last
}

// runs yields every row of words that could be a name, wherever it stands.
func (p prose) runs() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i, w := range p.words {
			if !w.capital || w.inside {
				continue
			}
			for k := i + 1; k <= p.reach(i); k++ {
				if !p.words[k].inside && !yield(p.text[w.from:p.words[k].to]) {
					return
				}
			}
		}
	}
}

func isMark(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }

// owner takes the genitive's s off a word, and says whether it was there.
func owner(core string) (string, bool) {
	for _, s := range []string{"’s", "'s"} {
		if cut, ok := strings.CutSuffix(core, s); ok && cut != "" {
			return cut, true
		}
	}
	return core, false
}

func isInside(core string) bool {
	return strings.EqualFold(core, "of") || strings.EqualFold(core, "the") || strings.EqualFold(core, "for")
}

// isAbbreviation says whether a full stop after the word belongs to it: it is an
// initial, or has full stops inside.
func isAbbreviation(core string) bool {
	r, size := utf8.DecodeRuneInString(core)
	return size == len(core) && unicode.IsUpper(r) || strings.Contains(core, ".")
}
