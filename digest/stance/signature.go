package stance

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"standpoint/digest/topic"
)

// The groups of structure.txt.
const (
	roleSign   = "role"   // what somebody is, and where
	tieSign    = "tie"    // between a name and a role, in a biography
	speechSign = "speech" // a reporter's words about somebody
	endSign    = "end"    // above what readers wrote, and what else is below the piece
	pageSign   = "page"   // within what the outlet says below the piece
	linksSign  = "links"  // above the titles of other pieces
)

func parseStructure() (*topic.Matcher, error) {
	return topic.ParseCues("structure.txt", structureWords, func(group string) error {
		switch group {
		case roleSign, tieSign, speechSign, endSign, linksSign, pageSign:
			return nil
		}
		return fmt.Errorf("unknown group %q", group)
	})
}

// place says where a signature stands.
type place int

const (
	nowhere place = iota
	above         // above its passage
	below         // below it
	alone         // in a paragraph of its own: above or below, as the others show
)

// signature is a contributor's name with what the contributor is.
type signature struct {
	span  // the whole of it, in the text
	name  span
	at    place
	loose bool // a sentence that might as well be about somebody
}

// The most words that a role and a biography have. More is a paragraph.
const (
	longestRole = 30
	longestBio  = 60
)

// signature returns the signature that a paragraph holds, the next one with it
// where name and role stand in two. Its place is nowhere if there is none.
func (r *reader) signature(text string, p, next span) signature {
	whole := text[p.start:p.end]
	own := strings.TrimLeft(whole, "—–-•* \t")
	start := p.end - len(own)
	n := nameEnd(own)
	if n == 0 {
		return r.lastLine(text, p)
	}
	s := signature{span: p, name: span{start, start + n}}
	after := own[n:]
	trimmed := strings.TrimSpace(after)
	switch dashed := len(own) < len(whole); {
	case trimmed == "" || trimmed == ":":
		if role := text[next.start:next.end]; role != "" && !ends(role) && r.isRole(role) {
			s.end, s.at = next.end, alone
		}
	case strings.ContainsAny(trimmed[:1], ",(|") || strings.HasPrefix(trimmed, "—") || strings.HasPrefix(trimmed, "–"):
		role, rest, inline := strings.Cut(after, ":")
		switch {
		case !r.isRole(role):
		case inline && strings.TrimSpace(rest) != "":
			s.end, s.at = p.end-len(rest), above
		case dashed:
			s.at = below
		default:
			s.at = alone
		}
	case r.isBiography(own, n):
		s.at, s.loose = below, true
	}
	return s
}

// lastLine finds a signature that closes a paragraph: “… . —Name, role”.
func (r *reader) lastLine(text string, p span) signature {
	whole := text[p.start:p.end]
	at := strings.LastIndex(whole, "—")
	if at < 1 || !ends(strings.TrimSpace(whole[:at])) {
		return signature{}
	}
	own := strings.TrimLeft(whole[at:], "— ")
	n := nameEnd(own)
	if n == 0 || !r.isRole(own[n:]) {
		return signature{}
	}
	start := p.end - len(own)
	return signature{span: span{p.start + at, p.end}, name: span{start, start + n}, at: below}
}

// ends says whether a text ends as a sentence does.
func ends(text string) bool {
	text = strings.TrimRight(text, `"”’')]`)
	return text != "" && strings.ContainsRune(".?!…", lastRune(text))
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// isRole says whether a text is what somebody is, as it stands beside a name,
// and no report of what somebody said.
func (r *reader) isRole(text string) bool {
	if len(text) > 12*longestRole {
		return false
	}
	words := r.known.Words(text)
	if len(words) > longestRole {
		return false
	}
	role := false
	for _, h := range r.signs.Match(words) {
		if h.Cue.Group == speechSign {
			return false
		}
		role = role || h.Cue.Group == roleSign
	}
	return role
}

// isBiography says whether a paragraph that begins with a name of n bytes says
// no more than who that is: the verb follows the name, and a role soon after.
func (r *reader) isBiography(text string, n int) bool {
	if len(text) > 12*longestBio {
		return false
	}
	words := r.known.Words(text[n:])
	if len(words) > longestBio {
		return false
	}
	tied, role := false, false
	for _, h := range r.signs.Match(words) {
		switch {
		case h.Cue.Group == speechSign:
			return false
		case h.Cue.Group == tieSign && h.From == 0:
			tied = true
		case h.Cue.Group == roleSign && h.From < 12:
			role = true
		}
	}
	return tied && role
}

// particles stand within names.
const particles = " and bin da de del den der di dos du el ibn la le ter van von y & "

// nameEnd returns how many bytes of a text's beginning are a name: two to eight
// capitalised words with particles between them. 0: none.
func nameEnd(text string) int {
	end, capitals, at := 0, 0, 0
	for range 8 {
		size := strings.IndexFunc(text[at:], func(r rune) bool {
			return !unicode.IsLetter(r) && !strings.ContainsRune(".'’-&", r)
		})
		if size < 0 {
			size = len(text) - at
		}
		word := text[at : at+size]
		first, _ := utf8.DecodeRuneInString(word)
		switch {
		case unicode.IsUpper(first):
			capitals, end = capitals+1, at+size
		case capitals == 0 || !strings.Contains(particles, " "+word+" "):
			size = 0
		}
		if size > 5 && word[size-1] == '.' { // it ends a sentence, and abbreviates nothing
			end--
			size = 0
		}
		space, width := utf8.DecodeRuneInString(text[at+size:])
		if size == 0 || space == '\n' || !unicode.IsSpace(space) {
			break
		}
		at += size + width
	}
	if capitals < 2 {
		return 0
	}
	return end
}
