package config

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

const (
	maxLine  = 160 // characters of a line that are shown
	maxDepth = 8   // of the tree that is looked at; the deepest key is at 3
)

// document is the file's text and tree: where each value stands.
type document struct {
	file     string
	lines    []string
	places   map[string]place // by path
	problems []Problem        // found while reading, before Validate
	kept     map[string][]int // list path → positions of the entries that were decoded
	dropped  map[string]bool  // paths of the entries that the decoder left out
}

// place is where a path stands in the file; key is nil for a list's entry.
type place struct{ key, value *yaml.Node }

// index records the places below a node and takes out of the tree what the
// decoder would trip over or pass in silence, with a problem for each.
func (d *document) index(path string, n *yaml.Node, depth int) {
	switch {
	case depth > maxDepth: // the decoder stops long before
	case n.Kind == yaml.MappingNode:
		d.indexKeys(path, n, depth)
	case n.Kind == yaml.SequenceNode:
		d.indexEntries(path, n, depth)
	}
}

func (d *document) indexKeys(path string, n *yaml.Node, depth int) {
	content := n.Content[:0:0]
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			d.at(key, path, "a key must be a word", "write key: value")
			continue
		}
		here := join(path, key.Value)
		if first, ok := d.places[here]; ok {
			// The decoder would drop the whole block for a key given twice.
			d.at(key, here, fmt.Sprintf("%s is set twice, first at line %d", here, first.key.Line),
				"delete one of the two")
			continue
		}
		d.places[here] = place{key: key, value: value}
		if d.refuseAlias(here, value) {
			continue
		}
		if key.Value == "<<" {
			d.at(key, here, "merge keys (<<) are not used in this file", "write the values out")
			continue
		}
		d.index(here, value, depth+1)
		content = append(content, key, value)
	}
	n.Content = content
}

func (d *document) indexEntries(path string, n *yaml.Node, depth int) {
	content := n.Content[:0:0]
	for i, value := range n.Content {
		here := fmt.Sprintf("%s[%d]", path, i)
		d.places[here] = place{value: value}
		if d.refuseAlias(here, value) {
			continue
		}
		if isNull(value) {
			d.at(value, here, "an empty entry in "+path, "write the entry, or delete its line")
			continue
		}
		d.index(here, value, depth+1)
		content = append(content, value)
		d.kept[path] = append(d.kept[path], i)
	}
	n.Content = content
}

// refuseAlias keeps aliases out: a file of sixty lines needs none, a nest of
// them can grow without bound, and a cron expression that begins with a star
// and lacks its quotes looks like one.
func (d *document) refuseAlias(path string, n *yaml.Node) bool {
	if n.Kind != yaml.AliasNode {
		return false
	}
	d.at(n, path, fmt.Sprintf("%s: *%s refers to another place of the file, which is not supported", path, n.Value),
		`write the value out; text that begins with * needs quotes, e.g. "* 7 * * 1"`)
	return true
}

// settle takes the entries that the decoder left out off the lists.
func (d *document) settle() {
	for list, positions := range d.kept {
		d.kept[list] = slices.DeleteFunc(positions, func(i int) bool {
			return d.dropped[fmt.Sprintf("%s[%d]", list, i)]
		})
	}
}

// entry returns the path of the i-th decoded entry of a list.
func (d *document) entry(list string, i int) string {
	if d != nil && i < len(d.kept[list]) {
		i = d.kept[list][i]
	}
	return fmt.Sprintf("%s[%d]", list, i)
}

// at adds a problem that the node is to blame for.
func (d *document) at(n *yaml.Node, path, message, mend string) {
	d.add(n.Line, n.Column, span(n), Problem{Path: path, Message: message, Mend: mend})
}

func (d *document) add(line, column, width int, p Problem) {
	if len(d.problems) < maxProblems {
		d.problems = append(d.problems, d.mark(line, column, width, p))
	}
}

// problem makes a problem of the value at the path, or of the nearest block
// around it that the file has.
func (d *document) problem(path, message, mend string) Problem {
	p := Problem{Path: path, Message: message, Mend: mend}
	if d == nil {
		p.File = "config"
		return p
	}
	for near := path; near != ""; near = parent(near) {
		found, ok := d.places[near]
		if !ok {
			continue
		}
		n := found.value
		if found.key != nil && (near != path || n.Kind != yaml.ScalarNode || n.Line != found.key.Line || isNull(n)) {
			n = found.key
		}
		return d.mark(n.Line, n.Column, span(n), p)
	}
	p.File = d.file
	return p
}

// mark gives a problem its place. Width 0 leaves the line without a mark.
func (d *document) mark(line, column, width int, p Problem) Problem {
	p.File, p.Line = d.file, line
	if line < 1 || line > len(d.lines) {
		return p
	}
	// Cut before the work, for a line may be as long as the file; then again.
	shown := redact(printable(cutRunes(d.lines[line-1], 8*maxLine)))
	if utf8.RuneCountInString(shown) > maxLine {
		shown = cutRunes(shown, maxLine) + "…"
	}
	p.Source = shown
	// The line may be shorter than the value: hidden, cut, or of several lines.
	length := utf8.RuneCountInString(shown)
	if column > length && column <= length+2 {
		column = length // an empty value stands behind the line's end
	}
	if column >= 1 && column <= length {
		p.column, p.width = column, min(width, length-column+1)
	}
	return p
}

// span returns how many characters a node takes on its first line.
func span(n *yaml.Node) int {
	switch {
	case n.Kind != yaml.ScalarNode || n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return 1
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		return utf8.RuneCountInString(n.Value) + 2
	}
	return max(1, utf8.RuneCountInString(n.Value))
}

// isNull reports whether the file gives a key or an entry without a value.
func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null"
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// parent returns the path of the block or list around a path.
func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}
