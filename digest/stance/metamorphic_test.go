package stance

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"standpoint/digest/topic"
)

// specimen is a relevant piece with the verdict on it.
type specimen struct {
	id, title, text string
	by              *Classifier
	verdict         Verdict
}

// unseen gives for each example a classifier that has not learned from it.
var unseen = sync.OnceValues(func() (map[string]*Classifier, error) {
	pack, err := topic.Builtin(ukraine)
	if err != nil {
		return nil, err
	}
	r, pieces, err := readPack(pack)
	if err != nil {
		return nil, err
	}
	by := map[string]*Classifier{}
	for fold := range folds {
		seen, rest := part(pieces, folds, fold)
		m, err := fit(pack, seen)
		if err != nil {
			return nil, err
		}
		for _, p := range rest {
			by[p.ID] = &Classifier{pack: pack, reader: r, model: m}
		}
	}
	return by, nil
})

// specimens are the examples that real pieces stood behind, and the full-length
// pieces, as far as they are judged relevant. With EVAL=1 no example is judged by
// a classifier that learned from it: labels then stand less firm.
func specimens(t *testing.T) []specimen {
	t.Helper()
	specimensOnce.Do(func() { specimensOnce.all = newSpecimens(t) })
	return specimensOnce.all
}

var specimensOnce struct {
	sync.Once
	all []specimen
}

func newSpecimens(t *testing.T) []specimen {
	t.Helper()
	c := classifier(t)
	examples, err := c.pack.Examples()
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]*Classifier{}
	if os.Getenv("EVAL") != "" {
		if by, err = unseen(); err != nil {
			t.Fatal(err)
		}
	}
	var all []specimen
	for n, e := range examples {
		if e.Relevant && !e.Own && (os.Getenv("EVAL") != "" || n%5 == 0) {
			all = append(all, specimen{id: e.ID, title: e.Title, text: e.Text, by: cmp.Or(by[e.ID], c)})
		}
	}
	full := fullPieces(t)
	for _, id := range slices.Sorted(maps.Keys(full)) {
		all = append(all, specimen{id: id, title: full[id][0], text: full[id][1], by: c})
	}
	each(len(all), func(i int) { all[i].verdict = all[i].by.Classify(all[i].title, all[i].text) })
	return slices.DeleteFunc(all, func(s specimen) bool { return !s.verdict.Relevant })
}

// moved counts what becomes of verdicts when a change is made that leaves the
// author's view alone, and returns the share that keep their stance.
type moved struct {
	pieces, stance, sure, lost atomic.Int64 // compared; with another stance; sure before and after, with another stance; not relevant any more
}

func (m *moved) compare(t *testing.T, change string, s specimen, v Verdict) {
	m.pieces.Add(1)
	switch {
	case !v.Relevant:
		m.lost.Add(1)
		t.Logf("%s: %s is not relevant any more (%.2f)", change, s.id, v.Relevance)
	case v.Stance != s.verdict.Stance:
		m.stance.Add(1)
		if v.Doubt == Sure && s.verdict.Doubt == Sure {
			m.sure.Add(1)
		}
		t.Logf("%s: %s %s %.2f %s becomes %s %.2f %s", change, s.id, s.verdict.Stance, s.verdict.Confidence, s.verdict.Doubt, v.Stance, v.Confidence, v.Doubt)
	}
}

// hold fails where more than a share of the verdicts move, or more sure ones than
// sureMost turn into another sure one.
func (m *moved) hold(t *testing.T, change string, most, sureMost float64) {
	t.Helper()
	if os.Getenv("EVAL") != "" {
		most = 5 * most
	}
	n := float64(m.pieces.Load())
	stance, sure, lost := float64(m.stance.Load())/n, float64(m.sure.Load())/n, float64(m.lost.Load())/n
	t.Logf("RATE %s: of %.0f pieces %.1f %% change their label, %.1f %% from sure to sure, %.1f %% are lost", change, n, 100*stance, 100*sure, 100*lost)
	if stance+lost > most || sure > sureMost || n < 10 {
		t.Errorf("%s: of %.0f pieces %.3f change their label or are lost, want %.3f at most; %.3f from sure to sure, want %.3f", change, n, stance+lost, most, sure, sureMost)
	}
}

