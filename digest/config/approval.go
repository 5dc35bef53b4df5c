package config

import (
	"fmt"
	"time"
)

// Approval says whether an editor sees each edition before readers do.
type Approval struct {
	// Mode is what a made edition waits for. Default: none.
	Mode ApprovalMode `yaml:"mode"`
	// Editor is the bare address that gets the drafts; empty stands for
	// Operator.Mail. One of them is required unless Mode is none.
	Editor string `yaml:"editor"`
	// Window is how long a draft waits for a hold before it goes out, with mode
	// window: 5m to 7d. Default: 4h.
	Window Duration `yaml:"window"`
}

// ApprovalMode says what an edition that was made waits for.
type ApprovalMode string

// None sends at once; Window sends at a deadline unless the editor holds the
// edition; Required waits for the editor's word.
const (
	ApprovalNone     ApprovalMode = "none"
	ApprovalWindow   ApprovalMode = "window"
	ApprovalRequired ApprovalMode = "required"
)

// EditorAddress returns who gets the drafts; it may be empty without approval.
func (c Config) EditorAddress() string {
	if c.Approval.Editor != "" {
		return c.Approval.Editor
	}
	return c.Operator.Mail
}

func (v *validator) approval() {
	a := v.c.Approval
	if w := a.Window.Std(); w < 5*time.Minute || w > 7*day {
		v.fail("approval.window", fmt.Sprintf("approval.window is %s, but must be 5m to 7d", a.Window), "write how long the editor has, e.g. 4h")
	}
	if a.Editor != "" {
		v.bare("approval.editor", a.Editor)
	}
	switch a.Mode {
	case ApprovalNone:
	case ApprovalWindow, ApprovalRequired:
		if v.c.EditorAddress() == "" {
			v.fail("approval.mode", "approval.mode "+string(a.Mode)+" needs an editor", "write who gets the drafts under approval.editor, or under operator.mail")
		}
	default:
		v.fail("approval.mode", choice("approval.mode", string(a.Mode)), "write none, window or required")
	}
}
