package config

import (
	"fmt"
	"os"
)

// Edition says what an edition is to be like.
type Edition struct {
	// Least is how many pieces make a usual edition, 1 to 1000: a week with fewer
	// is quiet. Default: 1.
	Least int `yaml:"least"`
	// Quiet is what readers get in a quiet week. Default: short.
	Quiet Quiet `yaml:"quiet"`
	// Templates is a folder with templates of the operator's own, or empty.
	Templates string `yaml:"templates"`
}

// Quiet is what readers get in a quiet week.
type Quiet string

// See digest.QuietSend.
const (
	QuietShort   Quiet = "short"
	QuietNote    Quiet = "note"
	QuietNothing Quiet = "nothing"
)

func (v *validator) edition() {
	e := v.c.Edition
	v.number("edition.least", e.Least, 1, 1000)
	switch e.Quiet {
	case QuietShort, QuietNote, QuietNothing:
	default:
		v.fail("edition.quiet", choice("edition.quiet", string(e.Quiet)), "write short, note or nothing")
	}
	if e.Templates == "" {
		return
	}
	if _, err := os.ReadDir(e.Templates); err != nil {
		v.fail("edition.templates", fmt.Sprintf("edition.templates %s: %s", e.Templates, reason(err)), `name a folder with templates, or write ""`)
	}
}
