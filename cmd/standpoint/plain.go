package main

import (
	"bytes"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// plain writes text without what could steer a terminal or hide in a line:
// control and format characters, and bytes that are no UTF-8. What feeds say has
// been cleaned before; this is for what no one thought of.
type plain struct{ out io.Writer }

func (p plain) Write(text []byte) (int, error) {
	if _, err := p.out.Write(bytes.Map(visibleRune, text)); err != nil {
		return 0, err
	}
	return len(text), nil
}

func visibleRune(r rune) rune {
	joiner := r == '\u200c' || r == '\u200d' // needed in Persian, Hindi and emoji
	if r != '\n' && r != '\t' && !joiner && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029') {
		return -1
	}
	return r
}

// line makes one line of a text.
func line(text string) string {
	return strings.Join(strings.Fields(strings.Map(visibleRune, text)), " ")
}

// short makes one line of at most width characters of a text.
func short(text string, width int) string {
	text = line(text)
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:width-1])) + "…"
}

// clock writes times as a table has room for them: with the hour where it says
// something, with the year where it is another one.
type clock struct {
	now  time.Time
	zone *time.Location
}

func (c clock) at(t time.Time) string {
	t, now := t.In(c.zone), c.now.In(c.zone)
	if t.Year() != now.Year() {
		return t.Format("2 Jan 2006")
	}
	return t.Format("2 Jan 15:04")
}

func (c clock) day(t time.Time) string {
	t, now := t.In(c.zone), c.now.In(c.zone)
	if t.Year() != now.Year() {
		return t.Format("2 Jan 2006")
	}
	return t.Format("2 Jan")
}