// outlets are names of those who publish, and politicians names of those who are
// written about, as the examples have them. Others stand in for them.
var (
	outlets = strings.Split("Chatham House|Royal United Services Institute|RUSI|Carnegie|Atlantic Council|Brookings|CSIS|IISS|ECFR|Centre for European Reform|Bruegel|Quincy Institute|Cato|RAND|Hudson Institute|Heritage Foundation|Defense Priorities|German Marshall Fund|Reuters|Bloomberg|The Guardian|Guardian|BBC|CNN|Politico|The Economist|Financial Times|New York Times|Washington Post|Wall Street Journal|Telegraph|Foreign Affairs|Foreign Policy|UnHerd|Kyiv Independent|Ukrainska Pravda|The Spectator|Le Monde|Der Spiegel|Euronews|Axios|Newsweek|Associated Press|AFP|Interfax|TASS|RMF", "|")

	politicians = strings.Split("Zelensky|Zelenskyy|Putin|Trump|Biden|Macron|Starmer|Merz|Scholz|Meloni|Tusk|Orbán|Orban|Rutte|Stoltenberg|Kallas|Lavrov|Peskov|Vance|Hegseth|Rubio|Witkoff|Kellogg|Umerov|Kuleba|Zaluzhny|Yermak|Erdogan|Fico|Sikorski|Pistorius|Healey|Blinken|Sullivan|Obama|Bush|Clinton|Merkel|Medvedev|Yeltsin|Poroshenko|Johnson|Sunak|Rasmussen|Wallace|Nuland|Kissinger|Budanov|Sybiha|Costa|Frederiksen|Kushner", "|")

	// persons finds a first name with the surname after it.
	persons = regexp.MustCompile(`\b(Adam|Alan|Alena|Alex|Alexander|Alina|Andrew|Andrii|Andriy|Anna|Anne|Anatol|Andreas|Ben|Benjamin|Bob|Boris|Brian|Bruno|Carl|Charles|Chris|Christian|Christopher|Claudia|Daniel|David|Dmytro|Donald|Douglas|Ed|Edward|Elena|Emma|Eric|Eugene|Fiona|Frank|François|Gabriel|George|Gideon|Hanna|Hannah|Henry|Ian|Igor|Ivan|Ivo|Jack|James|Jan|Jean|Jennifer|Jeremy|Joe|John|Jonathan|Joseph|Julia|Kaja|Karl|Katja|Keir|Keith|Kurt|Laura|Lawrence|Léonie|Liana|Maria|Marina|Mark|Martin|Mary|Max|Michael|Mike|Mykhailo|Mykola|Nicolas|Nigel|Oleksandr|Oleksii|Olena|Olga|Olha|Oleh|Patrick|Paul|Peter|Phillips|Philip|Pavlo|Richard|Robert|Rose|Rob|Samuel|Sam|Sarah|Serhii|Sergey|Simon|Sophia|Stephen|Steven|Steve|Stefan|Steven|Svitlana|Taras|Thomas|Tim|Timothy|Tom|Ulrike|Ursula|Victoria|Viktor|Volodymyr|Vladimir|Walter|William|Wolfgang|Yuri|Yuliia) ([A-Z][\p{L}’'-]+)\b`)
)

// inventedNames are short and belong to nobody in the debate.
var inventedNames = strings.Fields("Ambrel Bostrand Carvik Dornfeld Estermann Fallow Gornik Haldane Istvor Jellin Kestrel Lomond Marwick Norvell Ostrander Pellworm Quillan Rostock Sandvar Tremlin Ullmar Vestby Wendover Yarrow Zellick")

func invented(name string) string {
	h := fnv.New32a()
	h.Write([]byte(name))
	return inventedNames[int(h.Sum32()%uint32(len(inventedNames)))]
}

