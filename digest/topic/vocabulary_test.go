package topic

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
)

func TestVocabularyChangesNothing(t *testing.T) {
	examples, err := builtin(t).Examples()
	if err != nil {
		t.Fatal(err)
	}
	v := NewVocabulary()
	var readers sync.WaitGroup
	for range 2 { // the second meets what the first has learned
		readers.Go(func() {
			for _, e := range examples[:100] {
				if got, want := v.Words(e.Text), Words(e.Text); !reflect.DeepEqual(got, want) {
					t.Errorf("%s: other words with a vocabulary than without", e.ID)
				}
			}
		})
	}
	readers.Wait()
}

func TestVocabularyIsBounded(t *testing.T) {
	var text strings.Builder
	for i := range mostStems + 1000 {
		fmt.Fprintf(&text, "w%d ", i)
	}
	v := NewVocabulary()
	for range 2 {
		if words := v.Words(text.String() + "guarantees"); words[len(words)-1].Stem != "guarante" {
			t.Errorf("last word %+v", words[len(words)-1])
		}
	}
	if len(v.stems) != mostStems {
		t.Errorf("remembers %d words, want %d", len(v.stems), mostStems)
	}
}

func TestFirstWords(t *testing.T) {
	const text = "One, two three"
	all := Words(text)
	for n := range 5 {
		got := (*Vocabulary)(nil).append(nil, text, n)
		if len(got) != min(n, len(all)) {
			t.Fatalf("first %d: %d words", n, len(got))
		}
		for i := range got {
			if got[i].Stem != all[i].Stem {
				t.Errorf("first %d: word %d is %q, want %q", n, i, got[i].Stem, all[i].Stem)
			}
		}
	}
}
