package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// maxFile bounds the configuration file, in bytes.
const maxFile = 1 << 20

// Cron reads a cron expression and returns the function that gives the first
// time after another at which it fires. Its error says what is wrong with the
// expression and how to mend it. Load judges the rhythm in UTC, so that a clock
// change is not taken for a change of it.
type Cron func(expr string, zone *time.Location) (next func(time.Time) time.Time, err error)

// Load reads and checks the file. Any problem with it, an unreadable file
// included, comes as an *Error with all that was found. A nil cron leaves the
// two expressions of the schedule unchecked.
func Load(path string, cron Cron) (Config, error) {
	data, err := read(path)
	if err != nil {
		return Config{}, err
	}
	c, err := parse(path, data)
	if err != nil {
		return Config{}, err
	}
	problems := c.validate(cron)
	if len(problems) > 0 {
		return Config{}, &Error{Problems: sorted(problems)}
	}
	return c, nil
}

func read(path string) ([]byte, error) {
	fail := func(cause error, message, mend string) ([]byte, error) {
		return nil, &Error{Problems: []Problem{{File: path, Message: message, Mend: mend}}, cause: cause}
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fail(err, "there is no such file",
			"copy config.example.yaml to config.yaml and edit it, or name another file with --config")
	}
	if err != nil {
		return fail(err, "cannot be read: "+reason(err), "let the user that runs standpoint read it")
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return fail(err, "cannot be read: "+reason(err), "name a file, not a folder, with --config")
	}
	if len(data) > maxFile {
		return fail(nil, "is larger than 1 MiB", "keep long lists of readers in a file of their own: subscribers_file")
	}
	return data, nil
}

// reason returns an I/O error without the path, which the message has already.
func reason(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}

// parse decodes the text over the defaults. Problems of single values are left
// in the document for validate to list with its own; the error is for a text
// that is no YAML.
func parse(path string, data []byte) (Config, error) {
	// Line ends and a byte order mark are the editor's business.
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	d := &document{
		file:    path,
		lines:   strings.Split(string(data), "\n"),
		places:  map[string]place{},
		kept:    map[string][]int{},
		dropped: map[string]bool{},
	}
	if p, ok := d.refuseText(); ok {
		return Config{}, &Error{Problems: []Problem{p}}
	}
	var root yaml.Node
	if err := yaml.Load(data, &root); err != nil {
		return Config{}, &Error{Problems: []Problem{d.syntax(err)}}
	}
	c := Defaults()
	if top := root.Content[0]; top.Kind != yaml.MappingNode {
		return Config{}, &Error{Problems: []Problem{d.mark(top.Line, top.Column, span(top), Problem{
			Message: "the file must be made of lines such as key: value",
			Mend:    "start from config.example.yaml",
		})}}
	}
	d.index("", root.Content[0], 0)
	d.decoded(root.Load(&c, yaml.WithKnownFields()))
	c.doc = d
	return c, nil
}

// refuseText finds the first line that is no plain text.
func (d *document) refuseText() (Problem, bool) {
	for i, line := range d.lines {
		if !utf8.ValidString(line) {
			return d.mark(i+1, 0, 0, Problem{
				Message: "the file is not UTF-8 text", Mend: "save it again with the encoding UTF-8",
			}), true
		}
		column := 0
		for _, r := range line {
			column++
			if r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' {
				return d.mark(i+1, column, 1, Problem{
					Message: fmt.Sprintf("an invisible control character (U+%04X)", r), Mend: "delete it",
				}), true
			}
		}
	}
	return Problem{}, false
}