// renamed gives everybody of the names another one, in the whole piece alike.
func renamed(title, text string, names []string) (string, string) {
	for _, name := range names {
		if whole := title + " " + text; strings.Contains(whole, name) {
			re := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`)
			title, text = re.ReplaceAllString(title, invented(name)), re.ReplaceAllString(text, invented(name))
		}
	}
	return title, text
}

// people are the names of persons that a piece has, first names and surnames,
// but for those of politicians.
func people(title, text string) []string {
	var names []string
	for _, m := range persons.FindAllStringSubmatch(title+" "+text, -1) {
		if !slices.Contains(politicians, m[2]) {
			names = append(names, m[1], m[2])
		}
	}
	return names
}

// TestOtherNames: who publishes, who writes and who is written about makes no
// difference to what is asked for.
func TestOtherNames(t *testing.T) {
	all := specimens(t)
	for _, swap := range []struct {
		name           string
		names          func(title, text string) []string
		most, sureMost float64
	}{
		{"outlets", func(string, string) []string { return outlets }, 0.02, 0},
		{"authors and experts", people, 0.03, 0},
		{"politicians", func(string, string) []string { return politicians }, 0.05, 0.01},
	} {
		var m moved
		each(len(all), func(i int) {
			title, text := renamed(all[i].title, all[i].text, swap.names(all[i].title, all[i].text))
			if title != all[i].title || text != all[i].text {
				m.compare(t, swap.name, all[i], all[i].by.Classify(title, text))
			}
		})
		m.hold(t, swap.name, swap.most, swap.sureMost)
	}
}

// furniture is what pages carry below a text, in no author's voice.
var furniture = map[string]string{
	"newsletter":       "\n\nEnjoyed this piece? Sign up for our newsletter and get the week's best writing in your inbox every Friday. You can unsubscribe at any time.",
	"biography":        "\n\nAda Ambrel is a senior fellow at the Lanternfield Institute, where she works on European security and transatlantic relations. She was a diplomat in Kyiv and Brussels, and is the author of The Quiet Frontier.",
	"related links":    "\n\nRelated articles\n\nUkraine must join NATO now\n\nSend European troops to Kyiv before it is too late\n\nArm Ukraine to the teeth\n\nNeutrality is Ukraine's only way to peace\n\nMost read",
	"licence":          "\n\nThis article was first published in the Lanternfield Review. The views expressed are those of the author alone. © All rights reserved. Photo credit: an agency.",
	"plea for money":   "\n\nIndependent journalism costs money. If you value our work, please donate: five euros a month keep our reporters in the field. Share this article with a friend, follow us, and leave a comment.",
	"cookies and menu": "\n\nWe use cookies to improve your visit. Accept all\n\nHome\n\nAbout us\n\nExperts\n\nEvents\n\nPrivacy policy\n\nTerms of use",
	"contact":          "\n\nNotes for editors: for further information or to request an interview with the author, please contact the press office of the Lanternfield Institute.",
}

// oddsAndEnds are more of the kind.
var oddsAndEnds = map[string]string{
	"tags":           "\n\nTags: Ukraine, NATO, Russia, security guarantees, Europe, ceasefire",
	"next and back":  "\n\nPrevious: What the winter did to the rail network\n\nNext: Why the fishermen of Hollin vote as they do",
	"membership":     "\n\nBecome a member today and support the work of the Lanternfield Review. Members get the print edition and two events a year.",
	"audio":          "\n\nListen to this article (9 min)\n\nDownload the PDF",
	"event":          "\n\nJoin us on 12 March for a discussion with the author at the Lanternfield Institute. Coffee will be served from nine; registration is required.",
	"short bio":      "\n\nAda Ambrel writes on defence and lives in Hollin. Her latest book is The Quiet Frontier.",
	"correction":     "\n\nCorrection: An earlier version of this article misspelled the name of the river. We regret the error.",
	"bio and mail":   "\n\nAbout the author\n\nAda Ambrel covers Europe for the Lanternfield Review. Write to her at ada@lanternfield.example.",
	"closed replies": "\n\n12 responses to this post\n\nbob: No guarantees, no troops, no NATO. Let them be neutral!\n\ncarol: bob is right.",
}

// unforeseen was written when the program was done: nothing in it was made after
// these, and they show how far it goes with pages that nobody thought of.
var unforeseen = map[string]string{
	"prize":       "\n\nThe Lanternfield Review won the Hollin Prize for periodicals in 2024 and was shortlisted again last year.",
	"translation": "\n\nTranslated from the Norwegian by Piet Hollander. The translation was checked by the author.",
	"weather":     "\n\nIt rained in Hollin this morning. The ferries ran late, and the market was moved indoors.",
	"thanks":      "\n\nI am grateful to two colleagues who read a draft, and to the librarians of the Quay Centre, who found what I could not.",
	"method":      "\n\nInterviews for this text were held between March and June; some names were changed at the request of those concerned.",
	"podcast":     "\n\nThe conversation with Ada Ambrel can be heard in this week's episode of the Review's podcast, which comes out on Thursdays.",
}

// TestFurnitureDoesNotSpeak appends to every piece what surrounds it on a page;
// what may never matter to every twelfth piece, without EVAL=1, by turns.
func TestFurnitureDoesNotSpeak(t *testing.T) {
	skipComputing(t)
	all := specimens(t)
	for _, pages := range []map[string]string{furniture, oddsAndEnds, unforeseen} {
		for k, name := range slices.Sorted(maps.Keys(pages)) {
			most, step := 0.0, 12
			if _, ok := unforeseen[name]; ok {
				most, step = 0.03, 6
			}
			if os.Getenv("EVAL") != "" {
				step = 1
			}
			var m moved
			each(len(all), func(i int) {
				if (i+k)%step == 0 {
					m.compare(t, name, all[i], all[i].by.Classify(all[i].title, all[i].text+pages[name]))
				}
			})
			m.hold(t, name, most, 0)
		}
	}
}

// replies are what readers write under a piece, by what they want.
var replies = map[string][]string{
	"bind":   {"max_1971: Rubbish. Only NATO membership will ever stop Putin.", "Kim: Article 5 for Ukraine, and now. Everything else is appeasement.", "lee: The author is a coward. Admit Ukraine and be done with it!", "Olga R.: A binding treaty, ratified, or it is worth nothing.", "p.: +1"},
	"deploy": {"tom: Send in the troops already. What are we waiting for?", "Greta: European soldiers in Kyiv would end this in a week.", "dieter_b: Close the sky and put boots on the ground, all else is talk.", "Ann: Agree with Tom.", "x: A tripwire force is the only language that Moscow understands."},
	"arm":    {"hank: Nobody will die for Kyiv. Give them weapons, lots of them.", "Irina: Missiles, drones, shells. No troops, no treaties, just arms!", "oldsoldier: The Israeli model. Arm them to the teeth.", "Ben: Right, hank.", "q: Their army is the best in Europe, pay for it."},
	"settle": {"joe_47: What nonsense. No guarantees at all, Ukraine must be neutral and negotiate.", "Anna: Stop the war, talk to Moscow now!", "Reader: Totally agree with Joe. NATO started this.", "peace4all: Western troops would mean world war three.", "z: Compromise is the only way out."},
}

// TestRepliesDoNotSpeak appends readers' comments of each opinion, where no
// pruning took them away: to every eighth piece, without EVAL=1, by turns.
func TestRepliesDoNotSpeak(t *testing.T) {
	skipComputing(t)
	all, step := specimens(t), 8
	if os.Getenv("EVAL") != "" {
		step = 1
	}
	for k, head := range []string{"5 replies", "Comments (5)", "Join the discussion"} {
		var m moved
		for _, of := range slices.Sorted(maps.Keys(replies)) {
			section := fmt.Sprintf("\n\n%s\n\n%s\n\nLeave a reply", head, strings.Join(replies[of], "\n\n"))
			each(len(all), func(i int) {
				if (i+k)%step == 0 && string(all[i].verdict.Stance) != of {
					m.compare(t, head+" for "+of, all[i], all[i].by.Classify(all[i].title, all[i].text+section))
				}
			})
		}
		m.hold(t, "replies under “"+head+"”", 0.005, 0)
	}
}
