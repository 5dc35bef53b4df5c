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
	for e, err := range readList(file, offer{}) {
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
		"carriage returns":   {"email;name\ra@b.example;Ada\r\rc@d.example;\"Cy\rD\"\r", "", []string{"2 a@b.example Ada", "4 c@d.example Cy D"}},
		"returns, plain":     {"# all\ra@b.example\rc@d.example", "", []string{"2 a@b.example", "3 c@d.example"}},
		"NUL bytes":          {"email\na@b.example\n", "", []string{"2 a@b.example"}},
		"NUL at the head":    {"a@b.example\x00\n", "UTF-16, or no text", nil},
		"NUL far down":       {strings.Repeat("#\n", headerWithin) + "a\x00@b.example\nc@d.example\n", "", []string{"16385: \"a\\x00@b.example\" is no mail address", "16386 c@d.example"}},
		"international":      {"ada@bücher.example\nžofie@d.example\n", "", []string{"1 ada@xn--bcher-kva.example", "2: \"žofie@d.example\" has letters outside ASCII before the @, which mail servers need not take: ask for another address"}},
		"dots and case":      {"A.da@b.example\nada@B.example\n", "", []string{"1 A.da@b.example", "2 ada@b.example"}},
		"wishes": {"email;letter;stances;outlets;language\na@b.example;Short;;;de-AT\nc@d.example;long;;;\ne@f.example;;arm;;\ng@h.example;;;;german!\n", "", []string{
			"2 a@b.example", "3: has the letter \"long\"; write full or short", "4: wishes for the stance \"arm\", and there is ",
			"5: has the language \"german!\"; write a tag such as en",
		}},
		"times": {"email,added,consent_date\na@b.example,2026-03-02,2026-03-01 10:00:00\nc@d.example,yesterday,\n", "", []string{
			"2 a@b.example", "3: has the time \"yesterday\"; write it like 2026-03-02 or 2026-03-02T06:00:00Z",
		}},
		"who left elsewhere": {"email,status\na@b.example,unsubscribed\nc@d.example,Subscribed\ne@f.example,blocklisted\n", "", []string{
			"2 a@b.example", "3 c@d.example", "4: is not active (blocklisted) where the table comes from",
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
		for e, err := range readList(read, offer{}) {
			check(t, err)
			if e.reader.Address == "reader1@b.example" {
				break
			}
		}
		check(t, read.Close())
	}
}
