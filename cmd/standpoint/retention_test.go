package main

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"standpoint/digest/store"
)

// A publication drops old texts; what was published stays as it was, and the
// commands that would need the text say that it is gone.
func TestOldTextsGo(t *testing.T) {
	dir := t.TempDir()
	copyBase(t, dir)
	smallPack(t, filepath.Join(dir, "pack"))
	site := serveFolder(filepath.Join(dir, "web"))
	t.Cleanup(site.Close)
	config, out := filepath.Join(dir, "config.yaml"), filepath.Join(dir, "out")
	write(t, dir, "config.yaml", "topic: ./pack\nzone: UTC\nfetch: {allow_private: true}\nmail: {from: d@example.org}\n"+
		"subscribers: [ada@example.org]\nsources: [{name: North Wind Institute, url: \""+site.URL+"/north/feed\"}]\n")
	run := func(want int, args ...string) string {
		t.Helper()
		status, out, errs := standpoint(t, append(args, "--config", config)...)
		if status != want {
			t.Fatalf("%v: status %d, want %d\n%s%s", args, status, want, out, errs)
		}
		return out + errs
	}
	run(statusDone, "--now", "--out", out)
	published := run(statusDone, "editions", "replay", "1", "--out", out)
	address := site.URL + "/north/treaty"
	before := run(statusDone, "explain", address)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "state", store.FileName))
	check(t, err)
	defer db.Close()
	for _, query := range []string{
		`UPDATE items SET first_seen = '2024-03-01T06:00:00.000000Z'`, `UPDATE editions SET frozen = '2024-03-01T07:00:00.000000Z'`,
	} {
		_, err := db.Exec(query)
		check(t, err)
	}
	run(statusDone, "publish")
	var kept int
	check(t, db.QueryRow(`SELECT count(*) FROM items WHERE text || teaser || feed_text <> ''`).Scan(&kept))
	if kept != 0 {
		t.Errorf("%d pieces have a text", kept)
	}
	after := run(statusDone, "explain", address)
	for _, prefix := range []string{"Title", "Fate", "Stance", "Odds", "Evidence"} {
		if want := rowOf(before, prefix); want == "" || rowOf(after, prefix) != want {
			t.Errorf("%s was %q and is %q", prefix, want, rowOf(after, prefix))
		}
	}
	if text := rowOf(after, "Text"); !strings.HasPrefix(text, rowOf(before, "Text")+"; gone since ") || !strings.Contains(text, ", its SHA-256 was ") {
		t.Errorf("text: %q, before %q", text, rowOf(before, "Text"))
	}
	if got := run(statusDone, "editions", "replay", "1", "--out", filepath.Join(dir, "again")); strings.ReplaceAll(got, "again", "out") != published {
		t.Errorf("replayed: %s", got)
	}
	if got := run(statusUsage, "correct", address, "irrelevant", "--why", "for fun"); !strings.Contains(got, "is gone since ") || !strings.Contains(got, "so its label stays") {
		t.Errorf("corrected: %s", got)
	}
	run(statusDone, "reclassify")
	if rowOf(run(statusDone, "explain", address), "Stance") != rowOf(before, "Stance") {
		t.Error("another label")
	}
}

// rowOf is the first line of an output that begins with a word.
func rowOf(text, word string) string {
	for row := range strings.Lines(text) {
		if strings.HasPrefix(row, word+" ") {
			return strings.TrimSuffix(row, "\n")
		}
	}
	return ""
}
