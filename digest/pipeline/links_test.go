package pipeline_test

import (
	"bytes"
	"strings"
	"testing"

	"standpoint/digest/mail"
	"standpoint/digest/token"
)

const webSide = "https://digest.example.org"

// onWeb gives a world a web side, and returns where its letters are kept, by
// subscriber, with soft line breaks taken out.
func onWeb(t *testing.T, w *world) map[int64]string {
	t.Helper()
	w.Sender.Web, w.Frame.Web = webSide, webSide
	return withKeys(t, w)
}

// withKeys does so without a web side.
func withKeys(t *testing.T, w *world) map[int64]string {
	t.Helper()
	keys, err := token.NewKeys(token.Key{ID: 1, Secret: bytes.Repeat([]byte{7}, token.SecretSize)})
	must(t, err)
	w.Keys = keys
	letters := map[int64]string{}
	w.box.after = func(m *mail.Message) error {
		letters[m.Recipient] = strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(string(m.Bytes()))
		return nil
	}
	return letters
}

// Each reader's letter has a link of his own in its header and in both parts, and
// nobody else's.
func TestTokensOfReaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, "one")
	letters := onWeb(t, w)
	w.web.add("one", piece("a", 1))
	w.gather(t)
	w.publish(t)
	if len(letters) != 3 {
		t.Fatalf("%d letters", len(letters))
	}
	for id, text := range letters {
		if n := strings.Count(text, webSide+"/leave/"+w.Token(id)); n < 3 || n != strings.Count(text, "/leave/") {
			t.Errorf("S10, S14: reader %d: %d links of his own of %d", id, n, strings.Count(text, "/leave/"))
		}
		if got, err := w.Keys.Verify(token.Leave, w.Token(id)); err != nil || got != id {
			t.Errorf("the token of %d names %d, %v", id, got, err)
		}
	}
	// Printed again, it is the same; what is not one reader's has nobody's token.
	d, err := w.Reprint(t.Context(), 1)
	must(t, err)
	files, err := w.Files(d)
	must(t, err)
	for _, text := range []string{string(files.HTML), string(files.Text), w.Text(d)} {
		if n := strings.Count(text, "/leave/"+w.Token(0)); n == 0 || n != strings.Count(text, "/leave/") {
			t.Errorf("%d links of nobody's of %d", n, strings.Count(text, "/leave/"))
		}
	}
	if strings.Contains(string(files.Page)+string(files.JSON), "/leave/") {
		t.Error("S44: a link for leaving on the page")
	}
}

// Without a web side each reader's letter names a mail address of his own in its
// header and in both parts, and nobody else's.
func TestAddressesOfReaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, "one")
	letters := withKeys(t, w)
	bait := []string{w.Keys.SignFolded(token.Place, 0), w.Keys.SignFolded(token.Place, 2), w.Keys.Sign(token.Place, 1)}
	for i, mark := range bait {
		p := piece(string(rune('a'+i)), 1)
		p.heading = "Security guarantees for Ukraine " + mark
		w.web.add("one", p)
	}
	w.gather(t)
	w.publish(t)
	if len(letters) != 3 {
		t.Fatalf("%d letters", len(letters))
	}
	for id, text := range letters {
		own := w.Keys.SignFolded(token.Leave, id)
		if n := strings.Count(text, "mailto:digest+unsubscribe+"+own+"@example.org?subject=unsubscribe"); n != 5 || n != strings.Count(text, own) || n != strings.Count(text, "+unsubscribe") {
			t.Errorf("S10, S14: reader %d: %d addresses of his own of %d", id, n, strings.Count(text, "+unsubscribe"))
		}
		for _, mark := range bait {
			if !strings.Contains(text, mark) {
				t.Errorf("the bait %s is not in the letter", mark)
			}
		}
		if strings.Contains(text, "List-Unsubscribe-Post") || strings.Contains(text, w.Keys.SignFolded(token.Place, 1)) {
			t.Error("one click without a web side, or the mark went out")
		}
	}
	d, err := w.Reprint(t.Context(), 1)
	must(t, err)
	if n := strings.Count(w.Text(d), "+unsubscribe+"+w.Keys.SignFolded(token.Leave, 0)+"@"); n != 2 || n != strings.Count(w.Text(d), "+unsubscribe") {
		t.Errorf("%d addresses of nobody's", n)
	}
}

// A feed that writes what it knows of marks and tokens gets no reader's token
// into an address of its own: it cannot know the mark of an edition to come.
func TestFeedGetsNoToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "one")
	letters := onWeb(t, w)
	others, err := token.NewKeys(token.Key{ID: 1, Secret: bytes.Repeat([]byte{8}, token.SecretSize)})
	must(t, err)
	bait := map[string]string{
		"foreign": others.Sign(token.Place, 1), "earlier": w.Keys.Sign(token.Place, 0), "later": w.Keys.Sign(token.Place, 2),
		"nobody": w.Token(0), "word": "0123456789abcdefghijklmnopqrstuv",
	}
	for name, mark := range bait {
		p := piece(name, 1)
		p.heading = "Security guarantees for Ukraine " + name + " " + mark
		p.words = "<p>Security guarantees " + webSide + "/leave/" + mark + " for Ukraine</p>"
		w.web.add("one", p)
	}
	w.gather(t)
	w.publish(t)
	if len(letters) != 2 {
		t.Fatalf("%d letters", len(letters))
	}
	for id, text := range letters {
		own := w.Token(id)
		if all, links := strings.Count(text, own), strings.Count(text, webSide+"/leave/"+own); all != links || links < 3 || links > 5 {
			t.Errorf("reader %d: his token stands in %d places, %d of them links for leaving", id, all, links)
		}
		if strings.Contains(text, w.Keys.Sign(token.Place, 1)) {
			t.Error("the mark went out")
		}
		for name, mark := range bait {
			if !strings.Contains(text, "Ukraine "+name+" "+mark) {
				t.Errorf("%s: the bait is not in the letter", name)
			}
		}
	}
}

// Without a key no letter goes out, and none is frozen.
func TestNoKeyIsFoundBeforeFreezing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, "one")
	onWeb(t, w)
	w.Keys = token.Keys{}
	w.web.add("one", piece("a", 1))
	w.gather(t)
	if p, err := w.Publish(t.Context()); err == nil || p.Edition != nil {
		t.Errorf("published %+v, %v", p, err)
	}
}
