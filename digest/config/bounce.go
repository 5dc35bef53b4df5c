package config

import (
	"fmt"
	"net/mail"
	"os"
	"strings"
)

// Bounce says how bounces and complaints come back.
type Bounce struct {
	// Address is the bare address of the envelope's sender, in whose local part
	// each letter's own part stands behind a plus sign. Empty: letters bounce to
	// Mail.From.
	Address string `yaml:"address"`
	// Maildir is the folder into which the mail server delivers what comes to
	// Address. Empty: the daemon reads none.
	Maildir string `yaml:"maildir"`
	// Soft is after how many editions in a row that a reader's server gave up on
	// the reader is suppressed, 1 to 100. Default: 3.
	Soft int `yaml:"soft"`
}

// roomInLocal is how long Address's local part may be, see mail.FoldedLength.
const roomInLocal = 24

func (v *validator) bounce() {
	b := v.c.Mail.Bounce
	v.number("mail.bounce.soft", b.Soft, 1, 100)
	v.maildir("mail.bounce.maildir", b.Maildir)
	v.maildir("mail.unsubscribe_maildir", v.c.Mail.UnsubscribeMaildir)
	if b.Address == "" || !v.bare("mail.bounce.address", b.Address) {
		return
	}
	local, domain, _ := strings.Cut(b.Address, "@")
	if strings.ContainsAny(local, `+" `) || len(local) > roomInLocal {
		v.fail("mail.bounce.address", fmt.Sprintf("mail.bounce.address %s has no room for a letter's own part", quote(b.Address)),
			fmt.Sprintf("before the @ write up to %d letters, digits, dots and hyphens", roomInLocal))
	}
	from, err := mail.ParseAddress(v.c.Mail.From)
	if err != nil {
		return // said elsewhere
	}
	_, ours, _ := strings.Cut(strings.ToLower(from.Address), "@")
	if domain = strings.ToLower(domain); domain != ours && !strings.HasSuffix(domain, "."+ours) && !strings.HasSuffix(ours, "."+domain) {
		v.fail("mail.bounce.address", fmt.Sprintf("mail.bounce.address is at %s, but mail.from at %s: DMARC would not take the one for the other", domain, ours),
			"use an address at "+ours+" or at a domain below it")
	}
}

// maildir refuses what is no folder. One that is not there yet may still come.
func (v *validator) maildir(path, dir string) {
	v.literal(path, dir)
	if dir == "" {
		return
	}
	if info, err := os.Stat(dir); err != nil {
		v.warn(path, path+" "+dir+": "+reason(err), "have the mail server deliver there, or make the folder")
	} else if !info.IsDir() {
		v.fail(path, path+" "+dir+" is no folder", "name a maildir, or write \"\"; files are taken in with standpoint bounce FILE")
	}
}
