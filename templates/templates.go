// Package templates holds the letter's templates. It promises that a template
// that is missing or broken is an error at start, never at the first mail. It
// decides nothing about what a letter says: that is done in digest/render,
// which fills these templates from a view with every text already made.
package templates

import (
	"embed"
	"fmt"
	htmltemplate "html/template"
	texttemplate "text/template"
)

// files is the only way to embed: a variable of the package, written by the
// compiler and read below.
//
//go:embed edition.html.tmpl edition.txt.tmpl
var files embed.FS

// HTML parses the HTML part's template. It escapes by context whatever it is
// filled with.
func HTML() (*htmltemplate.Template, error) {
	t := htmltemplate.New("edition.html.tmpl").Funcs(htmltemplate.FuncMap{"mso": mso}).Option("missingkey=error")
	t, err := t.ParseFS(files, "edition.html.tmpl")
	if err != nil {
		return nil, fmt.Errorf("parse edition.html.tmpl: %w", err)
	}
	return t, nil
}

// Text parses the text part's template.
func Text() (*texttemplate.Template, error) {
	t, err := texttemplate.New("edition.txt.tmpl").Option("missingkey=error").ParseFS(files, "edition.txt.tmpl")
	if err != nil {
		return nil, fmt.Errorf("parse edition.txt.tmpl: %w", err)
	}
	return t, nil
}

// mso makes markup that only Outlook's Word engine sees (S29). It is a function
// because html/template drops comments, conditional ones too. Templates call it
// with their own literal text, never with data.
func mso(markup string) htmltemplate.HTML {
	return htmltemplate.HTML("<!--[if mso]>" + markup + "<![endif]-->")
}
