package render

import (
	"strings"
	"testing"
	"time"

	"standpoint/digest"
	"standpoint/digest/stance"
	"standpoint/digest/topic"
)

// The samples' pieces, authors and outlets are made up.

func brussels(tb testing.TB) *time.Location {
	tb.Helper()
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		tb.Fatal(err)
	}
	return zone
}

// blank is an edition with all sections and no entries.
func blank(tb testing.TB) digest.Edition {
	zone := brussels(tb)
	return digest.Edition{
		Number:   12,
		Topic:    "Security guarantees for Ukraine",
		Question: "How should Ukraine’s security be guaranteed after a cease-fire?",
		Window: digest.Window{
			From: time.Date(2026, 11, 16, 7, 7, 0, 0, zone),
			To:   time.Date(2026, 11, 23, 7, 7, 0, 0, zone),
		},
		Sections: []digest.Section{
			{Stance: "bind", Name: "Binding commitments", Short: "Binding", Test: "The author wants membership of NATO or a treaty that binds allies to defend Ukraine.", Colour: "#1f4e9c", Dark: "#8fb4f0", Shape: "■"},
			{Stance: "deploy", Name: "Troops on the ground", Short: "Troops", Test: "The author wants a Western or European force stationed in Ukraine.", Colour: "#8a3d00", Dark: "#eda465", Shape: "▲"},
			{Stance: "arm", Name: "Arm Ukraine", Short: "Arms", Test: "The author holds that Ukraine’s own armed forces are the guarantee.", Colour: "#2e6b2e", Dark: "#86c786", Shape: "●"},
			{Stance: "settle", Name: "Settlement first", Short: "Settlement", Test: "The author puts a negotiated settlement before any guarantee.", Colour: "#7a1f6b", Dark: "#e09ad3", Shape: "◆"},
			{Stance: "survey", Name: "No side taken", Short: "No side", Test: "The piece reports, explains or lays out options: useful background.", Colour: "#55575c", Dark: "#b4b6bb", Shape: "○"},
			{Stance: topic.Unsure, Name: "Not sorted: the program is unsure", Short: "Not sorted", Colour: "#55575c", Dark: "#b4b6bb", Shape: "?"},
		},
		Feeds:  digest.FeedCount{Read: 31, Failed: 2},
		Pieces: digest.PieceCount{Seen: 214, Kept: 0},
	}
}

// put adds entries to the section of a stance and completes what the section
// tells of them.
func put(e *digest.Edition, key topic.StanceKey, entries ...digest.Entry) {
	names := map[topic.StanceKey]string{}
	for _, s := range e.Sections {
		names[s.Stance] = s.Name
	}
	for i := range e.Sections {
		if e.Sections[i].Stance != key {
			continue
		}
		for _, en := range entries {
			if en.Stance == "" {
				en.Stance = key
			}
			if en.Doubt == "" {
				en.Doubt = stance.Sure
			}
			if en.Basis == "" {
				en.Basis = stance.BasisPage
			}
			en.StanceName = names[en.Stance]
			for _, k := range en.Also {
				en.AlsoNames = append(en.AlsoNames, names[k])
			}
			e.Pieces.Kept++
			en.Item = int64(e.Pieces.Kept)
			e.Sections[i].Entries = append(e.Sections[i].Entries, en)
		}
	}
}

func on(tb testing.TB, day int) time.Time {
	return time.Date(2026, 11, day, 9, 30, 0, 0, brussels(tb))
}

