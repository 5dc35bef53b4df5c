package article

import (
	"fmt"
	"strings"
	"testing"
)

// TestPieceStays has pages whose pieces look like something that is cut away.
// All ten paragraphs must stay.
func TestPieceStays(t *testing.T) {
	each := func(format string) string {
		var b strings.Builder
		for range 10 {
			fmt.Fprintf(&b, format, "Body "+sentence+sentence)
		}
		return b.String()
	}
	body := each("<p>%s</p>")
	half := strings.Split(body, "</p>")
	first, second := strings.Join(half[:5], "</p>")+"</p>", strings.Join(half[5:], "</p>")
	for name, markup := range map[string]string{
		"an opinion called comment":     `<div class="comment">` + body + `</div>`,
		"a body class of open comments": `<div class="comments-open has-comments">` + body + `</div>`,
		"filed under a subject":         `<div class="post-12 category-gdpr tag-cookies"><p>` + sentence + `Its cookies, its partners and the consent of readers.</p>` + body + `</div>`,
		"frames with sidebars":          strings.ReplaceAll(body, "<p>", `<section class="has-sidebar"><p>`),
		"a wall by style sheet":         `<div class="paywall premium">` + body + `</div>`,
		"a form around the page":        `<form id="aspnetForm">` + body + `</form>`,
		"a newsletter's own page":       `<div class="newsletter-content">` + body + `</div>`,
		"a card":                        `<div class="card card-body">` + body + `</div>`,
		"a discussion as a chapter":     first + "<h2>Discussion</h2>" + second,
		"responses as a chapter":        first + "<h2>Responses</h2>" + second,
		"a debate as a chapter":         first + "<h2>Debate</h2><p>It began early.</p>" + second,
		"notes on comments":             first + "<p>The minister's comments were brief.</p>" + second,
		"an interview in boxes":         each(`<div><b>Question</b><span>Answer:</span><p>%s</p></div>`),
		"a list":                        "<ol>" + each("<li>%s</li>") + "</ol>",
		"a list with headings":          each("<div><h3>A point</h3><p>%s</p></div>"),
		"quotations":                    each("<blockquote><p>%s</p></blockquote>"),
		"words that like":               each(`<p>%s <a href="#">like</a></p>`),
		"links to share in between":     each(`<div><p>%s</p><a>Share</a></div>`),
		"bold paragraphs":               each("<p><strong>%s</strong></p>"),
		"accordions":                    each("<details open><summary>A point</summary><p>%s</p></details>"),
		"sections":                      each("<section><h2>A point</h2><p>%s</p></section>"),
		"figures in between":            each("<p>%s</p><figure><img src=x><figcaption>A photograph of an invented bridge in an invented town.</figcaption></figure>"),
		"a data table in between":       first + "<table><tr><th>Year</th><th>Depots</th></tr><tr><td>2024</td><td>41</td></tr></table>" + second,
		"a newsletter box in between":   first + `<div class="newsletter-signup"><h3>Subscribe</h3><p>Every Thursday, free of charge.</p></div>` + second,
		"fold and follow":               first + `<a href="#more">Read more</a><div class="rest" style="display:none">` + second + `</div>`,
		"custom elements":               `<story-body>` + body + `</story-body>`,
		"no semantics":                  `<div><div><div>` + each("<div><div>%s</div></div>") + `</div></div></div>`,
		"an old table":                  `<table><tr><td><a href=/>Home</a></td><td>` + body + `</td></tr></table>`,
		"a row for each paragraph":      `<table>` + each("<tr><td>%s</td></tr>") + `</table>`,
		"Divi":                          each(`<div class="et_pb_module et_pb_text"><div class="et_pb_text_inner"><p>%s</p></div></div>`),
		"Drupal paragraphs":             each(`<div class="field__item"><div class="paragraph paragraph--type--text"><div class="field"><p>%s</p></div></div></div>`),
		"Squarespace":                   each(`<div class="sqs-block html-block"><div class="sqs-block-content"><div class="sqs-html-content"><p>%s</p></div></div></div>`),
		"columns of a builder":          `<div class="wp-block-columns"><div class="wp-block-column">` + first + `</div><div class="wp-block-column">` + second + `</div></div>`,
	} {
		page := "<html lang=en><head><title>On invented lakes</title></head><body><main><h1>On invented lakes</h1>" + markup + "</main></body></html>"
		a, err := Extract([]byte(page), "text/html; charset=utf-8", "https://page.example/x")
		if n := strings.Count(a.Text, "Body"); n != 10 || a.Paywalled {
			t.Errorf("%s: %d of 10 paragraphs, paywalled %v, %v", name, n, a.Paywalled, err)
		}
	}
}

// TestOldTable leaves out the cells around a piece that a table lays out.
func TestOldTable(t *testing.T) {
	page := "<html><head><title>On invented lakes</title></head><body><table><tr><td>Home Staff Archive of the institute</td><td>" + paragraphsOf(6, "Body") +
		"</td><td><a href=/1>Another: " + sentence + "</a><br><a href=/2>Another: " + sentence + "</a></td></tr></table></body></html>"
	a, err := Extract([]byte(page), "text/html; charset=utf-8", "https://page.example/x")
	if err != nil || strings.Contains(a.Text, "Archive") || strings.Contains(a.Text, "Another") || strings.Count(a.Text, "Body") != 6 {
		t.Errorf("%v, %q", err, a.Text)
	}
}
