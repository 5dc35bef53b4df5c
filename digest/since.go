package digest

import "standpoint/digest/topic"

// Since says which of an edition's pieces stand elsewhere now than the edition
// shows them, whether or not a later edition has told it yet.
func Since(p *topic.Pack, e Edition, told []Told) []Correction {
	var here []Told
	for _, t := range told {
		if t.Edition != e.Number {
			continue
		}
		if t.As = e.Place(t.Item); t.As != "" {
			here = append(here, t)
		}
	}
	return corrections(p, e.Sections, here)
}