// full is a week as it should be: all kinds of cards, one camp without a piece.
func full(tb testing.TB) digest.Edition {
	e := blank(tb)
	put(
		&e, "bind",
		digest.Entry{
			Title: "Only a treaty with teeth will keep the peace", URL: "https://www.ler.example/publications/treaty-with-teeth?part=1&lang=en",
			Outlet: "Lakeside Centre for European Reform", Country: "GB", Authors: []string{"Hanna Marchenko", "James Oldcastle"}, Published: on(tb, 18), Minutes: 6,
			Summary: "Memoranda failed in 1994 and would fail again. The paper sets out a treaty under which each signatory owes armed help within days, and asks parliaments to ratify it before a cease-fire is signed.",
			Quote:   "A promise that a parliament has not ratified is a press release; Kyiv has a drawer full of those.",
			AlsoAt:  []digest.Copy{{Outlet: "Policy Mirror", URL: "https://mirror.example/2026/11/treaty"}},
		},
		digest.Entry{
			Title: "Membership is cheaper than the alternatives", URL: "https://transatlantic.example/membership-is-cheaper",
			Outlet: "Transatlantic Policy Forum", Country: "US", Authors: []string{"Ruth Adeyemi"}, Published: on(tb, 17), Minutes: 9,
			Summary: "An invitation to NATO costs less over ten years than a permanent force or an open-ended arms programme, the author calculates.",
			Quote:   "Article 5 is the only guarantee that Moscow has never tested.",
		},
		digest.Entry{
			Title: "The coalition should sign first and argue later", URL: "https://baltic.example/a/coalition-sign-first",
			Outlet: "Baltic Security Institute", Country: "EE", Authors: []string{"Kadri Tammsalu"}, Published: on(tb, 20), Minutes: 4,
			Doubt: stance.Leaning, Also: []topic.StanceKey{"deploy"}, Basis: stance.BasisTeaser,
			Summary: "Eleven states are ready to bind themselves by law. Waiting for the rest hands Russia a veto.",
			Quote:   "Signatures on a mutual defence clause come first, and battalions follow from them.",

			Contrary: "Two brigades near Lviv would say more than any of these pages.",
		},
	)
	put(
		&e, "deploy",
		digest.Entry{
			Title: "What a reassurance force of 25,000 could hold, and what it could not", URL: "https://defence-studies.example/reports/2026/reassurance-force.pdf",
			Outlet: "Rhine School of Defence Studies", Country: "DE", Authors: []string{"Matthias Brücke", "Claire d’Aubigny", "Tomasz Zieliński", "Ana Sousa", "Piet de Vries"}, Published: on(tb, 16), Minutes: 14,
			Summary: "Three brigades west of the Dnipro, air policing from Polish bases and an American reserve: the report finds that this would deter a renewed attack on Kyiv and Odesa.",
			Quote:   "Soldiers who stand in the country need not be asked whether they would come.",
			AlsoAt:  []digest.Copy{{Outlet: "Policy Mirror", URL: "https://mirror.example/2026/11/force"}, {Outlet: "Continental Review", URL: "https://review.example/force"}},
		},
		digest.Entry{
			Title: "Europe’s boots, America’s eyes", URL: "https://transatlantic.example/boots-and-eyes",
			Outlet: "Transatlantic Policy Forum", Country: "US", Authors: []string{"Samuel Okafor"}, Published: on(tb, 19), Basis: stance.BasisPaywall,
			Summary: "A European force is workable if Washington supplies intelligence and lift, the author argues after interviews in four capitals.",
			Quote:   "The force has to be there on the first morning of the truce.",
		},
	)
	put(
		&e, "arm",
		digest.Entry{
			Title: "The steel hedgehog, ten years on", URL: "https://steppe.example/essays/hedgehog",
			Outlet: "Steppe Institute", Country: "UA", Authors: []string{"Oleksandr Hrynko"}, Published: on(tb, 18), Minutes: 7,
			Summary: "Ukraine’s drone and missile industry outproduces most of Europe. Long contracts, not foreign garrisons, would keep it so.",
			Quote:   "We do not need others to die for us; we need them to sign for twenty years of ammunition.",
		},
		digest.Entry{
			Title: "Pay for the army that already fights", URL: "https://nordic.example/brief/41",
			Outlet: "Nordic Council on Strategy", Country: "SE", Authors: []string{"Ingrid Solberg"}, Published: on(tb, 21), Minutes: 3, Basis: stance.BasisTitle,
		},
	)
	put(
		&e, "survey",
		digest.Entry{
			Title: "Seven proposals side by side", URL: "https://ler.example/explainers/seven-proposals",
			Outlet: "Lakeside Centre for European Reform", Country: "GB", Authors: []string{"The editors"}, Published: on(tb, 20), Minutes: 11,
			Summary: "A table of the proposals now on the table: who would commit, to what, in how many days, and who pays.",

			Voices: []digest.Voice{
				{Name: "Orla Brackwater", Says: "I would sooner trust two brigades than ten treaties."},
				{Name: "Piet van der Hollander", Says: "Without a treaty the brigades go home after the next election, whoever wins it and whatever was said at the airport when they left, because no budget knows them and no court has ever heard", Cut: true},
				{Name: "Queenie Marsh", Says: "Shells first."},
			},
		},
		digest.Entry{
			Title: "Minister: talks on guarantees to resume in Geneva", URL: "https://wire.example/news/88121",
			Outlet: "Wire Service East", Country: "PL", Published: on(tb, 22), Minutes: 2,
			Summary: "The Polish foreign minister told reporters that a draft will be on the table in December.",
			Quote:   "Nobody has yet agreed on who enforces what, the minister said.",
		},
	)
	put(
		&e, topic.Unsure,
		digest.Entry{
			Title: "Between the porcupine and the tripwire", URL: "https://quincunx.example/between",
			Outlet: "Quincunx Papers", Country: "US", Authors: []string{"Dana Whitfield"}, Published: on(tb, 19), Minutes: 8,
			Stance: "arm", Doubt: stance.Unsure, Also: []topic.StanceKey{"deploy", "bind"},
			Summary: "The author weighs a small allied force against a large Ukrainian one and asks for both, in an order that depends on Washington.",
			Quote:   "A tripwire without a fence behind it is only wire.",
		},
		digest.Entry{
			Title: "Notes from a week in Kyiv", URL: "https://review.example/notes-kyiv",
			Outlet: "Continental Review", Country: "FR", Authors: []string{"Lucie Maréchal"}, Published: on(tb, 21), Minutes: 6,
			Stance: "settle", Doubt: stance.Unsure, Basis: stance.BasisFeed,
			Summary: "Talks with officials and soldiers on what would count as safe.",
		},
	)
	e.Pieces.OtherLanguages = 12
	e.Measured = topic.Measured{Pieces: 433, Strict: 0.61, Lenient: 0.78, Sure: 0.62, SureLenient: 0.95, WrongCamp: 0.015, How: "short retellings of real pieces"}
	e.Sections[2].Entries[0].By = stance.ByOperator
	e.Corrections = []digest.Correction{
		{
			Edition: 11, Title: "A force is not a plan", URL: "https://northern.example/a-force-is-not-a-plan", Outlet: "Northern Council on Strategy",
			From: "deploy", FromName: "Troops on the ground", To: "arm", ToName: "Arm Ukraine", Why: "the author asks for shells and calls the force a distraction",
		},
		{
			Edition: 9, Title: "What Tallinn learned", URL: "https://baltic.example/a/what-tallinn-learned", Outlet: "Baltic Security Institute",
			From: topic.Unsure, FromName: "Not sorted", Why: "it is about Estonia’s own defence.",
		},
		{
			Edition: 8, Title: "The winter of talks", Outlet: "Restraint Review",
			From: "settle", FromName: "Settlement first", To: topic.Unsure, ToName: "Not sorted",
		},
	}
	return e
}

