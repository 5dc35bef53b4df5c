package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// listed is what go list tells of a package.
type listed struct {
	ImportPath string
	Imports    []string
}

const module = "standpoint"

// TestImports holds the packages to the table in ARCHITECTURE.md: who may
// import whom, and which package owns an outside dependency.
func TestImports(t *testing.T) {
	mayImport, owns := readTable(t)
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		allowed, ok := mayImport[name]
		if !ok {
			t.Errorf("ARCHITECTURE.md does not list the package %s", name)
			continue
		}
		for _, dep := range p.Imports {
			if inner, ok := strings.CutPrefix(dep, module+"/"); ok {
				if !slices.Contains(allowed, inner) {
					t.Errorf("%s imports %s, which ARCHITECTURE.md does not allow", name, inner)
				}
			} else if strings.Contains(strings.Split(dep, "/")[0], ".") && !slices.ContainsFunc(owns[name], func(o string) bool {
				return dep == o || strings.HasPrefix(dep, o+"/")
			}) {
				t.Errorf("%s imports %s, which ARCHITECTURE.md does not give it", name, dep)
			}
		}
	}
}

// TestTableIsTrue refuses rows for packages that are gone, and things that a
// row allows and nobody needs.
func TestTableIsTrue(t *testing.T) {
	mayImport, owns := readTable(t)
	all := packages(t)
	for name := range mayImport {
		i := slices.IndexFunc(all, func(p listed) bool { return p.ImportPath == module+"/"+name })
		if i < 0 {
			t.Errorf("ARCHITECTURE.md lists %s, which does not exist", name)
			continue
		}
		for _, dep := range mayImport[name] {
			if !slices.Contains(all[i].Imports, module+"/"+dep) {
				t.Errorf("ARCHITECTURE.md lets %s import %s, which it does not", name, dep)
			}
		}
		for _, owned := range owns[name] {
			if !slices.ContainsFunc(all[i].Imports, func(d string) bool { return d == owned || strings.HasPrefix(d, owned+"/") }) {
				t.Errorf("ARCHITECTURE.md gives %s to %s, which does not use it", owned, name)
			}
		}
	}
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if p.ImportPath != module {
			all = append(all, p)
		}
	}
}

// readTable reads the rows "| package | does | may import | owns |".
func readTable(t *testing.T) (mayImport, owns map[string][]string) {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	mayImport, owns = map[string][]string{}, map[string][]string{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		cells := strings.Split(lines.Text(), "|")
		if len(cells) != 6 || !strings.HasPrefix(strings.TrimSpace(cells[1]), "`") {
			continue
		}
		name := strings.Trim(strings.TrimSpace(cells[1]), "`")
		mayImport[name], owns[name] = cellWords(cells[3]), cellWords(cells[4])
	}
	if len(mayImport) == 0 {
		t.Fatal("ARCHITECTURE.md has no package table")
	}
	return mayImport, owns
}

func cellWords(cell string) []string {
	return strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(" ,`–", r) })
}
