package bounce

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"regexp"
)

// Messages yields the messages of a file: the one that it is, or those of a mail
// file (mbox, RFC 4155). Of each, what lies beyond MaxSize is left out.
func Messages(r io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		in := bufio.NewReader(r)
		if begin, _ := in.Peek(len("From ")); string(begin) != "From " {
			raw, err := io.ReadAll(io.LimitReader(in, MaxSize))
			yield(raw, err)
			return
		}
		// With a date at its end, since a line of a letter may begin so, too.
		separator := regexp.MustCompile(`^From \S.* [12][0-9]{3}\s*$`)
		var message []byte
		empty := true // the line before
		for {
			line, err := readLine(in)
			if empty && len(message) > 0 && separator.Match(line) {
				if !yield(message, nil) {
					return
				}
				message = nil
			}
			message = append(message, line[:min(len(line), MaxSize-len(message))]...)
			empty = len(line) <= 2 && (string(line) == "\n" || string(line) == "\r\n")
			if err != nil {
				if errors.Is(err, io.EOF) {
					err = nil
				}
				if len(message) > 0 || err != nil {
					yield(message, err)
				}
				return
			}
		}
	}
}

// readLine reads a line with its end; of one that is too long, its beginning.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part[:min(len(part), MaxSize-len(line))]...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}
