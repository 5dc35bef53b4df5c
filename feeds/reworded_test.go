package feeds

import "testing"

func TestReworded(t *testing.T) {
	const text = "Kyiv needs a promise that binds, and the coalition has not made one yet."
	for _, each := range []struct {
		name, before, after string
		want                bool
	}{
		{"nothing", text, text, false},
		{"case and punctuation", text, "KYIV needs a promise, that binds; and the coalition has not made one yet", false},
		{"one word", text, "Kyiv needs a promise that binds, and the alliance has not made one yet.", false},
		{"a clock", "Posted 3 hours ago. " + text, "Posted 5 hours ago. " + text, false},
		{"half of it", text, "Kyiv needs a promise that binds, or else troops behind the line of contact soon.", true},
		{"a second sentence", text, text + " Troops would change that, its author says.", true},
		{"written at last", "", text, true},
		{"taken away", text, "", true},
		{"both empty", "", "", false},
	} {
		if got := Reworded(each.before, each.after); got != each.want {
			t.Errorf("%s: %v", each.name, got)
		}
	}
}
