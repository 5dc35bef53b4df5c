package pipeline_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"standpoint/digest"
	"standpoint/digest/mail"
	"standpoint/digest/render"
	"standpoint/digest/store"
)

// wishWorld has pieces of two outlets, and readers of whom the first wishes
// nothing.
func wishWorld(t *testing.T, wishes ...digest.Wish) (*world, map[int64]string) {
	t.Helper()
	w := newWorld(t, 1+len(wishes), "one", "two")
	letters := withKeys(t, w)
	for i := range 4 {
		w.web.add([]string{"one", "two"}[i%2], piece(fmt.Sprint("p", i), i+1))
	}
	for i, wish := range wishes {
		must(t, w.Store.Choose(t.Context(), int64(i+2), "", wish))
	}
	w.gather(t)
	return w, letters
}

// impersonal is a letter without what is its reader's own.
func impersonal(w *world, letters map[int64]string, id int64) string {
	_, text, _ := strings.Cut(letters[id], "\r\n\r\n")
	return strings.ReplaceAll(text, w.Personal(mail.Recipient{ID: id}).Leave, "TOKEN")
}

// Each reader gets the letter of his wish, one of each; a wish that changes
// nothing gives the full one.
func TestWishes(t *testing.T) {
	t.Parallel()
	w, letters := wishWorld(t, digest.Wish{Short: true}, digest.Wish{Outlets: []string{"ONE"}}, digest.Wish{Outlets: []string{"ONE", "TWO"}}, digest.Wish{Outlets: []string{"ONE", "nowhere"}})
	w.publish(t)
	if len(letters) != 5 {
		t.Fatalf("%d letters", len(letters))
	}
	if impersonal(w, letters, 4) != impersonal(w, letters, 1) {
		t.Error("who wishes all there is gets another letter")
	}
	if impersonal(w, letters, 5) != impersonal(w, letters, 3) {
		t.Error("two wishes for the same pieces give two letters")
	}
	for id, want := range map[int64]string{1: "", 2: "Your choice: the short letter", 3: "Your choice: pieces that"} {
		if got := strings.Contains(letters[id], "Your choice: "); got != (want != "") || !strings.Contains(letters[id], want) {
			t.Errorf("reader %d: want %q in\n%s", id, want, letters[id])
		}
		for i := range 4 {
			if !strings.Contains(letters[id], fmt.Sprint("/p", i)) {
				t.Errorf("reader %d has no piece %d", id, i)
			}
		}
	}
	// A letter that is made again has the same Message-ID.
	for id := range letters {
		if !strings.Contains(letters[id], fmt.Sprintf("<standpoint.1.%s@", w.Return(1, id))) {
			t.Errorf("reader %d has another Message-ID", id)
		}
	}
}

// A letter speaks its reader's language; one that there is no catalogue for gives
// the English one.
func TestLanguages(t *testing.T) {
	t.Parallel()
	w, letters := wishWorld(t, digest.Wish{Language: "de-AT"}, digest.Wish{Language: "de"}, digest.Wish{Language: "pt"}, digest.Wish{Language: "uk", Short: true}, digest.Wish{Language: "en"})
	w.publish(t)
	for id, same := range map[int64]int64{2: 3, 4: 1, 6: 1} {
		if impersonal(w, letters, id) != impersonal(w, letters, same) {
			t.Errorf("readers %d and %d get different letters", id, same)
		}
	}
	for id, want := range map[int64]string{1: "en", 2: "de", 5: "uk"} {
		if !strings.Contains(letters[id], `<html lang="`+want+`"`) {
			t.Errorf("reader %d: no letter in %s:\n%s", id, want, letters[id])
		}
	}
	for i := range 4 {
		for _, id := range []int64{2, 5} {
			if !strings.Contains(letters[id], fmt.Sprint("/p", i)) {
				t.Errorf("reader %d has no piece %d", id, i)
			}
		}
	}
}

