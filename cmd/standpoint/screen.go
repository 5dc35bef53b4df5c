package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/mattn/go-isatty"
)

// screen is the error output. On a terminal it shows progress in its last line,
// which gives way to whatever is written.
type screen struct {
	mu       sync.Mutex
	out      io.Writer
	terminal bool
	line     string
}

func newScreen(f *os.File) *screen {
	return &screen{out: f, terminal: isatty.IsTerminal(f.Fd())}
}

// Write prints above the progress line.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wipe()
	n, err := s.out.Write(p)
	io.WriteString(s.out, s.line)
	return n, err
}

// Progress shows how far a step is. It does nothing where nobody watches.
func (s *screen) Progress(step string, done, total int) {
	if done < total {
		s.Status(bar(step, done, total))
		return
	}
	s.Status("")
}

// bar draws how far a step is, in at most 50 columns or so.
func bar(step string, done, total int) string {
	const width = 24
	full := width * done / total
	return fmt.Sprintf("%-8s %s%s %d of %d", step, strings.Repeat("━", full), strings.Repeat("─", width-full), done, total)
}

// Status shows a text in the last line until the next one; the empty text
// clears it.
func (s *screen) Status(line string) {
	if !s.terminal {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wipe()
	s.line = line
	io.WriteString(s.out, s.line)
}

func (s *screen) wipe() {
	if s.line != "" {
		io.WriteString(s.out, "\r\x1b[K")
	}
}
