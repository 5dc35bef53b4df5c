package feeds

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// vocabulary is what the invented essays are made of. With so few words chance
// matches are more frequent than in real texts.
var vocabulary = strings.Fields(`the the the the a a of of of to to and and in in that it is for on with as not by at from
	Kyiv Moscow Europe Washington Brussels allies treaty promise guarantee troops ceasefire border winter budget shells
	parliament minister general voters drones army alliance article clause deterrence risk war peace talks line force
	monitors sanctions frozen assets loan industry factory railway port energy grid deadline signature veto council
	would could must should may will gives takes holds fails keeps breaks costs buys sends waits asks answers knows
	long short weak strong costly early late honest empty binding political legal military public quiet sudden`)

// essay makes up a text of about so many words, in paragraphs of some sentences.
// Each seed gives another.
func essay(seed uint64, words int) string {
	random := rand.New(rand.NewPCG(seed, 7))
	var paragraphs []string
	for words > 0 {
		var b strings.Builder
		for range 3 {
			n := min(6+random.IntN(15), max(words, 1))
			for i := range n {
				word := vocabulary[random.IntN(len(vocabulary))]
				if i == 0 {
					word = strings.ToUpper(word[:1]) + word[1:]
				}
				b.WriteString(word + " ")
			}
			words -= n
			b.WriteString("\b. ")
		}
		paragraphs = append(paragraphs, strings.TrimSpace(strings.ReplaceAll(b.String(), " \b", "")))
	}
	return strings.Join(paragraphs, "\n\n")
}

// lead returns the first words of a text.
func lead(text string, words int) string {
	all := strings.Fields(text)
	return strings.Join(all[:min(words, len(all))], " ")
}

func part(text string, from, to int) string {
	all := strings.Fields(text)
	return strings.Join(all[from:to], " ")
}

// edited replaces every nth word.
func edited(text string, n int) string {
	all := strings.Fields(text)
	for i := n / 2; i < len(all); i += n {
		all[i] = fmt.Sprintf("changed%d", i)
	}
	return strings.Join(all, " ")
}

// scattered replaces words by chance, a share of them.
func scattered(text string, share float64) string {
	random := rand.New(rand.NewPCG(9, 9))
	all := strings.Fields(text)
	for i := range all {
		if random.Float64() < share {
			all[i] = "other"
		}
	}
	return strings.Join(all, " ")
}

// fisked answers a text quotation by quotation.
func fisked(text, own string, each int) string {
	a, b := strings.Fields(text), strings.Fields(own)
	var out []string
	for len(a) > 0 || len(b) > 0 {
		n, m := min(each, len(a)), min(each, len(b))
		out = append(append(out, a[:n]...), b[:m]...)
		a, b = a[n:], b[m:]
	}
	return strings.Join(out, " ")
}

type sample struct {
	outlet, title, text string
	days                float64 // after the first day
}

func (s sample) print() *Fingerprint {
	day := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	return NewFingerprint(s.outlet, s.title, s.text, day.Add(time.Duration(s.days*24)*time.Hour))
}

const (
	title   = "A guarantee that nobody signs is worth nothing"
	another = "Why the promise to Kyiv must become a treaty"
)

func TestCopiesAreOnePiece(t *testing.T) {
	text := essay(1, 900)
	first := sample{outlet: "One", title: title, text: text}
	head, foot := essay(2, 50), essay(3, 120)
	for _, each := range []struct {
		name string
		a, b sample
	}{
		{"word for word", first, sample{"Two", title, text, 0}},
		{"another title, header and footer", first, sample{"Two", another, head + "\n" + text + "\n" + foot, 3}},
		{"a short one with another title, header and footer", sample{"One", title, lead(text, 250), 0}, sample{"Two", another, lead(head, 30) + " " + lead(text, 250) + " " + lead(foot, 70), 3}},
		{"each with its own header and footer", sample{"One", title, essay(4, 60) + text + essay(5, 60), 0}, sample{"Two", another, head + text + foot, 3}},
		{"one word in twenty edited", first, sample{"Two", another, edited(text, 20), 1}},
		{"one word in ten edited", first, sample{"Two", another, edited(text, 10), 1}},
		{"fifteen words in a hundred edited", first, sample{"Two", another, scattered(text, 0.15), 1}},
		{"edited, header and footer", first, sample{"Two", another, head + scattered(text, 0.1) + foot, 1}},
		{"shortened by a sixth in the middle", first, sample{"Two", another, part(text, 0, 400) + " " + part(text, 550, 900), 1}},
		{"other typography", first, sample{"Two", another, strings.ToUpper(strings.ReplaceAll(text, ". ", " – ")), 1}},
		{"first paragraphs", first, sample{"Two", title, lead(text, 300), 0}},
		{"first paragraphs and what feeds add", first, sample{"Two", title, lead(text, 120) + " […] Read the whole piece at One. The post appeared first on One.", 0}},
		{"first paragraphs after a page's header", sample{"One", title, head + text, 0}, sample{"Two", title, lead(text, 100), 0}},
		{"a teaser, label in the title", sample{"One", "Opinion: " + title, text, 0}, sample{"Two", title, lead(text, 40), 0}},
		{"a short teaser with an equal title", first, sample{"Two", title, lead(text, 20), 0}},
		{"an excerpt of a report of a hundred pages", sample{"One", title, essay(6, 40_000), 0}, sample{"Two", title, lead(essay(6, 40_000), 250), 0}},
		{"only the title", first, sample{"Two", title, "", 1}},
		{"one outlet, two sections", first, sample{"One", title, text, 0.5}},
		{"one outlet, brought again after weeks", first, sample{"One", title, text, 30}},
		{"no spaces between words", sample{"One", "保障", strings.Repeat("乌克兰需要有约束力的安全保障条约而不是空洞的承诺因为莫斯科知道", 1) + "签字的国家必须准备在冬天之前派遣军队保卫边界和港口否则威慑就会失败没有人会相信下一个诺言也没有人会投资重建工厂和铁路", 0}, sample{"Two", "条约", "乌克兰需要有约束力的安全保障条约而不是空洞的承诺因为莫斯科知道签字的国家必须准备在冬天之前派遣军队保卫边界和港口否则威慑就会失败没有人会相信下一个诺言也没有人会投资重建工厂和铁路", 0}},
	} {
		t.Run(each.name, func(t *testing.T) {
			there, why := each.a.print().Likeness(each.b.print())
			back, whyBack := each.b.print().Likeness(each.a.print())
			if there < contained || there != back || why == "" || whyBack == "" {
				t.Errorf("%.2f %q, the other way round %.2f %q", there, why, back, whyBack)
			}
		})
	}
}

