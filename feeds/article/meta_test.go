package article

import (
	"strings"
	"testing"
	"time"
)

// TestMeta reads what pages say of themselves. A row gives what stands in the
// head and above the text; what it does not want to know it leaves empty.
func TestMeta(t *testing.T) {
	ld := func(s string) string { return `<script type="application/ld+json">` + s + `</script>` }
	for name, c := range map[string]struct {
		head, body                          string
		authors, published, canonical, lang string
	}{
		"author as a string":            {ld(`{"@type":"Article","author":"Ada Modell"}`), "", "Ada Modell", "", "", ""},
		"author as an object":           {ld(`{"@type":"Article","author":{"name":"Ada Modell"}}`), "", "Ada Modell", "", "", ""},
		"authors as a list":             {ld(`{"@type":"Article","author":[{"name":"Ada Modell"},"Bo Muster"]}`), "", "Ada Modell|Bo Muster", "", "", ""},
		"names as a list":               {ld(`{"@type":"Article","author":{"name":["Ada Modell","Bo Muster"]}}`), "", "Ada Modell|Bo Muster", "", "", ""},
		"authors by reference":          {ld(`{"@graph":[{"@type":"Article","author":[{"@id":"#a"},{"@id":"#b"}]},{"@type":"Person","@id":"#a","name":"Ada Modell"},{"@id":"#b","name":"Bo Muster"}]}`), "", "Ada Modell|Bo Muster", "", "", ""},
		"a reference to nobody":         {ld(`{"@type":"Article","author":{"@id":"#a"}}`) + `<meta name="author" content="By Ada Modell and Bo Muster">`, "", "Ada Modell|Bo Muster", "", "", ""},
		"a line end within a string":    {ld("{\"@type\":\"Article\",\"description\":\"two\nlines\",\"author\":\"Ada Modell\"}"), "", "Ada Modell", "", "", ""},
		"the article of this page":      {ld(`[{"@type":"Article","url":"https://page.example/other","author":"Bo Muster","datePublished":"2020-01-01"},{"@type":"Article","mainEntityOfPage":{"@id":"https://page.example/2025/x"},"author":"Ada Modell","datePublished":"2025-05-05"}]`), "", "Ada Modell", "2025-05-05", "", ""},
		"a profile is no name":          {`<meta property="article:author" content="https://social.example/ada"><meta name="dc.creator" content="Ada Modell">`, "", "Ada Modell", "", "", ""},
		"citation authors":              {`<meta name="citation_author" content="Ada Modell"><meta name="citation_author" content="Bo Muster">`, "", "Ada Modell|Bo Muster", "", "", ""},
		"a visible byline":              {"", "<p>By Ada Modell and Bo Muster | 3 May 2025</p>", "Ada Modell|Bo Muster", "2025-05-03", "", ""},
		"a byline in Ukrainian":         {"", "<div>Автор: Оксана Зразок</div><div>12 вересня 2025</div>", "Оксана Зразок", "2025-09-12", "", ""},
		"a byline that is a sentence":   {"", "<p>By then it was too late</p>", "", "", "", ""},
		"changed is not published":      {`<meta property="article:modified_time" content="2025-09-09">` + ld(`{"@type":"Article","dateModified":"2025-09-09"}`), "<time class=updated datetime=2025-09-09>9 September</time><p>Updated 9 September 2025</p>", "", "", "", ""},
		"changed and published":         {"", "<p>Updated 9 September 2025</p><p>Published 8 September 2025</p>", "", "2025-09-08", "", ""},
		"published, then changed":       {"", "<p>Published 8 September 2025, updated 9 September 2025</p>", "", "2025-09-08", "", ""},
		"the time below the heading":    {"", "<time>8 September 2025</time>", "", "2025-09-08", "", ""},
		"the time that says it":         {"", `<time datetime="2024-04-04">x</time><time itemprop=datePublished datetime="2025-09-08">x</time>`, "", "2025-09-08", "", ""},
		"a card's time":                 {"", `<div class="related"><a href=/r>Another</a><time datetime="2024-01-01">x</time></div><p>8. September 2025</p>`, "", "2025-09-08", "", ""},
		"a card's date":                 {"", `<div class="teaser"><p>7. September 2025</p></div>`, "", "", "", ""},
		"a comment's date":              {"", `<div class="comment-body"><span>7 September 2025</span><time datetime="2025-09-07">x</time></div>`, "", "", "", ""},
		"a French dateline":             {"", "<div>Publié le 1er août 2025</div>", "", "2025-08-01", "", ""},
		"a Polish dateline":             {"", "<div>Warszawa, 3 maja 2025</div>", "", "2025-05-03", "", ""},
		"a link of its own":             {`<link rel=canonical href="/a?utm_source=x">`, "", "", "", "https://page.example/a", ""},
		"a link to the original":        {`<link rel=canonical href="https://original.example/a">`, "", "", "", "https://original.example/a", ""},
		"a link to a front page":        {`<link rel=canonical href="https://original.example/"><meta property="og:url" content="https://page.example/b">`, "", "", "", "https://page.example/b", ""},
		"a link to a bare host":         {`<link rel=canonical href="https://original.example">`, "", "", "", "", ""},
		"a front page with a parameter": {`<link rel=canonical href="https://page.example/?p=41">`, "", "", "", "https://page.example/?p=41", ""},
		"a link to a script":            {`<link rel=canonical href="javascript:alert(1)">`, "", "", "", "", ""},
		"language of JSON-LD":           {ld(`{"@type":"Article","inLanguage":{"@type":"Language","name":"German","alternateName":"de"}}`), "", "", "", "", "de"},
		"language of Open Graph":        {`<meta property="og:locale" content="pl_PL">`, "", "", "", "", "pl-PL"},
		"language in a header":          {`<meta http-equiv="Content-Language" content="fr">`, "", "", "", "", "fr"},
		"language of the text":          {"", "", "", "", "", "en"},
	} {
		page := "<html><head><title>On invented lakes</title>" + c.head + "</head><body><main><h1>On invented lakes</h1>" + c.body + "<div>" + paragraphsOf(8, "") + "</div></main></body></html>"
		a, err := Extract([]byte(page), "text/html; charset=utf-8", "https://page.example/2025/x")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		published := ""
		if !a.Published.IsZero() {
			published = a.Published.Format(time.DateOnly)
		}
		if got := strings.Join(a.Authors, "|"); got != c.authors || published != c.published || a.Canonical != c.canonical || c.lang != "" && a.Language != c.lang {
			t.Errorf("%s: %q, %q, %q, %q", name, got, published, a.Canonical, a.Language)
		}
	}
}

