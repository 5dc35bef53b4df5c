package main

import (
	"cmp"
	"slices"
	"strings"

	"standpoint/digest/topic"
)

// cueGroup is what was found of one group of cues.
type cueGroup struct {
	name  string
	words []string // as the text has them, most frequent first
}

// shownCues is how many words of a group are told.
const shownCues = 8

// findCues finds the words that tell what a text is about and where its author
// stands: the relevance groups first, then the stances in the pack's order.
func (e *explained) findCues(pack *topic.Pack, text string) {
	words := topic.Words(text)
	found := map[string]map[string]int{}
	for _, h := range pack.Cues().Match(words) {
		group := found[h.Cue.Group]
		if group == nil {
			group = map[string]int{}
			found[h.Cue.Group] = group
		}
		group[strings.ToLower(line(text[words[h.From].Start:words[h.To-1].End]))]++
	}
	order := []string{topic.Anchor, topic.Matter, topic.Hint, topic.Other}
	for _, s := range pack.Stances {
		order = append(order, string(s.Key))
	}
	e.Cues = map[string][]string{}
	for _, name := range order {
		if len(found[name]) == 0 {
			continue
		}
		var all []string
		for word := range found[name] {
			all = append(all, word)
		}
		slices.SortFunc(all, func(a, b string) int {
			return cmp.Or(cmp.Compare(found[name][b], found[name][a]), cmp.Compare(a, b))
		})
		all = all[:min(len(all), shownCues)]
		e.Cues[name] = all
		e.cueGroups = append(e.cueGroups, cueGroup{name, all})
	}
}
