package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// Addition is a change of the file that has been checked and not yet made: new
// entries at the end of the list of sources. All other bytes stay as they are.
type Addition struct {
	Text string // the new entries as YAML, for a preview or to be pasted by hand

	path      string
	old, text []byte // the whole file before and after
}

// ErrByHand says that AddSources cannot lengthen the list with certainty.
var ErrByHand = errors.New("the sources must be added by hand")

// ReadSources returns the sources that the file names, also where the file lacks
// what Load asks for. The error is for a file that cannot be read as YAML.
func ReadSources(path string) ([]Source, error) {
	data, err := read(path)
	if err != nil {
		return nil, err
	}
	c, err := parse(path, data)
	return c.Sources, err
}

// AddSources prepares the addition of sources to the file. It refuses a list
// that it cannot lengthen with certainty, and a file that Load would not accept
// afterwards. Of an Addition that comes with an error only Text is of use.
func AddSources(path string, sources []Source, cron Cron) (Addition, error) {
	a := Addition{Text: entries(sources, "  ", 2, false), path: path}
	var err error
	if a.old, err = read(path); err != nil {
		return a, err
	}
	before, err := parse(path, a.old)
	if err != nil {
		return a, err
	}
	at, text, err := before.doc.addition(sources)
	if err != nil {
		return a, fmt.Errorf("edit %s: %w", path, err)
	}
	if a.text, err = insert(a.old, before.doc, at, text); err != nil {
		return a, fmt.Errorf("edit %s: %w", path, err)
	}
	after, err := parse(path, a.text)
	if err != nil || !lengthened(before, after, sources) {
		return a, fmt.Errorf("edit %s: %w: the list cannot be lengthened without harm to the rest", path, ErrByHand)
	}
	if problems := after.validate(cron); len(problems) > 0 {
		return a, &Error{Problems: sorted(problems)}
	}
	if len(a.text) > maxFile {
		return a, fmt.Errorf("edit %s: the file would be larger than %d KiB", path, maxFile>>10)
	}
	a.Text = text
	return a, nil
}

// lengthened reports whether after says the same as before, and the new sources.
func lengthened(before, after Config, added []Source) bool {
	want := slices.Concat(before.Sources, added)
	if !reflect.DeepEqual(after.Sources, want) {
		return false
	}
	before.Sources, after.Sources, before.doc, after.doc = nil, nil, nil, nil
	return reflect.DeepEqual(before, after)
}

// addition returns the entries as the file would write them, and the line behind
// which they belong.
func (d *document) addition(sources []Source) (line int, text string, err error) {
	found, ok := d.places["sources"]
	if !ok {
		return len(d.lines), "\nsources:\n" + entries(sources, "  ", 2, false), nil
	}
	list := found.value
	switch {
	case isNull(list):
		return found.key.Line, entries(sources, "  ", 2, false), nil
	case list.Kind != yaml.SequenceNode || list.Style&yaml.FlowStyle != 0:
		return 0, "", fmt.Errorf("%w: sources is no list of lines that begin with a dash; write it as config.example.yaml does", ErrByHand)
	case len(list.Content) == 0:
		return 0, "", fmt.Errorf("%w: none of the list's entries can be read", ErrByHand)
	}
	indent := strings.Repeat(" ", list.Column-1)
	if first := d.lines[list.Line-1]; !strings.HasPrefix(first, indent+"-") {
		return 0, "", fmt.Errorf("%w: the list begins in an unusual way", ErrByHand)
	}
	last := list.Content[len(list.Content)-1]
	offset := last.Column - list.Column
	if offset < 2 || offset > 8 {
		offset = 2
	}
	apart := len(list.Content) > 1 && last.Line > 1 && strings.TrimSpace(d.lines[last.Line-2]) == ""
	return d.lastLine(found.key.Line, indent), entries(sources, indent, offset, apart), nil
}

// lastLine returns the last line of the block whose key stands on the given
// line: what follows up to the next key is blank or remarks. Remarks that are
// indented like the block's entries and touch them belong to it.
func (d *document) lastLine(key int, indent string) int {
	next := len(d.lines) + 1
	for path, p := range d.places {
		if !strings.ContainsAny(path, ".[") && p.key != nil && p.key.Line > key {
			next = min(next, p.key.Line)
		}
	}
	last := next - 1
	for last > key && isRemark(d.lines[last-1]) {
		last--
	}
	for indent != "" && last < next-1 && strings.HasPrefix(d.lines[last], indent+"#") {
		last++
	}
	return last
}

// isRemark reports whether a line says nothing to a program.
func isRemark(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line[0] == '#' || line == "..."
}

// insert puts text behind a line of the file, with the line ends that the file
// has.
func insert(file []byte, d *document, line int, text string) ([]byte, error) {
	lines := bytes.SplitAfter(file, []byte("\n"))
	if len(lines) != len(d.lines) {
		return nil, fmt.Errorf("%w: the file's lines end in an unusual way", ErrByHand)
	}
	at := 0
	for _, l := range lines[:line] {
		at += len(l)
	}
	end := "\n"
	if bytes.Contains(file, []byte("\r\n")) {
		end = "\r\n"
		text = strings.ReplaceAll(text, "\n", end)
	}
	if at > 0 && file[at-1] != '\n' {
		text = end + text
	}
	return slices.Concat(file[:at], []byte(text), file[at:]), nil
}

// entries writes sources as entries of a list: the dash behind the indent, the
// keys offset columns behind the dash, with blank lines before them if they
// shall stand apart.
func entries(sources []Source, indent string, offset int, apart bool) string {
	var b strings.Builder
	for _, s := range sources {
		if apart {
			b.WriteByte('\n')
		}
		lead := indent + "-" + strings.Repeat(" ", offset-1)
		for _, each := range []struct{ key, value string }{
			{"name", s.Name}, {"country", s.Country}, {"url", s.URL}, {"folder", s.Folder},
		} {
			if each.value == "" {
				continue
			}
			fmt.Fprintf(&b, "%s%s: %s\n", lead, each.key, scalar(each.value))
			lead = indent + strings.Repeat(" ", offset)
		}
	}
	return b.String()
}

// scalar writes a text as YAML: as it is where nobody can take it for something
// else, quoted otherwise. A JSON string is a double-quoted scalar (YAML 1.2,
// section 7.3.1).
func scalar(text string) string {
	if isPlain(text) {
		return text
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		return `""` // cannot be; the check of the whole would refuse it
	}
	return strings.TrimSpace(b.String())
}

func isPlain(text string) bool {
	address := strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://")
	for i, r := range text {
		switch {
		case unicode.IsLetter(r):
		case i == 0:
			return false
		case unicode.IsDigit(r), strings.ContainsRune(".-_/()&+’'", r):
		case r == ' ' && !address && i < len(text)-1 && text[i-1] != ' ':
		case address && i < len(text)-1 && strings.ContainsRune(":?=%~@,;!$*", r):
		default:
			return false
		}
	}
	switch strings.ToLower(text) { // words that are something else to one version of YAML or another
	case "", "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf":
		return false
	}
	return true
}