// TestHeading finds byline and dateline where the <h1> is the site's name, and
// where there is none.
func TestHeading(t *testing.T) {
	for name, top := range map[string]string{
		"an h1 of the site":  "<h1>Lake Institute</h1><p>1 January 2020</p><ul><li>By Bo Muster</ul><h2>On invented lakes</h2><p>By Ada Modell</p><p>3 May 2025</p>",
		"two of them":        "<h1>Lake Institute</h1><time datetime=2020-01-01></time><h1>On invented lakes</h1><p>By Ada Modell</p><time datetime=2025-05-03></time>",
		"none":               "<div>2 January 2020</div><div class=headline>On invented lakes</div><div>By Ada Modell, 3 May 2025</div>",
		"a site in the name": "<h1>On invented lakes</h1><div>By Ada Modell</div><div>3 May 2025</div>",
	} {
		page := "<html><head><title>On invented lakes | Lake Institute</title></head><body><div>" + top + "<div>" + paragraphsOf(8, "") + "</div></div></body></html>"
		a, err := Extract([]byte(page), "text/html; charset=utf-8", "https://page.example/x")
		if err != nil || strings.Join(a.Authors, "|") != "Ada Modell" || a.Published.Format(time.DateOnly) != "2025-05-03" || a.Title != "On invented lakes" {
			t.Errorf("%s: %q, %q, %v, %v", name, a.Title, a.Authors, a.Published, err)
		}
	}
}

// TestGuessLanguage guesses only from a text that says enough.
func TestGuessLanguage(t *testing.T) {
	for want, s := range map[string]string{
		"uk": "Гарантії безпеки мають сенс лише тоді, коли вони підкріплені силами, які стоять на місці ще до першого порушення, і парламентами, які їх ратифікували. ",
		"de": "Eine Zusage ist nur so viel wert wie die Vorräte, die vor dem Winter in den Lagern liegen, und die Parlamente, die sie beschlossen haben. ",
		"pl": "Gwarancja ma sens tylko wtedy, gdy stoją za nią zapasy, które są na miejscu przed zimą, oraz parlamenty, które ją przyjęły w jawnym głosowaniu. ",
		"":   "0123 4567 ",
	} {
		if got := guessLanguage(strings.Repeat(s, 4)); got != want {
			t.Errorf("%.30q… is %q, want %q", s, got, want)
		}
	}
	if got := guessLanguage("Short."); got != "" {
		t.Errorf("a word is %q", got)
	}
}