// A letter that is sent later follows the wish of that time.
func TestWishOfTheTime(t *testing.T) {
	t.Parallel()
	w, letters := wishWorld(t, digest.Wish{Short: true})
	w.box.onSend = func(_ int, m *mail.Message) error {
		if m.Recipient == 2 {
			return &mail.SendError{Outcome: mail.Deferred}
		}
		return nil
	}
	w.publish(t)
	must(t, w.Store.Choose(t.Context(), 2, "", digest.Wish{}))
	w.box.onSend = nil
	w.wait(time.Minute)
	_, err := w.Resume(t.Context())
	must(t, err)
	if letters[2] == "" || impersonal(w, letters, 2) != impersonal(w, letters, 1) {
		t.Errorf("want the full letter:\n%s", letters[2])
	}
}

// A letter by a wish that breaks a rule of mail gives its readers the full one,
// and the log one line.
func TestBrokenWishHarmsNobody(t *testing.T) {
	t.Parallel()
	w, letters := wishWorld(t, digest.Wish{Short: true}, digest.Wish{Outlets: []string{"ONE"}}, digest.Wish{Short: true})
	var log bytes.Buffer
	w.Log = slog.New(slog.NewTextHandler(&log, nil))
	p, err := pack()
	must(t, err)
	builtin, err := os.ReadFile("../../templates/edition.txt.tmpl")
	must(t, err)
	const leave = "{{.Leave.URL}}"
	broken := strings.ReplaceAll(string(builtin), leave, "{{if not .ChoiceText}}"+leave+"{{end}}") // S14
	r, err := render.New(p, fstest.MapFS{"edition.txt.tmpl": {Data: []byte(broken)}})
	must(t, err)
	w.Renderer = r
	w.publish(t)
	if len(letters) != 4 {
		t.Fatalf("%d letters", len(letters))
	}
	for id := range int64(3) {
		if impersonal(w, letters, id+2) != impersonal(w, letters, 1) {
			t.Errorf("reader %d has another letter than the full one", id+2)
		}
	}
	if n := strings.Count(log.String(), "by its readers' wish"); n != 1 || strings.Contains(log.String(), "@example.org") {
		t.Errorf("%d lines of it in the log:\n%s", n, log.String())
	}
}

// However many letters there are, memory holds a bounded number of them.
func TestManyWishes(t *testing.T) {
	if os.Getenv("LONG") == "" {
		t.Skip("long: see make long")
	}
	t.Parallel()
	outlets := []string{"a", "b", "c", "d", "e", "f", "g"}
	var wishes []digest.Wish
	for set := range 1 << len(outlets) {
		var w digest.Wish
		for i, o := range outlets {
			if set>>i&1 == 1 {
				w.Outlets = append(w.Outlets, strings.ToUpper(o))
			}
		}
		wishes = append(wishes, w)
	}
	w := newWorld(t, len(wishes), outlets...)
	letters := withKeys(t, w)
	for i, o := range outlets {
		w.web.add(o, piece(fmt.Sprint("p", i), i+1))
	}
	for i, wish := range wishes {
		must(t, w.Store.Choose(t.Context(), int64(i+1), "", wish))
	}
	w.gather(t)
	w.Carrier.Sessions = 1
	w.publish(t)
	different := map[string]bool{}
	for id := range letters {
		different[impersonal(w, letters, id)] = true
	}
	if len(letters) != 128 || len(different) != 127 { // all and none are the full letter
		t.Errorf("%d letters, %d of them different", len(letters), len(different))
	}
}

// Who has an address that no message can name gets none, and the log says so; the
// others get theirs.
func TestUnnameableReader(t *testing.T) {
	t.Parallel()
	w, letters := wishWorld(t)
	id, err := w.Store.AddSubscriber(t.Context(), store.Subscriber{Address: "nobody at all", Added: w.Now()})
	must(t, err)
	var log bytes.Buffer
	w.Log = slog.New(slog.NewTextHandler(&log, nil))
	wantCount(t, w.publish(t), map[store.DeliveryState]int{store.Accepted: 1, store.Refused: 1})
	if len(letters) != 1 || !strings.Contains(log.String(), "could not be made") || !strings.Contains(log.String(), fmt.Sprintf("subscriber=%d", id)) || strings.Contains(log.String(), "at all") {
		t.Errorf("%d letters, log:\n%s", len(letters), log.String())
	}
}
