package render

// frameWords are the words that stand in the templates themselves.
type frameWords struct {
	Language                                     string // tag of BCP 47
	ReadWeb                                      string
	Week, Start, Quote, Corrections, Made, Leave string // headings, and the link's
	CorrectionsTest                              string
	ButAlso, AlsoAt, AlsoListed                  string
	Colon                                        string
}

func (w *words) frame() frameWords {
	return frameWords{
		Language: w.tag,
		ReadWeb:  w.say("read_web", nil),
		Week:     w.say("the_week", nil), Start: w.say("start_here", nil), Quote: w.say("quote_of_week", nil),
		Corrections: w.say("corrections", nil), Made: w.say("made", nil), Leave: w.say("leave", nil),
		CorrectionsTest: wrap(w.say("corrections_test", nil), "", ""),
		Colon:           w.say("colon", nil),
		ButAlso:         w.say("but_also", nil), AlsoAt: w.say("also_at", nil), AlsoListed: w.say("also_listed", nil),
	}
}
