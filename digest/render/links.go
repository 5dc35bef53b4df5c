package render

import "standpoint/digest"

// Links lists the addresses of an edition's pieces as all outputs show them:
// what they look like is their outlets' choice.
func Links(e digest.Edition) []string {
	var out []string
	add := func(raw string) {
		if link := address(raw); link != "" {
			out = append(out, link)
		}
	}
	for _, s := range e.Sections {
		for _, en := range s.Entries {
			add(en.URL)
			for _, c := range en.AlsoAt {
				add(c.URL)
			}
		}
	}
	for _, c := range e.Corrections {
		add(c.URL)
	}
	return out
}

// Texts lists what an edition shows in words that are not ours: what a piece
// says of templates and markup is no fault of the letter.
func Texts(e digest.Edition) []string {
	var out []string
	for _, s := range e.Sections {
		for _, en := range s.Entries {
			out = append(out, en.Title, en.Outlet, en.Country, en.Summary, en.Quote, en.Contrary)
			out = append(out, en.Authors...)
			for _, v := range en.Voices {
				out = append(out, v.Name, v.Says)
			}
			for _, c := range en.AlsoAt {
				out = append(out, c.Outlet)
			}
		}
	}
	if e.Quote != nil {
		out = append(out, e.Quote.Text)
	}
	for _, c := range e.Corrections {
		out = append(out, c.Title, c.Outlet, c.Why)
	}
	return out
}