func TestPiecesOfTheirOwn(t *testing.T) {
	text, own := essay(1, 600), essay(2, 600)
	note := essay(3, 150) // what stands in every piece of an outlet
	first := sample{outlet: "One", title: title, text: text}
	roundUp := essay(4, 80) + "\n" + lead(text, 250) + "\n" + essay(5, 250) + "\n" + essay(6, 240)
	months := [2]string{"Russian offensive campaign assessment, 3 May 2026", "Russian offensive campaign assessment, 4 May 2026"}
	for _, each := range []struct {
		name string
		a, b sample
	}{
		{"two essays", first, sample{"Two", another, own, 0}},
		{"two essays with one title", first, sample{"Two", title, own, 0}},
		{"one author, an argument used again", first, sample{"Two", another, lead(own, 400) + " " + part(text, 100, 300), 3}},
		{"a reply, a third quoted in one block", first, sample{"Two", another, lead(own, 200) + part(text, 100, 300) + part(own, 200, 400), 1}},
		{"a reply, half quoted in one block", first, sample{"Two", another, lead(own, 150) + part(text, 0, 300) + part(own, 150, 300), 1}},
		{"a reply, half quoted first", first, sample{"Two", another, lead(text, 300) + own[:len(own)/2], 1}},
		{"a reply, half quoted in pieces", first, sample{"Two", another, fisked(lead(text, 300), lead(own, 300), 40), 1}},
		{"a reply that quotes the whole", first, sample{"Two", another, fisked(text, own, 30), 1}},
		{"a reply that quotes the whole of a short one", sample{"One", title, lead(text, 200), 0}, sample{"Two", another, lead(own, 100) + " " + lead(text, 200) + " " + part(own, 100, 300), 1}},
		{"a reply with a title like it", first, sample{"Two", "Reply: " + title, lead(own, 250) + part(text, 0, 250) + part(own, 250, 400), 1}},
		{"a round-up and a contribution", sample{"One", "Experts react: what the summit means", roundUp, 0}, sample{"Two", title, lead(text, 250), 0}},
		{"a round-up and its first contribution, no introduction", sample{"One", "Experts react: what the summit means", strings.TrimPrefix(roundUp, essay(4, 80)), 0}, sample{"Two", title, lead(text, 250), 0}},
		{"two views, and one of them alone", sample{"One", "Troops or treaty: two views", lead(text, 300) + lead(own, 300), 0}, sample{"Two", title, lead(text, 300), 0}},
		{"one outlet, a long note", sample{"One", title, lead(text, 300) + note, 0}, sample{"One", another, lead(own, 300) + note, 0}},
		{"one outlet, a note longer than the pieces", sample{"One", title, note + lead(text, 80), 0}, sample{"One", another, note + lead(own, 80), 0}},
		{"one outlet in two feeds, a long note", sample{"One Europe", title, note + lead(text, 150), 0}, sample{"One Security", another, note + lead(own, 150), 0}},
		{"one outlet in two feeds, the teaser is the note", sample{"One Europe", title, lead(note, 50), 0}, sample{"One Security", another, lead(note, 50), 0}},
		{"instalments of one frame", sample{"One", months[0], note + lead(text, 100) + essay(8, 200), 0}, sample{"One", months[1], note + lead(own, 100) + essay(8, 200), 1}},
		{"instalments that differ by a number, mirrored", sample{"One", months[0], note + essay(8, 300), 0}, sample{"Two", months[1], note + essay(8, 300), 1}},
		{"part I and part II", sample{"One", "The long road to a treaty, part I", note, 0}, sample{"One", "The long road to a treaty, part II", note, 0}},
		{"weekly update, another week", sample{"One", "Weekly update", lead(text, 300), 0}, sample{"One", "Weekly update", lead(own, 300), 7}},
		{"weekly update, one frame", sample{"One", "Weekly update", note + lead(text, 100), 0}, sample{"One", "Weekly update", note + lead(own, 100), 7}},
		{"weekly update, the teaser never changes", sample{"One", "Weekly update", lead(note, 50), 0}, sample{"One", "Weekly update", lead(note, 50), 7}},
		{"weekly update, titles alone", sample{"One", "Weekly update", "", 0}, sample{"One", "Weekly update", "", 0.5}},
		{"a rubric and an invitation", sample{"One", "Weekly update", "Read the whole piece.", 0}, sample{"Two", "Weekly update", "Read the whole piece.", 0}},
		{"titles alone, weeks apart", sample{"One", title, "", 0}, sample{"Two", title, "", 9}},
		{"short teasers, one phrase", sample{"One", title, "What should Europe do about security guarantees for Ukraine?", 0}, sample{"Two", another, "What should Europe do about security guarantees for Ukraine?", 0}},
		{"short teasers, like titles", sample{"One", title, lead(text, 20), 0}, sample{"Two", title + " now", lead(text, 20), 0}},
		{"no words", sample{"One", "", "", 0}, sample{"Two", "", "", 0}},
		{"no letters", sample{"One", "?!", "…", 0}, sample{"Two", "?!", "…", 0}},
		{"translation", sample{"One", title, "Ein Versprechen, das niemand unterschreibt, ist in Kyjiw nichts wert, und jeder in Moskau weiß das seit langem.", 0}, sample{"One", title, "A promise that nobody signs is worth nothing in Kyiv, and everybody in Moscow has known that for a long time now.", 0}},
	} {
		t.Run(each.name, func(t *testing.T) {
			a, b := each.a.print(), each.b.print()
			if share, why := a.Likeness(b); share != 0 || why != "" {
				t.Errorf("one piece: %s", why)
			}
			if share, why := b.Likeness(a); share != 0 || why != "" {
				t.Errorf("one piece, asked the other way round: %s", why)
			}
		})
	}
}

