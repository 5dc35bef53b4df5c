package stance

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"standpoint/digest/topic"
)

// A kept model's file is named by the beginning of its fingerprint.
const (
	keptPrefix = "model-"
	keptSuffix = ".bin"
	printShown = 16
)

// OpenKept returns the classifier of a pack and corrections: the model that lies
// with the pack, else the one that Keep put into the folder, else one trained
// now, which takes seconds. A kept model that is damaged is passed over.
func OpenKept(dir string, pack *topic.Pack, corrections ...Correction) (*Classifier, error) {
	if c := ready(pack, corrections); c != nil {
		return c, nil
	}
	name, err := keptName(pack, corrections)
	if err != nil {
		return nil, err
	}
	if data, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
		if c, err := Decode(pack, data, corrections...); err == nil {
			c.stored = true
			return c, nil
		}
	}
	return Train(pack, corrections...)
}

// ready decodes the model that lies with the pack; nil where none fits.
func ready(pack *topic.Pack, corrections []Correction) *Classifier {
	if len(inOrder(pack, corrections)) > 0 {
		return nil
	}
	data, err := pack.Model()
	if err != nil || data == nil {
		return nil
	}
	c, err := Decode(pack, data)
	if err != nil {
		return nil
	}
	c.stored, c.builtin = true, true
	return c
}

// Keep puts the model into the folder for OpenKept, unless it is there or lies
// with its pack, and takes away those of earlier times. The file is replaced at
// once, and a crash leaves the old one, or none: then it is trained again.
func Keep(dir string, c *Classifier) error {
	name, err := keptName(c.pack, c.corrections)
	if err != nil {
		return err
	}
	if !c.stored {
		if err := writeModel(filepath.Join(dir, name), c); err != nil {
			return err
		}
	}
	if c.builtin {
		name = ""
	}
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var errs []error
	for _, f := range files {
		// What a crash left half written has the prefix, too.
		if f.Name() != name && strings.HasPrefix(f.Name(), keptPrefix) && f.Type().IsRegular() {
			errs = append(errs, os.Remove(filepath.Join(dir, f.Name())))
		}
	}
	return errors.Join(errs...)
}

func keptName(pack *topic.Pack, corrections []Correction) (string, error) {
	print, err := Fingerprint(pack, corrections...)
	if err != nil {
		return "", err
	}
	return keptPrefix + print[:printShown] + keptSuffix, nil
}

func writeModel(path string, c *Classifier) error {
	data, err := c.Encode()
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), keptPrefix+"*.part")
	if err != nil {
		return err
	}
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Sync()
	}
	err = errors.Join(err, temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}