// grown is a full edition with others before it, and a web side's frame.
func grown(tb testing.TB) digest.Edition {
	e := packed(tb)
	for i, counts := range [][]int{{2, 5, 4, 1, 2, 3}, {4, 4, 6, 0, 1, 2}, {1, 0, 2, 0, 0, 0}, {3, 3, 12, 2, 1, 5}} {
		p := digest.Past{Number: e.Number - 1 - i, Counts: map[topic.StanceKey]int{}}
		for j, n := range counts {
			p.Counts[e.Sections[j].Stance] = n
		}
		e.Past = append(e.Past, p)
	}
	e.Start = []int64{4, 6, 1}
	e.Quote = &digest.Saying{Item: 7, Text: "An army that is paid for ten years ahead needs no paragraph to say that it will be there."}
	e.Moves = []digest.Move{{Stance: "bind", Now: 0.27, Before: 0.12}}
	e.Fresh = digest.Fresh{Outlets: []string{"Steppe Institute", "Wire Service East"}, Names: []string{"Coalition of the Punctual"}}
	return e
}

// note is a quiet week's.
func note(tb testing.TB) digest.Edition {
	e := small(tb)
	e.Number, e.Note = 13, true
	return e
}

// small is a week with few pieces.
func small(tb testing.TB) digest.Edition {
	e := blank(tb)
	e.Number, e.Feeds, e.Pieces.Seen, e.Pieces.OtherLanguages = 1, digest.FeedCount{Read: 5}, 9, 1
	e.Measured = topic.Measured{Pieces: 60, Lenient: 0.8}
	put(&e, "settle", digest.Entry{
		Title: "No guarantee without a settlement", URL: "https://restraint.example/no-guarantee",
		Outlet: "Restraint Review", Country: "US", Authors: []string{"Helen Voss"}, Published: on(tb, 17), Minutes: 5,
		Summary: "A force that Russia has not agreed to would be a target, the author holds, and asks for talks on neutrality.",
		Quote:   "Guarantees that one side calls a threat guarantee only the next war.",
	})
	put(&e, "bind", digest.Entry{
		Title: "Write it into law", URL: "https://baltic.example/a/into-law",
		Outlet: "Restraint Review", Country: "US", Authors: []string{"Kadri Tammsalu"}, Published: on(tb, 18), Minutes: 1,
		Quote: "A law binds the next government, a speech does not.",
	})
	return e
}

