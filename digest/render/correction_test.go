package render

import (
	"testing"

	"standpoint/digest"
	"standpoint/digest/topic"
)

func TestSaid(t *testing.T) {
	arm := digest.Correction{From: "arm", FromName: "Arm Ukraine: long", To: "bind", ToName: "Binding commitments", Why: "it asks for a treaty."}
	change := func(f func(*digest.Correction)) digest.Correction {
		c := arm
		f(&c)
		return c
	}
	for want, c := range map[string]digest.Correction{
		"We had filed it under Arm Ukraine; the editor files it under Binding commitments: it asks for a treaty.":                 arm,
		"We had left it unsorted; the editor files it under Binding commitments: it asks for a treaty.":                           change(func(c *digest.Correction) { c.From = topic.Unsure }),
		"We had called it a piece on another subject; the editor files it under Binding commitments: it asks for a treaty.":       change(func(c *digest.Correction) { c.From = "" }),
		"We had filed it under Arm Ukraine; the editor takes it for a piece on another subject: why?":                             change(func(c *digest.Correction) { c.To, c.Why = "", "why?" }),
		"We had filed it under Arm Ukraine; the editor files it under Binding commitments.":                                       change(func(c *digest.Correction) { c.Why = "..." }),
		"The editor had filed it under Arm Ukraine; that is taken back, and the program files it under Binding commitments.":      change(func(c *digest.Correction) { c.Why = "" }),
		"The editor had called it a piece on another subject; that is taken back, and the program cannot sort it.":                change(func(c *digest.Correction) { c.From, c.To, c.Why = "", topic.Unsure, "" }),
		"The editor had filed it under Arm Ukraine; that is taken back, and the program takes it for a piece on another subject.": change(func(c *digest.Correction) { c.To, c.Why = "", "" }),
	} {
		if got := english(t).said(c); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
