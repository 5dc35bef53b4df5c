package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// A file that is broken in one way at every line must not fill the screen, nor
// keep the machine busy.
const (
	maxPrinted  = 40  // problems that an Error prints
	maxProblems = 100 // problems that are looked for
)

// Problem is one thing wrong with the configuration.
type Problem struct {
	File    string // the file as the operator named it
	Line    int    // 1 for the first; 0 when no line is to blame
	Path    string // the value it is about, e.g. "sources[3].url"; may be empty
	Message string // what is wrong, one line
	Mend    string // how to mend it, one line; may be empty
	Source  string // the line at fault, with passwords hidden; empty without one

	column int // of the mark in Source, in characters, 1 for the first
	width  int // of the mark, in characters; 0: no mark

	meant string // the path that a mistyped key was probably meant for
}

// String returns the problem as an operator reads it: place and message, the
// line at fault with a mark, and the mend.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	fmt.Fprintf(&b, ": %s", p.Message)
	if p.Source != "" {
		number := fmt.Sprintf("%4d", p.Line)
		fmt.Fprintf(&b, "\n%s | %s", number, p.Source)
		if p.width > 0 {
			gutter := strings.Repeat(" ", len(number))
			fmt.Fprintf(&b, "\n%s | %s%s", gutter, p.indent(), strings.Repeat("^", p.width))
		}
	}
	if p.Mend != "" {
		fmt.Fprintf(&b, "\n     = %s", p.Mend)
	}
	return b.String()
}

// indent returns what stands before the mark. Tabs are kept, so that the mark
// stands below its text whatever a tab's width.
func (p Problem) indent() string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, cutRunes(p.Source, p.column-1))
}

// Error is everything wrong with one configuration file.
type Error struct {
	Problems []Problem // in the order of the file; at least one
	cause    error
}

// Error returns all problems, the first forty at most, each as its String.
func (e *Error) Error() string {
	texts := make([]string, 0, len(e.Problems))
	for _, p := range e.Problems[:min(len(e.Problems), maxPrinted)] {
		texts = append(texts, p.String())
	}
	if len(e.Problems) > maxPrinted {
		texts = append(texts, "… and more")
	}
	return strings.Join(texts, "\n")
}

// Unwrap returns the I/O error behind an unreadable file, or nil.
func (e *Error) Unwrap() error { return e.cause }

// Fault returns an Error of one problem with the value at the path, for what
// only the caller can find out, such as an unknown topic pack.
func (c Config) Fault(path, message, mend string) error {
	p := c.doc.problem(path, message, mend)
	return &Error{Problems: []Problem{p}}
}

// Where returns the line of the value at the path, e.g. "sources[3].url", or of
// the nearest block around it that the file has, and the line's text with
// passwords hidden. The line is 0 when the file says nothing about it.
func (c Config) Where(path string) (line int, source string) {
	p := c.doc.problem(path, "", "")
	return p.Line, p.Source
}

// sorted brings problems into the file's order, those without a line first.
func sorted(problems []Problem) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.column, b.column))
	})
	return problems
}

// cutRunes returns the first n characters of the text.
func cutRunes(text string, n int) string {
	for i := range text {
		if n <= 0 {
			return text[:i]
		}
		n--
	}
	return text
}

// printable replaces what could steer a terminal.
func printable(line string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, line)
}
