package topic

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// complaints gather what is wrong with a pack.yaml, each with its line.
type complaints struct {
	data []byte
	errs []error
}

// add complains about the line where the mark stands for the nth time, counted
// from 0; the first line without it.
func (c *complaints) add(mark string, nth int, format string, args ...any) {
	parts := bytes.SplitN(c.data, []byte(mark), nth+2)
	line := 1
	if len(parts) == nth+2 {
		line += bytes.Count(c.data[:len(c.data)-len(parts[nth+1])], []byte("\n"))
	}
	c.errs = append(c.errs, fmt.Errorf("%s:%d: %s", packFile, line, fmt.Sprintf(format, args...)))
}

// check returns all that is wrong with the pack that data describes.
func (p *Pack) check(data []byte) error {
	c := &complaints{data: data}
	if !isKey(p.Key, true) {
		c.add("key:", 0, "key %q: want lower-case words joined by hyphens, such as cheese-or-wine", p.Key)
	}
	if p.Name == "" || p.Question == "" {
		c.add("name:", 0, "a pack needs a name and a question; write both")
	}
	if len(p.Stances) < 2 {
		c.add("stances:", 0, "a pack needs two stances or more, this has %d; add some", len(p.Stances))
	}
	for i, s := range p.Stances {
		p.checkStance(c, i, s)
	}
	t := p.Thresholds
	for _, t := range []float64{t.Relevant, t.Sure, t.Rival, t.Leaning, t.Also} {
		if !(t > 0 && t < 1) {
			c.add("thresholds:", 0, "threshold %v: want a number between 0 and 1", t)
		}
	}
	if t.Sure < t.Leaning {
		c.add("thresholds:", 0, "sure (%v) must not be below leaning (%v)", t.Sure, t.Leaning)
	}
	p.checkLanguage(c)
	p.checkMeasured(c)
	return errors.Join(c.errs...)
}

func (p *Pack) checkStance(c *complaints, i int, s Stance) {
	const mark = "key:" // the pack has the first
	same := func(o Stance) bool { return o.Key == s.Key }
	switch {
	case !isKey(string(s.Key), false):
		c.add(mark, i+1, "stance %d: key %q: want one lower-case word", i+1, s.Key)
	case slices.Contains([]string{string(Unsure), Anchor, Matter, Hint, Other, "irrelevant"}, string(s.Key)):
		c.add(mark, i+1, "stance key %q has a meaning of its own; choose another", s.Key)
	case slices.IndexFunc(p.Stances, same) < i:
		c.add(mark, i+1, "stance %q occurs twice; rename or drop one", s.Key)
	}
	if s.Name == "" || s.Short == "" || s.Test == "" {
		c.add(mark, i+1, "stance %q needs name, short and test; write all three", s.Key)
	}
	for _, colour := range []string{s.Colour, s.Dark} {
		if !isColour(colour) {
			c.add(mark, i+1, "stance %q: colour %q: want colour and dark as \"#rrggbb\", in lower case", s.Key, colour)
		}
	}
	if utf8.RuneCountInString(s.Shape) != 1 {
		c.add(mark, i+1, "stance %q: shape %q: want one character", s.Key, s.Shape)
	}
	if s.Neutral && i < len(p.Stances)-1 {
		c.add(mark, i+1, "stance %q is neutral and must come last; move it down", s.Key)
	}
}

// isKey says whether a key is a lower-case word that starts with a letter, or
// several joined by hyphens.
func isKey(key string, hyphens bool) bool {
	if key == "" || key[0] < 'a' || key[0] > 'z' || strings.HasSuffix(key, "-") || strings.Contains(key, "--") {
		return false
	}
	for _, r := range key {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && (r != '-' || !hyphens) {
			return false
		}
	}
	return true
}

func isColour(colour string) bool {
	return len(colour) == 7 && colour[0] == '#' && strings.Trim(colour[1:], "0123456789abcdef") == ""
}

func (p *Pack) checkGroup(group string) error {
	if _, ok := p.Stance(StanceKey(group)); ok || slices.Contains([]string{Anchor, Matter, Hint, Other}, group) {
		return nil
	}
	if strings.HasPrefix(group, "@") && len(group) > 1 {
		return nil
	}
	return fmt.Errorf("group [%s]: want a stance (%s), %s, %s, %s, %s, or a target such as [@council]", group, p.Keys(), Anchor, Matter, Hint, Other)
}

// Keys lists the stances' keys, for messages.
func (p *Pack) Keys() string {
	var keys []string
	for _, s := range p.Stances {
		keys = append(keys, string(s.Key))
	}
	return strings.Join(keys, ", ")
}
