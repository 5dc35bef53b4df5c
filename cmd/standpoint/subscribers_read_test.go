package main

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// readAll reads a list and writes each line of it as "line address name" or
// "line: why it is refused".
func readAll(file io.Reader) (out []string, err error) {
	for e, err := range readList(file) {
		if err != nil {
			return out, err
		}
		if e.err != nil {
			out = append(out, fmt.Sprintf("%d: %v", e.line, e.err))
			continue
		}
		out = append(out, strings.TrimSpace(fmt.Sprintf("%d %s %s", e.line, e.reader.Address, e.reader.Name)))
	}
	return out, nil
}

func TestReadList(t *testing.T) {
	for name, c := range map[string]struct {
		file, fault string
		want        []string
	}{
		"plain":              {"a@b.example\r\n\r\n# no one\r\nAda <c@D.example>", "", []string{"1 a@b.example", "4 c@d.example Ada"}},
		"byte order mark":    {"\ufeffa@b.example\n", "", []string{"1 a@b.example"}},
		"table with a mark":  {"\ufeffEmail,Name\na@b.example,Ada\n", "", []string{"2 a@b.example Ada"}},
		"quoted header":      {"\"E-mail Address\";\"Full name\"\r\na@b.example;Ada\r\n", "", []string{"2 a@b.example Ada"}},
		"tabs":               {"name\taddress\nAda\ta@b.example\n", "", []string{"2 a@b.example Ada"}},
		"one column":         {"email\na@b.example\n", "", []string{"2 a@b.example"}},
		"postal address":     {"Address,Email\n1 Long Road,a@b.example\n", "", []string{"2 a@b.example"}},
		"quoted line breaks": {"email,name\na@b.example,\"Ada\nReader\"\nc@d.example,Cy\n", "", []string{"2 a@b.example Ada Reader", "4 c@d.example Cy"}},
		"old encoding":       {"email,name\na@b.example,Zo\xeb\nc@d.example,Zoë\n", "", []string{"2: " + errNotUTF8.Error(), "3 c@d.example Zoë"}},
		"old, plain":         {"Zo\xeb <a@b.example>\n", "", []string{"1: " + errNotUTF8.Error()}},
		"short rows":         {"name,email\nAda\n,\n\nCy,c@d.example,more\n", "", []string{"2: has no address", "5 c@d.example Cy"}},
		"two at once":        {"a@b.example, c@d.example\n", "a first line that names its columns", nil},
		"UTF-16":             {"\xff\xfea\x00@\x00", "UTF-16", nil},
		"swallowed lines":    {"email,name\na@b.example,\"Ada\nc@d.example,\"\"Cy\"\n", "not closed", nil},
		"open to the end":    {"email,name\na@b.example,\"Ada\nc@d.example,Cy\n", "line 2: a quotation mark is not closed", nil},
		"endless field":      {"email,name\na@b.example,\"" + strings.Repeat("Ada\n", 1<<20), "not closed", nil},
		"long line":          {strings.Repeat("a", 5000) + "@b.example\nc@d.example\n", "", []string{"1: is too long for an address", "2 c@d.example"}},
		"steering":           {"email,name\na@b.example,Ada\x1b[2J\u202e\n", "", []string{"2 a@b.example Ada[2J"}},
		"who left elsewhere": {"email,status\na@b.example,unsubscribed\nc@d.example,Subscribed\ne@f.example,blocklisted\n", "", []string{
			"2: is not active (unsubscribed) where the table comes from", "3 c@d.example", "4: is not active (blocklisted) where the table comes from",
		}},
		"empty":         {"", "", nil},
		"only a header": {"email,name\n", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readAll(strings.NewReader(c.file))
			if (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
				t.Fatalf("fault %v, want %q", err, c.fault)
			}
			if c.fault == "" && fmt.Sprintf("%q", got) != fmt.Sprintf("%q", c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// However long a list is, little of it is in memory.
func TestReadListIsAStream(t *testing.T) {
	for _, head := range []string{"", "email,name\n"} {
		read, write := io.Pipe()
		go func() {
			io.WriteString(write, head+strings.Repeat("a@b.example\n", headerWithin)) // more than is read ahead
			for i := range 3 {
				fmt.Fprintf(write, "reader%d@b.example\n%s", i, strings.Repeat("\n", 5000))
			}
			// It stays open: whoever wants the end of it waits for ever.
		}()
		for e, err := range readList(read) {
			check(t, err)
			if e.reader.Address == "reader1@b.example" {
				break
			}
		}
		check(t, read.Close())
	}
}

func FuzzReadList(f *testing.F) {
	for _, seed := range []string{"a@b.example\n", "email;name\na@b.example;\"A\nB\"\n", "\ufeffemail\tname\n\"\"\"\t\n", "\xff\xfe"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file string) {
		lines := strings.Count(file, "\n") + strings.Count(file, "\r") + 1
		last := 0
		for e, err := range readList(strings.NewReader(file)) {
			if err != nil {
				return
			}
			if e.line <= last || e.line > lines {
				t.Fatalf("line %d after %d of %d", e.line, last, lines)
			}
			last = e.line
			if e.err == nil && (strings.ContainsAny(e.reader.Name+e.reader.Address, "\r\n\x00\x1b") || !strings.Contains(e.reader.Address, "@")) {
				t.Fatalf("reader %+v", e.reader)
			}
		}
	})
}
