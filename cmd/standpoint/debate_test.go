package main

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// debate are words of the built-in debate that no code needs.
var debate = regexp.MustCompile(`(?i)ukrain|\bnato\b|kyiv|\brussia|moscow|kremlin|putin|zelensk|crimea|donbas|troops|peacekeep|cease-?fire|neutrality|article 5|"(bind|deploy|arm|settle|survey)"`)

// TestNoCodeKnowsTheDebate holds all that is compiled, but for comments, against
// words of the built-in debate. They belong into its pack, and into the demo;
// the default topic's name is the one exception.
func TestNoCodeKnowsTheDebate(t *testing.T) {
	root, read := filepath.Join("..", ".."), 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator)))
		if d.IsDir() {
			if name == "digest/topic/packs" || name == "cmd/standpoint/demo" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && name != ".." && d.Name() != ".." {
				return fs.SkipDir
			}
			return nil
		}
		if !compiled(name) {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read++
		for n, text := range codeLines(t, name, data) {
			text = strings.ReplaceAll(text, `"ukraine-security-guarantees"`, "")
			if found := debate.FindString(text); found != "" {
				t.Errorf("%s:%d has %q: %.80s", name, n, found, text)
			}
		}
		return nil
	})
	if err != nil || read < 100 {
		t.Errorf("%d files read, %v", read, err)
	}
}

// compiled says whether a file becomes part of the program.
func compiled(name string) bool {
	switch filepath.Ext(name) {
	case ".go":
		return !strings.HasSuffix(name, "_test.go")
	case ".tmpl", ".txt", ".sql":
		return strings.HasPrefix(name, "digest/") || strings.HasPrefix(name, "templates/") || strings.HasPrefix(name, "feeds/")
	}
	return false
}

// codeLines returns the lines of a data file, or the names and texts of a Go file
// without its comments, by line.
func codeLines(t *testing.T, name string, data []byte) map[int]string {
	t.Helper()
	out := map[int]string{}
	if filepath.Ext(name) != ".go" {
		for i, line := range strings.Split(string(data), "\n") {
			out[i+1] = line
		}
		return out
	}
	files := token.NewFileSet()
	file := files.AddFile(name, -1, len(data))
	var s scanner.Scanner
	s.Init(file, data, func(pos token.Position, msg string) { t.Errorf("%v: %s", pos, msg) }, 0)
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return out
		}
		if tok == token.IDENT || tok == token.STRING {
			out[file.Line(pos)] += " " + text
		}
	}
}
