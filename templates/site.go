package templates

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"path"
	"strings"
)

// site has the pages of the web side and their style sheet.
//
//go:embed site
var site embed.FS

// Site is what the web side is made of. Each page is the layout with its own
// main part, by the name of its file; all escape by context.
type Site struct {
	Pages map[string]*htmltemplate.Template
	Style []byte // the one style sheet
	Icon  []byte // the site's sign in a browser's tabs, as SVG
	Mark  string // changes with the style sheet, so that caches let go of an old one
}

// ParseSite reads the web side's pages. An error is a fault of the program.
func ParseSite() (Site, error) {
	s := Site{Pages: map[string]*htmltemplate.Template{}}
	var err error
	if s.Style, err = site.ReadFile("site/site.css"); err != nil {
		return s, err
	}
	if s.Icon, err = site.ReadFile("site/icon.svg"); err != nil {
		return s, err
	}
	sum := sha256.Sum256(s.Style)
	s.Mark = hex.EncodeToString(sum[:6])
	files, err := fs.Glob(site, "site/*.html.tmpl")
	if err != nil {
		return s, err
	}
	for _, f := range files {
		name := strings.TrimSuffix(path.Base(f), ".html.tmpl")
		if name == "layout" {
			continue
		}
		t, err := htmltemplate.New("layout.html.tmpl").Option("missingkey=error").ParseFS(site, "site/layout.html.tmpl", f)
		if err != nil {
			return s, fmt.Errorf("page %s: %w", name, err)
		}
		s.Pages[name] = t
	}
	return s, nil
}
