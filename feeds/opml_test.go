package feeds

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

func opml(body string) string {
	return `<?xml version="1.0"?><opml version="1.0"><head><title>My feeds</title></head><body>` + body + `</body></opml>`
}

func TestReadOPML(t *testing.T) {
	outline := func(title, url, folder string) Outline { return Outline{Title: title, URL: url, Folder: folder} }
	one := []Outline{outline("North", "https://north.example/feed", "")}
	utf16le := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(`<?xml version="1.0" encoding="utf-16"?><opml><body><outline text="Ґроно" xmlUrl="https://north.example/feed"/></body></opml>`)) {
		utf16le = binary.LittleEndian.AppendUint16(utf16le, u)
	}
	for name, c := range map[string]struct {
		in   string
		want []Outline
	}{
		"plain":          {opml(`<outline text="North" type="rss" xmlUrl="https://north.example/feed"/>`), one},
		"capitals":       {opml(`<OUTLINE TEXT="North" XMLURL="https://north.example/feed"/>`), one},
		"title alone":    {opml(`<outline title="North" xmlurl="https://north.example/feed"/>`), one},
		"url for xmlUrl": {opml(`<outline text="North" type="RSS" url="https://north.example/feed"/>`), one},
		"feed: notation": {opml(`<outline text="North" xmlUrl="feed:https://north.example/feed"/>`), one},
		"feed: and //":   {opml(`<outline text="North" xmlUrl="feed://north.example/feed"/>`), []Outline{outline("North", "http://north.example/feed", "")}},
		"no title":       {opml(`<outline xmlUrl="https://www.north.example/feed"/>`), []Outline{outline("north.example", "https://www.north.example/feed", "")}},
		"bare ampersand": {opml(`<outline text="A & B" xmlUrl="https://north.example/feed?a=1&b=2"/>`), []Outline{outline("A & B", "https://north.example/feed?a=1&b=2", "")}},
		"entities": {
			opml(`<outline text="A &amp; B&nbsp;C &#x2014; D" xmlUrl="https://north.example/?a=1&amp;b=2"/>`),
			[]Outline{outline("A & B C — D", "https://north.example/?a=1&b=2", "")},
		},
		"folders": {
			opml(`<outline text="Think tanks"><outline text="Europe"><outline text="North" xmlUrl="https://north.example/feed"/></outline>
			<outline text="South" xmlUrl="https://south.example/feed"/></outline><outline text="East" xmlUrl="https://east.example/"/>`),
			[]Outline{outline("North", "https://north.example/feed", "Think tanks / Europe"), outline("South", "https://south.example/feed", "Think tanks"), outline("East", "https://east.example/", "")},
		},
		"nameless folder": {opml(`<outline><outline text="North" xmlUrl="https://north.example/feed"/></outline>`), one},
		"category":        {opml(`<outline text="North" xmlUrl="https://north.example/feed" category="/Think tanks/Europe,tag"/>`), []Outline{outline("North", "https://north.example/feed", "Think tanks / Europe")}},
		"tag":             {opml(`<outline text="North" xmlUrl="https://north.example/feed" category="tag"/>`), one},
		"notes":           {opml(`<outline text="Just words"/><outline text="North" xmlUrl="https://north.example/feed"/>`), one},
		"doctype":         {"<!DOCTYPE opml>" + opml(`<outline text="North" xmlUrl="https://north.example/feed"/>`), one},
		"control characters": {
			opml("<outline text=\"No\x1b]0;rth\x07\" xmlUrl=\"https://north.example/feed\"/>"),
			[]Outline{outline("No]0;rth", "https://north.example/feed", "")},
		},
		"windows-1251": {
			"<?xml version=\"1.0\" encoding=\"windows-1251\"?><opml><body><outline text=\"\xca\xe8\xbf\xe2\" xmlUrl=\"https://north.example/feed\"/></body></opml>",
			[]Outline{outline("Київ", "https://north.example/feed", "")},
		},
		"utf-16": {string(utf16le), []Outline{outline("Ґроно", "https://north.example/feed", "")}},
		"empty":  {opml(""), nil},
	} {
		got, err := ReadOPML(strings.NewReader(c.in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, got.Feeds); diff != "" || len(got.Refused) > 0 {
			t.Errorf("%s: %s, refused %v", name, diff, got.Refused)
		}
	}
}

func TestReadOPMLRefusesOneByOne(t *testing.T) {
	got, err := ReadOPML(strings.NewReader(opml(`
		<outline text="North" xmlUrl="https://north.example/feed"/>
		<outline text="North again" xmlUrl="http://www.north.example/feed/?utm_source=x"/>
		<outline text="Script" xmlUrl="javascript:alert(1)"/>
		<outline text="File" xmlUrl="file:///etc/passwd"/>
		<outline text="Secret" xmlUrl="https://me:hush@south.example/feed"/>
		<outline text="Blank" xmlUrl="https://south.example/my feed"/>
		<outline text="None" type="rss" xmlUrl=""/>
		<outline text="Other list" type="include" url="https://east.example/list.opml"/>`)))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Feeds) != 1 || got.Title != "My feeds" {
		t.Errorf("title %q, feeds %v", got.Title, got.Feeds)
	}
	want := []string{`was there before, as "North"`, "not http", "not http", "password", "not http", "no address", "another list"}
	for i, r := range got.Refused {
		if i >= len(want) || !strings.Contains(r.Why, want[i]) {
			t.Errorf("refused %q: %s", r.Title, r.Why)
		}
		if strings.Contains(r.URL, "hush") {
			t.Errorf("the password shows: %s", r.URL)
		}
	}
	if len(got.Refused) != len(want) {
		t.Errorf("%d refused, want %d", len(got.Refused), len(want))
	}
}

