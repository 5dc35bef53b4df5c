// Package templates holds the templates of the letter and of its web copy. It
// promises that a template that is missing or broken is an error at start, never
// at the first mail. It decides nothing about what a letter says: that is done in
// digest/render, which fills these templates from a view with every text already
// made.
package templates

import (
	"embed"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"slices"
	"strings"
	texttemplate "text/template"
)

// builtin is the only way to embed: a variable of the package, written by the
// compiler and read below.
//
//go:embed *.tmpl
var builtin embed.FS

// The names under which a folder may hold templates of its own.
const (
	htmlName = "edition.html.tmpl"
	textName = "edition.txt.tmpl"
	pageName = "page.html.tmpl"
)

// Set is what an edition is rendered with. The HTML ones escape by context
// whatever they are filled with.
type Set struct {
	HTML *htmltemplate.Template // the letter's HTML part
	Text *texttemplate.Template // the letter's text part
	Page *htmltemplate.Template // the web copy
}

// Parse reads the templates: those of the folder that lie there by the names of
// the built-in ones, and the built-in ones else. The folder may be nil. A file in
// it that ends in .tmpl and has another name is an error, since it would be
// ignored in silence.
func Parse(folder fs.FS) (Set, error) {
	names := []string{htmlName, textName, pageName}
	if folder != nil {
		files, err := fs.Glob(folder, "*.tmpl")
		if err != nil {
			return Set{}, err
		}
		for _, f := range files {
			if !slices.Contains(names, f) {
				return Set{}, fmt.Errorf("template %s: no such template; the names are %s", f, strings.Join(names, ", "))
			}
		}
	}
	var s Set
	var errs [3]error
	s.HTML, errs[0] = html(folder, htmlName)
	s.Page, errs[1] = html(folder, pageName)
	s.Text, errs[2] = text(folder)
	return s, errors.Join(errs[:]...)
}

func html(folder fs.FS, name string) (*htmltemplate.Template, error) {
	data, err := source(folder, name)
	if err != nil {
		return nil, err
	}
	t, err := htmltemplate.New(name).Funcs(htmltemplate.FuncMap{"mso": mso}).Option("missingkey=error").Parse(data)
	return t, named(err)
}

func text(folder fs.FS) (*texttemplate.Template, error) {
	data, err := source(folder, textName)
	if err != nil {
		return nil, err
	}
	t, err := texttemplate.New(textName).Funcs(texttemplate.FuncMap{"upper": strings.ToUpper}).Option("missingkey=error").Parse(data)
	return t, named(err)
}

// source is a template's text: the folder's own, or the built-in one.
func source(folder fs.FS, name string) (string, error) {
	if folder != nil {
		data, err := fs.ReadFile(folder, name)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return string(data), err
		}
	}
	data, err := fs.ReadFile(builtin, name)
	return string(data), err
}

// named makes the parser's error read like ours: it names file and line already.
func named(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(strings.TrimPrefix(err.Error(), "template: "))
}

// mso makes markup that only Outlook's Word engine sees (S29). It is a function
// because html/template drops comments, conditional ones too. Templates call it
// with their own literal text; the type refuses data.
func mso(markup literal) htmltemplate.HTML {
	return htmltemplate.HTML("<!--[if mso]>" + string(markup) + "<![endif]-->")
}

// literal is a text that stands in the template itself: the template language
// makes no other value of this type.
type literal string
