package mail

import (
	"bytes"
	"errors"
	"io"
	"strings"
)

// The lines of a transaction are written here and not by go-mail's client: it
// waits for the answer to each before it writes the next, and it looks at every
// byte of a body by itself. Each of that costs more than the rest of a hand-over.

// envelope is what stands before the content: MAIL, RCPT and DATA. No parameter
// is needed: all our content is 7-bit.
func envelope(m *Message) [3]string {
	return [3]string{"MAIL FROM:<" + path(m.from) + ">", "RCPT TO:<" + path(m.to) + ">", "DATA"}
}

// errBreak is for an address that would begin a command of its own.
var errBreak = errors.New("line break in an address")

// ask says the line i of the envelope and reads the answer. To a server that
// offers PIPELINING the whole envelope is said at once with the first line, which
// saves two of four round trips (RFC 2920 §3.1).
func (l *line) ask(say [3]string, i, want int) error {
	now := say[i : i+1]
	if l.pipelining {
		now = say[:]
		if i > 0 {
			now = nil
		}
	}
	out := l.client.Text.W
	for _, text := range now {
		if strings.ContainsAny(text, "\r\n") {
			return errBreak // the connection ends then, and what is in its buffer with it
		}
		// A writer that has failed once says so at its Flush.
		_, _ = out.WriteString(text)
		_, _ = out.WriteString("\r\n")
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, _, err := l.client.Text.ReadResponse(want)
	return err
}

// undo ends a transaction whose line i was refused, so that the next message can
// follow. What was said beyond it has answers, too, and a server may take DATA
// although it took no reader: then it gets an empty message, which has nobody to
// go to (RFC 2920 §3.1). No RSET after an accepted message: its failure would
// cast doubt on what is certain.
func (l *line) undo(i int) error {
	for j := i + 1; l.pipelining && j < 3; j++ {
		code, _, err := l.client.Text.ReadResponse(0)
		if err != nil {
			return err
		}
		if j == 2 && code == 354 {
			if err := l.end(); err != nil && !answered(err) {
				return err
			}
		}
	}
	if i == 0 { // no transaction was opened
		return nil
	}
	return l.client.Reset()
}

// content writes the message without its final dot.
func (l *line) content(m *Message) error {
	w := stuffer{out: l.out, last: '\n'}
	if _, err := m.WriteTo(&w); err != nil {
		return err
	}
	if w.last != '\n' {
		_, _ = l.out.WriteString("\r\n")
	}
	if err := l.out.Flush(); err != nil {
		return err
	}
	return l.client.Text.W.Flush()
}

// end writes the final dot and reads the answer (RFC 5321 §4.1.1.4).
func (l *line) end() error {
	out := l.client.Text.W
	_, _ = out.WriteString(".\r\n")
	if err := out.Flush(); err != nil {
		return err
	}
	_, _, err := l.client.Text.ReadResponse(250)
	return err
}

// stuffer doubles a dot at the beginning of a line (RFC 5321 §4.5.2) and ends
// each line with CR LF: a bare LF before a dot could end the message for some
// servers, and let what follows pass for another. It passes whole stretches on,
// since hardly any line needs it.
type stuffer struct {
	out  io.Writer
	last byte // what was written last; LF at the beginning
}

func (s *stuffer) Write(p []byte) (int, error) {
	done := 0
	pass := func(until int, insert string) error {
		if until > done {
			if _, err := s.out.Write(p[done:until]); err != nil {
				return err
			}
			done = until
		}
		if insert == "" {
			return nil
		}
		_, err := io.WriteString(s.out, insert)
		return err
	}
	for at := 0; at < len(p); {
		if s.last == '\n' && p[at] == '.' {
			if err := pass(at, "."); err != nil {
				return done, err
			}
		}
		n := bytes.IndexByte(p[at:], '\n')
		if n < 0 {
			s.last = p[len(p)-1]
			break
		}
		end := at + n
		before := s.last
		if n > 0 {
			before = p[end-1]
		}
		if before != '\r' {
			if err := pass(end, "\r"); err != nil {
				return done, err
			}
		}
		s.last, at = '\n', end+1
	}
	return len(p), pass(len(p), "")
}
