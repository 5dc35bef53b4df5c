package main

import (
	"os"
	"strings"
	"testing"

	"standpoint/digest/topic"
)

// TestLearnedPieces: what the model has learned is recognised, with a few words
// changed, too; what shares the debate alone is not.
func TestLearnedPieces(t *testing.T) {
	if os.Getenv("LONG") == "" {
		t.Skip("long: see make long")
	}
	if testing.Short() {
		t.Skip("computes in one thread, in which the race detector has nothing to find")
	}
	pack, err := topic.Builtin(topic.BuiltinKeys()[0])
	check(t, err)
	examples, err := pack.Examples()
	check(t, err)
	var learned, foreign []topic.Example
	of := map[int]bool{}
	for _, x := range examples { // of a group all or none: its pieces resemble each other
		if of[x.Group] = x.Group%2 == 0; of[x.Group] {
			learned = append(learned, x)
		} else {
			foreign = append(foreign, x)
		}
	}
	book := newPhraseBook(learned)
	for _, x := range learned {
		if !book.has(x) {
			t.Errorf("%s is not recognised", x.ID)
		}
		x.Title, x.Text = strings.ToUpper(x.Title), strings.ReplaceAll(x.Text, " ", "\n")
		if !book.has(x) {
			t.Errorf("%s is not recognised in capitals, with other spaces", x.ID)
		}
	}
	edited := 0
	for _, x := range learned {
		words := strings.Fields(x.Text)
		for i := 15; i < len(words); i += 20 {
			words[i] = "otherwise"
		}
		x.Text = strings.Join(words, " ")
		if book.has(x) {
			edited++
		}
	}
	if edited < len(learned)*95/100 {
		t.Errorf("of %d pieces with a word in twenty changed %d are recognised", len(learned), edited)
	}
	for _, x := range foreign {
		if book.has(x) {
			t.Errorf("%s is taken for learned", x.ID)
		}
	}
}

// A piece of a few words is one phrase, and one word more makes another.
func TestShortLearnedPieces(t *testing.T) {
	book := newPhraseBook([]topic.Example{{Title: "More cheese", Text: "At the fair."}, {Title: "The whole of a title is enough here"}})
	for text, want := range map[string]bool{
		"more cheese at the fair":             true,
		"More cheese at the fairs":            false,
		"More cheese":                         false,
		"The whole of a title is enough here": true,
		"":                                    false,
	} {
		if got := book.has(topic.Example{Title: text}); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