// Pieces put together from the same few sentences share most of their wording,
// but not its order.
func TestOrderCounts(t *testing.T) {
	var sentences []string
	for i := range 40 {
		sentences = append(sentences, essay(uint64(500+i), 14))
	}
	from := func(seed uint64, n int) string {
		random := rand.New(rand.NewPCG(seed, 8))
		var out []string
		for range n {
			out = append(out, sentences[random.IntN(len(sentences))])
		}
		return strings.Join(out, " ")
	}
	for seed := range uint64(30) {
		short, long := from(seed, 30), from(seed+100, 45)
		a := sample{"One", title, short, 0}.print()
		for _, b := range []sample{{"Two", title, long, 0}, {"Two", another, long, 0}} {
			if share, why := a.Likeness(b.print()); share != 0 {
				t.Errorf("seed %d: %s", seed, why)
			}
		}
		if share, _ := a.Likeness(sample{"Two", another, scattered(short, 0.08), 0}.print()); share == 0 {
			t.Errorf("seed %d: the edited copy is not known", seed)
		}
	}
}

func TestWhyNamesTheSide(t *testing.T) {
	text := essay(1, 400)
	whole, excerpt := sample{"One", title, text, 0}.print(), sample{"Two", title, lead(text, 100), 0}.print()
	if _, why := excerpt.Likeness(whole); why != "1.00 of its wording is in the other" {
		t.Errorf("of the excerpt: %q", why)
	}
	if _, why := whole.Likeness(excerpt); why != "1.00 of the other's wording is in it" {
		t.Errorf("of the whole: %q", why)
	}
}

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"Don’t cut\u00adoff U.S. aid": "dont cutoff u s aid",
		"don't cut\u200boff":          "dont cutoff",
		"Київ—Москва: 50%":            "київ москва 50",
		"ЄС":                          "єс",
		"e\u0301tat":                  "etat",
		"乌克兰 NATO":                    "乌 克 兰 nato",
		"\xff\xfe broken \x00":        "broken",
		"":                            "",
	} {
		var got []string
		eachWord(text, func(w []byte) bool { got = append(got, string(w)); return true })
		if !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%q: got %q", text, got)
		}
	}
}

// The same on every machine: these numbers were taken once.
func TestFingerprintIsFixed(t *testing.T) {
	f := NewFingerprint("One", title, "Europe must sign a treaty.", time.Time{})
	want := []uint64{0x4188ac9d9ec9c3a9, 0xb067f599170b2b51, 0xac406f9d529afc73}
	if !slices.Equal(f.runs, want) || f.words != 5 {
		t.Errorf("%d words, runs %#x", f.words, f.runs)
	}
}
