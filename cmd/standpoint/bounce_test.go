package main

import (
	"bytes"
	"net/mail"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// quote FILE EML puts the Message-ID of a letter, and its address for leaving by
// mail, into a file in the places of @ID@ and @LEAVE@.
func quoteCommand(ts *testscript.TestScript, _ bool, args []string) {
	m, err := mail.ReadMessage(strings.NewReader(ts.ReadFile(args[1])))
	ts.Check(err)
	id := strings.Trim(m.Header.Get("Message-ID"), "<>")
	text := []byte(ts.ReadFile(args[0]))
	_, way, _ := strings.Cut(m.Header.Get("List-Unsubscribe"), "<mailto:")
	leave, _, _ := strings.Cut(way, "?")
	if id == "" || leave == "" || !bytes.Contains(text, []byte("@ID@")) && !bytes.Contains(text, []byte("@LEAVE@")) {
		ts.Fatalf("quote %v: Message-ID %q, address for leaving %q", args, id, leave)
	}
	quoted := strings.NewReplacer("@ID@", id, "@LEAVE@", leave).Replace(string(text))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(quoted), 0o600))
}
