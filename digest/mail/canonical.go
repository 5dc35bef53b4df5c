package mail

import (
	"bytes"
	"strings"
)

// field is a header field as it stands in a message, folds and CR LF included.
type field struct {
	name string // in lower case
	raw  []byte
}

func newField(raw []byte) field {
	name, _, _ := bytes.Cut(raw, []byte(":"))
	return field{name: strings.ToLower(string(bytes.TrimSpace(name))), raw: raw}
}

// fieldsOf parts a header: a line that begins with a blank belongs to the field
// before it (RFC 5322 §2.2.3).
func fieldsOf(head []byte) []field {
	var list []field
	start := 0
	for at := 0; at < len(head); {
		end := bytes.IndexByte(head[at:], '\n')
		if end < 0 {
			end = len(head) - at - 1
		}
		at += end + 1
		if at < len(head) && (head[at] == ' ' || head[at] == '\t') {
			continue
		}
		list = append(list, newField(head[start:at]))
		start = at
	}
	return list
}

// picked returns the fields that a list of names with colons between means, in
// its order. A name for the nth time stands for the nth field from the bottom
// (RFC 6376 §5.4.2); where there are fewer it stands for nothing.
func picked(fields []field, names string) []field {
	var out []field
	taken := map[string]int{}
	for name := range strings.SplitSeq(strings.ToLower(names), ":") {
		name = strings.TrimSpace(name)
		left := taken[name]
		for i := len(fields) - 1; i >= 0; i-- {
			if fields[i].name != name {
				continue
			}
			if left == 0 {
				out = append(out, fields[i])
				taken[name]++
				break
			}
			left--
		}
	}
	return out
}

// relaxed is the field in the form that is signed: name in lower case, unfolded,
// each run of blanks one space (RFC 6376 §3.4.2).
func (f field) relaxed() []byte {
	_, value, _ := bytes.Cut(f.raw, []byte(":"))
	out := append(make([]byte, 0, len(f.raw)), f.name...)
	out = append(out, ':')
	for i, word := range bytes.Fields(value) {
		if i > 0 {
			out = append(out, ' ')
		}
		out = append(out, word...)
	}
	return append(out, "\r\n"...)
}

// relaxedBody is a body in the form that is signed: runs of blanks are one
// space, there are none before a line's end, and no empty lines at the end of
// all (RFC 6376 §3.4.4).
func relaxedBody(body []byte) []byte {
	out := make([]byte, 0, len(body))
	empty := 0
	for line := range bytes.SplitSeq(body, []byte("\r\n")) {
		line = bytes.TrimRight(line, " \t")
		if len(line) == 0 {
			empty++
			continue
		}
		for ; empty > 0; empty-- {
			out = append(out, "\r\n"...)
		}
		blank := false
		for _, c := range line {
			if c == ' ' || c == '\t' {
				blank = true
				continue
			}
			if blank {
				out = append(out, ' ')
			}
			blank = false
			out = append(out, c)
		}
		out = append(out, "\r\n"...)
	}
	return out
}
