package mail

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Files is an edition as files: what all readers share. One that is nil is not
// written.
type Files struct {
	HTML, Text, JSON []byte
	Page             []byte // the web copy
}

// Outbox delivers into a folder, for a first look and for other programs to send
// on. Each edition has a folder of its own with edition.html, edition.txt,
// edition.json, page.html and one .eml a reader, named by the reader's number. It holds
// addresses, so only its owner can read it.
type Outbox struct {
	Dir string
}

// Write stores what all readers of an edition share.
func (o Outbox) Write(edition int, f Files) error {
	return o.fault(o.store(edition, f.list()))
}

// Dial opens a session like the mail server's, so that a run need not know which
// of the two it has.
func (o Outbox) Dial(ctx context.Context) (*OutboxSession, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := makeFolder(o.Dir, 0o700); err != nil {
		return nil, o.fault(err)
	}
	return &OutboxSession{outbox: o}, nil
}

// OutboxSession writes messages into an Outbox.
type OutboxSession struct {
	outbox Outbox
}

// Send writes the message as edition-NNNN/NNNN.eml. The same message again
// writes the same bytes under the same name. An error is a *SetupError, since a
// folder that fails one reader fails them all; whole or absent, the file may be
// written again.
func (x *OutboxSession) Send(ctx context.Context, m *Message) error {
	if ctx.Err() != nil {
		return &SendError{Outcome: Deferred, Stage: stageContent, Err: context.Cause(ctx)}
	}
	if m.Recipient < 0 {
		return fmt.Errorf("outbox: subscriber number %d is below zero", m.Recipient)
	}
	// The name comes from a number alone: nothing from outside reaches a path.
	name := fmt.Sprintf("%04d.eml", m.Recipient)
	return x.outbox.fault(x.outbox.store(m.Edition, []file{{name, m.Bytes()}}))
}

// Close does nothing: every file is complete when Send returns.
func (x *OutboxSession) Close() error { return nil }

// WriteFolder writes edition.eml (as the first reader gets it), edition.html,
// edition.txt, edition.json and page.html into a folder of the operator's choice, making it
// if need be. Other files in it are left alone. Without a message there is no
// edition.eml.
func WriteFolder(dir string, m *Message, f Files) error {
	list := f.list()
	if m != nil {
		list = append(list, file{"edition.eml", m.Bytes()})
	}
	err := makeFolder(dir, 0o755)
	for _, each := range list {
		if err == nil {
			err = writeFile(dir, each, 0o644)
		}
	}
	if err != nil {
		return fmt.Errorf("write the edition into folder %q: %w; choose a folder that you may write to", dir, err)
	}
	return nil
}

func (o Outbox) store(edition int, list []file) error {
	if edition < 0 {
		return fmt.Errorf("edition number %d is below zero", edition)
	}
	dir := filepath.Join(o.Dir, fmt.Sprintf("edition-%04d", edition))
	if err := makeFolder(dir, 0o700); err != nil {
		return err
	}
	for _, f := range list {
		if err := writeFile(dir, f, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (o Outbox) fault(err error) error {
	if err == nil {
		return nil
	}
	return &SetupError{
		Where: fmt.Sprintf("outbox folder %q", o.Dir), Step: "write",
		Err: fmt.Errorf("%w; make it a folder that the user who runs standpoint may write to, with room on its disk", err),
	}
}

func (f Files) list() []file {
	all := []file{{"edition.html", f.HTML}, {"edition.txt", f.Text}, {"edition.json", f.JSON}, {"page.html", f.Page}}
	return slices.DeleteFunc(all, func(f file) bool { return f.data == nil })
}

// file is a name without a folder, and what it holds.
type file struct {
	name string
	data []byte
}

// writeFile puts a file into place whole or not at all, and durably: the bytes
// are on the disk before the name is, and the name before we say so. A crash
// leaves at most a .tmp file, which the next try replaces; the program's lock on
// its state makes us the only writer.
func writeFile(dir string, f file, mode os.FileMode) error {
	temp := filepath.Join(dir, "."+f.name+".tmp")
	if err := os.Remove(temp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	// O_EXCL: a link that someone laid in a shared folder is not followed.
	w, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = w.Write(f.data)
	err = errors.Join(err, w.Sync(), w.Close())
	if err == nil {
		err = os.Rename(temp, filepath.Join(dir, f.name))
	}
	if err != nil {
		os.Remove(temp)
		return err
	}
	return syncFolder(dir)
}

// makeFolder makes a folder and its missing parents, and its name durable.
func makeFolder(dir string, mode os.FileMode) error {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		return nil
	}
	if err := os.MkdirAll(dir, mode); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(dir))
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
