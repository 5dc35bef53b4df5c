package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// templates is the folder with the operator's own templates; nil for none.
func (s *settings) templates() fs.FS {
	if s.Edition.Templates == "" {
		return nil
	}
	return os.DirFS(s.Edition.Templates)
}

// templateFault is a usage error where the templates are the operator's own.
func (s *settings) templateFault(err error) error {
	if s.Edition.Templates == "" {
		return err
	}
	return s.Fault("edition.templates", err.Error(), "mend the template in "+s.Edition.Templates+", or take it out of the folder: the built-in one stands in")
}

// whichTemplates says which templates are the operator's own.
func (s *settings) whichTemplates() string {
	if s.Edition.Templates == "" {
		return "built-in"
	}
	own, _ := fs.Glob(s.templates(), "*.tmpl") // Parse has read them
	if len(own) == 0 {
		return "built-in; none in " + s.Edition.Templates
	}
	return filepath.Base(s.Edition.Templates) + "/: " + strings.Join(own, ", ")
}
