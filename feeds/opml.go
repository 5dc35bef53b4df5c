package feeds

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// Limits of an OPML document. A list of ten thousand feeds stays below them.
const (
	maxOPML     = 4 << 20 // bytes
	maxOutlines = 20_000
	maxFolders  = 20 // levels in a category; all are nested when the list is written again
)

// OPML is a list of feeds for exchange between feed readers (opml.org, versions
// 1.0 to 2.0).
type OPML struct {
	Title   string
	Feeds   []Outline // in the document's order, each address once
	Refused []Refusal // what looked like a feed and is none, or is one again
}

// Outline is one feed of an OPML document.
type Outline struct {
	Title  string // one line; the address's host where the document gave none
	URL    string // http or https
	Folder string // the outlines around it, levels apart by " / "; may be empty
}

// Refusal is an outline that was not taken.
type Refusal struct {
	Outline        // as far as it can be read; URL has neither password nor control characters
	Why     string // one line
}

// ReadOPML reads an OPML document of at most 4 MiB. Attribute names count in
// any case, and a flat document's category gives the folder. A single bad
// outline is refused alone; the error, one line, is for a document that is no
// OPML, breaks off, nests deeper than 64 levels or declares entities.
func ReadOPML(r io.Reader) (OPML, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxOPML+1))
	if err != nil {
		return OPML{}, fmt.Errorf("read OPML: %w", err)
	}
	if len(body) > maxOPML {
		return OPML{}, fmt.Errorf("read OPML: the document is larger than %d MiB: take the list apart", maxOPML>>20)
	}
	if body, err = opmlText(body); err != nil {
		return OPML{}, fmt.Errorf("read OPML: %w", err)
	}
	list := opmlReader{seen: map[string]string{}}
	if err := list.read(body); err != nil {
		return OPML{}, fmt.Errorf("read OPML: %w", err)
	}
	return list.OPML, nil
}

// opmlText holds the document against the limits that feeds have, too, and
// brings it into UTF-8 without what XML forbids.
func opmlText(body []byte) ([]byte, error) {
	body, wide := fromUTF16(body)
	o, err := survey(body)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the document %w to be a list of feeds", err)
	case isFeedRoot(o.root):
		return nil, errors.New("this is a feed itself, not a list of feeds: put its address under sources")
	case o.root == "":
		return nil, errors.New("this is no XML")
	case o.root != "opml":
		return nil, fmt.Errorf("this is no OPML: its root is <%s>", visible(o.root, 40))
	}
	if !wide {
		body = (&parser{}).toUTF8(body, o.encodings)
	}
	return legal(bytes.TrimPrefix(body, []byte("\ufeff"))), nil
}

// opmlReader walks over a document.
type opmlReader struct {
	OPML
	folders []string          // of the open outlines; empty for one without a name
	seen    map[string]string // key of an address → title
	within  string            // open element of the head, in lower case
	count   int
}

func (l *opmlReader) read(body []byte) error {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.Strict = false // many lists have a bare & in their addresses
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errors.New(visible("the document is damaged or breaks off: "+err.Error(), 200))
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return errors.New("the document nests elements too deep to be a list of feeds")
			}
			if err := l.open(t); err != nil {
				return err
			}
		case xml.EndElement:
			depth--
			l.within = ""
			if strings.EqualFold(t.Name.Local, "outline") && len(l.folders) > 0 {
				l.folders = l.folders[:len(l.folders)-1]
			}
		case xml.CharData:
			if l.within == "title" && l.Title == "" {
				l.Title = label(string(t))
			}
		case xml.Directive:
			if bytes.Contains(bytes.ToUpper(t), []byte("ENTITY")) {
				return errors.New("the document declares entities of its own, which no list of feeds needs")
			}
		}
	}
}

func (l *opmlReader) open(t xml.StartElement) error {
	l.within = strings.ToLower(t.Name.Local)
	if l.within != "outline" {
		return nil
	}
	if l.count++; l.count > maxOutlines {
		return fmt.Errorf("the document has more than %d outlines: take the list apart", maxOutlines)
	}
	attr := make(map[string]string, len(t.Attr))
	for _, a := range t.Attr {
		attr[strings.ToLower(a.Name.Local)] = strings.TrimSpace(a.Value)
	}
	title := label(attr["text"])
	if title == "" {
		title = label(attr["title"])
	}
	l.outline(title, attr)
	l.folders = append(l.folders, strings.ReplaceAll(title, " / ", "/"))
	return nil
}

