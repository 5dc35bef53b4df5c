package demo

import (
	"bufio"
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/textproto"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// load reads every folder under outlets/, in the order of their names. Reprints
// are tied to their originals once all outlets are known.
func load(files fs.FS, now time.Time) ([]*outlet, error) {
	folders, err := fs.ReadDir(files, "outlets")
	if err != nil {
		return nil, fmt.Errorf("list outlets: %w", err)
	}
	var outlets []*outlet
	reprints := map[*piece]string{}
	for _, folder := range folders {
		o, err := loadOutlet(files, folder.Name(), now, reprints)
		if err != nil {
			return nil, err
		}
		outlets = append(outlets, o)
	}
	for p, of := range reprints {
		if err := p.tie(outlets, of); err != nil {
			return nil, err
		}
	}
	return outlets, nil
}

// loadOutlet reads one folder: outlet.txt, the pieces, and the comments on them.
// A reprint is noted in reprints with the name of its original.
func loadOutlet(files fs.FS, slug string, now time.Time, reprints map[*piece]string) (*outlet, error) {
	dir := path.Join("outlets", slug)
	o, err := openOutlet(files, path.Join(dir, "outlet.txt"))
	if err != nil {
		return nil, err
	}
	o.Slug = slug
	names, err := fs.Glob(files, dir+"/[0-9]*.txt")
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, ".comments.txt") {
			continue
		}
		p, of, err := openPiece(files, name, now)
		if err != nil {
			return nil, err
		}
		p.Outlet = o
		if of != "" {
			reprints[p] = of
		}
		o.Pieces = append(o.Pieces, p)
	}
	slices.SortStableFunc(o.Pieces, func(a, b *piece) int { return b.Published.Compare(a.Published) })
	return o, nil
}

func openOutlet(files fs.FS, name string) (*outlet, error) {
	head, _, err := open(files, name, "Name", "Country", "Tagline", "Accent", "Format", "Charset", "Layout", "Track", "Failure")
	if err != nil {
		return nil, err
	}
	o := &outlet{
		Name:    head.Get("Name"),
		Country: head.Get("Country"),
		Tagline: head.Get("Tagline"),
		Accent:  template.CSS(head.Get("Accent")),
		format:  head.Get("Format"),
		charset: head.Get("Charset"),
		layout:  head.Get("Layout"),
		track:   head.Get("Track"),
	}
	if failure := head.Get("Failure"); failure != "" {
		if o.failure, err = strconv.Atoi(failure); err != nil {
			return nil, fmt.Errorf("read %s: Failure: %w", name, err)
		}
	}
	if _, known := formats[o.format]; !known {
		return nil, fmt.Errorf("read %s: no format %q", name, o.format)
	}
	if o.charset != "" && o.charset != latin1 {
		return nil, fmt.Errorf("read %s: no charset %q", name, o.charset)
	}
	return o, nil
}

// openPiece reads one piece and the comments beside it. For a reprint it also
// returns the original's name, as folder/file without ".txt".
func openPiece(files fs.FS, name string, now time.Time) (p *piece, of string, err error) {
	head, body, err := open(files, name, "Title", "Author", "Section", "Age", "Reprint-Of", "Page")
	if err != nil {
		return nil, "", err
	}
	age, err := time.ParseDuration(head.Get("Age"))
	if err != nil {
		return nil, "", fmt.Errorf("read %s: Age: %w", name, err)
	}
	if age <= 0 || age > Span {
		return nil, "", fmt.Errorf("read %s: Age: %v is not within %v", name, age, Span)
	}
	_, slug, _ := strings.Cut(strings.TrimSuffix(path.Base(name), ".txt"), "-")
	p = &piece{
		slug:      slug,
		Title:     head.Get("Title"),
		Authors:   head["Author"],
		Section:   head.Get("Section"),
		Published: now.Add(-age).Truncate(time.Minute),
		blocks:    blocks(body),
		borrowed:  head.Get("Page") == "original",
	}
	of = head.Get("Reprint-Of")
	if whole := p.Title != "" && len(p.Authors) > 0 && len(p.blocks) > 0; whole == (of != "") {
		return nil, "", fmt.Errorf("read %s: want title, author and text, or the name of the original", name)
	}
	beside := strings.TrimSuffix(name, ".txt") + ".comments.txt"
	if _, err := fs.Stat(files, beside); err == nil {
		p.Comments, err = openComments(files, beside)
		if err != nil {
			return nil, "", err
		}
	}
	return p, of, nil
}

// openComments reads paragraphs of the form "Name: what they wrote".
func openComments(files fs.FS, name string) ([]comment, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("read comments: %w", err)
	}
	var comments []comment
	for _, b := range blocks(string(text)) {
		who, what, named := strings.Cut(b.text, ": ")
		if !named {
			return nil, fmt.Errorf("read %s: a comment without a name: %.40q", name, b.text)
		}
		comments = append(comments, comment{Name: who, Text: what})
	}
	return comments, nil
}

// open splits a file into its header lines and what follows the first blank
// line. A header outside allowed is an error, since it is most likely misspelt.
func open(files fs.FS, name string, allowed ...string) (textproto.MIMEHeader, string, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, "", fmt.Errorf("read outlet: %w", err)
	}
	r := bufio.NewReader(bytes.NewReader(append(text, "\n\n"...)))
	head, err := textproto.NewReader(r).ReadMIMEHeader()
	if err != nil {
		return nil, "", fmt.Errorf("read %s: %w", name, err)
	}
	for key := range head {
		if !slices.Contains(allowed, key) {
			return nil, "", fmt.Errorf("read %s: no header %q", name, key)
		}
	}
	body, err := io.ReadAll(r)
	if err != nil {
		return nil, "", fmt.Errorf("read %s: %w", name, err)
	}
	return head, string(body), nil
}

// blocks splits a text at blank lines. A block that begins with "## " is a
// heading, one that begins with "> " a quotation; lines within it are joined.
func blocks(text string) []block {
	var list []block
	for part := range strings.SplitSeq(text, "\n\n") {
		b := block{tag: "p", text: strings.Join(strings.Fields(part), " ")}
		if rest, ok := strings.CutPrefix(b.text, "## "); ok {
			b = block{tag: "h2", text: rest}
		} else if rest, ok := strings.CutPrefix(b.text, "> "); ok {
			b = block{tag: "blockquote", text: rest}
		}
		if b.text != "" {
			list = append(list, b)
		}
	}
	return list
}

// tie fills a reprint from its original.
func (p *piece) tie(outlets []*outlet, of string) error {
	folder, slug, _ := strings.Cut(of, "/")
	for _, o := range outlets {
		for _, q := range o.Pieces {
			if o.Slug == folder && q.slug == slug && q.Original == nil && q.Title != "" {
				p.Original = q
				p.slug, p.Title, p.Authors, p.Section, p.blocks = q.slug, q.Title, q.Authors, q.Section, q.blocks
				return nil
			}
		}
	}
	return fmt.Errorf("read %s: no original %q", p.Outlet.Slug, of)
}
