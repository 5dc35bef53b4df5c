package feeds

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// rules are what one robots.txt says to us (RFC 9309). The parser is our own:
// the one that can be had drops the whole file for one odd line, compares
// neither escapes nor equal lengths as the RFC does, and takes seconds and tens
// of megabytes for a hostile file.
type rules struct {
	lines []rule
	delay time.Duration // between two pages; Crawl-delay, outside of the RFC
}

// rule is one Allow or Disallow.
type rule struct {
	allow   bool
	pattern string // escapes in their normal form
}

// maxCrawlDelay is the longest Crawl-delay that is obeyed.
const maxCrawlDelay = 10 * time.Second

// parseRobots reads the groups for product, or, where there are none, those for
// everybody. Groups with the same name are one (section 2.2.1). Lines that make
// no sense are skipped, and so are rules before the first group.
func parseRobots(body []byte, product string) *rules {
	var own, all rules
	var found, forOwn, forAll, inRules bool
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	for line := range bytes.FieldsFuncSeq(body, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line, _, _ = bytes.Cut(line, []byte("#"))
		name, rest, ok := bytes.Cut(line, []byte(":"))
		if !ok {
			continue
		}
		key, value := strings.ToLower(string(bytes.TrimSpace(name))), string(bytes.TrimSpace(rest))
		var add func(*rules)
		switch key {
		case "user-agent":
			if inRules {
				forOwn, forAll, inRules = false, false, false
			}
			forAll = forAll || value == "*"
			if strings.EqualFold(productToken(value), product) {
				forOwn, found = true, true
			}
			continue
		case "allow", "disallow":
			if inRules = true; value == "" {
				continue
			}
			one := rule{allow: key == "allow", pattern: normalPattern(value)}
			add = func(r *rules) { r.lines = append(r.lines, one) }
		case "crawl-delay":
			inRules = true
			delay, ok := crawlDelay(value)
			if !ok {
				continue
			}
			add = func(r *rules) { r.delay = max(r.delay, delay) }
		default:
			continue // sitemaps and the like belong to no group (section 2.2.4)
		}
		if forOwn {
			add(&own)
		}
		if forAll {
			add(&all)
		}
	}
	if found {
		return &own
	}
	return &all
}

// productToken is the part of a User-agent line that counts (section 2.2.1).
func productToken(s string) string {
	for i := range len(s) {
		if c := s[i] | 0x20; (c < 'a' || c > 'z') && s[i] != '-' && s[i] != '_' {
			return s[:i]
		}
	}
	return s
}

func crawlDelay(s string) (time.Duration, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || math.IsNaN(f) {
		return 0, false
	}
	return time.Duration(min(f, maxCrawlDelay.Seconds()) * float64(time.Second)), true
}

// allow judges an escaped path with its query: the longest pattern decides, and
// of two of the same length the one that allows (section 2.2.2).
func (r *rules) allow(path string) bool {
	path = normalPath(path)
	longest, allowed := -1, true
	for _, l := range r.lines {
		if len(l.pattern) < longest || len(l.pattern) == longest && (allowed || !l.allow) {
			continue
		}
		if matches(path, l.pattern) {
			longest, allowed = len(l.pattern), l.allow
		}
	}
	return allowed
}

// size is about what the rules take in memory, in bytes.
func (r *rules) size() (n int) {
	for _, l := range r.lines {
		n += len(l.pattern) + 32
	}
	return n
}

// matches reports whether path begins as the pattern says; a star stands for
// anything, a dollar at the end for the end (section 2.2.3). Each part is taken
// where it first fits, which needs no trying back and forth.
func matches(path, pattern string) bool {
	pattern, whole := strings.CutSuffix(pattern, "$")
	first, rest, starred := strings.Cut(pattern, "*")
	path, ok := strings.CutPrefix(path, first)
	if !ok || !starred {
		return ok && (!whole || path == "")
	}
	for {
		part, more, starred := strings.Cut(rest, "*")
		if !starred && whole {
			return strings.HasSuffix(path, part)
		}
		at := strings.Index(path, part)
		if at < 0 {
			return false
		}
		if !starred {
			return true
		}
		path, rest = path[at+len(part):], more
	}
}

// normalPattern makes a rule's path comparable. One without a slash at its
// beginning is nothing that the RFC knows; people mean it to have one.
func normalPattern(s string) string {
	if s[0] != '/' && s[0] != '*' {
		s = "/" + s
	}
	return normalRobots(s, "")
}

// normalPath makes the path of an address comparable. What is special in
// patterns is escaped in it.
func normalPath(s string) string {
	if s == "" || s[0] != '/' {
		s = "/" + s
	}
	return normalRobots(s, "*$")
}

// normalRobots undoes the escapes of characters that need none, and escapes
// what is no visible ASCII, and the characters of special (section 2.2.2).
func normalRobots(s, special string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		escaped := false
		if c == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				c, escaped = byte(n), true
				i += 2
			}
		}
		plain := isAlnum(c) || strings.IndexByte("-._~", c) >= 0
		if escaped && !plain || c <= ' ' || c >= 0x7f || strings.IndexByte(special, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
