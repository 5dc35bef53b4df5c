package pipeline

import (
	"fmt"
	"testing"
)

// However many letters there are, so many are kept, those that were used last.
func TestShapesAreBounded(t *testing.T) {
	t.Parallel()
	s := &shapes{kept: map[string]*shaped{}}
	first := s.place("first")
	for i := range 10 * mostShapes {
		s.place(fmt.Sprint(i))
		if s.place("first") != first {
			t.Fatalf("after %d others, one in use was given up", i)
		}
		if len(s.kept) != len(s.used) || len(s.kept) > mostShapes {
			t.Fatalf("%d letters are kept, and %d known", len(s.kept), len(s.used))
		}
	}
	if second := s.place("0"); second == s.place("1") || len(s.kept) != mostShapes {
		t.Errorf("two letters in one place, or %d kept", len(s.kept))
	}
}
