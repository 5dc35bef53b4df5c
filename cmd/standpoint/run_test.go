package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A panic is a fault of ours: 1, not the 2 of a usage error, and without the
// trace of Go's own crash.
func TestPanic(t *testing.T) {
	var out, errs bytes.Buffer
	env := &environment{stdin: strings.NewReader(""), stdout: &out, stderr: &screen{out: &errs}, now: func() time.Time { panic("no clock") }}
	if status := run(t.Context(), env, []string{"demo", "--dir", t.TempDir()}); status != statusFault {
		t.Errorf("status %d, want %d", status, statusFault)
	}
	if !strings.HasPrefix(errs.String(), "standpoint: a fault of the program: no clock\n") {
		t.Errorf("message: %s", errs.String())
	}
}

// The keys of a verdict are what scripts rely on; evidence is verbatim.
func TestClassifyJSON(t *testing.T) {
	dir := t.TempDir()
	copyBase(t, dir)
	smallPack(t, filepath.Join(dir, "pack"))
	write(t, dir, "config.yaml", "topic: ./pack\nmail: {from: d@example.org}\nsources: [{name: A, url: https://example.org/feed}]\n")
	pieces := []inputPiece{
		{ID: "b", Title: "Bread", Text: "Flour, water, salt, and a night of patience."},
		{ID: "a", Title: "Sign it", Text: "Zürich – “first”. Ukraine needs a binding security guarantee, a treaty with Article 5. Everything else is talk about Ukraine and NATO."},
	}
	var lines bytes.Buffer
	for _, p := range pieces {
		check(t, json.NewEncoder(&lines).Encode(p))
	}
	write(t, dir, "pieces.jsonl", lines.String())
	status, out, errs := standpoint(t, "classify", filepath.Join(dir, "pieces.jsonl"), "--json", "--config", filepath.Join(dir, "config.yaml"))
	if status != statusDone {
		t.Fatalf("status %d: %s", status, errs)
	}
	rows := strings.Split(strings.TrimSpace(out), "\n")
	if len(rows) != len(pieces) {
		t.Fatalf("%d lines for %d", len(rows), len(pieces))
	}
	want := []string{"also", "basis", "by", "confidence", "contrary", "contributors", "doubt", "evidence", "id", "probabilities", "relevance", "relevant", "stance", "sure"}
	for i, row := range rows {
		var keys map[string]json.RawMessage
		var v outputVerdict
		check(t, json.Unmarshal([]byte(row), &keys))
		check(t, json.Unmarshal([]byte(row), &v))
		var got []string
		for k := range keys {
			got = append(got, k)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("keys %v, want %v", got, want)
		}
		if v.ID != pieces[i].ID || v.Relevant != (v.Stance != nil) {
			t.Errorf("line %d: %s", i+1, row)
		}
		for _, q := range v.Evidence {
			if pieces[i].Text[q.Start:q.End] != q.Text {
				t.Errorf("evidence is not verbatim: %q", q.Text)
			}
		}
		if relevant := pieces[i].ID == "a"; v.Relevant != relevant || (len(v.Evidence) > 0) != relevant {
			t.Errorf("line %d: %s", i+1, row)
		}
	}
}
