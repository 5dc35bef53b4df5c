package main

import (
	"fmt"
	"strings"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// The pieces, their authors and outlets are made up.

// inventedSayings are what invented authors hold, by stance.
var inventedSayings = map[topic.StanceKey][]string{
	"bind": {
		"A promise that no parliament has voted on lasts as long as the minister who made it.",
		"Only a clause that obliges each ally to act would have stopped the columns at the border.",
		"Membership is the one guarantee that Moscow has never put to the test.",
	},
	"deploy": {
		"Two brigades west of the river say more than ten declarations.",
		"A force has to stand in the country on the first morning of the truce.",
		"Soldiers who are there need not be asked whether they would come.",
	},
	"arm": {
		"Twenty years of signed contracts for shells would guard the border better than anybody’s garrison.",
		"The army that already fights is the guarantee; it needs money, not company.",
		"Air defence bought in advance is worth more than sympathy afterwards.",
	},
	"settle": {
		"A guarantee that one side calls a threat guarantees only the next war.",
		"Neutrality under inspection is the price at which the shooting stops.",
		"The order matters: terms first, and guarantors for those terms second.",
	},
	"survey": {
		"The table sets seven proposals side by side and says who would pay for each.",
		"Officials in four capitals read the same draft in four ways.",
	},
}

// inventedOutlets have names as think tanks have them.
var inventedOutlets = []struct{ name, country string }{
	{"Lakeside Centre for Reform", "GB"},
	{"Baltic Security Papers", "EE"},
	{"Rhine School of Defence", "DE"},
	{"Steppe Institute", "UA"},
	{"Restraint Review", "US"},
	{"Nordic Brief", "SE"},
	{"Vistula Notes", "PL"},
}

var inventedAuthors = []string{"Hanna Marchenko", "James Oldcastle", "Ruth Adeyemi", "Kadri Tammsalu", "Matthias Brücke", "Oleksandr Hrynko", "Ingrid Solberg", "Claire d’Aubigny"}

var inventedTitles = []string{
	"What %s would cost by 2030",
	"The case against waiting: %s",
	"%s, ten years on",
	"Who answers the telephone? Notes on %s",
	"%s is not a strategy",
}

var inventedThings = []string{"a treaty with teeth", "the reassurance force", "an arsenal of one’s own", "the long armistice", "air policing from Poland", "the empty chair in Geneva"}

// inventedPiece is the n-th of any number of pieces, no two of which are copies
// of each other.
func inventedPiece(n int, key topic.StanceKey) digest.Candidate {
	outlet := inventedOutlets[n%len(inventedOutlets)]
	title := fmt.Sprintf(inventedTitles[n%len(inventedTitles)], inventedThings[n%len(inventedThings)])
	if round := n / 30; round > 0 {
		title += fmt.Sprintf(", part %d", round+1)
	}
	said := inventedSayings[key]
	text := strings.Join(said, " ")
	for i := range 40 + 97*n%1200 { // words that no other piece has
		text += fmt.Sprintf(" word%dof%d", i, n)
	}
	c := digest.Candidate{
		Item: int64(n + 1), Title: strings.ToUpper(title[:1]) + title[1:], TitleKey: fmt.Sprintf("piece%d", n),
		URL: fmt.Sprintf("https://outlet%d.example/papers/%d", n%len(inventedOutlets), n), Key: fmt.Sprintf("outlet.example/%d", n),
		Canonical: fmt.Sprintf("outlet.example/%d", n), Outlet: outlet.name, Country: outlet.country, Position: n % len(inventedOutlets),
		Authors: []string{inventedAuthors[n%len(inventedAuthors)]}, Text: text, Basis: stance.BasisPage,
		Verdict: stance.Verdict{Relevant: true, Relevance: 0.9, Stance: key, Confidence: 0.8, Doubt: stance.Sure},
	}
	at := n % len(said)
	c.Verdict.Evidence = []stance.Quote{sentenceIn(text, said[at])}
	c.Verdict.Summary = []stance.Quote{sentenceIn(text, said[(at+1)%len(said)])}
	switch n % 7 {
	case 3:
		c.Verdict.Doubt, c.Verdict.Also = stance.Leaning, []topic.StanceKey{"survey"}
	case 5:
		c.Verdict.Doubt, c.Verdict.Also = stance.Unsure, []topic.StanceKey{"bind", "arm"}
	}
	return c
}

func sentenceIn(text, sentence string) stance.Quote {
	at := strings.Index(text, sentence)
	return stance.Quote{Text: sentence, Start: at, End: at + len(sentence)}
}

func invented(n int) []digest.Candidate {
	keys := []topic.StanceKey{"bind", "deploy", "arm", "settle", "survey"}
	var out []digest.Candidate
	for i := range n {
		out = append(out, inventedPiece(i, keys[i%len(keys)]))
	}
	return out
}

func ofOneCamp(n int) []digest.Candidate {
	var out []digest.Candidate
	for i := range n {
		c := inventedPiece(i, "deploy")
		c.Verdict.Doubt, c.Verdict.Also = stance.Sure, nil
		out = append(out, c)
	}
	return out
}

// dated places pieces in the days before a cut-off, save those that shall have
// no date.
func dated(pieces []digest.Candidate, to time.Time) []digest.Candidate {
	for i := range pieces {
		pieces[i].FirstSeen = to.Add(-time.Hour)
		if pieces[i].Published.IsZero() && pieces[i].Outlet != "" {
			pieces[i].Published = to.Add(-time.Duration(2+i%140) * time.Hour)
		}
	}
	return pieces
}

// changed makes pieces from n on, each altered by a function of its own.
func changed(n int, changes ...func(*digest.Candidate)) []digest.Candidate {
	keys := []topic.StanceKey{"bind", "deploy", "arm", "settle"}
	var out []digest.Candidate
	for i, change := range changes {
		c := inventedPiece(n+i, keys[i%len(keys)])
		c.Verdict.Doubt, c.Verdict.Also = stance.Sure, nil
		change(&c)
		out = append(out, c)
	}
	return out
}

func hostileLong(n int) []digest.Candidate {
	return changed(n,
		func(c *digest.Candidate) { c.Title = strings.Repeat("Guarantee upon guarantee, ", 400) },
		func(c *digest.Candidate) { c.Title = strings.Repeat("x", 10_000) },
		func(c *digest.Candidate) { c.URL += "/" + strings.Repeat("a-long-way/", 140) },
		func(c *digest.Candidate) {
			c.Outlet, c.Authors = strings.Repeat("Institute ", 60), []string{strings.Repeat("Name ", 100), "B", "C", "D", "E", "F"}
		},
		func(c *digest.Candidate) { // a summary that would hold the whole article
			whole := strings.Repeat("The whole article stands here, sentence by sentence. ", 600)
			c.Verdict.Summary = []stance.Quote{{Text: whole, End: len(whole)}}
			c.Verdict.Evidence = []stance.Quote{{Text: whole, End: len(whole)}}
		},
	)
}

func hostileMarkup(n int) []digest.Candidate {
	return changed(n,
		func(c *digest.Candidate) {
			c.Title = `<script>alert("x")</script> & <img src=x onerror=alert(1)> </table></td>`
		},
		func(c *digest.Candidate) {
			c.Title, c.URL = "Line\r\nSubject: injected\r\n\r\nbody", "javascript:alert(1)"
		},
		func(c *digest.Candidate) {
			c.Outlet, c.Authors = "CR\rLF\n& Sons <b>Ltd</b>", []string{"{{.Subject}}", "<!--"}
		},
		func(c *digest.Candidate) {
			says := `</blockquote></td><style>*{display:none}</style><![endif]--> &amp;lt;`
			c.Verdict.Evidence = []stance.Quote{{Text: says, End: len(says)}}
			c.URL = `https://q.example/?a="b"&c='d'&e=(f)<g>`
		},
	)
}

func hostileScripts(n int) []digest.Candidate {
	return changed(n,
		func(c *digest.Candidate) {
			c.Title, c.Outlet, c.Authors = "ضمانات الأمن لأوكرانيا: قراءة", "معهد الدراسات", []string{"كاتب أول"}
		},
		func(c *digest.Candidate) { c.Title = "\u202egnp.exe\u202c hidden \u200b turn \x00\x1b[31m \xff" },
		func(c *digest.Candidate) {
			c.Title = "Guarantees 👩‍👩‍👧‍👦🇺🇦👍🏽 now 🔥🔥🔥"
		},
		func(c *digest.Candidate) {
			c.Title, c.Outlet, c.Authors = "安全保障の条件と限界", "戦略研究所", []string{"山田 太郎", "Олександр Гринько"}
		},
	)
}

func hostileBare(n int) []digest.Candidate {
	return changed(n,
		func(c *digest.Candidate) { c.Authors = nil },
		func(c *digest.Candidate) { c.Published, c.Outlet = time.Time{}, "" }, // without an outlet: stays undated
		func(c *digest.Candidate) { c.URL = "" },
		func(c *digest.Candidate) {
			c.Title, c.URL, c.Authors, c.Outlet, c.Country = "", "", nil, "", ""
			c.Verdict.Evidence, c.Verdict.Summary = nil, nil
		},
	)
}

func hostileNames(n int) []digest.Candidate {
	return changed(n,
		func(c *digest.Candidate) {
			c.Authors = []string{`Smith, John "Jack", Jr.`, "O’Neill, Ann", "d'Arc; Jeanne"}
		},
		func(c *digest.Candidate) { c.Outlet = `"Policy, Power & Peace" Institute, Inc.` },
		func(c *digest.Candidate) { c.Title = `“Never again,” she said: ‘it’s’ "over", & so on` },
	)
}
