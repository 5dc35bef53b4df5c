package digest

import "standpoint/digest/topic"

// Sections returns the empty sections of an edition on the pack, in the order in
// which it shows them: the stances, and what is not sorted.
func Sections(p *topic.Pack) []Section { return sections(p) }
