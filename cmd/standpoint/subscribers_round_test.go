package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/store"
	"standpoint/digest/topic"
)

var roundStart = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

func storeIn(t testing.TB, dir string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), dir)
	check(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

// awkward makes words of what tables, spreadsheets and terminals trip over.
func awkward(r *rand.Rand) string {
	bits := []string{"=", "+", "-", "@", ";", ",", `"`, `""`, `\`, `\;`, "|", "'", "#", "Ada", "Žofie", "ëß", "読者", "\u202e", "\t", "\n", "\r", "cmd()", " ", "  ", "email", "\x00", "\ufeff"}
	var b strings.Builder
	for range r.IntN(6) {
		b.WriteString(bits[r.IntN(len(bits))])
	}
	return strings.TrimSpace(inert(line(b.String())))
}

func some[T any](r *rand.Rand, all []T) (out []T) {
	for _, each := range all {
		if r.IntN(3) == 0 {
			out = append(out, each)
		}
	}
	return out
}

// anybody makes a reader out of a seed, in any state and with any record.
func anybody(r *rand.Rand, n int, o offer) store.Incoming {
	at := func() time.Time {
		if r.IntN(3) == 0 {
			return time.Time{}
		}
		return roundStart.Add(time.Duration(r.Int64N(1<<50)) / 1000 * 1000)
	}
	local := []string{"a.b", "+x", "=1+1", "o'neill", "-dash", "A_B", "{x}", "a/b", "`id`", "%00"}[r.IntN(10)]
	address := fmt.Sprintf("%s.%d@b%d.example", local, n, n%3)
	in := store.Incoming{Subscriber: store.Subscriber{
		Address: address, Name: awkward(r), State: []string{"active", "pending", "paused", ""}[r.IntN(4)],
		Origin: []store.Origin{store.FromForm, store.FromCommand}[r.IntN(2)],
		Wish:   digest.Wish{Short: r.IntN(4) == 0, Outlets: some(r, o.outlets), Language: []string{"", "en", "de-AT", "pl"}[r.IntN(4)]}, Added: roundStart.Add(time.Duration(n) * time.Second),
	}}
	for _, s := range some(r, o.stances) {
		in.Wish.Stances = append(in.Wish.Stances, topic.StanceKey(s))
	}
	in.Agreement = store.Agreement{
		Asked: roundStart, Source: cmp.Or(awkward(r), "form"), Wording: awkward(r), Client: awkward(r), Confirmed: at(),
	}
	if in.State == "" {
		in.Reason = []store.Reason{store.ReasonLeft, store.ReasonBounce, store.ReasonRefused, store.ReasonComplaint, store.ReasonOperator}[r.IntN(5)]
		in.Since, in.Why = roundStart.Add(time.Hour), awkward(r)
	}
	return in
}

func each[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range all {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// An export that is imported elsewhere brings every reader with everything that is
// known of them, and no field of it is a formula.
func TestExportAndImport(t *testing.T) {
	t.Parallel()
	o := offer{stances: []string{"arm", "bind", "settle"}, outlets: []string{"North Wind Institute", `A;B\C`, "=Sum, Ltd", `"Quoted"`}}
	r := rand.New(rand.NewPCG(7, 7))
	var all []store.Incoming
	for n := range 300 {
		all = append(all, anybody(r, n, o))
	}
	first, second := storeIn(t, t.TempDir()), storeIn(t, t.TempDir())
	im, err := first.ImportSubscribers(t.Context(), each(all), false)
	check(t, err)
	for _, o := range []store.Outcome{store.ImportAdded, store.ImportPending, store.ImportPaused, store.ImportBarred} {
		if im.Count[o] == 0 {
			t.Errorf("no reader with outcome %s", o)
		}
	}
	if im.Count[store.ImportPresent]+im.Count[store.ImportRevived]+im.Count[store.ImportSuppressed] > 0 || len(im.Each) != len(all) {
		t.Fatalf("the first import: %+v", im)
	}
	var table, again bytes.Buffer
	check(t, exportReaders(t.Context(), &table, first))
	env := &environment{stdout: io.Discard, stderr: &screen{out: io.Discard}, now: time.Now}
	job := importing{name: "-", offer: o}
	good, refused, err := job.survey(env, bytes.NewReader(table.Bytes()))
	if err != nil || good != len(all) || refused != 0 || len(job.twice) != 0 {
		t.Errorf("%d good, %d refused, %d named again of %d; %v", good, refused, len(job.twice), len(all), err)
	}
	if im, err = second.ImportSubscribers(t.Context(), job.readers(bytes.NewReader(table.Bytes()), env), false); err != nil || len(im.Each) != len(all) {
		t.Fatalf("the second import: %+v, %v", im, err)
	}
	check(t, exportReaders(t.Context(), &again, second))
	if table.String() != again.String() {
		t.Error(firstDifference(table.String(), again.String()))
	}
	notFormulas(t, table.Bytes())
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d became another one:\n%s\n%s", i+1, x[i], y[i])
		}
	}
	return fmt.Sprintf("%d lines became %d", len(x), len(y))
}

// notFormulas reads a table as spreadsheets do, by whatever sign parts its columns.
func notFormulas(t *testing.T, table []byte) {
	t.Helper()
	for _, comma := range ",;" {
		in := csv.NewReader(bytes.NewReader(table))
		in.Comma, in.FieldsPerRecord, in.LazyQuotes = comma, -1, true
		rows, err := in.ReadAll()
		check(t, err)
		for _, row := range rows {
			for _, field := range row {
				if field != "" && strings.ContainsRune("=+-@\t\r", rune(field[0])) {
					t.Errorf("formula %q", field)
				}
			}
		}
	}
}

// FuzzReaders: whatever a file holds, each line of it is taken, refused with its
// number, or named as a repetition; nothing is lost.
func FuzzReaders(f *testing.F) {
	for _, seed := range []string{
		"a@b.example\nA@B.example\n\n# no\nnobody\n", "email;name;state\na@b.example;\"A\nB\";left\n;;\nc@d.example;;gone\n",
		"\ufeffemail\tname\n\"\"\"\t\n", "\xff\xfe", "a@b.example\rc@d.example\r", "email,letter\na@b.example,tall\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		var said bytes.Buffer
		env := &environment{stdout: io.Discard, stderr: &screen{out: &said}, now: func() time.Time { return roundStart }}
		job := importing{name: "-", offer: offer{stances: []string{"arm"}}}
		good, refused, err := job.survey(env, bytes.NewReader(file))
		if err != nil {
			return // of the whole file: nobody is imported
		}
		last, entries := 0, 0
		for e, err := range job.entries(bytes.NewReader(file)) {
			check(t, err)
			if entries++; e.line <= last {
				t.Fatalf("line %d after %d", e.line, last)
			}
			last = e.line
			if e.err == nil && strings.ContainsFunc(e.reader.Address, func(r rune) bool { return r <= ' ' || r > '~' }) {
				t.Fatalf("address %q", e.reader.Address)
			}
		}
		taken := 0
		for r, err := range job.readers(bytes.NewReader(file), env) {
			check(t, err)
			if taken++; r.Name != line(r.Name) || r.Added.IsZero() {
				t.Fatalf("reader %+v", r)
			}
		}
		if taken != good || good+refused+len(job.twice) != entries || strings.Count(said.String(), "\n") != refused+len(job.twice) {
			t.Fatalf("%d taken of %d good, %d refused, %d again, of %d; said:\n%s", taken, good, refused, len(job.twice), entries, said.String())
		}
		if want, ok := plainLines(file); ok && want != entries {
			t.Fatalf("%d entries of %d lines", entries, want)
		}
	})
}

// plainLines counts the lines of a plain list that are neither empty nor remarks.
func plainLines(file []byte) (n int, ok bool) {
	text := strings.TrimPrefix(string(file), "\ufeff")
	head, _, _ := strings.Cut(strings.TrimSpace(strings.ReplaceAll(text, "\r", "\n")), "\n")
	if len(file) > 1000 || strings.ContainsAny(head, ",;\t") || slices.Contains(columns["email"], strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(bare(head)))) {
		return 0, false
	}
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	for each := range strings.SplitSeq(text, "\n") {
		each = strings.TrimSpace(strings.TrimPrefix(each, "\ufeff"))
		if each != "" && each[0] != '#' {
			n++
		}
	}
	return n, true
}