func TestReadOPMLRefusesTheDocument(t *testing.T) {
	bomb := `<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><opml><body><outline text="&b;" xmlUrl="https://north.example/"/></body></opml>`
	for name, c := range map[string]struct{ in, want string }{
		"entity bomb":     {bomb, "declares entities"},
		"external entity": {`<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + opml(`<outline text="&x;"/>`), "declares entities"},
		"depth":           {opml(strings.Repeat("<outline text='x'>", 100_000)), "too deep"},
		"ten megabytes":   {opml(strings.Repeat("<outline text='x'/>", 10<<20/19)), "larger than 4 MiB"},
		"outlines":        {opml(strings.Repeat("<outline text='x'/>", 30_000)), "more than 20000 outlines"},
		"broken off":      {strings.TrimSuffix(opml(""), `</body></opml>`) + `<outline text="North" xmlUrl="https://nor`, "breaks off"},
		"feed":            {`<rss version="2.0"><channel/></rss>`, "a feed itself"},
		"page":            {`<!DOCTYPE html><html><body>Hello</body></html>`, "its root is <html>"},
		"words":           {"hello", "no XML"},
		"nothing":         {"", "no XML"},
	} {
		got, err := ReadOPML(strings.NewReader(c.in))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 300 {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if len(got.Feeds) > 0 {
			t.Errorf("%s: feeds %v", name, got.Feeds)
		}
	}
}

func TestWriteOPMLReadsBack(t *testing.T) {
	want := []Outline{
		{Title: "North & <South>", URL: "https://north.example/feed?a=1&b=2"},
		{Title: "“East” 'West'", URL: "https://east.example/", Folder: "Think tanks / Europe"},
		{Title: "Far", URL: "https://far.example/", Folder: "Think tanks"},
		{Title: "Київ", URL: "https://kyiv.example/", Folder: "Think tanks / Europe"},
	}
	var b strings.Builder
	if err := WriteOPML(&b, "Sources & more", want); err != nil {
		t.Fatal(err)
	}
	got, err := ReadOPML(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	want[2], want[3] = want[3], want[2] // a folder stands where its first feed stands
	if diff := cmp.Diff(want, got.Feeds); diff != "" || got.Title != "Sources & more" || len(got.Refused) > 0 {
		t.Errorf("%s\ntitle %q, refused %v\n%s", diff, got.Title, got.Refused, b.String())
	}
	if n := strings.Count(b.String(), `text="Europe"`); n != 1 {
		t.Errorf("the folder is there %d times:\n%s", n, b.String())
	}
}

func FuzzOPML(f *testing.F) {
	f.Add([]byte(opml(`<outline text="a"><outline text="b" xmlUrl="https://c.example/"/></outline>`)))
	f.Add([]byte("<opml><outline xmlUrl='feed:"))
	for _, outline := range []string{
		`<outline xmlUrl="javascript:alert(1)"/>`, `<outline xmlUrl="https://user:secret@c.example/"/>`, `<outline text="A&#13;&#10;Bcc: x&#x202E;" xmlUrl="https://c.example/&#10;"/>`,
		`<outline category="` + strings.Repeat("/a", 100) + `" xmlUrl="https://c.example/"/>`, strings.Repeat(`<outline text="a / b">`, 70), `<outline type="include" url="http://127.0.0.1/"/>`,
		`<outline text="&lt;script>x&lt;/script>" xmlUrl="FEED://c.example"/>`, `<outline text="x" xmlUrl="https://c.example/?a&b=c"/><outline xmlUrl="http://www.c.example/?b=c&amp;a"/>`,
	} {
		f.Add([]byte(opml(outline)))
		f.Add([]byte(wideText(opml(outline), binary.LittleEndian)))
	}
	f.Add([]byte(`<!DOCTYPE opml [<!ENTITY a "x">]><opml><body><outline text="&a;" xmlUrl="https://c.example/"/></body></opml>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := ReadOPML(strings.NewReader(string(data)))
		if err != nil {
			checkLine(t, "error", err.Error(), 400)
			return
		}
		for _, o := range list.Feeds {
			checkAddress(t, o.URL)
			checkLine(t, "title", o.Title, maxTitle)
			checkLine(t, "folder", o.Folder, maxTitle)
		}
		for _, r := range list.Refused {
			checkLine(t, "refused address", r.URL, 200)
			checkLine(t, "why", r.Why, 600)
		}
		var b strings.Builder
		if err := WriteOPML(&b, list.Title, list.Feeds); err != nil {
			t.Fatal(err)
		}
		again, err := ReadOPML(strings.NewReader(b.String()))
		if err != nil || len(again.Feeds) != len(list.Feeds) {
			t.Fatalf("%d feeds, read back %d: %v\n%s", len(list.Feeds), len(again.Feeds), err, b.String())
		}
	})
}
