package render

import (
	"fmt"
	"strings"

	"standpoint/digest"
)

// Around is what the web side puts around an edition's page, and what it knows of
// the edition's pieces since. The copy in the outbox has nothing of it.
type Around struct {
	Base           string // path of the web side, without a slash at its end
	Previous, Next int    // numbers of the editions beside it; 0: none
	NoIndex        bool   // search engines are asked to leave it out
	SignUp         bool   // readers may ask to join
	Since          []digest.Correction
	Languages      map[int64]string // of the pieces by number, as they gave them
}

// siteView is the part of the web side in an edition's page.
type siteView struct {
	Base           string
	Number         int
	Previous, Next int
	NoIndex        bool
	SignUp         bool
}

// WebPage renders an edition as the web side shows it: its web copy with ways to
// the rest of the archive, to a page for each piece, and with what was corrected
// since.
func (r *Renderer) WebPage(e digest.Edition, f Frame, a Around) (string, error) {
	f.Leave = ""
	w := r.english
	v, _ := newView(w, e, f).follow(whole())
	v.Site = &siteView{a.Base, e.Number, a.Previous, a.Next, a.NoIndex, a.SignUp}
	later := map[int64]string{}
	for _, c := range a.Since {
		later[c.Item] = fold(w.said(c))
	}
	for _, sections := range [][]sectionView{v.Sections, v.Unsorted} {
		for _, s := range sections {
			for i := range s.Entries {
				c := &s.Entries[i]
				c.Later, c.Lang = later[c.item], w.foreign(a.Languages[c.item])
				if c.item > 0 {
					c.Why = PiecePath(a.Base, c.item)
				}
			}
		}
	}
	for i := range v.Start {
		v.Start[i].Lang = w.foreign(a.Languages[v.Start[i].item])
	}
	if v.Saying != nil {
		v.Saying.Lang = w.foreign(a.Languages[e.Quote.Item])
	}
	page, err := fill(r.page, v)
	if err != nil {
		return "", fmt.Errorf("render edition %d as a page: %w", e.Number, err)
	}
	return page, nil
}

// PiecePath is the address of a piece's page on the web side.
func PiecePath(base string, item int64) string { return fmt.Sprintf("%s/pieces/%d", base, item) }

// foreign is a language as a letter in another one marks it (BCP 47), by its
// primary tag; empty for the letter's own and for what is no tag.
func (w *words) foreign(language string) string {
	tag := primary(language)
	if len(tag) < 2 || len(tag) > 3 || tag == w.tag || strings.Trim(tag, "abcdefghijklmnopqrstuvwxyz") != "" {
		return ""
	}
	return tag
}
