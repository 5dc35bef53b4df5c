package article

import (
	"fmt"
	"strings"
	"testing"
)

// TestCommentMarkup puts the same readers under the same piece in the ways that
// makers of pages have found. None may leak, and the piece must stay whole.
func TestCommentMarkup(t *testing.T) {
	said := func(format string) string {
		var b strings.Builder
		for i := range 7 {
			fmt.Fprintf(&b, format, "Reader", "Grumbleford has said so for years, and nobody in the capital has ever listened to it. "+strings.Repeat("Never mind. ", i))
		}
		return b.String()
	}
	for name, markup := range map[string]string{
		"custom elements":       `<reader-comments>` + said(`<reader-card><b>%s</b><p>%s</p></reader-card>`) + `</reader-comments>`,
		"a comment thread":      `<comment-thread>` + said(`<div>%s <p>%s</p></div>`) + `</comment-thread>`,
		"a namespace":           `<fb:comments href=x>` + said(`<div>%s <p>%s</p></div>`) + `</fb:comments>`,
		"numbered by attribute": `<div>` + said(`<div data-comment-id=7><span>%s</span><p>%s</p></div>`) + `</div>`,
		"CSS modules":           `<div class="CommentList_root__x1">` + said(`<p class="CommentItem_y2">%s: %s</p>`) + `</div>`,
		"camel case":            `<div class="commentsWrapper">` + said(`<p>%s: %s</p>`) + `</div>`,
		"microformats":          said(`<div class="h-cite u-comment"><a class=p-author>%s</a><p>%s</p></div>`),
		"webmentions":           `<section class="webmentions">` + said(`<p>%s: %s</p>`) + `</section>`,
		"microdata":             said(`<div><span>%s</span><p itemprop="commentText">%s</p></div>`),
		"labelled by a heading": `<section aria-labelledby="comments-title"><h2 id="comments-title">Talk back</h2>` + said(`<p>%s: %s</p>`) + `</section>`,
		"folded away":           `<details><summary>7 comments</summary>` + said(`<p>%s: %s</p>`) + `</details>`,
		"folded, with a switch": `<div>` + said(`<div><em>%s</em><p>%s</p><a>Reply</a></div>`) + `<button>Show more</button><div hidden>` + said(`<p>%s: %s</p>`) + `</div></div>`,
		"hidden in noscript":    `<noscript>` + said(`<p>%s: %s</p>`) + `</noscript>`,
		"a definition list":     `<h3>Comments</h3><dl>` + said(`<dt>%s</dt><dd>%s</dd>`) + `</dl>`,
		"a table":               `<h3>7 Comments</h3><table>` + said(`<tr><td>%s</td><td>%s</td></tr>`) + `</table>`,
		"German":                `<h3>Kommentare (7)</h3>` + said(`<p>%s: %s</p>`),
		"German, a debate":      `<h3>Debatte</h3>` + said(`<div>%s: %s</div>`),
		"French":                `<h3>Vos réactions</h3>` + said(`<div><b>%s</b> %s</div>`),
		"Polish":                `<h3>Dyskusja</h3><ul>` + said(`<li>%s: %s</li>`) + `</ul>`,
		"Ukrainian":             `<h3>Обговорення</h3><div>` + said(`<div>%s: %s</div>`) + `</div>`,
		"letters":               `<h3>Leserbriefe</h3>` + said(`<div><p>%s</p><p>%s</p></div>`),
		"with a form above":     `<form><textarea></textarea></form><h4>Join the discussion</h4>` + said(`<p>%s: %s</p>`),
		"nested answers":        `<ol class="commentlist">` + strings.Repeat(`<li class="comment"><p>Grumbleford says no, and has said so before, and will say so again.</p><ol class="children">`, 9) + `</ol>`,
		"hashed, with clocks":   said(`<div class=a1><div class=b2><span>%s</span><span>3 hours ago</span></div><div class=c3><p>%s</p></div></div>`),
	} {
		page := "<html lang=en><head><title>On invented lakes</title></head><body><main><article><h1>On invented lakes</h1>" + paragraphsOf(10, "Body") + "</article>" + markup + "</main></body></html>"
		a, err := Extract([]byte(page), "text/html; charset=utf-8", "https://page.example/x")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if n := strings.Count(a.Text, "Grumbleford"); n > 0 {
			t.Errorf("%s: %d comments leak: …%q", name, n, a.Text[max(0, len(a.Text)-90):])
		}
		if n := strings.Count(a.Text, "Body"); n != 10 {
			t.Errorf("%s: %d of 10 paragraphs", name, n)
		}
	}
}
