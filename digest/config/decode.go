package config

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v4"
)

// decoded turns the decoder's complaints into problems that speak of the file
// instead of Go's types.
func (d *document) decoded(err error) {
	if err == nil {
		return
	}
	several, ok := errors.AsType[*yaml.LoadErrors](err)
	if !ok {
		d.problems = append(d.problems, d.syntax(err))
		return
	}
	keys, values := d.byPosition()
	for _, e := range several.Errors {
		position := [2]int{e.Mark.Line, e.Mark.Column}
		key, isKey := keys[position]
		value, isValue := values[position]
		switch {
		case isKey && strings.Contains(e.Message, " not found in type "):
			d.unknownKey(key)
		case isValue:
			d.wrongType(value, e)
		default:
			d.add(e.Mark.Line, e.Mark.Column, 1, Problem{
				Message: e.Message, Mend: "compare with config.example.yaml",
			})
		}
	}
	d.settle()
}

// byPosition returns the paths by where their keys and their values begin. A
// block begins where its first key does, hence two maps.
func (d *document) byPosition() (keys, values map[[2]int]string) {
	keys, values = map[[2]int]string{}, map[[2]int]string{}
	for path, p := range d.places {
		if p.key != nil {
			keys[[2]int{p.key.Line, p.key.Column}] = path
		}
		values[[2]int{p.value.Line, p.value.Column}] = path
	}
	return keys, values
}

func (d *document) wrongType(path string, e *yaml.LoadError) {
	found := d.places[path].value
	d.dropped[path] = true
	expected := typeAt(path)
	if expected == reflect.TypeFor[Duration]() && found.Kind == yaml.ScalarNode {
		message := e.Message
		if cause := errors.Unwrap(e); cause != nil {
			message = cause.Error()
		}
		d.at(found, path, path+": "+message, "write a number and its unit, e.g. 90s, 30m, 12h, 8d or 2w")
		return
	}
	kind, mend := expectation(expected)
	d.at(found, path, fmt.Sprintf("%s must be %s, not %s", path, kind, describe(found)), mend)
}

// expectation says what a Go type is in the file, and how to write it.
func expectation(t reflect.Type) (kind, mend string) {
	switch {
	case t == nil:
		return "something else", "compare with config.example.yaml"
	case t == reflect.TypeFor[Duration]():
		return "a duration", "write a number and its unit, e.g. 90s, 30m, 12h, 8d or 2w"
	case t == reflect.TypeFor[Source]():
		return "a source", "give it the keys name, country and url"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false", "write true or false, without quotes"
	case reflect.Int:
		return "a whole number", "write digits only, without quotes"
	case reflect.Slice:
		return "a list", `put each entry on a line of its own, beginning with "- "`
	case reflect.Struct:
		return "a block of keys", "put its keys on the lines below, indented by two spaces: " + strings.Join(keysOf(t), ", ")
	}
	return "text", "write the text on the line of the key"
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		return "a block of keys"
	}
	return quote(n.Value)
}

// syntax explains why the text is no YAML. There is never more than one such
// problem, since nothing after it can be trusted.
func (d *document) syntax(err error) Problem {
	e, ok := errors.AsType[*yaml.LoadError](err)
	if !ok {
		return d.mark(0, 0, 0, Problem{Message: err.Error()})
	}
	switch {
	case strings.Contains(e.Message, "no documents"):
		return Problem{File: d.file, Message: "the file is empty", Mend: "start from config.example.yaml"}
	case strings.Contains(e.Message, "found multiple"):
		return d.secondDocument()
	}
	at := e.Mark
	if strings.Contains(e.Message, "end of stream") || at.Line >= len(d.lines) && e.ContextMark.Line > 0 {
		at = e.ContextMark // where the quote or bracket was opened
	}
	at.Line = min(at.Line, len(d.lines))
	for at.Line > 1 && strings.TrimSpace(d.lines[at.Line-1]) == "" {
		at.Line, at.Column = at.Line-1, 0
	}
	message := cmp.Or(e.ContextMsg, "reading the file") + ": " + e.Message
	p := Problem{Message: "no valid YAML: " + message, Mend: `compare the indentation with config.example.yaml, and put text with special characters in "quotes"`}
	if at.Line < 1 {
		return d.mark(0, 0, 0, p)
	}
	return d.mark(at.Line, at.Column, 1, guess(d.lines[at.Line-1], e.Message, p))
}

// guess replaces the parser's words with the mistake that an operator most
// likely made in the line.
func guess(line, parser string, p Problem) Problem {
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
	value = strings.TrimSpace(value)
	key = strings.TrimPrefix(key, "- ")
	switch {
	case strings.Contains(indent, "\t"):
		p.Message, p.Mend = "the line is indented with a tab", "indent with spaces, two for each level"
	case key == "gather" || key == "publish":
		p.Message = fmt.Sprintf("the cron expression of %s needs quotes", key)
		p.Mend = fmt.Sprintf("write %s: \"%s\"", key, strings.Trim(value, `"'`))
	case value != "" && strings.ContainsAny(value[:1], "*&@`%!|>"):
		p.Message = fmt.Sprintf("text that begins with %s needs quotes", value[:1])
		p.Mend = fmt.Sprintf("put the value of %s in \"quotes\"", key)
	case strings.Contains(parser, "mapping values are not allowed") && strings.Contains(value, ": "):
		p.Message, p.Mend = `text with ": " in it needs quotes`, fmt.Sprintf("put the value of %s in \"quotes\"", key)
	case strings.Contains(parser, "mapping values are not allowed"), strings.Contains(parser, "expected key"),
		strings.Contains(parser, "expected '-' indicator"):
		p.Message, p.Mend = "the line's indentation fits none of the lines above", "give it the indentation of its neighbours"
	case strings.Contains(parser, "expected ',' or"):
		p.Message, p.Mend = "a bracket is opened and never closed, or a comma is missing", "close it, or write one entry a line without brackets"
	case strings.Contains(parser, "end of stream"):
		p.Message, p.Mend = "a quotation mark is opened and never closed", "close it at the end of the text"
	}
	return p
}

func (d *document) secondDocument() Problem {
	p := Problem{Message: "a second document begins here", Mend: "keep one document: delete this line, or move what follows to a file of its own"}
	content := false
	for i, line := range d.lines {
		marker := strings.HasPrefix(line, "---") || strings.HasPrefix(line, "...")
		if marker && content {
			return d.mark(i+1, 1, 3, p)
		}
		text := strings.TrimSpace(line)
		content = content || !marker && text != "" && text[0] != '#' && text[0] != '%'
	}
	return d.mark(0, 0, 0, p)
}
