package web_test

import (
	"bytes"
	"io"
	"maps"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/render"
	"standpoint/digest/stance"
)

// A draft, and what an editor does with it, show nowhere: page by page, the public
// archive is byte for byte what it was.
func TestArchiveKeepsDraftsToItself(t *testing.T) {
	s := withEditions(t, 2, 3)
	h := s.Handler()
	all := func() map[string]string {
		out := map[string]string{}
		for _, path := range []string{"/d/", "/d/editions", "/d/editions/2", "/d/editions/3", "/d/editions/3.json", "/d/editions.atom", "/d/method", "/d/pieces/1"} {
			r := get(t, h, path)
			data, err := io.ReadAll(r.Body)
			if err != nil {
				t.Fatal(err)
			}
			var head bytes.Buffer
			if err := r.Header.Write(&head); err != nil {
				t.Fatal(err)
			}
			out[path] = head.String() + string(data)
		}
		return out
	}
	before := all()
	e := render.Sample(s.Pack, noon)
	e.Number, e.Corrections = 3, nil
	e.Window = digest.Window{From: noon.AddDate(0, 0, -7), To: noon}
	if err := s.Store.Draft(t.Context(), e, nil, "required", noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got := all(); !maps.Equal(got, before) {
		t.Errorf("a draft shows:\n%v\nbefore:\n%v", got, before)
	}
	correct(t, s.Store, 1, stance.Ruling("settle"), "why", noon)
	if maps.Equal(all(), before) {
		t.Error("nothing ever shows")
	}
}
