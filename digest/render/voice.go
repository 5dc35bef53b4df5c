package render

import (
	"strings"

	"standpoint/digest"
)

// voice is one of several contributors.
type voice struct {
	Name string
	Says string // with its quotation marks
	Text string // both
}

// quoted sets a text in quotation marks, with a sign where it was cut.
func quoted(text string, cut bool) string {
	q := clean(text, maxQuote)
	if q == "" {
		return ""
	}
	if cut && !strings.HasSuffix(q, "…") {
		q = strings.TrimRight(q, " ,;:") + " …"
	}
	return "“" + q + "”"
}

// mostVoices bounds what one card shows.
const mostVoices = 5

func (w *words) voices(said []digest.Voice) []voice {
	var out []voice
	for _, v := range said[:min(len(said), mostVoices)] {
		name, says := isolate(clean(v.Name, maxName)), quoted(v.Says, v.Cut)
		if name != "" && says != "" {
			text := wrap(name+w.say("colon", nil)+" "+says, textIndent+"  ", textIndent+"  ")
			out = append(out, voice{name, fold(says), text})
		}
	}
	return out
}
