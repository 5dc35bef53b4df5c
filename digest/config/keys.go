package config

import (
	"fmt"
	"reflect"
	"strings"
)

// unknownKey adds the problem of a key that no block of this kind has.
func (d *document) unknownKey(path string) {
	key := d.places[path].key
	block := parent(path)
	p := Problem{Path: path, Message: fmt.Sprintf("unknown key %q", key.Value)}
	known := keysOf(typeAt(block))
	if near := Nearest(key.Value, known); near != "" {
		p.Message += fmt.Sprintf(" (did you mean %q?)", near)
		p.Mend = fmt.Sprintf("write %s", near)
		p.meant = join(block, near)
	} else if home, ok := homeOf(key.Value); ok {
		p.Mend = fmt.Sprintf("%s belongs to %s", key.Value, home)
	} else {
		where := "at the top level"
		if block != "" {
			where = "in " + block
		}
		p.Mend = fmt.Sprintf("delete it, or use one of the keys known %s: %s", where, strings.Join(known, ", "))
	}
	switch sounds := soundsSecret(strings.ToLower(key.Value)); {
	case sounds && block == "llm":
		p.Mend = "keep secrets out of this file: put the key in the environment variable that llm.key_env names"
	case sounds && strings.HasPrefix(block, "mail.dkim"):
		p.Mend = "keep secrets out of this file: put the key into a file and name that with key_file"
	case sounds && !strings.HasPrefix(p.meant, "mail.smtp.password_"):
		p.Mend = "keep secrets out of this file: put it in the environment variable that mail.smtp.password_env names, or in mail.smtp.password_file"
	}
	d.add(key.Line, key.Column, span(key), p)
}

// keysOf returns the keys of a block, in the order of its type.
func keysOf(t reflect.Type) []string {
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	var keys []string
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("yaml"); tag != "" {
			keys = append(keys, tag)
		}
	}
	return keys
}

// typeAt returns the Go type of the value at a path, or nil.
func typeAt(path string) reflect.Type {
	t := reflect.TypeFor[Config]()
	for _, segment := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' }) {
		name, _, inList := strings.Cut(segment, "[")
		t = fieldType(t, name)
		if inList && t != nil && t.Kind() == reflect.Slice {
			t = t.Elem()
		}
	}
	return t
}

func fieldType(t reflect.Type, key string) reflect.Type {
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	for i := range t.NumField() {
		if t.Field(i).Tag.Get("yaml") == key {
			return t.Field(i).Type
		}
	}
	return nil
}

// homeOf finds the block in which a misplaced key is at home.
func homeOf(key string) (home string, ok bool) {
	for _, block := range []string{"", "schedule", "sources[0]", "edition", "fetch", "llm", "mail", "mail.bounce", "mail.dkim[0]", "mail.smtp", "mail.smtp.per_domain"} {
		if fieldType(typeAt(block), key) == nil {
			continue
		}
		switch block {
		case "":
			return "the top level: do not indent it", true
		case "sources[0]":
			return "an entry of sources", true
		case "mail.dkim[0]":
			return "an entry of mail.dkim", true
		}
		return "the block " + block, true
	}
	return "", false
}
