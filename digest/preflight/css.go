package preflight

import "strings"

// Bounds of what is held against each element: selectors of a style sheet, and
// declarations of a rule or attribute. Letters have a tenth of it.
const (
	maxSelectors    = 400
	maxDeclarations = 100
)

// declaration is one property of a style, in lower case, with its value.
type declaration struct {
	name, value string
	important   bool
}

// sheetRule is one rule of a style sheet.
type sheetRule struct {
	at        string // the at-rule around it, such as "@media (max-width: 480px)"; empty: none
	selectors []selector
	decls     []declaration
}

// dark reports whether the rule is for a dark screen only.
func (r sheetRule) dark() bool {
	return strings.HasPrefix(r.at, "@media") && strings.Contains(r.at, "prefers-color-scheme") && strings.Contains(r.at, "dark")
}

// sheet is what the letter's style elements hold.
type sheet struct {
	rules []sheetRule
	ats   []string // all at-rules, as written
	count int      // selectors
	more  int      // rules beyond maxSelectors
}

// add parses a style element's text (CSS Syntax 3, as much of it as letters use).
func (s *sheet) add(css string) { s.block(dropComments(css), "", 0) }

func (s *sheet) block(css, at string, depth int) {
	for css != "" {
		open := strings.IndexAny(css, "{;")
		if open < 0 {
			return
		}
		head := fold(css[:open])
		if css[open] == ';' { // @import and the like
			if strings.HasPrefix(head, "@") {
				s.ats = append(s.ats, head)
			}
			css = css[open+1:]
			continue
		}
		body, rest := braces(css[open:])
		css = rest
		switch {
		case strings.HasPrefix(head, "@media"), strings.HasPrefix(head, "@supports"):
			s.ats = append(s.ats, head)
			if depth < 3 {
				s.block(body, head, depth+1)
			}
		case strings.HasPrefix(head, "@"):
			s.ats = append(s.ats, head)
			s.rule(sheetRule{at: head, decls: declarations(body)})
		default:
			s.rule(sheetRule{at: at, selectors: selectors(head), decls: declarations(body)})
		}
	}
}

func (s *sheet) rule(r sheetRule) {
	if s.count += 1 + len(r.selectors); s.count > maxSelectors {
		s.more++
		return
	}
	s.rules = append(s.rules, r)
}

// braces cuts a text that begins with a brace behind its partner.
func braces(css string) (body, rest string) {
	depth := 0
	for i := range len(css) {
		switch css[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return css[1:i], css[i+1:]
			}
		}
	}
	return css[1:], ""
}

func dropComments(css string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(css, "/*")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteByte(' ')
		_, css, _ = strings.Cut(after, "*/")
	}
}

// declarations reads a style attribute or a rule's body.
func declarations(css string) []declaration {
	var out []declaration
	for part := range strings.SplitSeq(css, ";") {
		name, value, ok := strings.Cut(part, ":")
		if !ok {
			continue
		}
		d := declaration{name: fold(name), value: fold(value)}
		if v, cut := strings.CutSuffix(d.value, "!important"); cut {
			d.value, d.important = strings.TrimSpace(v), true
		}
		if out = append(out, d); len(out) == maxDeclarations {
			break
		}
	}
	return out
}

// fold lowers a text and makes each gap in it one space.
func fold(s string) string { return strings.ToLower(squeeze(s)) }

// squeeze makes each gap in a text one space; it is what a reader sees of it.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