// outline takes or refuses the feed of an outline, if it is one.
func (l *opmlReader) outline(title string, attr map[string]string) {
	kind, raw := strings.ToLower(attr["type"]), attr["xmlurl"]
	if raw == "" && (kind == "rss" || kind == "atom" || kind == "include") {
		raw = attr["url"]
	}
	if raw == "" && kind != "rss" && kind != "atom" {
		return // a folder, or a note
	}
	o := Outline{Title: title, URL: feedNotation(raw), Folder: l.folder(attr["category"])}
	refuse := func(why string) {
		o.URL = visible(Redact(o.URL), 200)
		l.Refused = append(l.Refused, Refusal{o, why})
	}
	u, web := parseUser(o.URL)
	switch first, again := l.seen[Key(o.URL)]; {
	case raw == "":
		refuse("it has no address")
	case kind == "include":
		refuse("it stands for another list: import that one too")
	case !web:
		refuse("the address is not http or https")
	case u.User != nil:
		refuse("the address has a user or password in it")
	case again:
		refuse(fmt.Sprintf("its address was there before, as %q", first))
	default:
		if o.Title == "" {
			o.Title = strings.TrimPrefix(u.Hostname(), "www.")
		}
		l.seen[Key(o.URL)] = o.Title
		l.Feeds = append(l.Feeds, o)
	}
}

// folder is the path of the open outlines or, in a flat document, the first
// category that is a path (OPML 2.0, category).
func (l *opmlReader) folder(category string) string {
	var path []string
	for _, name := range l.folders {
		if name != "" {
			path = append(path, name)
		}
	}
	first, _, _ := strings.Cut(category, ",")
	if rest, ok := strings.CutPrefix(strings.TrimSpace(first), "/"); ok && len(path) == 0 {
		for name := range strings.SplitSeq(rest, "/") {
			if name = label(name); name != "" && len(path) < maxFolders {
				path = append(path, name)
			}
		}
	}
	return cut(strings.Join(path, " / "), maxTitle)
}

// feedNotation turns the old feed: notation of browsers into an address.
func feedNotation(raw string) string {
	if len(raw) < 5 || !strings.EqualFold(raw[:5], "feed:") {
		return raw
	}
	if rest, ok := strings.CutPrefix(raw[5:], "//"); ok {
		return "http://" + rest
	}
	return raw[5:]
}

// parseUser parses a web address and keeps its user, which is refused and not
// dropped without a word: the feed would not answer without it.
func parseUser(raw string) (u *url.URL, web bool) {
	u, err := url.Parse(raw)
	return u, err == nil && parseWeb(raw) != nil && !strings.ContainsAny(raw, " \t\r\n")
}

// WriteOPML writes an OPML 2.0 document. Folders are nested as Outline.Folder
// says, and stand where their first feed stands.
func WriteOPML(w io.Writer, title string, outlines []Outline) error {
	var root branch
	for _, o := range outlines {
		at := &root
		if o.Folder != "" {
			for name := range strings.SplitSeq(o.Folder, " / ") {
				at = at.folder(name)
			}
		}
		at.under = append(at.under, &branch{name: o.Title, url: o.URL})
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    <title>%s</title>\n  </head>\n  <body>\n", escape(title))
	for _, each := range root.under {
		each.write(&b, "    ")
	}
	b.WriteString("  </body>\n</opml>\n")
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write OPML: %w", err)
	}
	return nil
}

// branch is a folder, or with an address a feed.
type branch struct {
	name, url string
	under     []*branch
}

func (b *branch) folder(name string) *branch {
	for _, each := range b.under {
		if each.url == "" && each.name == name {
			return each
		}
	}
	b.under = append(b.under, &branch{name: name})
	return b.under[len(b.under)-1]
}

func (b *branch) write(w *bytes.Buffer, indent string) {
	if b.url != "" {
		fmt.Fprintf(w, "%s<outline text=\"%s\" title=\"%[2]s\" type=\"rss\" xmlUrl=\"%[3]s\"/>\n", indent, escape(b.name), escape(b.url))
		return
	}
	fmt.Fprintf(w, "%s<outline text=\"%s\" title=\"%[2]s\">\n", indent, escape(b.name))
	for _, each := range b.under {
		each.write(w, indent+"  ")
	}
	fmt.Fprintf(w, "%s</outline>\n", indent)
}

// escape makes text fit for XML; what XML cannot hold becomes U+FFFD.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes all
	return b.String()
}

// label is a name on one line. Unlike a feed's title it is no HTML: the reader
// of feeds that wrote the list has made text of it.
func label(s string) string { return cut(squeeze(s), maxTitle) }
