package main

import (
	"bytes"
	"net/mail"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// quote FILE EML puts the Message-ID of a letter into a file in the place of @ID@.
func quoteCommand(ts *testscript.TestScript, _ bool, args []string) {
	m, err := mail.ReadMessage(strings.NewReader(ts.ReadFile(args[1])))
	ts.Check(err)
	id := strings.Trim(m.Header.Get("Message-ID"), "<>")
	text := []byte(ts.ReadFile(args[0]))
	if id == "" || !bytes.Contains(text, []byte("@ID@")) {
		ts.Fatalf("quote %v: Message-ID %q", args, id)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.ReplaceAll(text, []byte("@ID@"), []byte(id)), 0o600))
}
