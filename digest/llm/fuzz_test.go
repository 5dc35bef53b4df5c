package llm

import (
	"errors"
	"strings"
	"testing"
)

// FuzzAnswer: whatever a model says, what is made of it holds: known labels, and
// quotes that stand in the piece where they are said to.
func FuzzAnswer(f *testing.F) {
	f.Add(good)
	f.Add(strings.Replace(good, `"2"`, `"is better wine from our", 3, "[1]"`, 1))
	f.Add(strings.Replace(good, `"2"`, `"not shown but said\nall the same"`, 1))
	f.Add(`{"evidence":[8.5e46506,-1,null,{}],"relevant":true}`)
	f.Add(`{"EVIDENCE":[1],"evidence":[2],"relevant":false,"primary":"","confidence":"low"}`)
	c, err := New(cheese(f), Options{BaseURL: "https://llm.example/v1", Model: "tiny", Key: key})
	if err != nil {
		f.Fatal(err)
	}
	p := fair()
	p.Text += "\nnot shown but said\nall the same"
	f.Fuzz(func(t *testing.T, text string) {
		o, err := c.read(text, p)
		if err != nil {
			if _, ok := errors.AsType[*failure](err); !ok || strings.ContainsAny(err.Error(), "\n\r\x00") {
				t.Errorf("error %q", err)
			}
			return
		}
		for _, k := range o.Also {
			if _, ok := c.pack.Stance(k); !ok || k == o.Stance {
				t.Errorf("also %q", k)
			}
		}
		if _, ok := c.pack.Stance(o.Stance); ok != o.Relevant || rank(o.Confidence) < 0 || len(o.Evidence) > mostEvidence || o.Relevant == (len(o.Evidence) == 0) {
			t.Errorf("opinion %+v", o)
		}
		for _, q := range o.Evidence {
			if p.Text[q.Start:q.End] != q.Text {
				t.Errorf("%q does not stand at %d", q.Text, q.Start)
			}
		}
	})
}
