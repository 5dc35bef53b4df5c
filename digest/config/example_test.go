package config

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const example = "../../config.example.yaml"

func TestExampleLoads(t *testing.T) {
	c, err := Load(example, weekly)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Warnings()) > 0 {
		t.Errorf("warnings: %v", c.Warnings())
	}
	if !c.HasSubscribers() || len(c.FeedSources()) < 20 {
		t.Errorf("%d sources, subscribers %v", len(c.Sources), c.Subscribers)
	}
	if want := filepath.Join("..", "..", "state"); c.StateDir() != want {
		t.Errorf("state %s, want %s", c.StateDir(), want)
	}
}

// TestExampleIsDefaults holds the manual to its promise that each key stands
// there with its default; the keys without one are named here.
func TestExampleIsDefaults(t *testing.T) {
	data, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	got, err := parse(example, data)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.doc.problems) > 0 {
		t.Fatal(&Error{Problems: got.doc.problems})
	}
	want := Defaults()
	want.Sources, want.Subscribers, want.Mail.From = got.Sources, got.Subscribers, got.Mail.From
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Config{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-defaults +example:\n%s", diff)
	}
}

// TestExampleHasEveryKey fails for a key that the manual leaves out. Only a key
// whose default is unset may be commented out.
func TestExampleHasEveryKey(t *testing.T) {
	data, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	c, err := parse(example, data)
	if err != nil {
		t.Fatal(err)
	}
	commentedOut := map[string]bool{"mail.smtp.host": true}
	var walk func(path string, of reflect.Type)
	walk = func(path string, of reflect.Type) {
		for _, key := range keysOf(of) {
			here := join(path, key)
			switch _, written := c.doc.places[here]; {
			case !written && !commentedOut[here]:
				t.Errorf("%s is missing", here)
			case commentedOut[here] && !regexp.MustCompile(`(?m)^ +# `+key+`: `).Match(data):
				t.Errorf("%s is not even commented out", here)
			}
			walk(here, fieldType(of, key))
		}
	}
	walk("", reflect.TypeFor[Config]())
	for _, key := range keysOf(reflect.TypeFor[Source]()) {
		if !regexp.MustCompile(`(?m)^#   ` + key + ` +\S`).Match(data) {
			t.Errorf("sources[].%s is not explained", key)
		}
	}
}

// TestExampleExplainsEveryKey wants a comment above every key.
func TestExampleExplainsEveryKey(t *testing.T) {
	data, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	key := regexp.MustCompile(`^( *)[a-z_]+:`)
	inSources := false
	for i, line := range lines {
		if !key.MatchString(line) {
			continue
		}
		top := line[0] != ' '
		inSources = strings.HasPrefix(line, "sources:") || inSources && !top
		if (top || !inSources) && !strings.HasPrefix(strings.TrimSpace(lines[i-1]), "#") {
			t.Errorf("line %d has no comment above: %s", i+1, line)
		}
	}
}
