package render

import (
	"flag"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"standpoint/digest"
	"standpoint/digest/topic"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// samples are the editions that the golden files and the rules are held
// against.
var samples = map[string]func(testing.TB) digest.Edition{
	"full":    full,
	"small":   small,
	"hostile": hostile,
	"empty":   blank,
	"sixty":   func(tb testing.TB) digest.Edition { return many(tb, 60) },
	"pack":    packed,
	"grown":   grown,
	"note":    note,
}

// built is the renderer of all tests: parsing and trying the templates takes some
// time.
var built = sync.OnceValues(func() (*Renderer, error) {
	p, err := topic.Builtin("ukraine-security-guarantees")
	if err != nil {
		return nil, err
	}
	return New(p, nil)
})

func renderer(tb testing.TB) *Renderer {
	tb.Helper()
	r, err := built()
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func english(tb testing.TB) *words { return renderer(tb).english }

func render(tb testing.TB, e digest.Edition) Letter {
	tb.Helper()
	return renderIn(tb, "", e)
}

func renderIn(tb testing.TB, language string, e digest.Edition) Letter {
	tb.Helper()
	f := frame()
	f.Wish.Language = language
	l, err := renderer(tb).Email(e, f)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// The built-in templates fill with whatever an edition can hold.
func TestBuiltinTemplates(t *testing.T) {
	p, err := topic.Builtin("ukraine-security-guarantees")
	if err == nil {
		err = renderer(t).try(p)
	}
	if err != nil {
		t.Error(err)
	}
}

func TestGolden(t *testing.T) {
	for _, name := range []string{"full", "small", "hostile", "empty", "grown", "note"} {
		t.Run(name, func(t *testing.T) {
			e := samples[name](t)
			l := render(t, e)
			j, err := JSON(e)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".html.golden", l.HTML)
			golden(t, name+".txt.golden", "Subject: "+l.Subject+"\nPreheader: "+l.Preheader+"\n\n"+l.Text)
			golden(t, name+".json.golden", string(j))
			page, err := renderer(t).Page(e, frame())
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".page.golden", page)
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; if that is meant, run go test with -update (-want +got):\n%s", name, diff)
	}
}

// The same edition gives the same bytes, so that a rerun mails what the first
// run froze.
func TestRenderTwice(t *testing.T) {
	first, second := render(t, full(t)), render(t, full(t))
	if first != second {
		t.Error("two letters of one edition differ")
	}
}

func BenchmarkEmail60(b *testing.B) {
	r := renderer(b)
	e := many(b, 60)
	for b.Loop() {
		if _, err := r.Email(e, frame()); err != nil {
			b.Fatal(err)
		}
	}
}