// hostile holds what broken and ill-meaning feeds send.
func hostile(tb testing.TB) digest.Edition {
	e := blank(tb)
	e.Feeds, e.Pieces.Seen = digest.FeedCount{Read: 1}, 1
	put(
		&e, "bind",
		digest.Entry{
			Title: strings.Repeat("Guarantee upon guarantee, ", 400), URL: "https://long.example/" + strings.Repeat("a", 300),
			Outlet: strings.Repeat("Institute ", 40), Summary: strings.Repeat("The whole article is here. ", 900), Quote: strings.Repeat("quoted ", 200),
			Authors: []string{strings.Repeat("Name ", 100)},
		},
		digest.Entry{Title: strings.Repeat("x", 10_000), URL: "https://long.example/word"},
		digest.Entry{Title: "ضمانات الأمن لأوكرانيا", URL: "https://rtl.example/ضمانات", Outlet: "معهد", Authors: []string{"كاتب"}, Published: on(tb, 17)},
	)
	put(
		&e, "deploy",
		digest.Entry{
			Title: "Line\r\nSubject: injected\r\n\r\nbody", URL: "https://crlf.example/a\r\nb", Outlet: "CR\rLF\n& Sons <b>Ltd</b>",
			Authors: []string{`Smith, John "Jack", Jr.`, "O’Neill, Ann"}, Country: "<x>",
		},
		digest.Entry{Title: `<script>alert("x")</script> & <img src=x onerror=alert(1)>`, URL: "javascript:alert(1)", Quote: `</blockquote><script>1</script>`, Summary: "{{.Subject}} &amp; <!--"},
		digest.Entry{
			Title: "Voices", Contrary: "</p>\r\n<b>but", Voices: []digest.Voice{
				{Name: "<script>x</script>", Says: "\u202eevil </blockquote>\r\nSubject: x"},
				{Name: strings.Repeat("Name ", 100), Says: strings.Repeat("says ", 500), Cut: true},
				{},
				{Name: "كاتب", Says: "نعم"},
				{Name: "Only a name"},
				{Says: "Nobody's"},
				{Name: "A Sixth", Says: "Not shown."},
			},
		},
		digest.Entry{Title: "\u202egnp.exe\u202c emoji 👩‍👩‍👧‍👦🇺🇦👍🏽 \x00\x1b[31m \xff", URL: "https://user:pw@evil.example/", Outlet: "Zero\u200bwidth"},
		digest.Entry{},
	)
	put(
		&e, topic.Unsure,
		digest.Entry{
			Title: "Commentary", URL: `https://q.example/?a="b"&c='d'&e=(f)<g>`, Outlet: "First", Doubt: stance.Unsure, Stance: "nobody",
			AlsoAt: []digest.Copy{{Outlet: "Copy", URL: "data:text/html,x"}, {Outlet: "Copy", URL: "https://copy.example/1"}},
		},
		digest.Entry{Title: "Commentary", URL: "http://bücher.example:8080/ü?ö", Outlet: "First", Doubt: stance.Unsure, Stance: "arm", Also: []topic.StanceKey{"arm", "bind", "settle"}, AlsoAt: []digest.Copy{{URL: "https://copy.example/2", Outlet: "Copy"}}},
		digest.Entry{Title: "Commentary", URL: "https://third.example/", Outlet: "First", Published: time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), Doubt: stance.Unsure},
	)
	e.Corrections = []digest.Correction{
		{},
		{
			Edition: -1, Title: strings.Repeat("<b>Title</b> ", 100), URL: "javascript:alert(1)", Outlet: "<script>", From: "nobody", FromName: "</p>",
			To: "bind", ToName: "Binding: {{.Subject}}", Why: "so\r\nSubject: x </td></table>" + strings.Repeat("because ", 500),
		},
		{Title: "Commentary", URL: "https://fourth.example/", Why: "...", To: "bind", ToName: "B"},
	}
	return e
}

// packed is the full edition with the names and colours of the built-in pack.
func packed(tb testing.TB) digest.Edition {
	p, err := topic.Builtin("ukraine-security-guarantees")
	if err != nil {
		tb.Fatal(err)
	}
	e := full(tb)
	e.Topic, e.Question = p.Name, p.Question
	for i := range e.Sections {
		s := &e.Sections[i]
		if st, ok := p.Stance(s.Stance); ok {
			s.Name, s.Short, s.Test, s.Colour, s.Dark, s.Shape = st.Name, st.Short, st.Test, st.Colour, st.Dark, st.Shape
		}
	}
	return e
}

// many is an edition of n pieces, spread over the camps.
func many(tb testing.TB, n int) digest.Edition {
	src, e := full(tb), blank(tb)
	var all []digest.Entry
	for _, s := range src.Sections {
		all = append(all, s.Entries...)
	}
	for i := range n {
		en := all[i%len(all)]
		en.AlsoNames = nil
		en.URL += "#" + string(rune('a'+i/len(all)))
		key := en.Stance
		if en.Doubt == stance.Unsure {
			key = topic.Unsure
		}
		put(&e, key, en)
	}
	return e
}

func frame() Frame {
	return Frame{
		Sender:      "Standpoint",
		Postal:      "Rue de l’Exemple 1, 1000 Brussels",
		Unsubscribe: "digest+unsubscribe@example.org",
		ReplyTo:     "editor@example.org",
		ListName:    "Standpoint: security guarantees for Ukraine",
	}
}
