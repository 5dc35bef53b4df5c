package article

import (
	"strings"
	"testing"
)

// TestPaywalled tells the free part of a piece from a piece.
func TestPaywalled(t *testing.T) {
	const (
		closed = `<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>`
		parts  = `<script type="application/ld+json">{"@graph":[{"@type":["Article"],"hasPart":[{"@type":"WebPageElement","isAccessibleForFree":"False"}]}]}</script>`
		free   = `<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":"True","hasPart":{"isAccessibleForFree":false}}</script>`
	)
	short, long := paragraphsOf(4, "P"), paragraphsOf(20, "P")
	for name, c := range map[string]struct {
		head, body string
		want       bool
	}{
		"open and short":                    {"", short, false},
		"open and long":                     {"", long, false},
		"closed and short":                  {closed, short, true},
		"closed by its parts":               {parts, short, true},
		"closed, and all of it is there":    {closed, long, false},
		"closed, and breaks off":            {closed, long + "<p>And then the minister turned to the last of the envoys and said …</p>", true},
		"free in spite of a wall":           {free, short + `<div class="paywall"><p>Subscribe to continue reading</p></div>`, false},
		"tier locked":                       {`<meta property="article:content_tier" content="locked">`, short, true},
		"tier metered":                      {`<meta property="article:content_tier" content="metered">`, short, true},
		"tier free":                         {`<meta property="article:content_tier" content="free">`, short + `<div class="regwall">Subscribe to read</div>`, false},
		"a wall under a short text":         {"", short + `<div class="tp-container-inner"><p>Subscribe to continue reading this and all our articles.</p></div>`, true},
		"an offer at the end":               {"", long + "<p>This article is for members. Join us.</p>", true},
		"German":                            {"", short + "<p>Jetzt abonnieren und weiterlesen</p>", true},
		"French":                            {"", short + "<p>La suite de cet article est réservée aux abonnés.</p>", true},
		"Polish":                            {"", short + "<p>Artykuł dostępny tylko dla prenumeratorów.</p>", true},
		"Ukrainian":                         {"", short + "<p>Повний текст доступний лише для передплатників.</p>", true},
		"a newsletter box":                  {"", short + `<div class="subscribe"><h3>Subscribe to our newsletter</h3><p>Every Thursday, free of charge.</p></div>`, false},
		"an empty box of a wall's maker":    {"", short + `<div id="piano-inline"></div><div class="tp-container"></div>`, false},
		"a wall that is hidden":             {"", short + `<div class="paywall" style="display:none">Subscribe to continue reading</div>`, false},
		"a box that offers a subscription":  {"", short + `<div class="subscriber-only"><p>Support our work with a subscription.</p></div>`, false},
		"an essay on subscriptions, open":   {"", "<p>Readers who subscribe to read the news are few.</p>" + long, false},
		"its menu has offers":               {"", `<nav><a>Subscribe to read everything</a></nav>` + short, false},
		"a meter that counts something":     {"", long + `<div class="meter"><span>41 of 100 depots</span></div>`, false},
		"a claim about another of its kind": {`<script type="application/ld+json">{"@type":"WebPage","isAccessibleForFree":false}</script>`, short, false},
	} {
		page := "<html><head><title>T</title>" + c.head + "</head><body><main><article><h1>The title of it</h1>" + c.body + "</article></main></body></html>"
		a, err := Extract([]byte(page), "text/html; charset=utf-8", "https://page.example/x")
		if err != nil || a.Paywalled != c.want {
			t.Errorf("%s: %v, %v", name, a.Paywalled, err)
		}
		if strings.Contains(a.Text, "continue reading") || strings.Contains(a.Text, "for members") {
			t.Errorf("%s: the offer is taken for text: %q", name, a.Text[max(0, len(a.Text)-80):])
		}
	}
}

// TestWallStems shows that the short cut before the sentences knows all of them.
func TestWallStems(t *testing.T) {
	for _, s := range wallSentences() {
		if !isWallSentence(s) {
			t.Errorf("%q has none of the stems", s)
		}
	}
}
